"""Group V, the units of measure: there is one, it fits the category, it is usual and written in full."""

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from xlpkg.audit.facts.advice import example_of
from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import ERROR, INFO, OFFERED, WARNING, Edit, Fix, Observation, offered, safe
from xlpkg.audit.facts.measures import AREAS, counted_rate, misfit
from xlpkg.audit.rules.classification import moved
from xlpkg.audit.rules.registry import rule
from xlpkg.audit.rules.signs import is_negative
from xlpkg.form import units
from xlpkg.form.names import has_marks, unit_in_name
from xlpkg.form.numbers import plain
from xlpkg.form.quantity import Quantity
from xlpkg.form.text import norm
from xlpkg.form.words import unit_of_name

_WHOLE_ONLY = frozenset("人个次场户家所座台套辆件份名村")
_USUAL = {
    "M": "米",
    "m": "米",
    "KM": "公里",
    "Km": "公里",
    "KG": "公斤",
    "Kg": "公斤",
    "T": "吨",
    "t": "吨",
    "L": "升",
    "平米": "平方米",
}


@rule(
    "V05", "缺少计量单位", ERROR, basis="预算绩效系统录入校验：计量单位为必录项",
    violates="2；88100；≥95", passes="2座；≥95%",
    failing="8.value = ≥6000", found="8 value",
    passing="""
    """,
)  # fmt: skip
def figure_has_a_unit(evidence: Evidence) -> Iterator[Observation]:
    """The whole value is a sign and a number, or a sign and a unit (≥%); a coefficient (灌溉水利用系数) has no unit.

    The unit that the name gives (面积(亩)) counts. 0.9 of a rate is 90 %.
    """
    for row in evidence.rows:
        typed = row.target.norm
        if row.stop == "no_figure":
            example = example_of(evidence, row)
            suggestion = f"请补填数字{f'，{example}' if example else ''}。"
            yield Observation(
                row.row, "value", f"“{typed}”只有符号和单位，没有数字", suggestion, actual=typed,
                common="{}只有符号和单位，没有数字", advice="请补填数字。",
            )  # fmt: skip
        quantity = row.quantity
        if row.target.kind != "bare" or not quantity or evidence.profile.has("dimensionless", row.bare_name):
            continue
        fix = _with_unit(evidence, row, quantity)
        example = (
            f"，是不是“{fix.to}”"
            if fix
            else f"，{example_of(evidence, row)}"
            if example_of(evidence, row)
            else "，如次、个、%、万元"
        )
        yield Observation(
            row.row, "value", f"“{typed}”没有写单位", f"请写上单位{example}{'？' if fix else '。'}", fix=fix, actual=typed,
            common="{}没有写单位", advice="请写上单位，如次、个、%、万元。",
        )  # fmt: skip


def _with_unit(evidence: Evidence, row: Row, quantity: Quantity) -> Fix | None:
    """The figure with the unit that the name suggests; nothing for money, nor where the value would be wrong with it."""
    unit, roles = unit_of_name(row.bare_name), evidence.profile.roles
    in_percent = evidence.is_cost(row) or row.category == roles.quality or row.l1 == roles.satisfaction
    if row.category == roles.time or (in_percent and unit != "%") or (row.category == roles.quantity and unit == "%"):
        return None  # there it would be wrong
    if unit != "%":
        whole = all(n == n.to_integral_value() for n in quantity.numbers)
        return offered(row.row, "value", quantity.written() + unit) if unit and whole and quantity.number > 0 else None
    share = 0 < quantity.upper < 1 and quantity.high is None
    top = quantity.upper * 100 if share else quantity.upper
    rising = quantity.op in ("≥", ">")
    negative = is_negative(evidence, row)
    if not 0 < top <= 100 or quantity.upper == 1 or (rising and (negative or top == 100)) or (negative and top == 100):
        return None
    if quantity.op in ("≤", "<") and evidence.profile.has("positive_rate", row.bare_name) and not negative:
        return None
    return offered(row.row, "value", (quantity.op + plain(top) if share else quantity.written()) + "%")


@rule(
    "V19", "单位写在名称里", INFO, basis="预算绩效系统：计量单位与指标值同填",
    violates="造林面积（亩）／80000", passes="造林面积／≥80000亩",
    failing="""
        8.name = 受益村民人数（人）
        8.value = ≥6000
    """, found="8 value",
    passing="""
        8.name = 受益村民人数（人）
        8.value = ≥6000人
    """,
)  # fmt: skip
def unit_stands_beside_the_figure(evidence: Evidence) -> Iterator[Observation]:
    """The unit (and the sign) of a bare figure stands at the end of the name."""
    for row in evidence.rows:
        told = unit_in_name(row.name) if row.unit_from_name else None
        if told is None:
            continue
        to, name = row.target.norm, told.bare
        edits = [Edit(row.row, "value", to)]
        if not (evidence.has_name(row.category, name) or has_marks(name)):
            edits.append(Edit(row.row, "name", name))
        yield Observation(
            row.row, "value", f"单位“{told.unit}”写在名称里了", f"请写在数字后面：“{to}”。", fix=Fix(OFFERED, to, tuple(edits)),
            actual=told.unit, expected=to, common="单位（{}）写在名称里了", advice="请写在数字后面。", part_of=(("V02", row.row),),
        )  # fmt: skip


