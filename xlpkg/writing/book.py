"""A new workbook in memory: whoever writes it out does so in one step, so a full disk leaves no half file behind."""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from xlpkg.layout import CREATED

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


def new_book(data: BytesIO, title: str, created: datetime | None = CREATED) -> "Workbook":
    """An XlsxWriter workbook that writes itself into `data` when it is closed. Texts stay as typed; no author is named.

    The type that widths of columns are counted in is one that every system has in the same width: with another one, a system
    without that type would draw all columns a quarter wider, and print them smaller. Our cells have a type of their own.
    `created` is the date in its properties, None for now; with the same date the same content is the same file.
    """
    import xlsxwriter

    type_of_width = {"default_format_properties": {"font_name": "Courier New", "font_size": 11}, "default_column_width": 80}
    as_typed = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(data, {**as_typed, **type_of_width, "in_memory": True, "max_url_length": 2079})
    book.set_properties({"author": "", "title": title, **({"created": created} if created else {})})
    return book


def add_sheet_of_formulas(book: "Workbook", name: str) -> "Worksheet":
    """A worksheet for thousands of formulas of Excel 2010.

    XlsxWriter looks in each for some thirty functions of later years, which would take longer than all the rest.
    """
    from xlsxwriter.worksheet import Worksheet

    class SheetOfFormulas(Worksheet):
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return book.add_worksheet(name, worksheet_class=SheetOfFormulas)
