"""Word documents (.docx) as tables and paragraphs; merged cells, tables over several pages and symbols of fonts are understood.

Comments, notes, hidden and struck-out texts are no content, but listed. The prompts of content controls are nothing.
"""

import io
import re
import zipfile
from collections.abc import Container, Iterator
from itertools import groupby
from operator import itemgetter
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
_HIDDEN, _STRUCK = "隐藏文字", "加了删除线的文字"
_NO_CONTENT = {"vanish": _HIDDEN, "strike": _STRUCK, "dstrike": _STRUCK}
"""Switches of a run whose text is no content, and what such text is called."""
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_OFF = ("0", "false", "off")
_PAGE_NUMBER = re.compile(r"(?:[第共页/／\s,，.。·\-—–－]|(?<!\d)\d{1,3}(?!\d))*")
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
    "{urn:schemas-microsoft-com:office:office}OLEObject",
)
AROUND = {"页眉": f"{_W}headerReference", "页脚": f"{_W}footerReference"}
"""What stands above and below every page, by what it is called in `Piece.where`."""
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
        document = Package.open(_transitional(archive) or str(path)).main_document_part.document
    except Exception:  # a damaged file makes python-docx, lxml or zlib raise anything
        raise broken_word(path) from None
    reader = _Reader()
    try:
        body = document.element.body
        _empty_prompts(body)
        reader.struck_styles = set(_struck_styles(document))
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
        self.struck_styles: set[str] = set()

    def walk(self, parent: "Element", part: str) -> None:
        """The paragraphs and tables within the body, a header or a text box; `part` names what is not the body."""
        for child in _content(parent):
            if child.tag == f"{_W}p":
                text = self._text(child)
                if text.strip() and not (part in AROUND and _PAGE_NUMBER.fullmatch(text)):
                    self.paragraphs.append(Piece(text, part or f"正文第{len(self.paragraphs) + 1}段", len(self.tables)))
                self._boxes(child, part if part in AROUND else "文本框")
            elif child.tag == f"{_W}tbl":
                self._table(child)

    def headers_and_footers(self, document: "WordDocument") -> None:
        """Those of all, of first and of even pages, equal ones once; what Word does not show is listed aside."""
        even = document.settings.odd_and_even_pages_header_footer
        seen: set[tuple[str, str]] = set()
        for section in document.element.body.iter(f"{_W}sectPr"):
            first = _is_on(section.find(f"{_W}titlePg"))
            for reference in section.iterchildren(*AROUND.values()):
                name = next(n for n, tag in AROUND.items() if tag == reference.tag)
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
        """A paragraph's text; what is hidden or struck out in it is listed aside."""
        aside: list[tuple[str, str]] = []
        text = _text(paragraph, aside, self.struck_styles)
        for part, run in groupby(aside, itemgetter(0)):
            if (words := "".join(word for _, word in run)).strip():
                self.aside.append(Piece(words, part))
        return text


def _transitional(archive: Archive) -> io.BytesIO | None:
    """A document of the strict kind with the name spaces that python-docx knows; None for one of the usual kind."""
    parts = [name for name in archive.names if name.endswith((".xml", ".rels"))]
    if not any(_STRICT.search(archive.unchecked(name)) for name in parts if name in ("word/document.xml", "_rels/.rels")):
        return None
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as document:
        for name in archive.names:
            data = archive.unchecked(name)
            known = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data) if name in parts else data
            document.writestr(name, known)
    made.seek(0)
    return made


def _empty_prompts(body: "Element") -> None:
    """Content controls that still show their prompt ("单击此处输入文字") hold nothing."""
    for prompt in body.iter(f"{_W}showingPlcHdr"):
        if _is_on(prompt):
            for text in next(prompt.iterancestors(f"{_W}sdt"), prompt).iter(f"{_W}t"):
                text.text = ""


def _struck_styles(document: "WordDocument") -> Iterator[str]:
    """The styles whose text is struck out."""
    for style in document.styles.element.iter(f"{_W}style"):
        if any(_is_on(style.find(f"{_W}rPr/{_W}{switch}")) for switch in ("strike", "dstrike")):
            yield style.get(f"{_W}styleId") or ""


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


def _text(paragraph: "Element", aside: list[tuple[str, str]] | None = None, struck: Container[str] = ()) -> str:
    """A paragraph's text with symbols put in.

    Left out is what was deleted in a tracked change, what stands in text boxes, how characters are read (ruby), and what is
    hidden or struck out, by itself or by a style, which is added to `aside` with what it is called.
    """
    parts: list[str] = []

    def walk(element: "Element", into: list[str]) -> None:
        for child in element:
            tag = child.tag
            if tag in (f"{_W}t", _MATH):
                into.append(child.text or "")
            elif tag in _PLAIN:
                into.append(_PLAIN[tag])
            elif tag == f"{_W}sym":
                into.append(_symbol(child.get(f"{_W}font") or "", child.get(f"{_W}char") or ""))
            elif tag == f"{_W}ffData":
                into.append(_form_field(child))
            elif tag == f"{_W}r" and (what := _no_content(child, struck)):
                left_out: list[str] = []
                walk(child, left_out)
                if aside is not None:
                    aside.append((what, "".join(left_out)))
            elif tag not in _NO_TEXT and isinstance(tag, str):
                walk(child, into)

    walk(paragraph, parts)
    return "".join(parts)


def _no_content(run: "Element", struck: Container[str]) -> str:
    """What a run's text is called if it is no content, "" if it is."""
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return ""
    for switch, what in _NO_CONTENT.items():
        if _is_on(properties.find(f"{_W}{switch}")):
            return what
    style = properties.find(f"{_W}rStyle")
    return _STRUCK if style is not None and style.get(f"{_W}val") in struck and properties.find(f"{_W}strike") is None else ""


def _form_field(data: "Element") -> str:
    """What an older form field shows: the chosen entry of a drop-down, a ticked or empty box; a text stands behind it."""
    entries = [entry.get(f"{_W}val") or "" for entry in data.iterfind(f"{_W}ddList/{_W}listEntry")]
    if entries:
        results = (data.find(f"{_W}ddList/{_W}{name}") for name in ("result", "default"))
        chosen = next((_number(result, 0) for result in results if result is not None), 0)
        return entries[chosen] if chosen < len(entries) else ""
    box = data.find(f"{_W}checkBox")
    if box is None:
        return ""
    ticked = box.find(f"{_W}checked")
    return "☑" if _is_on(ticked if ticked is not None else box.find(f"{_W}default")) else "□"


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
