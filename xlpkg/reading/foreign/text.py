"""Texts: a table with tabs, pipes or gaps between its columns, a Word table saved with one cell a line, or a web page's lines."""

import re
from pathlib import Path

from xlpkg.files.document import Cell, Document, Piece, Table
from xlpkg.files.grid import UNPRINTABLE
from xlpkg.files.text import read_text
from xlpkg.reading.foreign.synonyms import Synonyms
from xlpkg.reading.foreign.text_lines import LEAST_ROWS, Line, cells_before_pipes, is_label, lines_of, with_tabs
from xlpkg.reading.foreign.text_rows import RowsOfText

_INNER_TABS = re.compile(r"[^\t\n]\t+[^\t\n]")
_FOOT = ("filler", "phone", "to_sign")


def read_plain(path: Path, synonyms: Synonyms) -> Document:
    """A text file as a document. Raises UnreadableError."""
    text, least = read_text(path).replace("\f", "\n").translate(UNPRINTABLE), LEAST_ROWS
    if path.suffix.lower() != ".txt":
        text, least = with_tabs(text), 1
    if cells := cells_before_pipes(text):
        document = _cell_by_cell(path.name, _without_blanks_below(cells, synonyms), synonyms)
        for table in document.tables:  # blank cells were left out: a row may have lost one
            table.doubted |= set(range(len(table.rows)))
        return document
    lines = lines_of(text, synonyms)
    if sum(bool(_INNER_TABS.search(line)) for _, line in lines) >= least:
        rows = RowsOfText(lines, synonyms)
        return Document(path.name, rows.tables, rows.paragraphs)
    if any(line.startswith("\t") for _, line in lines):
        return _cell_by_cell(path.name, _cells(lines, synonyms), synonyms)
    return _cell_by_cell(path.name, [(n, t) for n, t in lines if t.strip()], synonyms)


# --- one cell a line ------------------------------------------------------------------------------------------------


def _cells(lines: list[Line], synonyms: Synonyms) -> list[Line]:
    """The text of each cell where a tab begins one; a line without a tab continues the cell before."""
    cells: list[Line] = []
    for number, line in lines:
        if line.startswith("\t"):
            cells.append((number, line[1:]))
        elif line.strip() and cells and cells[-1][1].strip() and not synonyms.begins_field(line):
            cells[-1] = cells[-1][0], f"{cells[-1][1]}\n{line}"
        elif line.strip():
            cells.append((number, line))
    return cells


def _without_blanks_below(cells: list[Line], synonyms: Synonyms) -> list[Line]:
    """The cells without the blank ones below the heads of the columns."""
    heads = [n for n, (_, text) in enumerate(cells) if synonyms.column(text)]
    first = next((n for i, n in enumerate(heads) if heads[i : i + 3] == [n, n + 1, n + 2]), len(cells))
    return [c for n, c in enumerate(cells) if n < first or c[1].strip()]


def _cell_by_cell(file: str, cells: list[Line], synonyms: Synonyms) -> Document:
    """Cells without rows. Those before the heads of the columns make one row. Those behind make rows as long as the heads,
    or, where merged cells left no blank ones, a row at each name of a category.
    """
    heads = [n for n, (_, text) in enumerate(cells) if synonyms.column(text)]
    first = next((n for i, n in enumerate(heads) if heads[i : i + 3] == [n, n + 1, n + 2]), None)
    if first is None:
        return Document(file, [], [Piece(text, f"第{line}行") for line, text in cells])
    last = first
    while last + 1 < len(cells) and synonyms.column(cells[last + 1][1]):
        last += 1
    end = _end_of_body(cells, last + 1, synonyms)
    body = cells[last + 1 : end]
    columns = [synonyms.column(text) for _, text in cells[first : last + 1]]
    blanks = any(not text.strip() for _, text in body)
    lead = int(blanks and len(body) % (len(columns) + 1) == 0 and len(body) % len(columns) != 0)
    lead = lead or int(first > 0 and synonyms.block(cells[first - 1][1]) != "")
    rows: list[list[Cell | None]] = [[_cell(c, 0, n) for n, c in enumerate(cells[: first - lead])]]
    rows.append([_cell(c, 1, n) for n, c in enumerate(cells[first - lead : last + 1])])
    columns = ["block"] * lead + columns
    for part in _chunks(body, len(columns)) if blanks else _by_category(body, columns, synonyms):
        rows.append([None if c is None else _cell(c, len(rows), n) for n, c in enumerate(part)])
    pairs, foot = _pairs(cells[end:], synonyms)
    return Document(file, [Table("文本", rows), *([pairs] if pairs.rows else [])], foot)


def _end_of_body(cells: list[Line], start: int, synonyms: Synonyms) -> int:
    """Where the body ends: at the name of who filled the form in, or at a label with a colon behind the last category.

    Before the last category such a label may be an indicator (单位：家).
    """
    last = max((n for n in range(start, len(cells)) if synonyms.levels(cells[n][1], whole=True)), default=start)
    for n in range(start, len(cells)):
        if _is_foot(cells[n][1], synonyms) or (n > last and synonyms.begins_field(cells[n][1])):
            return n
    return len(cells)


def _pairs(cells: list[Line], synonyms: Synonyms) -> tuple[Table, list[Piece]]:
    """The labels below the body, each with the cell behind it, one pair a row; and what is no pair."""
    rows: list[list[Cell | None]] = []
    pieces: list[Piece] = []
    at = 0
    while at < len(cells):
        if synonyms.field(cells[at][1]):
            with_value = at + 1 < len(cells) and not is_label(cells[at + 1][1], synonyms)
            pair = cells[at : at + 1 + with_value]
            rows.append([_cell(c, len(rows), n) for n, c in enumerate(pair)])
            at += len(pair)
        else:
            pieces.append(Piece(cells[at][1], f"第{cells[at][0]}行"))
            at += 1
    return Table("文本末尾", rows), pieces


def _cell(cell: Line, row: int, column: int) -> Cell:
    return Cell(cell[1], f"第{cell[0]}行", row, column)


def _chunks(cells: list[Line], width: int) -> list[list[Line | None]]:
    return [list(cells[start : start + width]) for start in range(0, len(cells), width)]


def _by_category(cells: list[Line], columns: list[str], synonyms: Synonyms) -> list[list[Line | None]]:
    """Rows of a text in which merged categories stand once: a category begins a row, the other columns fill it."""
    places = [n for n, column in enumerate(columns) if column not in ("block", "l1", "l2")]
    if not places:  # heads of categories alone
        return _chunks(cells, len(columns))
    rows: list[list[Line | None]] = []
    row: list[Line | None] = [None] * len(columns)
    at = 0
    for n, cell in enumerate(cells):
        levels = synonyms.levels(cell[1], whole=True) & set(columns)
        if levels:
            above_another = n + 1 < len(cells) and "l2" in synonyms.levels(cells[n + 1][1])
            level = "l1" if levels == {"l1"} or ("l1" in levels and above_another) else "l2"
            if at:
                rows.append(row)
                row, at = [None] * len(columns), 0
            row[columns.index(level)] = cell
            continue
        if at == len(places):
            rows.append(row)
            row, at = [None] * len(columns), 0
        row[places[at]] = cell
        at += 1
    return [*rows, row] if at else rows


def _is_foot(text: str, synonyms: Synonyms) -> bool:
    """The text names a field that stands below the table."""
    return synonyms.field(text) in _FOOT or synonyms.begins_field(text, *_FOOT)
