"""Later forms for tests: one of each kind without findings, and changes of them written as lines."""

from __future__ import annotations

import re

import msgspec
from forms import HN2015, with_cells

from xlpkg.form import profiles
from xlpkg.year import generate
from xlpkg.year.check import YearReport, check
from xlpkg.year.form import MONITORING, SELF_EVALUATION, YearForm
from xlpkg.year.profile import YearProfile, load

DECLARED = profiles.load("hn2015")
DECLARATION = with_cells(HN2015, 9, value="有效改善")
STYLES = {MONITORING: "monitoring", SELF_EVALUATION: "evaluation"}
_PROGRESS = """
| 7公里 | 12公里 |
| 2座 | 3座 |
| 100% | 100% |
| 正在施工 | 2024年11月30日前完工 |
| 60万元 | 110万元 |
| 20万元 | 30万元 |
| 3% | 5% |
| 3600人 | 6000人 |
| 已播种草籽 | 达成年度指标 |
| 10年 | 10年 |
| 92% | 92% |
"""
_RESULTS = """
| 12.3公里 | 9 | |
| 3座 | 9 | |
| 100% | 8 | |
| 2024年11月20日 | 8 | |
| 109.5万元 | 8 | |
| 29.5万元 | 8 | |
| 5.5% | 8 | |
| 5700人 | 7.6 | 部分农户外出务工，下年分批组织 |
| 达成年度指标 | 7 | |
| 10年 | 7 | |
| 93% | 10 | 发放问卷200份，满意186份 |
"""


def _cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]


def year_profile(kind: str) -> YearProfile:
    return load(STYLES[kind], kind)


def _monitoring() -> YearForm:
    form = generate.monitoring(DECLARATION, DECLARED, year_profile(MONITORING))
    rows = tuple(
        msgspec.structs.replace(r, actual=actual, forecast=forecast, chance="确定能")
        for r, (actual, forecast) in zip(form.rows, _cells(_PROGRESS), strict=True)
    )
    form = msgspec.structs.replace(form, rows=rows, result="已改造7公里，修复危桥2座。")
    return form.with_header("funds.total.executed", "80").with_header("funds.total.forecast", "140")


def _evaluation() -> YearForm:
    form = generate.evaluation(DECLARATION, DECLARED, year_profile(SELF_EVALUATION))
    rows = tuple(
        msgspec.structs.replace(r, actual=actual, score=score, why=why)
        for r, (actual, score, why) in zip(form.rows, _cells(_RESULTS), strict=True)
    )
    told = "改造农村公路12.3公里，修复危桥3座，工程验收合格率100%，受益5700人。"
    form = msgspec.structs.replace(form, rows=rows, result=told, execution_score="9.93", total="99.53", grade="优")
    return form.with_header("funds.total.executed", "139")


GOOD: dict[str, YearForm] = {MONITORING: _monitoring(), SELF_EVALUATION: _evaluation()}


def changed(form: YearForm, lines: str) -> YearForm:
    """The form with changes, one a line: `3 actual = 已开展`, `funds.total.executed = 80`, `drop 3`."""
    for line in filter(None, map(str.strip, lines.splitlines())):
        if dropped := re.fullmatch(r"drop (\d+)", line):
            form = msgspec.structs.replace(form, rows=tuple(r for r in form.rows if r.row != int(dropped[1])))
        elif cell := re.fullmatch(r"(\d+) (\w+) =\s*(.*)", line):
            row, field, text = int(cell[1]), cell[2], cell[3]
            if field == "causes":
                rows = tuple(msgspec.structs.replace(r, causes=tuple(text.split())) if r.row == row else r for r in form.rows)
                form = msgspec.structs.replace(form, rows=rows)
            else:
                form = form.with_cell(row, field, text)
        else:
            field, text = re.split(r"\s*=\s*", line, maxsplit=1)
            form = form.with_header(field, text)
    return form


def judged(form: YearForm, profile: YearProfile | None = None) -> YearReport:
    return check(form, profile or year_profile(form.kind), DECLARED)


def found(form: YearForm, profile: YearProfile | None = None) -> list[tuple[str, int | None, str]]:
    """Rule, row and field of every finding."""
    return [(f.rule, f.row, f.field) for f in judged(form, profile).findings]
