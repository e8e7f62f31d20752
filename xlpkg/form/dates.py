"""Dates and time limits as people write them: 2024年6月底前, 8月-12月, 第3季度, 本年度内. Worked cells: tests/data/grammar.json."""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta

import msgspec

from xlpkg.form import words
from xlpkg.form.units import COUNT, MEASURE, MONEY, RATIO

_MONTH_NAMES = {n: i for i, n in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)}
CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_DAYS_OF_TAIL = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
RANGE_SIGN = r"\s*(?:[-~～—–至到]|——)\s*"
_FIRST_OF_UNITS = "".join(sorted({u[0] for u in (*RATIO, *MONEY, *MEASURE, *COUNT)} - set("期点标课学班门例株")))
_NOT_A_UNIT = rf"(?!\s*(?:[{_FIRST_OF_UNITS}]|年(?!度)))"
_TAIL = "(?P<{}>上旬|中旬|下旬|底|末|初)?(?P<{}>(?:之?以?前|之内|以内|内|止|起|之前)?)"
_M = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = "(?:3[01]|[12]\\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_YEAR = "(?:20\\d\\d|二[〇零][〇零一二三四五六七八九]{2})"
_OF_A_YEAR = words.alternatives(words.of("of_a_year"))
_NOT_BEFORE = "(?<![\\d.第A-Za-z≥≤<>=])"
_EXPLICIT = re.compile(
    "|".join(
        (
            # 2023.12.31 2023-12 2023/1/5
            rf"{_NOT_BEFORE}(?P<y1>20\d\d)(?P<sep>[-./])(?P<m1>1[0-2]|0?[1-9])(?!\d)"
            rf"(?:(?P=sep)(?P<d1>3[01]|[12]\d|0?[1-9])(?!\d)日?)?{_NOT_A_UNIT}{_TAIL.format('t1', 'e1')}",
            # 20231231前
            r"(?<!\d)(?P<y3>20\d\d)(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?=[前日止起])日?"
            rf"{_TAIL.format('t3', 'e3')}",
            # 2023年12月31日前 12月底 3—11月 7月1日-15日
            rf"(?:(?<![\d.第A-Za-z])(?:(?P<y2>{_YEAR})年度?|(?P<yy>[23]\d)年(?={_M}月)))?(?:(?<![\d.第个])|(?<=年)|(?<=年度))"
            rf"(?:(?P<m0>{_M})月?份?{RANGE_SIGN})?(?P<m2>{_M})月份?"
            rf"(?:(?P<d0>{_D})[日号]?{RANGE_SIGN}(?={_D}[日号]))?(?:(?P<d2>{_D})[日号])?{_TAIL.format('t2', 'e2')}",
            # 2024年第三季度 三季度末
            rf"(?:(?P<y4>{_YEAR})年)?第?(?P<q>[1-4一二三四])季度(?P<t4>底|末|初)?(?P<e4>前|内|之?以?前)?",
            # 2024年 2024年度 2024年底前
            rf"(?<!\d)(?P<y5>{_YEAR})年(?!度?(?:{_OF_A_YEAR}))(?P<t5>度内|度|内|底|末)?(?P<e5>前|之前|以前)?",
        )
    )
)
_BLANKS = r"(?<=\d) +(?=[年月日号])|(?<=[年月]) +(?=\d)|(?<=20\d\d[-./]) +(?=\d)|(?<=\d[-./]) +(?=\d{1,2}(?:日|前|$))"
_RELATIVE = re.compile(
    "(?P<half>[上下])半年(?P<e1>前|内)?|(?:本|当|全|预算|财政|会计)年度?(?P<t>底|末)?(?P<e2>前|以?内|之内)?|年(?:底|末)之?(?P<e3>前)?|年度?内"
)
_FINISHING = re.compile("(?:[，。；;,、\\s≥≤<>=]|" + words.alternatives(words.of("finishing")) + ")*")
_DAY = re.compile(
    r"(?<![\d.])(?:(?P<y>20\d\d)(?P<s>年|[-./](?=\d{1,2}[-./]\d)))?(?(y)|(?=\d{1,2}月\d{1,2}[日号]))(?P<m>\d{1,2})(?(s)(?:月|[-./])|月)"
    r"(?:(?P<d>\d{1,2})(?:[日号]|(?![\d.个天万%])))?"
)
"""A date in figures: 2024年2月30日, 2024-6-31, 6月31日; with a year also one of a month alone."""
_START = words.of("begun")


