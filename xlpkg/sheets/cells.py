"""A worksheet of a file as a grid of values."""

import re
from typing import cast

import python_calamine

from xlpkg.form.text import number_text
from xlpkg.sheets.grid import Area, Grid, Value
from xlpkg.sheets.package import Package


def grid(package: Package, book: python_calamine.CalamineWorkbook, name: str) -> Grid:
    """A sheet of an .xlsx as a grid: percentages as they are shown, error values and formulas told. Raises UnreadableError."""
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
        if (b" t=" not in attributes or b't="n"' in attributes) and row < len(values) and column < len(values[row]):
            value, style = values[row][column], re.search(rb'\bs="(\d+)"', attributes)
            if isinstance(value, float) and style:
                percent = package.percent_styles() if percent is None else percent
                if int(style[1]) in percent:
                    values[row][column] = number_text(round(value * 100, 12)) + "%"
    return Grid(name, package.path.name, values, errors, formulas, lambda *_: cast(list[Area], sheet.merged_cell_ranges or []))
