"""A source that holds the forms of several projects: the first is imported, the others are listed."""

from collections.abc import Iterator

import msgspec

from xlpkg.files.document import Cell, Document, Piece, Table
from xlpkg.form.text import norm
from xlpkg.reading.foreign.synonyms import Synonyms

_FOOT = ("filler", "phone", "to_sign")


def first_form(document: Document, synonyms: Synonyms) -> Document:
    """The document up to where the form of a second project begins; the rest stands in `aside`, and a notice says so."""
    found = list(_projects(document, synonyms))
    names = list(dict.fromkeys(norm(name) for _, _, name in found))
    if len(names) < 2:
        return document
    at, row = next((table, row) for table, row, name in found if norm(name) != names[0])
    start = _beginning(document.tables[at], row, synonyms)
    upper, lower = _cut(document.tables[at], start)
    rest = [lower, *document.tables[at + 1 :]]
    if not any("l2" in synonyms.levels(cell.text) for table in rest for cell in table.cells()):
        return document  # a list of what the money is for, not another form
    aside: list[Piece] = [cell for table in rest for cell in table.cells()]
    notice = f"文件里有{len(names)}个项目，只导入了第一个“{names[0]}”。其余的请各存成一个文件，分别导入。"
    tables, notices = [*document.tables[:at], upper], [*document.notices, notice]
    return msgspec.structs.replace(document, tables=tables, aside=[*document.aside, *aside], notices=notices)


def _projects(document: Document, synonyms: Synonyms) -> Iterator[tuple[int, int, str]]:
    """(table, row, name) of every project that the tables name."""
    for number, table in enumerate(document.tables):
        for cell in table.cells():
            if synonyms.bare(cell.text) == "项目" or any(synonyms.levels(other.text) for other in table.distinct(cell.row)):
                continue  # an indicator may be called 项目
            if synonyms.field(cell.text) == "project":
                for value in _values(table, cell, synonyms):
                    yield number, value.row, value.text
            else:
                for field, _, begin, end in synonyms.inline(cell.text):
                    if field == "project" and cell.text[begin:end].strip():
                        yield number, cell.row, cell.text[begin:end]


def _values(table: Table, label: Cell, synonyms: Synonyms) -> Iterator[Cell]:
    """What stands right of a label; where that is another label, what stands below, down to the next label."""

    def is_label(cell: Cell | None) -> bool:
        return cell is None or bool(synonyms.field(cell.text) or synonyms.column(cell.text) or synonyms.block(cell.text))

    right = table.at(label.row, label.column + label.width)
    if right is not None and not is_label(right):
        if right.text.strip():
            yield right
        return
    row = label.row + label.height
    while (cell := table.at(row, label.column)) is not None and not is_label(cell):
        if cell.text.strip():
            yield cell
        row = cell.row + cell.height


def _beginning(table: Table, row: int, synonyms: Synonyms) -> int:
    """The first row of the form that names its project in this row: the rows above with a title or fields belong to it."""

    def belongs_above(cell: Cell) -> bool:
        return bool(synonyms.levels(cell.text)) or synonyms.field(cell.text) in _FOOT or synonyms.begins_field(cell.text, *_FOOT)

    while row and not any(map(belongs_above, table.distinct(row - 1))):
        row -= 1
    return row


def _cut(table: Table, row: int) -> tuple[Table, Table]:
    """The rows above, and those from a row on; a cell that reaches over the cut stays above."""
    lower = [[cell if cell is None or cell.row >= row else None for cell in line] for line in table.rows[row:]]
    return Table(table.name, table.rows[:row]), Table(table.name, lower)
