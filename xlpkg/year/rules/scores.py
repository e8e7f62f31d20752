"""The points of a self-evaluation: they follow from what was achieved, add up, and what was taken off has a reason."""

from collections.abc import Iterator

from xlpkg.audit.facts.finding import ERROR, WARNING, Fix, Observation, offered
from xlpkg.form import numbers
from xlpkg.form.numbers import plain
from xlpkg.form.text import norm
from xlpkg.year import points as arithmetic
from xlpkg.year.facts import Facts, RowFacts, is_reason
from xlpkg.year.rules.registry import rule


@rule(
    "S08",
    "得分超过分值或为负数",
    ERROR,
    violates="分值10，得分12",
    passes="分值10，得分10",
    failing="9 score = 9\ntotal = 101.53",
    found="9 score",
    passing="9 score = 6.5\n9 why = 后期管护不足\ntotal = 99.03",
)
def score_within_points(facts: Facts) -> Iterator[Observation]:
    """A score is negative or more than the points of its row."""
    for row in facts.scored:
        if row.score is not None and _outside(row):
            what = f"得分{plain(row.score)}，分值{plain(row.points or row.score)}"
            yield Observation(row.row.row, "score", what, "得分在0和分值之间，请核对。", actual=plain(row.score))


def _outside(row: RowFacts) -> bool:
    return row.score is not None and row.points is not None and not 0 <= row.score <= row.points


@rule(
    "S09",
    "得分与完成值不符",
    ERROR,
    violates="目标4754人，完成4604人，分值5，得5分",
    passes="得4.84分",
    failing="8 score = 8\ntotal = 99.93",
    found="8 score\nS17 total",
    passing="8 score = 7.55\ntotal = 99.48",
)
def score_follows_from_the_actual_value(facts: Facts) -> Iterator[Observation]:
    """A score is more than the actual value earns; less than it earns is a warning where the target was missed."""
    tolerance = facts.profile.limits.score_tolerance
    for row in facts.scored:
        if row.score is None:
            yield from _no_score(row)
            continue
        if row.expected is None or _outside(row):
            continue
        low, high = row.expected
        if row.achieved.kind == "words":
            continue  # S14
        right = plain(high)
        fix = offered(row.row.row, "score", right) if low == high else None
        said = f"目标{norm(row.row.target)}，完成{norm(row.row.actual)}，分值{plain(row.points or high)}"
        if row.score > high + tolerance:
            saved = row.achieved.met is False and _is_cost(facts, row) and row.lower_bound
            what = f"{said}，得{plain(row.score)}分，按规则{'最多' if low < high else '应'}得{right}分"
            advice = "节约成本的，目标请写≤；没有节约的，请改得分。" if saved else f"请改为{right}，或说明依据。"
            yield _wrong(row, what, advice, right, severity=WARNING if saved else "", fix=fix)
        elif row.score < low - tolerance and row.achieved.met is False:
            what = f"{said}，得{plain(row.score)}分，按规则应得{right}分"
            yield _wrong(row, what, f"请改为{right}，或说明多扣的原因。", right, severity=WARNING, fix=fix)


def _no_score(row: RowFacts) -> Iterator[Observation]:
    """A score that is no number; a blank one of a row without an actual value goes with that."""
    text = norm(row.row.score)
    if text or row.achieved.trouble != "blank":
        what = f"得分“{text}”不是一个数" if text else "没有填得分"
        right = row.expected[1] if row.expected and row.expected[0] == row.expected[1] else None
        fix = None if right is None else offered(row.row.row, "score", plain(right))
        yield Observation(
            row.row.row, "score", what, f"应得{plain(right)}分。" if right is not None else "请按评分规则打分。", fix=fix
        )


def _wrong(row: RowFacts, what: str, advice: str, right: str, *, severity: str, fix: Fix | None) -> Observation:
    score = row.score if row.score is not None else arithmetic.summed(())
    return Observation(
        row.row.row,
        "score",
        what,
        advice,
        fix=fix,
        actual=plain(score),
        expected=right,
        difference=plain(score - (numbers.parse(right) or score)),
        severity=severity,
    )


def _is_cost(facts: Facts, row: RowFacts) -> bool:
    return facts.declared.l2(row.row.l2) in facts.declared.cost_categories


@rule(
    "S10",
    "达到目标没有给满分，也没有说明",
    WARNING,
    violates="目标100%，完成100%，分值10，得7分",
    passes="得10分",
    failing="1 score = 6\ntotal = 96.53",
    found="1 score",
    passing="1 score = 6\n1 why = 资料归档不全\ntotal = 96.53",
)
def met_target_has_full_points(facts: Facts) -> Iterator[Observation]:
    """The target was met, the points are not full and no reason is given."""
    for row in facts.scored:
        if row.achieved.kind == "words" or not row.achieved.met or row.why or row.score is None or row.points is None:
            continue
        if 0 <= row.score < row.points:
            yield Observation(
                row.row.row,
                "score",
                f"目标{norm(row.row.target)}，完成{norm(row.row.actual)}，达到了目标，只得{plain(row.score)}分",
                f"请给满分{plain(row.points)}，或写明扣分的原因。",
                fix=offered(row.row.row, "score", plain(row.points)),
                actual=plain(row.score),
                expected=plain(row.points),
            )


