"""Struck-out text in the cells of an .xlsx: of whole cells, or of a part of a cell's text. openpyxl knows the fonts."""

import re
from pathlib import Path
from typing import NamedTuple

_STRIKE = re.compile(rb"<(?:\w+:)?strike(?!\s+val=[\"'](?:0|false))")


class Struck(NamedTuple):
    """What is left of a cell's text, None where all of it is struck out, and the part that is."""

    left: str | None
    text: str = ""


class NoFontsError(Exception):
    """openpyxl cannot open the workbook."""


def may_be_struck(xml: bytes) -> bool:
    """A cheap look: a font or a run in this part strikes out."""
    return _STRIKE.search(xml) is not None


def struck_cells(path: Path) -> dict[str, dict[tuple[int, int], Struck]]:
    """Sheet → cell (0-based) → what is struck out of it. Raises NoFontsError."""
    import openpyxl
    from openpyxl.cell.rich_text import CellRichText

    try:
        with path.open("rb") as file:  # whatever the suffix says
            book = openpyxl.load_workbook(file, rich_text=True)
            found: dict[str, dict[tuple[int, int], Struck]] = {}
            for sheet in book.worksheets:
                cells = found[sheet.title] = {}
                for row in sheet.iter_rows():
                    for cell in row:
                        place = cell.row - 1, cell.column - 1
                        if isinstance(cell.value, CellRichText):
                            if struck := _of_runs(cell.value, whole=bool(cell.font.strike)):
                                cells[place] = struck
                        elif cell.value is not None and cell.font.strike:
                            cells[place] = Struck(None)
    except Exception:  # other writers' files make openpyxl raise anything
        raise NoFontsError from None
    return found


def _of_runs(runs: "list[object]", *, whole: bool) -> Struck | None:
    """What is struck out of a text in runs; a run without a font of its own has the cell's. None if nothing is."""
    parts = {True: "", False: ""}
    for run in runs:
        font = getattr(run, "font", None)
        parts[whole if font is None else bool(font.strike)] += str(getattr(run, "text", run))
    if not parts[True].strip():
        return None
    return Struck(parts[False], parts[True]) if parts[False].strip() else Struck(None)
