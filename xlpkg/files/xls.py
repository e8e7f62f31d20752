"""Workbooks of the older kind (.xls): calamine reads the values, xlrd the formats, hidden lines and comments."""

import io
from pathlib import Path
from typing import Any, cast

import python_calamine

from xlpkg.files import number_format
from xlpkg.files.a1 import address
from xlpkg.files.grid import Area, Grid, Value
from xlpkg.files.ooxml import LARGEST_GRID
from xlpkg.files.sheet import Sheet, Showing, is_hidden, named, too_large


def read_older(path: Path) -> list[Sheet]:
    book = python_calamine.CalamineWorkbook.from_path(path)
    found = [Sheet(_bare(path, book, about.name), is_hidden(about)) for about in book.sheets_metadata]
    told = _formatted(path) if any(any(s.filled()) for s in found) else None
    for sheet in found:
        if told is None:
            sheet.notices = _without_formats(sheet)
        elif sheet.grid.sheet in told.sheet_names():  # a sheet that is a chart has no cells
            _complete(sheet, told)
    return found


def _bare(path: Path, book: python_calamine.CalamineWorkbook, name: str) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if sheet.height * sheet.width > LARGEST_GRID:
        raise too_large(path, name)
    values = cast(list[list[Value]], sheet.to_python(skip_empty_area=False))
    try:
        merged = cast(list[Area], sheet.merged_cell_ranges or [])
    except python_calamine.CalamineError:
        merged = []
    return Grid(name, path.name, values, {}, {}, lambda *_: merged)


def _formatted(path: Path) -> Any:
    """The file as xlrd reads it: it knows formats, hidden rows and comments; None where it cannot read the file."""
    import xlrd  # type: ignore[import-untyped]

    try:
        return xlrd.open_workbook(file_contents=path.read_bytes(), formatting_info=True, ragged_rows=True, logfile=io.StringIO())
    except Exception:  # a damaged file makes it raise anything; the values are read all the same
        return None


def _complete(sheet: Sheet, book: Any) -> None:
    """Formats, error values, hidden lines and comments."""
    import xlrd

    told, values = book.sheet_by_name(sheet.grid.sheet), sheet.grid.values
    own = {number: form.format_str or "" for number, form in book.format_map.items()}
    numbers = [style.format_key for style in book.xf_list]
    showing = Showing(sheet.grid.sheet, lambda style: number_format.code(numbers[style], own) if style < len(numbers) else "")
    for r in range(min(told.nrows, len(values))):
        line = cast(list[Value], values[r])
        for c in range(min(told.row_len(r), len(line))):
            if told.cell_type(r, c) == xlrd.XL_CELL_ERROR:
                sheet.grid.errors[r, c] = xlrd.error_text_from_code.get(told.cell_value(r, c), "#N/A")
            elif (text := showing(r, c, line[c], told.cell_xf_index(r, c))) is not None:
                line[c] = text
    sheet.hidden_rows = {r for r, about in told.rowinfo_map.items() if about.hidden}
    sheet.hidden_columns = {c for c, about in told.colinfo_map.items() if about.hidden}
    notes = sorted(told.cell_note_map.items())
    sheet.comments = [(address(*cell), note.text.strip()) for cell, note in notes if note.text.strip()]
    sheet.notices = showing.notices


def _without_formats(sheet: Sheet) -> list[str]:
    numbers = [(r, c) for r, c in sheet.filled() if isinstance(sheet.grid.values[r][c], int | float)]
    what = f"{sheet.where}{named(numbers)}的数字格式读不出，按存的数读入（百分数会成为小数，如92%成为0.92）"
    return [f"{what}，请核对；或用Excel打开，另存为.xlsx后再导入。"] if numbers else []
