"""Workbooks that are not ours (.xlsx, .xlsm, .xls, .ods) as tables."""

from pathlib import Path
from typing import cast

import python_calamine

from xlpkg.sheets.cells import grid
from xlpkg.sheets.grid import Area, Grid, Value
from xlpkg.sheets.intake.document import Cell, Document, Table
from xlpkg.sheets.layout import ENTRY, GUIDE, OPTIONS, OWN_SHEETS, SUBMISSION, address
from xlpkg.sheets.package import LARGEST_GRID, Package, UnreadableError, read_bytes


def read_worksheets(path: Path) -> Document:
    """Every sheet with something on it. Raises UnreadableError with a sentence."""
    broken = UnreadableError(f"“{path.name}”不完整或已损坏，打不开。请重新复制或下载，或用Excel打开后另存为.xlsx再试。")
    zipped = path.suffix.lower() in (".xlsx", ".xlsm")
    package = Package(path) if zipped else None
    read_bytes(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        names = _worth_reading(book.sheet_names)
        tables = []
        for name in names:
            sheet = grid(package, book, name) if package else _bare(path, book, name)
            if sheet is not None and sheet.values:
                tables.append(_table(sheet))
    except python_calamine.PasswordError:
        raise UnreadableError(f"“{path.name}”设有打开密码。请取消密码，保存后再试。") from None
    except (python_calamine.CalamineError, OSError):
        raise broken from None
    return Document(path.name, [t for t in tables if t.rows], [], ours=_ours(book.sheet_names))


def _worth_reading(names: list[str]) -> list[str]:
    """All sheets of a foreign workbook; of a form of ours the filled one, or, where that is gone, the printed page."""
    if not _ours(names):
        return names
    filled = [n for n in names if n not in (*OWN_SHEETS, SUBMISSION)]
    return filled or [n for n in names if n == SUBMISSION]


def _ours(names: list[str]) -> bool:
    return bool(set(names) & {OPTIONS, ENTRY, GUIDE})


def _bare(path: Path, book: python_calamine.CalamineWorkbook, name: str) -> Grid | None:
    """A sheet of an older kind of workbook: its values, without what only the newer kind tells (percentages)."""
    sheet = book.get_sheet_by_name(name)
    if sheet.height * sheet.width > LARGEST_GRID:
        raise UnreadableError(f"“{path.name}”的“{name}”表太大，不像一张申报表。请删去多余的行和列后再试。")
    values = cast(list[list[Value]], sheet.to_python(skip_empty_area=False))
    try:
        merged = cast(list[Area], sheet.merged_cell_ranges or [])
    except python_calamine.CalamineError:
        merged = []
    return Grid(name, path.name, values, {}, {}, lambda *_: merged)


def _table(sheet: Grid) -> Table:
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
