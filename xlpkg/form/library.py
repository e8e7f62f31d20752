"""A library of indicators: what units in like projects write, with sign, unit and, where it is known, the usual figures.

The columns are those of published libraries: field, sector, purpose of the money, three levels, sign, unit, explanation, standard.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec

from xlpkg.form import numbers, units
from xlpkg.form.declaration import Declaration, Indicator
from xlpkg.form.numbers import plain
from xlpkg.form.profile import Profile
from xlpkg.form.text import comparable, norm

COMMON, _COST = "共性", "成本"
LEAST_PEERS = 3
"""So many units make figures usual."""


class LibraryRow(msgspec.Struct, frozen=True):
    """An indicator of the library: texts as they stand there; the figures of `count` units, in `unit`, None where unknown.

    `low` and `high` are the ends of what is usual: of ten units or more the 10th and 90th percentile.
    """

    domain: str = ""
    sector: str = ""
    purpose: str = ""
    l1: str = ""
    l2: str = ""
    name: str = ""
    op: str = ""
    unit: str = ""
    explanation: str = ""
    standard: str = ""
    keywords: str = ""
    shared: str = ""
    province: str = ""
    code: str = ""
    count: int = 0
    low: Decimal | None = None
    median: Decimal | None = None
    high: Decimal | None = None
    years: str = ""

    @property
    def peers(self) -> str:
        """What like units aim at: “同类12个单位：300—365，中位320”."""
        if self.median is None or not self.count:
            return ""
        span = "" if self.low is None or self.high is None or self.low == self.high else f"{plain(self.low)}—{plain(self.high)}，"
        return f"同类{self.count}个单位：{span}中位{plain(self.median)}{self.unit}"

    @property
    def shown(self) -> str:
        """The indicator in a sentence: “耕地质量等级提升（≥ 级）”."""
        return f"“{self.name}”" + (f"（{self.op}{self.unit}）" if self.op or self.unit else "")

    @property
    def is_common(self) -> bool:
        """It fits any purpose."""
        return COMMON in self.shared


HEADS = {
    "domain": "行业领域", "sector": "行业类别", "purpose": "资金用途", "l1": "一级指标", "l2": "二级指标", "name": "三级指标",
    "op": "指标性质", "unit": "计量单位", "explanation": "指标解释", "standard": "绩效标准", "keywords": "关键词",
    "shared": "共性/个性", "province": "省份", "code": "编码", "count": "单位数", "low": "常见下限", "median": "中位数",
    "high": "常见上限", "years": "年度",
}  # fmt: skip
"""The library's columns and what stands above them."""
_FIGURES = ("low", "median", "high")
_SIGNS = {"＞": ">", "＜": "<", "＝": "=", "≧": "≥", "≦": "≤", "定性": ""}


class Library(msgspec.Struct, frozen=True, dict=True):
    """Indicators in the order of the file; `chosen` is the purpose that a form with this library names."""

    rows: tuple[LibraryRow, ...]
    chosen: str = ""

    @property
    def purposes(self) -> tuple[str, ...]:
        """What money is for, in the order of the file."""
        return tuple(dict.fromkeys(row.purpose for row in self.rows if row.purpose and not row.is_common))

    @cached_property
    def by_name(self) -> dict[str, tuple[LibraryRow, ...]]:
        """Rows by their name as it is compared."""
        found: dict[str, list[LibraryRow]] = {}
        for row in self.rows:
            found.setdefault(comparable(row.name), []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    def named(self, name: str, l2: str) -> tuple[LibraryRow, ...]:
        """The rows of this name and second level."""
        return tuple(row for row in self.by_name.get(comparable(name), ()) if row.l2 == l2)

    def fitted(self, profile: Profile) -> "Library":
        """The rows that the form has a place for, their categories named as in the form."""
        return Library(tuple(row for given in self.rows if (row := _fitted(given, profile)) is not None), self.chosen)


def _fitted(row: LibraryRow, profile: Profile) -> LibraryRow | None:
    named = [profile.l2(norm(row.l2)), profile.l2(f"{norm(row.l2)}指标")]
    if _COST in row.l2:
        named += profile.cost_categories
    l2 = next((name for name in named if name in profile.parent), None)
    return None if l2 is None else msgspec.structs.replace(row, l1=profile.parent[l2], l2=l2)


def indicator_of(known: LibraryRow, profile: Profile, row: int = 1) -> Indicator:
    """An indicator of the form as far as a library knows it: the figure is the clerk's."""
    standard = known.standard if known.standard in {s.name for s in profile.standards} else ""
    op = known.op if known.op in profile.operators else ""
    whole = not {"op", "measure"} <= set(profile.user_columns)
    return Indicator(row, known.l1, known.l2, known.name, "" if whole else op, "", "" if whole else known.unit, standard, "", {})


def with_picked(declaration: Declaration, profile: Profile, rows: Sequence[LibraryRow]) -> Declaration:
    """The declaration with indicators of a library, fitted to its form, below its own."""
    kept = [i for i in declaration.indicators if not i.blank]
    start = max((i.row for i in kept), default=0) + 1
    picked = (indicator_of(known, profile, n) for n, known in enumerate(Library(tuple(rows)).fitted(profile).rows, start))
    return msgspec.structs.replace(declaration, indicators=(*kept, *picked))


def row_of(texts: dict[str, str]) -> LibraryRow:
    """A row from texts by column; figures that are none are left out."""
    known: dict[str, Any] = {key: norm(text) for key, text in texts.items() if key in HEADS}
    known |= {key: numbers.parse(known.get(key, "")) for key in _FIGURES}
    known["count"] = int(numbers.parse(known.get("count", "")) or 0)
    known["op"] = _SIGNS.get(known.get("op", ""), known.get("op", ""))
    return LibraryRow(**known)


def in_unit(number: Decimal, unit: str, other: str) -> Decimal | None:
    """The number counted in another unit, None where the units measure different things: 1.2 万人 → 12000 人."""
    (base, factor), (other_base, other_factor) = _base(unit), _base(other)
    return number * factor / other_factor if base == other_base else None


_MEASURES = {
    "公里": ("米", 1000), "千米": ("米", 1000), "km": ("米", 1000), "公顷": ("亩", 15), "吨": ("公斤", 1000), "千克": ("公斤", 1),
    "kg": ("公斤", 1), "㎡": ("平方米", 1), "m²": ("平方米", 1), "m2": ("平方米", 1), "平方公里": ("平方米", 10**6),
}  # fmt: skip


def _base(unit: str) -> tuple[str, int]:
    base, factor = units.base(unit)
    finer, times = _MEASURES.get(base, (base, 1))
    return finer, factor * times


def is_same_measure(unit: str, other: str) -> bool:
    """Figures of the two units can be compared: 公里 and 米, 人 and 万人."""
    return _base(unit)[0] == _base(other)[0]
