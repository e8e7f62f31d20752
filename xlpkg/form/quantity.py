"""One figure of a 指标值: its sign, number and unit; how signs are written."""

import re
from collections.abc import Mapping
from decimal import Decimal

import msgspec

from xlpkg.form import units, words
from xlpkg.form.numbers import plain

SIGN_NAMES = ("≥", "≤", ">", "<", "=", "≈")
"""The signs of comparison."""
SIGNS = words.SIGNS_BEFORE | {sign: sign for sign in SIGN_NAMES}
"""Sign, or word that says the same before a figure → sign."""

SYMBOL = "[≥≤=><≈]"
WORD = words.alternatives(words.SIGNS_BEFORE)
SIGN = rf"(?:(?P<op>{SYMBOL}|(?:{words.signs_pattern()})(?:了|为)?)\s*(?:{SYMBOL})?\s*)?"
NUMBER = r"\d+(?:\.\d+)?"
_WITHIN = rf"(?:以?内(?=$|[\s，。；、,;()]|{words.alternatives(words.of('within'))}))"
_BEHIND = words.alternatives(word for word in words.SIGNS_BEHIND if word not in ("内", "以内"))
SUFFIX = rf"(?:\s*(?P<suffix>{_BEHIND}|{_WITHIN}))?"
"""Patterns of a sign before a number (group op), a number, and a sign in words behind its unit (group suffix)."""

_FULL_UNIT = {"万": "万元", "亿": "亿元", "百分比": "%"}


class Quantity(msgspec.Struct, frozen=True):
    """One figure: sign, number (and the other end of a range), unit as written and its family.

    `lead` is the prose before it, `tail` the prose behind it; `unit` "" means none was written. `note`: it is for
    each of something (每村1名); `total`: it is the sum of others (共120名).
    """

    op: str
    number: Decimal
    high: Decimal | None
    unit: str
    family: str
    lead: str = ""
    tail: str = ""
    note: bool = False
    total: bool = False

    @property
    def upper(self) -> Decimal:
        """The number, or the larger end of a range (whichever way round it was written)."""
        return self.number if self.high is None else max(self.number, self.high)

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """The number, or both ends of a range, in the unit's base (万人 → 人)."""
        ends = (self.number,) if self.high is None else (self.number, self.high)
        return tuple(units.in_base(n, self.unit) for n in ends)

    @property
    def base_unit(self) -> str:
        """The unit that the number is counted in once 万 is taken out: 万人次 → 人次."""
        return units.base(self.unit)[0]

    @property
    def amount(self) -> Decimal | None:
        """Money in 元, the larger end of a range; None if it is no money or money per something."""
        if self.family != "money" or "/" in self.unit:
            return None
        return units.in_base(self.upper, self.unit)

    def written(self) -> str:
        """Sign, number and unit as the form should carry them: "≥220次", "2000-3000人"."""
        number = plain(self.number) if self.high is None else f"{plain(self.number)}-{plain(self.high)}"
        return self.op + number + _FULL_UNIT.get(self.unit, self.unit)


def sign_of(groups: Mapping[str, str | None]) -> str:
    """The sign that the groups of a match of the patterns above say; one behind the number goes before one in front of it."""
    if suffix := groups.get("suffix"):
        return words.SIGNS_BEHIND[suffix]
    if groups.get("more"):
        return ">"
    sign = groups.get("op")
    return SIGNS[sign.rstrip("了为")] if sign else ""


def quantity(match: re.Match[str], unit: str) -> Quantity:
    """The figure of a match with the groups n and hi, and maybe wan (5万余), u1 (8000人-1.2万人), op, more, suffix."""
    groups = match.groupdict()
    unit = (groups.get("wan") or "") + unit
    known = "%" if unit == "百分比" else unit
    number, high = Decimal(groups["n"]), Decimal(groups["hi"]) if groups.get("hi") else None
    first_unit = groups.get("u1")
    if first_unit and high is not None and units.base(first_unit)[0] == units.base(unit)[0] and first_unit != unit:
        number = number * units.base(first_unit)[1] / units.base(unit)[1]
    elif not first_unit and high is not None and number > high and number >= 1000 and units.base(unit)[1] == 10**4:
        number = number / 10**4  # 8000-1.2万人
    return Quantity(op=sign_of(groups), number=number, high=high, unit=known, family=units.family(known))
