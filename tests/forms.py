"""Declarations for tests: a well-written form of every profile, small tables of indicator rows, one mutation at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from xlpkg.audit.check import Report, check
from xlpkg.audit.fix import numbered
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, Indicator, UpperFunds, cell, indicator
from xlpkg.form.fields import FUNDS, TOTAL, UPPER, Column
from xlpkg.form.money import in_unit
from xlpkg.form.profile import Profile
from xlpkg.writing.build import build

Found = tuple[str, "int | None", str]
_REPORTS: dict[bytes, Report] = {}
_FORMS: dict[tuple[str, bytes | None], bytes] = {}
CELLS = ("l1", "l2", "name", "value", "standard")

HEADER = {
    "year": "2024",
    "unit": "云溪县交通运输局",
    "department": "云溪县交通运输局",
    "project": "农村公路提质改造",
    "budget": "140",
    "period": "2024年1月—2024年12月",
    "long_goal": "改善农村公路通行条件，方便沿线群众出行，带动沿线产业发展。",
    "year_goal": "改造农村公路12公里，修复危桥3座，工程验收全部合格，方便沿线群众出行。",
    "filler": "张敏",
    "phone": "0734-5210001",
}
HN2015_ROWS = """
| 数量指标 | 改造农村公路里程 | ≥12公里 | 计划标准 |
| 数量指标 | 修复危桥数量 | =3座 | 计划标准 |
| 质量指标 | 工程验收合格率 | =100% | 行业标准 |
| 时效指标 | 工程完工时间 | 2024年11月30日前 | 计划标准 |
| 成本指标 | 改造农村公路费用 | ≤110万元 | 预算支出标准 |
| 成本指标 | 修复危桥费用 | ≤30万元 | 预算支出标准 |
| 经济效益指标 | 沿线农产品运输成本降低率 | ≥5% | 历史标准 |
| 社会效益指标 | 受益村民人数 | ≥6000人 | 计划标准 |
| 生态效益指标 | 公路绿化率 | ≥90% | 行业标准 |
| 可持续影响指标 | 公路设计使用年限 | ≥10年 | 行业标准 |
| 社会公众或服务对象满意度指标 | 沿线群众满意度 | ≥90% | 历史标准 |
"""
MOF2021_ROWS = """
| 经济成本指标 | 改造农村公路费用 | ≤110万元 | 预算支出标准 |
| 经济成本指标 | 修复危桥费用 | ≤30万元 | 预算支出标准 |
| 数量指标 | 改造农村公路里程 | ≥12公里 | 计划标准 |
| 数量指标 | 修复危桥数量 | =3座 | 计划标准 |
| 质量指标 | 工程验收合格率 | =100% | 行业标准 |
| 时效指标 | 工程完工时间 | 2024年11月30日前 | 计划标准 |
| 社会效益指标 | 受益村民人数 | ≥6000人 | 计划标准 |
| 服务对象满意度指标 | 沿线群众满意度 | ≥90% | 历史标准 |
"""


def changed(declaration: Declaration, **header: str) -> Declaration:
    """The declaration with other header fields."""
    funds = {k: header.pop(k) for k in FUNDS if k in header}
    upper = msgspec.structs.replace(declaration.upper_funds, **funds)
    return msgspec.structs.replace(declaration, upper_funds=upper, **header)


def form(table: str, profile: str = "hn2015", **header: str) -> Declaration:
    """A declaration with these rows, `| l2 | name | value | standard |`; l1 is what the profile puts above the l2.

    A fifth cell in front gives another l1. Header fields not named are those of the base form; "central",
    "province" and "city" are upper funds.
    """
    known = profiles.load(profile)
    rows = []
    for line in filter(None, map(str.strip, table.splitlines())):
        *l1, l2, name, value, standard = (cell.strip() for cell in line.strip("|").split("|"))
        above = l1[0] if l1 else known.parent.get(known.l2(l2), "")
        rows.append(indicator(len(rows) + 1, above, l2, name, value, standard))
    return changed(Declaration(profile, upper_funds=UpperFunds("0", "0", "0"), indicators=tuple(rows), **HEADER), **header)


def good(profile_id: str) -> Declaration:
    """A well-written declaration of any profile: the rows of the two frameworks, its further fields and columns filled in."""
    profile = profiles.load(profile_id)
    rows = MOF2021_ROWS if "成本指标" in profile.l1_names.values() and "经济成本指标" in profile.parent else HN2015_ROWS
    lines = [[c.strip() for c in line.strip("|").split("|")] for line in filter(None, map(str.strip, rows.splitlines()))]
    known = [(profile.l2(_under(profile, l2)), name, value, standard) for l2, name, value, standard in lines]
    known = [r for r in known if r[0] in profile.parent]
    found = [
        indicator(n, profile.parent[l2], l2, name, _in_unit(value, profile), standard if "standard" in profile.user_columns else "")
        for n, (l2, name, value, standard) in enumerate(known, 1)
    ]
    found = [msgspec.structs.replace(i, extra=_extra(profile.columns, n, len(found))) for n, i in enumerate(found)]
    declaration = Declaration(profile_id, indicators=tuple(found))
    texts = {**HEADER, "budget_wan": in_unit(Decimal(1400000), profile.money_unit), **dict.fromkeys(UPPER, "0")}
    texts |= {f.key: f.choices[0] if f.choices else _SAMPLES[f.kind] for f in profile.fields}
    texts |= {f.key: texts["budget_wan"] if f.key == TOTAL else "0" for f in profile.funds}
    for field in profile.header:
        declaration = declaration.with_header(field, texts[field])
    return declaration


_SAMPLES = {
    "text": "按方案",
    "long": "按县里批准的方案实施。",
    "number": "3",
    "money": "0",
    "date": "2024年1月1日",
    "phone": "0734-5210001",
}


def _under(profile: Profile, l2: str) -> str:
    """The profile's own name for satisfaction, which forms call by many names."""
    own = next((c.l2[0].name for c in profile.tree if c.name == profile.roles.satisfaction), l2)
    return own if "满意度" in l2 else l2


