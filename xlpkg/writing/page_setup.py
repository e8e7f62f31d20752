"""How our sheets are printed, and how high their rows are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from xlpkg.writing.line_breaks import broken_lines

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

A3, A4 = 8, 9
"""Excel's numbers of the paper sizes."""
FOOTER = '&C&"宋体,常规"&9第&P页，共&N页'
_PIXELS, _PADDING = 7, 5
_HIGHEST = 409.0  # points; Excel takes no higher row
_LINE = 15.0  # points of a line; the fonts that stand in for 宋体 on Linux need 14.5
_WIDE, _FIGURE, _NARROW = 1.95, 1.2, 1.05
"""Of our type in narrow characters: a Chinese one; a figure or capital, another letter where another font stands in for 宋体."""
_WIDE_MARKS = frozenset("“”‘’…—·×÷≥≤→℃‰√①②③④⑤⑥⑦⑧⑨⑩")


def set_width(
    sheet: "Worksheet", column: int, characters: float, cells: "Format | None" = None, options: Mapping[str, object] | None = None
) -> None:
    """The width of a column in narrow characters of our type, which are 7 pixels wide: a Chinese one takes two."""
    sheet.set_column_pixels(column, column, round(_PIXELS * characters) + _PADDING, cells, dict(options or {}))


def points(characters: float) -> float:
    """The width of such a column on paper that is printed in full size."""
    return 0.75 * (_PIXELS * characters + _PADDING)


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


def wrapped_lines(text: str, room: float) -> int:
    """The lines into which a program breaks a text in our type; the room is in narrow characters."""
    return broken_lines(text, room, _width)


def _width(character: str) -> float:
    if ord(character) > 0x2E7F or character in _WIDE_MARKS:
        return _WIDE
    return _FIGURE if character.isdecimal() or character.isupper() else _NARROW


def row_height(texts: Iterable[tuple[str, float]], *, least: float = 20, most: float = _HIGHEST, extra: float = 5) -> float:
    """The height in points of a row with these texts, each with the room for it (in narrow characters, without an indent).

    Excel does not fit the height of a row with wrapped text in a file that it did not write. `extra` are the points between the
    text and the lines above and below it.
    """
    lines = max((wrapped_lines(text, room) for text, room in texts), default=1)
    return min(max(least, _LINE * lines + extra), most)


def text_height(text: str, widths: Sequence[float]) -> float:
    """The height in points of a row with running text in merged cells of these widths."""
    room = sum(widths) + (len(widths) - 1) * _PADDING / _PIXELS
    return row_height([(text, room)], least=0, extra=4)
