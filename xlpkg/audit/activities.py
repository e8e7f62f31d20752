"""事项对照: which activity has which indicators, and what share of the money."""

from decimal import Decimal

import msgspec

from xlpkg.audit.evidence import Evidence, Row
from xlpkg.audit.items import alike, covers


class Activity(msgspec.Struct, frozen=True):
    """One activity: its rows by second-level category; `amount` in 元, None without a cost row that adds up."""

    name: str
    rows: dict[str, tuple[Row, ...]]
    amount: Decimal | None
    share: Decimal | None
    missing: tuple[str, ...]


def categories(evidence: Evidence) -> tuple[str, ...]:
    """The categories an activity is expected to have a row in: quantity, quality, time, cost."""
    roles = evidence.profile.roles
    return roles.quantity, roles.quality, roles.time, evidence.profile.cost_l2


def activities(evidence: Evidence) -> list[Activity]:
    """The activities of the output and cost rows, those with money first as typed; total rows are none."""
    wanted = categories(evidence)
    groups: dict[str, list[Row]] = {}
    threshold = evidence.profile.limits.similar_names
    for category in (wanted[3], *wanted[:3]):
        for row in evidence.under(category):
            if not row.name or (category == wanted[3] and evidence.profile.has("total_row", row.name)):
                continue
            key = row.key if row.key in groups else _near(row.key, groups, threshold)
            groups.setdefault(key, []).append(row)
    return [_activity(evidence, rows, wanted) for rows in groups.values()]


def _near(key: str, groups: dict[str, list[Row]], threshold: float) -> str:
    close = [other for other in groups if alike(key, other, threshold)]
    return next(iter(close or [other for other in groups if covers(key, other)]), key)


def _activity(evidence: Evidence, rows: list[Row], wanted: tuple[str, ...]) -> Activity:
    by_category = {c: tuple(r for r in rows if r.category == c) for c in wanted}
    amounts = [r.amount for r in by_category[wanted[3]] if r.amount is not None]
    amount = sum(amounts, Decimal(0)) if amounts else None
    return Activity(
        name=rows[0].name,
        rows=by_category,
        amount=amount,
        share=None if amount is None else evidence.cost.share(amount),
        missing=tuple(c for c in wanted if not by_category[c]),
    )
