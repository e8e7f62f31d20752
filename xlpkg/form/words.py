"""What words mean to the value grammar, the dates, the rules and the form's formulas. Their source is workbook/words/*.toml.

A list names words; `^` ties one to a text's beginning, `$` to its end, and `…` stands for up to four characters. All texts are
normal forms.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from xlpkg.form.word_lists import KINDS_OF_NAMES, OPTIONS, SIGNS_BEFORE, SIGNS_BEHIND, UNITS_OF_NAMES, WORDS

__all__ = [
    "SIGNS_BEFORE",
    "SIGNS_BEHIND",
    "alternatives",
    "finder",
    "kind_of_name",
    "of",
    "pattern",
    "signs_pattern",
    "unit_of_name",
]

_GAP_SIGN, _GAP = "…", ".{0,4}"


@cache
def of(name: str) -> tuple[str, ...]:
    """The words of a list as they are written in it. Raises KeyError."""
    return tuple(WORDS[name].split("|"))


@cache
def finder(name: str, more: tuple[str, ...] = ()) -> Callable[[str], bool]:
    """Whether a text has a word of a list, or one of `more` words. Raises KeyError.

    Most lists need no pattern, which would take longer to compile than all texts of a form take to be looked at.
    """
    words = (*of(name), *more)
    if name in OPTIONS or any(_GAP_SIGN in word for word in words):
        search = pattern(name, more).search
        return lambda text: search(text) is not None
    whole = {w.strip("^$") for w in words if w.startswith("^") and w.endswith("$")}
    starts = tuple(w[1:] for w in words if w.startswith("^") and not w.endswith("$"))
    ends = tuple(w[:-1] for w in words if w.endswith("$") and not w.startswith("^"))
    inside = [w for w in words if w.strip("^$") == w]
    if len(inside) == len(words):
        return lambda text: any(map(text.__contains__, inside))
    if not inside and not whole and not starts:
        return lambda text: text.endswith(ends)
    return lambda text: text.startswith(starts) or text.endswith(ends) or text in whole or any(map(text.__contains__, inside))


@cache
def pattern(name: str, more: tuple[str, ...] = ()) -> re.Pattern[str]:
    """A pattern that finds the words of a list, and `more` words; the longest at a place. Raises KeyError."""
    options = OPTIONS.get(name, {})
    endings = f"(?:{alternatives(options['endings'])})?$" if "endings" in options else ""
    before = "".join(f"(?<!{re.escape(word)})" for word in options.get("not_after", ()))
    found = [_guarded(word, options.get("not_in", ())) for word in sorted((*of(name), *more), key=_longest_first)]
    found += [f"(?<={after}){_plain(word)}" for word, after in _only_after(options.get("only_after", ()))]
    either = "|".join(found)
    return re.compile(f"^(?:{either.replace('^', '')})+" if "repeated" in options else f"{before}(?:{either}){endings}")


def alternatives(words: Iterable[str]) -> str:
    """The words as the alternatives of a pattern, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=_longest_first)))


def unit_of_name(name: str) -> str:
    """The unit that a name's figure most likely has, by how the name ends (次数: 次); "" where it says nothing of it."""
    return next((unit for ending, unit in UNITS_OF_NAMES.items() if name.endswith(ending)), "")


def kind_of_name(name: str) -> str:
    """What a name measures, by how it ends: money, area, length, people, household, event; "" where it says nothing of it."""
    kind = next((kind for ending, kind in KINDS_OF_NAMES.items() if name.endswith(ending)), "")
    return "" if kind == "money" and finder("no_money")(name) else kind


def signs_pattern() -> str:
    """The words that say a sign before a figure, but not within a word like 下达 or 节约."""
    starts: dict[str, list[str]] = {}
    for word in SIGNS_BEFORE:
        starts.setdefault(word[0], []).append(word)
    none = [(word[:-1], word[-1]) for word in of("no_sign")]
    groups = (
        "".join(f"(?<!{before})" for before, last in none if last == first) + f"(?:{alternatives(words)})"
        for first, words in starts.items()
    )
    return "|".join(groups)


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word.strip("^$")), word


def _plain(word: str) -> str:
    """A word as a pattern."""
    start, end = "^" * word.startswith("^"), "$" * word.endswith("$")
    return start + _GAP.join(map(re.escape, word.strip("^$").split(_GAP_SIGN))) + end


def _guarded(word: str, longer: Iterable[str]) -> str:
    """A word as a pattern that does not match within the longer words that hold it."""
    bare, guards = word.strip("^$"), ""
    for other in longer:
        before, found, behind = other.partition(bare)
        if found:
            guards += f"(?!(?<={re.escape(before)}){re.escape(bare + behind)})"
    return guards + _plain(word)


def _only_after(pairs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The words that count only behind others: ("班$", "培训"), of texts like 班$=培训."""
    for pair in pairs:
        word, _, after = pair.partition("=")
        yield word, after
