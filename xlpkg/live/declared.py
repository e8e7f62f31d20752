"""An open declaration: what the buttons do with it. The same functions as those of `later`."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.audit.check import Report
from xlpkg.audit.check import check as judge
from xlpkg.live import open_form, own_cells
from xlpkg.live.open_form import Table
from xlpkg.reading.source import Source

if TYPE_CHECKING:
    import xlwings as xw

SUBMIT = layout.CAPTIONS["submit"]
_AS_CHECKED = ("通过", "错：见检查结果", "提：见检查结果", "")
_NOTE = "申报表"


def check(book: "xw.Book") -> Report:
    """Check what stands in the open form, and show what is found. Raises UnreadableError, SheetGoneError."""
    form = open_form.read(book)
    report = judge(form.source.declaration, form.source.profile, library=form.source.library)
    own_cells.show(book, form, report)
    return report


def repair(book: "xw.Book") -> int:
    """Make the safe repairs and the offered ones that were ticked; says how many."""
    from xlpkg.live import repair as repairs

    return len(repairs.repair(book, open_form.read(book)))


def edited(book: "xw.Book") -> "tuple[xw.Sheet, Collection[int]]":
    """The sheet with the findings' cells, and its rows (0-based) that were edited after the check."""
    table = open_form.locate(book)
    return table.sheet, _edited_rows(table)


def source(book: "xw.Book") -> Source:
    """The form as it was read."""
    return open_form.read(book).source


def submission_beside(form: Path, report: Report) -> Path:
    """Where the submission of a form is written."""
    from xlpkg import jobs

    return jobs.submission_beside(form, report)


def write_submission(book: "xw.Book", target: Path, report: Report) -> None:
    """Write the submission file, and say on the sheet 申报表, where it holds only our note, where that is and its seal."""
    from xlpkg.writing import submission

    submission.write_submission(target, report)
    cell = own_cells.own_sheet(book, layout.SUBMISSION).range("A1")
    if str(cell.value or "").startswith(_NOTE):
        cell.value = f"{_NOTE}已生成：{target.name}，在本表所在的文件夹。校验码 {report.seal}"


def clear(book: "xw.Book") -> None:
    """Take away findings and marks."""
    own_cells.clear(book, open_form.locate(book))


def _edited_rows(table: Table) -> set[int]:
    column = table.check_column
    rows = enumerate(table.grid.values[table.head + 1 :], table.head + 1)
    return {row for row, line in rows if column < len(line) and (line[column] or "") not in _AS_CHECKED}
