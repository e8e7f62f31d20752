"""A declaration as it was typed, and its JSON. Flat and frozen: an indicator knows its row, nothing is nested."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from xlpkg.form.fields import FUNDS, STANDARD_FIELDS
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm
from xlpkg.form.units import family

_OF_A_ROW = ("l1", "l2", "name", "op", "number", "unit", "value", "standard", "note")
_SPLIT = re.compile(r"([=≥>≤<]?)(-?(?:0|[1-9]\d*)(?:\.\d+)?)([^\d\s,，;；。、()（）.~～—–至到-]{0,12})")
_UNITS_OF_DATES = ("年", "月", "日")
LONGEST_TEXT = 32767
_UNPRINTABLE = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]"
_ANNOTATIONS = {"id", "subject", "note", "expected", "expected_warnings_sample", "seed_line"}


class DeclarationError(RefusalError):
    """A JSON text that is no declaration; the message is a sentence for the user."""


class Indicator(msgspec.Struct, frozen=True):
    """One row of the form, its cells as typed. A value that is more than sign, number and unit stands whole in `number`.

    `extra` holds the cells of further columns by key.
    """

    row: int
    l1: str = ""
    l2: str = ""
    name: str = ""
    op: str = ""
    number: str = ""
    unit: str = ""
    standard: str = ""
    note: str = ""
    extra: dict[str, str] = {}

    @property
    def value(self) -> str:
        """The value written together."""
        return together(self.op, self.number, self.unit)

    @property
    def blank(self) -> bool:
        """Blank in name, value, standard and further columns: such a row is ignored."""
        return not (norm(self.name) or norm(self.standard) or norm(self.value) or any(map(norm, self.extra.values())))


def cell(item: Indicator, field: str) -> str:
    """What a row says in a field or column: "name", "value", a further one by its key."""
    return str(getattr(item, field)) if field in _OF_A_ROW else item.extra.get(field, "")


def together(op: str, number: str, unit: str) -> str:
    """A value's three cells written together; a sign or unit that stands in two of them counts once."""
    sign, measure = op.strip(), unit.strip()
    if sign and number.lstrip().startswith(sign):
        op = ""
    if measure and number.rstrip().endswith(measure):
        unit = ""
    return op + number + unit


class UpperFunds(msgspec.Struct, frozen=True):
    """Money from the central, provincial and city level, as typed."""

    central: str = ""
    province: str = ""
    city: str = ""


class Declaration(msgspec.Struct, frozen=True):
    """The whole form, every text as typed; `budget` is in the form's money unit."""

    profile: str
    year: str = ""
    unit: str = ""
    department: str = ""
    project: str = ""
    budget: str = ""
    upper_funds: UpperFunds = UpperFunds()
    period: str = ""
    long_goal: str = ""
    year_goal: str = ""
    indicators: tuple[Indicator, ...] = ()
    filler: str = ""
    phone: str = ""
    extra: dict[str, str] = {}

    def header(self, field: str) -> str:
        """A header field by the name that findings use: "budget_wan", "upper_funds.city", a further one by its key."""
        if field.startswith("upper_funds."):
            return str(getattr(self.upper_funds, field.removeprefix("upper_funds.")))
        if field in STANDARD_FIELDS:
            return str(getattr(self, "budget" if field == "budget_wan" else field))
        return self.extra.get(field, "")

    def with_header(self, field: str, text: str) -> "Declaration":
        """The declaration with another text in a header field."""
        if field.startswith("upper_funds."):
            funds: UpperFunds = msgspec.structs.replace(self.upper_funds, **{field.partition(".")[2]: text})
            return msgspec.structs.replace(self, upper_funds=funds)
        if field in STANDARD_FIELDS:
            return msgspec.structs.replace(self, **{"budget" if field == "budget_wan" else field: text})
        return msgspec.structs.replace(self, extra={**self.extra, field: text})


def split(value: str) -> tuple[str, str, str]:
    """Sign, number and unit of a value written together; what is more than these stands whole as the number."""
    match = _SPLIT.fullmatch(value)
    if match and _measures(match[2], match[3]):
        return match[1], match[2], match[3]
    return "", value, ""


def indicator(
    row: int,
    l1: str,
    l2: str,
    name: str,
    value: str,
    standard: str = "",
    note: str = "",
    extra: Mapping[str, str] | None = None,
) -> Indicator:
    """An indicator from a value written together; its cells put together give the value back unchanged."""
    return Indicator(row, l1, l2, name, *split(value), standard, note, {k: v for k, v in (extra or {}).items() if v})


def _measures(number: str, unit: str) -> bool:
    """The number stands alone or before a known unit, and the two are no date (12月, 2024年)."""
    if unit == "年":
        return len(number) < 4
    return not unit or (unit not in _UNITS_OF_DATES and family(unit) != "other")


