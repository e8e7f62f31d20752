"""An open monitoring or self-evaluation: what the buttons do with it. The same functions as those of `declared`.

It is read by blocks; only our own cells and what is mended are written.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from xlpkg import layout
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
from xlpkg.year import jobs, page
from xlpkg.year.check import YearReport
from xlpkg.year.check import check as judge
from xlpkg.year.form import YearForm
from xlpkg.year.marks import SAID_ROW, marks_of
from xlpkg.year.reading import YearSource, own_facts, read_ours
from xlpkg.year.sheet import MARK_HEAD
from xlpkg.year.workbook import made_of

if TYPE_CHECKING:
    import xlwings as xw

SUBMIT = layout.SEND_CAPTION
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


def check(book: "xw.Book") -> YearReport:
    """Check what stands in the open form, and show what is found. Raises UnreadableError, SheetGoneError."""
    form = read(book)
    report = _judged(form)
    said = own_cells.show_results(book, report, form.source, form.source.notices, made_of(report))
    rows = {place: cell_of(cell)[0] for place, cell in form.source.cells.items()}
    _write_marks(form.sheet, form.grid, marks_of(report, rows) | {SAID_ROW: said})
    return report


def repair(book: "xw.Book") -> int:
    """Make the safe repairs and the offered ones that were ticked; says how many."""
    from xlpkg.live.repair import agreed_to

    form = read(book)
    agreed = agreed_to(book, _judged(form), form.source.sheet)
    return _mend(form, lambda f: (f.rule, f.row, f.field) in agreed)


def edited(book: "xw.Book") -> "tuple[xw.Sheet, Collection[int]]":
    """The sheet with the findings' cells; which rows were edited after the check is not told there."""
    return read(book).sheet, ()


def source(book: "xw.Book") -> YearSource:
    """The form as it was read."""
    return read(book).source


def submission_beside(form: Path, report: YearReport) -> Path:
    """Where the submission of a form is written."""
    return jobs.submission_beside(form, report)


def write_submission(book: "xw.Book", target: Path, report: YearReport) -> None:
    """Write the submission file."""
    page.write_submission(target, report)


def clear(book: "xw.Book") -> None:
    """Take away findings and marks."""
    own_cells.clear_results(book)
    form = read(book)
    _write_marks(form.sheet, form.grid, {})


def _judged(form: Later) -> YearReport:
    return judge(form.source.form, form.source.profile, form.source.declared)


def _write_marks(sheet: Any, grid: LiveGrid, marks: Mapping[int, str]) -> None:
    """The hidden column in two blocks, above its head and below it."""
    lines = enumerate(grid.values)
    place = next(((r, line.index(MARK_HEAD)) for r, line in lines if MARK_HEAD in line), None)
    if place is None:
        raise SheetGoneError(f"“{grid.sheet}”表里找不到隐藏的“{MARK_HEAD}”一列，可能被删除，不能标出有问题的格子。")
    head, column = place
    for first, last in ((SAID_ROW, head - 1), (head + 1, len(grid.values) - 1)):
        sheet.range((first + 1, column + 1)).value = [[marks.get(row, "")] for row in range(first, last + 1)]


def _mend(form: Later, wanted: Callable[[Finding], bool]) -> int:
    """Make the safe repairs and those that are wanted; says how many. What the sheet computes by itself is not written."""
    before = _judged(form)
    after, changes = jobs.mended(before, wanted)
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
