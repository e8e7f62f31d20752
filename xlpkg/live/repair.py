"""Write repairs into the open form: only the cells that change, and a new sheet row for each part of a split value."""

from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.audit.check import check
from xlpkg.audit.digest import digest, remedy, runs
from xlpkg.audit.facts.finding import OFFERED, Verdict
from xlpkg.audit.fix import Agreed, Change, mend_agreed, split_rows
from xlpkg.files.a1 import Cell
from xlpkg.form.declaration import Indicator
from xlpkg.live.heights import fit_rows
from xlpkg.live.open_form import Form
from xlpkg.live.own_cells import own_sheet
from xlpkg.writing import findings
from xlpkg.writing.changed_cells import VALUE, changed_cells
from xlpkg.writing.entry import input_texts

if TYPE_CHECKING:
    import xlwings as xw


def repair(book: "xw.Book", form: Form) -> list[Change]:
    """Make the safe repairs and the offered ones that were ticked; says what was changed."""
    source = form.source
    agreed = agreed_to(book, check(source.declaration, source.profile), form.places.sheet)
    mended, changes, splits = mend_agreed(source.declaration, source.profile, agreed)
    write_texts(form, changed_cells(source.profile, source.declaration, mended, form.places))
    rows = {i.row: i for i in mended.indicators}
    for split in splits:  # from below, so that the rows above keep their places
        assert split.row is not None
        _insert(form, form.places.rows[split.row], split_rows(rows[split.row], split.fix))
    return [*changes, *(split.change for split in splits)]


def agreed_to(book: "xw.Book", report: Verdict, sheet: str) -> set[Agreed]:
    """The findings whose offers were ticked in 检查结果, of a check of what stands on a sheet."""
    ticks = _ticks(book, sheet)
    return {
        (f.rule, f.row, f.field)
        for line in digest(report.findings) if (line.where, line.what, remedy(line)) in ticks
        for f in line.findings if f.fix and f.fix.kind == OFFERED
    }  # fmt: skip


def _ticks(book: "xw.Book", form: str) -> set[tuple[str, str, str]]:
    """Place, problem and offer of the lines that are ticked in 检查结果; none if it lists those of another sheet."""
    sheet = own_sheet(book, layout.RESULTS)
    used = sheet.used_range
    bottom = used.row + used.shape[0] - 1
    if bottom <= findings.FIRST_ROW:
        return set()
    last = len(findings.COLUMNS.heads)
    block = sheet.range((findings.FIRST_ROW + 1, 1), (bottom, last)).options(ndim=2, err_to_str=True).value
    lines = [findings.Line(*row[:last]) for row in block]
    ticked = [line for line in lines if line.tick]
    linked = next((number for number, line in enumerate(lines, findings.FIRST_ROW + 1) if line.tick and line.link), None)
    if linked is not None and not findings.leads_to(str(sheet.range((linked, findings.COLUMNS.at("link") + 1)).formula), form):
        return set()
    return {(str(line.place), str(line.what), str(line.offer)) for line in ticked}


def write_texts(form: Form, cells: dict[Cell, str]) -> None:
    """Texts into cells, as text, in one block for each run of cells side by side or one above the other; the rows fit them."""
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in cells.items():
        rows.setdefault(row, {})[column] = text
    lines: dict[tuple[int, int], dict[int, list[str]]] = {}  # first column and width → row → texts
    for row, texts in sorted(rows.items()):
        for run in runs(sorted(texts)):
            lines.setdefault((run[0], len(run)), {})[row] = [texts[column] for column in run]
    for (left, width), texts_of in lines.items():
        for run in runs(texts_of):
            block = form.sheet.range((run[0] + 1, left + 1), (run[-1] + 1, left + width))
            block.number_format = "@"
            block.value = [texts_of[row] for row in run]
    fit_rows(form, cells)


def _insert(form: Form, row: int, parts: list[Indicator]) -> None:
    """Put the parts of a split value in place of a row: the first into it, the others into new rows below."""
    places = form.places
    new = len(parts) - 1
    form.sheet.range(f"{row + 2}:{row + 1 + new}").insert("down")
    cells: dict[Cell, str] = {}
    for n, part in enumerate(parts):
        texts = input_texts(form.source.profile, part)
        if n == 0:
            texts = {name: texts[name] for name in ("name", *VALUE) if name in texts}
        cells |= {(row + n, places.columns[name]): text for name, text in texts.items() if name in places.columns}
    write_texts(form, cells)
