"""A later form made from a declaration: targets, money and points stand in it, what was achieved is left open."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.audit.seal import seal
from xlpkg.form import money, numbers
from xlpkg.form.declaration import Declaration, Indicator
from xlpkg.form.fields import TOTAL
from xlpkg.form.numbers import plain
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm, tidy
from xlpkg.year import points as arithmetic
from xlpkg.year.form import MONITORING, SELF_EVALUATION, Money, YearForm, YearRow
from xlpkg.year.profile import YearProfile

_WEIGHT = "weight"


def monitoring(declaration: Declaration, declared: Profile, profile: YearProfile, month: int = 7, *, sealed: str = "") -> YearForm:
    """The monitoring of a declaration for the months up to one; `sealed` is the 校验码 printed on it, if there is one."""
    return YearForm(
        MONITORING, profile.id, declaration, month=month, funds=_funds(declaration, declared, profile),
        rows=tuple(_row(i, declared) for i in declaration.indicators if not i.blank),
        seal=sealed or seal(Evidence(declaration, declared)),
    )  # fmt: skip


def evaluation(declaration: Declaration, declared: Profile, profile: YearProfile, *, sealed: str = "") -> YearForm:
    """The self-evaluation of a declaration, with the points of its rows; declared weights leave the rest of 100 for the 执行率."""
    indicators = [i for i in declaration.indicators if not i.blank]
    points = row_points(indicators, declared, profile)
    rows = (msgspec.structs.replace(_row(i, declared), points=points.get(i.row, "")) for i in indicators)
    given = [numbers.parse(text) or Decimal(0) for text in points.values()]
    left = max(Decimal(100) - sum(given, Decimal(0)), Decimal(0)) if _declared_weights(indicators) else profile.execution
    return YearForm(
        SELF_EVALUATION, profile.id, declaration, month=12, funds=_funds(declaration, declared, profile), rows=tuple(rows),
        execution_points=plain(left), seal=sealed or seal(Evidence(declaration, declared)),
    )  # fmt: skip


def knowing(form: YearForm, earlier: YearForm) -> YearForm:
    """The form with what an earlier monitoring said: its actual values and possibilities, adjusted targets, budget, reasons."""
    said = {r.ref: r for r in earlier.rows if r.ref is not None}

    def row(r: YearRow) -> YearRow:
        if r.ref is None or r.ref not in said:
            return r
        before = said[r.ref]
        return msgspec.structs.replace(
            r, before=before.actual, before_chance=before.chance, adjusted=before.adjusted, basis=before.basis
        )

    funds = {
        source: msgspec.structs.replace(m, adjusted=before.adjusted, reason=before.reason)
        if (before := earlier.funds.get(source)) else m
        for source, m in form.funds.items()
    }  # fmt: skip
    return msgspec.structs.replace(form, rows=tuple(map(row, form.rows)), funds=funds)


def row_points(indicators: list[Indicator], declared: Profile, profile: YearProfile) -> Mapping[int, str]:
    """Row → points: the declared weights where the form has them, else the points of each block over its rows."""
    if weights := _declared_weights(indicators):
        return weights
    blocks: dict[str, list[int]] = {}
    for i in indicators:
        blocks.setdefault(declared.l1(i.l1), []).append(i.row)
    wanted = profile.weights_of(declared) or {}
    shares = _block_points(list(blocks), wanted, Decimal(100) - profile.execution)
    found: dict[int, str] = {}
    for level, rows in blocks.items():
        each = arithmetic.shared_out(shares.get(level, Decimal(0)), len(rows))
        found |= {row: plain(points) for row, points in zip(rows, each, strict=True)}
    return found


def _declared_weights(indicators: list[Indicator]) -> dict[int, str]:
    """Row → declared weight, if every row has one."""
    weights = {i.row: norm(i.extra.get(_WEIGHT, "")).removesuffix("%") for i in indicators}
    return weights if all(weights.values()) else {}


def _block_points(levels: list[str], wanted: Mapping[str, Decimal], whole: Decimal) -> dict[str, Decimal]:
    """The points of the first levels that are there; those of a missing one go to the level before it, or the next.

    Where the form prescribes none, the levels share the whole evenly.
    """
    if not wanted or not set(levels) <= set(wanted):
        return dict(zip(levels, arithmetic.shared_out(whole, len(levels)), strict=True))
    order = list(wanted)
    found = {level: wanted[level] for level in order if level in levels}
    for n, level in enumerate(order):
        if level not in found:
            heirs = [*reversed(order[:n]), *order[n:]]
            heir = next((h for h in heirs if h in found), None)
            if heir is not None:
                found[heir] += wanted[level]
    return found


def _row(indicator: Indicator, declared: Profile) -> YearRow:
    return YearRow(
        row=indicator.row, ref=indicator.row, l1=declared.l1(indicator.l1), l2=declared.l2(indicator.l2),
        name=tidy(indicator.name), target=tidy(indicator.value),
    )  # fmt: skip


def _funds(declaration: Declaration, declared: Profile, profile: YearProfile) -> dict[str, Money]:
    """The money of the declaration: the total, and below it the sources that are filled in.

    It stands in 年初预算数, in a form without that in 全年预算数.
    """
    column = "initial" if any(c.key == "initial" for c in profile.money_columns) else "adjusted"
    evidence = Evidence(declaration, declared)
    unit = declared.money_unit
    parts = {f: evidence.funds.get(f) for f in declared.parts_of(TOTAL)}
    total = evidence.cost.funds
    found = {TOTAL: Money(**{column: "" if total is None else money.in_unit(total, unit)})}
    filled = {f: amount for f, amount in parts.items() if amount}
    return found | {source_of(f): Money(**{column: money.in_unit(amount, unit)}) for f, amount in filled.items()}


def source_of(field: str) -> str:
    """A source of money as the later forms name it: upper_funds.city → city."""
    return field.rpartition(".")[2]
