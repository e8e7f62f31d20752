"""An actual value against its target: whether the two can be compared, whether the target is met, and the points that it earns."""

import re
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from xlpkg.form import units
from xlpkg.form.profile import Profile
from xlpkg.form.target import Target
from xlpkg.form.text import norm
from xlpkg.year import points as arithmetic
from xlpkg.year.profile import Band, YearProfile

Trouble = Literal["", "blank", "words", "unit", "unclear"]
"""Why an actual value says nothing about its target. unclear: it may be right, nobody can tell (人 and 人次, 0.98 for 98%)."""
_SCALE: dict[str, tuple[str, Decimal]] = {
    "公里": ("米", Decimal(1000)), "千米": ("米", Decimal(1000)), "km": ("米", Decimal(1000)), "m": ("米", Decimal(1)),
    "平方公里": ("平方米", Decimal(10**6)), "平方千米": ("平方米", Decimal(10**6)), "㎡": ("平方米", Decimal(1)),
    "m2": ("平方米", Decimal(1)), "m²": ("平方米", Decimal(1)), "公顷": ("平方米", Decimal(10**4)),
    "m3": ("立方米", Decimal(1)), "m³": ("立方米", Decimal(1)), "㎥": ("立方米", Decimal(1)),
    "吨": ("公斤", Decimal(1000)), "千克": ("公斤", Decimal(1)), "kg": ("公斤", Decimal(1)),
    "‰": ("%", Decimal("0.1")), "个月": ("月", Decimal(1)), "年": ("月", Decimal(12)), "季度": ("月", Decimal(3)),
    "日": ("天", Decimal(1)), "周": ("天", Decimal(7)), "小时": ("分钟", Decimal(60)), "h": ("分钟", Decimal(60)),
    "min": ("分钟", Decimal(1)), "个工作日": ("工作日", Decimal(1)), "个自然日": ("天", Decimal(1)), "自然日": ("天", Decimal(1)),
}  # fmt: skip
_SIGNS = ("≥", "≤", ">", "<", "≈")
_LOWER, _UPPER = ("≥", ">", "=", "≈", ""), ("≤", "<")
_GENERAL_UNIT = "个"
_EQUALS = str.maketrans({"═": "=", "＝": "="})
_BY = re.compile(r"(?<=\w)\*(?=人次|人|户|次|天|日|周|月|年|亩|公里|小时)")
"""元/人*月: a product of units; elsewhere a star stands for a figure left out."""
_ON_TIME = re.compile("(?:已)?(?:按时|按期|如期|及时|按计划|准时)(?:全部|全面)?(?:完成|完工|竣工|支付|发放|拨付|到位|验收|交付)?")


class Aim(msgspec.Struct, frozen=True):
    """A target as bounds in its unit: `low` is to be reached, `high` is not to be passed."""

    low: Decimal | None
    high: Decimal | None
    unit: str
    family: str
    exact: bool = False


class Achieved(msgspec.Struct, frozen=True):
    """What an actual value says of its target.

    `number` is the actual figure in the target's unit; `signed`: it carries a sign that an actual value has not. `met` is None
    where nobody can tell. `share` is actual ÷ target, for quantities with one bound.
    """

    kind: Literal["quantity", "date", "words", "none"]
    trouble: Trouble = ""
    number: Decimal | None = None
    signed: bool = False
    bare: str = ""
    met: bool | None = None
    share: Decimal | None = None
    days_late: int = 0
    band: Band | None = None


def read(text: str, profile: Profile) -> Target:
    """A target or an actual value by the grammar of 指标值; the drawn sign ═ is an equals sign."""
    return profile.read_target(_BY.sub("·", text.translate(_EQUALS)))


def aim_of(target: Target) -> Aim | None:
    """The bounds of a quantity, a bare number, a range or a pair; None for any other target."""
    if target.kind == "pair":
        low, high = sorted(target.quantities, key=lambda q: q.op in _UPPER)
        return Aim(low.number, high.number * (_factor(high.unit, low.unit) or 1), low.unit, low.family)
    figure = target.single
    if figure is None or target.kind not in ("quantity", "bare", "range"):
        return None
    if figure.high is not None:
        ends = sorted((figure.number, figure.high))
        if figure.op in _UPPER:
            return Aim(None, ends[1], figure.unit, figure.family)
        return Aim(ends[0], None if figure.op in ("≥", ">") else ends[1], figure.unit, figure.family)
    if figure.op in _UPPER:
        return Aim(None, figure.number, figure.unit, figure.family)
    return Aim(figure.number, None, figure.unit, figure.family, exact=figure.op not in ("≥", ">"))


def achieved(target: Target, actual_text: str, profile: Profile, year_profile: YearProfile, year: int | None) -> Achieved:
    """What an actual value says of a target. Never raises."""
    actual = read(actual_text, profile)
    aim = aim_of(target)
    kind: Literal["quantity", "date", "words", "none"] = (
        "quantity" if aim else "date" if target.kind == "date" else "words" if target.kind == "qualitative" else "none"
    )
    if not norm(actual_text).strip("-—–/ ") or (actual.kind == "empty" and norm(actual_text) != "无"):
        return Achieved(kind, "blank")
    if aim:
        return _quantity(aim, actual)
    if kind == "date":
        return _date(target, actual, year)
    if kind == "words":
        band = year_profile.band(actual_text)
        return Achieved(kind, band=band, met=None if band is None else band.high >= 100)
    return Achieved(kind)


