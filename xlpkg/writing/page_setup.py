"""How our sheets are printed, and how high their rows are."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

A3, A4 = 8, 9
"""Excel's numbers of the paper sizes."""
FOOTER = '&C&"宋体,常规"&9第&P页，共&N页'
_PIXELS, _PADDING = 7, 5
_HIGHEST = 409.0  # points; Excel takes no higher row
_LINE = 15.0  # points of a line; the fonts that stand in for 宋体 on Linux need 14.5


def set_width(
    sheet: "Worksheet", column: int, characters: float, cells: "Format | None" = None, options: Mapping[str, object] | None = None
) -> None:
    """The width of a column in narrow characters of our type, which are 7 pixels wide: a Chinese one takes two."""
    sheet.set_column_pixels(column, column, round(_PIXELS * characters) + _PADDING, cells, dict(options or {}))


def set_up_page(
    sheet: "Worksheet", *, portrait: bool = False, paper: int = A4, head: int | None = None, footer: str = FOOTER
) -> None:
    """Print the sheet one page wide, on as many pages as it takes; `head` is the row (0-based) that every page repeats."""
    if portrait:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    if head is not None:
        sheet.repeat_rows(head)
    if footer:
        sheet.set_footer(footer)


def text_lines(text: str, room: float) -> int:
    """The lines that a text takes in a cell with room for so many narrow characters; a Chinese character is two wide."""
    widths = (sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in text.split("\n"))
    return sum(max(1, -(-width // max(int(room), 2))) for width in widths)


def row_height(
    texts: Iterable[tuple[str, float]], *, least: float = 20, most: float = _HIGHEST, lost: float = 2, extra: float = 5
) -> float:
    """The height in points of a row with these texts in columns of these widths (in characters).

    Excel does not fit the height of a row with wrapped text in a file that it did not write. `lost` is what indent and border take
    of a column's width, `extra` the points between the text and the lines above and below it.
    """
    lines = max((text_lines(text, width - lost) for text, width in texts), default=1)
    return min(max(least, _LINE * lines + extra), most)


def text_height(text: str, width: float) -> float:
    """The height in points of a row with running text in merged cells of this width."""
    return row_height([(text, 0.95 * width)], least=0, lost=0, extra=4)
