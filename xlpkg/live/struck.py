"""Struck-out cells of an open sheet: Excel and LibreOffice are asked for the font of a whole block, of halves where it differs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlpkg.files.grid import Area

if TYPE_CHECKING:
    import xlwings as xw


def struck_cells(sheet: "xw.Sheet", area: Area) -> Iterator[tuple[tuple[int, int], bool]]:
    """The cells (0-based) of an area that are struck out, and whether all of their text is.

    A part of a text is found in Excel alone (not tried in Excel). Nothing where the program has no such question, as on macOS.
    """
    (top, left), (bottom, right) = area
    strikes = _strikes(sheet.range((top + 1, left + 1), (bottom + 1, right + 1)).api)
    if strikes is False:
        return
    if (top, left) == (bottom, right):
        yield (top, left), strikes is True
    elif bottom > top:
        middle = (top + bottom) // 2
        yield from struck_cells(sheet, ((top, left), (middle, right)))
        yield from struck_cells(sheet, ((middle + 1, left), (bottom, right)))
    else:
        middle = (left + right) // 2
        yield from struck_cells(sheet, ((top, left), (bottom, middle)))
        yield from struck_cells(sheet, ((top, middle + 1), (bottom, right)))


def _strikes(block: Any) -> bool | None:
    """Whether the font of a block strikes out; None where its cells differ."""
    try:
        if hasattr(block, "getPropertyState"):
            differ = block.getPropertyState("CharStrikeout").value == "AMBIGUOUS_VALUE"
            return None if differ else block.CharStrikeout != 0
        answer = block.Font.Strikethrough
        return answer if answer is None else bool(answer)
    except Exception:  # each program has its own error for a question that it does not know
        return False
