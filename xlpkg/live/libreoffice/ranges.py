"""Ranges of a sheet in LibreOffice, as xlwings asks them: values, formulas, formats, heights, merged cells."""

import datetime
import re
from collections.abc import Iterable
from typing import Any, Protocol

from xlwings import base_classes

from xlpkg.files.a1 import address as cell_name
from xlpkg.files.a1 import cell_of
from xlpkg.form.dates import to_serial
from xlpkg.live.libreoffice.bridge import enum
from xlpkg.live.libreoffice.values import ERRORS, ErrorValue, Raw, typed

Area = tuple[int, int, int, int]
"""Top, left, height and width."""
_POINT = 2540 / 72  # hundredths of a millimetre
_CONTENTS = 1 | 2 | 4 | 16  # CellFlags: values, dates, texts, formulas
_DATES = (datetime.date, datetime.time)


def _odd(value: object) -> bool:
    """A text that Excel would not store as it stands in a cell without a format."""
    return isinstance(value, str) and value[:1] in ("=", "'")


def _runs(cells: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Cells (row, column) in runs of cells one above the other."""
    runs: list[list[tuple[int, int]]] = []
    for cell in sorted(cells, key=lambda rc: (rc[1], rc[0])):
        if runs and runs[-1][-1] == (cell[0] - 1, cell[1]):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return runs


class OpenSheet(Protocol):
    """The sheet of a range: the UNO object, the workbook it belongs to, and its ranges."""

    xl: Any
    book: Any

    def range(self, first: Any, last: Any = None) -> "Range":
        """A range of the sheet."""


class Range(base_classes.Range):
    arg1_input = ""

    def __init__(self, sheet: OpenSheet, area: Area) -> None:
        self._sheet, self._area = sheet, area

    sheet = property(lambda self: self._sheet)
    row = property(lambda self: self._area[0])
    column = property(lambda self: self._area[1])
    shape = property(lambda self: self._area[2:])
    max_cells_per_read = max_cells_per_write = property(lambda self: None)

    def __len__(self) -> int:
        return int(self._area[2] * self._area[3])

    def __call__(self, first: int, second: int | None = None) -> "Range":
        row, column = (first, second) if second is not None else (1 + (first - 1) // self._area[3], 1 + (first - 1) % self._area[3])
        return Range(self._sheet, (self.row + row - 1, self.column + column - 1, 1, 1))

    @property
    def xl(self) -> Any:
        top, left, height, width = self._area
        return self._sheet.xl.getCellRangeByPosition(left - 1, top - 1, left + width - 2, top + height - 2)

    api = xl

    @property
    def address(self) -> str:
        top, left, height, width = self._area
        first, last = cell_name(top - 1, left - 1), cell_name(top + height - 2, left + width - 2)
        return "$" + re.sub(r"(?<=[A-Z])(?=\d)", "$", first if first == last else f"{first}:$" + last)

    @property
    def raw_value(self) -> Any:
        block = self.xl
        data: list[list[Raw]] = [list(row) for row in block.getDataArray()]
        numbers = [(r, c) for r, row in enumerate(data) for c, v in enumerate(row) if isinstance(v, float)]
        for (r, c), key in self._format_keys(block, numbers).items():
            data[r][c] = self._sheet.book.formats.shown(key, data[r][c])
        for r, row in enumerate(data):
            for c, value in enumerate(row):
                if value is None:
                    code = block.getCellByPosition(c, r).getError()
                    row[c] = ErrorValue(ERRORS.get(code, f"#ERR{code}!"))
        return data[0][0] if len(self) == 1 else data

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        if not isinstance(data, list | tuple):
            data = [[data] * self._area[3]] * self._area[2]
        elif not isinstance(data[0], list | tuple):
            data = [data]
        block = self._sheet.range((self.row, self.column, len(data), len(data[0]))).xl
        values = {(r, c): value for r, row in enumerate(data) for c, value in enumerate(row)}
        retyped = {cell: typed(v) if isinstance(v, str) else v for cell, v in values.items()}
        open_question = [cell for cell, v in retyped.items() if isinstance(v, int | float) or v != values[cell] or _odd(v)]
        formats = self._sheet.book.formats
        as_text = {cell for cell, key in self._format_keys(block, open_question).items() if formats.is_text(key)}
        formulas = {
            cell: v for cell, v in values.items() if isinstance(v, str) and v[:1] == "=" and len(v) > 1 and cell not in as_text
        }
        dates = {cell: v for cell, v in retyped.items() if isinstance(v, _DATES) and cell not in as_text}

        def stored(cell: tuple[int, int]) -> str | float:
            value = values[cell] if cell in as_text else retyped[cell]
            if cell in formulas or value is None:
                return ""
            if cell in as_text and isinstance(value, int | float):
                return f"{value:.15g}"
            if isinstance(value, _DATES):
                return to_serial(value)
            if isinstance(value, str):
                return value[1:] if value[:1] == "'" and cell not in as_text else value
            return float(value)

        block.setDataArray(tuple(tuple(stored((r, c)) for c in range(len(row))) for r, row in enumerate(data)))
        for r, c in dates:
            block.getCellByPosition(c, r).NumberFormat = formats.of_kind("DATE")
        if formulas:
            self._write_formulas(formulas)

    @staticmethod
    def _format_keys(block: Any, cells: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
        """The number format of some cells of a block, asked for by runs of cells one above the other."""
        ambiguous, top = enum("beans.PropertyState", "AMBIGUOUS_VALUE"), block.RangeAddress.StartRow
        keys: dict[tuple[int, int], int] = {}
        for run in _runs(cells):
            (first, column), (last, _) = run[0], run[-1]
            part = block.getCellRangeByPosition(column, first, column, last)
            if part.getPropertyState("NumberFormat") != ambiguous:
                keys |= dict.fromkeys(run, int(part.NumberFormat))
                continue
            groups = part.getUniqueCellFormatRanges()
            for group in (groups.getByIndex(i) for i in range(groups.Count)):
                key = int(group.NumberFormat)
                keys |= {(r - top, column): key for a in group.RangeAddresses for r in range(a.StartRow, a.EndRow + 1)}
        return {cell: keys[cell] for cell in cells}

    def _write_formulas(self, formulas: dict[tuple[int, int], str]) -> None:
        """Formulas by row and column of the block, in one call for each run of cells one above the other."""
        book, place = self._sheet.book, self.xl.getCellByPosition(0, 0).CellAddress
        for run in _runs(formulas):
            (top, column), (bottom, _) = run[0], run[-1]
            area = (self.row + top, self.column + column, bottom - top + 1, 1)
            texts = tuple((book.formulas.own(formulas[cell], place),) for cell in run)
            Range(self._sheet, area).xl.setFormulaArray(texts)

    def _set_formula(self, data: Any) -> None:
        self.raw_value = data

    def _get_formula(self) -> Any:
        """The formulas as LibreOffice writes them, in its own notation."""
        block = self.xl.getFormulaArray()
        return block[0][0] if len(self) == 1 else block

    formula = property(_get_formula, _set_formula)

    def clear_contents(self) -> None:
        self.xl.clearContents(_CONTENTS)

    @property
    def number_format(self) -> str | None:
        block = self.xl
        if block.getPropertyState("NumberFormat") == enum("beans.PropertyState", "AMBIGUOUS_VALUE"):
            return None
        return str(self._sheet.book.formats.code(block.NumberFormat))

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.xl.NumberFormat = self._sheet.book.formats.key(code)

    @property
    def row_height(self) -> float:
        return float(self.xl.Rows.Height) / _POINT

    @row_height.setter
    def row_height(self, points: float) -> None:
        """Rows of a height that is not 0 are no longer hidden."""
        self.xl.Rows.IsVisible = points > 0
        if points > 0:
            self.xl.Rows.Height = round(points * _POINT)

    def _hide_rows(self, hidden: bool) -> None:
        self.xl.Rows.IsVisible = not hidden

    row_hidden = property(fset=_hide_rows)

    @property
    def autofilter(self) -> "AutoFilter":
        return AutoFilter(self)

    def autofit(self, axis: str | None = None) -> None:
        if axis in (None, "r", "rows"):
            self.xl.Rows.OptimalHeight = True
        if axis in (None, "c", "columns"):
            self.xl.Columns.OptimalWidth = True

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        whole = self._area[3] >= self._sheet.xl.Columns.Count
        mode = enum("sheet.CellInsertMode", "ROWS" if whole else {"down": "DOWN", "right": "RIGHT"}[shift or "down"])
        self._sheet.xl.insertCells(self.xl.RangeAddress, mode)

    @property
    def merge_area(self) -> "Range":
        cursor = self._sheet.xl.createCursorByRange(self.xl)
        cursor.collapseToMergedArea()
        a = cursor.RangeAddress
        area = (a.StartRow + 1, a.StartColumn + 1, a.EndRow - a.StartRow + 1, a.EndColumn - a.StartColumn + 1)
        return Range(self._sheet, area)

    @property
    def merge_cells(self) -> bool | None:
        """True, False, or None where only a part is merged."""
        if self.xl.IsMerged:
            return True
        groups = self.xl.getUniqueCellFormatRanges()  # cells that begin a merged area have a format of their own
        areas = (a for i in range(groups.Count) for a in groups.getByIndex(i).RangeAddresses)
        cells = (self._sheet.xl.getCellByPosition(a.StartColumn, a.StartRow) for a in areas)
        return None if any(cell.IsMerged for cell in cells) else False

    def select(self) -> None:
        self._sheet.book.model.CurrentController.select(self.xl)


class AutoFilter(base_classes.AutoFilter):
    """The drop-downs over a range: only their criteria can be taken away."""

    def __init__(self, area: Range) -> None:
        self._area = area

    def clear(self, field: int | None) -> None:
        """All rows are shown again; `field` is not looked at."""
        block = self._area.xl
        block.filter(block.createFilterDescriptor(True))


def area_of(place: "Range | Area | tuple[int, int] | str") -> Area:
    """Top, left, height and width of a place: an address without $, a range, or numbers."""
    if isinstance(place, Range):
        return (place.row, place.column, *place.shape)
    if isinstance(place, tuple):
        return place if len(place) == 4 else (*place, 1, 1)
    first, _, last = place.partition(":")
    if first.isdigit():  # whole rows
        return int(first), 1, int(last) - int(first) + 1, 16384
    (top, left), (bottom, right) = cell_of(first), cell_of(last or first)
    return top + 1, left + 1, bottom - top + 1, right - left + 1
