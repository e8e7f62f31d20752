"""A form's profile: everything in which one province's form differs from another's, as data in TOML."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Literal

import msgspec

from xlpkg.form import words
from xlpkg.form.fields import FUNDS, STANDARD_COLUMNS, STANDARD_FIELDS, TOTAL, UPPER, Column, Field, Fund, Kind, placed
from xlpkg.form.refusal import RefusalError
from xlpkg.form.target import Target, parse
from xlpkg.form.text import norm

Severity = Literal["error", "warning", "off"]


class ProfileError(RefusalError):
    """A profile that cannot be used; the message is a sentence that names the file and the place."""


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name the form prints, and other spellings of it that are accepted."""

    name: str
    aliases: tuple[str, ...] = ()


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A first-level indicator with its second-level ones, in the order of the form."""

    name: str
    l2: tuple[Name, ...]
    aliases: tuple[str, ...] = ()


class Roles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which category plays which part in the rules: l2 for the first three and social, l1 for the others."""

    quantity: str
    quality: str
    time: str
    satisfaction: str
    social: str
    benefit: str
    output: str


class StandardRoles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which performance standard fits what."""

    history: str
    industry: str
    plan: str
    spending: str


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Thresholds of the rules; max_event_cost in 万元, large_share in % of the funds."""

    max_total: int
    max_per_l2: int
    min_total: int
    max_event_cost: int
    large_share: int
    similar_names: float
    max_name: int
    few_events: int
    same_standard: int
    low_rate: int
    min_goal: int
    goal_item: int
    mentioned: float


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the form calls its fields and columns."""

    year: str
    unit: str
    department: str
    project: str
    budget_wan: str
    upper_funds: str
    central: str
    province: str
    city: str
    period: str
    long_goal: str
    year_goal: str
    indicators: str
    l1: str
    l2: str
    name: str
    op: str
    number: str
    measure: str
    value: str
    standard: str
    note: str
    filler: str
    phone: str


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word for a line's points, from this share of its full points on."""

    name: str
    from_percent: int


class ScoringLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the 审核表; `rules` are codes or whole groups, none if a person gives the points."""

    block: str
    name: str
    question: str
    full: int
    rules: tuple[str, ...] = ()


class Scoring(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The scheme of the 审核表: what an error and a warning cost, the lines and the grades."""

    error: Decimal
    warning: Decimal
    lines: tuple[ScoringLine, ...]
    grades: tuple[Grade, ...]


