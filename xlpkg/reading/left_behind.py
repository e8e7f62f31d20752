"""What stands in a form of ours besides the declaration: comments, the user's own sheets, texts beside the table, lone notes.

A copy that is made from the declaration does not have it, so it is named.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from xlpkg import layout
from xlpkg.files.a1 import cell_of
from xlpkg.files.document import Piece, Table, unplaced
from xlpkg.files.sheet import Sheet
from xlpkg.files.xlsx_sheets import read_workbook
from xlpkg.form import profiles
from xlpkg.form.text import comparable
from xlpkg.layout import Layout
from xlpkg.reading.foreign.own_marks import use_own_texts
from xlpkg.reading.foreign.synonyms import Synonyms
from xlpkg.reading.foreign.worksheets import table_of
from xlpkg.reading.own_form import head_row
from xlpkg.reading.source import Source

_MOST_SHOWN = 5
_BUTTONS = (*layout.CAPTIONS.values(), layout.SEND_CAPTION, layout.PICK_CAPTION)
"""What LibreOffice saves of a button is a text box."""


def left_behind(path: Path, source: Source) -> tuple[tuple[str, str], ...]:
    """(text, where) of what a copy of a form will not have; nothing for other files. Raises UnreadableError."""
    if source.places is None or source.seal is not None:
        return ()
    found: list[tuple[str, str]] = []
    for sheet in read_workbook(path):
        name = sheet.grid.sheet
        found += [(text, f"{sheet.where}{cell}批注") for cell, text in sheet.comments]
        found += [(text, f"{sheet.where}文本框") for text in sheet.boxes if text not in _BUTTONS]
        if name == source.places.sheet:
            found += _beside_the_content(sheet, source)
        elif name not in (*layout.OWN_SHEETS, layout.SUBMISSION) and head_row(sheet.grid) is None:
            found += _own_sheet(sheet)
    return tuple(found)


def hidden_rows(path: Path, source: Source) -> list[str]:
    """A sentence on the hidden rows that were read as content, if there are any. Raises UnreadableError."""
    if source.places is None or source.seal is not None:
        return []
    sheet = next(s for s in read_workbook(path) if s.grid.sheet == source.places.sheet)
    hidden = "、".join(f"第{line + 1}行" for line in source.places.rows.values() if line in sheet.hidden_rows)
    return [f"{sheet.where}{hidden}是隐藏行，也读入了，请核对。"] if hidden else []


def _own_sheet(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """A sheet that the user added, in one line."""
    texts = [sheet.shown(r, c).strip() for r, c in sheet.filled()]
    if texts:
        more = "……" if len(texts) > _MOST_SHOWN else ""
        yield "、".join(texts[:_MOST_SHOWN]) + more, f"{sheet.where}（自己加的表，{len(texts)}格）"


def _beside_the_content(sheet: Sheet, source: Source) -> Sequence[tuple[str, str]]:
    """Texts on the entry sheet that are neither the declaration's nor our own."""
    places, profile = source.places, source.profile
    assert places is not None
    table = table_of(sheet.grid)
    columns = Layout(profile).columns
    _use(table, (cell_of(cell) for cell in places.header.values()))
    _use(table, ((line, column) for line in places.rows.values() for column in places.columns.values()))
    _use(table, sheet.grid.formulas)
    heads = {comparable(layout.column_label(profile, key)) for key in columns.names}
    ours = [c for c in range(len(table.rows[places.header_row])) if _is(table, places.header_row, c, heads)]
    computed = [c for c in ours if c not in places.columns.values()]
    behind = max(computed, default=0) - columns.check  # how far the table was moved
    marks = range(columns.marks + behind, columns.number + behind + 1)
    _use(table, ((r, c) for r in range(len(table.rows)) for c in marks))
    numbers = marks.stop  # the third one, which an older form has not: it holds nothing but numbers
    rows = enumerate(sheet.grid.values)
    _use(table, ((r, numbers) for r, row in rows if any(isinstance(v, float) for v in row[numbers : numbers + 1])))
    _use(table, ((r, c) for r in range(places.header_row, len(table.rows)) for c in computed))
    _use(table, ((places.header_row, c) for c in ours))
    if source.library is not None:
        _use_library(table, places.header_row, columns.reference)
    labels = {comparable(layout.header_label(profile, key)) for key in profile.header}
    title = re.compile(".*".join(map(re.escape, profile.title.split("{year}"))))
    for cell in table.cells():
        if comparable(cell.text) in labels or (cell.row == 0 and title.fullmatch(cell.text)):
            cell.use()
    use_own_texts([table], Synonyms(profiles.known()))
    return unplaced(Piece(cell.left, cell.where) for cell in table.cells())


def _use_library(table: Table, head: int, first: int) -> None:
    """The purpose above the table and the columns beside it, which a copy has as well."""
    label = comparable(layout.PURPOSE_LABEL)
    _use(
        table,
        (
            (r, c)
            for r in range(head)
            for c in range(len(table.rows[r]))
            if _is(table, r, c, {label}) or _is(table, r, c - 1, {label})
        ),
    )
    _use(table, ((r, first + n) for r in range(head, len(table.rows)) for n in range(len(layout.REFERENCE_HEADS))))


def _is(table: Table, row: int, column: int, texts: set[str]) -> bool:
    cell = table.at(row, column)
    return cell is not None and comparable(cell.text) in texts


def _use(table: Table, cells: "Iterator[tuple[int, int]] | dict[tuple[int, int], bool]") -> None:
    for row, column in cells:
        if cell := table.at(row, column):
            cell.use()
