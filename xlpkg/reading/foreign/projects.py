"""A source that holds the forms of several projects: one document for each."""

from collections.abc import Iterator

import msgspec

from xlpkg.files.document import Cell, Document, Piece, Table
from xlpkg.form.text import norm
from xlpkg.reading.foreign.facts import TITLE
from xlpkg.reading.foreign.lists import projects_of_list
from xlpkg.reading.foreign.marked_cells import projects_of_marked_cells
from xlpkg.reading.foreign.synonyms import Synonyms

_FOOT = ("filler", "phone", "to_sign")


def projects_of(document: Document, synonyms: Synonyms) -> list[Document]:
    """A document for each project, in the order of the source; the document itself if it holds one."""
    if document.ours:
        return [document]
    if listed := projects_of_list(document, synonyms) or projects_of_marked_cells(document, synonyms):
        return listed
    found = [document]
    while (parts := _split(found[-1], synonyms)) is not None:
        found[-1:] = parts
    return found


def _split(document: Document, synonyms: Synonyms) -> tuple[Document, Document] | None:
    """The document up to where the form of a second project begins, and the rest; None if there is only one."""
    named = list(_projects(document, synonyms))
    for at, row, name in named[1:]:
        first_at, _, first = named[0]
        if norm(name) == norm(first) and not (at > first_at and _whole_form(document.tables[at], synonyms)):
            continue
        start = _beginning(document.tables[at], row, synonyms)
        upper, lower = _cut(document.tables[at], start)
        rest = [lower, *document.tables[at + 1 :]]
        before = [*document.tables[:at], *([upper] if upper.rows else [])]
        if not _has_indicators(rest, synonyms) or not _has_indicators(before, synonyms):
            continue  # a list of what the money is for, not another form
        return _divided(document, before, rest, at if not upper.rows else -1)
    return None


def _divided(document: Document, before: list[Table], rest: list[Table], at: int) -> tuple[Document, Document]:
    """Two documents; the paragraphs before table `at` from its title on belong to the second (-1: none of them)."""
    above, below = list(document.paragraphs), list[Piece]()
    if at >= 0:
        titles = (n for n, p in enumerate(above) if p.tables == at and TITLE.fullmatch(p.text.strip()))
        later = (n for n, p in enumerate(above) if p.tables > at)
        cut = next(titles, next(later, len(above)))
        above, below = above[:cut], above[cut:]
    for piece in below:
        piece.tables = max(piece.tables - at, 0)
    first = msgspec.structs.replace(document, tables=before, paragraphs=above)
    return first, Document(document.file, rest, below, [], aside=[])


def _has_indicators(tables: list[Table], synonyms: Synonyms) -> bool:
    return any("l2" in synonyms.levels(cell.text) for table in tables for cell in table.cells())


def _whole_form(table: Table, synonyms: Synonyms) -> bool:
    """The table has the heads of indicators of its own."""
    return any({"name", "l2"} <= {synonyms.column(c.text) for c in table.distinct(row)} for row in range(len(table.rows)))


def _projects(document: Document, synonyms: Synonyms) -> Iterator[tuple[int, int, str]]:
    """(table, row, name) of every project that the tables name; of several names of one project in a row the nearest."""
    for number, table in enumerate(document.tables):
        rows: dict[int, tuple[int, str]] = {}
        of_indicators: dict[int, bool] = {}
        for cell in table.cells():
            if not cell.text or synonyms.bare(cell.text) == "项目":
                continue
            if cell.row not in of_indicators:
                of_indicators[cell.row] = any(synonyms.levels(other.text) for other in table.distinct(cell.row) if other.text)
            if of_indicators[cell.row]:
                continue  # an indicator may be called 项目
            if synonyms.field(cell.text) == "project":
                rank = synonyms.rank(cell.text)
                for value in _values(table, cell, synonyms):
                    if value.row not in rows or rank < rows[value.row][0]:
                        rows[value.row] = rank, value.text  # 一级项目名称 | … | 二级项目名称 | …
            else:
                for place in synonyms.inline(cell.text):
                    if place.field == "project" and cell.text[place.begin : place.end].strip():
                        rows.setdefault(cell.row, (0, cell.text[place.begin : place.end]))
        yield from ((number, row, name) for row, (_, name) in sorted(rows.items()))


def _values(table: Table, label: Cell, synonyms: Synonyms) -> Iterator[Cell]:
    """What stands right of a label; where that is another label, what stands below, down to the next label."""
    right = table.at(label.row, label.column + label.width)
    if right is not None and not synonyms.is_label(right.text):
        if right.text.strip():
            yield right
        return
    row = label.row + label.height
    while (cell := table.at(row, label.column)) is not None and not synonyms.is_label(cell.text):
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
    lower: list[list[Cell | None]] = []
    for line in table.rows[row:]:
        lower.append([cell if cell is None or cell.row >= row else None for cell in line])
    moved: set[int] = set()
    for line in lower:
        for cell in line:
            if cell is not None and id(cell) not in moved:
                moved.add(id(cell))
                cell.row -= row
    upper = Table(table.name, table.rows[:row], {r for r in table.doubted if r < row})
    return upper, Table(table.name, lower, {r - row for r in table.doubted if r >= row})
