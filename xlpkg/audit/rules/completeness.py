"""Group C: what has to be filled in is filled in."""

import re
from collections.abc import Iterator

from xlpkg.audit.facts.advice import example_of
from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import ERROR, INFO, WARNING, Observation, offered
from xlpkg.audit.rules.registry import rule
from xlpkg.form import dates
from xlpkg.form.blanks import left_as_printed, left_blank
from xlpkg.form.fields import UPPER
from xlpkg.form.text import norm

_YEAR_IN_WORDS = re.compile("'?(20\\d\\d)(?:财政|预算)?年?度?")


def _blank(evidence: Evidence, field: str, suggestion: str) -> Iterator[Observation]:
    typed, severity = norm(evidence.declaration.header(field)), evidence.demands(field)
    if severity != "off" and left_as_printed(typed):
        what = "没有填写" if left_blank(typed) else f"写的是“{typed}”，等于没有填"
        yield Observation(None, field, what, suggestion, actual=typed, severity=severity)


@rule(
    "C01", "填报单位未填", ERROR, basis="填报说明：填写单位全称并盖章",
    violates="填报单位：（空）", passes="填报单位：云溪县水利局",
    failing="unit = ", found="unit",
    passing="unit = 云溪县水利局",
)  # fmt: skip
def unit_is_given(evidence: Evidence) -> Iterator[Observation]:
    """The reporting unit is blank."""
    yield from _blank(evidence, "unit", "请填写单位全称，与公章一致。")


@rule(
    "C02", "预算部门（主管部门）未填", ERROR, basis="填报说明：填写项目主管部门（一级单位）全称",
    violates="预算部门：（空）", passes="预算部门：云溪县水利局",
    failing="department = ", found="department",
    passing="department = 云溪县水利局",
)  # fmt: skip
def department_is_given(evidence: Evidence) -> Iterator[Observation]:
    """The budget department is blank."""
    yield from _blank(evidence, "department", "请填写主管部门（一级预算单位）全称，不用简称。")


@rule(
    "C03", "项目名称未填", ERROR, basis="填报说明：与部门预算项目名称一致",
    violates="项目支出名称：（空）", passes="项目支出名称：网信事业发展经费",
    failing="project = ", found="project",
    passing="project = 网信事业发展经费",
)  # fmt: skip
def project_is_given(evidence: Evidence) -> Iterator[Observation]:
    """The project's name is blank."""
    yield from _blank(evidence, "project", "请填写项目名称，与部门预算里的一致。")


@rule(
    "C04", "预算年度未填或无效", ERROR, basis="填报说明：填写编制部门预算所属年份",
    violates="年度：203、二〇二三", passes="年度：2023",
    failing="year = 203", found="year",
    passing="year = ２０２４年度",
)  # fmt: skip
def year_is_valid(evidence: Evidence) -> Iterator[Observation]:
    """The budget year is not 20dd, 20dd年 or 20dd年度."""
    severity = evidence.demands("year")
    if evidence.year is None and "year" in evidence.profile.header and (severity != "off" or norm(evidence.declaration.year)):
        typed = norm(evidence.declaration.year)
        what = f"“{typed}”不是四位数的年度" if typed else "没有填写"
        meant = _YEAR_IN_WORDS.fullmatch(typed.translate(dates.CHINESE_DIGITS))
        fix = offered(None, "year", meant[1]) if meant else None
        demanded = ERROR if severity == "off" else severity
        yield Observation(None, "year", what, "请填写四位数年度，如“2024”。", fix=fix, actual=typed, severity=demanded)


@rule(
    "C05", "预算金额未填或不是数字", ERROR, basis="表式：年度本级预算金额，单位万元",
    violates="年度本级预算金额：壹佰肆拾", passes="年度本级预算金额：1,160.50",
    failing="budget_wan = 壹佰肆拾", found="budget_wan",
    passing="budget_wan = 1,400,000元",
)  # fmt: skip
def budget_is_an_amount(evidence: Evidence) -> Iterator[Observation]:
    """The local budget is blank or no plain decimal amount."""
    severity = evidence.demands("budget_wan")
    if evidence.budget is None and (severity != "off" or norm(evidence.declaration.budget)):
        typed, unit = norm(evidence.declaration.budget), evidence.profile.money_unit
        what = f"写的是“{typed}”，不是数字" if typed else "没有填写"
        suggestion = f"请填数字，单位{unit}；全是上级资金的填“0”。"
        yield Observation(None, "budget_wan", what, suggestion, actual=typed, severity=ERROR if typed else severity)