@rule(
    "V10", "单位与指标类型不符", WARNING, basis="数量指标写数量，时效指标写时间，满意度写百分比",
    violates="数量指标：覆盖率100%；补贴数量5万元", passes="质量指标：覆盖率100%",
    failing="1.value = ≥12%", found="1 value",
    passing="+ 数量指标 | 公路服务区免费开放天数 | ≥300天",
)  # fmt: skip
def unit_fits_the_category(evidence: Evidence) -> Iterator[Observation]:
    """A quantity in %, in a unit of time or in one unlike its name, a time limit in money or area, a rate that counts.

    A unit of time is right where the name counts time (免费开放天数), money where it counts money (补贴发放额).
    """
    roles, profile = evidence.profile.roles, evidence.profile
    names = Counter(r.name for r in evidence.under(roles.quantity))
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or not quantity.unit:
            continue
        value, fix, common = row.target.norm, None, ""
        if row.category == roles.quantity and quantity.unit in ("%", "‰"):
            fix = _moved_rate(evidence, row)
            what, common, advice = f"“{value}”是比率，不是数量", "{}是比率，不是数量", f"请写做多少；比率放到“{roles.quality}”。"
        elif row.category == roles.quantity and quantity.family == "duration" and not profile.has("duration_name", row.name):
            what, common, advice = f"“{value}”是时间，不是数量", "{}是时间，不是数量", "请写提供了多少，如“1套”“12期”。"
        elif row.category == roles.quantity and names[row.name] == 1 and (kind := misfit(row, quantity)):
            what, advice = f"“{value}”与名称不符，{kind}", "请核对名称、单位和归类。"
        elif row.category == roles.time and (quantity.family == "money" or quantity.base_unit in AREAS):
            what, common, advice = f"“{value}”不是时间", "{}不是时间", "请核对归类或单位。"
        elif profile.parent.get(row.category) == roles.satisfaction and quantity.unit not in ("%", "分"):
            what, common, advice = f"满意度写成了“{value}”", "满意度写成了{}", "请写百分比，如“≥90%”。"
        elif counted_rate(row, quantity) and (row.category != roles.quality or quantity.family != "count"):  # else F06 says it
            what, common, advice = f"比率写成了“{value}”", "比率写成了{}", "请写百分比，如“≥95%”，或改名称。"
        else:
            continue
        yield Observation(row.row, "value", what, advice, fix=fix, actual=value, common=common)


def _moved_rate(evidence: Evidence, row: Row) -> Fix | None:
    """A rate under the category that it is of; of a satisfaction F05 says where it belongs."""
    profile, roles = evidence.profile, evidence.profile.roles
    if not profile.has("rate", row.bare_name) or profile.has("satisfaction", row.name):
        return None
    if profile.has("timeliness", row.bare_name):
        return moved(evidence, row, roles.time)
    return moved(evidence, row, roles.social if profile.has("outcome", row.name) else roles.quality)


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
            yield Observation(
                row.row, "value", f"“{typed}”的金额单位没有写全", f"请写成“{quantity.unit}元”。", fix=fix, actual=typed,
                expected=to, common="{}的金额单位没有写全", advice=f"请写成“{quantity.unit}元”。",
            )  # fmt: skip


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
                what = f"“{row.target.norm}”有小数，“{quantity.unit}”只能是整数"
                yield Observation(
                    row.row, "value", what, "请核对数字或单位。", actual=row.target.norm, common="{}有小数，这些单位只能是整数"
                )
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
            yield Observation(row.row, "value", "“百分比”不是单位", "请写成“%”。", fix=fix, actual=typed, expected=to)
        elif quantity.family == "other" and not evidence.profile.has("fair_unit", quantity.unit.partition("/")[0]):
            usual = _USUAL.get(quantity.unit)
            fits = (
                usual
                and row.category != evidence.profile.roles.time
                and not counted_rate(row, _in_unit(quantity, usual))
                and not (row.category == evidence.profile.roles.quantity and misfit(row, _in_unit(quantity, usual)))
            )
            fix = offered(row.row, "value", typed.replace(quantity.unit, usual)) if usual and fits else None
            suggestion = f"请改为“{usual}”。" if usual else "请核对，用通用的单位。"
            yield Observation(
                row.row, "value", f"“{quantity.unit}”不是常用单位", suggestion, fix=fix, actual=quantity.unit,
                common="{}不是常用单位", advice="请核对，用通用的单位。",
            )  # fmt: skip


def _in_unit(quantity: Quantity, unit: str) -> Quantity:
    return msgspec.structs.replace(quantity, unit=unit, family=units.family(unit))
