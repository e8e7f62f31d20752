"""Group B: the cost rows against the money."""

from collections.abc import Iterator
from decimal import Decimal

from xlpkg.audit.evidence import Evidence
from xlpkg.audit.finding import ERROR, WARNING, Finding
from xlpkg.audit.items import items_of
from xlpkg.audit.rules.registry import rule
from xlpkg.form import money
from xlpkg.form.declaration import FUNDS
from xlpkg.form.target import plain


@rule(
    "B01", "没有资金或金额为负", ERROR, basis="项目支出须有资金来源",
    violates="本级-65；本级0且上级0", passes="本级0、省级60",
)  # fmt: skip
def there_is_money(evidence: Evidence) -> Iterator[Finding]:
    """The local budget is negative, or local and upper money together are 0."""
    budget, funds = evidence.budget, evidence.cost.funds
    if budget is not None and (budget < 0 or funds == 0):
        what = f"预算金额是负数（{evidence.amount(budget)}）" if budget < 0 else "本级和上级资金合计为0"
        yield Finding(None, "budget_wan", what, "预算金额须大于0，请核对。", actual=evidence.amount(budget))


@rule(
    "B02", "成本合计超过预算", ERROR, basis="财预〔2015〕88号：与预算确定的投资额或资金量相匹配",
    violates="分项合计493.2万元，资金486万元", passes="分项合计486万元，资金486万元",
)  # fmt: skip
def costs_are_within_the_funds(evidence: Evidence) -> Iterator[Finding]:
    """The cost items add up to more than the funds, or a total row is more than the funds."""
    cost = evidence.cost
    if not cost.settled or cost.funds is None:
        return
    highest = max([cost.sum_of_items, *(a for _, _, a in cost.totals)])
    if highest > cost.funds:
        over = evidence.amount(highest - cost.funds)
        what = f"成本指标合计{evidence.amount(highest)}，超过可用资金{evidence.amount(cost.funds)}，多出{over}"
        yield Finding(
            None, "cost", what, "请调整成本指标或核对预算金额。",
            actual=evidence.amount(highest), expected=evidence.amount(cost.funds), difference=over,
        )  # fmt: skip


@rule(
    "B03", "成本合计小于预算", WARNING, basis="财预〔2015〕88号：资金匹配性",
    violates="分项合计87.6万元，预算96万元", passes="分项合计96万元，预算96万元",
)  # fmt: skip
def costs_use_up_the_funds(evidence: Evidence) -> Iterator[Finding]:
    """The cost items add up to less than the funds and not to the local budget alone."""
    cost = evidence.cost
    if not cost.settled or cost.funds is None or not 0 < cost.sum_of_items < cost.funds or cost.sum_of_items == cost.budget:
        return
    missing = evidence.amount(cost.funds - cost.sum_of_items)
    unread = "（第" + "、".join(str(r) for r in cost.unread) + "行没有可以相加的金额）" if cost.unread else ""
    what = f"成本指标合计{evidence.amount(cost.sum_of_items)}，还有{missing}没有写进成本指标{unread}"
    yield Finding(
        None, "cost", what, "请补充分项或说明。",
        actual=evidence.amount(cost.sum_of_items), expected=evidence.amount(cost.funds), difference=missing,
    )  # fmt: skip


@rule(
    "B04", "分项合计超过总成本", ERROR, basis="分项之和不大于总成本",
    violates="总成本≤200万元，分项合计205万元", passes="总成本≤200万元，分项合计200万元",
)  # fmt: skip
def items_are_within_the_total_row(evidence: Evidence) -> Iterator[Finding]:
    """At least two cost items add up to more than the largest total row."""
    cost = evidence.cost
    if not cost.settled or len(cost.items) < 2 or not cost.totals:
        return
    _, name, largest = max(cost.totals, key=lambda t: t[2])
    if cost.sum_of_items > largest:
        over = evidence.amount(cost.sum_of_items - largest)
        what = f"分项合计{evidence.amount(cost.sum_of_items)}，大于“{name}”{evidence.amount(largest)}，多出{over}"
        yield Finding(
            None, "cost", what, "请核对分项和总成本。",
            actual=evidence.amount(cost.sum_of_items), expected=evidence.amount(largest), difference=over,
        )  # fmt: skip


