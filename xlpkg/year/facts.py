"""A later form as its rules see it: targets, actual values, money and points read once."""

import re
from decimal import Decimal
from functools import cached_property

import msgspec

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.form import money, numbers
from xlpkg.form.blanks import left_blank
from xlpkg.form.declaration import Indicator
from xlpkg.form.profile import Profile
from xlpkg.form.target import Target
from xlpkg.form.text import norm
from xlpkg.form.units import MONEY
from xlpkg.year import points as arithmetic
from xlpkg.year.achievement import Achieved, achieved, aim_of, full_points, read
from xlpkg.year.form import SELF_EVALUATION, Money, YearForm, YearRow
from xlpkg.year.profile import YearProfile

_NO_REASON = re.compile(r"[/\-—–_0.。、\s]*|无|无偏差|没有偏差|没有|不涉及|不适用|同上|略")
_WHOLE = Decimal(100)
_ADDED_UP = ("count", "measure", "money", "other", "")
"""Families of units whose figures grow over the year; a rate does not."""


class RowFacts(msgspec.Struct, frozen=True):
    """A row with what was read of it.

    `target` is the one that counts: the adjusted one where a change was approved. `expected` are the least and the most points that
    the actual value earns, None where a person decides. `declared` is the row of the declaration.
    """

    row: YearRow
    target: Target
    achieved: Achieved
    forecast: Achieved
    before: Achieved
    points: Decimal | None
    score: Decimal | None
    expected: tuple[Decimal, Decimal] | None
    declared: Indicator | None

    @property
    def why(self) -> bool:
        """A reason is given."""
        return is_reason(self.row.why)

    @property
    def lower_bound(self) -> bool:
        """The target is one to be reached: ≥, >, = or a bare number."""
        aim = aim_of(self.target)
        return aim is not None and aim.low is not None and aim.high is None

    @property
    def grows(self) -> bool:
        """The figure grows over the year, so that half of it is expected by the middle of the year."""
        aim = aim_of(self.target)
        return self.lower_bound and aim is not None and aim.family in _ADDED_UP and aim.low != 0


class Facts:
    """A later form with its profile and that of its declaration."""

    def __init__(self, form: YearForm, profile: YearProfile, declared: Profile) -> None:
        self.form, self.profile, self.declared = form, profile, declared
        self.evidence = Evidence(form.declaration, declared)
        by_row = {i.row: i for i in form.declaration.indicators}
        self.rows = tuple(self._row(row, by_row.get(row.ref or 0)) for row in form.rows)

    def _row(self, row: YearRow, indicator: Indicator | None) -> RowFacts:
        def against(target: Target, text: str) -> Achieved:
            return achieved(target, text, self.declared, self.profile, self.evidence.year)

        target = read(row.adjusted if norm(row.adjusted) else row.target, self.declared)
        got = against(target, row.actual)
        points = numbers.parse(row.points)
        return RowFacts(
            row=row,
            target=target,
            achieved=got,
            forecast=against(target, row.forecast),
            before=against(target, row.before),
            points=points,
            score=numbers.parse(row.score),
            expected=None if points is None else full_points(got, target, points, self.profile),
            declared=indicator if self.form.compared else None,
        )

    def label(self, field: str) -> str:
        """What the form calls a field or column, with the months that are monitored."""
        return self.profile.label(field).replace("{months}", f"1—{self.form.month}月")

    # --- money, in 元 -----------------------------------------------------------------------------------------------

    def amount(self, text: str) -> Decimal | None:
        """An amount in 元; None for a blank or what is none."""
        return money.parse(text, self.declared.money_unit)

    def budget_of(self, row: Money) -> Decimal | None:
        """The budget of a row of the funds: the adjusted one, else that of the beginning of the year."""
        return self.amount(row.initial if left_blank(row.adjusted) else row.adjusted)

    @cached_property
    def budget(self) -> Decimal | None:
        return self.budget_of(self.form.money)

    @cached_property
    def executed(self) -> Decimal | None:
        return self.amount(self.form.money.executed)

    @cached_property
    def rate(self) -> Decimal | None:
        """The 执行率 as a share; None without a budget or without 执行数."""
        return None if self.budget is None or self.executed is None else arithmetic.rate(self.executed, self.budget)

    @cached_property
    def declared_funds(self) -> Decimal | None:
        """The money of the declaration; None if nothing is compared or it is not readable.

        本级 and upper levels; 本级 alone where the form's 年初预算数 is that, as the upper money often comes in the year.
        """
        if not self.form.compared:
            return None
        own, whole = self.evidence.budget, self.evidence.cost.funds
        return own if own and own == self.amount(self.form.money.initial) else whole

    def shown(self, yuan: Decimal) -> str:
        """Money in the form's unit, for a sentence."""
        return money.in_unit(yuan, self.declared.money_unit) + self.declared.money_unit

    def in_unit(self, yuan: Decimal) -> Decimal:
        """Money as a number in the form's unit."""
        return yuan / MONEY[self.declared.money_unit]

    # --- points -----------------------------------------------------------------------------------------------------

    @cached_property
    def execution_points(self) -> Decimal | None:
        text = self.form.execution_points
        if norm(text):
            return numbers.parse(text)
        given = arithmetic.summed(r.points for r in self.rows if r.points is not None)
        among_rows = not self.form.compared and not norm(self.form.execution_score) and (given == 0 or given >= _WHOLE)
        return Decimal(0) if among_rows else self.profile.execution  # some forms score the 执行率 as one of the indicators

    @cached_property
    def execution_score(self) -> Decimal | None:
        score = self.form.execution_score
        return Decimal(0) if not norm(score) and self.execution_points == 0 else numbers.parse(score)

    @cached_property
    def execution_expected(self) -> Decimal | None:
        """The points that the 执行率 earns; None where it cannot be computed."""
        if self.budget is None or self.executed is None or self.execution_points is None:
            return None
        return arithmetic.execution(self.executed, self.budget, self.execution_points)

    @cached_property
    def scored(self) -> tuple[RowFacts, ...]:
        """The rows with points."""
        return tuple(r for r in self.rows if r.points is not None)

    @cached_property
    def total(self) -> Decimal | None:
        """The sum of the points given; None as long as one is missing. A form without points has scores all the same."""
        scores = [r.score for r in self.scored] or [r.score for r in self.rows if norm(r.row.score)]
        if not scores or None in scores or self.execution_score is None:
            return None
        return self.execution_score + arithmetic.summed(s for s in scores if s is not None)

    # --- progress ---------------------------------------------------------------------------------------------------

    @property
    def share_of_year(self) -> Decimal:
        """What part of the year the monitored months are."""
        return Decimal(self.form.month) / 12

    def light(self, facts: RowFacts) -> str:
        """green, yellow or red: an indicator's progress against the share of the year; "" where it cannot be said."""
        if not facts.grows or facts.achieved.share is None:
            return ""
        progress = facts.achieved.share * 100
        if progress < self.profile.limits.red * self.share_of_year:
            return "red"
        return "yellow" if progress < self.profile.limits.yellow * self.share_of_year else "green"

    @property
    def is_evaluation(self) -> bool:
        return self.form.kind == SELF_EVALUATION


def is_reason(text: str) -> bool:
    """The text says something: it is no dash, 0 or 无."""
    return not _NO_REASON.fullmatch(norm(text))
