"""Texts: a table with tabs, pipes or gaps between its columns, a Word table saved with one cell a line, or a web page's lines."""

import re
from pathlib import Path

from xlpkg.files.document import Cell, Document, Piece, Table
from xlpkg.files.text import read_text
from xlpkg.reading.foreign.synonyms import Vocabulary

Line = tuple[int, str]
"""The number of a line, counted from 1, and its text; a text that was joined holds several lines."""

_LEAST_ROWS, _LEAST_HEADS = 3, 3
_INNER_TABS = re.compile(r"[^\t\n]\t+[^\t\n]")
_QUOTED = re.compile(r'(?:(?<=\t)|^)"([^"\t]*(?:""[^"\t]*)*)"(?=\t|$)', re.MULTILINE)
_NEEDS_QUOTES = re.compile(r'[\n,"]')
_KEPT = "\0"  # stands for a line break within a cell while lines are parted: no text holds it
_RULE = re.compile(r"[\s|｜:+-]*-[\s|｜:+-]*")
_PIPE = re.compile(r"(?<!\\)[|｜]")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_GAP = re.compile(r"[ \xa0\u3000]{2,}")
_GOALS, _FOOT = ("long_goal", "year_goal"), ("filler", "phone", "to_sign")
_SENTENCE = re.compile(r"[。；;！!]\s*$")
_ITEM = re.compile(
    r"\s*(?:(?:目标|任务)?\s*\d{1,2}\s*[、.．：:)）](?!\d)|(?:目标|任务)[一二三四五六七八九十]{1,2}\s*[、.．：:]"
    r"|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）]|[①-⑳]|[一二三四五六七八九]是)"
)
_VALUE = re.compile(r"[≥≤=＝><＞＜\d]")


def read_plain(path: Path, words: Vocabulary) -> Document:
    """A .txt in UTF-8, UTF-16 or GB 18030. Raises UnreadableError."""
    text = read_text(path)
    lines = _lines(text)
    if "\t" not in text:
        lines = _by_pipes(lines) or _by_gaps(lines, words) or lines
    lines = _with_whole_goals(lines, words)
    if sum(bool(_INNER_TABS.search(line)) for _, line in lines) >= _LEAST_ROWS:
        return _with_tabs(path.name, lines, words)
    if any(line.startswith("\t") for _, line in lines):
        return _cell_by_cell(path.name, _cells(lines, words), words)
    return _cell_by_cell(path.name, [(n, t) for n, t in lines if t.strip()], words)


# --- lines ----------------------------------------------------------------------------------------------------------


def _lines(text: str) -> list[Line]:
    """The lines; beside tabs, a cell that Excel put in quotes is one text, without them, be it over several lines."""
    if "\t" in text:
        text = _QUOTED.sub(_unquoted, text)
    lines: list[Line] = []
    number = 1
    for line in text.split("\n"):
        lines.append((number, line.replace(_KEPT, "\n")))
        number += 1 + line.count(_KEPT)
    return lines


def _unquoted(quoted: re.Match[str]) -> str:
    """Quotes that the text does not need were typed: "四好"."""
    return quoted[1].replace('""', '"').replace("\n", _KEPT) if _NEEDS_QUOTES.search(quoted[1]) else quoted[0]


def _by_pipes(lines: list[Line]) -> list[Line]:
    """The lines of a text with Markdown tables, with tabs for the pipes; none if there is no table."""
    if sum(len(_PIPE.findall(line)) > 1 for _, line in lines) < _LEAST_ROWS:
        return []
    made: list[Line] = []
    for number, line in lines:
        bare = line.replace("**", "")
        if len(_PIPE.findall(line)) < 2:
            made.append((number, bare))
        elif not _RULE.fullmatch(line):
            cells = _PIPE.split(bare.strip())
            cells = cells[not cells[0].strip() : len(cells) - (not cells[-1].strip())]
            made.append((number, "\t".join(_LINE_BREAK.sub("\n", c.strip()).replace("\\|", "|") for c in cells)))
    return made


