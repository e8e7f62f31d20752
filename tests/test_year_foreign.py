"""Foreign 自评表 and 监控表, as Word and as Excel: what is read, and what is found in it, nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from office import Office
from year_layouts import (
    BLOCK_LABELS,
    CONVERTED,
    HALF_YEAR,
    MINISTRY,
    MONITORING,
    RATE_AMONG_ROWS,
    SOURCES_SIDE_BY_SIDE,
    SPLIT_VALUE,
    TICKED_CHANCE,
    TRANSFER,
    WAY_OF_SCORING,
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
        (RATE_AMONG_ROWS, []),
        (WAY_OF_SCORING, []),
        (SOURCES_SIDE_BY_SIDE, []),
        (CONVERTED, [("S11", 3, "why"), ("S18", 4, "why")]),
        (BLOCK_LABELS, [("S09", 3, "score"), ("S11", 3, "why"), ("S17", None, "total"), ("S18", 3, "why")]),
        (TICKED_CHANCE, [("K09", 5, "why"), ("K10", 5, "chance")]),
    ],
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


@pytest.mark.parametrize(("write", "name"), WRITERS)
@pytest.mark.parametrize(
    ("page", "rows", "money", "total"),
    [
        (RATE_AMONG_ROWS, 7, ("64", "64"), ("", "99")),
        (SOURCES_SIDE_BY_SIDE, 4, ("50", "50"), ("100", "100")),
        (CONVERTED, 4, ("80", "80"), ("97", "97")),
        (BLOCK_LABELS, 3, ("12", "10"), ("98.33", "98.33")),
        (WITHOUT_POINTS, 2, ("10", "8"), ("", "100")),
    ],
)
def test_rows_money_and_points_of_other_layouts(
    page: Page,
    rows: int,
    money: tuple[str, str],
    total: tuple[str, str],
    write: Callable[[Page, Path], Path],
    name: str,
    tmp_path: Path,
) -> None:
    source = read(page, write, tmp_path / name)
    facts = check(source.form, source.profile, source.declared).facts
    assert (len(source.form.rows), source.form.money.adjusted, source.form.money.executed) == (rows, *money)
    assert (source.form.total, str(facts.total)) == total


def two_sheets(path: Path) -> Path:
    """Two self-evaluations in one workbook."""
    book, other = openpyxl.load_workbook(as_excel(MINISTRY, path)), openpyxl.load_workbook(as_excel(TRANSFER, path))
    assert other.active is not None
    sheet = book.create_sheet("另一个项目")
    for row in other.active.iter_rows():
        for cell in row:
            if cell.value is not None:
                sheet[cell.coordinate] = cell.value
    for area in other.active.merged_cells.ranges:
        sheet.merge_cells(str(area))
    book.save(path)
    return path


def test_every_form_of_a_workbook_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = two_sheets(tmp_path / "two.xlsx")
    assert main(["check", "--json", str(path)]) == 1
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(d["part"], d["errors"], d["total"]) for d in said] == [("农村公路养护", 2, "96"), ("产业到户补助", 0, "100")]
    first = read_year(path)
    assert first is not None and first.notices[0].startswith("这个文件里有2份表（“农村公路养护”、“产业到户补助”）")
    (folder := tmp_path / "收件").mkdir()
    path.rename(folder / path.name)
    main(["collect", str(folder), "-o", str(tmp_path / "汇总.xlsx")])
    rows = list(openpyxl.load_workbook(tmp_path / "汇总.xlsx")["全年对照"].values)
    head = next(row for row in rows if "项目" in row)
    at = [head.index(name) for name in ("项目", "重算总分")]
    assert {tuple(str(row[n]) for n in at) for row in rows} >= {("农村公路养护", "96"), ("产业到户补助", "100")}


@pytest.mark.office
@pytest.mark.parametrize("page", [MINISTRY, TICKED_CHANCE], ids=["evaluation", "monitoring"])
def test_word_97_is_read_through_libreoffice(page: Page, office: Office, tmp_path: Path) -> None:
    new = read(page, as_word, tmp_path / "form.docx")
    office.convert(tmp_path / "form.docx", tmp_path / "old.doc")
    old = read_year(tmp_path / "old.doc")
    assert old is not None and (old.form.rows, old.form.funds, old.form.total) == (new.form.rows, new.form.funds, new.form.total)
