"""A worksheet of an .xlsx as a grid of values."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

import python_calamine

from xlpkg.files.grid import Area, Grid, Value, percentage
from xlpkg.files.guard import read_start, read_whole
from xlpkg.files.kinds import WORKBOOK, kind_of
from xlpkg.files.ooxml import Package

Formatter = Callable[[int, int, Value, int], str | None]
"""Row, column, value and style of a cell → the text that it shows, None where that is the plain value."""
_STYLE = re.compile(rb'\bs="(\d+)"')


def open_book(path: Path) -> python_calamine.CalamineWorkbook:
    """A workbook by its content: an .xlsx under the name .xls is opened as what it is. Raises CalamineError."""
    if path.suffix.lower() not in WORKBOOK.suffixes and kind_of(path, read_start(path)) is WORKBOOK:
        return python_calamine.CalamineWorkbook.from_object(io.BytesIO(read_whole(path)))
    return python_calamine.CalamineWorkbook.from_path(path)


def grid(package: Package, book: python_calamine.CalamineWorkbook, name: str, formatter: Formatter | None = None) -> Grid:
    """A sheet of an .xlsx as a grid, with its error values and formulas. Raises UnreadableError.

    `formatter` reads the number formats of a foreign file; without it only percentages are given as they are shown: a form of ours
    has no other formats.
    """
    cells = package.cells(name)
    sheet = book.get_sheet_by_name(name)
    values = cast(list[list[Value]], sheet.to_python(skip_empty_area=False))
    errors: dict[tuple[int, int], str] = {}
    formulas: dict[tuple[int, int], bool] = {}
    for row, column, attributes, content in cells:
        is_error = b't="e"' in attributes
        if not content and not is_error:
            continue
        if is_error:
            shown = re.search(rb"<v>([^<]*)</v>", content)
            errors[row, column] = shown[1].decode() if shown else "#N/A"
        if b"<f" in content:
            formulas[row, column] = b"<v>" in content and (b"<v></v>" not in content or b't="str"' in attributes)
        if row >= len(values) or column >= len(values[row]):
            continue
        value = values[row][column]
        if (formatter is None and not isinstance(value, float)) or not (style := _STYLE.search(attributes)):
            continue
        if formatter is not None:
            text = formatter(row, column, value, int(style[1]))
            values[row][column] = value if text is None else text
        elif isinstance(value, float) and int(style[1]) in package.percent_styles:
            values[row][column] = percentage(value)
    return Grid(name, package.path.name, values, errors, formulas, lambda *_: cast(list[Area], sheet.merged_cell_ranges or []))
