"""What a cell or a paragraph shows is its content: formats, struck-out text, pictures, prompts, fields, invisible marks."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import xlwt
from bad_files import Run, as_read, edited, on_entry, with_cell
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from forms import HN2015
from good_files import write_ods
from open_forms import Open
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from xlpkg.form.text import norm, tidy
from xlpkg.layout import ENTRY
from xlpkg.live import open_form
from xlpkg.reading.read import read
from xlpkg.reading.source import Source

HEADS = ["一级指标", "二级指标", "三级指标", "指标值"]
ROWS = [
    ["产出指标", "数量指标", "维修渠道长度", "≥12公里"],
    ["产出指标", "质量指标", "工程验收合格率", "≥95%"],
    ["效益指标", "社会效益指标", "受益农户", "≥600户"],
]
FORMATS = [
    (0.95, '"≥"0.0%', "≥95.0%"), (95, '0"%"', "95%"), (12, '"≥"0"公里"', "≥12公里"), (1205000, "0!.0,", "120.5"),
    (1205000, '0.0,"千元"', "1205.0千元"), (36000, "0,", "36"), (0.985, "0.0%", "98.5%"),
    (datetime.date(2025, 11, 30), 'yyyy"年"m"月"', "2025年11月"), (datetime.date(2025, 11, 30), "yyyy/mm", "2025年11月"),
    (datetime.date(2025, 11, 30), "mmm-yy", "2025年11月"), (datetime.date(2025, 11, 30), "yyyy-mm-dd", "2025年11月30日"),
    (1500, "#,##0.00", "1500"), ("良好", '"不低于"@', "不低于良好"),
]  # fmt: skip
"""A value, its format, and what the cell shows."""
MARKS = "\u202d{}\u202c", "\u200e{}", "{}\ufe0f", "\u2066{}\u2069", "\u00ad{}", "\ufeff{}\u2060", "\u200b{}"


def formatted(value: object, code: str) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        cell = book["填报"]["F18"]
        cell.value, cell.number_format = value, code
        book["填报"]["E18"] = book["填报"]["G18"] = None

    return edit


def foreign(path: Path, edit: Callable[[Any], None]) -> Source:
    """What is read of another's workbook after an edit."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["项目支出绩效目标申报表"], ["项目名称", "渠道维修", "填报单位", "云溪县水利局"], HEADS, *ROWS):
        sheet.append(row)
    edit(sheet)
    book.save(path)
    return read(path)


def values(source: Source) -> list[str]:
    return [i.value for i in source.declaration.indicators]


def left(source: Source) -> list[str]:
    assert source.import_report
    return [text for text, _ in source.import_report.unplaced]


@pytest.mark.parametrize(("value", "code", "shown"), FORMATS)
def test_formats_of_our_form(run: Run, bad: Path, form: Path, value: object, code: str, shown: str) -> None:
    edited(form, bad, formatted(value, code))
    assert as_read(run, bad).indicators[0].value.lstrip("=") == shown


@pytest.mark.parametrize(("value", "code", "shown"), FORMATS)
def test_formats_of_a_foreign_workbook(tmp_path: Path, value: object, code: str, shown: str) -> None:
    def edit(sheet: Any) -> None:
        sheet["D4"], sheet["D4"].number_format = value, code

    assert values(foreign(tmp_path / "a.xlsx", edit))[0].lstrip("=") == shown


@pytest.mark.office
def test_formats_and_struck_cells_of_an_open_form(opened: Callable[..., Open], tmp_path: Path) -> None:
    form = opened(HN2015)
    sheet = form.book.sheets[ENTRY]
    for cell, code, value in (("F18", '0"%"', 95.0), ("F19", '"≥"0"公里"', 12.0), ("F20", 'yyyy"年"m"月"', 45991.0)):
        sheet.range(cell).number_format = code
        form.document.set(ENTRY, cell, value)
    sheet.range("H21").api.CharStrikeout = 1
    standard = sheet.range("H21").value
    live = open_form.read(form.book).source
    rows = live.declaration.indicators
    assert [row.number for row in rows[:3]] == ["95%", "≥12公里", "2025年11月"]
    assert rows[3].standard == ""
    assert live.notices == (f"“填报”表H21（绩效标准）里加了删除线的“{standard}”不算内容，没有读入。",)
    form.document.save_as(tmp_path / "copy.xlsx")
    assert read(tmp_path / "copy.xlsx").declaration == live.declaration


