"""Group B: the cost rows against the money."""

import re
from collections.abc import Iterator
from decimal import Decimal

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import ERROR, INFO, WARNING, Observation, offered
from xlpkg.audit.facts.items import Items, alike, covers
from xlpkg.audit.rules.registry import rule
from xlpkg.form import dates, money
from xlpkg.form.figures import figures
from xlpkg.form.numbers import plain
from xlpkg.form.text import norm, without_notes
from xlpkg.form.units import MONEY

_CLAUSE = re.compile("[，,。；;\n]")
_LEAST_CONVERTED = Decimal("0.1")  # of the form's unit: less is written in 元


@rule(
    "B01", "没有资金或金额为负", ERROR, basis="项目支出须有资金来源",
    violates="本级-65；本级0且上级0", passes="本级0、省级60",
    failing="budget_wan = 0", found="budget_wan",
    passing="""
        budget_wan = 0
        upper_funds.province = 140
    """,
)  # fmt: skip
def there_is_money(evidence: Evidence) -> Iterator[Observation]:
    """The local budget is negative, or local and upper money together are 0."""
    budget, funds = evidence.budget, evidence.cost.funds
    if budget is not None and (budget < 0 or funds == 0):
        what = f"预算金额是负数（{evidence.amount(budget)}）" if budget < 0 else "本级和上级资金合计为0"
        yield Observation(None, "budget_wan", what, "请核对，资金要大于0。", actual=evidence.amount(budget))


@rule(
    "B02", "成本合计超过预算", ERROR, basis="财预〔2015〕88号：与预算确定的投资额或资金量相匹配",
    violates="分项合计493.2万元，资金486万元", passes="分项合计486万元，资金486万元",
    failing="budget_wan = 139.99", found="cost",
    passing="""
        budget_wan = 100
        upper_funds.province = 40
    """,
)  # fmt: skip
def costs_are_within_the_funds(evidence: Evidence) -> Iterator[Observation]:
    """The cost items add up to more than the funds, or a total row is more than the funds."""
    cost = evidence.cost
    if not cost.settled or cost.funds is None:
        return
    highest = max([cost.sum_of_items, *(row.amount for row in cost.totals)])
    if highest > cost.funds:
        over = evidence.amount(highest - cost.funds)
        what = f"成本指标合计{evidence.amount(highest)}，比可用资金{evidence.amount(cost.funds)}多{over}"
        yield Observation(
            None, "cost", what, "请调整成本指标，或核对预算金额。",
            actual=evidence.amount(highest), expected=evidence.amount(cost.funds), difference=over,
        )  # fmt: skip


@rule(
    "B03", "成本合计小于预算", WARNING, basis="财预〔2015〕88号：资金匹配性",
    violates="分项合计87.6万元，预算96万元", passes="分项合计96万元，预算96万元",
    failing="budget_wan = 140.01", found="cost",
    passing="""
    """,
)  # fmt: skip
def costs_use_up_the_funds(evidence: Evidence) -> Iterator[Observation]:
    """The cost items add up to less than the funds and not to the local budget alone, and every amount can be read.

    Where more matters have only a price (元/平米) than an amount, the amounts are not meant to be all of the cost.
    """
    cost = evidence.cost
    if not cost.settled or cost.funds is None or not 0 < cost.sum_of_items < cost.funds or cost.sum_of_items == cost.budget:
        return
    rows = [r for r in evidence.rows if r.row in cost.unread]
    if any(not (r.quantity and r.quantity.family == "ratio") for r in rows) or evidence.unsettled(
        *evidence.profile.cost_categories
    ):
        return  # another rule speaks of the amount that cannot be read; once it is mended, the sum may be right
    if len(_priced_alone(evidence)) > len(cost.items):
        return
    missing = evidence.amount(cost.funds - cost.sum_of_items)
    what = f"成本指标合计{evidence.amount(cost.sum_of_items)}，还有{missing}资金没有写进成本指标"
    yield Observation(
        None, "cost", what, "请补充分项，或说明用在哪里。",
        actual=evidence.amount(cost.sum_of_items), expected=evidence.amount(cost.funds), difference=missing,
    )  # fmt: skip