@rule(
    "B05", "成本指标没有金额", ERROR, basis="成本指标写出金额上限",
    violates="控制在预算以内；参照政府采购成本控制", passes="≤54.5万元；成本节约率≥5%",
)  # fmt: skip
def cost_row_has_an_amount(evidence: Evidence) -> Iterator[Finding]:
    """A cost row's readable value is neither money nor a rate."""
    for row in evidence.under(evidence.profile.cost_l2):
        if row.stop or row.target.kind == "bare":
            continue
        if not any(q.family == "money" or (q.family == "ratio" and q.unit != "倍") for q in row.target.quantities):
            what = f"成本指标的值“{row.target.norm}”没有金额"
            yield Finding(row.row, "value", what, "请换成金额，例如“≤××万元”。", actual=row.target.norm)


@rule(
    "B06", "成本只覆盖本级资金", WARNING, basis="成本应覆盖全部资金",
    violates="本级58、中央20，成本合计58万元", passes="本级58、中央20，成本合计78万元",
)  # fmt: skip
def costs_cover_upper_funds(evidence: Evidence) -> Iterator[Finding]:
    """There is upper money, and the cost items add up to the local budget exactly."""
    cost = evidence.cost
    if cost.settled and cost.upper_sum and cost.sum_of_items == cost.budget and cost.items:
        upper = evidence.amount(cost.upper_sum)
        what = f"成本合计等于本级资金，上级资金{upper}没有成本指标"
        yield Finding(None, "cost", what, "请确认，或补充上级资金的成本指标。", difference=upper)


@rule(
    "B07", "上级资金格式错误", ERROR, basis="表式：上级资金分级填报，单位万元",
    violates="中央：若干", passes="中央：0",
)  # fmt: skip
def upper_funds_are_amounts(evidence: Evidence) -> Iterator[Finding]:
    """An upper-level fund is not blank and no plain decimal amount of at least 0."""
    for level in FUNDS:
        if evidence.upper_funds[level] is None:
            field = f"upper_funds.{level}"
            typed = evidence.declaration.header(field)
            what = f"写的是“{typed.strip()}”，不是数字"
            suggestion = f"请填数字，单位{evidence.profile.money_unit}；没有的填“0”。"
            yield Finding(None, field, what, suggestion, actual=typed)


@rule(
    "B10", "单次活动成本偏高", WARNING, basis="资金匹配性：目标与资金量匹配",
    violates="网络综合治理25万元，调度会1次", passes="6万元，6次",
)  # fmt: skip
def cost_of_an_event_is_moderate(evidence: Evidence) -> Iterator[Finding]:
    """A cost item divided by the number of events of its quantity row exceeds max_event_cost."""
    limit = evidence.profile.limits.max_event_cost * Decimal(10000)
    items = items_of(evidence)
    for row in items.costs:
        events = [q for o in items.namesakes(row) if (q := o.quantity) and evidence.profile.has("event_unit", q.unit)]
        number = sum((q.upper for q in events), Decimal(0))
        if row.amount is not None and number > 0 and row.amount / number > limit:
            each = money.in_unit((row.amount / number).quantize(Decimal(1)), "万元") + "万元"
            what = f"{evidence.amount(row.amount)}只对应{plain(number)}{events[0].unit}，平均每{events[0].unit}{each}，偏高"
            most = f"{plain(limit / 10000)}万元以内"
            yield Finding(row.row, "value", what, "请补充其他产出，或说明理由。", actual=each, expected=most)


@rule(
    "B11", "大额事项没有量化产出", WARNING, basis="资金匹配性：目标与资金量匹配",
    violates="网评工作30万元（占21.4%），数量“随机”", passes="网评工作30万元，数量≥500条",
)  # fmt: skip
def large_item_has_an_output(evidence: Evidence) -> Iterator[Finding]:
    """A cost item of at least large_share of the funds has no quantity row, or one without a figure."""
    cost, items = evidence.cost, items_of(evidence)
    if not cost.settled:
        return
    for row in items.costs:
        share = cost.share(row.amount) if row.amount is not None else None
        if share is None or share * 100 < evidence.profile.limits.large_share:
            continue
        outputs = items.quantities_of(row)
        if all(o.target.kind in ("empty", "placeholder", "unmeasurable", "qualitative", "date") for o in outputs):
            percent = f"{share * 100:.1f}%"
            what = f"“{row.name}”占预算{percent}，但没有量化的产出"
            yield Finding(row.row, "value", what, "请在数量指标里补充做多少。", actual=percent)
