"""The funds: 执行数, sums, budget, 执行率 and its points. The first three judge both forms."""

from collections.abc import Iterator
from decimal import Decimal

from xlpkg.audit.facts.finding import ERROR, INFO, WARNING, Observation, offered
from xlpkg.form import numbers
from xlpkg.form.blanks import left_blank
from xlpkg.form.numbers import plain
from xlpkg.form.text import norm
from xlpkg.year import points as arithmetic
from xlpkg.year.facts import Facts, is_reason
from xlpkg.year.rules.registry import rule

_EXECUTED = "funds.total.executed"
_SCORE = "execution_score"


@rule(
    "K01",
    "执行数未填或不是数",
    ERROR,
    violates="执行数“约87”",
    passes="87.57",
    failing="funds.total.executed = 约80",
    found=_EXECUTED,
    passing="funds.total.executed = 80.5",
)
@rule(
    "S01",
    "全年执行数未填或不是数",
    ERROR,
    violates="执行数“约87”",
    passes="87.57",
    failing="funds.total.executed = 约139",
    found=_EXECUTED,
    passing="funds.total.executed = 139.00",
)
def executed_is_a_number(facts: Facts) -> Iterator[Observation]:
    """The 执行数 of the whole money is blank or no amount."""
    if facts.executed is None:
        text = norm(facts.form.money.executed)
        what = f"“{text}”不是一个数" if text else "没有填执行数"
        yield Observation(None, _EXECUTED, what, "请按账面填已支付的数，只写数字，没有支出填0。", actual=text)


@rule(
    "K02",
    "分项合计不等于总额",
    ERROR,
    violates="分项0，总额90",
    passes="分项90，总额90",
    failing="funds.budget_wan.executed = 79",
    found=_EXECUTED,
    passing="funds.budget_wan.executed = 79\nfunds.province.executed = 1",
)
@rule(
    "S02",
    "分项合计不等于总额",
    ERROR,
    violates="分项0，总额90",
    passes="分项90，总额90",
    failing="funds.budget_wan.executed = 138",
    found=_EXECUTED,
    passing="funds.budget_wan.executed = 138\nfunds.province.executed = 1",
)
def parts_add_up(facts: Facts) -> Iterator[Observation]:
    """In a column of the funds the sources do not add up to the total."""
    for column in ("initial", "adjusted", "executed", "forecast"):
        total = facts.amount(getattr(facts.form.money, column))
        texts = [getattr(part, column) for _, part in facts.form.parts()]
        amounts = [facts.amount(text) for text in texts if not left_blank(text)]
        if total is None or not amounts or None in amounts:
            continue
        summed = arithmetic.summed(a for a in amounts if a is not None)
        if summed != total:
            label = facts.label(f"funds.total.{column}")
            yield Observation(
                None,
                f"funds.total.{column}",
                f"{label}：各项合计{facts.shown(summed)}，总额{facts.shown(total)}，不相等",
                "请核对各项资金和总额。",
                actual=plain(facts.in_unit(total)),
                expected=plain(facts.in_unit(summed)),
                difference=plain(facts.in_unit(total - summed)),
            )


@rule(
    "K03",
    "执行数大于预算数",
    ERROR,
    violates="预算0，执行207",
    passes="预算220，执行87.57",
    failing="funds.total.executed = 141\nfunds.total.forecast =",
    found=_EXECUTED,
    passing="funds.total.executed = 140\nfunds.total.forecast =",
)
@rule(
    "S03",
    "执行数大于预算数",
    ERROR,
    violates="预算0，执行207",
    passes="预算220，执行87.57",
    failing="funds.total.executed = 141\nexecution_score = 10\ntotal = 99.6",
    found=_EXECUTED,
    passing="funds.total.executed = 140\nexecution_score = 10\ntotal = 99.6",
)
def executed_within_budget(facts: Facts) -> Iterator[Observation]:
    """More was executed than the budget holds."""
    if facts.budget is None or facts.executed is None or facts.executed <= facts.budget:
        return
    yield Observation(
        None,
        _EXECUTED,
        f"执行数{facts.shown(facts.executed)}大于预算数{facts.shown(facts.budget)}",
        "预算有调整的，请填调整后的预算数；没有调整的，请核对执行数。",
        actual=plain(facts.in_unit(facts.executed)),
        expected=f"≤{plain(facts.in_unit(facts.budget))}",
        difference=plain(facts.in_unit(facts.executed - facts.budget)),
    )


