"""What is plainly wrong with a row, as a formula can tell: only what the check calls an error as well."""

from collections.abc import Iterable
from typing import Protocol

from xlpkg.audit.check import severities
from xlpkg.audit.facts.finding import ERROR
from xlpkg.form.profile import Profile
from xlpkg.writing.figures import SIGNS, stripped

MISSING = "缺"
"""How the words of faults begin that are blanks."""
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050
_LOWER = (">", "≥", "≧", "＞", ">=", "=>")


def left_blank(cell: str) -> str:
    """Blank, or one of the marks that people put into a cell they leave empty."""
    return f'OR({stripped(cell, "/-—–_ ")}="",{cell}="无")'


def words(profile: Profile) -> dict[str, str]:
    """The words of the faults, and the column that each one is about."""
    return {
        f"{MISSING}名称": "name", f"{MISSING}指标值": "value", f"{MISSING}一级指标": "l1", f"{MISSING}二级指标": "l2",
        f"{MISSING}{profile.label('standard')}": "standard", **{f"{MISSING}{c.label}": c.key for c in profile.columns},
        "比率超100%": "value", "成本应为≤": "value", f"{MISSING}单位": "measure",
    }  # fmt: skip


class RowCells(Protocol):
    """What the hidden sheet has of a row, as formulas ask for it (`xlpkg.writing.sums`)."""

    profile: Profile

    def at(self, name: str) -> str:
        """The cell of a column."""

    def text(self, name: str) -> str:
        """What stands in a user's column."""

    def name_has(self, name: str, *word_lists: str, anchored: bool = True) -> str:
        """Whether the row's name has a word of the form's lists."""

    def is_one(self, name: str, texts: Iterable[str], cell: str) -> str:
        """Whether a text is one of a list."""


def fault(sums: RowCells, value: str) -> str:
    """The first fault of the row in words, "" for none; `value` is its value as one text."""
    text, at, profile = sums.text, sums.at, sums.profile
    on = severities(profile)
    name, l1, l2, op, measure = (text(c) for c in ("name", "l1", "l2", "op", "measure"))
    number, unit = at("figure"), f"TRIM({at('rest')})"
    signs = sums.is_one("符号", SIGNS, value)
    no_value = f'OR({stripped(value, "/-—–_·.…。 ")}="",{value}="无",{value}="略",{value}="同上",{signs})'
    known_l1 = sums.is_one("一级指标", profile.l1_names, stripped(l1, " "))
    faults: list[tuple[str, str, str]] = [
        ("C11", f"{MISSING}名称", f'{name}=""'),
        ("C12", f"{MISSING}指标值", no_value),
        ("F01", f"{MISSING}一级指标", left_blank(l1)),
        ("F02", f"{MISSING}二级指标", f"AND({left_blank(l2)},{known_l1})"),
    ]
    if profile.demands("standard") == ERROR:
        faults.append(("C13", f"{MISSING}{profile.label('standard')}", left_blank(text("standard"))))
    faults += [
        ("C17", f"{MISSING}{column.label}", left_blank(text(column.key)))
        for column in profile.columns
        if profile.demands(column.key) == ERROR
    ]
    typed, unsigned = at("typed"), at("unsigned")
    own_sign = f'AND({op}="",ISNUMBER(FIND(LEFT({typed}),"≥>≧＞")),{typed}<>"")'
    lower = f"OR(AND({sums.is_one('下限符号', _LOWER, op)},{typed}={unsigned}),{own_sign})"
    grows = sums.name_has("增长", "growth", anchored=False)
    saves = sums.name_has("成本可设下限", "saving", "floor_price", anchored=False)
    bare = sums.name_has("无单位", "dimensionless", anchored=False)
    is_time = f'{stripped(l2, " ")}="{profile.roles.time}"'
    serial = f"AND({is_time},{number}>={_FIRST_SERIAL},{number}<={_LAST_SERIAL})"
    month = f"AND({number}>=1900,{number}<2100,{number}<>INT({number}))"
    figure = f'OR({number}="",NOT({at("sign")})),FALSE'
    faults += [
        ("V01", "比率超100%", f'IF({figure},AND({unit}="%",OR({number}>100,AND({lower},{number}>=100)),NOT({grows})))'),
        ("V07", "成本应为≤", f"IF({figure},AND({at('cost')}=1,{at('factor')}>0,{lower},NOT({saves})))"),
        ("V05", f"{MISSING}单位", f'IF({figure},AND({measure}="",{at("rest")}="",NOT({bare}),NOT({serial}),NOT({month})))'),
    ]
    formula = '""'
    for rule, words, condition in reversed(faults):
        if on.get(rule) == ERROR:
            formula = f'IF({condition},"{words}",{formula})'
    return f'IF({at("used")}=0,"",{formula})'
