"""The cost rows added up against the money: Decimal, in 元 (for B02 to B06)."""

from decimal import Decimal
from functools import cached_property

import msgspec

from xlpkg.form import money

_ZERO = Decimal(0)


class CostRow(msgspec.Struct, frozen=True):
    """A cost row whose amount, in 元, can be read."""

    row: int
    name: str
    amount: Decimal


class Cost(msgspec.Struct, frozen=True, dict=True):
    """Cost rows and funds; amounts in 元, `unit` is the form's money unit.

    `unread` are the numbers of cost rows without an amount that adds up. `other` are sources of money that are neither local nor
    of an upper level; `stated` is the whole as the form states it, None where it does not.
    """

    items: tuple[CostRow, ...]
    totals: tuple[CostRow, ...]
    unread: tuple[int, ...]
    budget: Decimal | None
    upper: tuple[Decimal | None, ...]
    unit: str
    other: tuple[Decimal | None, ...] = ()
    stated: Decimal | None = None

    @cached_property
    def sum_of_items(self) -> Decimal:
        """The items added up; total rows are not items."""
        return sum((item.amount for item in self.items), _ZERO)

    @cached_property
    def total(self) -> Decimal:
        """The items added up, or, in a form without items, its largest total row."""
        return self.sum_of_items if self.items else max((row.amount for row in self.totals), default=_ZERO)

    @cached_property
    def upper_sum(self) -> Decimal | None:
        """Upper-level money; None if one of the amounts is invalid."""
        return None if None in self.upper else sum((a for a in self.upper if a is not None), _ZERO)

    @cached_property
    def funds(self) -> Decimal | None:
        """The money available: as the form states it, else all its sources added up; None if one of them is invalid."""
        if self.stated is not None:
            return self.stated
        sources = (self.budget, self.upper_sum, *self.other)
        return None if None in sources else sum((a for a in sources if a is not None), _ZERO)

    @property
    def settled(self) -> bool:
        """The funds are known and there are some: only then costs are compared with them."""
        return self.funds is not None and self.funds != 0 and self.budget is not None and self.budget >= 0

    @property
    def difference(self) -> Decimal | None:
        """Funds less costs; negative if the costs exceed the funds."""
        return None if self.funds is None else self.funds - self.total

    def share(self, amount: Decimal) -> Decimal | None:
        """An amount as a fraction of the funds."""
        return amount / self.funds if self.funds and self.funds > 0 else None

    def summary(self) -> dict[str, str | None]:
        """The totals in the form's unit, as `check --json` prints them."""
        amounts = {"total": self.total, "budget": self.budget, "funds": self.funds, "difference": self.difference}
        printed = {k: None if a is None else money.in_unit(a, self.unit) for k, a in amounts.items()}
        return {**printed, "unit": self.unit}