@rule(
    "K04",
    "全年预计执行数不合理",
    ERROR,
    violates="已执行87.57，全年预计80",
    passes="全年预计220",
    failing="funds.total.forecast = 60",
    found="funds.total.forecast",
    passing="funds.total.forecast = 139",
)
def forecast_of_the_funds(facts: Facts) -> Iterator[Observation]:
    """The forecast is less than what was executed already, or more than the budget (a warning)."""
    forecast = facts.amount(facts.form.money.forecast)
    if forecast is None or facts.executed is None:
        return
    field, shown = "funds.total.forecast", plain(facts.in_unit(forecast))
    if forecast < facts.executed:
        what = f"全年预计执行{facts.shown(forecast)}，比已经执行的{facts.shown(facts.executed)}还少"
        yield Observation(None, field, what, "全年预计执行数应包括已经执行的，请核对。", actual=shown)
    elif facts.budget is not None and forecast > facts.budget:
        what = f"全年预计执行{facts.shown(forecast)}，超过预算{facts.shown(facts.budget)}"
        yield Observation(None, field, what, "请核对；要追加预算的，请写明原因。", actual=shown, severity=WARNING)


@rule(
    "K05",
    "预算执行进度偏低",
    WARNING,
    violates="7月执行率20%",
    passes="7月执行率40%",
    failing="funds.total.executed = 45",
    found="funds.total.executed",
    passing="funds.total.executed = 50",
    basis="吉林、财预〔2019〕136号：序时进度",
)
def progress_of_the_funds(facts: Facts) -> Iterator[Observation]:
    """The 执行率 lies far below the share of the year; an error where nothing was executed at all."""
    rate = facts.rate
    if rate is None or rate * 100 >= facts.profile.limits.slow * facts.share_of_year:
        return
    if facts.executed == 0 and is_reason(facts.form.money.reason):
        return
    month = facts.form.month
    what = "还没有执行" if facts.executed == 0 else f"执行率{_percent(rate)}，年度已过{_percent(facts.share_of_year)}，进度偏低"
    advice = f"请在“{facts.label('funds.total.reason')}”写明原因和下一步安排。"
    yield Observation(
        None,
        _EXECUTED,
        f"1—{month}月{what}",
        advice,
        actual=_percent(rate),
        severity=ERROR if facts.executed == 0 else "",
    )


@rule(
    "S04",
    "执行率或执行率得分算错",
    ERROR,
    violates="执行率86%，10分打9分",
    passes="8.62分",
    failing="execution_score = 9\ntotal = 98.6",
    found=_SCORE,
    passing="execution_score = 9.95\ntotal = 99.55",
)
def points_of_the_rate(facts: Facts) -> Iterator[Observation]:
    """The points of the 执行率 are not points × 执行数 ÷ 预算数, or the printed rate is not their quotient."""
    expected, score = facts.execution_expected, facts.execution_score
    if facts.executed is not None and facts.budget is not None and facts.executed > facts.budget:
        return  # S03 says so, and nobody knows which of the two is right
    if expected is not None:
        if score is None:
            text = norm(facts.form.execution_score)
            if text or facts.form.compared:
                what = f"执行率得分“{text}”不是一个数" if text else "没有填执行率得分"
                yield Observation(None, _SCORE, what, f"应为{plain(expected)}分。", fix=offered(None, _SCORE, plain(expected)))
        elif abs(score - expected) > facts.profile.limits.sum_tolerance:
            yield Observation(
                None,
                _SCORE,
                f"执行率得分{plain(score)}，按执行数÷预算数算应为{plain(expected)}",
                f"请改为{plain(expected)}。",
                fix=offered(None, _SCORE, plain(expected)),
                actual=plain(score),
                expected=plain(expected),
                difference=plain(score - expected),
            )
    for source, row in facts.form.funds.items():
        budget, executed = facts.budget_of(row), facts.amount(row.executed)
        printed = numbers.parse(row.rate, percent=True)
        if printed is None or not budget or executed is None or "%" not in norm(row.rate):
            continue
        places = Decimal(1).scaleb(min(0, int(printed.as_tuple().exponent)))
        true = executed / budget * 100
        if arithmetic.rounded(true, places) != printed:
            right = plain(arithmetic.rounded(true)) + "%"
            yield Observation(
                None,
                f"funds.{source}.rate",
                f"执行率写的是{norm(row.rate)}，执行数÷预算数是{right}",
                f"请改为{right}。",
                fix=offered(None, f"funds.{source}.rate", right),
                actual=norm(row.rate),
                expected=right,
            )


