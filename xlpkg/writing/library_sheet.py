"""The sheet 指标库: a library of indicators to filter, edit and tick."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg.files.write import in_place
from xlpkg.form.library import HEADS, Library, LibraryRow
from xlpkg.layout import LIBRARY
from xlpkg.writing.book import new_book
from xlpkg.writing.macros import PICK
from xlpkg.writing.page_setup import A3, row_height, set_up_page
from xlpkg.writing.table_sheet import Column, Columns, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_WIDTHS = {
    "domain": 14, "sector": 14, "purpose": 18, "l1": 12, "l2": 18, "name": 30, "op": 8, "unit": 10, "explanation": 36,
    "standard": 12,
    "keywords": 16, "shared": 10, "province": 8, "code": 10, "count": 8, "low": 10, "median": 10, "high": 10, "years": 12,
}  # fmt: skip
_OPTIONAL = ("domain", "sector", "keywords", "province", "code", "years", "count", "low", "median", "high")
"""Columns that are not shown as long as nothing stands in them."""
_FIGURES = ("count", "low", "median", "high")
TICK = "pick"
HEAD_ROW = 3
FIRST_ROW = HEAD_ROW + 1
_SAID = "按资金用途、二级指标筛选。可以增删、改写；数字是同类单位已经通过的指标值，供参考。"
_PICK = "在“选”一列打√，点下面的“选指标”，就填进“填报”；没有按钮时，在“填报”选好资金用途，从三级指标的下拉列表里选。"


def columns(*, to_pick: bool) -> Columns:
    """The sheet's columns; in a form with one for ticks before them."""
    tick = {TICK: Column("选", 6, "input_center")} if to_pick else {}
    looks = {key: "open_number" if key in _FIGURES else "open" for key in HEADS}
    return Columns({**tick, **{key: Column(head, _WIDTHS[key], looks[key]) for key, head in HEADS.items()}})


def write_library(book: "Workbook", sheet: "Worksheet", library: Library, *, to_pick: bool) -> None:
    """Fill the sheet."""
    shape = columns(to_pick=to_pick)
    written = TableSheet(book, sheet, shape, HEAD_ROW)
    written.plain_title(LIBRARY, _PICK if to_pick else _SAID)
    written.heads(height=24)
    for row, item in enumerate(library.rows, FIRST_ROW):
        if to_pick:
            written.cell(row, TICK, None)
        contents = {key: _content(item, key) for key in HEADS}
        for key, content in contents.items():
            written.cell(row, key, content)
        sheet.set_row(row, row_height((str(content or ""), _WIDTHS[key]) for key, content in contents.items()))
    for key in _OPTIONAL:
        if not any(getattr(item, key) for item in library.rows):
            sheet.set_column(shape.at(key), shape.at(key), _WIDTHS[key], None, {"hidden": True})
    last = max(FIRST_ROW + len(library.rows) - 1, FIRST_ROW)
    sheet.autofilter(HEAD_ROW, 0, last, shape.last)
    sheet.freeze_panes(FIRST_ROW, shape.at("name") + 1 if to_pick else 0)
    if to_pick:
        at = shape.at(TICK)
        ticks = {"validate": "list", "source": ["√"], "show_error": False, "input_title": "选", "input_message": "要这一条就打√。"}
        sheet.data_validation(FIRST_ROW, at, last, at, ticks)
    set_up_page(sheet, paper=A3, head=HEAD_ROW)


def _content(item: LibraryRow, key: str) -> str | float | None:
    value = getattr(item, key)
    if key in _FIGURES:
        return float(value) if value else None
    return str(value) or None


def insert_pick_button(sheet: "Worksheet") -> None:
    """The button that puts the ticked indicators into the form."""
    text = {"caption": PICK.caption, "description": PICK.caption}
    place = {"x_offset": 4, "y_offset": 2, "width": 112, "height": 26, "object_position": 3}
    sheet.set_row(HEAD_ROW - 1, 32)
    sheet.insert_button(HEAD_ROW - 1, 0, {"macro": f"Buttons.{PICK.macro}", **text, **place})


def save_library(target: Path, library: Library) -> None:
    """Write the library as a workbook, whole or not at all. Raises OSError."""
    data = BytesIO()
    book = new_book(data, LIBRARY)
    write_library(book, book.add_worksheet(LIBRARY), library, to_pick=False)
    book.close()
    in_place(target, data.getvalue())
