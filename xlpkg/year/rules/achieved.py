"""What was achieved: an actual value is there, is of the kind and unit of its target, and is no surprise without a word."""

from collections.abc import Iterator
from decimal import Decimal

from xlpkg.audit.facts.finding import ERROR, WARNING, Fix, Observation, offered, safe
from xlpkg.form.numbers import plain
from xlpkg.form.text import norm
from xlpkg.year import points as arithmetic
from xlpkg.year.achievement import Achieved, aim_of
from xlpkg.year.facts import Facts, RowFacts
from xlpkg.year.rules.registry import rule


@rule(
    "K06",
    "执行情况未填",
    ERROR,
    violates="（空白）",
    passes="45村",
    failing="1 actual =",
    found="1 actual",
    passing="1 actual = 0公里\n1 why = 因汛期推迟开工\n1 causes = 其他",
)
def progress_is_filled_in(facts: Facts) -> Iterator[Observation]:
    """A row with a target has no actual value."""
    label = facts.label("actual")
    for row in facts.rows:
        if row.achieved.trouble == "blank" and norm(row.row.target):
            yield Observation(row.row.row, "actual", f"没有填{label}", "请填累计完成的数，还没有开展的填0。")


@rule(
    "K07",
    "执行情况与指标值类型、单位不符",
    ERROR,
    violates="目标≥70村，执行情况“已开展”",
    passes="45村",
    failing="2 actual = 已开展",
    found="2 actual",
    passing="2 actual = 2",
)
def progress_is_of_the_targets_kind(facts: Facts) -> Iterator[Observation]:
    """The actual value of a quantity is no number, has a sign, or is in a unit of another family."""
    yield from _kinds(facts)


@rule(
    "S13",
    "完成值带符号，或类型、单位不符",
    ERROR,
    violates="完成值“≥266米”“完成”；目标%，完成值件",
    passes="270米",
    failing="1 actual = ≥12.5公里",
    found="1 actual",
    passing="1 actual = 12500米",
)
def actual_is_of_the_targets_kind(facts: Facts) -> Iterator[Observation]:
    """The actual value is blank, no number where the target is one, has a sign, or is in a unit of another family."""
    for row in facts.rows:
        if row.achieved.trouble == "blank" and norm(row.row.target):
            yield Observation(row.row.row, "actual", "没有填实际完成值", "请填全年实际完成的数和单位。")
    yield from _kinds(facts)


def _kinds(facts: Facts) -> Iterator[Observation]:
    for row in facts.rows:
        if row.achieved.kind == "date" and not facts.is_evaluation:
            continue  # 已完成60% is what a work under way can say of its date
        found = _mismatch(row.achieved, norm(row.row.actual), norm(row.row.target))
        if found:
            what, advice, severity = found
            yield Observation(row.row.row, "actual", what, advice, actual=norm(row.row.actual), severity=severity)
        elif row.achieved.signed:
            yield Observation(
                row.row.row,
                "actual",
                f"完成值“{norm(row.row.actual)}”带了符号",
                "完成值是实际的数，请去掉符号，写准确的数。",
                fix=_without_sign(row),
                actual=norm(row.row.actual),
                expected=row.achieved.bare,
            )


def _without_sign(row: RowFacts) -> Fix | None:
    """= says nothing more than the number; behind ≥ the true figure may be another, so a person has to nod."""
    if not row.achieved.bare or not row.achieved.bare[0].isdigit():
        return None
    make = safe if norm(row.row.actual).startswith("=") else offered
    return make(row.row.row, "actual", row.achieved.bare)


def _mismatch(achieved: Achieved, said: str, target: str) -> tuple[str, str, str] | None:
    if achieved.trouble == "words":
        return f"目标是“{target}”，完成值“{said}”里没有数", "请写完成了多少，数字后面写单位。", ""
    if achieved.trouble == "unit":
        return f"目标是“{target}”，完成值“{said}”的类型或单位不同", "请按目标的类型和单位填写。", ""
    if achieved.trouble == "unclear":
        return f"完成值“{said}”不能与目标“{target}”直接比较", "请写成一个数，单位与目标相同，例如98%不写0.98。", WARNING
    return None


@rule(
    "K12",
    "完成值比目标大得多",
    WARNING,
    violates="目标≥6次，完成150次",
    passes="目标≥6次，完成7次",
    failing="1 actual = 18公里\n1 forecast = 18公里",
    found="1 actual",
    passing="1 actual = 15.5公里\n1 forecast = 15.5公里",
    basis="河北、广西：偏差度",
)
def progress_is_no_surprise(facts: Facts) -> Iterator[Observation]:
    """The actual value lies far above a target to be reached, and no reason is given."""
    limit = facts.profile.limits.more_monitored
    for row in facts.rows:
        share = row.achieved.share
        if row.lower_bound and not row.why and share is not None and share * 100 > limit:
            yield _too_much(row, "当前完成值")


@rule(
    "S12",
    "超额过大未说明",
    WARNING,
    violates="目标12，完成96",
    passes="目标12，完成13",
    failing="1 actual = 14.5公里",
    found="1 actual warning",
    passing="1 actual = 14公里",
    basis="广西：完成率120%、130%",
)
def actual_is_no_surprise(facts: Facts) -> Iterator[Observation]:
    """The actual value lies far above a target to be reached, and no reason is given; from 130 % on an error."""
    limits = facts.profile.limits
    for row in facts.rows:
        share = row.achieved.share
        if row.lower_bound and not row.why and share is not None and share * 100 >= limits.more_warning:
            found = _too_much(row, "完成值")
            more = share * 100 >= limits.more_error
            yield Observation(
                found.row,
                found.field,
                found.what,
                found.suggestion,
                actual=found.actual,
                expected=found.expected,
                severity=ERROR if more else "",
            )


def _too_much(row: RowFacts, what: str) -> Observation:
    share = plain(arithmetic.rounded((row.achieved.share or Decimal(0)) * 100)) + "%"
    return Observation(
        row.row.row,
        "actual",
        f"{what}{norm(row.row.actual)}是目标{norm(row.row.target)}的{share}，没有说明原因",
        "请核对两个数；属实的，说明原因，下年把目标定准。",
        actual=norm(row.row.actual),
        expected=norm(row.row.target),
    )


@rule(
    "K13",
    "已经超过上限",
    ERROR,
    violates="目标≤5300元，已达5830元",
    passes="5200元",
    failing="5 actual = 111万元",
    found="5 actual",
    passing="5 actual = 110万元",
)
def limit_is_kept(facts: Facts) -> Iterator[Observation]:
    """The actual value lies above a target that is not to be passed, and no reason is given."""
    for row in facts.rows:
        aim = aim_of(row.target)
        if aim is None or aim.high is None or aim.low is not None or row.why or row.achieved.met is not False:
            continue
        yield Observation(
            row.row.row,
            "actual",
            f"{norm(row.row.actual)}已经超过上限{norm(row.row.target)}，没有说明原因",
            "请核对；属实的，写原因说明和措施。",
            actual=norm(row.row.actual),
            expected=norm(row.row.target),
        )
