"""A later form against the declaration and earlier monitoring: targets, rows, weights, budget, values that fall back."""

from collections.abc import Iterator
from decimal import Decimal

from xlpkg.audit.facts.finding import ERROR, WARNING, Observation, offered
from xlpkg.form import numbers
from xlpkg.form.blanks import left_blank
from xlpkg.form.numbers import plain
from xlpkg.form.text import norm
from xlpkg.year.achievement import read
from xlpkg.year.facts import Facts, is_reason
from xlpkg.year.rules.registry import rule

_INITIAL = "funds.total.initial"


@rule(
    "K14",
    "累计完成值倒退",
    ERROR,
    violates="9月40村，7月45村",
    passes="9月50村，7月45村",
    failing="1 before = 9公里",
    found="1 actual",
    passing="1 before = 6.5公里",
)
@rule(
    "S22",
    "全年完成值低于监控时",
    ERROR,
    violates="监控时45村，全年40村",
    passes="全年70村",
    failing="1 before = 12.5公里",
    found="1 actual",
    passing="1 before = 12.1公里",
)
def nothing_falls_back(facts: Facts) -> Iterator[Observation]:
    """An actual figure is lower than at the last monitoring."""
    for row in facts.rows:
        now, before = row.achieved.number, row.before.number
        if row.grows and now is not None and before is not None and now < before:
            yield Observation(
                row.row.row,
                "actual",
                f"完成值{norm(row.row.actual)}，比上次监控时的{norm(row.row.before)}还少",
                "完成值是累计数，请核对两次的数。",
                actual=norm(row.row.actual),
                expected=f"不少于{norm(row.row.before)}",
            )


@rule(
    "K15",
    "目标值与申报表不同",
    ERROR,
    violates="申报≥70村，表上≥50村",
    passes="≥70村",
    failing="1 target = ≥7公里\n1 forecast = 7公里",
    found="1 target",
    passing="1 adjusted = ≥11公里\n1 basis = 云财预〔2024〕18号",
)
@rule(
    "S19",
    "目标值与申报表不同",
    ERROR,
    violates="申报≥70村，表上≥50村",
    passes="≥70村",
    failing="1 target = ≥11公里",
    found="1 target",
    passing="1 adjusted = ≥11公里\n1 basis = 云财预〔2024〕18号",
)
def target_is_as_declared(facts: Facts) -> Iterator[Observation]:
    """A target is not that of the declaration, and no approved change is given."""
    for row in facts.rows:
        if row.declared is None:
            continue
        declared = row.declared.value
        same = read(declared, facts.declared).canonical == read(row.row.target, facts.declared).canonical
        if not same and not is_reason(row.row.basis):
            yield Observation(
                row.row.row,
                "target",
                f"目标值是{norm(row.row.target)}，申报表是{norm(declared)}",
                "请恢复申报的目标值；经批准调整的，写“调整后目标值”和批准文件。",
                fix=offered(row.row.row, "target", declared),
                actual=norm(row.row.target),
                expected=norm(declared),
            )
        elif norm(row.row.adjusted) and not is_reason(row.row.basis):
            what = f"目标值由{norm(declared)}调整为{norm(row.row.adjusted)}，没有写批准文件"
            yield Observation(row.row.row, "basis", what, "请写明哪个部门、哪份文件批准的。")


@rule(
    "K16",
    "指标缺失或新增",
    ERROR,
    violates="申报11条，监控表10条",
    passes="11条都在",
    failing="drop 6",
    found="rows",
    passing="6 note = 已核对",
)
def rows_are_those_declared(facts: Facts) -> Iterator[Observation]:
    """A declared indicator has no row, or a row has no declared indicator."""
    yield from _rows(facts)


@rule(
    "S20",
    "指标缺失、新增，或权重与申报表不同",
    ERROR,
    violates="申报11条，自评表10条",
    passes="11条都在",
    failing="drop 6\n5 points = 16\n5 score = 16",
    found="rows",
    passing="6 note = 已核对",
)
def rows_and_weights_are_those_declared(facts: Facts) -> Iterator[Observation]:
    """A declared indicator has no row, a row has no declared indicator, or its points are not the declared weight."""
    yield from _rows(facts)
    for row in facts.rows:
        declared = numbers.parse(row.declared.extra.get("weight", ""), percent=True) if row.declared else None
        if declared is not None and row.points is not None and row.points != declared:
            yield Observation(
                row.row.row,
                "points",
                f"分值{plain(row.points)}，申报时的权重是{plain(declared)}",
                "请恢复申报的权重。",
                fix=offered(row.row.row, "points", plain(declared)),
                actual=plain(row.points),
                expected=plain(declared),
            )