@rule(
    "S11",
    "偏差未说明",
    ERROR,
    violates="没有达到目标，原因空白或写0",
    passes="写明原因和改进措施",
    failing="8 why = 无",
    found="8 why",
    passing="8 why = 劳务输出多于预期，下年分批组织",
)
def shortfall_has_a_reason(facts: Facts) -> Iterator[Observation]:
    """The target was missed, or points were taken off, without a reason; where the form asks it, also for a low 执行率."""
    for row in facts.rows:
        if row.why or row.achieved.met or row.achieved.kind == "words" or row.achieved.trouble == "blank":
            continue
        less = row.score is not None and row.points is not None and row.score < row.points
        if row.achieved.met is False or less:
            missed = row.achieved.met is False
            said = f"目标{norm(row.row.target)}，完成{norm(row.row.actual)}，没有达到目标" if missed else "得分低于分值"
            yield Observation(
                row.row.row, "why", f"{said}，没有写原因", "请写偏差原因和改进措施，不写“无”或0。", actual=norm(row.row.why)
            )
    limit, rate = facts.profile.limits.rate_reason, facts.rate
    if limit and rate is not None and rate * 100 < limit and not is_reason(facts.form.money.reason):
        shown = plain(arithmetic.rounded(rate * 100))
        yield Observation(
            None, "funds.total.reason", f"执行率{shown}%，低于{plain(limit)}%，没有写原因", "请写明没有执行的原因（100字以内）。"
        )


@rule(
    "S14",
    "定性指标得分超出所选档次",
    WARNING,
    violates="“部分达成…”得满分",
    passes="“部分达成…”得分值的70%",
    failing="9 actual = 部分达成年度指标并具有一定效果",
    found="9 score",
    passing="9 actual = 达成预期指标",
)
def score_of_a_qualitative_result(facts: Facts) -> Iterator[Observation]:
    """The score of a qualitative target lies outside its grade, or is not full without a reason."""
    for row in facts.scored:
        score, points = row.score, row.points
        if row.target.kind != "qualitative" or row.achieved.trouble == "blank" or score is None or points is None or _outside(row):
            continue
        band = row.achieved.band
        if band and row.expected and not row.expected[0] <= score <= row.expected[1]:
            low, high = row.expected
            yield Observation(
                row.row.row,
                "score",
                f"完成情况是“{band.name}”，得{plain(score)}分，这一档是{plain(low)}—{plain(high)}分",
                "请改得分，或改选完成情况。",
                actual=plain(score),
                expected=f"{plain(low)}—{plain(high)}",
            )
        elif score < points and not row.why:
            yield Observation(
                row.row.row, "why", f"得{plain(score)}分，低于分值{plain(points)}，没有写原因", "请写扣分的原因和改进措施。"
            )


@rule(
    "S15",
    "总分与各项之和不符，等级不符",
    ERROR,
    violates="各项之和93，总分94；92分评“良”",
    passes="总分93，优",
    failing="total = 98.53",
    found="total",
    passing="total = 99.55",
)
def total_is_the_sum(facts: Facts) -> Iterator[Observation]:
    """The total is not the sum of the points of the 执行率 and the rows, or the grade is not that of the total."""
    form, expected = facts.form, facts.total
    total = numbers.parse(form.total)
    if total is None:
        text = norm(form.total)
        if expected is not None and (text or form.compared):
            right = plain(expected)
            what = f"总分“{text}”不是一个数" if text else "没有填总分"
            yield Observation(None, "total", what, f"各项之和是{right}。", fix=offered(None, "total", right))
    elif expected is not None and abs(total - expected) > facts.profile.limits.sum_tolerance:
        right = plain(expected)
        yield Observation(
            None,
            "total",
            f"总分{plain(total)}，各项得分之和是{right}",
            f"请改为{right}。",
            fix=offered(None, "total", right),
            actual=plain(total),
            expected=right,
            difference=plain(total - expected),
        )
    counted = total if total is not None else expected
    grade = norm(form.grade)
    if counted is None or not grade or not facts.profile.grades:
        return
    right = arithmetic.grade_of(counted, facts.profile.grades)
    if right and grade != right:
        yield Observation(
            None,
            "grade",
            f"总分{plain(counted)}，等级写了“{grade}”",
            f"应为“{right}”。",
            fix=offered(None, "grade", right),
            actual=grade,
            expected=right,
        )
