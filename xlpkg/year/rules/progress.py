"""Monitoring: what is expected for the whole year, how likely the target is, and the reasons for what lags behind."""

from collections.abc import Iterator
from decimal import Decimal

from xlpkg.audit.facts.finding import ERROR, WARNING, Observation
from xlpkg.form.text import norm
from xlpkg.year.facts import Facts, RowFacts
from xlpkg.year.rules.registry import rule


def _sure(facts: Facts, row: RowFacts) -> bool:
    return norm(row.row.chance) == facts.profile.chances[0]


def _never(facts: Facts, row: RowFacts) -> bool:
    return norm(row.row.chance) == facts.profile.chances[-1]


@rule(
    "K08",
    "全年预计与完成可能性矛盾",
    ERROR,
    violates="确定能，全年预计60村，目标≥70村",
    passes="确定能，全年预计70村",
    failing="1 forecast = 11公里",
    found="1 chance",
    passing="1 forecast = 12.0公里",
)
def chance_fits_the_forecast(facts: Facts) -> Iterator[Observation]:
    """The target is called certain and the forecast misses it, or impossible and the forecast meets it."""
    for row in facts.rows:
        met, forecast, target = row.forecast.met, norm(row.row.forecast), norm(row.row.target)
        if met is False and _sure(facts, row):
            what = f"选了“{norm(row.row.chance)}”，全年预计{forecast}却达不到目标{target}"
        elif met and _never(facts, row):
            what = f"选了“{norm(row.row.chance)}”，全年预计{forecast}却达到了目标{target}"
        else:
            continue
        yield Observation(
            row.row.row, "chance", what, "请核对全年预计完成情况，或改选完成目标可能性。", actual=norm(row.row.chance)
        )


@rule(
    "K09",
    "偏差未说明",
    ERROR,
    violates="选“有可能”，原因说明空白",
    passes="选“有可能”，勾选原因并写明",
    failing="1 actual = 1公里",
    found="1 why",
    passing="1 actual = 1公里\n1 causes = 其他\n1 why = 因汛期推迟开工",
    basis="财预〔2019〕136号；天津、宁夏、吉林",
)
def deviation_has_a_reason(facts: Facts) -> Iterator[Observation]:
    """A row that is not certain, or lags far behind the year, has no cause or no reason; or a cause is ticked without a reason."""
    duty = {"yellow": ("yellow", "red"), "red": ("red",), "off": ()}[facts.profile.limits.reason_from]
    for row in facts.rows:
        chance = norm(row.row.chance)
        if chance in facts.profile.chances[1:]:
            because = f"选了“{chance}”"
        elif facts.light(row) in duty:
            because = f"完成{norm(row.row.actual)}，落后于年度进度"
        elif row.row.causes and not row.why:
            because = f"勾选了{'、'.join(row.row.causes)}原因"
        else:
            continue
        lacks = [
            *(["偏差原因"] if not row.row.causes and facts.profile.has("cause.其他") else []),
            *([] if row.why else ["原因说明"]),
        ]
        if lacks:
            yield Observation(row.row.row, "why", f"{because}，没有写{'和'.join(lacks)}", "请勾选偏差原因，写明原因和措施。")


@rule(
    "K10",
    "完成目标可能性未选或不在可选范围",
    ERROR,
    violates="“基本能”",
    passes="确定能",
    failing="1 chance = 基本能",
    found="1 chance",
    passing="1 chance = 有可能\n1 causes = 其他\n1 why = 汛期施工慢",
)
def chance_is_one_of_three(facts: Facts) -> Iterator[Observation]:
    """The possibility is blank or none of those that the form offers."""
    choices = facts.profile.chances
    for row in facts.rows:
        text = norm(row.row.chance)
        if text not in choices and norm(row.row.target):
            what = f"完成目标可能性写了“{text}”" if text else "没有选完成目标可能性"
            yield Observation(row.row.row, "chance", what, f"请选{'、'.join(choices)}之一。", actual=text)


@rule(
    "K11",
    "全年预计完成情况未填",
    WARNING,
    violates="选“有可能”，全年预计空白",
    passes="全年预计65村",
    failing="1 forecast =",
    found="1 forecast",
    passing="1 forecast = 13公里",
    basis="天津：有可能、不可能必填",
)
def forecast_is_filled_in(facts: Facts) -> Iterator[Observation]:
    """The forecast is blank; an error where the target is not certain."""
    for row in facts.rows:
        if row.forecast.trouble == "blank" and norm(row.row.target):
            doubtful = norm(row.row.chance) in facts.profile.chances[1:]
            yield Observation(
                row.row.row, "forecast", "没有填全年预计完成情况", "请填预计到年底能完成多少。", severity=ERROR if doubtful else ""
            )


@rule(
    "K18",
    "全部“确定能”而执行率很低",
    WARNING,
    violates="7月执行率20%，各条都选确定能",
    passes="7月执行率50%",
    failing="funds.total.executed = 40",
    found="rows\nK05 funds.total.executed",
    passing="funds.total.executed = 50",
)
def all_certain_and_nothing_spent(facts: Facts) -> Iterator[Observation]:
    """Every target is called certain while less than half of the year's share of the money is executed."""
    if len(facts.rows) < 2 or facts.rate is None or not all(_sure(facts, r) for r in facts.rows):
        return
    if facts.rate < facts.share_of_year * Decimal("0.5"):
        yield Observation(
            None, "rows", "各条指标都选“确定能”，执行率却不到年度进度的一半", "请逐条核对完成目标可能性，或说明资金为什么没有执行。"
        )
