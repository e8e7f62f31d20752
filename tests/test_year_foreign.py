"""Foreign 自评表 and 监控表, as Word and as Excel: what is read, and what is found in it, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from year_layouts import (
    HALF_YEAR,
    MINISTRY,
    MONITORING,
    SPLIT_VALUE,
    TRANSFER,
    WITHOUT_POINTS,
    Page,
    as_excel,
    as_word,
)

from xlpkg.cli import main
from xlpkg.year.check import check
from xlpkg.year.reading import YearSource, read_year

WRITERS = [(as_word, "form.docx"), (as_excel, "form.xlsx")]


def read(page: Page, write: Callable[[Page, Path], Path], path: Path) -> YearSource:
    source = read_year(write(page, path))
    assert source is not None and source.foreign and not source.form.compared
    return source


def found(source: YearSource) -> list[tuple[str, int | None, str]]:
    return [(f.rule, f.row, f.field) for f in check(source.form, source.profile, source.declared).findings]


@pytest.mark.parametrize(("write", "name"), WRITERS)
@pytest.mark.parametrize(
    ("page", "findings"),
    [
        (MINISTRY, [("S09", 2, "score"), ("S11", 2, "why"), ("S18", 5, "why")]),
        (TRANSFER, [("S18", 5, "why")]),
        (SPLIT_VALUE, [("S13", 2, "actual")]),
        (WITHOUT_POINTS, [("S04", None, "execution_score")]),
        (MONITORING, [("K10", 3, "chance")]),
        (HALF_YEAR, [("K01", None, "funds.total.executed"), ("K11", 1, "forecast")]),
    ],
    ids=["ministry", "transfer", "split_value", "without_points", "monitoring", "half_year"],
)
def test_what_is_found_in_a_foreign_form(
    page: Page, findings: list[tuple[str, int | None, str]], write: Callable[[Page, Path], Path], name: str, tmp_path: Path
) -> None:
    assert sorted(found(read(page, write, tmp_path / name)), key=str) == sorted(findings, key=str)


@pytest.mark.parametrize(("write", "name"), WRITERS)
def test_what_is_read_of_the_ministrys_form(write: Callable[[Page, Path], Path], name: str, tmp_path: Path) -> None:
    source = read(MINISTRY, write, tmp_path / name)
    form = source.form
    assert (form.declaration.project, form.declaration.year) == ("农村公路养护", "2023")
    assert form.result == "养护公路41公里，群众满意" and form.total == "96"
    assert (form.money.initial, form.money.executed, form.money.rate) == ("80", "72", "90%")
    assert (form.execution_points, form.execution_score) == ("10", "9")
    rows = [(r.l1, r.l2, r.target, r.actual, r.points, r.score) for r in form.rows]
    assert rows[1] == ("产出指标", "质量指标", "100%", "98%", "20", "20") and len(rows) == 5
    assert (source.cell(2, "score") == "G12") == (name == "form.xlsx")


def test_two_rows_of_heads_and_ticks(tmp_path: Path) -> None:
    form = read(MONITORING, as_word, tmp_path / "form.docx").form
    assert form.month == 7 and form.rows[1].causes == ("经费",) and form.rows[1].why == "资金到位晚"
    assert [r.chance for r in form.rows] == ["确定能", "有可能", "基本能"]


def test_the_half_year_is_six_months(tmp_path: Path) -> None:
    assert read(HALF_YEAR, as_excel, tmp_path / "form.xlsx").form.month == 6


def test_sign_and_unit_in_columns_of_their_own_are_one_target(tmp_path: Path) -> None:
    form = read(SPLIT_VALUE, as_excel, tmp_path / "form.xlsx").form
    assert [r.target for r in form.rows] == ["≥6台", "≤3.36万元"]


def test_check_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(as_excel(MINISTRY, tmp_path / "form.xlsx"))]) == 1
    shown = capsys.readouterr().out
    assert "S09 第2行“养护合格率”（G12）：目标100%，完成98%，分值20，得20分，按规则应得19.6分" in shown