@rule(
    "B04", "分项合计超过总成本", ERROR, basis="分项之和不大于总成本",
    violates="总成本≤200万元，分项合计205万元", passes="总成本≤200万元，分项合计200万元",
    failing="+ 成本指标 | 项目总成本 | ≤139万元", found="cost",
    passing="+ 成本指标 | 项目总成本 | ≤140万元",
)  # fmt: skip
def items_are_within_the_total_row(evidence: Evidence) -> Iterator[Observation]:
    """At least two cost items add up to more than the largest total row."""
    cost = evidence.cost
    if not cost.settled or len(cost.items) < 2 or not cost.totals:
        return
    total = max(cost.totals, key=lambda row: row.amount)
    if cost.sum_of_items > total.amount:
        over = evidence.amount(cost.sum_of_items - total.amount)
        what = f"分项合计{evidence.amount(cost.sum_of_items)}，比“{total.name}”{evidence.amount(total.amount)}多{over}"
        yield Observation(
            None, "cost", what, "请核对分项和总成本。",
            actual=evidence.amount(cost.sum_of_items), expected=evidence.amount(total.amount), difference=over,
        )  # fmt: skip


@rule(
    "B05", "成本指标没有金额", ERROR, basis="成本指标写出金额上限",
    violates="控制在预算以内；参照政府采购成本控制", passes="≤54.5万元；成本节约率≥5%",
    failing="+ 成本指标 | 修复危桥第三方监理费 | 参照政府采购成本控制", found="12 value",
    passing="+ 成本指标 | 修复危桥第三方监理费节约率 | ≥5%",
)  # fmt: skip
def cost_row_has_an_amount(evidence: Evidence) -> Iterator[Observation]:
    """A cost row's readable value is neither money nor a rate; one rate is named where no cost row has an amount."""
    readable = [r for r in evidence.costs if not r.stop and r.target.kind != "bare"]
    rates = [r for r in readable if any(q.family == "ratio" and q.unit != "倍" for q in r.target.quantities)]
    rest = _not_yet_written(evidence)
    for row in readable:
        if row in rates or any(q.family == "money" for q in row.target.quantities):
            continue
        to = f"，如“≤{rest}”（资金减去其他成本）" if rest else f"，如“≤××{evidence.profile.money_unit}”"
        what = f"成本要写金额，写的是“{row.target.norm}”"
        yield Observation(
            row.row, "value", what, f"请写金额{to}。", actual=row.target.norm, common="成本要写金额，写的是{}", advice="请写金额。"
        )
    settled = len(readable) == len(evidence.costs) and not evidence.unsettled(*evidence.profile.cost_categories)
    if rates and settled and len(rates) + sum(r.amount is None for r in readable if r not in rates) == len(readable):
        row = rates[0]
        what = f"成本指标里没有一条写金额，这里是“{row.target.norm}”"
        yield Observation(row.row, "value", what, "请至少补一条金额，如“总成本≤××万元”。", actual=row.target.norm)


def _not_yet_written(evidence: Evidence) -> str:
    """What is left of the funds for the one cost row without an amount; "" where there are several, or nothing is left."""
    cost = evidence.cost
    if not cost.settled or cost.difference is None or cost.difference <= 0 or len(cost.unread) != 1 or not cost.items:
        return ""
    return evidence.amount(cost.difference)


@rule(
    "B06", "成本只覆盖本级资金", WARNING, basis="成本应覆盖全部资金",
    violates="本级58、中央20，成本合计58万元", passes="本级58、中央20，成本合计78万元",
    failing="upper_funds.central = 20", found="cost",
    passing="""
        budget_wan = 120
        upper_funds.central = 20
    """,
)  # fmt: skip
def costs_cover_upper_funds(evidence: Evidence) -> Iterator[Observation]:
    """There is upper money, and the cost items add up to the local budget exactly."""
    cost = evidence.cost
    if cost.settled and cost.upper_sum and cost.sum_of_items == cost.budget and cost.items:
        upper = evidence.amount(cost.upper_sum)
        what = f"成本合计正好是本级资金，上级资金{upper}没有写进成本指标"
        yield Observation(None, "cost", what, "请核对，或补充上级资金的成本。", difference=upper)


@rule(
    "B07", "上级资金格式错误", ERROR, basis="表式：上级资金分级填报，单位万元",
    violates="中央：若干", passes="中央：0",
    failing="upper_funds.central = 若干", found="upper_funds.central",
    passing="upper_funds.central = 无",
)  # fmt: skip
def upper_funds_are_amounts(evidence: Evidence) -> Iterator[Observation]:
    """An upper-level fund is not blank and no plain decimal amount of at least 0."""
    for field, amount in evidence.funds.items():
        if amount is None and field != "budget_wan":
            typed = evidence.declaration.header(field)
            what = f"写的是“{typed.strip()}”，不是数字"
            suggestion = f"请填数字，单位{evidence.profile.money_unit}；没有的填“0”。"
            yield Observation(None, field, what, suggestion, actual=typed)