@rule(
    "C06", "实施期未填", ERROR, basis="表式：项目支出实施期",
    violates="项目支出实施期：（空）", passes="项目支出实施期：2024年1月—2024年12月",
    failing="period = ", found="period",
    passing="period = 一年",
)  # fmt: skip
def period_is_given(evidence: Evidence) -> Iterator[Observation]:
    """The implementation period is blank."""
    yield from _blank(evidence, "period", "请写清起止年月，如“2024年1月—12月”。")


@rule(
    "C07", "绩效目标未填", ERROR, basis="财预〔2015〕88号 完整性审核",
    violates="本年度绩效目标：略", passes="本年度绩效目标：改造农村公路12公里，…",
    failing="year_goal = 略", found="year_goal",
    passing="year_goal = 改造农村公路12公里，修复危桥3座。",
)  # fmt: skip
def goals_are_given(evidence: Evidence) -> Iterator[Observation]:
    """A goal text is blank, a dash, exactly 无, 略, 同上 or 见附件, or what the template printed (目标1：……)."""
    for field in ("long_goal", "year_goal"):
        typed, severity = norm(evidence.declaration.header(field)), evidence.demands(field)
        if severity != "off" and left_as_printed(typed):
            what = f"写的是“{typed}”，等于没有填" if typed else "没有填写"
            yield Observation(None, field, what, "请用一两句话写明做什么、达到什么效果。", actual=typed, severity=severity)


def _categories_with_rows(evidence: Evidence) -> set[str]:
    """A row counts as the category its second level names, even if its first level is wrong.

    So does one that says that there is nothing (C12 asks to delete it), but not where the form lets such rows stand.
    """
    rows = (r for r in evidence.rows if (r.name and not r.void) or (r.void and not evidence.profile.na_rows))
    return {r.category for r in rows if r.category}


def _first_levels_with_rows(evidence: Evidence) -> set[str]:
    return {evidence.profile.parent[c] for c in _categories_with_rows(evidence)}


@rule(
    "C08", "缺少必设的一级指标", ERROR, basis="表式；财预〔2021〕101号：每一项目均应设置产出指标和效益指标",
    violates="整张表没有满意度指标", passes="至少一条满意度指标",
    failing="- 社会公众或服务对象满意度指标", found="满意度指标",
    passing="""
        表式 = mof2021
        - 服务对象满意度指标
    """,
)  # fmt: skip
def required_first_levels_are_there(evidence: Evidence) -> Iterator[Observation]:
    """A first-level indicator that the form requires has no named row."""
    present = _first_levels_with_rows(evidence)
    for l1 in evidence.profile.required_l1:
        if l1 not in present:
            yield Observation(None, l1, f"没有“{l1}”", "请至少补充一条。", actual=l1, common="没有{}", advice="请各补充至少一条。")


@rule(
    "C09", "缺少必设的二级指标", ERROR, basis="从数量、质量、成本和时效等方面进行细化",
    violates="产出指标下没有时效指标", passes="产出指标下有一条时效指标",
    failing="- 时效指标", found="时效指标",
    passing="""
        表式 = mof2021
        - 时效指标
    """,
)  # fmt: skip
def required_second_levels_are_there(evidence: Evidence) -> Iterator[Observation]:
    """A second-level indicator that the form requires has no named row, though its first level has."""
    present, parents = _categories_with_rows(evidence), _first_levels_with_rows(evidence)
    for l2 in evidence.profile.required_l2:
        parent = evidence.profile.parent[l2]
        if l2 not in present and parent in parents:
            yield Observation(
                None, l2, f"“{parent}”下没有“{l2}”", "请至少补充一条；确实不适用的，先与财政业务股室说明。", actual=l2,
                common=f"“{parent}”下没有{{}}", advice="请各补充至少一条；确实不适用的，先与财政业务股室说明。",
            )  # fmt: skip


