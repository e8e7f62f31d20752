"""A worksheet of a file as a grid of values, and whether the file is a form of ours."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import cast

import python_calamine

from xlpkg.files.grid import Area, Grid, Value
from xlpkg.files.ooxml import Package, read_bytes, under_an_old_name
from xlpkg.form.text import number_text

Showing = Callable[[int, int, Value, int], str | None]
"""Row, column, value and style of a cell → the text that it shows, None where that is the plain value."""


def open_book(path: Path) -> python_calamine.CalamineWorkbook:
    """A workbook by what it holds, be its name an older one's. Raises CalamineError."""
    if under_an_old_name(path, read_bytes(path)):
        return python_calamine.CalamineWorkbook.from_object(io.BytesIO(path.read_bytes()))
    return python_calamine.CalamineWorkbook.from_path(path)


def grid(package: Package, book: python_calamine.CalamineWorkbook, name: str, showing: Showing | None = None) -> Grid:
    """A sheet of an .xlsx as a grid: percentages as they are shown, error values and formulas told. Raises UnreadableError.

    `showing` reads the number formats of a foreign file; a form of ours has only percentages.
    """
    cells = package.guarded_cells(name)
    sheet = book.get_sheet_by_name(name)
    values = cast(list[list[Value]], sheet.to_python(skip_empty_area=False))
    errors: dict[tuple[int, int], str] = {}
    formulas: dict[tuple[int, int], bool] = {}
    percent: set[int] | None = None
    for row, column, attributes, content in cells:
        if b't="e"' in attributes:
            shown = re.search(rb"<v>([^<]*)</v>", content)
            errors[row, column] = shown[1].decode() if shown else "#N/A"
        if b"<f" in content:
            formulas[row, column] = b"<v>" in content and (b"<v></v>" not in content or b't="str"' in attributes)
        if showing is not None:
            style = re.search(rb'\bs="(\d+)"', attributes)
            if style and row < len(values) and column < len(values[row]):
                text = showing(row, column, values[row][column], int(style[1]))
                values[row][column] = values[row][column] if text is None else text
        elif (b" t=" not in attributes or b't="n"' in attributes) and row < len(values) and column < len(values[row]):
            value, style = values[row][column], re.search(rb'\bs="(\d+)"', attributes)
            if isinstance(value, float) and style:
                percent = package.percent_styles() if percent is None else percent
                if int(style[1]) in percent:
                    values[row][column] = number_text(round(value * 100, 12)) + "%"
    return Grid(name, package.path.name, values, errors, formulas, lambda *_: cast(list[Area], sheet.merged_cell_ranges or []))
