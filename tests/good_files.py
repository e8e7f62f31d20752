"""One good file for every kind of file that we read; the fuzzing program damages copies of them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import xlwt
from forms import HN2015
from layouts import LAYOUTS
from openpyxl.comments import Comment

from xlpkg.audit.check import check
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, to_json
from xlpkg.writing.build import build
from xlpkg.writing.submission import write_submission

HEADS = ["一级指标", "二级指标", "三级指标", "指标值", "绩效标准"]
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def _table(d: Declaration) -> list[list[str]]:
    """A plain table as offices send it: header lines, heads, rows."""
    head = [["项目名称", d.project, "填报单位", d.unit, ""], ["预算金额（万元）", d.budget, "年度", d.year, ""]]
    return [*head, HEADS, *([i.l1, i.l2, i.name, i.value, i.standard] for i in d.indicators)]


def own_form(d: Declaration, path: Path) -> None:
    build(path, profiles.load(d.profile), d)


def checked_copy(d: Declaration, path: Path) -> None:
    profile = profiles.load(d.profile)
    build(path, profile, d, check(d, profile))


def submission(d: Declaration, path: Path) -> None:
    write_submission(path, check(d, profiles.load(d.profile)))


def foreign_workbook(d: Declaration, path: Path) -> None:
    """With formats, a comment, a hidden row and merged cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in _table(d):
        sheet.append(row)
    sheet["D4"], sheet["D4"].number_format = 0.95, '"≥"0%'
    sheet["D5"].comment = Comment("请核对", "审核")
    sheet.row_dimensions[6].hidden = True
    sheet.merge_cells("A4:A6")
    sheet.oddHeader.center.text = "内部资料"
    book.save(path)


def older_workbook(d: Declaration, path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表", cell_overwrite_ok=True)
    for r, row in enumerate(_table(d)):
        for c, text in enumerate(row):
            sheet.write(r, c, text)
    for code, row, value in (("0.0%", 4, 0.955), ('yyyy"年"m"月"', 5, 45596)):
        style = xlwt.XFStyle()
        style.num_format_str = code
        sheet.write(row, 3, value, style)
    sheet.write_merge(6, 8, 0, 0, "产出指标")
    sheet.row(7).hidden = True
    book.save(str(path))


def open_document(d: Declaration, path: Path) -> None:
    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    rows = ["".join(map(cell, row)) for row in _table(d)]
    rows.append(
        '<table:table-cell table:number-columns-spanned="2" table:number-columns-repeated="3">'
        '<text:p>满意<text:s text:c="2"/>度</text:p>'
        "<office:annotation><text:p>请核对</text:p></office:annotation></table:table-cell>"
        '<table:table-cell office:value-type="percentage" office:value="0.92"><text:p>92.00%</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2024-11-30"><text:p>2024年11月</text:p></table:table-cell>'
    )
    lines = [f"<table:table-row>{row}</table:table-row>" for row in rows]
    lines.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')
    write_ods(path, f'<table:table-column table:number-columns-repeated="5"/>{"".join(lines)}')


def write_ods(path: Path, rows: str, styles: str = "") -> None:
    """A workbook of OpenDocument with one sheet, its rows and styles as XML."""
    spaces = " ".join(f'xmlns:{n}="{_OFFICE}:{n}:1.0"' for n in ("office", "table", "text", "style"))
    body = f'<office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>'
            f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body></office:document-content>",
        )


def as_json(d: Declaration, path: Path) -> None:
    path.write_text(to_json(d), encoding="utf-8")


Writer = Callable[[Declaration, Path], None]
GOOD_FILES: dict[str, tuple[str, Writer]] = {
    "form": (".xlsx", own_form),
    "checked copy": (".xlsx", checked_copy),
    "submission": (".xlsx", submission),
    "foreign workbook": (".xlsx", foreign_workbook),
    "Word table": (".docx", LAYOUTS["county"][0]),
    "Word tables": (".docx", LAYOUTS["several tables"][0]),
    "older workbook": (".xls", older_workbook),
    "OpenDocument": (".ods", open_document),
    "text of cells": (".txt", LAYOUTS["lines"][0]),
    "text with tabs": (".txt", LAYOUTS["tabs"][0]),
    "JSON": (".json", as_json),
}
"""Kind → suffix, and what writes a good file for it."""


def samples(folder: Path, kinds: Sequence[str] = tuple(GOOD_FILES)) -> dict[str, Path]:
    """A good file for each kind."""
    found = {}
    for n, kind in enumerate(kinds):
        suffix, write = GOOD_FILES[kind]
        found[kind] = folder / f"{n}{suffix}"
        write(HN2015, found[kind])
    return found