class MonthDay(msgspec.Struct, frozen=True):
    """A day of a year that is still to be given. Month 0 is the December before it; a day behind the month's end is its last."""

    month: int
    day: int

    def of(self, year: int) -> date:
        """The day in a year."""
        if self.month == 0:
            return date(year - 1, 12, 31)
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


_YEAR_END = MonthDay(12, 31)


class TimeLimit(msgspec.Struct, frozen=True):
    """A date or span as written; `year` is None where none is written.

    `first` is the day that the span begins with, None where no beginning is named; `vague` the earlier end that "12月前" may also
    mean. `last_year` is the year of the end where it has its own.
    """

    text: str
    year: int | None
    first: MonthDay | None
    last: MonthDay
    vague: MonthDay | None = None
    last_year: int | None = None
    names_month: bool = True

    def span(self, form_year: int) -> tuple[date | None, date, date | None]:
        """Beginning, end and the other possible end; a year not written is the form's."""
        year = self.year or form_year
        return (
            self.first.of(year) if self.first else None,
            self.last.of(self.last_year or year),
            self.vague.of(year) if self.vague else None,
        )


def _int(text: str) -> int:
    if text in _MONTH_NAMES:
        return _MONTH_NAMES[text]
    if "十" in text:
        tens, ones = text.split("十")
        return (_MONTH_NAMES[tens] if tens else 1) * 10 + (_MONTH_NAMES[ones] if ones else 0)
    return int(text.translate(CHINESE_DIGITS))


def _explicit(match: re.Match[str]) -> TimeLimit:
    g = match.groupdict()
    year = next((_int(g[k]) for k in ("y1", "y2", "y3", "y4", "y5") if g[k]), None)
    if g["yy"]:
        year = 2000 + int(g["yy"])
    if g["q"]:
        return _quarter(match, year)
    if g["y5"]:
        return TimeLimit(match[0], year, first=None, last=_YEAR_END, names_month=False)
    return _month(match, year)


def _quarter(match: re.Match[str], year: int | None) -> TimeLimit:
    """第三季度, 三季度末, 3季度前."""
    last_month = 3 * int(_QUARTERS.get(match["q"], match["q"]))
    last = MonthDay(last_month, 31)
    if match["e4"] and "前" in match["e4"] and not match["t4"]:
        return TimeLimit(match[0], year, first=None, last=last, vague=MonthDay(last_month - 3, 31))
    first = None if match["t4"] in ("底", "末") else MonthDay(last_month - 2, 1)
    return TimeLimit(match[0], year, first=first, last=last)


def _month(match: re.Match[str], year: int | None) -> TimeLimit:
    """2023.12.31, 3—11月, 7月1日-15日, 12月底, 6月上旬, 12月前, 10月份."""
    g, text = match.groupdict(), match[0]
    month = next(_int(g[k]) for k in ("m1", "m2", "m3") if g[k])
    day = next((_int(g[k]) for k in ("d1", "d2", "d3") if g[k]), None)
    tail = g["t1"] or g["t2"] or g["t3"]
    before = "前" in (g["e1"] or g["e2"] or g["e3"] or "")
    end_of_month = MonthDay(month, 31)
    if g["m0"]:
        return TimeLimit(text, year, first=MonthDay(_int(g["m0"]), 1), last=MonthDay(month, day or 31))
    if g["d0"] and day:
        return TimeLimit(text, year, first=MonthDay(month, _int(g["d0"])), last=MonthDay(month, day))
    if day:
        return TimeLimit(text, year, first=None, last=MonthDay(month, day))
    if tail in ("底", "末"):
        return TimeLimit(text, year, first=None, last=end_of_month)
    if tail:
        first_day, last_day = _DAYS_OF_TAIL[tail]
        return TimeLimit(text, year, first=None if before else MonthDay(month, first_day), last=MonthDay(month, last_day))
    if before:
        return TimeLimit(text, year, first=None, last=end_of_month, vague=MonthDay(month - 1, 31))
    return TimeLimit(text, year, first=MonthDay(month, 1), last=end_of_month)


