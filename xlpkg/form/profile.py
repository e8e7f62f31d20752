"""A form's profile: everything in which one province's form differs from another's, as data in TOML."""

import re
import tomllib
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec

from xlpkg.form.refusal import RefusalError
from xlpkg.form.target import Target, Words, parse
from xlpkg.form.text import norm

PACKAGE = Path(__file__).resolve().parent.parent


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


class Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word lists: regular expressions on the normal form of a text."""

    unmeasurable: str
    placeholder: str
    positive_rate: str
    negative_measure: str
    quality_count: str
    growth: str
    rate: str
    dimensionless: str
    satisfaction: str
    survey: str
    about_a_survey: str
    counteracting: str
    falling: str
    saving: str
    floor_price: str
    unit_cost: str
    total_row: str
    metric_ending: str
    item_prefix: str
    neutral_lead: str
    leading_verb: str
    overhead: str
    event_unit: str
    fair_unit: str
    timeliness: str
    outcome: str
    measure_name: str
    duration_name: str
    bad_thing: str
    growth_rate: str
    vague: str
    frequency: str
    buying: str
    sure_rate: str
    anonymous: str
    said_of_money: str
    other_money: str
    slogan: str
    filler_word: str
    same_function: str
    item_noun: str
    reduplication: str


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
    """What other forms call the fields, columns, categories and blocks of ours: our key → their names; `own` are words of our
    own form that hold no content."""

    own: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]
    columns: dict[str, tuple[str, ...]]
    categories: dict[str, tuple[str, ...]]
    blocks: dict[str, tuple[str, ...]]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """One form.

    `rules` maps rule codes to a severity or "off", `older` the versions of older templates to the labels that were others then;
    `lexicon` holds patterns on normal forms.
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
    cost_l2: str
    roles: Roles
    standard_roles: StandardRoles
    standards: tuple[Name, ...]
    operators: tuple[str, ...]
    units: tuple[str, ...]
    labels: Labels
    limits: Limits
    lexicon: Lexicon
    scoring: Scoring
    aliases: Aliases
    older: dict[str, dict[str, str]]
    rules: dict[str, str] = {}

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

    @cached_property
    def _words(self) -> Words:
        return Words(self.lexicon.placeholder, self.lexicon.unmeasurable)

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}

    def pattern(self, word_list: str) -> re.Pattern[str]:
        """The compiled pattern of a word list."""
        if word_list not in self._patterns:
            try:
                self._patterns[word_list] = re.compile(getattr(self.lexicon, word_list))
            except re.error as error:
                raise ProfileError(f"表式“{self.id}”的lexicon.{word_list}不是有效的正则表达式：{error}。") from None
        return self._patterns[word_list]

    def has(self, word_list: str, text: str) -> bool:
        """Whether the text (in normal form) has a word of the list."""
        return self.pattern(word_list).search(text) is not None

    def read_target(self, value: str) -> Target:
        """What a value cell means, with this form's word lists."""
        return parse(value, self._words)

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
        """What the form calls a field: "budget_wan", "upper_funds.city", "l1"."""
        return str(getattr(self.labels, field.rpartition(".")[2]))


def data_folder(name: str) -> Path:
    """A data folder of the package (workbook, macros), installed or in a checkout."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name


def available() -> list[str]:
    """The ids of the profiles shipped."""
    return sorted(p.stem for p in (data_folder("workbook") / "profiles").glob("*.toml") if p.stem != "common")


@cache
def load(profile_id: str) -> Profile:
    """A shipped profile by id: a file that names its profile can never make us open another file. Raises ProfileError."""
    path = data_folder("workbook") / "profiles" / f"{profile_id}.toml"
    if not re.fullmatch(r"[\w-]+", profile_id) or profile_id == "common" or not path.is_file():
        known = "、".join(available())
        what = f"没有名为“{profile_id}”的表式" if profile_id else "没有写明表式（profile）"
        raise ProfileError(f"{what}，可用的表式：{known}。")
    return read(path)


def read(path: Path) -> Profile:
    """A profile from a TOML file; `extends` names another in the same folder. Raises ProfileError."""
    try:
        profile = msgspec.convert(_tables(path), Profile)
    except msgspec.ValidationError as error:
        raise ProfileError(f"表式文件“{path.name}”有误：{_in_chinese(str(error))}。") from None
    for key, names in (("required_l1", set(profile.l1_names)), ("required_l2", set(profile.parent))):
        for name in getattr(profile, key):
            if name not in names:
                raise ProfileError(f"表式文件“{path.name}”的{key}写了“{name}”，但tree里没有这个指标。")
    return profile


def _tables(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)
    except OSError:
        raise ProfileError(f"打不开表式文件“{path.name}”。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"表式文件“{path.name}”不是有效的TOML：{error}。") from None
    base = tables.pop("extends", None)
    if base is None:
        return tables
    folder = path.parent if (path.parent / f"{base}.toml").is_file() else data_folder("workbook") / "profiles"
    return _merged(_tables(folder / f"{base}.toml"), tables)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; lists and values are replaced."""
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _merged(base[key], value) if both else value
    return merged


def _in_chinese(message: str) -> str:
    message, _, place = message.partition(" - at ")
    where = place.strip("`").removeprefix("$").removeprefix(".")
    if match := re.search("unknown field `([^`]+)`", message):
        key = f"{where}.{match[1]}" if where else match[1]
        return f"不认识的项“{key}”"
    if match := re.search("missing required field `([^`]+)`", message):
        key = f"{where}.{match[1]}" if where else match[1]
        return f"缺少“{key}”"
    if match := re.search("Expected `([^`]+)`, got `([^`]+)`", message):
        kinds = {"str": "文字", "int": "整数", "float": "数字", "array": "列表", "object": "一组项", "bool": "true或false"}
        expected, got = (kinds.get(m, m) for m in match.groups())
        return f"“{where}”应为{expected}，写成了{got}"
    return message