def _quantity(aim: Aim, actual: Target) -> Achieved:
    figure = actual.single if actual.kind in ("quantity", "bare") else None
    if figure is None:
        several = bool(actual.quantities) and actual.kind != "qualitative"
        return Achieved("quantity", "unclear" if several else "words")
    signed = figure.op in _SIGNS or actual.norm.startswith("=")
    bare = actual.norm.lstrip("≥≤><=≈ ") if signed else ""
    number = _in_unit(figure.number, figure.unit, figure.family, aim)
    if isinstance(number, str):
        return Achieved("quantity", number, signed=signed, bare=bare)
    return Achieved(
        "quantity", number=number, signed=signed, bare=bare, met=_met(aim, number), share=_share(aim, number),
    )  # fmt: skip


def _met(aim: Aim, number: Decimal) -> bool:
    if aim.exact and aim.low == 0:
        return number <= 0
    return (aim.low is None or number >= aim.low) and (aim.high is None or number <= aim.high)


def _share(aim: Aim, number: Decimal) -> Decimal | None:
    bound = aim.low if aim.high is None else aim.high if aim.low is None else None
    return None if bound is None or bound <= 0 else number / bound


def _in_unit(number: Decimal, unit: str, family: str, aim: Aim) -> Decimal | Trouble:
    """The number in the unit of the target, or why it cannot be said."""
    if not unit and aim.unit == "%" and 0 < number <= 1 and max(aim.low or 0, aim.high or 0) >= 2:
        return "unclear"
    if not unit or not aim.unit or unit == aim.unit:
        return number
    if (factor := _factor(unit, aim.unit)) is not None:
        return number * factor
    if family != aim.family:
        return "unclear" if "other" in (family, aim.family) else "unit"
    general = family == "count" and _GENERAL_UNIT in (units.base(unit)[0], units.base(aim.unit)[0])
    return number * units.base(unit)[1] / units.base(aim.unit)[1] if general else "unclear"


def _factor(unit: str, other: str) -> Decimal | None:
    """How many of the other unit a unit is; None where they measure different things."""
    (base, factor), (other_base, other_factor) = _scaled(unit), _scaled(other)
    return factor / other_factor if base == other_base else None


def _scaled(unit: str) -> tuple[str, Decimal]:
    base, factor = units.base(unit.replace("*", "·"))
    name, scale = _SCALE.get(base, (base, Decimal(1)))
    return name, factor * scale


def _date(target: Target, actual: Target, year: int | None) -> Achieved:
    if _ON_TIME.fullmatch(actual.norm.rstrip("。")):
        return Achieved("date", met=True)
    if actual.kind in ("quantity", "bare", "range", "pair"):
        return Achieved("date", "unit")
    if not actual.limits or year is None:
        return Achieved("date")
    first, last, _ = actual.limits[-1].span(year)
    _, due, _ = target.limits[-1].span(year)
    if last <= due:
        return Achieved("date", met=True)
    if (first or last) > due and actual.limits[-1].names_month:
        return Achieved("date", met=False, days_late=_late(first or last, last, due, exact=first is None))
    return Achieved("date")


def _late(first: date, last: date, due: date, *, exact: bool) -> int:
    """Days behind the due date; of a span, by its beginning, so that nothing is called later than it surely is."""
    return ((last if exact else first) - due).days


def full_points(achieved: Achieved, target: Target, points: Decimal, profile: YearProfile) -> tuple[Decimal, Decimal] | None:
    """The least and the most that an actual value earns; equal where it is computed. None where a person decides."""
    if achieved.kind == "quantity":
        earned = quantity_points(achieved, target, points, profile)
        return None if earned is None else (earned, earned)
    if achieved.kind == "date" and achieved.met is not None:
        if achieved.met:
            return arithmetic.rounded(points), arithmetic.rounded(points)
        late = profile.limits.late_share if achieved.days_late <= profile.limits.late_days else Decimal(0)
        return Decimal(0), arithmetic.rounded(points * late / 100)
    if achieved.band:
        low, high = achieved.band.low, achieved.band.high
        return arithmetic.rounded(points * low / 100), arithmetic.rounded(points * high / 100)
    return None


def quantity_points(achieved: Achieved, target: Target, points: Decimal, profile: YearProfile) -> Decimal | None:
    """The points that a quantity earns; None where it cannot be computed, as of a range that was passed at its upper end."""
    aim, number = aim_of(target), achieved.number
    if aim is None or number is None:
        return None
    if aim.exact and aim.low == 0:
        return arithmetic.exactly_none(number, points)
    if aim.low is not None and (aim.high is None or number < aim.low):
        return arithmetic.at_least(aim.low, number, points)
    if aim.high is not None and aim.low is None:
        return arithmetic.at_most(aim.high, number, points, profile.reverse)
    return arithmetic.rounded(points) if achieved.met else None
