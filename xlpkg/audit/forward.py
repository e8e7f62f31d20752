"""Last year's declaration carried forward: names, categories and standards stay, years move, last year's values are noted."""

import re
from collections.abc import Callable

import msgspec

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.form.dates import CHINESE_DIGITS
from xlpkg.form.declaration import Declaration, Indicator
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError

_YEAR = re.compile(
    r"(?<![\dA-Za-z〔\[])(20\d\d)(?=\s*(?:年|[./]\s*\d{1,2}(?!\d)|-\s*(?:1[0-2]|0?[1-9])(?!\d)|\s*[-—–~～至到]+\s*20\d\d))"
    r"|(?<=[-—–~～至到])(20\d\d)(?!\d)"
)
_YEAR_IN_WORDS = re.compile("二[〇零][〇零一二三四五六七八九]{2}(?=年)")
_WORDS = str.maketrans("0123456789", "〇一二三四五六七八九")
_LAST_YEAR = re.compile(r"；?上年(?:（\d{4}年）)?：[^；]*")
_TEXTS = ("period", "long_goal", "year_goal")


class NoYearError(RefusalError):
    """A declaration without a year to count from; the message is a sentence for the user."""


class Moved(msgspec.Struct, frozen=True):
    """A text whose years were moved: the row (None for the header), the field, before and after."""

    row: int | None
    field: str
    before: str
    after: str


def carry_forward(declaration: Declaration, profile: Profile, year: int | None = None) -> tuple[Declaration, list[Moved]]:
    """The declaration for another year (the next one if none is named), and the texts whose years were moved.

    Values stay as they were, with last year's value in the note beside them; amounts stay too. The period and the long goal of a
    project that is still running in the new year stay as they are. Raises NoYearError.
    """
    evidence = Evidence(declaration, profile)
    if evidence.year is None:
        raise NoYearError("上年的表没有写明预算年度，不知道年份要顺延几年。请先在表里填上年度。")
    new = year or evidence.year + 1
    by, period = new - evidence.year, evidence.period
    running = period is not None and period.several and new in period
    moved: list[Moved] = []

    def shift(row: int | None, field: str, text: str) -> str:
        after = _shifted(text, by)
        if after != text:
            moved.append(Moved(row, field, text, after))
        return after

    header = {f: shift(None, f, getattr(declaration, f)) for f in (("year_goal",) if running else _TEXTS)}
    rows = tuple(_row(i, evidence.year, shift) for i in declaration.indicators)
    return msgspec.structs.replace(declaration, year=str(new), indicators=rows, **header), moved


def _row(i: Indicator, last_year: int, shift: Callable[[int | None, str, str], str]) -> Indicator:
    note = _LAST_YEAR.sub("", i.note).strip("；")
    said = f"上年（{last_year}年）：{i.value.strip()}" if i.value.strip() else ""
    return msgspec.structs.replace(
        i,
        name=shift(i.row, "name", i.name),
        number=shift(i.row, "value", i.number),
        note="；".join(filter(None, (note, said))),
    )


def _shifted(text: str, by: int) -> str:
    """The years of a text moved by some years; numbers of documents (〔2021〕101号) and standards (GB3838-2002) are none."""
    text = _YEAR.sub(lambda m: str(int(m[1] or m[2]) + by), text)
    return _YEAR_IN_WORDS.sub(lambda m: str(int(m[0].translate(CHINESE_DIGITS)) + by).translate(_WORDS), text)
