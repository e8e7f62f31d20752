"""A sheet that is a table: title, sentence, heads, lines. Its columns are known by name."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, get_type_hints

from xlpkg.files.a1 import address
from xlpkg.writing.page_setup import row_height, set_width
from xlpkg.writing.style import Formats, room

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LAST_ROW = 1_048_576
"""How many rows a sheet has."""
SENTENCE_ROW = 1
"""The row (0-based) of the sentence below the title."""


class Column(NamedTuple):
    """A column: its head, its width in characters, and the name of its cells' style."""

    head: str
    width: float
    style: str = "open"


class Columns:
    """The columns of a table from left to right, each with the name that the code knows it by."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.names = list(columns)
        self._at = {name: n for n, name in enumerate(columns)}
        self.heads = [c.head for c in columns.values()]
        self.widths = [float(c.width) for c in columns.values()]
        self.styles = [c.style for c in columns.values()]
        self.rooms = [room(style, width) for style, width in zip(self.styles, self.widths, strict=True)]
        self.last = len(self.heads) - 1

    @classmethod
    def of(cls, line: type) -> "Columns":
        """The columns that the fields of a NamedTuple are annotated with: one record says name, type, head, width and style."""
        hints = get_type_hints(line, include_extras=True)
        return cls({name: hint.__metadata__[0] for name, hint in hints.items()})

    def at(self, name: str) -> int:
        """The number of a column, 0-based. Raises KeyError."""
        return self._at[name]

    def letter(self, name: str) -> str:
        """The letter of a column: "B"."""
        return address(0, self._at[name])[:-1]

    def width(self, first: str, last: str) -> float:
        """The width from one column to another, both included."""
        return sum(self.widths[self._at[first] : self._at[last] + 1])


class TableSheet:
    """A table as it is written into a sheet; its lines begin below the row of the heads.

    `prepared` is for how many lines the sheet is ready, those included that a button writes later: then the columns carry the
    cells' formats and rules draw the borders. With 0 each cell brings its own format.
    """

    def __init__(self, book: "Workbook", sheet: "Worksheet", columns: Columns, head_row: int, *, prepared: int = 0) -> None:
        self.sheet, self.columns, self.formats = sheet, columns, Formats(book)
        self.head_row, self.first_row = head_row, head_row + 1
        self._bottom = self.first_row + prepared - 1
        for n, (width, style) in enumerate(zip(columns.widths, columns.styles, strict=True)):
            set_width(sheet, n, width, self.formats[style] if prepared else None)
        sheet.hide_gridlines(2)

    def title(self, title: str, sentence: str, style: str = "status", *, height: float | None = 24) -> None:
        """The title and, in a row of this height, the sentence below it; both across the table."""
        last = self.columns.last
        self.sheet.merge_range(0, 0, 0, last, title, self.formats["title"])
        self.sheet.set_row(0, 28)
        self.sheet.merge_range(SENTENCE_ROW, 0, SENTENCE_ROW, last, sentence, self.formats[style])
        if height is not None:
            self.sheet.set_row(SENTENCE_ROW, height)

    def plain_title(self, title: str, sentence: str) -> None:
        """The same without merged cells: in a table with columns that stay in view, merged cells are cut in two."""
        self.sheet.write_string(0, 0, title, self.formats["table_title"])
        self.sheet.set_row(0, 26)
        self.sheet.write_string(SENTENCE_ROW, 0, sentence)

    def heads(self, heads: Sequence[str] = (), *, height: float | None = None) -> None:
        """The heads of the columns, or others in their place."""
        for n, head in enumerate(heads or self.columns.heads):
            self.sheet.write_string(self.head_row, n, head, self.formats["head"])
        if height is not None:
            self.sheet.set_row(self.head_row, height)

    def line(self, row: int, contents: Sequence[str | float], outline: Mapping[str, int | bool] | None = None) -> None:
        """Texts and numbers into a row that is prepared; its height fits the texts. `outline` as XlsxWriter's set_row takes it."""
        for n, content in enumerate(contents):
            if not isinstance(content, str):
                self.sheet.write_number(row, n, content)
            elif content:
                self.sheet.write_string(row, n, content)
        texts = ((c, width) for c, width in zip(contents, self.columns.rooms, strict=True) if isinstance(c, str))
        self.sheet.set_row(row, row_height(texts), None, dict(outline or {}))

    def cell(self, row: int, name: str, content: str | float | None, style: str = "") -> None:
        """A text, a number or a blank with a named style, by default that of the column."""
        column = self.columns.at(name)
        look = self.formats[style or self.columns.styles[column]]
        if content is None:
            self.sheet.write_blank(row, column, None, look)
        elif isinstance(content, str):
            self.sheet.write_string(row, column, content, look)
        else:
            self.sheet.write_number(row, column, content, look)

    def formula(self, row: int, name: str, formula: str, value: str | float, style: str = "") -> None:
        """A formula with the value that it has now, in a named style, by default that of the column."""
        column = self.columns.at(name)
        self.sheet.write_formula(row, column, formula, self.formats[style or self.columns.styles[column]], value)

    def over(self, row: int, first: str, last: str, text: str, style: str, *, down_to: int | None = None) -> None:
        """A text over merged cells: from one column to another, from a row to itself or to one below."""
        bottom = row if down_to is None else down_to
        self.sheet.merge_range(row, self.columns.at(first), bottom, self.columns.at(last), text, self.formats[style])

    def when(self, first: str, last: str, criteria: str, look: "Format") -> None:
        """A rule over the prepared cells of some columns: a formula as it reads for the first line, and how the cells then look."""
        columns = self.columns
        rule = {"type": "formula", "criteria": criteria, "format": look}
        self.sheet.conditional_format(self.first_row, columns.at(first), self._bottom, columns.at(last), rule)

    def borders(self, filled: str) -> None:
        """Borders around every prepared line in which a column is filled."""
        self.when(self.columns.names[0], self.columns.names[-1], f'=${self.here(filled)}<>""', self.formats.border())

    def here(self, name: str) -> str:
        """The cell of a column in the first line: "B4"."""
        return f"{self.columns.letter(name)}{self.first_row + 1}"
