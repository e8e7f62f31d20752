"""The merged cells of an open sheet: LibreOffice names them all at once, xlwings has a question only for one place at a time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlpkg.files.grid import Area

if TYPE_CHECKING:
    import xlwings as xw


def merged_areas(sheet: "xw.Sheet", first: int, last: int, width: int) -> list[Area]:
    """Every merged area that has a part in some rows, 0-based, of the first columns of a sheet."""
    block = sheet.range((1, 1), (last + 1, width)).api
    if not hasattr(block, "getUniqueCellFormatRanges"):
        return by_halves(sheet, first, last, width)
    return [area for area in sorted(_at_once(block)) if area[1][0] >= first]


def by_halves(sheet: "xw.Sheet", first: int, last: int, width: int) -> list[Area]:
    """The same as every program can be asked: one question where there are none, halves where some are."""
    return sorted(set(_merged_in(sheet, first, 0, last, width - 1)))


def _at_once(block: Any) -> Iterator[Area]:
    """Cells that begin areas of one size share a format of their own."""
    groups = block.getUniqueCellFormatRanges()
    for group in (groups.getByIndex(n) for n in range(groups.Count)):
        places = group.RangeAddresses
        cursor = block.Spreadsheet.createCursorByRange(
            block.Spreadsheet.getCellByPosition(places[0].StartColumn, places[0].StartRow)
        )
        if not cursor.IsMerged:
            continue
        cursor.collapseToMergedArea()
        size = cursor.RangeAddress
        height, width = size.EndRow - size.StartRow, size.EndColumn - size.StartColumn
        for place in places:
            for row in range(place.StartRow, place.EndRow + 1):
                yield from (
                    ((row, column), (row + height, column + width)) for column in range(place.StartColumn, place.EndColumn + 1)
                )


def _merged_in(sheet: "xw.Sheet", top: int, left: int, bottom: int, right: int) -> Iterator[Area]:
    block = sheet.range((top + 1, left + 1), (bottom + 1, right + 1))
    merged = block.merge_cells
    if merged is False:
        return
    if (top, left) == (bottom, right) or merged:
        area = sheet.range((top + 1, left + 1)).merge_area
        first, (height, width) = (area.row - 1, area.column - 1), area.shape
        last = (first[0] + height - 1, first[1] + width - 1)
        yield first, last
        if last[0] >= bottom and last[1] >= right:
            return
    if bottom - top >= right - left:
        middle = (top + bottom) // 2
        yield from _merged_in(sheet, top, left, middle, right)
        yield from _merged_in(sheet, middle + 1, left, bottom, right)
    else:
        middle = (left + right) // 2
        yield from _merged_in(sheet, top, left, bottom, middle)
        yield from _merged_in(sheet, top, middle + 1, bottom, right)
