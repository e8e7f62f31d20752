"""Number and date formats of cells: what a cell shows where its format adds words or signs ("≥"0"个", yyyy"年"m"月")."""

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from xlpkg.files.grid import Value, percentage
from xlpkg.form.text import number_text

_YEAR_MONTH, _MONTH_DAY, _TIME = 'yyyy"年"m"月"', 'm"月"d"日"', 'h"时"mm"分"'
_BUILT_IN = {
    9: "0%", 10: "0.00%", 17: "mmm-yy",
    27: _YEAR_MONTH, 28: _MONTH_DAY, 29: _MONTH_DAY, 32: _TIME, 33: 'h"时"mm"分"ss"秒"', 36: _YEAR_MONTH,
    50: _YEAR_MONTH, 51: _MONTH_DAY, 52: _YEAR_MONTH, 53: _MONTH_DAY, 54: _MONTH_DAY, 57: _YEAR_MONTH, 58: _MONTH_DAY,
}  # fmt: skip
"""Formats that a file names by number alone and that show more than the plain value; from 27 on those of a Chinese Excel."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<blank>[_*].)|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<exponent>[Ee][+-])|(?P<weekday>aaaa?|b+|e+|g+)|(?P<date>y+|m+|d+|h+|s+)"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<end>;)|(?P<slash>/)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[\d.]+)")
_NO_WORDS = dict.fromkeys(map(ord, " \u3000\t-–—−+()（）¥￥$€£:.,/'"))
_WHOLE_DATE = set("年月日号")
_PLAIN_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}[日号]")
_COLOUR = re.compile(r"red|white|blue|green|yellow|cyan|magenta|color ?\d+|[红白蓝绿黄]色?|蓝绿色?|青色?|洋红色?|颜色 ?\d+")
_MOST_DECIMALS = 30
_LONGEST = 255
"""The longest format that Excel takes; a longer one it does not show."""

Token = tuple[str, str]
Section = tuple[Token, ...]


class Shown(NamedTuple):
    """What a cell shows; `exact` is False where it shows a rounded figure or none."""

    text: str
    exact: bool


def code(number: int, own: Mapping[int, str]) -> str:
    """The format of a number: the file's own, or one that is built in; "" for the plain ones."""
    return own.get(number) or _BUILT_IN.get(number, "")


def shown(value: Value, form: str) -> Shown | None:
    """What a cell with this format shows; None where that is the plain value, grouped, rounded or coloured or not."""
    if not form or len(form) > _LONGEST or isinstance(value, bool) or value is None:
        return None
    sections = _sections(form)
    if isinstance(value, str):
        return _text(value, sections) if value else None
    if isinstance(value, int | float):
        return _number(value, sections, "%" in form)
    if isinstance(value, datetime.timedelta):
        return None
    return _date(value, sections[0])


def text_shown(text: str, form: str) -> str:
    """What a cell with this format shows of a text: a format may put words around it, in its place, or show nothing."""
    sections = _sections(form)
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) <= 3 and not _has(section, "text"):
        return text
    return "".join(text if kind == "text" else part for kind, part in section if kind in ("text", "literal"))


def coloured(form: str) -> bool:
    """The format gives the ink of what it shows another colour than black."""
    return any(kind == "bracket" and _COLOUR.fullmatch(text) for section in _sections(form) for kind, text in section)


def adds_words(form: str) -> bool:
    """The format puts words or signs of its own beside or in the place of some values."""
    return any(map(_words, _sections(form)))


def as_displayed(display: str, plain: str) -> str:
    """What a number or date is displayed as in its file, where that adds words or signs to the plain value; else that value."""
    display = display.strip()
    if re.fullmatch(r"[-+]?[\d.,]+[Ee][-+]?\d+|#+", display) or _PLAIN_DATE.fullmatch(display):
        return plain
    words = re.sub(r"[\d%\s]", "", display).translate(_NO_WORDS)
    return display if words else plain


@lru_cache(maxsize=256)
def _sections(form: str) -> tuple[Section, ...]:
    """The parts of a format between semicolons, as (kind, text)."""
    found: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(form):
        kind = match.lastgroup or ""
        text = match[kind]
        if kind == "end":
            found.append([])
        elif kind in ("quoted", "escaped", "plain"):
            found[-1].append(("literal", text))
        elif kind == "bracket" and text.startswith("$"):
            found[-1].append(("literal", text[1:].split("-")[0]))
        elif kind != "blank":
            found[-1].append((kind, text.lower()))
    return tuple(map(tuple, found))


