"""A declaration from the form that is open, by blocks of values. Gives the same Source as reading the file does."""

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from xlpkg import layout
from xlpkg.files import number_format
from xlpkg.files.a1 import address
from xlpkg.files.errors import UnreadableError, sheet_too_large
from xlpkg.files.grid import Area, Grid, Value, as_text
from xlpkg.files.guard import LARGEST_GRID
from xlpkg.form.dates import to_serial
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import comparable, number_text
from xlpkg.layout import OPTIONS, Places
from xlpkg.live.merged import merged_areas
from xlpkg.live.struck import struck_cells
from xlpkg.reading import own_form
from xlpkg.reading.source import Source

if TYPE_CHECKING:
    import xlwings as xw

    from xlpkg.form.library import Library

_ERRORS = frozenset(("#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"))


class SheetGoneError(RefusalError):
    """A sheet or column of ours was deleted or renamed; the message is a sentence for the user."""


class Table(msgspec.Struct, frozen=True):
    """The table of indicators in an open workbook: its sheet, what stands on it, and the row of its heads (0-based).

    `others` are the tables on other sheets.
    """

    sheet: Any
    grid: "LiveGrid"
    head: int
    others: "tuple[Table, ...]" = ()

    @property
    def filled(self) -> bool:
        """An indicator's name stands below the heads."""
        heads = [comparable(v) if isinstance(v, str) else "" for v in self.grid.values[self.head]]
        rows = range(self.head + 1, len(self.grid.values))
        return any(self.grid.shown(r, c).strip() for c, head in enumerate(heads) if head == "三级指标" for r in rows)

    @property
    def check_column(self) -> int:
        """Where the status words stand; the hidden columns are the two behind it. Raises SheetGoneError."""
        heads = self.grid.values[self.head]
        column = next((c for c, head in enumerate(heads) if isinstance(head, str) and comparable(head) == layout.CHECK_LABEL), None)
        if column is None:
            what = f"“{self.grid.sheet}”表里找不到“{layout.CHECK_LABEL}”一列"
            raise SheetGoneError(f"{what}，可能被删除或改名，不能标出有问题的格子。")
        return column


class Form(msgspec.Struct, frozen=True):
    """The form in an open workbook: its table, the declaration read from it, and where its fields stand."""

    table: Table
    source: Source
    places: Places

    @property
    def sheet(self) -> Any:
        return self.table.sheet

    @property
    def grid(self) -> "LiveGrid":
        return self.table.grid


class LiveGrid(Grid):
    """A sheet of the open workbook; cells with numbers and dates are asked for their formats, as 95% is 0.95 to Excel."""

    def __init__(self, sheet: "xw.Sheet", file: str, values: list[list[Value]], errors: dict[tuple[int, int], str]) -> None:
        super().__init__(sheet.name, file, values, errors, {}, self._merged)
        self._sheet = sheet
        self._formats: dict[int, dict[int, str]] = {}

    def shown(self, row: int, column: int) -> str:
        text = super().shown(row, column)
        value = self.values[row][column] if text and column < len(self.values[row]) else None
        if value is None or isinstance(value, str | bool):
            return text
        if column not in self._formats:
            lines = enumerate(self.values)
            rows = [r for r, line in lines if column < len(line) and not isinstance(line[column], str | bool | None)]
            self._formats[column] = dict(self._formats_of(rows, column))
        shown = number_format.shown(value, self._formats[column].get(row, ""))
        return text if shown is None else shown.text

    def leave_out_struck(self) -> None:
        """Take struck-out cells out of the values: what they hold is no content."""
        width = max((len(line) for line in self.values), default=0)
        if not width:
            return
        gone: dict[tuple[int, int], str] = {}
        for (row, column), whole in struck_cells(self._sheet, ((0, 0), (len(self.values) - 1, width - 1))):
            text = self.shown(row, column)
            if text.strip() and whole:
                gone[row, column] = text
            elif text.strip():
                place = f"“{self.sheet}”表{address(row, column)}"
                self.notices.append(f"{place}里有一部分加了删除线，整格都读入了，请核对。")
        if gone:
            self.values = [[None if (r, c) in gone else v for c, v in enumerate(line)] for r, line in enumerate(self.values)]
            self.struck = gone

    def _formats_of(self, rows: Sequence[int], column: int) -> Iterator[tuple[int, str]]:
        """The number formats of some rows' cells: one question for all, halves where they differ."""
        code = self._sheet.range((rows[0] + 1, column + 1), (rows[-1] + 1, column + 1)).number_format
        if code is not None:
            yield from ((row, code) for row in rows)
        elif len(rows) > 1:
            middle = len(rows) // 2
            yield from self._formats_of(rows[:middle], column)
            yield from self._formats_of(rows[middle:], column)

    def _merged(self, first: int, last: int) -> list[Area]:
        width = max((len(line) for line in self.values), default=1)
        return merged_areas(self._sheet, first, last, width)

    def joined(self, row: int, column: int) -> str:
        """What a formula of the sheet sees in a cell when it joins it with &: dates are day numbers."""
        value = self.values[row][column] if row < len(self.values) and column < len(self.values[row]) else None
        if isinstance(value, datetime.datetime | datetime.time):
            return number_text(to_serial(value))
        return value if isinstance(value, str) else as_text(value)


