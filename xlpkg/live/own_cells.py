"""Our own cells of the open form, written in few blocks: 检查结果, marks, 事项对照. The user's cells are not touched here."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.audit.check import Report
from xlpkg.audit.digest import runs
from xlpkg.audit.facts.finding import Verdict
from xlpkg.files.a1 import address
from xlpkg.layout import CHECKED_AT, ERROR_COUNT, WARNING_COUNT
from xlpkg.live.folds import fold, unfold
from xlpkg.live.open_form import Form, SheetGoneError, Table
from xlpkg.writing import activities, findings
from xlpkg.writing.formulas import RowFormulas
from xlpkg.writing.library_lists import SHOWN, LibraryLists
from xlpkg.writing.marks import Mark, marks
from xlpkg.writing.table_sheet import LAST_ROW

if TYPE_CHECKING:
    import xlwings as xw

_LEAST_ACTIVITIES = 300
_LONGEST_LIST = 5000
"""Rows of the hidden lists that a formula looks through."""


def show(book: "xw.Book", form: Form, report: Report) -> None:
    """Write everything a check has to say. In an order that leaves a usable form wherever it is cut short."""
    show_results(book, report, form.places, form.source.notices)
    _complete_rows(book, form)
    _show_marks(book, form, report)
    _show_activities(book, form, report)


def uncover(sheet: "xw.Sheet") -> None:
    """Show a sheet of ours that holds something now: those of a blank form are hidden, so that they are not printed."""
    with contextlib.suppress(Exception):  # a protected structure; each engine has its own error
        sheet.visible = True


def clear(book: "xw.Book", table: Table) -> None:
    """Take away findings and marks."""
    clear_results(book)
    _write_marks(book, table, {})


def clear_results(book: "xw.Book") -> None:
    """Take the findings away."""
    sheet = own_sheet(book, layout.RESULTS)
    _clear(sheet)
    sheet.range(address(*findings.VERDICT)).value = findings.verdict(None)


def own_sheet(book: "xw.Book", name: str) -> "xw.Sheet":
    """One of our sheets. Raises SheetGoneError."""
    try:
        return book.sheets[name]
    except Exception:  # each engine has its own error for a name that is not there
        what = f"找不到“{name}”表，可能被删除或改名。请改回原来的名字"
        raise SheetGoneError(f"{what}；已经删除的，请信息员用命令 xlpkg convert 把内容转到新表。") from None


def show_results(
    book: "xw.Book", report: Verdict, places: findings.Places, notices: Sequence[str] = (), made: str = "申报表"
) -> str:
    """List the findings of a check on 检查结果; returns the sentence above them."""
    sheet = own_sheet(book, layout.RESULTS)
    _clear(sheet)
    found, said = findings.rows(report, places, notices), findings.verdict(report, made)
    block = [[said, *[""] * (findings.WIDTH - 1)], findings.heads(), *found]
    uncover(sheet)
    sheet.range(address(*findings.VERDICT)).value = block
    if found:
        sheet.range((findings.FIRST_ROW + 1, 1), (findings.FIRST_ROW + len(found), findings.WIDTH)).rows.autofit()
        first, count = findings.folded(report)
        if count:
            fold(sheet, first, count)
    return said


def _clear(sheet: "xw.Sheet") -> None:
    unfold(sheet)
    sheet.range((findings.FIRST_ROW + 1, 1), (LAST_ROW, findings.WIDTH)).clear_contents()


def _complete_rows(book: "xw.Book", form: Form) -> None:
    """Rows that were inserted have no number and no status word: give them their formulas."""
    source, places, check_column = form.source, form.places, form.table.check_column
    built = layout.Layout(source.profile)
    columns = built.columns
    as_built = places.header_row == built.head_row and all(column == columns.index(name) for name, column in places.columns.items())
    bare = [r for r in places.rows.values() if not form.grid.filled(r, check_column)]
    if not as_built or check_column != columns.check or not _works_out(book):
        return
    table = RowFormulas(source.profile, len(form.grid.values) - 1)
    for run in runs(bare):
        first, last = run[0] + 1, run[-1] + 1
        form.sheet.range((first, 1), (last, 1)).formula = [[table.count()] for _ in run]
        form.sheet.range((first, check_column + 1), (last, check_column + 1)).formula = [[table.row_status()] for _ in run]
        if source.library:
            beside = form.sheet.range((first, columns.reference + 1), (last, columns.reference + len(SHOWN)))
            beside.formula = [_of_library(table, row) for row in run]


def _of_library(table: RowFormulas, row: int) -> list[str]:
    """What the library says of a row's indicator."""
    built = table.layout
    lists = LibraryLists(_LONGEST_LIST, 0, (built.section_row, built.purpose_column))
    return [lists.shown(column, table.here("l2", row), table.here("name", row)) for column in SHOWN]


def _works_out(book: "xw.Book") -> bool:
    """The form has the hidden sheet that its panel asks; older forms have not."""
    return layout.SUMS in book.sheet_names


def _show_marks(book: "xw.Book", form: Form, report: Report) -> None:
    cells = {row: _cells_of(mark) for row, mark in marks(report, form.places, form.grid.joined).items()}
    cells[ERROR_COUNT] = (float(report.errors), report.status, float(len(report.evidence.rows)))
    cells[WARNING_COUNT] = (float(report.warnings), "", "")
    cells[CHECKED_AT] = (f"{datetime.now():%Y-%m-%d %H:%M}", "", "")
    _write_marks(book, form.table, cells)


def _cells_of(mark: Mark) -> tuple[str | float, str | float, str | float]:
    return mark.failing, mark.snapshot, "" if mark.number is None else float(mark.number)


def _write_marks(book: "xw.Book", table: Table, cells: dict[int, tuple[str | float, str | float, str | float]]) -> None:
    """The hidden columns in one block, from below the title to the last row; an older form has but two of them."""
    hidden = 3 if _works_out(book) else 2
    block = [list(cells.get(row, ("", "", ""))[:hidden]) for row in range(1, len(table.grid.values))]
    table.sheet.range((2, table.check_column + 2)).value = block


def _show_activities(book: "xw.Book", form: Form, report: Report) -> None:
    """The lines of 事项对照, blanks below them where the last check may have left some."""
    lines = [*activities.sums(report), activities.heads(report), *activities.lines(report)]
    lines += [activities.Line("")] * (max(len(form.grid.values), _LEAST_ACTIVITIES) - len(lines))
    sheet = own_sheet(book, layout.ACTIVITIES)
    sheet.range(address(activities.SUMS_ROW, 0)).value = [list(line) for line in lines]
    uncover(sheet)