def test_struck_out_text_of_our_form(run: Run, bad: Path, form: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["填报"]
        sheet["H19"].font = Font(strike=True)
        sheet["D18"] = CellRichText("新建", TextBlock(InlineFont(strike=True), "改建"), "农村公路")
        for column in "BCDEFGHI":
            sheet[f"{column}28"].font = Font(strike=True)

    whole = as_read(run, form)
    edited(form, bad, edit)
    struck = read(bad).declaration
    assert (struck.indicators[0].name, struck.indicators[1].standard) == ("新建农村公路", "")
    assert len(struck.indicators) == len(whole.indicators) - 1
    _, _, told = run("check", bad)
    assert "“填报”表D18（三级指标）里加了删除线的“改建”不算内容，没有读入。" in told
    assert told.count("删除线") == 2 + sum(bool(v) for v in struck_row(form))


def struck_row(form: Path) -> list[object]:
    sheet = openpyxl.load_workbook(form)["填报"]
    return [sheet[f"{column}28"].value for column in "BCDEFGHI"]


def test_struck_out_text_of_a_foreign_workbook(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        for cell in sheet[6]:
            cell.font = Font(strike=True)
        sheet["D4"] = CellRichText(TextBlock(InlineFont(strike=True), "≥15"), TextBlock(InlineFont(b=True), "≥12公里"))

    source = foreign(tmp_path / "a.xlsx", edit)
    assert values(source) == ["≥12公里", "≥95%"]
    assert sorted(left(source)) == sorted(["≥15", *ROWS[2]])


def test_struck_out_text_of_an_older_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    plain, struck = xlwt.easyxf(), xlwt.easyxf("font: struck_out on")
    for r, row in enumerate((["项目名称", "渠道维修"], HEADS, *ROWS)):
        for c, text in enumerate(row):
            sheet.write(r, c, text, struck if r == 4 else plain)
    sheet.write_rich_text(1 + 4, 0, [("产出指标", plain.font)])
    sheet.write(5, 1, "时效指标")
    sheet.write(5, 2, "完工时间")
    sheet.write_rich_text(5, 3, [("2025年10月", struck.font), ("2025年11月", plain.font)])
    book.save(str(tmp_path / "a.xls"))
    source = read(tmp_path / "a.xls")
    assert values(source) == ["≥12公里", "≥95%", "2025年11月"]
    assert sorted(left(source)) == sorted([*ROWS[2], "2025年10月"])


@pytest.mark.parametrize("cell", ["cell", "column"])
def test_struck_out_text_of_an_open_document(tmp_path: Path, cell: str) -> None:
    """A whole cell by its own style or its column's, and a part of a cell."""
    path = tmp_path / "a.ods"
    properties = '<style:text-properties style:text-line-through-style="solid" style:text-line-through-type="single"/>'
    styles = "".join(
        f'<style:style style:name="{n}" style:family="{f}">{properties}</style:style>'
        for n, f in (("C", "table-cell"), ("T", "text"))
    )

    def row(texts: list[str], style: str = "") -> str:
        one = '<table:table-cell{} office:value-type="string"><text:p>{}</text:p></table:table-cell>'
        return f"<table:table-row>{''.join(one.format(style, t) for t in texts)}</table:table-row>"

    of_cell = ' table:style-name="C"'
    rows = row(["项目名称", "渠道维修"]) + row(HEADS) + row(ROWS[0]) + row(ROWS[1])
    rows += row(ROWS[2], of_cell) if cell == "cell" else ""
    rows += row(["产出指标", "时效指标", "完工时间", '<text:span text:style-name="T">2025年10月</text:span>2025年11月'])
    aside = '<table:table-column table:number-columns-repeated="5"/><table:table-column table:default-cell-style-name="C"/>'
    if cell == "column":
        rows = aside + rows + row(["", "", "", "", "", "旧的说明"])
    write_ods(path, rows, styles)
    source = read(path)
    assert values(source) == ["≥12公里", "≥95%", "2025年11月"]
    assert sorted(left(source)) == sorted([*(ROWS[2] if cell == "cell" else ["旧的说明"]), "2025年10月"])


def word(path: Path, edit: Callable[[Any], None]) -> Source:
    """What is read of a Word table after an edit."""
    document = docx.Document()
    table = document.add_table(0, 4)
    for row in (["项目名称", "渠道维修", "填报单位", "云溪县水利局"], HEADS, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    edit(table)
    document.save(str(path))
    return read(path)


@pytest.mark.parametrize("switch", ["strike", "double_strike", "style"])
def test_struck_out_text_of_a_word_document(tmp_path: Path, switch: str) -> None:
    def edit(table: Any) -> None:
        paragraph = table.cell(2, 3).paragraphs[0]
        run = paragraph.add_run("（15公里）")
        if switch == "style":
            style = paragraph.part.document.styles.add_style("Gone", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
            style.font.strike, run.style = True, style
        else:
            setattr(run.font, switch, True)
        for cell in table.rows[4].cells:
            cell.paragraphs[0].runs[0].font.strike = True

    source = word(tmp_path / "a.docx", edit)
    assert values(source) == ["≥12公里", "≥95%"]
    assert sorted(left(source)) == sorted(["（15公里）", *ROWS[2]])


FIELD = '<w:r {}><w:fldChar w:fldCharType="begin"><w:ffData>{{}}</w:ffData></w:fldChar></w:r>'.format(nsdecls("w"))
ENTRIES = "".join(f'<w:listEntry w:val="{text}"/>' for text in ("请选择", "≥8公里", "≥9公里"))
LIST = f'<w:ddList><w:result w:val="{{}}"/>{ENTRIES}</w:ddList>'
CONTROL = ("<w:sdt {}><w:sdtPr>{{}}</w:sdtPr><w:sdtContent><w:r><w:t>单击此处输入文字。</w:t></w:r></w:sdtContent></w:sdt>").format(
    nsdecls("w")
)


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        (FIELD.format(LIST.format(2)), "≥9公里"),
        (FIELD.format(LIST.format(1)), "≥8公里"),
        (FIELD.format('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>'), "☑"),
        (FIELD.format('<w:checkBox><w:default w:val="0"/></w:checkBox>'), "□"),
        (CONTROL.format("<w:showingPlcHdr/>"), ""),
        (CONTROL.format(""), "单击此处输入文字。"),
    ],
    ids=["last entry", "entry", "ticked", "not ticked", "prompt", "typed"],
)
def test_fields_and_prompts_of_a_word_document(tmp_path: Path, xml: str, value: str) -> None:
    def edit(table: Any) -> None:
        paragraph = table.cell(2, 3).paragraphs[0]
        paragraph.runs[0]._element.getparent().remove(paragraph.runs[0]._element)
        paragraph._element.append(parse_xml(xml))

    assert values(word(tmp_path / "a.docx", edit))[0] == value


@pytest.mark.parametrize("mark", MARKS)
def test_marks_that_show_nothing_fall_away(run: Run, bad: Path, form: Path, mark: str) -> None:
    assert norm(mark.format("860.5")) == tidy(mark.format("860.5")) == "860.5"
    edited(form, bad, on_entry(C9=mark.format("1160.5"), F18=mark.format("38.6"), C7=mark.format("2024")))
    _, out, told = run("check", bad)
    assert ("不是数字" in out, told) == (False, "")


@pytest.mark.parametrize("place", ["formula", "text"])
def test_a_picture_of_wps_is_told_and_no_content(run: Run, bad: Path, form: Path, place: str) -> None:
    if place == "formula":
        text = "=DISPIMG(&quot;ID_1F&quot;,1)"
        with_cell(form, bad, "H19", f"<f>_xlfn.DISPIMG(&quot;ID_1F&quot;,1)</f><v>{text}</v>", "str")
    else:
        edited(form, bad, lambda book: as_text(book["填报"]["H19"], '=DISPIMG("ID_1F",1)'))
    assert read(bad).declaration.indicators[1].standard == ""
    assert "“填报”表H19是WPS放进单元格的图片，读不出文字，按空白读入。请改填文字。" in run("check", bad)[2]


def as_text(cell: Any, text: str) -> None:
    cell.value, cell.data_type = text, "s"


def test_a_picture_of_wps_in_a_foreign_workbook(tmp_path: Path) -> None:
    source = foreign(tmp_path / "a.xlsx", lambda sheet: as_text(sheet["D5"], '=DISPIMG("ID_2",1)'))
    assert values(source)[1] == ""
    assert "“Sheet”表D5是WPS放进单元格的图片，读不出文字，按空白读入。请改填文字。" in source.notices
