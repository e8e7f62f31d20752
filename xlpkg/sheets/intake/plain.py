"""Texts: a table pasted with tabs, a Word table saved with one cell a line, or the lines of a web page."""

import re
from pathlib import Path

from xlpkg.sheets.intake.document import Cell, Document, Piece, Table
from xlpkg.sheets.intake.vocabulary import Vocabulary
from xlpkg.sheets.package import UnreadableError, read_bytes

_LEAST_ROWS = 3
_INNER_TABS = re.compile(r"[^\t\n]\t+[^\t\n]")


def read_plain(path: Path, words: Vocabulary) -> Document:
    """A .txt in UTF-8, UTF-16 or GB 18030. Raises UnreadableError."""
    read_bytes(path)
    data = path.read_bytes()
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableError(f"“{path.name}”不是文本文件，请另存为UTF-8编码的.txt再试。")
    if "\0" in text:
        raise UnreadableError(f"“{path.name}”不是文本文件，可能只是改了扩展名。")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if sum(bool(_INNER_TABS.search(line)) for line in lines) >= _LEAST_ROWS:
        return _with_tabs(path.name, lines)
    if any(line.startswith("\t") for line in lines):
        return _cell_by_cell(path.name, _cells(lines, words), words)
    return _cell_by_cell(path.name, [(n, t) for n, t in enumerate(lines, 1) if t.strip()], words)


def _with_tabs(file: str, lines: list[str]) -> Document:
    """One row a line, its cells parted by tabs; lines without tabs are paragraphs."""
    rows: list[list[Cell | None]] = []
    paragraphs = []
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            rows.append([Cell(t, f"第{number}行第{c + 1}列", len(rows), c) for c, t in enumerate(line.split("\t"))])
        elif line.strip():
            paragraphs.append(Piece(line, f"第{number}行"))
    return Document(file, [Table("文本", rows)], paragraphs)


def _cells(lines: list[str], words: Vocabulary) -> list[tuple[int, str]]:
    """(line, text) of each cell where a tab begins one; a line without a tab goes on with the cell before."""
    cells: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        if line.startswith("\t"):
            cells.append((number, line[1:]))
        elif line.strip() and cells and cells[-1][1].strip() and not words.begins_field(line):
            cells[-1] = cells[-1][0], f"{cells[-1][1]}\n{line}"
        elif line.strip():
            cells.append((number, line))
    return cells


def _cell_by_cell(file: str, cells: list[tuple[int, str]], words: Vocabulary) -> Document:
    """Cells without rows: those before the heads of the columns make one row; those behind are parted by the number of heads,
    or, where merged cells left no blank ones, by the names of categories."""
    heads = [n for n, (_, text) in enumerate(cells) if words.column(text)]
    first = next((n for i, n in enumerate(heads) if heads[i : i + 3] == [n, n + 1, n + 2]), None)
    if first is None:
        return Document(file, [], [Piece(text, f"第{line}行") for line, text in cells])
    last = first
    while last + 1 < len(cells) and words.column(cells[last + 1][1]):
        last += 1
    end = next((n for n in range(last + 1, len(cells)) if words.begins_field(cells[n][1])), len(cells))
    body, foot = cells[last + 1 : end], [Piece(text, f"第{line}行") for line, text in cells[end:]]
    columns = [words.column(text) for _, text in cells[first : last + 1]]
    blanks = any(not text.strip() for _, text in body)
    lead = int(blanks and len(body) % (len(columns) + 1) == 0 and len(body) % len(columns) != 0)
    lead = lead or int(blanks and bool(first) and words.is_block(cells[first - 1][1]))
    rows: list[list[Cell | None]] = [[_cell(c, 0, n) for n, c in enumerate(cells[: first - lead])]]
    rows.append([_cell(c, 1, n) for n, c in enumerate(cells[first - lead : last + 1])])
    parts = _chunks(body, len(columns) + lead) if blanks else _by_category(body, columns, words)
    for part in parts:
        rows.append([None if c is None else _cell(c, len(rows), n) for n, c in enumerate(part)])
    return Document(file, [Table("文本", rows)], foot)


def _cell(cell: tuple[int, str], row: int, column: int) -> Cell:
    return Cell(cell[1], f"第{cell[0]}行", row, column)


def _chunks(cells: list[tuple[int, str]], width: int) -> list[list[tuple[int, str] | None]]:
    return [list(cells[start : start + width]) for start in range(0, len(cells), width)]


def _by_category(cells: list[tuple[int, str]], columns: list[str], words: Vocabulary) -> list[list[tuple[int, str] | None]]:
    """Rows of a text in which merged categories stand once: a category begins a row, the other columns fill it."""
    places = [n for n, column in enumerate(columns) if column not in ("l1", "l2")]
    rows: list[list[tuple[int, str] | None]] = []
    row: list[tuple[int, str] | None] = [None] * len(columns)
    at = 0
    for n, cell in enumerate(cells):
        levels = words.levels(cell[1], whole=True) & set(columns)
        if levels:
            above_another = n + 1 < len(cells) and "l2" in words.levels(cells[n + 1][1])
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
