"""事项对照: which activity has which indicators, and what share of the money."""

from decimal import Decimal

import msgspec

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.items import alike, covers
from xlpkg.form.quantity import Quantity


class Activity(msgspec.Struct, frozen=True):
    """One activity: its rows by second-level category; `amount` in 元, None without a cost row that adds up.

    Rows under quality or time alone (验收合格率) speak of the whole project: nothing is missing beside them.
    `each` is the amount for one `unit` of what is delivered (次, 公里, 人), in 元, rounded to the yuan.
    """

    name: str
    rows: dict[str, tuple[Row, ...]]
    amount: Decimal | None
    share: Decimal | None
    missing: tuple[str, ...]
    each: Decimal | None = None
    unit: str = ""


def categories(evidence: Evidence) -> tuple[str, ...]:
    """The categories an activity is expected to have a row in: quantity, quality, time, cost."""
    roles = evidence.profile.roles
    return roles.quantity, roles.quality, roles.time, next(iter(evidence.profile.cost_categories), "")


def activities(evidence: Evidence) -> list[Activity]:
    """The activities of the output and cost rows, those with money first as typed; total rows are none."""
    wanted = categories(evidence)
    groups: dict[str, list[Row]] = {}
    threshold = evidence.profile.limits.similar_names
    for category in (wanted[3], *wanted[:3]):
        for row in evidence.costs if category == wanted[3] else evidence.under(category):
            if not row.name or (category == wanted[3] and evidence.is_total(row)):
                continue
            key = row.key if row.key in groups else _near(row.key, groups, threshold)
            groups.setdefault(key, []).append(row)
    return [_activity(evidence, rows, wanted) for rows in groups.values()]


def _near(key: str, groups: dict[str, list[Row]], threshold: float) -> str:
    close = [other for other in groups if alike(key, other, threshold)]
    return next(iter(close or [other for other in groups if covers(key, other)]), key)


def _activity(evidence: Evidence, rows: list[Row], wanted: tuple[str, ...]) -> Activity:
    by_category = {c: tuple(r for r in rows if r.category == c) for c in wanted[:3]}
    by_category[wanted[3]] = tuple(r for r in rows if evidence.is_cost(r))
    amounts = [r.amount for r in by_category[wanted[3]] if r.amount is not None]
    amount = sum(amounts, Decimal(0)) if amounts else None
    each, unit = _each(amount, by_category[wanted[0]])
    return Activity(
        name=rows[0].name,
        rows=by_category,
        amount=amount,
        share=None if amount is None else evidence.cost.share(amount),
        missing=tuple(c for c in wanted if c in evidence.profile.parent and not by_category[c])
        if by_category[wanted[0]] or by_category[wanted[3]]
        else (),
        each=each,
        unit=unit,
    )


def _each(amount: Decimal | None, quantities: tuple[Row, ...]) -> tuple[Decimal | None, str]:
    """The cost of one unit, where what is delivered is counted or measured in a single unit."""
    found = [q for row in quantities for q in row.target.quantities]
    units = {q.base_unit for q in found}
    number = sum((max(q.numbers) for q in found), Decimal(0))
    if amount is None or len(units) != 1 or number <= 0 or not all(_countable(q) for q in found):
        return None, ""
    return (amount / number).to_integral_value(), units.pop()


def _countable(quantity: Quantity) -> bool:
    return bool(quantity.unit) and "/" not in quantity.unit and quantity.family in ("count", "measure")
