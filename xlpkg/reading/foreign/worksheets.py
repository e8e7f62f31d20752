"""Workbooks that are not ours (.xlsx, .xlsm, .xls, .ods) as tables, with what stands around the cells."""

from collections.abc import Sequence
from pathlib import Path

from xlpkg.files.a1 import address
from xlpkg.files.document import Cell, Document, Piece, Table
from xlpkg.files.errors import too_many_cells
from xlpkg.files.grid import Grid
from xlpkg.files.guard import LARGEST_TABLES, MOST_FILLED, read_start
from xlpkg.files.kinds import OLDER_WORKBOOK, WORKBOOK, kind_of, refuse_web_page
from xlpkg.files.sheet import Sheet, cell_names
from xlpkg.layout import OWN_SHEETS, SUBMISSION
from xlpkg.reading.foreign.own_marks import is_ours


def read_worksheets(path: Path) -> Document:
    """Every sheet with something on it. Raises UnreadableError with a sentence."""
    sheets = _sheets(path)
    _refuse_too_many(path, sheets)
    if is_ours(s.grid for s in sheets):
        return _of_ours(path, sheets)
    return _foreign(path, sheets)


def _refuse_too_many(path: Path, sheets: Sequence[Sheet]) -> None:
    """Raises UnreadableError before a cell is looked at."""
    lines = [line for s in sheets for line in s.grid.values]
    spanned = sum(len(s.grid.values) * max(map(len, s.grid.values), default=0) for s in sheets)
    filled = sum(value is not None and value != "" for line in lines for value in line)
    if filled > MOST_FILLED or spanned > LARGEST_TABLES:
        raise too_many_cells(path.name, filled if filled > MOST_FILLED else spanned)


def _sheets(path: Path) -> list[Sheet]:
    start = read_start(path)
    kind = kind_of(path, start)
    if kind is WORKBOOK:
        from xlpkg.files.xlsx_sheets import read_workbook

        return read_workbook(path)
    refuse_web_page(path, start)
    if kind is OLDER_WORKBOOK:
        from xlpkg.files.xls import read_older

        return read_older(path)
    from xlpkg.files.ods import read_open_document

    return read_open_document(path)


def _of_ours(path: Path, sheets: Sequence[Sheet]) -> Document:
    """A form of ours, damaged: the sheet that is filled in, or, where that is gone, the printed page."""
    filled = [s for s in sheets if s.grid.sheet not in (*OWN_SHEETS, SUBMISSION)]
    read = filled or [s for s in sheets if s.grid.sheet == SUBMISSION]
    tables = [table_of(s.grid) for s in read if s.grid.values]
    aside = [piece for s in read for piece in (*_comments(s), *_struck(s))]
    notices = [n for s in read for n in _blank_formulas(s)]
    return Document(path.name, [t for t in tables if t.rows], [], notices, ours=True, aside=aside)


def _foreign(path: Path, sheets: Sequence[Sheet]) -> Document:
    """All sheets; those that are hidden beside a filled one are no content."""
    seen = [s for s in sheets if not s.hidden and any(s.filled())]
    content = seen or [s for s in sheets if any(s.filled())]
    document = Document(path.name, [table_of(s.grid) for s in content], [])
    for sheet in sheets:
        document.aside += [*_comments(sheet), *_struck(sheet)]
        around = [*(("文本框", text) for text in sheet.boxes), *sheet.page]
        if sheet.hidden and sheet not in content:
            document.aside += [Piece(sheet.shown(r, c), sheet.where + address(r, c)) for r, c in sheet.filled()]
            document.aside += [Piece(text, sheet.where + part) for part, text in around]
        else:
            document.paragraphs += [Piece(text, part) for part, text in around]
            document.notices += [*sheet.notices, *_hidden_lines(sheet), *_blank_formulas(sheet)]
    return document


def _comments(sheet: Sheet) -> list[Piece]:
    return [Piece(text, f"{sheet.where}{cell}批注") for cell, text in sheet.comments]


def _struck(sheet: Sheet) -> list[Piece]:
    return [Piece(text, f"{sheet.where}{address(*cell)}删除线") for cell, text in sorted(sheet.grid.struck.items())]


def _hidden_lines(sheet: Sheet) -> list[str]:
    """The hidden rows and columns with something in them."""
    filled = list(sheet.filled())
    rows = sorted({r for r, _ in filled} & set(sheet.hidden_rows))
    columns = sorted({c for _, c in filled} & set(sheet.hidden_columns))
    named = [
        ("、".join(f"第{a + 1}行" if a == b else f"第{a + 1}—{b + 1}行" for a, b in _runs(rows)), "行"),
        ("、".join(f"{_letters(a)}列" if a == b else f"{_letters(a)}—{_letters(b)}列" for a, b in _runs(columns)), "列"),
    ]
    return [f"{sheet.where}{which}是隐藏{kind}，也读入了，请核对。" for which, kind in named if which]


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of numbers that follow one another."""
    found: list[tuple[int, int]] = []
    for n in numbers:
        if found and found[-1][1] == n - 1:
            found[-1] = (found[-1][0], n)
        else:
            found.append((n, n))
    return found


def _letters(column: int) -> str:
    return address(0, column)[:-1]


def _blank_formulas(sheet: Sheet) -> list[str]:
    blank = sorted(cell for cell, has_result in sheet.grid.formulas.items() if not has_result)
    if not blank:
        return []
    what = f"{sheet.where}{cell_names(blank)}是公式，没有存下计算结果，按空白读入"
    return [f"{what}。请用Excel打开这个文件保存一次后再试，或直接填写结果。"]


def table_of(sheet: Grid) -> Table:
    """The cells of a sheet; a merged one stands in every place that it covers."""
    rows: list[list[Cell | None]] = []
    width = max(len(line) for line in sheet.values)
    for r in range(len(sheet.values)):
        texts = (sheet.errors.get((r, c)) or sheet.shown(r, c) for c in range(width))
        rows.append([Cell(text, f"“{sheet.sheet}”表{address(r, c)}", r, c) for c, text in enumerate(texts)])
    for (top, left), (bottom, right) in sheet.merged(0, len(rows) - 1):
        anchor = rows[top][left] if top < len(rows) and left < width else None
        if anchor is None:
            continue
        anchor.height, anchor.width = min(bottom, len(rows) - 1) - top + 1, min(right, width - 1) - left + 1
        for r in range(top, min(bottom, len(rows) - 1) + 1):
            for c in range(left, min(right, width - 1) + 1):
                rows[r][c] = anchor
    return Table(sheet.sheet, rows)
