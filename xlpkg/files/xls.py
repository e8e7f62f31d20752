"""Workbooks of the older kind (.xls), read by xlrd alone: on damaged files calamine ends the process or asks for gigabytes."""

import datetime
import io
from pathlib import Path
from typing import cast

import xlrd

from xlpkg.files import number_format
from xlpkg.files.a1 import address
from xlpkg.files.errors import broken, locked, sheet_too_large
from xlpkg.files.grid import Grid, Value, as_text
from xlpkg.files.guard import LARGEST_GRID, read_whole, refuse_encrypted
from xlpkg.files.sheet import DisplayFormatter, Sheet, cell_names

_NOTHING = bytes((xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK))


def read_older(path: Path) -> list[Sheet]:
    """Every sheet of an .xls that has cells. Raises UnreadableError."""
    refuse_encrypted(path)
    data = read_whole(path)
    book = _opened(data, formats=True)
    with_formats = isinstance(book, xlrd.Book)
    if not with_formats:
        book = _opened(data, formats=False)
    if not isinstance(book, xlrd.Book):
        if "encrypted" in str(book):
            raise locked(path)
        if "Can't find workbook" in str(book):
            return []
        raise broken(path)
    try:
        sheets = [_sheet(path, s, book) for s in book.sheets()]
    except (IndexError, KeyError, ValueError, TypeError, AttributeError):  # numbers within the file that lead nowhere
        raise broken(path) from None
    if not with_formats:
        for sheet in sheets:
            sheet.notices = _without_formats(sheet)
    return sheets


def _opened(data: bytes, *, formats: bool) -> xlrd.Book | Exception:
    """The workbook, or what went wrong: on a damaged file xlrd raises whatever happens first."""
    try:
        book: xlrd.Book = xlrd.open_workbook(file_contents=data, formatting_info=formats, ragged_rows=True, logfile=io.StringIO())
    except Exception as error:
        return error
    return book


def _sheet(path: Path, source: xlrd.sheet.Sheet, book: xlrd.Book) -> Sheet:
    """A sheet's values as they are shown, hidden lines and comments."""
    ends = [len(source.row_types(r).tobytes().rstrip(_NOTHING)) for r in range(source.nrows)]
    height, width = max((r for r, end in enumerate(ends, 1) if end), default=0), max(ends, default=0)
    if height * width > LARGEST_GRID:
        raise sheet_too_large(path.name, source.name, height - 1, width - 1)
    own = {number: form.format_str or "" for number, form in book.format_map.items()}
    codes = [number_format.code(style.format_key, own) for style in book.xf_list] if book.formatting_info else []
    text_of = DisplayFormatter(source.name, codes)
    values: list[list[Value]] = []
    struck: dict[tuple[int, int], str] = {}
    errors: dict[tuple[int, int], str] = {}
    for r in range(height):
        line: list[Value] = []
        for c in range(ends[r]):
            kind = source.cell_type(r, c)
            if kind == xlrd.XL_CELL_ERROR:
                errors[r, c] = xlrd.error_text_from_code.get(source.cell_value(r, c), "#N/A")
            value = _value(kind, source.cell_value(r, c), book.datemode)
            text = text_of(r, c, value, source.cell_xf_index(r, c)) if codes and value is not None else None
            line.append(value if text is None else text)
            if codes and value is not None and (gone := _struck_out(source, r, c, as_text(line[-1]), book)):
                line[-1], struck[r, c] = gone
        values.append(line + [None] * (width - ends[r]))
    merged = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in source.merged_cells]
    notes = sorted(source.cell_note_map.items())
    return Sheet(
        Grid(source.name, path.name, values, errors, {}, lambda *_: merged, text_of.rounded, struck),
        hidden=source.visibility != 0,
        hidden_rows={r for r, about in source.rowinfo_map.items() if about.hidden},
        hidden_columns={c for c, about in source.colinfo_map.items() if about.hidden},
        comments=[(address(*cell), note.text.strip()) for cell, note in notes if note.text.strip()],
        notices=tuple(text_of.rounded.values()),
    )


def _struck_out(source: xlrd.sheet.Sheet, row: int, column: int, text: str, book: xlrd.Book) -> tuple[str | None, str] | None:
    """What is left of a cell's text and what is struck out of it; None if nothing is."""
    font = book.xf_list[source.cell_xf_index(row, column)].font_index
    runs = [(0, font), *source.rich_text_runlist_map.get((row, column), [])]
    ends = [start for start, _ in runs[1:]] + [len(text)]
    parts = [(text[start:end], book.font_list[number].struck_out) for (start, number), end in zip(runs, ends, strict=True)]
    left, gone = ("".join(part for part, out in parts if bool(out) is wanted) for wanted in (False, True))
    if not gone.strip():
        return None
    return left if left.strip() else None, gone


def _value(kind: int, value: object, datemode: int) -> Value:
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_DATE:
        return _date(cast(float, value), datemode)
    return cast(Value, value) if kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER) else None


def _date(number: float, datemode: int) -> Value:
    """A day's number as a date, a part of a day as a time; the number where it is no date."""
    try:
        moment: datetime.datetime = xlrd.xldate.xldate_as_datetime(number, datemode)
    except (ValueError, OverflowError):
        return number
    if 0 <= number < 1:
        return moment.time()
    return moment if moment.time() != datetime.time() else moment.date()


def _without_formats(sheet: Sheet) -> list[str]:
    numbers = [(r, c) for r, c in sheet.filled() if isinstance(sheet.grid.values[r][c], int | float)]
    what = f"{sheet.where}{cell_names(numbers)}的数字格式读不出，按存的数读入（百分数会成为小数，如92%成为0.92）"
    return [f"{what}，请核对；或用Excel打开，另存为.xlsx后再导入。"] if numbers else []
