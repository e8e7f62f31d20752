"""Lists with one row a project, whose goal and indicators are written into one cell: 【总体目标】… 【产出指标-数量指标】指标1：….

Each project becomes a document: its fields as labels and values, its indicators below heads.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from xlpkg.files.document import Cell, Document, Piece, Table
from xlpkg.reading.foreign.synonyms import GOALS, Synonyms

_MARK = re.compile(r"【\s*([^【】]{2,30}?)\s*】\s*[：:]?")
_BETWEEN = re.compile(r"\s*[-—–/]+\s*")
_ITEM = re.compile(
    r"\s*(?:指标\s*\d{1,2}\s*[：:.、]|\d{1,2}\s*[.、．](?!\d)|[（(]\d{1,2}[)）])?\s*(?P<name>.+?)\s*(?:[（(](?P<value>.*)[)）])?\s*[；;。]?\s*"
)
_UNIT_AND_PROJECT = re.compile("单位.*项目", re.DOTALL)
_GROUP = re.compile(".{2,8}类")
_HEADS = ("一级指标", "二级指标", "三级指标", "指标值")
_LEAST_SECTIONS, _LEAST_LABELS = 2, 2


class _Section(msgspec.Struct):
    """What a mark names, and the text behind it."""

    title: str
    text: str
    category: tuple[str, str] | None


def projects_of_marked_cells(document: Document, synonyms: Synonyms) -> list[Document]:
    """A document for each cell that holds marked indicators; nothing if there is none."""
    found: list[Document] = []
    rest: list[Piece] = []
    for table in document.tables:
        head = next((row for row in range(len(table.rows)) if _is_head(table, row, synonyms)), None)
        marked = {row: cell for row in range(len(table.rows)) if (cell := _marked(table, row, synonyms)) is not None}
        if head is None or not marked:
            rest += list(table.cells())
            continue
        above = [cell for row in range(head) for cell in table.distinct(row)]
        shared = [*document.paragraphs, *above]
        found += [_document(document, table, head, row, cell, shared, set(marked), synonyms) for row, cell in marked.items()]
        rest += [c for row in range(head + 1, len(table.rows)) if row not in marked for c in table.distinct(row) if c.row == row]
    if found:
        found[0].aside += [*document.aside, *(p for p in rest if p.text.strip())]
        found[0].notices = list(document.notices)
    return found


def _is_head(table: Table, row: int, synonyms: Synonyms) -> bool:
    cells = [c for c in table.distinct(row) if c.text.strip()]
    return sum(bool(synonyms.field(c.text) or synonyms.money(c.text)) for c in cells) >= _LEAST_LABELS


def _marked(table: Table, row: int, synonyms: Synonyms) -> Cell | None:
    """The cell of a row that holds marked indicators."""
    cells = (c for c in table.distinct(row) if c.row == row and "【" in c.text)
    return next((c for c in cells if sum(s.category is not None for s in _sections(c.text, synonyms)) >= _LEAST_SECTIONS), None)


def _sections(text: str, synonyms: Synonyms) -> list[_Section]:
    marks = list(_MARK.finditer(text))
    found = []
    for mark, end in zip(marks, [*(m.start() for m in marks[1:]), len(text)], strict=True):
        parts = _BETWEEN.split(mark[1])
        both = len(parts) == 2 and "l1" in synonyms.levels(parts[0]) and bool(synonyms.levels(parts[1]))
        found.append(_Section(mark[1], text[mark.end() : end].strip(), (parts[0], parts[1]) if both else None))
    return found


def _document(
    document: Document, table: Table, head: int, row: int, cell: Cell, shared: Sequence[Piece], marked: set[int], synonyms: Synonyms
) -> Document:
    sections = _sections(cell.text, synonyms)
    pairs = [(label, value, where) for label, value, where in _fields(table, head, row, cell, marked, synonyms) if value.strip()]
    pairs += [(s.title, s.text, cell.where) for s in sections if s.category is None and synonyms.field(s.title) in GOALS]
    fields: list[list[Cell | None]] = [
        [Cell(label, where, n, 0), Cell(value, where, n, 1)] for n, (label, value, where) in enumerate(pairs)
    ]
    body: list[list[Cell | None]] = [[Cell(text, cell.where, 0, n) for n, text in enumerate(_HEADS)]]
    for section in sections:
        for name, value in _items(section.text) if section.category else ():
            line = (*(section.category or ()), name, value)
            body.append([Cell(text, cell.where, len(body), n) for n, text in enumerate(line)])
    aside = [
        Piece(f"【{s.title}】{s.text}", cell.where) for s in sections if s.category is None and synonyms.field(s.title) not in GOALS
    ]
    texts = [Piece(p.text, p.where) for p in shared if p.text.strip()]
    return Document(document.file, [Table(table.name, fields), Table(table.name, body)], texts, ours=False, aside=aside)


def _fields(table: Table, head: int, row: int, cell: Cell, marked: set[int], synonyms: Synonyms) -> Iterator[tuple[str, str, str]]:
    """Label, text and place of each field of a row; under 单位名称（支出项目） stands the project, its unit in a row above."""
    for label in table.distinct(head):
        own = table.at(row, label.column)
        if own is None or own is cell:
            continue
        if not _UNIT_AND_PROJECT.search(label.text):
            yield label.text, own.text, own.where
            continue
        yield "项目名称", own.text.strip(), own.where
        above = (table.at(r, label.column) for r in range(row - 1, head, -1) if r not in marked)
        unit = next((c for c in above if c is not None and c.text.strip() and not _GROUP.fullmatch(c.text.strip())), None)
        if unit is not None:
            yield "单位名称", unit.text.strip(), unit.where


def _items(text: str) -> Iterator[tuple[str, str]]:
    """Name and value of each line: 指标1：机柜数量（≥77台）."""
    for line in text.split("\n"):
        if line.strip() and (item := _ITEM.fullmatch(line)):
            yield item["name"], (item["value"] or "").strip()
