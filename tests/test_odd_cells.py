"""Odd cells, moved rows and .xlsm: what is read, with the exact notice or refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bad_files import (
    ENTRY_PART,
    FIRST,
    Run,
    as_read,
    edited,
    on_entry,
    refused,
    with_cell,
    with_part,
)
from forms import HN2015

from xlpkg.form.declaration import from_json

# --- odd cells ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_error_value_in_an_input_cell(run: Run, bad: Path, form: Path, error: str) -> None:
    with_cell(form, bad, f"F{FIRST}", f"<v>{error}</v>", "e")
    refused(run, bad, f"“填报”表F18（指标值）是错误值“{error}”，请改成文字或数字后再试。")


def test_error_value_in_the_header(run: Run, bad: Path, form: Path) -> None:
    with_cell(form, bad, "C8", "<f>1/0</f><v>#DIV/0!</v>", "e")
    refused(run, bad, "“填报”表C8（项目支出名称）是错误值“#DIV/0!”，请改成文字或数字后再试。")


@pytest.mark.parametrize("before", ["", "x:"], ids=["plain", "prefixed"])
def test_error_value_whatever_the_writing_of_the_xml(run: Run, bad: Path, form: Path, before: str) -> None:
    """Attributes in another order, and elements with a namespace prefix as some programs write them."""

    def change(xml: str) -> str:
        cell = '<c t="e" r="F19"><v>#N/A</v></c>'
        head, _, rest = xml.partition('<c r="F19"')
        xml = head + cell + rest[rest.index("</c>") + 4 :]
        if not before:
            return xml
        for name in ("worksheet", "sheetData", "row", "c", "v", "f", "is", "t"):
            xml = xml.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>").replace(f"</{name}>", f"</x:{name}>")
        return xml.replace(' xmlns="', ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x="', 1)

    with_part(form, bad, ENTRY_PART, change)
    refused(run, bad, "“填报”表F19（指标值）是错误值“#N/A”，请改成文字或数字后再试。")


def test_formula_with_its_result_is_read_and_told(run: Run, bad: Path, form: Path) -> None:
    with_cell(form, bad, f"F{FIRST}", "<f>6+6</f><v>12</v>")
    target = bad.with_name("read.json")
    answer = run("convert", bad, "-o", target)
    assert answer == (0, f"已转换：{target}（11条指标）\n", "注意：“填报”表F18（指标值）是公式，按计算结果“12”读取。\n")
    assert from_json(target.read_text(encoding="utf-8")) == HN2015


def test_formula_without_a_result(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(F18="=6+6"))
    advice = "请用Excel打开保存一次，或直接填写结果后再试。"
    refused(run, bad, f"“填报”表F18（指标值）是公式，还没有计算结果。{advice}")


def test_formula_whose_result_is_an_empty_text_is_a_blank_cell(run: Run, bad: Path, form: Path) -> None:
    with_cell(form, bad, f"I{FIRST}", '<f>IF(1=1,"","x")</f><v></v>', "str")
    assert run("check", bad).code == 0


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        ('<v>12</v>', "12"), ("<v>1160</v>", "1160"), ("<v>98.5</v>", "98.5"), ("<v>0.1</v>", "0.1"),
        ("<v>1.1600000000000001</v>", "1.16"), ("<v>1E15</v>", "1000000000000000"), ("<v>-0</v>", "0"),
    ],
)  # fmt: skip
def test_number_where_a_number_is_text(run: Run, bad: Path, form: Path, cell: str, typed: str) -> None:
    with_cell(form, bad, f"F{FIRST}", cell)
    assert as_read(run, bad).indicators[0].value == f"≥{typed}公里"


@pytest.mark.parametrize("text", ["1160", "98.5", "98.50", "430423199001011234", "1,160", " 12 ", "１２"])
def test_text_that_looks_like_a_number_is_kept_as_typed(run: Run, bad: Path, form: Path, text: str) -> None:
    edited(form, bad, on_entry(F18=text, C9=text, G14=text))
    read = as_read(run, bad)
    assert read.indicators[0].value == f"≥{text}公里"
    assert (read.budget, read.phone) == (text, text)


def test_numbers_in_the_header(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(C7=2024, C9=140.0, G14=13800000000))
    read = as_read(run, bad)
    assert (read.year, read.budget, read.phone) == ("2024", "140", "13800000000")


def test_date_cells_are_read_as_dates_in_chinese(run: Run, bad: Path, form: Path) -> None:
    import datetime

    edited(form, bad, on_entry(F21=datetime.date(2024, 11, 30), D18=datetime.datetime(2024, 5, 1, 8, 30)))
    read = as_read(run, bad)
    assert read.indicators[3].value == "2024年11月30日"
    assert read.indicators[0].name == "2024年5月1日"


@pytest.fixture(params=[True, False], ids=["with t=n", "without t"])
def percent(request: pytest.FixtureRequest, bad: Path, form: Path) -> Callable[[str | None], Path]:
    """A form in which 98.5% was typed into the value cell of 工程验收合格率; programs differ in how they say "number"."""

    def made(unit: str | None) -> Path:
        def edit(book: Any) -> None:
            cell = book["填报"]["F20"]
            cell.value, cell.number_format = 0.985, "0.0%"
            book["填报"]["G20"] = unit

        path = edited(form, bad, edit)
        if not request.param:
            path = with_part(path, path, ENTRY_PART, lambda xml: xml.replace(' t="n"', ""))
        return path

    return made


def test_percent_cell_is_read_as_it_is_shown(run: Run, percent: Callable[[str | None], Path]) -> None:
    assert as_read(run, percent(None)).indicators[2].value == "=98.5%"


def test_percent_cell_beside_a_percent_unit_has_one_percent_sign(run: Run, percent: Callable[[str | None], Path]) -> None:
    assert as_read(run, percent("%")).indicators[2].value == "=98.5%"


def test_merged_category_counts_for_each_of_its_rows(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        sheet.merge_cells("B18:B23")
        sheet.merge_cells("C22:C23")
        sheet.merge_cells("H22:H23")

    edited(form, bad, edit)
    assert as_read(run, bad) == HN2015


def test_true_and_false_are_texts(run: Run, bad: Path, form: Path) -> None:
    edited(form, bad, on_entry(D18=True))
    assert as_read(run, bad).indicators[0].name == "TRUE"


# --- rows and columns moved about -----------------------------------------------------------------------------------


def test_thousands_of_stray_rows(run: Run, bad: Path, form: Path) -> None:
    rows = "".join(f'<row r="{r}"><c r="D{r}" t="inlineStr"><is><t>甲</t></is></c></row>' for r in range(100, 3100))
    with_part(form, bad, ENTRY_PART, lambda xml: xml.replace("</sheetData>", rows + "</sheetData>"))
    refused(run, bad, "“表.xlsx”的“填报”表超过2000行指标，可能粘贴了多余内容，请删去后再试。")


def test_thousands_of_blank_rows_are_no_harm(run: Run, bad: Path, form: Path) -> None:
    rows = "".join(f'<row r="{r}"><c r="D{r}" s="1"/></row>' for r in range(100, 5100))
    with_part(form, bad, ENTRY_PART, lambda xml: xml.replace("</sheetData>", rows + "</sheetData>"))
    assert as_read(run, bad) == HN2015


def test_rows_inserted_and_blank_rows_between(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        book["填报"].move_range("A20:J28", rows=7)

    edited(form, bad, edit)
    assert as_read(run, bad) == HN2015
    assert json.loads(run("check", bad, "--json").out)["findings"] == []


def test_finding_in_a_moved_row_names_the_cell_where_the_row_stands_now(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        sheet["H20"] = None
        sheet.move_range("A20:J28", rows=7)

    edited(form, bad, edit)
    (finding,) = json.loads(run("check", bad, "--json").out)["findings"]
    assert (finding["row"], finding["field"], finding["cell"]) == (3, "standard", "H27")


def test_rows_sorted_by_name(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        texts = sorted([[c.value for c in row] for row in sheet["B18:I28"]], key=lambda row: str(row[2]))
        for row, values in zip(sheet["B18:I28"], texts, strict=True):
            for cell, value in zip(row, values, strict=True):
                cell.value = value

    edited(form, bad, edit)
    read = as_read(run, bad)
    assert [i.name for i in read.indicators] == sorted(i.name for i in HN2015.indicators)
    assert {(i.l2, i.name, i.value) for i in read.indicators} == {(i.l2, i.name, i.value) for i in HN2015.indicators}


def test_columns_inserted_and_swapped(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        for row in sheet.iter_rows(min_row=17, max_row=28):
            values = [c.value for c in row[:12]]
            for cell, value in zip(row, [None, "旧", values[7], values[3], *values[1:3], *values[4:7]], strict=False):
                cell.value = value

    edited(form, bad, edit)
    target = bad.with_name("read.json")
    code, _, told = run("convert", bad, "-o", target)
    assert (code, told.count("没有带到新文件"), "“旧”" in told) == (0, 12, True)
    read = from_json(target.read_text(encoding="utf-8"))
    assert [(i.l1, i.l2, i.name, i.value, i.standard) for i in read.indicators] == [
        (i.l1, i.l2, i.name, i.value, i.standard) for i in HN2015.indicators
    ]


# --- .xlsm ----------------------------------------------------------------------------------------------------------


def test_xlsm_is_read_like_xlsx(run: Run, folder: Path, form: Path) -> None:
    path = folder / "表.xlsm"
    assert run("convert", form, "-o", path)[0] == 0
    assert as_read(run, path) == HN2015
