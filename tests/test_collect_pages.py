"""The bureau's workbook on paper: few pages, no lonely lines, no column and no chart without content."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import openpyxl
import pytest
from bureau import fill
from forms import HN2015, changed
from office import Office

from xlpkg.cli import main
from xlpkg.collect.workbook import FIRST_ROW, HEAD_ROW
from xlpkg.form import profiles
from xlpkg.writing.build import build
from xlpkg.writing.list_pages import plan

PAGES = 18
"""Half of what it was in the first version."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    fill(folder / "in", 20)
    assert main(["collect", str(folder / "in"), "-o", str(folder / "汇总.xlsx"), "--letters", str(folder / "信")]) == 1
    return folder


@pytest.mark.office
def test_twenty_files_are_few_pages(office: Office, made: Path) -> None:
    with office.open(made / "汇总.xlsx") as document:
        document.pdf(made / "汇总.pdf")
    pages = subprocess.run(["pdftotext", "-layout", made / "汇总.pdf", "-"], capture_output=True, text=True, check=True).stdout
    printed = [page for page in pages.split("\f") if page.strip()]
    assert len(printed) <= PAGES
    for page in printed:
        again = "项目汇总　" in page or re.search(r"单位 +项目 +年度", page)  # a list goes on from the page before
        assert not again or len(page.split("\n")) > 10, page


def test_a_few_lines_do_not_make_a_page() -> None:
    for count in range(20, 500):
        found = plan([18.0] * count, 1100, above=57, head=32)
        on_a_page = int((found.sheet.height * 1100 / found.sheet.width - 32) // 18)
        assert found.pages == 1 or count - (found.pages - 1) * on_a_page >= 8, count


def test_rows_of_a_project_take_one_line_and_can_be_filtered(made: Path) -> None:
    book = openpyxl.load_workbook(made / "汇总.xlsx")
    sheet = book["指标明细"]
    heads = [c.value for c in sheet[HEAD_ROW + 1]]
    rows = list(sheet.iter_rows(min_row=FIRST_ROW + 1))
    assert all(row[0].value and row[1].value for row in rows), "whose it is stands in every row"
    first, second = rows[0][0], rows[1][0]
    assert first.value == second.value and first.font.color.rgb != second.font.color.rgb
    assert second.alignment.shrink_to_fit and not second.alignment.wrap_text
    short = [r for r in rows if all(len(str(c.value or "")) < 10 for c, head in zip(r, heads, strict=True) if head != "文件")]
    assert {sheet.row_dimensions[r[0].row].height for r in short} == {18}


def test_errors_come_first(made: Path) -> None:
    sheet = openpyxl.load_workbook(made / "汇总.xlsx")["问题清单"]
    words = [row[3] for row in sheet.iter_rows(min_row=FIRST_ROW + 1, values_only=True)]
    assert words == sorted(words, key=["错误", "提醒"].index) and len(set(words)) == 2


def test_empty_columns_and_empty_charts_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    build(tmp_path / "in" / "甲.xlsx", profiles.load("hn2015"), changed(HN2015, budget="140"))
    assert main(["collect", str(tmp_path / "in"), "-o", str(tmp_path / "汇总.xlsx")]) == 0
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    costs = book["成本分项"]
    heads = {cell.value: cell.column_letter for cell in costs[HEAD_ROW + 1]}
    hidden = {head for head, letter in heads.items() if costs.column_dimensions[letter].hidden}
    assert hidden == {"每次活动成本（元）", "同类", "同类单位数", "同类中位数（元）", "为中位数的倍数"}
    assert not book["问题统计"]._charts


def test_a_letter_has_a_place_for_number_office_and_seal(made: Path) -> None:
    import docx

    for path in (made / "信").glob("*.docx"):
        document = docx.Document(str(path))
        said = [p.text for p in document.paragraphs]
        assert said[1].startswith("文号：") and "盖章" in said[-2] and "年" in said[-1]
        cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
        assert {run.font.size.pt for cell in cells for run in cell.paragraphs[0].runs} == {10.5}
