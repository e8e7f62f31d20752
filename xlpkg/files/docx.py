"""Word documents (.docx) as tables and paragraphs; merged cells, tables over several pages and symbols of fonts are understood.

Comments, notes and hidden texts are no content, but listed.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg.files.document import Cell, Document, Piece, Table
from xlpkg.files.errors import UnreadableError, broken_word
from xlpkg.files.guard import Archive, read_start
from xlpkg.files.kinds import OLE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

_WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_OLDER_COPY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{_W}txbxContent"
_NOT_THERE = (f"{_W}del", f"{_W}moveFrom", _OLDER_COPY)
_NO_TEXT = (*_NOT_THERE, _BOX, f"{_W}rt")
_PLAIN = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_SYMBOLS = {
    "symbol": {
        0xB3: "≥", 0xA3: "≤", 0x3D: "=", 0x3E: ">", 0x3C: "<", 0xB9: "≠", 0xBB: "≈", 0xB4: "×", 0xB8: "÷", 0xB1: "±", 0xB0: "°",
        0xB7: "·", 0xA5: "∞", 0x2D: "-", **{ord(c): c for c in " %()+,./0123456789:;"}, 0xA8: "□", 0xFE: "☑",
    },
    "wingdings": {0xA8: "□", 0x6F: "□", 0xFE: "☑", 0xFD: "☒", 0xFC: "✓", 0xFB: "×"},
    "wingdings 2": {0xA3: "□", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x50: "✓", 0x4F: "×"},
}  # fmt: skip
"""What a character of a symbol font shows; whatever else such a font holds is given as a box."""
_SYMBOL_FONT = re.compile(r"symbol$|wingdings(?: \d)?$", re.IGNORECASE)
_OWN_CODES = range(0xF000, 0xF100)
_VANISH = f"{_W}rPr/{_W}vanish"
_OFF = ("0", "false", "off")
_PAGE_NUMBER = re.compile(r"(?:[第共页/／\s,，.。·\-—–－]|(?<!\d)\d{1,3}(?!\d))*")
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
    "{urn:schemas-microsoft-com:office:office}OLEObject",
)
_AROUND = {"页眉": f"{_W}headerReference", "页脚": f"{_W}footerReference"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_COLUMNS = 200
_ASIDE = {"comments": "批注", "footnotes": "脚注", "endnotes": "尾注"}


def read_word(path: Path) -> Document:
    """A .docx or .docm. Raises UnreadableError with a sentence."""
    from docx.opc.part import PartFactory
    from docx.package import Package
    from docx.parts.document import DocumentPart

    if read_start(path).startswith(OLE):
        raise UnreadableError(f"“{path.name}”设有密码，或是旧版Word格式。请用Word打开，取消密码，另存为.docx后再试。")
    archive = Archive(path, broken_word)
    for name in archive.names:
        if name.startswith("word/") and name.endswith(".xml"):
            archive.part(name)
    try:
        PartFactory.part_type_for[_WITH_MACROS] = DocumentPart  # python-docx knows only documents without macros
        document = Package.open(str(path)).main_document_part.document
    except Exception:  # a damaged file makes python-docx, lxml or zlib raise anything
        raise broken_word(path) from None
    reader = _Reader()
    try:
        body = document.element.body
        reader.walk(body, "")
        reader.headers_and_footers(document)
        reader.notes(document)
    except (KeyError, ValueError, SyntaxError, AttributeError, TypeError, RecursionError):
        raise broken_word(path) from None  # a part that is missing, cut off or of another kind
    pictures = next(body.iter(*_PICTURES), None) is not None
    notices = ["文档里有图片，图片里的文字读不出来，请核对。"] if pictures else []
    return Document(path.name, reader.tables, reader.paragraphs, notices, aside=reader.aside)


class _Reader:
    """Goes through the parts of a document and gathers what they hold."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.paragraphs: list[Piece] = []
        self.aside: list[Piece] = []

    def walk(self, parent: "Element", part: str) -> None:
        """The paragraphs and tables within the body, a header or a text box; `part` names what is not the body."""
        for child in _content(parent):
            if child.tag == f"{_W}p":
                text = self._text(child)
                if text.strip() and not (part in _AROUND and _PAGE_NUMBER.fullmatch(text)):
                    self.paragraphs.append(Piece(text, part or f"正文第{len(self.paragraphs) + 1}段", len(self.tables)))
                self._boxes(child, part if part in _AROUND else "文本框")
            elif child.tag == f"{_W}tbl":
                self._table(child)

    def headers_and_footers(self, document: "WordDocument") -> None:
        """Those of all, of first and of even pages, equal ones once; what Word does not show is listed aside."""
        even = document.settings.odd_and_even_pages_header_footer
        seen: set[tuple[str, str]] = set()
        for section in document.element.body.iter(f"{_W}sectPr"):
            first = _is_on(section.find(f"{_W}titlePg"))
            for reference in section.iterchildren(*_AROUND.values()):
                name = next(n for n, tag in _AROUND.items() if tag == reference.tag)
                element = document.part.related_parts[reference.get(_RELATION)].element
                text = _whole_text(element)
                if not text or (name, text) in seen:
                    continue
                seen.add((name, text))
                if {"first": first, "even": even}.get(reference.get(f"{_W}type"), True):
                    self.walk(element, name)
                else:
                    self.aside.append(Piece(text, f"{name}（不显示）"))

    def notes(self, document: "WordDocument") -> None:
        """Comments, footnotes and endnotes, one piece each."""
        from docx.oxml import parse_xml

        for relation in document.part.rels.values():
            where = _ASIDE.get(relation.reltype.rpartition("/")[2])
            for note in parse_xml(relation.target_part.blob) if where and not relation.is_external else ():
                if where and (text := _whole_text(note)):
                    self.aside.append(Piece(text, where))

    def _boxes(self, paragraph: "Element", part: str = "文本框") -> None:
        """The text boxes that are anchored in a paragraph, not those within them or their copies for older programs."""
        for box in paragraph.iter(_BOX):
            outer = next(a for a in box.iterancestors() if a is paragraph or a.tag in (_BOX, *_NOT_THERE))
            if outer is paragraph:
                self.walk(box, part)

    def _table(self, element: "Element") -> None:
        name = f"第{len(self.tables) + 1}张表"
        rows: list[list[Cell | None]] = []
        table = Table(name, [])
        self.tables.append(table)
        for line in (c for c in _content(element) if c.tag == f"{_W}tr"):
            if line.find(f"{_W}trPr/{_W}del") is not None:  # a deleted row of a tracked change
                continue
            above = rows[-1] if rows else []
            row: list[Cell | None] = [None] * _number(line.find(f"{_W}trPr/{_W}gridBefore"), 0)
            for number, element_of_cell in enumerate((c for c in _content(line) if c.tag == f"{_W}tc"), 1):
                width = max(_number(element_of_cell.find(f"{_W}tcPr/{_W}gridSpan"), 1), 1)
                width = min(width, max(_MOST_COLUMNS - len(row), 1))
                merge = element_of_cell.find(f"{_W}tcPr/{_W}vMerge")
                upper = above[len(row)] if len(row) < len(above) else None
                if merge is not None and merge.get(f"{_W}val") != "restart" and upper is not None:
                    upper.height = len(rows) - upper.row + 1
                    row += [upper] * width
                    continue
                text = self._cell_text(element_of_cell)
                cell = Cell(text, f"{name}第{len(rows) + 1}行第{number}格", len(rows), len(row), 1, width)
                row += [cell] * width
            rows.append(row)
        table.rows = rows

    def _cell_text(self, cell: "Element") -> str:
        """The paragraphs of a cell, one a line; a table within it is a table of its own, so is a text box."""
        lines = []
        for child in _content(cell):
            if child.tag == f"{_W}p":
                listed = len(self.aside)
                text = self._text(child)
                if text.strip() or len(self.aside) == listed:  # a line that is hidden leaves no blank one
                    lines.append(text)
                self._boxes(child)
            elif child.tag == f"{_W}tbl":
                self._table(child)
        return "\n".join(lines).strip("\n")

    def _text(self, paragraph: "Element") -> str:
        """A paragraph's text; what is hidden in it is listed aside."""
        hidden: list[str] = []
        text = _text(paragraph, hidden)
        if "".join(hidden).strip():
            self.aside.append(Piece("".join(hidden), "隐藏文字"))
        return text