def _has(section: Section, *kinds: str) -> bool:
    return any(kind in kinds for kind, _ in section)


def _words(section: Section) -> str:
    """What a section adds to the value, without signs that add nothing."""
    return "".join(text for kind, text in section if kind == "literal").translate(_NO_WORDS)


def _text(value: str, sections: Sequence[Section]) -> Shown | None:
    section = sections[3] if len(sections) > 3 else sections[-1]
    if not _has(section, "text") or not _words(section):
        return None
    return Shown("".join(value if kind == "text" else text for kind, text in section if kind in ("text", "literal")), True)


# --- numbers --------------------------------------------------------------------------------------------------------


def _number(value: float, sections: Sequence[Section], percent: bool) -> Shown | None:
    try:
        number = Decimal(number_text(value))
    except InvalidOperation:
        return None
    if not number.is_finite():  # a damaged file: NaN
        return None
    section, minus = _section(number, sections[:3])
    if _has(section, "date", "weekday", "ampm", "exponent") or _fraction(section):
        return None
    if not _words(section) and not _rescaled(section):
        figure = _has(section, "digit", "general")
        return Shown(percentage(value), True) if _has(section, "percent") or (percent and not figure) else None
    if not _has(section, "digit", "general"):
        literal = "".join(text for kind, text in section if kind in ("literal", "percent"))
        return Shown(literal.strip(), False)
    return _figure(abs(number), section, "-" if minus else "")


def _section(number: Decimal, sections: Sequence[Section]) -> tuple[Section, bool]:
    """The section for a number, and whether it shows the minus by itself."""
    for place, section in enumerate(sections):
        condition = next((m for kind, text in section if kind == "bracket" and (m := _CONDITION.fullmatch(text))), None)
        if condition:
            fits = _compares(number, condition[1], Decimal(condition[2]))
        elif place == len(sections) - 1:
            fits = True
        else:
            fits = number < 0 if place == 1 else number > 0 or (number == 0 and len(sections) == 2)
        if fits:
            return section, number < 0 and (bool(condition) or place != 1)
    return sections[-1], number < 0


def _compares(number: Decimal, sign: str, bound: Decimal) -> bool:
    return {
        "<": number < bound, "<=": number <= bound, ">": number > bound, ">=": number >= bound, "=": number == bound,
        "<>": number != bound,
    }[sign]  # fmt: skip


def _rescaled(section: Section) -> bool:
    """Commas behind the last digit, or a point written among the digits (0!.0,): another figure than the value is shown."""
    digits = [i for i, (kind, _) in enumerate(section) if kind == "digit"]
    point = next((i for i, (kind, _) in enumerate(section) if kind == "point"), digits[-1] if digits else 0)
    whole = max((i for i in digits if i <= point), default=-1)
    last = digits[-1] if digits else -1
    return bool(digits) and any(
        (kind == "comma" and (i > last or whole < i < point)) or (kind == "literal" and text == "." and digits[0] < i < last)
        for i, (kind, text) in enumerate(section)
    )


def _fraction(section: Section) -> bool:
    """A format of fractions (# ?/?): a slash before a digit."""
    after = pairwise(section)
    return any(a[0] == "slash" and (b[0] == "digit" or b[1].isdigit()) for a, b in after)


def _figure(number: Decimal, section: Section, minus: str) -> Shown:
    """The figure in its places, with the words around and between them."""
    kinds = [kind for kind, _ in section]
    scaled = number * 100 ** kinds.count("percent")
    if "general" in kinds:
        parts = [number_text(float(scaled)) if k == "general" else t for k, t in section if k in ("general", "literal", "percent")]
        return Shown((minus + "".join(parts)).strip(), True)
    point = kinds.index("point") if "point" in kinds else len(kinds)
    digits = [i for i, kind in enumerate(kinds) if kind == "digit"]
    before, behind = [i for i in digits if i < point], [i for i in digits if i > point][:_MOST_DECIMALS]
    grouped = bool(before) and any(before[0] < i < before[-1] for i, kind in enumerate(kinds) if kind == "comma")
    last = before[-1] if before else -1
    thousands = sum(kind == "comma" and (last < i < point or (bool(behind) and i > behind[-1])) for i, kind in enumerate(kinds))
    scaled /= 1000**thousands
    rounded = scaled.quantize(Decimal(1).scaleb(-len(behind)), ROUND_HALF_UP)
    whole, _, decimals = format(rounded, "f").partition(".")
    places = {**_before(whole, before, section, grouped), **_behind(decimals, behind, section)}
    parts = []
    for i, (kind, text) in enumerate(section):
        if kind == "digit":
            parts.append(places.get(i, ""))
        elif kind == "point" and i == point and any(places[j] for j in behind):
            parts.append(".")
        elif kind in ("literal", "percent", "slash"):
            parts.append(text)
    return Shown((minus + "".join(parts)).strip(), rounded == scaled)