@rule(
    "B08", "目标中的金额与预算不符", WARNING, basis="目标文字与预算金额应一致（同一年度、同一单位）",
    violates="目标“投入150万元”，预算140万元", passes="目标“投入140万元”，预算140万元",
    failing="year_goal = 投入150万元，改造农村公路12公里，修复危桥3座。", found="year_goal",
    passing="year_goal = 投入140万元，改造农村公路12公里，修复危桥3座。",
)  # fmt: skip
def money_in_the_goal_is_the_budget(evidence: Evidence) -> Iterator[Observation]:
    """The year's goal names an amount of money put in that is none of the budget's, the funds' or a cost row's amounts.

    What is saved, earned or brought in by others is not compared; nor is the long goal, whose total may be that of years.
    """
    cost = evidence.cost
    if not cost.settled:
        return
    known = {a for a in (cost.budget, cost.funds, cost.upper_sum, cost.total, cost.sum_of_items, *cost.upper) if a is not None}
    known |= {row.amount for row in (*cost.items, *cost.totals)}
    for clause in _CLAUSE.split(without_notes(norm(evidence.declaration.year_goal))):
        if not evidence.profile.has("said_of_money", clause) or evidence.profile.has("other_money", clause):
            continue
        stated = [f for f in figures(dates.explicit(clause)[0]) if f.amount is not None]
        if stated and not any(f.amount in known for f in stated):
            said = stated[0].written()
            budget = evidence.amount(cost.funds or Decimal(0))
            what = f"目标里写“{said}”，预算是{budget}"
            yield Observation(None, "year_goal", what, "请核对，改成一致。", actual=said, expected=budget)
            return


@rule(
    "B09", "数量×单位成本与总额不符", WARNING, basis="成本测算：数量乘单价等于总额",
    violates="3000人×674元/人=202.2万元，成本148.3万元", passes="2200人×674元/人=148.28万元，成本148.3万元",
    failing="+ 成本指标 | 修复危桥补助标准 | =12万元/座", found="12 value",
    passing="+ 成本指标 | 修复危桥补助标准 | =10万元/座",
)  # fmt: skip
def unit_cost_times_number_is_the_cost(evidence: Evidence) -> Iterator[Observation]:
    """A unit cost (元/X) times the quantity in X of its activity differs from the activity's cost by more than 1 %."""
    threshold = evidence.profile.limits.similar_names
    items = evidence.once(Items)
    for row in evidence.costs:
        price = row.quantity
        if not price or price.family != "money" or price.unit.count("/") != 1 or "·" in price.unit:
            continue
        each = price.unit.partition("/")[2]
        stem = _stem(evidence, row)

        def same(other: Row, stem: str = stem) -> bool:
            key = _stem(evidence, other)
            return alike(key, stem, threshold) or covers(key, stem)

        numbers = [q for o in items.quantities if same(o) and (q := o.quantity) and q.base_unit == each and q.high is None]
        costs = [o.amount for o in items.costs if o.row != row.row and o.amount and same(o)] or [
            o.amount for o in evidence.costs if o.amount and evidence.is_total(o) and same(o)
        ]
        if len(numbers) != 1 or len(costs) != 1:
            continue
        product = numbers[0].numbers[0] * price.numbers[0]
        if abs(product - costs[0]) * 100 > costs[0]:
            sums = f"{plain(numbers[0].numbers[0])}{each}×{plain(price.numbers[0])}元"
            spent, expected = evidence.amount(costs[0]), evidence.amount(product)
            what = f"{sums}应为{expected}，成本写的是{spent}"
            yield Observation(row.row, "value", what, "请核对数量、单价和总额。", actual=spent, expected=expected)


def _priced_alone(evidence: Evidence) -> list[str]:
    """What cost rows give the price of, though no item and no total row is about it."""
    threshold = evidence.profile.limits.similar_names
    priced = [r for r in evidence.costs if r.quantity and r.quantity.family == "money" and "/" in r.quantity.unit]
    others = [_stem(evidence, r) for r in evidence.costs if r.amount is not None and r not in priced]
    stems = [_stem(evidence, r) for r in priced]
    return [stem for stem in stems if not any(alike(stem, key, threshold) or covers(stem, key) for key in others)]


def _stem(evidence: Evidence, row: Row) -> str:
    """A row's item without the words that say that it is a price: 劳务补助标准, 人均劳务补助 → 劳务补助."""
    return evidence.profile.pattern("unit_cost").sub("", row.key).removesuffix("标准") or row.key


