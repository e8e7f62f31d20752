"""Group M: a target can be assessed at the year's end."""

from collections.abc import Iterator

from xlpkg.audit.evidence import Evidence
from xlpkg.audit.finding import ERROR, WARNING, Finding
from xlpkg.audit.rules.registry import rule
from xlpkg.form.target import has_figure
from xlpkg.form.text import norm


@rule(
    "M01", "指标值无法考核", ERROR, basis="财预〔2015〕88号：细化量化",
    violates="随机", passes="≥500条",
)  # fmt: skip
def value_can_be_assessed(evidence: Evidence) -> Iterator[Finding]:
    """The value has no figure and says that it depends: 随机, 视情况, 若干 and the like."""
    for row in evidence.rows:
        if row.stop == "M01":
            suggestion = "请写出具体数量；难以确定的，按上年完成数或近三年平均数填写。"
            yield Finding(row.row, "value", f"“{row.target.norm}”无法考核", suggestion, actual=row.target.norm)


@rule(
    "M03", "数量指标没有数字", ERROR, basis="财预〔2015〕88号：细化量化",
    violates="门类齐全", passes="≥12个",
)  # fmt: skip
def quantity_has_a_figure(evidence: Evidence) -> Iterator[Finding]:
    """A quantity indicator's value has no quantity."""
    for row in evidence.under(evidence.profile.roles.quantity):
        if not row.stop and not row.target.quantities:
            what = f"数量指标的值“{row.target.norm}”没有数字和单位"
            yield Finding(row.row, "value", what, "数量指标必须有数字和单位，请改写。", actual=row.target.norm)


@rule(
    "M05", "满意度没有量化", ERROR, basis="满意度以百分比考核",
    violates="满意", passes="≥90%",
)  # fmt: skip
def satisfaction_has_a_figure(evidence: Evidence) -> Iterator[Finding]:
    """A satisfaction indicator's value has no number."""
    for row in evidence.readable:
        if row.l1 == evidence.profile.roles.satisfaction and not row.target.quantities and not _digit(row.target.norm):
            what = f"满意度的值“{row.target.norm}”没有数字"
            yield Finding(row.row, "value", what, "请填百分比，例如“≥90%”。", actual=row.target.norm)


def _digit(text: str) -> bool:
    return any(c.isdecimal() for c in text)


@rule(
    "M06", "年度目标没有可量化内容", WARNING, basis="财预〔2015〕88号：指向明确、细化量化",
    violates="强化网络宣传引导、网络舆情处置等工作", passes="开展专项行动4次，处置率达到90%以上",
)  # fmt: skip
def year_goal_has_a_figure(evidence: Evidence) -> Iterator[Finding]:
    """The year's goal, if there is one, has neither a digit nor a Chinese numeral with a unit."""
    goal = norm(evidence.declaration.year_goal)
    if len(goal) >= 4 and not has_figure(goal):
        yield Finding(None, "year_goal", "目标里没有数字", "建议写出主要任务的数量和效果。")


@rule(
    "M07", "效益指标全部为定性", WARNING, basis="细化量化：能量化的尽量量化",
    violates="减少、改善", passes="至少一条有数字",
)  # fmt: skip
def some_benefit_is_quantified(evidence: Evidence) -> Iterator[Finding]:
    """Every benefit indicator (there is at least one) is qualitative."""
    benefit = evidence.profile.roles.benefit
    rows = [r for r in evidence.rows if evidence.profile.parent.get(r.category) == benefit]
    if rows and all(r.target.kind == "qualitative" for r in rows):
        what = "全部是定性表述"
        yield Finding(None, benefit, what, "建议至少一条写出数字。")
