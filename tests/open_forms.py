"""An open form in LibreOffice, as the handlers see it and as a person sees it."""

from __future__ import annotations

from pathlib import Path

from office import Document

from xlpkg.form.declaration import from_json
from xlpkg.layout import RESULTS
from xlpkg.live.engine import lean_xlwings
from xlpkg.live.libreoffice.engine import APPS, Book
from xlpkg.writing.findings import FIRST_ROW, WIDTH, Line

SAMPLES = Path(__file__).parent.parent / "workbook" / "samples"
REAL = from_json((SAMPLES / "network_office.json").read_text(encoding="utf-8"))
xlwings = lean_xlwings()


class Open:
    """A form that is open: `book` as the handlers see it, `document` as a person does, `path` of its file."""

    def __init__(self, path: Path, document: Document) -> None:
        self.path, self.document = path, document
        self.book = xlwings.Book(impl=Book(document.model, next(iter(APPS))))

    def cells(self, sheet: str) -> list[list[str]]:
        """Everything that stands on a sheet, formulas included."""
        cursor = self.document.model.Sheets.getByName(sheet).createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        block = self.document.model.Sheets.getByName(sheet).getCellRangeByPosition(0, 0, 20, max(end.EndRow, 100))
        return [list(row) for row in block.getFormulaArray()]

    def results(self) -> list[Line]:
        """The lines of 检查结果."""
        return [line for line, _ in self._lines()]

    def links(self) -> list[list[str]]:
        """The links of each line of 检查结果, as they read."""
        return [links for _, links in self._lines()]

    def _lines(self) -> list[tuple[Line, list[str]]]:
        block = self.document.model.Sheets.getByName(RESULTS).getCellRangeByPosition(0, FIRST_ROW, WIDTH - 1, 2500)
        own = len(Line._fields)
        lines = [(Line(*row[:own]), row[own:]) for row in block.getDataArray() if row[0]]
        return [(line, [link for link in (line.link, *more) if link]) for line, more in lines]

    def verdict(self) -> str:
        return str(self.document.value(RESULTS, "A2"))