def _before(whole: str, places: Sequence[int], section: Section, grouped: bool) -> dict[int, str]:
    """The digits before the point by their place in the section: one each from the right, the first takes what is left."""
    zero = next((n for n, i in enumerate(places) if section[i][1] == "0"), len(places))
    digits = whole.lstrip("0").rjust(len(places) - zero, "0")
    marked = [d + ("," if grouped and n and n % 3 == 0 else "") for n, d in enumerate(reversed(digits))]
    found = {i: marked[n] if n < len(marked) else "" for n, i in enumerate(reversed(places))}
    if places:
        found[places[0]] = "".join(reversed(marked[len(places) - 1 :]))
    return found


def _behind(decimals: str, places: Sequence[int], section: Section) -> dict[int, str]:
    """The digits behind the point by their place; zeros at the end only where the format asks for them."""
    asked = max((n for n, i in enumerate(places, 1) if section[i][1] == "0"), default=0)
    kept = max(asked, len(decimals.rstrip("0")))
    return {i: decimals[n] if n < kept else "" for n, i in enumerate(places)}


# --- dates ----------------------------------------------------------------------------------------------------------


def _date(value: datetime.date | datetime.time, section: Section) -> Shown | None:
    parts = {text[0] for kind, text in section if kind == "date"}
    words = _words(section)
    if not words and parts in ({"y"}, {"y", "m"}) and isinstance(value, datetime.date) and not _has(section, "digit"):
        return Shown(f"{value.year}年" + (f"{value.month}月" if "m" in parts else ""), True)
    if (
        not words
        or not parts
        or _has(section, "weekday", "digit")
        or any(t[:3] in ("ddd", "mmm") for k, t in section if k == "date")
    ):
        return None
    if parts >= set("ymd") and (set(words) <= _WHOLE_DATE or parts & set("hs")):
        return None  # a whole date: it is read the same however it is written
    if isinstance(value, datetime.time) and parts - set("hms"):
        return None
    moment = value if isinstance(value, datetime.datetime) else None
    clock = moment.time() if moment else value if isinstance(value, datetime.time) else None
    if parts & set("hs") and clock is None:
        return None
    return Shown("".join(_date_parts(value, clock or datetime.time(), section)).strip(), True)


def _date_parts(day: datetime.date | datetime.time, clock: datetime.time, section: Section) -> list[str]:
    found: list[str] = []
    dates = [(i, text) for i, (kind, text) in enumerate(section) if kind == "date"]
    half = _has(section, "ampm")
    for i, (kind, text) in enumerate(section):
        if kind == "date":
            before = next((t for j, t in reversed(dates) if j < i), "")
            after = next((t for j, t in dates if j > i), "")
            minutes = text[0] == "m" and (before[:1] == "h" or after[:1] == "s")
            figure = _date_figure(day, clock, "minute" if minutes else text[0], half)
            found.append(f"{figure % 100:02}" if text == "yy" else f"{figure:02}" if len(text) == 2 else str(figure))
        elif kind == "ampm":
            found.append("下午" if clock.hour >= 12 else "上午")
        elif kind in ("literal", "slash", "point", "comma"):
            found.append(text)
    return found


def _date_figure(day: datetime.date | datetime.time, clock: datetime.time, part: str, half: bool) -> int:
    if part in "ymd" and isinstance(day, datetime.date):
        return {"y": day.year, "m": day.month, "d": day.day}[part]
    hour = (clock.hour % 12 or 12) if half else clock.hour
    return {"h": hour, "s": clock.second}.get(part, clock.minute)
