"""A printed page as data (texts, merges, borders, breaks), and how it is drawn into a sheet: the one drawer of such pages."""

from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from xlpkg.writing.book import new_book
from xlpkg.writing.page_setup import set_up_page
from xlpkg.writing.style import FONT

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_PIXELS = 7  # of a narrow character
CHARACTER_POINTS = 0.75 * _PIXELS
"""The width in points of a narrow character."""
MARGINS = {"left": 0.5, "right": 0.5, "top": 0.5, "bottom": 0.5}
"""Inches around the page."""


class Box(msgspec.Struct, frozen=True):
    """A text over a rectangle of cells (0-based, ends included)."""

    text: str
    top: int
    left: int
    bottom: int
    right: int
    style: str = "cell"


class Page(msgspec.Struct, frozen=True):
    """A sheet to print: widths in narrow characters, with what lies between text and border; heights in points.

    `repeat` are the first and the last of the rows printed on every page. `breaks` are the rows before which a new page begins.
    Header and footer are in Excel's codes. `landscape` turns the paper.
    """

    boxes: tuple[Box, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    repeat: tuple[int, int]
    breaks: tuple[int, ...] = ()
    header: str = ""
    footer: str = ""
    landscape: bool = False


class Style(NamedTuple):
    """How the text of a box looks; `size` in points."""

    size: float
    bold: bool
    horizontal: str
    bordered: bool

    @property
    def indented(self) -> bool:
        """The text does not begin at the line."""
        return self.horizontal == "left" and self.bordered


STYLES = {
    "title": Style(18, True, "center", False),
    "plain": Style(11, False, "left", False),
    "right": Style(11, False, "right", False),
    "label": Style(11, False, "center", True),
    "head": Style(11, True, "center", True),
    "cell": Style(10.5, False, "center", True),
    "text": Style(10.5, False, "left", True),
    "small": Style(9, False, "left", False),
}
"""The looks of a box by name."""


INK, PAPER = "000000", "FFFFFF"
"""The colours of all that is drawn."""


def draw(book: "Workbook", sheet: "Worksheet", page: Page) -> None:
    """Draw the page into a sheet."""
    formats = {name: book.add_format(_format(name)) for name in STYLES}
    for box in page.boxes:
        look = formats[box.style]
        if (box.top, box.left) == (box.bottom, box.right):
            sheet.write_blank(box.top, box.left, None, look)
        else:
            sheet.merge_range(box.top, box.left, box.bottom, box.right, "", look)  # gives every cell its border
        if box.text:
            sheet.write_string(box.top, box.left, box.text, look)
    for column, width in enumerate(page.widths):
        sheet.set_column_pixels(column, column, round(_PIXELS * width))
    for row, height in enumerate(page.heights):
        sheet.set_row(row, height)
    set_up_page(sheet, portrait=not page.landscape, footer="")
    sheet.set_margins(**MARGINS)
    sheet.set_footer(page.footer, {"margin": 0.25})
    sheet.center_horizontally()
    sheet.repeat_rows(*page.repeat)
    sheet.set_h_pagebreaks(list(page.breaks))
    sheet.set_header(page.header, {"margin": 0.2})
    sheet.hide_gridlines(2)


def type_size(style: str) -> float:
    """The size in points of the letters of a box."""
    return STYLES[style].size


def _format(name: str) -> dict[str, object]:
    style = STYLES[name]
    return {
        "font_name": FONT, "font_size": style.size, "font_color": f"#{INK}",
        "bold": style.bold, "align": style.horizontal, "valign": "vcenter", "text_wrap": True,
        "border": int(style.bordered), "num_format": "@", "indent": int(style.indented),
    }  # fmt: skip


def as_workbook(page: Page, title: str) -> bytes:
    """The page as a workbook of one sheet: no macros, no hidden sheets, no personal metadata. The same page, the same bytes."""
    data = BytesIO()
    book = new_book(data, title)
    draw(book, book.add_worksheet(title), page)
    book.close()
    return data.getvalue()
