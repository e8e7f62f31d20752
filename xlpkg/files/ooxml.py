"""The parts of an .xlsx that calamine does not show: the elements of cells, number formats, names that point nowhere."""

import re
from functools import cached_property
from pathlib import Path

from xlpkg.files.errors import UnreadableError, broken, sheet_too_large
from xlpkg.files.guard import LARGEST_GRID, Archive, read_start, refuse_encrypted
from xlpkg.files.kinds import OLE, ZIP

RELATION = re.compile(rb"<Relationship\s([^>]*)>")
_CHECKED_FIRST = ("[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")
_CELL = re.compile(
    rb'<(?:\w+:)?c(?=\s[^>]*?\br="([A-Z]{1,3})(\d+)")(\s[^>]*)>'
    rb"(?:(?<=/>)|([^<]*+(?:<(?!/(?:\w+:)?c\s*>)[^<]*+)*+)</(?:\w+:)?c\s*>)"
)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_PERCENT_FORMATS = {9, 10}

RawCell = tuple[int, int, bytes, bytes]
"""Row and column (0-based), attributes and content of a cell's element."""


class Package:
    """An .xlsx or .xlsm that passed the guards. Raises UnreadableError with a sentence for anything else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _refuse_other_kinds(path)
        self._archive = Archive(path)
        self.names = self._archive.names
        if "xl/workbook.xml" not in self.names or "[Content_Types].xml" not in self.names:
            raise UnreadableError(f"“{path.name}”不是Excel工作簿。请用Excel打开，另存为.xlsx后再试。")
        for name in _CHECKED_FIRST:
            if name in self.names:
                self.part(name)

    def part(self, name: str) -> bytes:
        """A part's bytes; refuses XML that declares entities."""
        return self._archive.part(name)

    def xml(self, name: str) -> bytes:
        """A part's bytes for a parser that expands entities."""
        return self._archive.xml(name)

    def sheet_part(self, sheet: str) -> str:
        """The name of a sheet's part."""
        wanted = sheet.encode()
        sheets = map(attributes, _SHEET.findall(self.part("xl/workbook.xml")))
        relation = next((a.get(b"r:id") for a in sheets if _plain(a.get(b"name")) == wanted), None)
        for found in map(attributes, RELATION.findall(self.part("xl/_rels/workbook.xml.rels"))):
            if found.get(b"Id") == relation:
                target = found[b"Target"].decode()
                return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        raise broken(self.path)

    def cells(self, sheet: str) -> list[RawCell]:
        """The cells of a sheet, if the rectangle that they span can be held in memory. Raises UnreadableError."""
        cells: list[RawCell] = []
        columns: dict[bytes, int] = {}
        for letters, number, found, content in _CELL.findall(self.part(self.sheet_part(sheet))):
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = _column(letters)
            cells.append((int(number) - 1, column, found, content))
        height, width = max((c[0] for c in cells), default=0) + 1, max(columns.values(), default=0) + 1
        if height * width > LARGEST_GRID:
            row, column, *_ = max(cells, key=lambda c: (c[0] + 1) * (c[1] + 1))
            raise sheet_too_large(self.path.name, sheet, row, column, stray=True)
        return cells

    @cached_property
    def percent_styles(self) -> frozenset[int]:
        """The cell styles whose number format shows a percentage."""
        formats, numbers = self.number_formats
        return frozenset(n for n, i in enumerate(numbers) if i in _PERCENT_FORMATS or b"%" in formats.get(i, b""))

    @cached_property
    def number_formats(self) -> tuple[dict[int, bytes], list[int]]:
        """The file's own number formats by their number, as XML has them, and the number of each cell style's format."""
        if "xl/styles.xml" not in self.names:
            return {}, []
        xml = self.part("xl/styles.xml")
        own = map(attributes, re.findall(rb"<numFmt\s([^>]*)>", xml))
        table = re.search(rb"<cellXfs.*?</cellXfs>", xml, re.DOTALL)
        styles = map(attributes, re.findall(rb"<xf\s([^>]*)>", table[0] if table else b""))
        try:
            formats = {int(a[b"numFmtId"]): a.get(b"formatCode", b"") for a in own}
            return formats, [int(a.get(b"numFmtId", b"0")) for a in styles]
        except (KeyError, ValueError):  # bytes were changed: no figure of the sheet is sure
            raise broken(self.path) from None

    def broken_names(self) -> list[str]:
        """Defined names that point nowhere (#REF!)."""
        xml = self.part("xl/workbook.xml")
        if b"#REF!" not in xml:
            return []
        found = re.findall(rb'<definedName\s[^>]*name="([^"]*)"[^>]*>([^<]*)</definedName>', xml)
        return [name.decode() for name, target in found if b"#REF!" in target]


def attributes(xml: bytes) -> dict[bytes, bytes]:
    """The attributes of an element's start tag."""
    return dict(_ATTRIBUTE.findall(xml))


def _refuse_other_kinds(path: Path) -> None:
    start = read_start(path)
    if start.startswith(OLE):
        refuse_encrypted(path)
        raise UnreadableError(f"“{path.name}”是旧版Excel格式（97-2003）。请用Excel打开，另存为.xlsx后再试。")
    if not start.startswith(ZIP):
        raise UnreadableError(f"“{path.name}”不是Excel工作簿，可能只是改了扩展名。请用Excel打开，另存为.xlsx后再试。")


def _column(letters: bytes) -> int:
    """Letters of a column → its 0-based number."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _plain(name: bytes | None) -> bytes | None:
    if name is None:
        return None
    for entity, character in ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&")):
        name = name.replace(entity, character)
    return name
