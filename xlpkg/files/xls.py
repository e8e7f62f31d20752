"""Workbooks of the older kind (.xls): calamine reads the values, xlrd the formats, hidden lines and comments."""

import io
from pathlib import Path
from typing import cast

import python_calamine
import xlrd

from xlpkg.files import number_format
from xlpkg.files.a1 import address
from xlpkg.files.errors import sheet_too_large
from xlpkg.files.grid import Area, Grid, Value
from xlpkg.files.guard import LARGEST_GRID, refuse_encrypted
from xlpkg.files.sheet import DisplayFormatter, Sheet, cell_names, is_hidden


def read_older(path: Path) -> list[Sheet]:
    """Every sheet of an .xls. Raises UnreadableError, CalamineError."""
    refuse_encrypted(path)
    book = python_calamine.CalamineWorkbook.from_path(path)
    sheets = [Sheet(_values(path, book, about.name), is_hidden(about)) for about in book.sheets_metadata]
    formatted = _formatted(path) if any(any(s.filled()) for s in sheets) else None
    for sheet in sheets:
        if formatted is None:
            sheet.notices = _without_formats(sheet)
        elif sheet.grid.sheet in formatted.sheet_names():  # a sheet that is a chart has no cells
            _complete(sheet, formatted)
    return sheets


def _values(path: Path, book: python_calamine.CalamineWorkbook, name: str) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > LARGEST_GRID:
        raise sheet_too_large(path.name, name, sheet.total_height - 1, sheet.total_width - 1)
    values = cast(list[list[Value]], sheet.to_python(skip_empty_area=False))
    try:
        merged = cast(list[Area], sheet.merged_cell_ranges or [])
    except python_calamine.CalamineError:
        merged = []
    return Grid(name, path.name, values, {}, {}, lambda *_: merged)


def _formatted(path: Path) -> xlrd.Book | None:
    """The file as xlrd reads it: it knows formats, hidden rows and comments; None where it cannot read the file."""
    try:
        data, log = path.read_bytes(), io.StringIO()
        book: xlrd.Book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=log)
    except Exception:  # a damaged file makes it raise anything; the values are read all the same
        return None
    return book


def _complete(sheet: Sheet, book: xlrd.Book) -> None:
    """Formats, error values, hidden lines and comments."""
    formatted, values = book.sheet_by_name(sheet.grid.sheet), sheet.grid.values
    own = {number: form.format_str or "" for number, form in book.format_map.items()}
    codes = [number_format.code(style.format_key, own) for style in book.xf_list]
    text_of = DisplayFormatter(sheet.grid.sheet, codes)
    for r in range(min(formatted.nrows, len(values))):
        line = cast(list[Value], values[r])
        for c in range(min(formatted.row_len(r), len(line))):
            if formatted.cell_type(r, c) == xlrd.XL_CELL_ERROR:
                sheet.grid.errors[r, c] = xlrd.error_text_from_code.get(formatted.cell_value(r, c), "#N/A")
            elif (text := text_of(r, c, line[c], formatted.cell_xf_index(r, c))) is not None:
                line[c] = text
    sheet.hidden_rows = {r for r, about in formatted.rowinfo_map.items() if about.hidden}
    sheet.hidden_columns = {c for c, about in formatted.colinfo_map.items() if about.hidden}
    notes = sorted(formatted.cell_note_map.items())
    sheet.comments = [(address(*cell), note.text.strip()) for cell, note in notes if note.text.strip()]
    sheet.notices = text_of.notices


def _without_formats(sheet: Sheet) -> list[str]:
    numbers = [(r, c) for r, c in sheet.filled() if isinstance(sheet.grid.values[r][c], int | float)]
    what = f"{sheet.where}{cell_names(numbers)}的数字格式读不出，按存的数读入（百分数会成为小数，如92%成为0.92）"
    return [f"{what}，请核对；或用Excel打开，另存为.xlsx后再导入。"] if numbers else []