def _by_gaps(lines: list[Line], words: Vocabulary) -> list[Line]:
    """The lines of a text whose columns stand apart by blanks, with tabs for the gaps; none if no heads stand so.

    Above the heads a line has columns only if it begins with a label: a goal may hold blanks.
    """
    parted = [_GAP.split(line.strip()) for _, line in lines]
    head = next((n for n, cells in enumerate(parted) if sum(bool(words.column(c)) for c in cells) >= _LEAST_HEADS), None)
    if head is None or sum(len(cells) > 1 for cells in parted[head:]) < _LEAST_ROWS:
        return []
    made: list[Line] = []
    for n, ((number, line), cells) in enumerate(zip(lines, parted, strict=True)):
        is_row = words.field(cells[0]) if n < head else not words.begins_field(line)
        made.append((number, "\t".join(cells) if is_row else line))
    return made


def _with_whole_goals(lines: list[Line], words: Vocabulary) -> list[Line]:
    """A goal over several lines as one text: behind a tab, behind a colon, or below its label."""
    made: list[Line] = []
    before = ""
    at = 0
    while at < len(lines):
        number, line = lines[at]
        at += 1
        if _is_goal(line, before, words):
            more = _rest_of_goal(lines[at:], words, adjacent="\t" in line)
            line = "\n".join([line, *(text for _, text in lines[at : at + more] if text.strip())])
            at += more
        made.append((number, line))
        before = line if line.strip() else before
    return made


def _is_goal(line: str, before: str, words: Vocabulary) -> bool:
    """The line ends with the text of a goal: label<tab>text, label：text, or text alone below the label."""
    if "\t" in line:
        cells = [c for c in line.rstrip().split("\t") if c.strip()]
        return len(cells) > 1 and words.field(cells[-2]) in _GOALS and not _is_label(cells[-1], words)
    if words.begins_field(line, *_GOALS):
        return True
    return bool(line.strip()) and words.field(before) in _GOALS and not _is_label(line, words)


def _rest_of_goal(lines: list[Line], words: Vocabulary, *, adjacent: bool) -> int:
    """How many of the lines below go on with a goal: up to the last item or end of a sentence before the next label.

    Below a row with tabs (`adjacent`) those that follow without a blank line do in any case.
    """
    last = 0
    for n, (_, line) in enumerate(lines, 1):
        if "\t" in line or (line.strip() and _is_label(line, words)):
            break
        adjacent = adjacent and bool(line.strip())
        if adjacent or _ITEM.match(line) or _SENTENCE.search(line):
            last = n
    return last


def _is_label(text: str, words: Vocabulary) -> bool:
    """The text is a label or a head, or begins with a label and a colon."""
    named = words.field(text) or words.column(text) or words.block(text) or words.levels(text, whole=True)
    return bool(named) or words.begins_field(text)


# --- tables with tabs -----------------------------------------------------------------------------------------------


def _with_tabs(file: str, lines: list[Line], words: Vocabulary) -> Document:
    """One row a line, its cells parted by tabs; lines without tabs are paragraphs."""
    numbered = [(number, line.split("\t")) for number, line in lines if "\t" in line]
    missing = _missing([cells for _, cells in numbered], words)
    rows: list[list[Cell | None]] = []
    for row, ((number, cells), pad) in enumerate(zip(numbered, missing, strict=True)):
        rows.append([None] * pad)
        rows[-1] += [Cell(t, f"第{number}行第{c + 1}列", row, pad + c) for c, t in enumerate(cells)]
    paragraphs = [Piece(line, f"第{number}行") for number, line in lines if "\t" not in line and line.strip()]
    return Document(file, [Table("文本", rows)], paragraphs)


def _missing(rows: list[list[str]], words: Vocabulary) -> list[int]:
    """How many cells each row lacks in front: browsers give a merged category only in its first row, and no tabs below."""
    heads = [n for n, cells in enumerate(rows) if sum(bool(words.column(c)) for c in cells) >= _LEAST_HEADS]
    missing = [0] * len(rows)
    for head, end in zip(heads, [*heads, len(rows)][1:], strict=True):
        columns = [words.column(c) for c in rows[head]]
        end = next((n for n in range(head + 1, end) if _is_foot(rows[n][0], words)), end)
        if any(not rows[n][0].strip() for n in range(head + 1, end)):
            continue  # blank cells hold the places of the merged ones
        for n in range(head + 1, end):
            missing[n] = _lead(rows[n], columns, words)
    return missing


