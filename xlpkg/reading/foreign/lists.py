"""Lists: one row an indicator, with the project in a column, often with rows of sums above; each project becomes a document."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from xlpkg.files.document import Cell, Document, Piece, Table
from xlpkg.form.numbers import plain
from xlpkg.form.text import norm
from xlpkg.reading.foreign.amounts import in_yuan
from xlpkg.reading.foreign.synonyms import GOALS, Synonyms

_OF_ALL = ("unit", "department", "year", "filler", "phone")
"""Columns whose text holds for the rows below until another one stands there."""
_INDICATOR = ("l1", "l2", "name", "value", "number")


class _Head(msgspec.Struct):
    """The head of a list: the columns that belong to the project, with what they name, and those of its indicators."""

    row: int
    fields: dict[int, tuple[str, Cell]]
    columns: dict[int, tuple[str, Cell]]

    def column_of(self, field: str) -> int:
        return next((c for c, (name, _) in self.fields.items() if name == field), -1)


class _Sum(msgspec.Struct):
    """A row with an amount and no project: where it stands, what it calls itself, and how many projects stand above it."""

    where: str
    name: str
    text: str
    before: int


def projects_of_list(document: Document, synonyms: Synonyms) -> list[Document]:
    """A document for each project of the lists in a document; nothing if there is no list."""
    found: list[Document] = []
    rest: list[Piece] = []
    for table in document.tables:
        head = next((h for row in range(len(table.rows)) if (h := _head(table, row, synonyms))), None)
        if head is None:
            rest += list(table.cells())
            continue
        above = [cell for row in range(head.row) for cell in table.distinct(row)]
        shared = [*document.paragraphs, *above]
        projects, sums, left = _read(document, table, head, shared)
        if projects:
            projects[0].notices += [n for s in sums if (n := _compared(s, sums, projects, shared, synonyms))]
            rest += left
            found += projects
    if len(found) > 0:
        found[0].aside += [*document.aside, *(p for p in rest if p.text.strip())]
        found[0].notices = [*document.notices, *found[0].notices]
    return found


def _head(table: Table, row: int, synonyms: Synonyms) -> _Head | None:
    """The head of a list: it names a column of projects, and columns of indicators to the right of it."""
    cells = [c for c in table.distinct(row) if c.text.strip() and c.row == row]
    columns = {c.column: (synonyms.column(c.text), c) for c in cells if synonyms.column(c.text)}
    project = next((c for c in cells if synonyms.field(c.text) == "project"), None)
    keys = {key for key, _ in columns.values()}
    if project is None or not ({"name"} <= keys and keys & {"l2", "value", "number"}):
        return None
    first = min(c for c, (key, _) in columns.items() if key in _INDICATOR)
    if project.column > first:
        return None
    fields: dict[int, tuple[str, Cell]] = {}
    for cell in cells:
        named = synonyms.field(cell.text) or (f"money.{m}" if (m := synonyms.money(cell.text)) else "")
        behind = named in GOALS and any(key in ("value", "number") for c, (key, _) in columns.items() if c != cell.column)
        if named and (cell.column < first or behind) and cell.column not in fields:
            fields[cell.column] = (named, cell)
            columns.pop(cell.column, None)
    columns = {c: v for c, v in columns.items() if c >= first}
    for cell in cells:
        if cell.column >= first and cell.column not in columns and cell.column not in fields:
            columns[cell.column] = ("", cell)
    return _Head(row, fields, columns)


def _read(document: Document, table: Table, head: _Head, shared: Sequence[Piece]) -> tuple[list[Document], list[_Sum], list[Piece]]:
    """The documents of the projects, the rows of sums, and the cells below that belong to neither."""
    at = head.column_of("project")
    groups: list[tuple[dict[int, Cell], list[int]]] = []
    sums: list[_Sum] = []
    left: list[Piece] = []
    held: dict[int, Cell] = {}
    for row in range(head.row + 1, len(table.rows)):
        own = {c: cell for c in head.fields if (cell := table.at(row, c)) is not None and cell.row == row and cell.text.strip()}
        columns = (c for c, (key, _) in head.columns.items() if key in _INDICATOR)
        with_indicator = any((cell := table.at(row, c)) is not None and cell.text.strip() for c in columns)
        held |= {c: cell for c, cell in own.items() if head.fields[c][0] in _OF_ALL}
        amount = next((cell for c, cell in own.items() if head.fields[c][0].startswith("money.")), None)
        if with_indicator and (at in own or not groups):
            groups.append(({**held, **own}, [row]))
        elif with_indicator:
            if own and (changed := {c: v for c, v in own.items() if head.fields[c][0] not in _OF_ALL}):
                groups[-1][0].update({c: v for c, v in changed.items() if c not in groups[-1][0]})
            groups[-1][1].append(row)
        elif amount is not None:
            name = next((cell.text for c, cell in own.items() if not head.fields[c][0].startswith("money.")), "")
            sums.append(_Sum(amount.where, norm(name), amount.text, len(groups)))
            left += {id(cell): cell for cell in own.values()}.values()
        else:
            left += [c for c in table.distinct(row) if c.row == row and c.text.strip()]
    return [_document(document, table, head, shared, *group) for group in groups], sums, left


def _document(
    document: Document, table: Table, head: _Head, shared: Sequence[Piece], values: dict[int, Cell], rows: Sequence[int]
) -> Document:
    """The document of one project: its fields as labels and values, its indicators below their heads."""
    pairs: list[list[Cell | None]] = []
    for column, (_, label) in head.fields.items():
        value = values.get(column)
        pair = [(label.text, label.where), (value.text if value else "", value.where if value else label.where)]
        pairs.append([Cell(text, where, len(pairs), n) for n, (text, where) in enumerate(pair)])
    body: list[list[Cell | None]] = [[Cell(cell.text, cell.where, 0, n) for n, (_, cell) in enumerate(head.columns.values())]]
    for row in rows:
        line: list[Cell | None] = []
        for n, column in enumerate(head.columns):
            cell = table.at(row, column)
            line.append(Cell(cell.text, cell.where, len(body), n) if cell is not None else None)
        body.append(line)
    texts = [Piece(p.text, p.where) for p in shared if p.text.strip()]
    return Document(document.file, [Table(table.name, pairs), Table(table.name, body)], texts, ours=False)


def _compared(one: _Sum, sums: Sequence[_Sum], projects: Sequence[Document], shared: Sequence[Piece], synonyms: Synonyms) -> str:
    """A notice on a row of sums that is not the sum of the projects below it (or above it, at the end of a list)."""
    amounts = [_budget(p, synonyms) for p in projects]
    if any(a is None for a in amounts):
        return f"{one.where}是合计行（{one.name} {one.text}），没有读入；有的项目没有金额，没有和它核对。"
    known = [a for a in amounts if a is not None]
    below = next((s.before for s in sums if s.before > one.before), len(projects))
    parts = (known[one.before : below], known[one.before :], known[: one.before], known)
    whole = in_yuan(one.text, "元")
    if whole is None or any(sum(part, Decimal(0)) == whole for part in parts if part):
        return ""
    total = sum(parts[1] or known, Decimal(0))
    return f"{one.where}是合计行（{one.name} {one.text}），和各项目之和{plain(total)}不相等，请核对。"


def _budget(project: Document, synonyms: Synonyms) -> Decimal | None:
    """The first amount of a project's fields, as typed."""
    return next((in_yuan(value.text, "元") for label, value in _pairs(project) if synonyms.money(label.text)), None)


def _pairs(project: Document) -> Iterator[tuple[Cell, Cell]]:
    for row in range(len(project.tables[0].rows)):
        label, value = project.tables[0].at(row, 0), project.tables[0].at(row, 1)
        if label is not None and value is not None:
            yield label, value
