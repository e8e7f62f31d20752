"""The lines of a text: cells in quotes, tables with pipes or gaps as lines with tabs, goals over several lines as one."""

import csv
import io
import re

from xlpkg.reading.foreign.synonyms import GOALS, Synonyms

Line = tuple[int, str]
"""The number of a line, counted from 1, and its text; a text that was joined holds several lines."""

LEAST_ROWS, LEAST_HEADS, LEAST_CELLS = 3, 3, 12
_QUOTED = re.compile(r'(?:(?<=\t)|^)"([^"\t]*(?:""[^"\t]*)*)"(?=\t|$)', re.MULTILINE)
_NEEDS_QUOTES = re.compile(r'[\n,"]')
_KEPT = "\0"  # stands for a line break within a cell while lines are split: no text holds it
_RULE = re.compile(r"[\s|｜:+-]*-[\s|｜:+-]*")
_PIPE = re.compile(r"(?<!\\)[|｜]")
_PIPE_AT_END = re.compile(r"[^|｜]*[|｜]")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_GAP = re.compile(r"[ \xa0\u3000]{2,}")
_SENTENCE = re.compile(r"[。；;！!]\s*$")
_ITEM = re.compile(
    r"\s*(?:(?:目标|任务)?\s*\d{1,2}\s*[、.．：:)）](?!\d)|(?:目标|任务)[一二三四五六七八九十]{1,2}\s*[、.．：:]"
    r"|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）]|[①-⑳]|[一二三四五六七八九]是)"
)


def lines_of(text: str, synonyms: Synonyms) -> list[Line]:
    """The lines of a text, with tabs between columns wherever it has columns, and each goal as one line."""
    lines = _lines(text)
    if "\t" not in text:
        lines = _by_pipes(lines) or _by_gaps(lines, synonyms) or lines
    return _with_whole_goals(lines, synonyms)


def with_tabs(text: str) -> str:
    """A text whose cells are split by commas or semicolons (.csv) with tabs between them; one that has tabs already as it is."""
    if "\t" in text:
        return text
    comma = max(",;", key=text.count)
    made = io.StringIO()
    try:
        csv.writer(made, dialect="excel-tab", lineterminator="\n").writerows(csv.reader(io.StringIO(text), delimiter=comma))
    except csv.Error:  # a cell longer than any: quotes that are never closed
        return text
    return made.getvalue()


def _lines(text: str) -> list[Line]:
    """The lines. Where columns are split by tabs, a cell that Excel put in quotes is one text, even over several lines."""
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
    if sum(len(_PIPE.findall(line)) > 1 for _, line in lines) < LEAST_ROWS:
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


def cells_before_pipes(text: str) -> list[Line]:
    """The cells of a text that has one cell a line, each ending with a pipe; none for any other text."""
    lines = [line.rstrip() for line in text.split("\n")]
    pipes = [len(_PIPE.findall(line)) for line in lines if line.strip()]
    alone = sum(bool(_PIPE_AT_END.fullmatch(line)) for line in lines)
    if "\t" in text or alone < LEAST_CELLS or alone * 2 < len(pipes) or max(pipes, default=0) > 1:
        return []
    cells: list[Line] = []
    parts: list[str] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            parts.append(line.rstrip("|｜").strip())
        if parts and (_PIPE_AT_END.fullmatch(line) or not cells):
            cells.append((number - len(parts) + 1, "\n".join(filter(None, parts))))
            parts = []
    return [*cells, *([(len(lines), "\n".join(parts))] if parts else [])]


def _by_gaps(lines: list[Line], synonyms: Synonyms) -> list[Line]:
    """The lines of a text whose columns stand apart by blanks, with tabs for the gaps; none if no heads stand so.

    Above the heads a line has columns only if it begins with a label: a goal may hold blanks.
    """
    rows = [_GAP.split(line.strip()) for _, line in lines]
    head = next((n for n, cells in enumerate(rows) if sum(bool(synonyms.column(c)) for c in cells) >= LEAST_HEADS), None)
    if head is None or sum(len(cells) > 1 for cells in rows[head:]) < LEAST_ROWS:
        return []
    made: list[Line] = []
    for n, ((number, line), cells) in enumerate(zip(lines, rows, strict=True)):
        is_row = synonyms.field(cells[0]) if n < head else not synonyms.begins_field(line)
        made.append((number, "\t".join(cells) if is_row else line))
    return made


def _with_whole_goals(lines: list[Line], synonyms: Synonyms) -> list[Line]:
    """A goal over several lines as one text: behind a tab, behind a colon, or below its label."""
    made: list[Line] = []
    before = ""
    at = 0
    while at < len(lines):
        number, line = lines[at]
        at += 1
        if _is_goal(line, before, synonyms):
            more = _rest_of_goal(lines[at:], synonyms, adjacent="\t" in line)
            line = "\n".join([line, *(text for _, text in lines[at : at + more] if text.strip())])
            at += more
        made.append((number, line))
        before = line if line.strip() else before
    return made


def _is_goal(line: str, before: str, synonyms: Synonyms) -> bool:
    """The line ends with the text of a goal: label<tab>text, label：text, or text alone below the label."""
    if "\t" in line:
        cells = [c for c in line.rstrip().split("\t") if c.strip()]
        return len(cells) > 1 and synonyms.field(cells[-2]) in GOALS and not is_label(cells[-1], synonyms)
    if synonyms.begins_field(line, *GOALS):
        return True
    return bool(line.strip()) and synonyms.field(before.split("\t")[-1]) in GOALS and not is_label(line, synonyms)


def _rest_of_goal(lines: list[Line], synonyms: Synonyms, *, adjacent: bool) -> int:
    """How many of the lines below continue a goal: up to the last item or end of a sentence before the next label.

    Below a row with tabs (`adjacent`) the lines up to the first blank one belong to it in any case.
    """
    last = 0
    for n, (_, line) in enumerate(lines, 1):
        if "\t" in line or (line.strip() and is_label(line, synonyms)):
            break
        adjacent = adjacent and bool(line.strip())
        if adjacent or _ITEM.match(line) or _SENTENCE.search(line):
            last = n
    return last


def is_label(text: str, synonyms: Synonyms) -> bool:
    """The text is a label or a head, or begins with a label and a colon."""
    return synonyms.is_label(text) or synonyms.begins_field(text)