@rule(
    "C10", "建议设置的指标未设", INFO, basis="表式印有全部二级指标",
    violates="效益指标下只有社会效益两条", passes="四类效益各有一条，或已说明",
    failing="- 可持续影响指标", found="可持续影响指标",
    passing="""
    """,
)  # fmt: skip
def recommended_second_levels_are_there(evidence: Evidence) -> Iterator[Observation]:
    """A second-level indicator that the form recommends has no row, and its first level is not missing altogether (C08)."""
    present, parents = {r.category for r in evidence.rows}, _first_levels_with_rows(evidence)
    for l2 in evidence.profile.recommended_l2:
        parent = evidence.profile.parent[l2]
        if l2 not in present and (parent in parents or parent not in evidence.profile.required_l1):
            yield Observation(None, l2, f"没有“{l2}”", "与本项目无关的不用填。", actual=l2, common="没有{}")


@rule(
    "C11", "三级指标名称为空", ERROR, basis="预算绩效系统录入校验：必录项必须有值",
    violates="（空）／≥3次／历史标准", passes="巡检次数／≥3次／历史标准",
    failing="7.name = ", found="7 name",
    passing="""
        7.name =
        7.value =
        7.standard =
    """,
)  # fmt: skip
def indicator_has_a_name(evidence: Evidence) -> Iterator[Observation]:
    """A row has a value or a standard but no name."""
    for row in evidence.rows:
        if not row.name and not row.void:
            yield Observation(row.row, "name", "没有写三级指标名称", "请补填名称，或删去这一行。")


@rule(
    "C12", "指标值为空", ERROR, basis="预算绩效系统录入校验：必录项必须有值",
    violates="免费开放天数／（空）", passes="免费开放天数／≥300天",
    failing="7.value = ——", found="7 value",
    passing="""
    """,
)  # fmt: skip
def indicator_has_a_value(evidence: Evidence) -> Iterator[Observation]:
    """A named row has no value: blank, dashes, or a word for nothing (不涉及) in a form without na_rows."""
    for row in evidence.rows:
        if row.void and not evidence.profile.na_rows:
            typed = row.target.norm or norm(row.indicator.name)
            what = f"写的是“{typed}”，等于没有填"
            yield Observation(row.row, "value", what, "没有这类内容的，请删去这一行。", actual=typed, common="写的是{}，等于没有填")
        elif row.stop == "empty" and row.name and not row.void:
            typed = row.target.norm
            what = f"指标值只写了“{typed}”" if typed else "没有填写指标值"
            yield Observation(row.row, "value", what, f"请补填数字和单位{_for_example(evidence, row)}。", actual=typed)


def _for_example(evidence: Evidence, row: Row) -> str:
    example = example_of(evidence, row)
    return f"，{example}" if example else ""


@rule(
    "C13", "绩效标准为空", ERROR, basis="表式：绩效标准；指标值的设定要体现绩效标准",
    violates="补贴发放完成时间／10月底前／（空）", passes="补贴发放完成时间／10月底前／计划标准",
    failing="7.standard = ", found="7 standard",
    passing="7.standard = 其他",
)  # fmt: skip
def indicator_has_a_standard(evidence: Evidence) -> Iterator[Observation]:
    """A named row has no performance standard, in a form that has the column."""
    severity = evidence.demands("standard")
    if severity == "off":
        return
    for row in evidence.named:
        if not row.standard:
            yield Observation(row.row, "standard", "没有选绩效标准", "请从下拉列表选一种。", severity=severity)


@rule(
    "C14", "填表人或联系电话未填", ERROR, basis="表式：表尾填表人、联系电话",
    violates="联系电话：（空）", passes="联系电话：0734-5210001",
    failing="phone = ", found="phone",
    passing="phone = 13800000000",
)  # fmt: skip
def contact_is_given(evidence: Evidence) -> Iterator[Observation]:
    """The filler or the phone number is blank."""
    for field in ("filler", "phone"):
        yield from _blank(evidence, field, "请填写，便于财政审核时联系。")


@rule(
    "C15", "上级资金未填", WARNING, basis="已公开的同类表均填“0”",
    violates="中央：（空）", passes="中央：0",
    failing="upper_funds.city = /", found="upper_funds.city",
    passing="""
    """,
)  # fmt: skip
def upper_funds_are_given(evidence: Evidence) -> Iterator[Observation]:
    """An upper-level fund is left blank, or marked as blank (/, —, 无)."""
    for field in UPPER:
        severity = evidence.demands(field)
        if severity != "off" and left_blank(evidence.declaration.header(field)):
            fix = offered(None, field, "0")
            yield Observation(None, field, "没有填写", "没有就填“0”。", fix=fix, expected="0", severity=severity)
