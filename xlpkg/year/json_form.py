"""The JSON of a later form: made, read and checked without a workbook; `ref` is the row of the declaration.

The keys are those of the columns in workbook/year/*.toml.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from xlpkg.form.declaration import DeclarationError, from_json, text_of, to_json
from xlpkg.form.fields import TOTAL
from xlpkg.form.profile import Profile
from xlpkg.form.profiles import load as load_declared
from xlpkg.form.text import tidy
from xlpkg.layout import LARGEST_FORM
from xlpkg.year.form import CAUSES, MONITORING, NAMES, SELF_EVALUATION, Kind, Money, YearForm, YearRow
from xlpkg.year.profile import following, load

_MONEY = ("initial", "adjusted", "executed", "forecast", "rate", "reason")
_TEXTS = ("conclusion", "problems", "measures")
_ROW_TEXTS = (
    "l1", "l2", "name", "target", "actual", "forecast", "chance", "note", "points", "score", "adjusted", "basis", "before",
    "before_chance",
)  # fmt: skip
_WHY: dict[str, str] = {MONITORING: "why", SELF_EVALUATION: "reason"}
_TOP: dict[str, tuple[str, ...]] = {
    MONITORING: ("month", "goal_progress"), SELF_EVALUATION: ("execution", "goal_result", "total", "grade"),
}  # fmt: skip
_OF_ROWS: dict[str, tuple[str, ...]] = {
    MONITORING: ("forecast", "chance", "causes", "why"), SELF_EVALUATION: ("points", "score", "reason", "before_chance"),
}  # fmt: skip


def to_year_json(form: YearForm) -> str:
    """A later form as JSON text; `from_year_json` gives the same form back."""
    result = "goal_progress" if form.kind == MONITORING else "goal_result"
    data: dict[str, Any] = {"kind": form.kind, "style": form.style, "declaration": json.loads(to_json(form.declaration))}
    if form.kind == MONITORING:
        data["month"] = form.month
    data["funds"] = {source: {k: getattr(m, k) for k in _MONEY if getattr(m, k)} for source, m in form.funds.items()}
    if form.kind == SELF_EVALUATION:
        data["execution"] = {"points": form.execution_points, "score": form.execution_score}
    data[result] = form.result
    data["rows"] = [_row_data(r, form.kind) for r in form.rows]
    if form.kind == SELF_EVALUATION:
        data |= {"total": form.total, "grade": form.grade}
    data |= {k: getattr(form, k) for k in _TEXTS if getattr(form, k)}
    data |= {"seal": form.seal} if form.seal else {}
    return json.dumps(data if form.compared else {**data, "compared": False}, ensure_ascii=False, indent=1)


def _row_data(row: YearRow, kind: str) -> dict[str, Any]:
    other = _OF_ROWS[SELF_EVALUATION if kind == MONITORING else MONITORING]
    texts = {k: getattr(row, k) for k in _ROW_TEXTS if k in _OF_ROWS[kind] or (k not in other and getattr(row, k))}
    causes = {"causes": list(row.causes)} if kind == MONITORING else {}
    return {"ref": row.ref, **texts, **causes, _WHY[kind]: row.why}


def is_year_json(text: str) -> bool:
    """The text is JSON of a later form."""
    return bool(re.search(r'"kind"\s*:\s*"(?:monitoring|self_evaluation)"', text))


def from_year_json(text: str, style: str = "", declared: Profile | None = None) -> YearForm:
    """Read a later form; `style` names its profile, `declared` that of the declaration. Raises DeclarationError, ProfileError."""
    try:
        data = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise DeclarationError("不是有效的JSON文件。") from None
    if not isinstance(data, dict) or data.get("kind") not in NAMES:
        raise DeclarationError("“kind”应为monitoring（监控）或self_evaluation（自评）。")
    kind: Kind = data["kind"]
    if not isinstance(data.get("declaration"), dict):
        raise DeclarationError("缺少“declaration”：监控表、自评表要连同申报表的内容。")
    _known(data, {"kind", "style", "declaration", "funds", "rows", "seal", "compared", *_TEXTS, *_TOP[kind]}, "")
    declaration = from_json(json.dumps(data["declaration"], ensure_ascii=False))
    profile = declared or load_declared(declaration.profile)
    year_profile = load(style or _text(data, "style") or following(profile, kind).id, kind)
    execution = _table(data.get("execution") or {}, "execution")
    month = _text(data, "month") or "7"
    if not month.isdigit() or not 1 <= int(month) <= 12:
        raise DeclarationError(f"“month”写了“{month}”，应为1到12的月份。")
    funds = {source: _money(m, f"funds.{source}") for source, m in _table(data.get("funds") or {}, "funds").items()}
    rows = data.get("rows")
    if not isinstance(rows, list):
        raise DeclarationError("“rows”应为列表，每条指标一项。")
    if len(rows) > LARGEST_FORM:
        raise DeclarationError(f"“rows”超过{LARGEST_FORM}项，不像一张表，没有读入。")
    by_row = {i.row: i for i in declaration.indicators}
    read = []
    for n, item in enumerate(rows, 1):
        row = _row(_table(item, f"rows第{n}项"), n, kind)
        of = by_row.get(row.ref or 0)
        if of is not None:
            named = {
                "l1": row.l1 or profile.l1(of.l1), "l2": row.l2 or profile.l2(of.l2), "name": row.name or tidy(of.name),
                "target": row.target if "target" in item else tidy(of.value),
            }  # fmt: skip
            row = _with(row, named)
        read.append(row)
    return YearForm(
        kind=kind, style=year_profile.id, declaration=declaration, compared=data.get("compared") is not False,
        month=int(month) if kind == MONITORING else 12, funds=funds or {TOTAL: Money()},
        execution_points=_text(execution, "points"), execution_score=_text(execution, "score"),
        result=_text(data, "goal_result") or _text(data, "goal_progress"), rows=tuple(read),
        total=_text(data, "total"), grade=_text(data, "grade"), seal=_text(data, "seal"),
        **{k: _text(data, k) for k in _TEXTS},
    )  # fmt: skip


def _with(row: YearRow, texts: Mapping[str, str]) -> YearRow:
    return msgspec.structs.replace(row, **texts)


def _money(data: object, place: str) -> Money:
    table = _table(data, place)
    _known(table, set(_MONEY), place)
    return Money(**{k: _text(table, k) for k in _MONEY})


def _row(data: dict[str, Any], number: int, kind: str) -> YearRow:
    place = f"rows第{number}项"
    _known(data, {"ref", "causes", "why", "reason", *_ROW_TEXTS}, place)
    ref = _text(data, "ref")
    if ref and not ref.isdigit():
        raise DeclarationError(f"{place}的“ref”写了“{ref}”，应为申报表的行号。")
    causes = data.get("causes") or []
    if not isinstance(causes, list) or not set(causes) <= set(CAUSES):
        raise DeclarationError(f"{place}的“causes”只能是{'、'.join(CAUSES)}。")
    return YearRow(
        row=number, ref=int(ref) if ref else None, causes=tuple(c for c in CAUSES if c in causes),
        why=_text(data, _WHY[kind]), **{k: _text(data, k) for k in _ROW_TEXTS},
    )  # fmt: skip


def _table(data: object, place: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise DeclarationError(f"“{place}”应为一组“名称: 值”。")
    return data


def _text(table: Mapping[str, Any], key: str) -> str:
    return text_of(table.get(key), key)


def _known(table: Mapping[str, Any], keys: set[str], place: str) -> None:
    """A key that looks like a misspelt one is an error: what was typed under it would be lost."""
    import difflib

    for key in sorted(set(table) - keys):
        close = difflib.get_close_matches(key, sorted(keys - set(table)), 1, 0.75)
        if close:
            raise DeclarationError(f"{place and place + '里'}不认识的项“{key}”，是不是“{close[0]}”？")