def _rows(facts: Facts) -> Iterator[Observation]:
    if not facts.form.compared:
        return
    there = {r.row.ref for r in facts.rows}
    for indicator in facts.form.declaration.indicators:
        if not indicator.blank and indicator.row not in there:
            what = f"申报表第{indicator.row}行“{norm(indicator.name)}”（{norm(indicator.value)}）在表里没有"
            yield Observation(None, "rows", what, "申报的指标一条都不能少，请补上。", expected=norm(indicator.name))
    for row in facts.rows:
        if row.declared is None:
            yield Observation(row.row.row, "name", "申报表里没有这条指标", "请核对；经批准新增的，在备注写明批准文件。")
        elif norm(row.row.name) != norm(row.declared.name):
            what = f"名称与申报表第{row.declared.row}行“{norm(row.declared.name)}”不同，按同一条指标处理"
            yield Observation(row.row.row, "name", what, "请确认是同一条指标。", severity=WARNING)


@rule(
    "K17",
    "预算数与申报表不符",
    WARNING,
    violates="申报220万元，表上200万元",
    passes="220万元",
    failing="funds.total.initial = 150\nfunds.budget_wan.initial = 150",
    found=f"{_INITIAL} error",
    passing="funds.total.initial = 140.0",
)
def budget_is_as_declared(facts: Facts) -> Iterator[Observation]:
    """年初预算数 is not the declared money; an error without a reason."""
    initial, declared = facts.amount(facts.form.money.initial), facts.declared_funds
    if initial is None or declared is None or initial == declared:
        return
    reason = is_reason(facts.form.money.reason)
    yield _other_budget(facts, initial, declared, ERROR if not reason else "")


def _other_budget(facts: Facts, now: Decimal, then: Decimal, severity: str) -> Observation:
    return Observation(
        None,
        _INITIAL,
        f"年初预算数{facts.shown(now)}，申报表是{facts.shown(then)}",
        f"请核对；不同的，在“{facts.label('funds.total.reason')}”写明原因。",
        actual=plain(facts.in_unit(now)),
        expected=plain(facts.in_unit(then)),
        difference=plain(facts.in_unit(now - then)),
        severity=severity,
    )


@rule(
    "S21",
    "预算变动未说明",
    WARNING,
    violates="申报861万元，全年预算2030万元，没有说明",
    passes="全年预算与申报相同",
    failing="funds.total.adjusted = 139\nexecution_score = 10\ntotal = 99.6",
    found="funds.total.adjusted",
    passing="funds.total.adjusted = 139\nfunds.total.reason = 县财政收回结余1万元\nexecution_score = 10\ntotal = 99.6",
)
def change_of_budget_has_a_reason(facts: Facts) -> Iterator[Observation]:
    """The budget is not the declared money and no reason is given; an error where it changed by more than a fifth."""
    declared, form = facts.declared_funds, facts.form.money
    if not declared or is_reason(form.reason):
        return
    initial = facts.amount(form.initial)
    if initial is not None and initial != declared:
        yield _other_budget(facts, initial, declared, ERROR)
        return
    adjusted = None if left_blank(form.adjusted) else facts.amount(form.adjusted)
    if adjusted is None or adjusted == declared:
        return
    change = abs(adjusted / declared - 1) * 100
    label = facts.label("funds.total.reason")
    yield Observation(
        None,
        "funds.total.adjusted",
        f"申报{facts.shown(declared)}，全年预算{facts.shown(adjusted)}，没有说明",
        f"请在“{label}”写明预算调整的原因。",
        actual=plain(facts.in_unit(adjusted)),
        expected=plain(facts.in_unit(declared)),
        difference=plain(facts.in_unit(adjusted - declared)),
        severity=ERROR if change > facts.profile.limits.budget_change else "",
    )


@rule(
    "S23",
    "监控时“完全不可能”，自评却满分",
    WARNING,
    violates="7月完全不可能，自评满分",
    passes="7月有可能，自评满分",
    failing="1 before_chance = 完全不可能",
    found="1 score",
    passing="1 before_chance = 有可能",
)
def the_impossible_is_explained(facts: Facts) -> Iterator[Observation]:
    """A target that was called impossible in the monitoring has full points."""
    for row in facts.scored:
        if "不可能" in norm(row.row.before_chance) and row.score is not None and row.score == row.points and not row.why:
            what = f"监控时选了“{norm(row.row.before_chance)}”，自评得了满分"
            yield Observation(row.row.row, "score", what, "请说明后来是怎么完成的。")
