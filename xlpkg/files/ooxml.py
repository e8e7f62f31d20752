"""The parts of an .xlsx that calamine does not show: the elements of cells, number formats, names that point nowhere."""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from xlpkg.files.errors import UnreadableError, broken, sheet_too_large
from xlpkg.files.guard import LARGEST_GRID, Archive, read_start, refuse_encrypted
from xlpkg.files.kinds import OLE, ZIP
from xlpkg.files.plain_xml import NoXmlError, as_plain, is_plain

RELATION = re.compile(rb"<Relationship\s([^>]*)>")
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_CHECKED_FIRST = ("[Content_Types].xml", _BOOK, "xl/sharedStrings.xml", "xl/styles.xml", _RELATIONS)
_READ_BY_CALAMINE = {n.lower() for n in _CHECKED_FIRST}
_CELL = re.compile(
    rb'<c(?=\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})")(\s[^>]*)>'
    rb"(?:(?<=/>)|([^<]*+(?:<(?!/c\s*>)[^<]*+)*+)</c\s*>)"
)
_SHEET = re.compile(rb"<sheet\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_BUILT_IN_WITH_MORE = {9, 10, 17, *range(27, 37), *range(50, 59)}
_PLAIN_FORMATS = {b"General", b"@", b"#,##0.######"}
_OTHER_CELLS = (b"<c>", b"<c/>", b"<c\n", b"<c\t", b"<c\r")
_MOST_ELEMENTS = 1_000_000

RawCell = tuple[int, int, bytes, bytes]
"""Row and column (0-based), attributes and content of a cell's element."""


class Package:
    """An .xlsx or .xlsm that passed the guards. Raises UnreadableError with a sentence for anything else.

    Its parts are given in the plain shape that our fast readers know; `odd` says that the file itself has another, so that calamine
    has to be given `rewritten`: what it reads must be what the guards have seen.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        _refuse_other_kinds(path)
        self._archive = Archive(path)
        self._stored = {n.replace("\\", "/"): n for n in self._archive.names}
        self.names = set(self._stored)
        self.odd = any("\\" in n for n in self._archive.names)
        self._plain: dict[str, bytes] = {}
        if _BOOK not in self.names or "[Content_Types].xml" not in self.names:
            raise UnreadableError(f"“{path.name}”不是Excel工作簿。请用Excel打开，另存为.xlsx后再试。")
        if len({n.lower() for n in self.names}) < self._archive.count:
            raise broken(path)  # two parts of one name: who reads which, nobody knows
        for name in self.names:
            if name.lower() in _READ_BY_CALAMINE:
                self.part(name)

    def part(self, name: str) -> bytes:
        """A part's bytes in the plain shape; refuses XML that declares entities."""
        data = self._plain.get(name)
        if data is None:
            data = self._archive.part(self._stored.get(name, name))
            if name.endswith((".xml", ".rels")) and name != "xl/sharedStrings.xml" and not is_plain(data):
                data = self._made_plain(data)
            self._plain[name] = data
        return data

    def _made_plain(self, xml: bytes) -> bytes:
        self.odd = True
        try:
            return as_plain(xml)
        except NoXmlError:
            raise broken(self.path) from None

    def xml(self, name: str) -> bytes:
        """A part's bytes as they are, for a parser that expands entities."""
        return self._archive.xml(self._stored.get(name, name))

    def rewritten(self) -> io.BytesIO:
        """The workbook with its parts in the plain shape, as far as calamine reads them."""
        sheets = [self.sheet_part(name) for name in self.sheet_names]
        for name in self.sheet_names:
            self.cells(name)
        related = [r for s in sheets if (r := _relations_of(s)) in self.names]
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as book:
            for name in dict.fromkeys((*(n for n in _CHECKED_FIRST if n in self.names), "_rels/.rels", *sheets, *related)):
                if name in self.names:
                    book.writestr(name, self.part(name))
        made.seek(0)
        return made

    @cached_property
    def sheet_names(self) -> tuple[str, ...]:
        """The sheets' names, in their order."""
        return tuple(name for name, _ in self._sheets)

    @cached_property
    def _sheets(self) -> list[tuple[str, bytes]]:
        """Name and relation of every sheet."""
        found = map(attributes, _SHEET.findall(self.part(_BOOK)))
        return [(_text(a.get(b"name", b"")), a.get(b"r:id", b"")) for a in found]

    @cached_property
    def _targets(self) -> dict[bytes, str]:
        """Relation → the part that it leads to."""
        found: dict[bytes, str] = {}
        for relation in map(attributes, RELATION.findall(self.part(_RELATIONS))):
            key, target = relation.get(b"Id"), relation.get(b"Target", b"").decode("utf-8", "replace").replace("\\", "/")
            if key is None or key in found:
                raise broken(self.path)
            found[key] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        return found

    def sheet_part(self, sheet: str) -> str:
        """The name of a sheet's part."""
        relation = next((r for name, r in self._sheets if name == sheet), None)
        target = self._targets.get(relation) if relation else None
        if target is None:
            raise broken(self.path)
        return target

    def cells(self, sheet: str) -> list[RawCell]:
        """The cells of a sheet, if the rectangle that those with content span can be held in memory. Raises UnreadableError."""
        name = self.sheet_part(sheet)
        found = self._matched(sheet, self.part(name))
        if found is None:  # cells without address, or written so that the pattern misses them
            self._plain[name] = self._made_plain(self.part(name))
            found = self._matched(sheet, self._plain[name])
        if found is None:
            raise broken(self.path)
        cells: list[RawCell] = []
        columns: dict[bytes, int] = {}
        height = width = 1
        for letters, number, attributes_of, content in found:
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = _column(letters)
            cells.append((int(number) - 1, column, attributes_of, content))
            if content:
                height, width = max(height, int(number)), max(width, column + 1)
        if height * width > LARGEST_GRID:
            row, column, *_ = max((c for c in cells if c[3]), key=lambda c: (c[0] + 1) * (c[1] + 1))
            raise sheet_too_large(self.path.name, sheet, row, column, stray=True)
        return cells

    def _matched(self, sheet: str, xml: bytes) -> list[tuple[bytes, bytes, bytes, bytes]] | None:
        """The cells' elements; None where there are others than the pattern finds."""
        start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
        if start < 0 or xml.startswith(b"<sheetData/>", start):
            return []  # a chart, or nothing on it
        if end < 0:
            return None
        data = xml[start:end]
        count = data.count(b"<c ")
        if count > _MOST_ELEMENTS:
            raise sheet_too_large(self.path.name, sheet, data.count(b"<row "), 0)
        found: list[tuple[bytes, bytes, bytes, bytes]] = _CELL.findall(data)
        addresses = data.count(b' r="') - data.count(b'<row r="')
        return found if len(found) == count == addresses and not any(map(data.count, _OTHER_CELLS)) else None

    @property
    def texts(self) -> bytes:
        """The part with the texts of cells, b"" where there is none."""
        return self.part("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in self.names else b""

    @property
    def styles(self) -> bytes:
        """The part with fonts and formats, b"" where there is none."""
        return self.part("xl/styles.xml") if "xl/styles.xml" in self.names else b""

    @cached_property
    def formatted_styles(self) -> frozenset[int]:
        """The cell styles with a number format other than those that our forms have: their cells may show more than the value."""
        formats, numbers = self.number_formats
        more = _BUILT_IN_WITH_MORE | {number for number, code in formats.items() if code not in _PLAIN_FORMATS}
        return frozenset(style for style, number in enumerate(numbers) if number in more)

    @cached_property
    def format_codes(self) -> list[str]:
        """The format codes of the cell styles, by their number; "" for the plain ones."""
        from html import unescape

        from xlpkg.files.number_format import code

        formats, numbers = self.number_formats
        own = {number: unescape(xml.decode("utf-8", "replace")) for number, xml in formats.items()}
        return [code(number, own) for number in numbers]

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

    def broken_names(self) -> Iterator[str]:
        """Defined names that point nowhere (#REF!)."""
        xml = self.part(_BOOK)
        if b"#REF!" in xml:
            found = re.findall(rb'<definedName\s[^>]*name="([^"]*)"[^>]*>([^<]*)</definedName>', xml)
            yield from (name.decode("utf-8", "replace") for name, target in found if b"#REF!" in target)


def attributes(xml: bytes) -> dict[bytes, bytes]:
    """The attributes of an element's start tag."""
    return dict(_ATTRIBUTE.findall(xml))


def _text(xml: bytes) -> str:
    """A text without character references."""
    text = xml.decode("utf-8", "replace")
    if "&" not in text:
        return text
    from html import unescape

    return unescape(text)


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


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
