"""An open monitoring or self-evaluation: read by blocks, checked, mended. Only our own cells and what is mended are written."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from xlpkg.audit.facts.finding import Finding
from xlpkg.files.a1 import cell_of
from xlpkg.files.document import Document
from xlpkg.files.errors import UnreadableError
from xlpkg.files.grid import as_text
from xlpkg.form import numbers
from xlpkg.live import open_form, own_cells
from xlpkg.live.open_form import LiveGrid, SheetGoneError
from xlpkg.reading.foreign.worksheets import table_of
from xlpkg.reading.source import LATER_FACTS, LATER_NAMES
from xlpkg.year.check import YearReport, check
from xlpkg.year.form import YearForm
from xlpkg.year.jobs import mended
from xlpkg.year.marks import SAID_ROW, marks_of
from xlpkg.year.reading import YearSource, own_facts, read_ours
from xlpkg.year.sheet import MARK_HEAD
from xlpkg.year.workbook import made_of

if TYPE_CHECKING:
    import xlwings as xw

_NUMBERS = ("points", "score", "execution_points", "execution_score", "total", "initial", "adjusted", "executed", "forecast")
_Place = tuple[int | None, str]


class Later(msgspec.Struct, frozen=True):
    """A later form in an open workbook: its sheet, what stands on it, and the form read from it."""

    sheet: Any
    grid: LiveGrid
    source: YearSource


def read(book: "xw.Book") -> Later:
    """The later form of an open workbook. Raises UnreadableError, SheetGoneError."""
    rows = open_form.grid_of(book.sheets[LATER_FACTS], book.name).values
    facts = own_facts([[as_text(value) for value in row] for row in rows])
    if facts is None:
        raise UnreadableError(f"“{book.name}”的隐藏表“{LATER_FACTS}”被改动，认不出是哪种表。请由申报表重新生成。")
    sheet = own_cells.own_sheet(book, LATER_NAMES[facts.kind])
    grid = open_form.grid_of(sheet, book.name)
    grid.leave_out_struck()
    return Later(sheet, grid, read_ours(Document(book.name, [table_of(grid)], [], grid.notices), facts))


def judge(form: Later) -> YearReport:
    """The check of an open later form."""
    return check(form.source.form, form.source.profile, form.source.declared)


def show(book: "xw.Book", form: Later, report: YearReport) -> None:
    """Write everything a check has to say."""
    said = own_cells.show_results(book, report, form.source, form.source.notices, made_of(report))
    rows = {place: cell_of(cell)[0] for place, cell in form.source.cells.items()}
    _write_marks(form.sheet, form.grid, marks_of(report, rows) | {SAID_ROW: said})


def clear(book: "xw.Book") -> None:
    """Take away findings and marks."""
    own_cells.clear_results(book)
    form = read(book)
    _write_marks(form.sheet, form.grid, {})


def _write_marks(sheet: Any, grid: LiveGrid, marks: Mapping[int, str]) -> None:
    """The hidden column in two blocks, above its head and below it."""
    lines = enumerate(grid.values)
    place = next(((r, line.index(MARK_HEAD)) for r, line in lines if MARK_HEAD in line), None)
    if place is None:
        raise SheetGoneError(f"“{grid.sheet}”表里找不到隐藏的“{MARK_HEAD}”一列，可能被删除，不能标出有问题的格子。")
    head, column = place
    for first, last in ((SAID_ROW, head - 1), (head + 1, len(grid.values) - 1)):
        sheet.range((first + 1, column + 1)).value = [[marks.get(row, "")] for row in range(first, last + 1)]


def repair(form: Later, wanted: Callable[[Finding], bool]) -> int:
    """Make the safe repairs and those that are wanted; says how many. What the sheet computes by itself is not written."""
    before = judge(form)
    after, changes = mended(before, wanted)
    for (row, field), text in _differences(before.facts.form, after.facts.form).items():
        cell = form.source.cells.get((row, field))
        if cell is None or (row is None and str(form.sheet.range(cell).formula).startswith("=")):
            continue
        number = numbers.parse(text) if field.rpartition(".")[2] in _NUMBERS else None
        form.sheet.range(cell).value = text if number is None else float(number)
    return len(changes)


def _differences(before: YearForm, after: YearForm) -> dict[_Place, str]:
    """The places where two forms of the same rows differ, with the text of the second."""
    found: dict[_Place, str] = {}
    for old, new in zip(before.rows, after.rows, strict=True):
        found |= {
            (new.row, f): str(getattr(new, f))
            for f in new.__struct_fields__
            if f != "causes" and getattr(old, f) != getattr(new, f)
        }
    fields = ("execution_points", "execution_score", "result", "total", "grade", "conclusion", "problems", "measures")
    found |= {(None, f): after.header(f) for f in fields if before.header(f) != after.header(f)}
    for source, money in after.funds.items():
        names = (f"funds.{source}.{column}" for column in money.__struct_fields__)
        found |= {(None, f): after.header(f) for f in names if before.header(f) != after.header(f)}
    return found
