"""The layouts and thresholds of the later forms as data: workbook/year/*.toml.

Sources: 财预〔2019〕136号 for monitoring, 财预〔2020〕10号 for self-evaluation.
"""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.profiles import data_folder
from xlpkg.form.text import norm
from xlpkg.year.form import MONITORING, SELF_EVALUATION, Kind

_GENERAL: dict[str, str] = {MONITORING: "monitoring", SELF_EVALUATION: "evaluation"}
"""The forms that follow a declaration for which there is none of its own."""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of the table: a key of YearRow or of Money, its head ({months} stands for 1—7月), its width in characters."""

    key: str
    label: str
    width: float = 10
    printed: bool = True


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grade of a qualitative result and the percentage of the points that it is worth."""

    name: str
    low: Decimal
    high: Decimal
    aliases: tuple[str, ...] = ()


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grade of the total, from so many points on."""

    name: str
    least: Decimal


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Thresholds of the rules. Percentages, but for the tolerances, which are points.

    `slow`: of the share of the year, below which 执行进度 is slow. `yellow` and `red`: of the share of the year, below which an
    indicator's progress is; `reason_from` says from which light on a reason is asked. `rate_reason`: 执行率 below which the
    funds need a reason, 0 for never. `late_days` and `late_share`: so many days late still give so much of the points.
    """

    slow: Decimal
    yellow: Decimal
    red: Decimal
    reason_from: Literal["yellow", "red", "off"]
    more_warning: Decimal
    more_error: Decimal
    more_monitored: Decimal
    score_tolerance: Decimal
    sum_tolerance: Decimal
    budget_change: Decimal
    rate_reason: Decimal
    late_days: int
    late_share: Decimal


class YearProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A later form. `declarations` are the ids of the declarations' profiles that it follows.

    `weights` are the points of the blocks by first level, one table a set of categories; `reverse` says how a ≤ target that was
    missed is scored: "ratio" target ÷ actual, "excess" 1 − (actual − target) ÷ target. `rules` overrides severities.
    """

    id: str
    kind: Kind
    name: str
    title: str
    template: str
    columns: tuple[Column, ...]
    money_columns: tuple[Column, ...]
    labels: dict[str, str]
    limits: Limits
    declarations: tuple[str, ...] = ()
    execution: Decimal = Decimal(10)
    weights: tuple[dict[str, Decimal], ...] = ()
    reverse: Literal["ratio", "excess"] = "ratio"
    bands: tuple[Band, ...] = ()
    grades: tuple[Grade, ...] = ()
    chances: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rules: dict[str, str] = {}

    def has(self, key: str) -> bool:
        """Whether the table of the indicators has a column."""
        return any(c.key == key for c in self.columns)

    def label(self, field: str) -> str:
        """What the form calls a field or column: "actual", "result", "funds.total.executed"."""
        last = field.rpartition(".")[2]
        for column in self.money_columns if field.startswith("funds.") else self.columns:
            if column.key == last:
                return column.label
        return self.labels.get(last, last)

    def band(self, text: str) -> Band | None:
        """The grade that a qualitative result names; None for any other text."""
        said = norm(text).rstrip("。；，、")
        return next((b for b in self.bands if said == norm(b.name) or said in map(norm, b.aliases)), None)

    def weights_of(self, profile: Profile) -> dict[str, Decimal] | None:
        """The points of the blocks for a declaration's first levels; None if the form prescribes none for these."""
        levels = {c.name for c in profile.tree}
        return next((w for w in self.weights if set(w) == levels), None)


def shipped(kind: str = "") -> tuple[YearProfile, ...]:
    """The later forms that are shipped, of one kind or all."""
    found = (_read(path) for path in sorted(_folder().glob("*.toml")) if not path.stem.startswith("common"))
    return tuple(p for p in found if not kind or p.kind == kind)


def load(style: str, kind: str) -> YearProfile:
    """A later form by id, for a file's path ending in .toml the form in it. Raises ProfileError."""
    if style.lower().endswith(".toml"):
        profile = _read(Path(style))
    else:
        known = {p.id: p for p in shipped(kind)}
        if style not in known:
            raise ProfileError(f"没有名为“{style}”的版式，可用的版式：{'、'.join(known)}。")
        profile = known[style]
    if profile.kind != kind:
        raise ProfileError(f"版式“{style}”不是{'监控表' if kind == MONITORING else '自评表'}的。")
    return profile


def following(profile: Profile, kind: str) -> YearProfile:
    """The later form that follows a declaration: one that names its profile, else the general one."""
    return next((p for p in shipped(kind) if profile.id in p.declarations), load(_GENERAL[kind], kind))


def _folder() -> Path:
    return data_folder("workbook") / "year"


@cache
def _read(path: Path) -> YearProfile:
    try:
        profile: YearProfile = msgspec.convert(_tables(path), YearProfile)
    except msgspec.ValidationError as error:
        raise ProfileError(f"版式文件“{path.name}”有误：{error}。") from None
    known = {b.name for b in profile.bands}
    if len(known) < len(profile.bands):
        raise ProfileError(f"版式文件“{path.name}”的bands里有重名。")
    return profile


def _tables(path: Path) -> dict[str, Any]:
    """The tables of a file over those of the file that it extends."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        place = re.search(r"line (\d+)", str(error))
        where = f"第{place[1]}行附近" if place else ""
        raise ProfileError(f"版式文件“{path.name}”{where}读不出，请检查引号、方括号和等号。") from None
    base = tables.pop("extends", None)
    if base is None:
        return tables
    beside = path.parent / f"{base}.toml"
    return _merged(_tables(beside if beside.is_file() else _folder() / f"{base}.toml"), tables)


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _merged(base[key], value) if both else value
    return merged
