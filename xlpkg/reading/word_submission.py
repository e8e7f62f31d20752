"""A submission as a Word document: its tables are one sheet, in which the heads that every page repeats stand once."""

from pathlib import Path

import msgspec

from xlpkg.files.document import Cell, Document, Table
from xlpkg.files.docx import AROUND
from xlpkg.files.grid import Area, Grid
from xlpkg.files.word_look import WordLook, odd_looks
from xlpkg.form.text import comparable
from xlpkg.layout import SUBMISSION, Places
from xlpkg.reading import own_form
from xlpkg.reading.source import Source


def submission(document: Document, path: Path) -> Source | None:
    """The declaration of a submission of ours, None for any other document, and for one that holds several.

    Raises StructureError for a damaged one.
    """
    sheet = _sheet(document)
    head = own_form.head_row(sheet)
    if head is None or not own_form.is_submission(sheet, head) or own_form.marks(sheet, head) != 1:
        return None
    source = own_form.submission(sheet, head)
    look = _look(document, sheet, source.places, path)
    # a Word document has no cells that a finding could be linked to
    return msgspec.structs.replace(source, places=None, notices=(*source.notices, *document.notices), look=look)


def _look(document: Document, sheet: Grid, places: Places | None, path: Path) -> WordLook:
    assert places is not None
    texts = tuple(
        (r, c, str(text)) for r, row in enumerate(sheet.values) for c, text in enumerate(row) if text and str(text).strip()
    )
    around = [(p.where, p.text) for p in document.paragraphs]
    page = tuple(p for p in around if p[0] in AROUND)
    outside = (*(p for p in around if p[0] not in AROUND), *((p.where, p.text) for p in document.aside))
    body, columns = frozenset(places.rows.values()), frozenset(places.columns.values())
    return WordLook(texts, body, columns, page, outside, odd_looks(path))


def _sheet(document: Document) -> Grid:
    """All tables below each other."""
    values: list[list[str]] = []
    merged: list[Area] = []
    heads: set[tuple[str, ...]] = set()
    for table in document.tables:
        rows: dict[int, int] = {}  # of the table → of the sheet
        for number in range(len(table.rows)):
            texts = [_begins(cell, table, number, column) for column, cell in enumerate(table.rows[number])]
            telling = tuple(comparable(text) for text in texts if text)
            if number == 0 and telling in heads:
                continue
            if own_form.is_head(telling):
                heads.add(telling)
            rows[number] = len(values)
            values.append(texts)
        merged += [
            ((rows[c.row], c.column), (rows[c.row] + c.height - 1, c.column + c.width - 1))
            for c in table.cells() if (c.height > 1 or c.width > 1) and c.row in rows
        ]  # fmt: skip

    def among(first: int, last: int) -> list[Area]:
        return [area for area in merged if area[0][0] <= last and area[1][0] >= first]

    return Grid(SUBMISSION, document.file, values, {}, {}, among)


def _begins(cell: Cell | None, table: Table, row: int, column: int) -> str:
    """The text of a cell where it begins, "" where it is merged into another."""
    return cell.text if cell is not None and (cell.row, cell.column) == (row, column) else ""
