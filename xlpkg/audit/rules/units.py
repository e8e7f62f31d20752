"""Group V, the units of measure: there is one, it fits the category, it is usual and written in full."""

import re
from collections.abc import Iterator

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.audit.facts.finding import ERROR, INFO, WARNING, Observation, offered, safe
from xlpkg.audit.rules.classification import moved
from xlpkg.audit.rules.registry import rule
from xlpkg.form.numbers import plain
from xlpkg.form.text import norm

_AREAS = ("亩", "平方米", "平方公里", "公顷", "㎡", "m²")
_WHOLE_ONLY = frozenset("人个次场户家所座台套辆件份名村")
_USUAL = {"M": "米", "m": "米", "KM": "公里", "Km": "公里", "KG": "公斤", "Kg": "公斤", "T": "吨", "t": "吨", "L": "升"}


@rule(
    "V05", "缺少计量单位", ERROR, basis="预算绩效系统录入校验：计量单位为必录项",
    violates="2；88100；≥95", passes="2座；≥95%",
    failing="8.value = ≥6000", found="8 value",
    passing="""
    """,
)  # fmt: skip
def figure_has_a_unit(evidence: Evidence) -> Iterator[Observation]:
    """The whole value is a sign and a number; a coefficient (灌溉水利用系数) has no unit. 0.9 of a rate is 90 %."""
    for row in evidence.readable:
        quantity = row.quantity
        if row.target.kind != "bare" or not quantity:
            continue
        typed, fix, suggestion = row.target.norm, None, "请写上单位（如次、个、%、万元）。"
        if evidence.profile.has("dimensionless", row.bare_name):
            continue
        if evidence.profile.has("rate", row.bare_name) and 0 < quantity.upper <= 100:
            to = quantity.op + plain(quantity.number * 100) if quantity.upper <= 1 and quantity.high is None else quantity.written()
            to += "%"
            fix, suggestion = offered(row.row, "value", to), f"请写上单位，是不是“{to}”？"
        yield Observation(row.row, "value", f"“{typed}”没有计量单位", suggestion, fix=fix, actual=typed)


@rule(
    "V10", "单位与指标类型不符", WARNING, basis="数量指标写数量，时效指标写时间，满意度写百分比",
    violates="数量指标：覆盖率100%", passes="质量指标：覆盖率100%",
    failing="1.value = ≥12%", found="1 value",
    passing="+ 数量指标 | 公路服务区免费开放天数 | ≥300天",
)  # fmt: skip
def unit_fits_the_category(evidence: Evidence) -> Iterator[Observation]:
    """A quantity in % or in a unit of time, a time limit in money or area, a satisfaction in neither % nor points.

    A unit of time is right where the name counts time (免费开放天数).
    """
    roles, profile = evidence.profile.roles, evidence.profile
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or not quantity.unit:
            continue
        rate = row.category == roles.quantity and quantity.unit in ("%", "‰")
        lasting = row.category == roles.quantity and quantity.family == "duration" and not profile.has("duration_name", row.name)
        no_time = row.category == roles.time and (quantity.family == "money" or quantity.base_unit in _AREAS)
        no_degree = profile.parent.get(row.category) == roles.satisfaction and quantity.unit not in ("%", "分")
        if rate or lasting or no_time or no_degree:
            what = f"“{row.target.norm}”的单位与“{row.category}”不符"
            hint = "服务期限不是产出，请写提供了多少服务。" if lasting else "请核对归类或单位。"
            fix = moved(evidence, row, roles.quality) if rate else None
            yield Observation(row.row, "value", what, hint, fix=fix, actual=quantity.unit)


@rule(
    "V11", "金额单位不规范", WARNING, basis="金额单位写全",
    violates="250万", passes="250万元",
    failing="6.value = ≤30万", found="6 value",
    passing="""
    """,
)  # fmt: skip
def money_unit_is_whole(evidence: Evidence) -> Iterator[Observation]:
    """The unit is 万 or 亿 without 元."""
    for row in evidence.readable:
        quantity = row.quantity
        if quantity and quantity.unit in ("万", "亿"):
            typed = norm(row.typed)
            to = re.sub(rf"(\d\s*){quantity.unit}(?!元)", rf"\g<1>{quantity.unit}元", typed)
            repair = offered if quantity.lead or quantity.tail else safe
            fix = repair(row.row, "value", to) if to != typed else None
            what = f"“{typed}”的金额单位没有写全"
            yield Observation(row.row, "value", what, f"请写成“{quantity.unit}元”。", fix=fix, actual=typed, expected=to)


@rule(
    "V12", "计数单位带小数", WARNING, basis="人、个、次等只能是整数",
    violates="12.5人", passes="12人",
    failing="8.value = ≥6000.5人", found="8 value",
    passing="8.value = ≥1.25万人",
)  # fmt: skip
def countable_is_whole(evidence: Evidence) -> Iterator[Observation]:
    """Something that is counted (人, 个, 次; not 万人) has a fraction."""
    for row in evidence.readable:
        for quantity in row.target.quantities:
            if quantity.unit in _WHOLE_ONLY and any(n != n.to_integral_value() for n in quantity.numbers):
                what = f"“{quantity.unit}”不能有小数"
                yield Observation(row.row, "value", what, "请核对数字或单位。", actual=row.target.norm)
                break


@rule(
    "V15", "非常用计量单位", INFO, basis="使用通用计量单位",
    violates="≥80M；100百分比", passes="≥80米；100%",
    failing="8.value = ≥6000拨", found="8 value",
    passing="""
    """,
)  # fmt: skip
def unit_is_usual(evidence: Evidence) -> Iterator[Observation]:
    """The unit is none of the known ones nor of the rarer fair ones (微克/立方米), or 百分比 stands for %."""
    for row in evidence.readable:
        quantity, typed = row.quantity, norm(row.typed)
        if not quantity or not quantity.unit:
            continue
        if "百分比" in typed and quantity.unit == "%":
            to = typed.replace("百分比", "%")
            fix = safe(row.row, "value", to) if not quantity.lead and not quantity.tail else None
            yield Observation(row.row, "value", "“百分比”不是计量单位", f"请写成“{to}”。", fix=fix, actual=typed, expected=to)
        elif quantity.family == "other" and not evidence.profile.has("fair_unit", quantity.unit.partition("/")[0]):
            usual = _USUAL.get(quantity.unit)
            to = typed.replace(quantity.unit, usual) if usual else ""
            fix = offered(row.row, "value", to) if to else None
            suggestion = f"是不是“{usual}”？请用通用的计量单位。" if usual else "请核对，用通用的计量单位。"
            yield Observation(row.row, "value", f"“{quantity.unit}”不是常用单位", suggestion, fix=fix, actual=quantity.unit)
