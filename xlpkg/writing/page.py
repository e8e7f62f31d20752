"""A printed page as data (texts, merges, borders, breaks), drawn with openpyxl into a file or with XlsxWriter into a form."""

import os
import re
from io import BytesIO
from typing import Any

import msgspec

FONT = "宋体"
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # openpyxl would leave _x0041_ to be read as an A
MARGINS = {"left": 0.6, "right": 0.6, "top": 0.75, "bottom": 0.75}


class Box(msgspec.Struct, frozen=True):
    """A text over a rectangle of cells (0-based, ends included)."""

    text: str
    top: int
    left: int
    bottom: int
    right: int
    style: str = "cell"


class Page(msgspec.Struct, frozen=True):
    """A sheet to print: widths in characters, heights in points; `repeat` are the rows printed on every page.

    `breaks` are rows before which a new page begins. Header and footer are in Excel's codes.
    """

    boxes: tuple[Box, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    repeat: tuple[int, int]
    breaks: tuple[int, ...] = ()
    header: str = ""
    footer: str = ""


# size, bold, horizontal, bordered
_STYLES = {
    "title": (18, True, "center", False),
    "plain": (11, False, "left", False),
    "right": (11, False, "right", False),
    "label": (11, False, "center", True),
    "head": (11, True, "center", True),
    "cell": (10.5, False, "center", True),
    "text": (10.5, False, "left", True),
    "small": (9, False, "left", False),
}


def draw(book: Any, sheet: Any, page: Page) -> None:
    """Draw the page into a sheet of an XlsxWriter workbook."""
    formats = {name: book.add_format(_xlsxwriter(name)) for name in _STYLES}
    for box in page.boxes:
        if (box.top, box.left) == (box.bottom, box.right):
            sheet.write_string(box.top, box.left, box.text, formats[box.style])
        else:
            sheet.merge_range(box.top, box.left, box.bottom, box.right, "", formats[box.style])
            sheet.write_string(box.top, box.left, box.text, formats[box.style])
    for column, width in enumerate(page.widths):
        sheet.set_column(column, column, width)
    for row, height in enumerate(page.heights):
        sheet.set_row(row, height)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(*page.repeat)
    sheet.set_h_pagebreaks(list(page.breaks))
    sheet.set_header(page.header)
    sheet.set_footer(page.footer)
    sheet.hide_gridlines(2)


def _xlsxwriter(name: str) -> dict[str, object]:
    size, bold, horizontal, bordered = _STYLES[name]
    return {
        "font_name": FONT, "font_size": size, "bold": bold, "align": horizontal, "valign": "vcenter", "text_wrap": True,
        "border": int(bordered), "num_format": "@", "indent": int(horizontal == "left" and bordered),
    }  # fmt: skip


def workbook(page: Page, title: str) -> bytes:
    """The page as a workbook of one sheet: no macros, no hidden sheets, no personal metadata."""
    os.environ.setdefault("OPENPYXL_LXML", "False")  # lxml, where it is installed, hides that the disk is full
    import openpyxl
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.pagebreak import Break

    book = openpyxl.Workbook()
    book.properties.creator = ""
    book.properties.lastModifiedBy = ""
    book.properties.title = title
    sheet: Any = book.active
    sheet.title = title
    line = Border(*(Side(style="thin"),) * 4)
    styles = {
        name: (
            Font(name=FONT, size=size, bold=bold),
            Alignment(horizontal=horizontal, vertical="center", wrap_text=True, indent=int(horizontal == "left" and bordered)),
            bordered,
        )
        for name, (size, bold, horizontal, bordered) in _STYLES.items()
    }
    for box in page.boxes:
        font, alignment, bordered = styles[box.style]
        for row in range(box.top, box.bottom + 1):
            for column in range(box.left, box.right + 1):
                cell = sheet.cell(row + 1, column + 1)
                cell.font, cell.alignment, cell.number_format = font, alignment, "@"
                if bordered:
                    cell.border = line
        first = sheet.cell(box.top + 1, box.left + 1)
        first.value = _ESCAPE.sub("_x005F_", box.text)
        first.data_type = "s"  # a text that begins with = stays a text
        if (box.top, box.left) != (box.bottom, box.right):
            sheet.merge_cells(start_row=box.top + 1, start_column=box.left + 1, end_row=box.bottom + 1, end_column=box.right + 1)
    for column, width in enumerate(page.widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, height in enumerate(page.heights, 1):
        sheet.row_dimensions[row].height = height
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side, width in MARGINS.items():
        setattr(sheet.page_margins, side, width)
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = f"{page.repeat[0] + 1}:{page.repeat[1] + 1}"
    for row in page.breaks:
        sheet.row_breaks.append(Break(id=row))
    sheet.oddHeader.center.text = page.header.removeprefix("&C") or None
    sheet.oddFooter.center.text = page.footer.removeprefix("&C") or None
    sheet.sheet_view.showGridLines = False
    data = BytesIO()
    book.save(data)
    return data.getvalue()
