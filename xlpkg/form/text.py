"""The normal form of what people type: blanks, full width, signs."""

import re
from functools import lru_cache
from itertools import pairwise

_FIRST, _LAST = "\u3400", "\u9fff"
"""The first and the last of the Chinese characters."""
_MARKS = "“”‘’…·—"
_INVISIBLE = (
    (0xAD, 0xAD),
    (0x61C, 0x61C),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
)
_ZERO_WIDTH = "".join(chr(c) for first, last in _INVISIBLE for c in range(first, last + 1)) + "\ufeff"
"""Soft hyphens, marks of direction, joiners, variation selectors: they come with pasted text and show nothing."""
_BLANKS = "\t\n\v\f\r\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
_FULL_WIDTH = "％＝＜＞．／－＊＿＋（）" + "".join(
    chr(c) for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
)
_SIGNS = {
    **dict.fromkeys(_ZERO_WIDTH),
    **dict.fromkeys(_BLANKS, " "),
    **{c: chr(ord(c) - 0xFEE0) for c in _FULL_WIDTH},
    "\u2212": "-", "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "﹥": ">", "﹤": "<", "═": "=", "﹦": "=", "﹪": "%",
}  # fmt: skip
_TABLE = str.maketrans(_SIGNS)
NOTE = re.compile(r"\([^()]*\)|〔[^〕]*〕|【[^】]*】|\[[^\]]*\]")
_BLANKS_ONLY = str.maketrans({**dict.fromkeys(_ZERO_WIDTH), **dict.fromkeys(_BLANKS, " ")})
_UNTIDY = re.compile(f"[ {_BLANKS}{_ZERO_WIDTH}]")
_BLANK_RUN = re.compile(" +")
_AT_LEAST = re.compile("> ?=|= ?>")
_AT_MOST = re.compile("< ?=|= ?<")
_BLANK_AFTER_SIGN = re.compile("([≥≤<>=]) +")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


@lru_cache(maxsize=4096)
def norm(text: str) -> str:
    """The normal form in which texts are compared; the typed text is kept beside it.

    Not NFKC: that would turn ① into a figure and … into three dots.
    """
    text = text.translate(_TABLE)
    if " " in text:
        text = _closed_up(_BLANK_RUN.sub(" ", text).strip())
    if "<" in text or ">" in text:
        text = _AT_MOST.sub("≤", _AT_LEAST.sub("≥", text))
    if " " in text:
        text = _BLANK_AFTER_SIGN.sub(r"\1", text)
    if "," in text:
        text = _THOUSANDS.sub("", text)
    return text


def tidy(text: str) -> str:
    """The text without blanks at its ends, doubled blanks and zero-width characters; nothing else is changed."""
    if not _UNTIDY.search(text):
        return text
    text = text.translate(_BLANKS_ONLY)
    return _closed_up(_BLANK_RUN.sub(" ", text).strip())


def _closed_up(text: str) -> str:
    """Without the single blanks that stand between Chinese characters or marks."""
    last = len(text) - 1
    inner = (c == " " and 0 < i < last and _wide(text[i - 1]) and _wide(text[i + 1]) for i, c in enumerate(text))
    return "".join(c for c, left_out in zip(text, inner, strict=True) if not left_out)


def is_chinese(character: str) -> bool:
    """One Chinese character. A range in a pattern would say the same, but takes a millisecond to compile."""
    return _FIRST <= character <= _LAST


def chinese_characters(text: str) -> int:
    """How many Chinese characters a text has."""
    return sum(_FIRST <= c <= _LAST for c in text)


def chinese_pairs(text: str) -> set[str]:
    """The pairs of neighbouring Chinese characters."""
    return {a + b for a, b in pairwise(text) if _FIRST <= a <= _LAST and _FIRST <= b <= _LAST}


def prose(text: str) -> bool:
    """At least two Chinese characters."""
    return chinese_characters(text) >= 2


def _wide(character: str) -> bool:
    """A Chinese character or mark in the normal form (where ％ and （ are narrow)."""
    if "\u3001" <= character <= "\u303f" or is_chinese(character) or character in _MARKS:
        return True
    return character >= "\uff00" and character not in _FULL_WIDTH


def without_notes(text: str) -> str:
    """A normal form without what stands in brackets: "合格率(%)" → "合格率"."""
    if "(" in text or "[" in text or "〔" in text or "【" in text:
        text = NOTE.sub("", text)
    return text.strip()


def number_text(value: float) -> str:
    """A number as Excel shows it: at most 15 significant digits, no exponent, no trailing zeros."""
    text = format(value, ".15g")
    if "e" in text:
        from decimal import Decimal

        text = format(Decimal(text), "f")
    return "0" if text == "-0" else text


def comparable(label: str) -> str:
    """A label as it is compared: normal form without colon and unit."""
    return norm(label).rstrip("：:").replace(" ", "")


def display_width(text: str) -> int:
    """How many narrow characters a line of text is wide; a Chinese one counts two."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