def _lead(cells: list[str], columns: list[str], words: Vocabulary) -> int:
    """How many columns stand before a short row's first cell: those before its level, or before the names."""
    lack = len(columns) - len(cells)
    level = _level(cells[0], cells[1] if len(cells) > 1 else "", words) if lack > 0 else ""
    if level:
        return min(columns.index(level), lack) if level in columns else 0
    names = max((n for n, column in enumerate(columns) if column in ("l1", "l2")), default=-1) + 1
    if lack > names and not _VALUE.search(cells[1] if len(cells) > 1 else ""):
        return 0  # 审核意见 | 同意
    return max(min(names, lack), 0)


def _level(text: str, beside: str, words: Vocabulary) -> str:
    """The level of a category, "" if the text is none; 成本指标 is of the first one if one of the second stands beside it."""
    levels = words.levels(text, whole=True)
    if levels == {"l1", "l2"}:
        return "l1" if "l2" in words.levels(beside) else "l2"
    return next(iter(levels), "")


def _is_foot(text: str, words: Vocabulary) -> bool:
    return words.field(text) in _FOOT or words.begins_field(text, *_FOOT)


# --- one cell a line ------------------------------------------------------------------------------------------------


def _cells(lines: list[Line], words: Vocabulary) -> list[Line]:
    """The text of each cell where a tab begins one; a line without a tab goes on with the cell before."""
    cells: list[Line] = []
    for number, line in lines:
        if line.startswith("\t"):
            cells.append((number, line[1:]))
        elif line.strip() and cells and cells[-1][1].strip() and not words.begins_field(line):
            cells[-1] = cells[-1][0], f"{cells[-1][1]}\n{line}"
        elif line.strip():
            cells.append((number, line))
    return cells


def _cell_by_cell(file: str, cells: list[Line], words: Vocabulary) -> Document:
    """Cells without rows: those before the heads of the columns make one row; those behind are parted by the number of heads,
    or, where merged cells left no blank ones, by the names of categories."""
    heads = [n for n, (_, text) in enumerate(cells) if words.column(text)]
    first = next((n for i, n in enumerate(heads) if heads[i : i + 3] == [n, n + 1, n + 2]), None)
    if first is None:
        return Document(file, [], [Piece(text, f"第{line}行") for line, text in cells])
    last = first
    while last + 1 < len(cells) and words.column(cells[last + 1][1]):
        last += 1
    end = _end_of_body(cells, last + 1, words)
    body = cells[last + 1 : end]
    columns = [words.column(text) for _, text in cells[first : last + 1]]
    blanks = any(not text.strip() for _, text in body)
    lead = int(blanks and len(body) % (len(columns) + 1) == 0 and len(body) % len(columns) != 0)
    lead = lead or int(bool(first) and bool(words.block(cells[first - 1][1])))
    rows: list[list[Cell | None]] = [[_cell(c, 0, n) for n, c in enumerate(cells[: first - lead])]]
    rows.append([_cell(c, 1, n) for n, c in enumerate(cells[first - lead : last + 1])])
    columns = ["block"] * lead + columns
    for part in _chunks(body, len(columns)) if blanks else _by_category(body, columns, words):
        rows.append([None if c is None else _cell(c, len(rows), n) for n, c in enumerate(part)])
    pairs, foot = _pairs(cells[end:], words)
    return Document(file, [Table("文本", rows), *([pairs] if pairs.rows else [])], foot)


def _end_of_body(cells: list[Line], start: int, words: Vocabulary) -> int:
    """Where the body ends: at who filled the form in, or at any label with a colon behind the last category (单位：家 may be
    an indicator)."""
    last = max((n for n in range(start, len(cells)) if words.levels(cells[n][1], whole=True)), default=start)
    for n in range(start, len(cells)):
        if _is_foot(cells[n][1], words) or (n > last and words.begins_field(cells[n][1])):
            return n
    return len(cells)


def _pairs(cells: list[Line], words: Vocabulary) -> tuple[Table, list[Piece]]:
    """The labels below the body, each with the cell behind it, one pair a row; and what is no pair."""
    rows: list[list[Cell | None]] = []
    pieces: list[Piece] = []
    at = 0
    while at < len(cells):
        if words.field(cells[at][1]):
            with_value = at + 1 < len(cells) and not _is_label(cells[at + 1][1], words)
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


def _by_category(cells: list[Line], columns: list[str], words: Vocabulary) -> list[list[Line | None]]:
    """Rows of a text in which merged categories stand once: a category begins a row, the other columns fill it."""
    places = [n for n, column in enumerate(columns) if column not in ("block", "l1", "l2")]
    rows: list[list[Line | None]] = []
    row: list[Line | None] = [None] * len(columns)
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
