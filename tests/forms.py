"""Declarations for tests: two well-written forms, small tables of indicator rows, one mutation at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from xlpkg.audit.check import Report, check
from xlpkg.audit.fix import numbered
from xlpkg.form import profiles
from xlpkg.form.declaration import FUNDS, Declaration, Indicator, UpperFunds, indicator
from xlpkg.writing.build import build

QUIET = {"C16", "F17"}
"""Hints that any form has, or any form to whose end a row is added: looked at by tests of their own."""
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


HN2015 = form(HN2015_ROWS)
MOF2021 = form(MOF2021_ROWS, "mof2021")
MOF2015 = form(re.sub(r"\S+标准 \|", " |", HN2015_ROWS).replace("社会公众或服务对象满意度", "服务对象满意度"), "mof2015")
GOOD_FORMS = {d.profile: d for d in (HN2015, MOF2015, MOF2021)}
"""A well-written declaration of each profile."""


def with_cells(declaration: Declaration, row: int, **cells: str) -> Declaration:
    """The declaration with other cells in one row: l1, l2, name, value, standard."""
    rows = list(declaration.indicators)
    old = rows[row - 1]
    texts: dict[str, Any] = {field: cells.get(field, getattr(old, field)) for field in CELLS}
    rows[row - 1] = indicator(row, **texts)
    return msgspec.structs.replace(declaration, indicators=tuple(rows))


def of_rows(declaration: Declaration, rows: Sequence[Indicator]) -> Declaration:
    """The declaration with these rows, numbered anew."""
    return msgspec.structs.replace(declaration, indicators=numbered(rows))


def with_row(declaration: Declaration, l2: str, name: str, value: str, standard: str = "计划标准") -> Declaration:
    """The declaration with one more row at its end."""
    l1 = profiles.load(declaration.profile).parent[l2]
    row = indicator(len(declaration.indicators) + 1, l1, l2, name, value, standard)
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
    """(code, row, field) of every finding, or of those of one severity, in the order of the report, without QUIET."""
    found = report(declaration).findings
    return [(f.rule, f.row, f.field) for f in found if severity in (None, f.severity) and f.rule not in QUIET]


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