def from_header(profile: str, header: Mapping[str, str], indicators: Sequence[Indicator]) -> Declaration:
    """A declaration from header texts by field; a missing one is blank, one that is not a standard field is a further one."""
    plain = {k: header.get(k, "") for k in STANDARD_FIELDS if "." not in k and k != "budget_wan"}
    funds = UpperFunds(**{k: header.get(f"upper_funds.{k}", "") for k in FUNDS})
    return Declaration(
        profile=profile,
        budget=header.get("budget_wan", ""),
        upper_funds=funds,
        indicators=tuple(indicators),
        extra={k: v for k, v in header.items() if k not in STANDARD_FIELDS and v},
        **plain,
    )


def to_json(declaration: Declaration) -> str:
    """The declaration as JSON text, with the keys of the samples; `from_json` gives the same declaration back."""
    year = declaration.year
    data: dict[str, Any] = {
        "profile": declaration.profile,
        "unit": declaration.unit,
        "department": declaration.department,
        "project": declaration.project,
        "year": int(year) if re.fullmatch("[1-9][0-9]{3}", year) else year,
        "budget_wan": declaration.budget,
        "upper_funds": {k: getattr(declaration.upper_funds, k) for k in FUNDS},
        "period": declaration.period,
        "long_goal": declaration.long_goal,
        "year_goal": declaration.year_goal,
        "indicators": [
            {"l1": i.l1, "l2": i.l2, "name": i.name, "value": i.value, "standard": i.standard}
            | ({"note": i.note} if i.note else {})
            | ({"extra": i.extra} if i.extra else {})
            for i in declaration.indicators
        ],
        "filler": declaration.filler,
        "phone": declaration.phone,
    } | ({"extra": declaration.extra} if declaration.extra else {})
    return json.dumps(data, ensure_ascii=False, indent=1)


def from_json(text: str) -> Declaration:
    """Read a declaration; numbers are kept exactly as written (18 digits, 860.50).

    Raises DeclarationError with a sentence naming the place for anything that is not one.
    """
    try:
        data = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        line = f"第{error.lineno}行附近" if isinstance(error, json.JSONDecodeError) else ""
        raise DeclarationError(f"不是有效的JSON文件{line and '，'}{line}有格式错误。") from None
    if not isinstance(data, dict) or "indicators" not in data:
        raise DeclarationError("这个JSON文件不是绩效目标申报表：缺少“indicators”（绩效指标）。")
    header_keys = {k for k in STANDARD_FIELDS if "." not in k} | {"profile", "upper_funds", "indicators", "extra"}
    _known(data, header_keys, "")
    _known(data.get("upper_funds") or {}, set(FUNDS), "upper_funds")
    header = {k: text_of(data.get(k), k) for k in STANDARD_FIELDS if "." not in k}
    funds = _table(data.get("upper_funds") or {}, "upper_funds")
    header |= {f"upper_funds.{k}": text_of(funds.get(k), f"upper_funds.{k}") for k in FUNDS}
    header |= _extra(data, "")
    rows = data["indicators"]
    if not isinstance(rows, list):
        raise DeclarationError("“indicators”应为列表，每条指标一项。")
    return from_header(text_of(data.get("profile"), "profile"), header, [_indicator(r, i) for i, r in enumerate(rows, 1)])


def _indicator(data: object, row: int) -> Indicator:
    place = f"indicators第{row}项"
    table = _table(data, place)
    keys = ("l1", "l2", "name", "value", "standard", "note")
    _known(table, {*keys, "extra"}, place)
    l1, l2, name, value, standard, note = (text_of(table.get(k), f"{place}的{k}") for k in keys)
    return indicator(row, l1, l2, name, value, standard, note, _extra(table, place))


def _extra(table: Mapping[str, Any], place: str) -> dict[str, str]:
    """The values of further fields or columns by key."""
    where = f"{place}的extra" if place else "extra"
    return {k: text_of(v, f"{where}.{k}") for k, v in _table(table.get("extra") or {}, where).items() if k not in STANDARD_FIELDS}


def _table(data: object, place: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise DeclarationError(f"“{place}”应为一组“名称: 值”。")
    return data


def text_of(value: object, place: str) -> str:
    """A value of a JSON as text, "" for none. Raises DeclarationError for what no cell can hold."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DeclarationError(f"“{place}”应为文字或数字。")
    if len(value) > LONGEST_TEXT:
        raise DeclarationError(f"“{place}”有{len(value)}个字，超过Excel一格最多{LONGEST_TEXT}个字，请缩短。")
    if re.search(_UNPRINTABLE, value):
        raise DeclarationError(f"“{place}”里有不能显示的控制字符，请删去后再试。")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        raise DeclarationError(f"“{next(k for k in keys if keys.count(k) > 1)}”写了两次，不知道以哪个为准。")
    return table


def _known(data: object, keys: set[str], place: str) -> None:
    """A key that looks like a misspelt one is an error: what was typed under it would be lost."""
    unknown = set(_table(data, place)) - keys - _ANNOTATIONS
    if not unknown:
        return
    import difflib

    for key in sorted(unknown):
        close = difflib.get_close_matches(key, sorted(keys - set(_table(data, place))), 1, 0.75)
        if close:
            raise DeclarationError(f"{place and place + '里'}不认识的项“{key}”，是不是“{close[0]}”？")