def _relative(match: re.Match[str]) -> TimeLimit:
    if match["half"] == "上":
        return TimeLimit(match[0], None, first=MonthDay(1, 1), last=MonthDay(6, 30))
    if match["half"]:
        return TimeLimit(match[0], None, first=MonthDay(7, 1), last=_YEAR_END)
    return TimeLimit(match[0], None, first=MonthDay(1, 1) if match[0] == "全年" else None, last=_YEAR_END)


def explicit(text: str) -> tuple[str, list[TimeLimit]]:
    """The text with every date that names a month, quarter or year taken out (NUL in its place), and those dates.

    Two dates with a range sign between them, or a start and its end (3月启动，11月底前完成), are one span.
    """
    text = re.sub(_BLANKS, "", text) if " " in text else text
    if "月" not in text and "年" not in text and "季" not in text and "20" not in text:
        return text, []  # every date has one of them
    limits: list[TimeLimit] = []
    rest: list[str] = []
    at = 0
    for match in _EXPLICIT.finditer(text):
        limit = _explicit(match)
        between = text[at : match.start()]
        if limits and rest and _spans(between):
            limits.append(_joined(limits.pop(), between, limit))
        else:
            rest += [between, "\0"]
            limits.append(limit)
        at = match.end()
    return "".join(rest) + text[at:], limits


def _spans(between: str) -> bool:
    """What stands between a beginning and its end."""
    return bool(re.fullmatch(RANGE_SIGN, between)) or (between.startswith(_START) and len(between) <= 12)


def _joined(start: TimeLimit, between: str, end: TimeLimit) -> TimeLimit:
    text = start.text + between + end.text
    return TimeLimit(text, start.year, first=start.first or start.last, last=end.last, last_year=end.year)


def relative(rest: str) -> TimeLimit | None:
    """The time limit of a clause in which nothing but a relative-time word and a completion verb is left."""
    match = _RELATIVE.search(rest)
    if match and _FINISHING.fullmatch(rest[: match.start()] + rest[match.end() :]):
        return _relative(match)
    return None


def only_finishing(rest: str) -> bool:
    """Nothing is left beside the dates but completion verbs and marks."""
    return bool(_FINISHING.fullmatch(rest.replace("\0", "")))


def impossible(text: str) -> str:
    """The first date of a text in normal form that no calendar has (2月30日, 2024年13月); "" if there is none."""
    for match in _DAY.finditer(text):
        year, month, day = (int(part) if part else None for part in (match["y"], match["m"], match["d"]))
        if month is not None and (not 1 <= month <= 12 or (day is not None and not 1 <= day <= monthrange(year or 2024, month)[1])):
            return match[0]
    return ""


def backwards(text: str) -> bool:
    """A period in normal form ends before it begins: 2024年12月—2024年1月."""
    ends = [(int(m["y"]), int(m["m"]), int(m["d"] or 0)) for m in _DAY.finditer(text) if m["y"]]
    return len(ends) == 2 and (ends[1][:2] < ends[0][:2] or (ends[1][:2] == ends[0][:2] and 0 < ends[1][2] < ends[0][2]))


def from_serial(number: int) -> date:
    """The date behind an Excel serial number (1900 system): 44561 → 2021-12-31."""
    return date(1899, 12, 30) + timedelta(days=number)


def to_serial(value: date | time) -> float:
    """The Excel serial number (1900 system) of a date, a date with a time, or a time of day: noon → 0.5."""
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return (value.replace(tzinfo=None) - datetime(1899, 12, 30)) / timedelta(days=1)
