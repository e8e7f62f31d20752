"""The arithmetic of the later forms: Decimal, rounded half up to 0.01 once, at the end. Source: 财预〔2020〕10号."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from xlpkg.year.profile import Grade

CENT = Decimal("0.01")
_MOST_DIGITS = 100


def rounded(number: Decimal, step: Decimal = CENT) -> Decimal:
    """To two decimals, half up. A number of more than a hundred digits is a slip of the keyboard and stays as it is."""
    return number if number.adjusted() > _MOST_DIGITS else number.quantize(step, ROUND_HALF_UP, Context(prec=2 * _MOST_DIGITS))


def at_least(goal: Decimal, actual: Decimal, points: Decimal) -> Decimal:
    """Points of a ≥, > or = target: all of them where it is reached, else their share."""
    if actual >= goal:
        return rounded(points)
    if goal <= 0:
        return rounded(Decimal(0))
    return rounded(points * max(actual, Decimal(0)) / goal)


def exactly_none(actual: Decimal, points: Decimal) -> Decimal:
    """Points of a target that is 0."""
    return rounded(points if actual <= 0 else Decimal(0))


def at_most(goal: Decimal, actual: Decimal, points: Decimal, reverse: str) -> Decimal:
    """Points of a ≤ or < target; `reverse` is "ratio" (goal ÷ actual) or "excess" (1 − excess ÷ goal, from double on nothing)."""
    if actual <= goal:
        return rounded(points)
    if goal <= 0:
        return rounded(Decimal(0))
    if reverse == "ratio":
        return rounded(points * goal / actual)
    return rounded(points * (2 * goal - actual) / goal) if actual < 2 * goal else rounded(Decimal(0))


def execution(executed: Decimal, budget: Decimal, points: Decimal) -> Decimal | None:
    """Points of the 执行率, at most all of them; None without a budget."""
    return None if budget == 0 else min(rounded(points), rounded(points * executed / budget))


def rate(executed: Decimal, budget: Decimal) -> Decimal | None:
    """The 执行率 as a share; None without a budget."""
    return None if budget == 0 else executed / budget


def grade_of(total: Decimal, grades: Sequence[Grade]) -> str:
    """The best grade that a total reaches, "" below all of them."""
    reached = [g for g in grades if total >= g.least]
    return max(reached, key=lambda g: g.least).name if reached else ""


def shared_out(points: Decimal, rows: int) -> list[Decimal]:
    """Points over some rows, as even as whole points allow, tenths where there are more rows than points; the sum is exact."""
    if not rows:
        return []
    whole = points == points.to_integral_value() and rows <= points
    step = Decimal(1) if whole else Decimal("0.1") if rows <= points * 10 else CENT
    units = int(points / step)
    each, more = divmod(units, rows)
    shares = [(each + (n < more)) * step for n in range(rows)]
    return [shares[0] + points - sum(shares, Decimal(0)), *shares[1:]]


def summed(numbers: Iterable[Decimal]) -> Decimal:
    """The sum, 0 of none."""
    return sum(numbers, Decimal(0))