def read(book: "xw.Book") -> Form:
    """The declaration of an open form. Raises UnreadableError with a sentence for the user."""
    table = locate(book)
    table.grid.leave_out_struck()
    source = own_form.form(table.grid, table.head, _facts(book))
    source = msgspec.structs.replace(source, library=_library(book, table.grid))
    places = source.places
    assert places is not None
    if others := "".join(f"“{t.sheet.name}”" for t in table.others if t.filled):
        said = f"这个文件里还有填好的表{others}，这里说的只是“{table.sheet.name}”；要处理别的，请先点开它，再点按钮。"
        source = msgspec.structs.replace(source, notices=(said, *source.notices))
    return Form(table, source, places)


def _library(book: "xw.Book", entry: LiveGrid) -> "Library | None":
    """The library of a form that was made with one: then its purpose is chosen above the table."""
    label = comparable(layout.PURPOSE_LABEL)
    if not any(isinstance(v, str) and comparable(v) == label for row in entry.values for v in row):
        return None
    from xlpkg.reading.library_file import chosen_purpose, of_sheet

    if layout.LIBRARY not in book.sheet_names:
        return None
    found = of_sheet(grid_of(book.sheets[layout.LIBRARY], book.name))
    return found and msgspec.structs.replace(found, chosen=chosen_purpose(entry))


def locate(book: "xw.Book") -> Table:
    """The table of the form that a button means, whatever its cells hold: of several, the one in front, else the filled one.

    Raises UnreadableError, also where no one can say which is meant.
    """
    tables = list(_tables(book))
    if not tables:
        what = f"“{book.name}”里找不到填报用的表：“{layout.ENTRY}”表被删除，或表头（一级指标、二级指标、三级指标）被改动"
        raise UnreadableError(f"{what}。请恢复原来的表头，或打开申报表后再点按钮。")
    if len(tables) > 1:
        front = book.sheets.active.name
        meant = [t for t in tables if t.sheet.name == front] or [t for t in tables if t.filled]
        if len(meant) > 1:
            names = "".join(f"“{t.sheet.name}”" for t in meant)
            raise UnreadableError(f"这个文件里有{len(meant)}张填好的表（{names}）。请先点开要处理的那一张，再点按钮。")
        table = (meant or tables)[0]
        return msgspec.structs.replace(table, others=tuple(t for t in tables if t is not table))
    return tables[0]


def _tables(book: "xw.Book") -> Iterator[Table]:
    """Every sheet with the heads of a form."""
    for name in _in_order([sheet.name for sheet in book.sheets]):
        try:
            grid = grid_of(book.sheets[name], book.name)
        except UnreadableError:  # a large sheet of the user's own
            if name == layout.ENTRY:
                raise
            continue
        head = own_form.head_row(grid)
        if head is not None and not own_form.is_submission(grid, head):
            yield Table(book.sheets[name], grid, head)


def _in_order(names: list[str]) -> list[str]:
    first = [n for n in names if n == layout.ENTRY]
    return [*first, *(n for n in names if n not in (*first, layout.SUBMISSION, *layout.OWN_SHEETS))]


def grid_of(sheet: "xw.Sheet", file: str) -> LiveGrid:
    """What stands on a sheet. Raises UnreadableError for one that is too large."""
    used = sheet.used_range
    height, width = used.row + used.shape[0] - 1, used.column + used.shape[1] - 1
    if height * width > LARGEST_GRID:
        raise sheet_too_large(file, sheet.name, height - 1, width - 1)
    block = sheet.range((1, 1), (height, width))
    values = [[_plain(v) for v in row] for row in block.options(ndim=2, err_to_str=True).value]
    suspects = [(r, c) for r, row in enumerate(values) for c, v in enumerate(row) if isinstance(v, str) and v in _ERRORS]
    errors: dict[tuple[int, int], str] = {}
    if suspects:  # an error value reads as nothing, a text of the same letters does not
        bare = block.options(ndim=2).value
        errors = {(r, c): str(values[r][c]) for r, c in suspects if bare[r][c] is None}
    return LiveGrid(sheet, file, values, errors)


def _plain(value: Any) -> Value:
    if isinstance(value, Decimal):  # what Excel hands over for a cell with a currency format
        return float(value)
    if isinstance(value, datetime.datetime) and value.year < 1900:
        return value.time()
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[no-any-return]  # str, float, bool, datetime or None: all that engines hand over


def _facts(book: "xw.Book") -> layout.Facts | None:
    """Profile id and template version from the hidden sheet; None if it was deleted."""
    if OPTIONS not in (sheet.name for sheet in book.sheets):
        return None
    facts = layout.facts_of([[as_text(_plain(v)) for v in row] for row in book.sheets[OPTIONS].range("A1:Z2").value])
    if facts is None:
        raise UnreadableError(f"“{book.name}”的“{OPTIONS}”表被改动，认不出表式。请用新表重新填写。")
    return facts