@rule(
    "S05",
    "预算为0，不能算执行率",
    ERROR,
    violates="预算0，执行率得10分",
    passes="预算0，不计执行率得分",
    failing="funds.total.initial = 0\nfunds.budget_wan.initial = 0\nfunds.total.executed = 0",
    found=_SCORE + "\nS21 funds.total.initial error",
    passing="funds.total.adjusted = 140",
)
def no_rate_without_a_budget(facts: Facts) -> Iterator[Observation]:
    """The 执行率 has points though there is no budget."""
    if facts.budget == 0 and facts.execution_score is not None and facts.execution_score > 0:
        what = f"预算数为0，执行率却得了{plain(facts.execution_score)}分"
        yield Observation(
            None, _SCORE, what, "请填全年预算数；确实没有预算的，不计执行率得分。", actual=plain(facts.execution_score)
        )


@rule(
    "S06",
    "分值合计不是100",
    ERROR,
    violates="分值合计110",
    passes="10＋90",
    failing="1 points = 10\n1 score = 10\ntotal = 100.53",
    found="points\nS07 产出指标",
    passing="1 points = 9.0",
)
def points_make_a_hundred(facts: Facts) -> Iterator[Observation]:
    """The points of the 执行率 and of the rows do not add up to 100."""
    given = [r.points for r in facts.rows if r.points is not None]
    if facts.execution_points is None or not facts.rows or not facts.profile.has("points"):
        return
    if not given:
        if facts.form.compared:
            yield Observation(None, "points", "分值都没有填", "请填各条指标的分值，连同执行率的分值合计100分。")
        return
    total = facts.execution_points + arithmetic.summed(given)
    if total != 100:
        yield Observation(
            None,
            "points",
            f"执行率{plain(facts.execution_points)}分、各条指标{plain(total - facts.execution_points)}分，合计{plain(total)}分",
            "合计应为100分，请调整分值。",
            actual=plain(total),
            expected="100",
            difference=plain(total - 100),
        )


@rule(
    "S07",
    "一级指标分值与规定不符",
    WARNING,
    violates="产出70、效益20、满意度10",
    passes="产出50、效益30、满意度10",
    failing="1 points = 11\n1 score = 11\n7 points = 6\n7 score = 6",
    found="产出指标\n效益指标",
    passing="1 points = 11\n1 score = 11\n2 points = 7\n2 score = 7",
)
def points_of_the_blocks(facts: Facts) -> Iterator[Observation]:
    """The points of a first level are not what the form prescribes."""
    declared = any(r.declared and norm(r.declared.extra.get("weight", "")) for r in facts.rows)
    weights = None if declared else facts.profile.weights_of(facts.declared)
    sums: dict[str, Decimal] = {}
    for row in facts.scored:
        level = facts.declared.l1(row.row.l1)
        sums[level] = sums.get(level, Decimal(0)) + (row.points or Decimal(0))
    if weights is None or set(sums) != set(weights):
        return
    for level, points in sums.items():
        if points != weights[level]:
            what = f"{level}共{plain(points)}分，一般为{plain(weights[level])}分"
            yield Observation(
                None,
                level,
                what,
                "本地没有另外规定的，请按规定分值调整。",
                actual=plain(points),
                expected=plain(weights[level]),
                difference=plain(points - weights[level]),
            )


@rule(
    "S17",
    "全部满分",
    INFO,
    violates="定性指标、执行率99.9%，全部满分",
    passes="有一条扣了分",
    failing="8 actual = 6000人\n8 score = 8\n8 why =\ntotal = 99.93",
    found="total",
    passing="8 actual = 6000人\n8 why =\n8 score = 7.95\n8 why = 台账不全\ntotal = 99.88",
    basis="财预〔2020〕10号：自评应客观反映",
)
def full_points_everywhere(facts: Facts) -> Iterator[Observation]:
    """Every row has full points though a target is qualitative or the 执行率 has not."""
    if len(facts.scored) < 2 or any(r.score != r.points for r in facts.scored):
        return
    expected, points = facts.execution_expected, facts.execution_points
    short = expected is not None and points is not None and expected < points
    if short or any(r.target.kind == "qualitative" for r in facts.scored):
        yield Observation(None, "total", "各条指标全部满分", "请核对定性指标和没有完全执行的预算，是否确实没有可扣分的地方。")


def _percent(share: Decimal) -> str:
    return plain(arithmetic.rounded(share * 100)) + "%"