@rule(
    "B10", "单次活动成本偏高", WARNING, basis="资金匹配性：目标与资金量匹配",
    violates="网络综合治理25万元，调度会1次", passes="6万元，6次",
    failing="2.value = =2次", found="6 value",
    passing="2.value = =3次",
)  # fmt: skip
def cost_of_an_event_is_moderate(evidence: Evidence) -> Iterator[Observation]:
    """A cost item divided by the number of events of its quantity row exceeds max_event_cost."""
    limit = evidence.profile.limits.max_event_cost * Decimal(10000)
    items = evidence.once(Items)
    for row in items.costs:
        events = [q for o in items.namesakes(row) if (q := o.quantity) and evidence.profile.has("event_unit", q.unit)]
        number = sum((q.upper for q in events), Decimal(0))
        if row.amount is not None and number > 0 and row.amount / number > limit:
            each = money.in_unit((row.amount / number).to_integral_value(), "万元") + "万元"
            what = f"{evidence.amount(row.amount)}只办{plain(number)}{events[0].unit}，平均每{events[0].unit}{each}，偏高"
            most = f"{plain(limit / 10000)}万元以内"
            yield Observation(row.row, "value", what, "还做了什么，请补在数量指标里。", actual=each, expected=most)


@rule(
    "B11", "大额事项没有量化产出", WARNING, basis="资金匹配性：目标与资金量匹配",
    violates="网评工作30万元（占21.4%），数量“随机”", passes="网评工作30万元，数量≥500条",
    failing="2.value = 随机", found="M01 2 value; 6 value",
    passing="2.value = ≥3座",
)  # fmt: skip
def large_item_has_an_output(evidence: Evidence) -> Iterator[Observation]:
    """A cost item of at least large_share of the funds has no quantity row, or one without a figure; overheads need none."""
    cost, items = evidence.cost, evidence.once(Items)
    if not cost.settled:
        return
    for row in items.costs:
        share = cost.share(row.amount) if row.amount is not None else None
        if share is None or share * 100 < evidence.profile.limits.large_share:
            continue
        outputs = items.quantities_of(row)
        if not outputs and (items.is_spoken_of(row) or evidence.profile.has("overhead", row.name)):
            continue
        if any(o.stop in ("empty", "placeholder") for o in outputs) or (
            not outputs and evidence.unsettled(evidence.profile.roles.quantity)
        ):
            continue  # C12 or V02 says so at that row
        if all(o.target.kind in ("empty", "placeholder", "unmeasurable", "qualitative", "date") for o in outputs):
            percent = f"{share * 100:.1f}%"
            what = f"“{row.typed_name}”占预算{percent}，数量指标里没有写做多少"
            told = tuple((code, o.row) for o in outputs for code in ("M01", "V03", "M03"))
            yield Observation(
                row.row, "value", what, "请在数量指标里写做多少。", actual=row.name, part_of=(*told, ("X02", row.row)),
                aside=f"这一项占预算{percent}", common="占了大部分预算，数量指标里没有写做多少：{}", expected=percent,
            )  # fmt: skip


@rule(
    "B12", "金额单位与表头不同", INFO, basis="表式：金额单位统一",
    violates="724000元（表头单位万元）", passes="72.4万元",
    failing="6.value = ≤300000元", found="6 value",
    passing="""
    """,
)  # fmt: skip
def costs_use_the_forms_unit(evidence: Evidence) -> Iterator[Observation]:
    """A cost row's money is in another unit than the form's, and is no small sum in 元."""
    unit = evidence.profile.money_unit
    for row in evidence.costs:
        quantity = row.quantity
        if evidence.is_no_part(row) or evidence.profile.has("unit_cost", row.target.norm):
            continue  # 每人每天450元 is best written in 元
        if quantity and quantity.amount is not None and quantity.amount < _LEAST_CONVERTED * MONEY[unit]:
            continue  # 75元 is best written in 元, too
        if quantity and quantity.amount is not None and quantity.unit not in (unit, unit.removesuffix("元")):
            to = f"{quantity.op}{money.in_unit(quantity.amount, unit)}{unit}"
            plain_cell = not quantity.lead and not quantity.tail and quantity.high is None
            fix = offered(row.row, "value", to) if plain_cell else None
            what = f"“{row.target.norm}”的单位与表头不同"
            yield Observation(
                row.row, "value", what, f"换成{unit}是“{to}”。", fix=fix, actual=row.target.norm, expected=to,
                common="{}的单位与表头不同", advice=f"请换成{unit}。",
            )  # fmt: skip