class Aliases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What other forms call the fields, sources of money, columns, categories and blocks of ours: our key → their names; `own`
    are words of our own form that hold no content."""

    own: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]
    money: dict[str, tuple[str, ...]]
    columns: dict[str, tuple[str, ...]]
    first_level: dict[str, tuple[str, ...]]
    categories: dict[str, tuple[str, ...]]
    blocks: dict[str, tuple[str, ...]]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """One form.

    `without` names standard fields and columns that the form has not; `fields`, `columns` and `funds` are its further ones.
    `required` maps fields and columns to a severity or "off", `rules` rule codes likewise; `older` the versions of older templates
    to the labels that were others then. `words` adds plain words to the word lists (workbook/words). `source` is the profile's own
    part as a text where it is not shipped: a workbook carries it along.
    """

    id: str
    name: str
    template: str
    title: str
    money_unit: str
    tree: tuple[Category, ...]
    required_l1: tuple[str, ...]
    required_l2: tuple[str, ...]
    recommended_l2: tuple[str, ...]
    side_costs: tuple[str, ...]
    short_numbers: tuple[str, ...]
    cost_l2: str | tuple[str, ...]
    roles: Roles
    standard_roles: StandardRoles
    standards: tuple[Name, ...]
    operators: tuple[str, ...]
    units: tuple[str, ...]
    labels: Labels
    limits: Limits
    scoring: Scoring
    aliases: Aliases
    older: dict[str, dict[str, str]]
    required: dict[str, Severity]
    kind: Literal["declaration"] = "declaration"
    layout: Literal["form", "list"] = "form"
    na_rows: bool = False
    without: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    columns: tuple[Column, ...] = ()
    funds: tuple[Fund, ...] = ()
    rules: dict[str, str] = {}
    words: dict[str, tuple[str, ...]] = {}
    source: str = ""

    # --- fields and columns -----------------------------------------------------------------------------------------

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The keys of the form's header fields, money included, in the order in which findings are read."""
        missing = set(self.without) | (set(UPPER) if "upper_funds" in self.without else set())
        missing |= {f"upper_funds.{level}" for level in FUNDS if level in self.without}
        standard = tuple(f for f in STANDARD_FIELDS if f not in missing)
        last_money = next((f for f in reversed(standard) if STANDARD_FIELDS[f] == "money"), "project")
        before_filler = next((f for f in ("year_goal", "long_goal", "period") if f in standard), last_money)
        funds = tuple((f.key, last_money) for f in self.funds)
        return placed(standard, (*funds, *((f.key, f.after or before_filler) for f in self.fields)))

    @cached_property
    def user_columns(self) -> tuple[str, ...]:
        """The keys of the columns that are filled in, from left to right."""
        standard = tuple(c for c in STANDARD_COLUMNS if c not in self.without and (c != "standard" or self.standards))
        return placed(standard, tuple((c.key, c.after) for c in self.columns))

    @cached_property
    def printed_columns(self) -> tuple[str, ...]:
        """The keys of the columns of the submission sheet: sign, figure and unit are one value there."""
        hidden = {"note", "op", "measure", *(c.key for c in self.columns if not c.printed)}
        return tuple("value" if c == "number" else c for c in self.user_columns if c not in hidden)

    @cached_property
    def printed_fields(self) -> tuple[str, ...]:
        """The keys of the header fields of the submission sheet."""
        hidden = {f.key for f in self.fields if not f.printed}
        return tuple(f for f in self.header if f not in hidden)

    @cached_property
    def further(self) -> dict[str, Field | Column | Fund]:
        """The further fields, columns and funds by key."""
        parts: tuple[Field | Column | Fund, ...] = (*self.fields, *self.columns, *self.funds)
        return {part.key: part for part in parts}

    @property
    def choosers(self) -> tuple[Field | Column, ...]:
        """The further fields and columns with a list to choose from."""
        parts: tuple[Field | Column, ...] = (*self.fields, *self.columns)
        return tuple(part for part in parts if part.choices)

    def kind_of(self, key: str) -> Kind:
        """What stands in a header field or a further column."""
        found = self.further.get(key)
        return "money" if isinstance(found, Fund) else found.kind if found else STANDARD_FIELDS.get(key, "text")

    def demands(self, key: str) -> Severity:
        """The severity of a blank in a field or column; "off" where it may be blank or the form has none."""
        known = key in self.header or key in self.user_columns
        group = "upper_funds" if key.startswith("upper_funds.") else key
        return (
            self.required.get(key, self.required.get(key.rpartition(".")[2], self.required.get(group, "off"))) if known else "off"
        )

    @cached_property
    def counted_fields(self) -> tuple[str, ...]:
        """The header fields that count for 已填: those that may not be blank."""
        return tuple(f for f in self.header if self.demands(f) != "off")

    @cached_property
    def counted_columns(self) -> tuple[str, ...]:
        """The columns of a row that count for 已填; sign, figure and unit are one."""
        further = (c.key for c in self.columns if self.demands(c.key) != "off")
        return ("l1", "l2", "name", "value", *(c for c in ("standard",) if self.demands(c) != "off"), *further)

    @cached_property
    def money_fields(self) -> tuple[str, ...]:
        """The header fields that are sources of money, in the order of the form."""
        funds = {f.key for f in self.funds}
        return tuple(f for f in self.header if f == "budget_wan" or f in UPPER or f in funds)

    def parts_of(self, key: str) -> tuple[str, ...]:
        """The sources of money that a fund consists of; of `total` those that are no part of another."""
        above = {f.key: f.of for f in self.funds}
        return tuple(f for f in self.money_fields if f != key and above.get(f, TOTAL) == key)

    # --- categories -------------------------------------------------------------------------------------------------

    @cached_property
    def cost_categories(self) -> tuple[str, ...]:
        """The second levels whose rows are money that adds up."""
        return (self.cost_l2,) if isinstance(self.cost_l2, str) else self.cost_l2

    @cached_property
    def l1_names(self) -> dict[str, str]:
        """Accepted spelling → name of the first-level indicators."""
        return {a: c.name for c in self.tree for a in (c.name, *c.aliases)}

    @cached_property
    def l2_names(self) -> dict[str, str]:
        """Accepted spelling → name of the second-level indicators."""
        return {a: n.name for c in self.tree for n in c.l2 for a in (n.name, *n.aliases)}

    @cached_property
    def parent(self) -> dict[str, str]:
        """Second-level name → its first-level name."""
        return {n.name: c.name for c in self.tree for n in c.l2}

    @cached_property
    def l2_order(self) -> dict[str, int]:
        """Second-level name → its place in the form."""
        return {name: i for i, name in enumerate(self.parent)}

    @cached_property
    def standard_names(self) -> dict[str, str]:
        """Accepted spelling → name of the performance standards."""
        return {a: s.name for s in self.standards for a in (s.name, *s.aliases)}

    def l1(self, text: str) -> str:
        """The first-level name meant, or the normal form of what was typed."""
        text = norm(text)
        return self.l1_names.get(text, text)

    def l2(self, text: str) -> str:
        """The second-level name meant, or the normal form of what was typed."""
        text = norm(text)
        return self.l2_names.get(text, text)

    def standard(self, text: str) -> str:
        """The performance standard meant, or the normal form of what was typed."""
        text = norm(text)
        return self.standard_names.get(text, text)

    def label(self, field: str) -> str:
        """What the form calls a field or column: "budget_wan", "upper_funds.city", "l1", a further one by its key."""
        found = self.further.get(field)
        return found.label if found else str(getattr(self.labels, field.rpartition(".")[2]))

    # --- words ------------------------------------------------------------------------------------------------------

    def pattern(self, word_list: str) -> re.Pattern[str]:
        """The pattern of a word list, with the words that the profile adds to it. Raises KeyError."""
        return words.pattern(word_list, self.words.get(word_list, ()))

    def words_of(self, word_list: str) -> tuple[str, ...]:
        """The words of a word list, with those that the profile adds to it. Raises KeyError."""
        return (*words.of(word_list), *self.words.get(word_list, ()))

    def has(self, word_list: str, text: str) -> bool:
        """Whether the text (in normal form) has a word of the list."""
        found = self._finders.get(word_list)
        if found is None:
            found = self._finders[word_list] = words.finder(word_list, self.words.get(word_list, ()))
        return found(text)

    @cached_property
    def _finders(self) -> dict[str, Callable[[str], bool]]:
        """Those of the word lists that were asked for."""
        return {}

    def read_target(self, value: str) -> Target:
        """What a value cell means, with this form's word lists."""
        return parse(value, self.pattern("unmeasurable"))
