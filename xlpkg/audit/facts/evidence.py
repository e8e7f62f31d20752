"""What the rules look at: the declaration read once (targets, categories, item keys, money), for all of them."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, TypeVar

import msgspec

from xlpkg.audit.facts.cost import Cost, CostRow
from xlpkg.form import money
from xlpkg.form.blanks import left_blank, no_answer
from xlpkg.form.dates import CHINESE_DIGITS
from xlpkg.form.declaration import Declaration, Indicator
from xlpkg.form.fields import TOTAL, UPPER
from xlpkg.form.names import unit_in_name
from xlpkg.form.profile import Profile, Severity
from xlpkg.form.quantity import Quantity
from xlpkg.form.target import Target
from xlpkg.form.text import norm, tidy, without_notes

_YEAR = re.compile("(20[0-9]{2})(?:年度?)?")
_YEAR_IN_PERIOD = re.compile(r"(?<!\d)(20\d\d)(?=\d{2}(?:\d{2})?(?!\d)|(?!\d))|(?<!\d)([23]\d)年(?=\d{1,2}月)")
_NEXT_YEAR = re.compile("次年|翌年|第二年")
LONGEST_KEY = 80
"""Characters. A longer text is no name of an activity, and comparing it with all others would take too long."""
_CHINESE_YEAR = re.compile("二[〇零][〇零一二三四五六七八九]{2}(?=年)")
_OPEN = re.compile(r"至今|长期|(?:起|开始|以来)(?!.*(?:20\d\d|[至到—–~～-]))")
_FAR = 9999
_FOR_EACH = re.compile("每(?!年)|人均|户均|亩均")
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050

_Fact = TypeVar("_Fact")
Stop = Literal["", "empty", "placeholder", "unmeasurable", "several", "serial", "no_figure", "unclear"]
"""What is the matter with a value that no further rule looks at; "" if nothing is."""
_STOPS: dict[str, Stop] = {
    "empty": "empty", "placeholder": "placeholder", "unmeasurable": "unmeasurable", "multi": "several",
    "no_figure": "no_figure", "unclear": "unclear",
}  # fmt: skip


class Row(msgspec.Struct, frozen=True):
    """An indicator with its normal forms.

    `l1` and `l2` are the profile's names where they are accepted spellings; `category` is the l2 if it is a
    second-level name of the form, else "". `bare_name` is the name without what stands in brackets, `key` the item it speaks of.
    `typed` is the value as it was typed, `target` what it means, with unit and sign that the name gives a bare figure (面积(亩)).
    `quantity` is the one figure (with or without unit) of a value that has no `stop`. A row is `void` if it says in so many words
    that there is nothing: 不涉及, 不适用.
    """

    row: int
    indicator: Indicator
    l1: str
    l2: str
    category: str
    name: str
    bare_name: str
    key: str
    standard: str
    typed: str
    void: bool
    target: Target
    unit_from_name: bool
    stop: Stop
    quantity: Quantity | None

    @property
    def typed_name(self) -> str:
        """The name as people know it: its brackets and signs are those that were typed."""
        return tidy(self.indicator.name)

    @property
    def place(self) -> str:
        """The row in a sentence: 第3行“巡检次数”."""
        return f"第{self.row}行“{self.typed_name}”" if self.name else f"第{self.row}行"

    @property
    def amount(self) -> Decimal | None:
        """Money in 元 that adds up (no unit cost: 元/户, 每户3000元); the larger end of a range or pair."""
        if self.stop:
            return None
        amounts = [q.amount for q in self.target.quantities if q.amount is not None and not _FOR_EACH.search(q.lead)]
        return max(amounts, default=None)


class Years(msgspec.Struct, frozen=True):
    """The first and the last year of a period."""

    first: int
    last: int

    def __contains__(self, year: int) -> bool:
        return self.first <= year <= self.last

    @property
    def several(self) -> bool:
        """The period is longer than one year."""
        return self.first != self.last


class Evidence:
    """A declaration as the rules see it; everything is computed once, when first asked for."""

    def __init__(self, declaration: Declaration, profile: Profile, present: frozenset[str] | None = None) -> None:
        self.declaration = declaration
        self.profile = profile
        self._present = present
        self._facts: dict[Callable[[Evidence], Any], Any] = {}
        self.rows = tuple(self._row(i) for i in declaration.indicators if not i.blank)

    def _row(self, indicator: Indicator) -> Row:
        profile = self.profile
        l1, l2 = ("" if left_blank(text) else text for text in (indicator.l1, indicator.l2))
        l2 = profile.l2(l2)
        name = "" if left_blank(indicator.name) else norm(indicator.name)
        told = unit_in_name(name)
        bare_name = without_notes(told.bare if told else name)
        typed = indicator.value
        target = self._completed(profile.read_target(typed), name, cost=l2 in profile.cost_categories)
        stop = self._stop(target, l2)
        return Row(
            row=indicator.row,
            indicator=indicator,
            l1=profile.l1(l1),
            l2=l2,
            category=l2 if l2 in profile.parent else "",
            name=name,
            bare_name=bare_name,
            key=self._key(bare_name),
            standard="" if left_blank(indicator.standard) else profile.standard(indicator.standard),
            typed=typed,
            void=stop == "empty" and _says_nothing(indicator),
            target=target,
            unit_from_name=target.norm != norm(typed),
            stop=stop,
            quantity=None if stop else target.single,
        )

    def _completed(self, target: Target, name: str, *, cost: bool) -> Target:
        """A bare figure with the unit and sign that the name gives it; of a cost, a template's ≥ is no lower limit."""
        figure = target.single
        told = unit_in_name(name) if target.kind == "bare" and figure else None
        if told is None or figure is None:
            return target
        sign = figure.op or ("" if cost and told.op in (">", "≥") else told.op)
        return self.profile.read_target(sign + target.norm.removeprefix(figure.op) + told.unit)

    def once(self, compute: "Callable[[Evidence], _Fact]") -> _Fact:
        """What a function finds in this evidence. It runs once, however many rules ask for it."""
        if compute not in self._facts:
            self._facts[compute] = compute(self)
        fact: _Fact = self._facts[compute]
        return fact

    def _stop(self, target: Target, l2: str) -> Stop:
        if target.kind == "bare" and l2 == self.profile.roles.time and _is_date_serial(target):
            return "serial"
        if target.kind == "unclear" and l2 == self.profile.roles.time:
            return ""  # 3.15, 1.1-12.31: M04 asks for a date
        return _STOPS.get(target.kind, "")

    def key(self, name: str) -> str:
        """The item a name speaks of: the name without brackets and metric endings (满意度, 完成率, 次数, 购置 …)."""
        return self._key(without_notes(name))

    def _key(self, key: str) -> str:
        ending = self.profile.pattern("metric_ending")
        while (shorter := ending.sub("", key)) != key and len(shorter) >= 2:
            key = shorter
        bare = self.profile.pattern("item_prefix").sub("", key)
        return bare if len(bare) >= 2 else key

    @cached_property
    def named(self) -> tuple[Row, ...]:
        """Rows that have a name."""
        return tuple(r for r in self.rows if r.name)

    @cached_property
    def readable(self) -> tuple[Row, ...]:
        """Rows whose value can be read: the only ones that rules on values look at."""
        return tuple(r for r in self.rows if not r.stop)

    def under(self, l2: str) -> tuple[Row, ...]:
        """Rows of a second-level category, even if their first level is wrong."""
        return self._by_category.get(l2, ())

    def has_name(self, l2: str, name: str) -> bool:
        """Whether a row of a second-level category has this name, in normal form."""
        return (l2, norm(name)) in self._names

    @cached_property
    def _names(self) -> frozenset[tuple[str, str]]:
        return frozenset((r.category, r.name) for r in self.named)

    @cached_property
    def _by_category(self) -> dict[str, tuple[Row, ...]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.category, []).append(row)
        return {category: tuple(rows) for category, rows in found.items()}

    @cached_property
    def costs(self) -> tuple[Row, ...]:
        """Rows of the categories whose money adds up."""
        return tuple(r for r in self.rows if r.category in self.profile.cost_categories)

    def is_cost(self, row: Row) -> bool:
        return row.category in self.profile.cost_categories

    def demands(self, key: str) -> Severity:
        """The severity of a blank in a field or column: that of the form; "off" for what a foreign source has not at all."""
        return self.profile.demands(key) if self._present is None or key in self._present else "off"

    def unsettled(self, *categories: str) -> bool:
        """A row without a name stands in the categories, or one without a known category may belong there."""
        return bool(self.under("")) or any(not r.name for l2 in categories for r in self.under(l2))

    @cached_property
    def in_form_order(self) -> tuple[Row, ...]:
        """The rows by category as the form prints them; within one as typed, unknown categories last."""
        order = self.profile.l2_order
        return tuple(sorted(self.rows, key=lambda r: order.get(r.category, len(order))))

    @cached_property
    def year(self) -> int | None:
        """The form's year; None if it is blank or invalid."""
        match = _YEAR.fullmatch(norm(self.declaration.year).replace(" ", ""))
        return int(match[1]) if match else None

    @cached_property
    def period(self) -> Years | None:
        """The years that the implementation period names, without end in 2021年起长期实施; None if it names none."""
        text = _CHINESE_YEAR.sub(lambda m: m[0].translate(CHINESE_DIGITS), norm(self.declaration.period))
        years = [int(long or "20" + short) for long, short in _YEAR_IN_PERIOD.findall(text)]
        if not years:
            return None
        last = max(years) + 1 if _NEXT_YEAR.search(text) else max(years)
        return Years(min(years), _FAR if _OPEN.search(text) else last)

    @cached_property
    def budget(self) -> Decimal | None:
        """The local budget in 元, 0 in a form that does not ask for it; None if it is no amount."""
        return self.funds["budget_wan"] if "budget_wan" in self.funds else Decimal(0)

    @cached_property
    def upper_funds(self) -> dict[str, Decimal | None]:
        """Upper-level money in 元 by field, 0 where it was left blank, None where it is no amount >= 0."""
        return {field: self.funds[field] for field in UPPER if field in self.funds}

    @cached_property
    def funds(self) -> dict[str, Decimal | None]:
        """Every source of money of the form in 元; 0 where one but the local budget was left blank, None where it is no amount."""
        return {field: self._fund(field) for field in self.profile.money_fields}

    def _fund(self, field: str) -> Decimal | None:
        text = self.declaration.header(field)
        if field != "budget_wan" and left_blank(text):
            return Decimal(0)
        amount = money.parse(text, self.profile.money_unit)
        return None if amount is not None and amount < 0 and field != "budget_wan" else amount

    @cached_property
    def cost(self) -> Cost:
        """The cost rows added up against the funds."""
        rows = [r for r in self.costs if not self.is_no_part(r)]
        read = [(r, CostRow(r.row, r.name, r.amount)) for r in rows if r.amount is not None]
        return Cost(
            items=tuple(found for r, found in read if not self.is_total(r)),
            totals=tuple(found for r, found in read if self.is_total(r)),
            unread=tuple(r.row for r in rows if r.amount is None),
            budget=self.budget,
            upper=tuple(self.upper_funds.values()),
            other=tuple(self.funds[f] for f in self.profile.parts_of(TOTAL) if f != "budget_wan" and f not in UPPER),
            stated=self.funds.get(TOTAL) or None,
            unit=self.profile.money_unit,
        )

    def is_total(self, row: Row) -> bool:
        """A cost row for the whole (总成本, 合计), of which others are parts."""
        return self.profile.has("total_row", row.name)

    def is_no_part(self, row: Row) -> bool:
        """A cost row that is no part of the sum: a unit cost by its name (人均, 单价) or its unit (元/批次), or a saving."""
        quantity = row.quantity
        each = quantity is not None and quantity.family == "money" and "/" in quantity.unit
        return each or self.profile.has("unit_cost", row.name) or self.profile.has("saving", row.name)

    def amount(self, yuan: Decimal) -> str:
        """Money in the form's unit, for a sentence: "9.8万元"."""
        return money.in_unit(yuan, self.profile.money_unit) + self.profile.money_unit


def _says_nothing(indicator: Indicator) -> bool:
    return no_answer(indicator.value) or (no_answer(indicator.name) and left_blank(indicator.value))


def _is_date_serial(target: Target) -> bool:
    """A bare number that Excel would show as a day of 2000 to 2099."""
    quantity = target.single
    if not quantity or quantity.unit or quantity.op or quantity.high is not None:
        return False
    return _FIRST_SERIAL <= quantity.number <= _LAST_SERIAL