def _content(parent: "Element") -> Iterator["Element"]:
    """The children of a part, those within content controls and insertions included."""
    for child in parent:
        if child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}smartTag", f"{_W}customXml"):
            yield from _content(child)
        else:
            yield child


def _number(element: "Element | None", default: int) -> int:
    text = element.get(f"{_W}val") if element is not None else None
    return min(int(text), _MOST_COLUMNS) if text and text.isdigit() else default


def _whole_text(element: "Element") -> str:
    """The text of all paragraphs in a part, one a line."""
    paragraphs = (p for p in element.iter(f"{_W}p") if next(p.iterancestors(_OLDER_COPY), None) is None)
    return "\n".join(t for p in paragraphs if (t := _text(p)).strip())


def _is_on(element: "Element | None") -> bool:
    """A switch is there and not turned off."""
    return element is not None and element.get(f"{_W}val") not in _OFF


def _text(paragraph: "Element", hidden: list[str] | None = None) -> str:
    """A paragraph's text with symbols put in.

    Left out is what was deleted in a tracked change, what stands in text boxes, how characters are read (ruby), and what is
    hidden, which is added to `hidden`.
    """
    parts: list[str] = []

    def walk(element: "Element", parts: list[str]) -> None:
        for child in element:
            tag = child.tag
            if tag in (f"{_W}t", _MATH):
                parts.append(child.text or "")
            elif tag in _PLAIN:
                parts.append(_PLAIN[tag])
            elif tag == f"{_W}sym":
                parts.append(_symbol(child.get(f"{_W}font") or "", child.get(f"{_W}char") or ""))
            elif tag == f"{_W}r" and _is_on(child.find(_VANISH)):
                walk(child, hidden if hidden is not None else [])
            elif tag not in _NO_TEXT and isinstance(tag, str):
                walk(child, parts)

    walk(paragraph, parts)
    return "".join(parts)


def _symbol(font: str, char: str) -> str:
    """A character of a font: Symbol's F0B3 or 00B3 is ≥; of other fonts, the character that the code means."""
    try:
        code = int(char, 16)
    except ValueError:
        return ""
    known = _SYMBOL_FONT.match(font)
    if code in _OWN_CODES or (known and code < 0x100):
        return _SYMBOLS.get(known[0].lower() if known else "symbol", {}).get(code & 0xFF, "□")
    return chr(code) if 0x20 < code < 0xE000 and not 0xD800 <= code < 0xE000 else "□"