def _in_unit(value: str, profile: Profile) -> str:
    """A cost in the form's unit of money."""
    match = re.fullmatch(r"(.*?)(\d+)万元", value)
    return f"{match[1]}{in_unit(Decimal(match[2]) * 10000, profile.money_unit)}{profile.money_unit}" if match else value


def _extra(columns: Sequence[Column], row: int, rows: int) -> dict[str, str]:
    """The cells of further columns in one row; a total is spread evenly, the last row takes the rest."""
    cells = {}
    for column in columns:
        if column.total is not None:
            each = int(column.total) // rows
            cells[column.key] = str(int(column.total) - each * (rows - 1) if row == rows - 1 else each)
        else:
            cells[column.key] = column.choices[0] if column.choices else _SAMPLES[column.kind]
    return cells


GOOD_FORMS = {profile_id: good(profile_id) for profile_id in profiles.shipped()}
"""A well-written declaration of each shipped profile."""
HN2015, MOF2015, MOF2021 = (GOOD_FORMS[i] for i in ("hn2015", "mof2015", "mof2021"))


def with_cells(declaration: Declaration, row: int, **cells: str) -> Declaration:
    """The declaration with other cells in one row: l1, l2, name, value, standard, further columns by their keys."""
    rows = list(declaration.indicators)
    old = rows[row - 1]
    texts: dict[str, Any] = {field: cells.get(field, cell(old, field)) for field in (*CELLS, "note")}
    extra = {k: cells.get(k, old.extra.get(k, "")) for k in {**old.extra, **cells} if k not in texts}
    rows[row - 1] = indicator(row, **texts, extra=extra)
    return msgspec.structs.replace(declaration, indicators=tuple(rows))


def of_rows(declaration: Declaration, rows: Sequence[Indicator]) -> Declaration:
    """The declaration with these rows, numbered anew."""
    return msgspec.structs.replace(declaration, indicators=numbered(rows))


def with_row(
    declaration: Declaration, l2: str, name: str, value: str, standard: str = "计划标准", l1: str | None = None
) -> Declaration:
    """The declaration with one more row at its end, under the first level that its second level has."""
    profile = profiles.load(declaration.profile)
    above = profile.parent.get(l2, "") if l1 is None else l1
    standard = standard if "standard" in profile.user_columns else ""
    row = indicator(len(declaration.indicators) + 1, above, l2, name, value, standard)
    return msgspec.structs.replace(declaration, indicators=(*declaration.indicators, row))


def without_rows(declaration: Declaration, *l2: str) -> Declaration:
    """The declaration without the rows of these second-level categories, numbered anew."""
    kept = [i for i in declaration.indicators if i.l2 not in l2]
    return of_rows(declaration, kept)


def report(declaration: Declaration) -> Report:
    """What the check says. The last reports are kept, because tests of laws ask about one declaration several times."""
    content = msgspec.msgpack.encode(declaration)
    if content not in _REPORTS:
        _REPORTS[content] = check(declaration, profiles.load(declaration.profile))
        if len(_REPORTS) > 50:
            del _REPORTS[next(iter(_REPORTS))]
    return _REPORTS[content]


def findings(declaration: Declaration, severity: str | None = None) -> list[Found]:
    """(code, row, field) of every finding, or of those of one severity, in the order of the report."""
    found = report(declaration).findings
    return [(f.rule, f.row, f.field) for f in found if severity in (None, f.severity)]


def write_form(path: Path, declaration: Declaration | None) -> Path:
    """A form of the declaration, or a blank one of hn2015, as a file. The same form is built once and then copied."""
    key = path.suffix, declaration and msgspec.msgpack.encode(declaration)
    if key not in _FORMS:
        build(path, profiles.load(declaration.profile if declaration else "hn2015"), declaration)
        _FORMS[key] = path.read_bytes()
    path.write_bytes(_FORMS[key])
    return path


FAULTY = with_cells(with_cells(HN2015, 1, standard=""), 5, value="≥110万元")
"""Two rows with an error each: no standard in row 1, a cost with a lower limit in row 5."""


def example(text: str) -> Declaration:
    """The form that an example of a rule describes: changes of a well-written one, a line each.

    `field = text` is a header field, `3.name = text` a cell of row 3, `+ l2 | name | value | standard` one row more (with l1 in
    front if there are five), `- l2` takes the rows of a category away; `表式 = id` chooses the form. ␣ is a blank at a text's end.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    chosen = next((line.partition("=")[2].strip() for line in lines if line.startswith("表式")), "hn2015")
    declaration = GOOD_FORMS[chosen]
    for line in lines:
        key, _, said = (part.strip() for part in line.partition("="))
        said = said.replace("␣", " ")
        if line.startswith("- "):
            declaration = without_rows(declaration, line[2:])
        elif line.startswith("+ "):
            *l1, l2, name, value, standard = _row_of(line[2:])
            declaration = with_row(declaration, l2, name, value, standard, *l1)
        elif match := re.fullmatch(r"(\d+)\.(\w+)", key):
            declaration = with_cells(declaration, int(match[1]), **{match[2]: said})
        elif key != "表式":
            declaration = declaration.with_header(key, said)
    return declaration


def _row_of(text: str) -> list[str]:
    cells = [c.strip() for c in text.split("|")]
    return [*cells, "计划标准"] if len(cells) == 3 else cells
