"""The lines of 检查结果 that need no answer are folded away in the open form, as in a file that `xlpkg check` writes."""

import contextlib
from typing import TYPE_CHECKING

from xlpkg.live.libreoffice.bridge import enum
from xlpkg.writing import findings

if TYPE_CHECKING:
    import xlwings as xw


def unfold(sheet: "xw.Sheet") -> None:
    """All lines in view, on one level, whatever a filter or a fold hid."""
    _lines(sheet, findings.HEAD_ROW, findings.PREPARED_ROWS, findings.FILTERED).autofilter.clear()
    lines = _lines(sheet, findings.FIRST_ROW, findings.PREPARED_ROWS)
    with contextlib.suppress(Exception):  # Excel refuses where nothing is folded
        _outline(lines, more=False)
    lines.rows.hidden = False


def fold(sheet: "xw.Sheet", first: int, count: int) -> None:
    """Fold lines away, counted from the first line of the sheet. Where the program has no outline they stay in view."""
    lines = _lines(sheet, findings.FIRST_ROW + first, count)
    with contextlib.suppress(Exception):  # without an outline nobody could open them again
        _outline(lines, more=True)
        lines.rows.hidden = True


def _lines(sheet: "xw.Sheet", top: int, count: int, columns: tuple[int, int] = (0, 0)) -> "xw.Range":
    left, right = columns
    return sheet.range((top + 1, left + 1), (top + count, right + 1))


def _outline(lines: "xw.Range", *, more: bool) -> None:
    """A level of outline over whole rows, or one level away.

    xlwings has words for it, but not in its engines for Excel (not tried in Excel).
    """
    rows = lines.api
    if hasattr(rows, "Spreadsheet"):
        change = rows.Spreadsheet.group if more else rows.Spreadsheet.ungroup
        change(rows.RangeAddress, enum("table.TableOrientation", "ROWS"))
    else:
        (rows.EntireRow.Group if more else rows.EntireRow.Ungroup)()
