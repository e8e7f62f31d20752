"""Foreign workbooks: what the cells show, what is hidden, and what stands beside the cells; files that are not what they say."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.comments import Comment

from xlpkg.files.errors import UnreadableError
from xlpkg.form.import_report import ImportReport
from xlpkg.reading.read import Source, read

HEADS = ["一级指标", "二级指标", "三级指标", "指标值", "绩效标准"]
BODY = [
    ["产出指标", "数量指标", "新建分类投放点", "≥120个", "计划标准"],
    ["产出指标", "质量指标", "验收合格率", "≥98%", "行业标准"],
    ["效益指标", "社会效益指标", "居民知晓率", "≥95%", "历史标准"],
]
NAMES = [row[2] for row in BODY]


def written(path: Path, change: Callable[[Any], None] | None = None, sheet: str = "Sheet1") -> Path:
    """A foreign form as a workbook, with a change by openpyxl."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in (["项目名称", "垃圾分类"], HEADS, *BODY):
        book.active.append(row)
    if change:
        change(book)
    book.save(path)
    return path


def import_report(source: Source) -> ImportReport:
    assert source.import_report
    return source.import_report


def names(source: Source) -> list[str]:
    return [i.name for i in source.declaration.indicators]


# --- what cells show ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (120, '"≥"0"个"', "≥120个"),
        (216, '"≤"#,##0.00"万元"', "≤216.00万元"),
        (0.855, '"≥"0.0%', "≥85.5%"),
        (12000, '#,##0"户"', "12,000户"),
        (0.92, "0%", "92%"),
        (0.92, "0.00%", "92%"),
        (0.92, "General", "0.92"),
        (1234.5, "#,##0.00", "1234.5"),
        (45596, 'yyyy"年"m"月"', "2024年10月"),
        (45596, 'yyyy"年"', "2024年"),
        (45596, 'yyyy"年"m"月"d"日前"', "2024年10月31日前"),
        (45596, "yyyy/m/d", "2024年10月31日"),
        (-3, '0"个";"减少"0"个"', "减少3个"),
        (5, '[>=10]"多";0"个"', "5个"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(tmp_path: Path, value: float, form: str, shown: str) -> None:
    book = xlsxwriter.Workbook(tmp_path / "表.xlsx")
    sheet = book.add_worksheet()
    for r, row in enumerate([HEADS, *BODY]):
        sheet.write_row(r, 0, row)
    sheet.write_number(1, 3, value, book.add_format({"num_format": form}))
    book.close()
    assert read(tmp_path / "表.xlsx").declaration.indicators[0].value == shown


def test_percentages_of_older_workbooks(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表", cell_overwrite_ok=True)
    for r, row in enumerate([HEADS, *BODY]):
        for c, text in enumerate(row):
            sheet.write(r, c, text)
    for row, value, form in ((2, 1, "0%"), (3, 0.955, "0.0%")):
        style = xlwt.XFStyle()
        style.num_format_str = form
        sheet.write(row, 3, value, style)
    sheet.row(1).hidden = True
    book.save(str(tmp_path / "表.xls"))
    source = read(tmp_path / "表.xls")
    assert [i.value for i in source.declaration.indicators] == ["≥120个", "100%", "95.5%"]
    assert source.notices == ("“表”表第2行是隐藏行，也读入了，请核对。",)


def test_percentages_of_opendocument_workbooks(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    rows = [HEADS, *BODY[:2]]
    lines = ["<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>" for row in rows]
    percent = '<table:table-cell office:value-type="percentage" office:value="0.92"><text:p>92.00%</text:p></table:table-cell>'
    lines.append("<table:table-row>" + "".join(map(cell, BODY[2][:3])) + percent + cell("历史标准") + "</table:table-row>")
    lines.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    content = f'<table:table table:name="表">{"".join(lines)}</table:table>'
    for tag in ("spreadsheet", "body", "document-content"):
        content = f"<office:{tag}{f' {spaces}' if tag.startswith('document') else ''}>{content}</office:{tag}>"
    with zipfile.ZipFile(tmp_path / "表.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
    assert [i.value for i in read(tmp_path / "表.ods").declaration.indicators] == ["≥120个", "≥98%", "92%"]


def test_a_formula_without_result_is_told(tmp_path: Path) -> None:
    source = read(written(tmp_path / "表.xlsx", lambda book: book.active.__setitem__("D3", "=A1&B1")))
    assert source.declaration.indicators[0].value == ""
    assert source.notices == (
        "“Sheet1”表D3是公式，没有存下计算结果，按空白读入。请用Excel打开这个文件保存一次后再试，或直接填写结果。",
    )


# --- what is hidden, and what stands beside the cells ---------------------------------------------------------------


def test_a_hidden_sheet_is_listed_but_no_content(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        old = book.create_sheet("去年")
        for row in (["项目名称", "旧项目"], HEADS, *BODY):
            old.append(row)
        old.sheet_state = "hidden"

    source = read(written(tmp_path / "表.xlsx", hide))
    assert (source.declaration.project, names(source)) == ("垃圾分类", NAMES)
    assert ("旧项目", "“去年”表（隐藏）B1") in import_report(source).unplaced


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    source = read(written(tmp_path / "表.xlsx", lambda book: setattr(book.active.row_dimensions[4], "hidden", True)))
    assert names(source) == NAMES
    assert source.notices == ("“Sheet1”表第4行是隐藏行，也读入了，请核对。",)


def test_comments_and_page_headers(tmp_path: Path) -> None:
    def add(book: Any) -> None:
        book.active["D3"].comment = Comment("请补充依据", "审核")
        book.active.oddFooter.left.text = "填表人：张三"

    source = read(written(tmp_path / "表.xlsx", add))
    assert source.declaration.filler == "张三"
    assert import_report(source).unplaced == (("请补充依据", "“Sheet1”表D3批注"),)


def test_text_boxes_are_content(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "表.xlsx")
    sheet = book.add_worksheet()
    for r, row in enumerate([HEADS, *BODY]):
        sheet.write_row(r, 0, row)
    sheet.insert_textbox(8, 0, "填表人：张三　　联系电话：13900000000")
    book.close()
    header = read(tmp_path / "表.xlsx").declaration
    assert (header.filler, header.phone) == ("张三", "13900000000")


# --- files that are not what they say -------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", ["填报", "填报说明", "选项", "检查结果", "申报表", "导入说明"])
def test_a_sheet_named_like_one_of_ours_is_read(tmp_path: Path, sheet: str) -> None:
    source = read(written(tmp_path / "表.xlsx", sheet=sheet))
    assert (source.declaration.project, names(source)) == ("垃圾分类", NAMES)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<html><table><tr><td>一级指标", "“表.xls”其实是网页（HTML），只是扩展名写成了.xls。请用Excel打开，另存为.xlsx后再试。"),
        (
            "\ufeff<?xml version='1.0'?><Workbook/>",
            "“表.xls”其实是XML文件，只是扩展名写成了.xls。请用Excel打开，另存为.xlsx后再试。",
        ),
    ],
)
def test_a_web_page_named_xls(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "表.xls").write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableError) as refused:
        read(tmp_path / "表.xls")
    assert str(refused.value) == sentence


def test_a_newer_workbook_named_xls_is_read(tmp_path: Path) -> None:
    written(tmp_path / "表.xlsx").rename(tmp_path / "表.xls")
    assert names(read(tmp_path / "表.xls")) == NAMES
