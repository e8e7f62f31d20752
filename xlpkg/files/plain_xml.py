"""Spreadsheet XML of other writers in the one shape that our fast readers know.

Those look for elements without prefix, attributes in double quotes, cells and rows with their addresses. Excel, WPS, LibreOffice,
openpyxl and XlsxWriter write so; other programs may write the same content in another way, and no figure may hang on that.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

_DECLARATION = re.compile(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*\?>")
_MAIN = re.compile("http://(?:schemas.openxmlformats.org|purl.oclc.org/ooxml)/spreadsheetml/(?:2006/)?main")
_PREFIXED = re.compile(rb"xmlns:\w+\s*=\s*[\"'][^\"']*/spreadsheetml/(?:2006/)?main[\"']")
_ROOT = re.compile(rb"<([\w:.-]+)")
_RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_XML = "http://www.w3.org/XML/1998/namespace"
_ADDRESS = re.compile("([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_ROWS, _COLUMNS = 1 << 20, 1 << 14


class NoXmlError(Exception):
    """The part is no well-formed XML, or its cells have addresses that no sheet has."""


def is_plain(xml: bytes) -> bool:
    """A cheap look: nothing in the part says that it is written in another way. Of cells without address it says nothing."""
    declaration = _DECLARATION.match(xml)
    start = declaration.end() if declaration else 0
    if xml.find(b"='", start) >= 0 or b"<!" in xml or b"\0" in xml:
        return False
    root = _ROOT.match(xml, xml.find(b"<", start))
    return root is not None and b":" not in root[1] and not _PREFIXED.search(xml)


def as_plain(xml: bytes) -> bytes:
    """The same content without prefixes, comments and character references, every row and cell with its address.

    Elements of other name spaces get names that no reader looks for. Raises NoXmlError.
    """
    writer = _Writer()
    parser = expat.ParserCreate(namespace_separator="\n")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = writer.start, writer.end
    parser.CharacterDataHandler = writer.text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise NoXmlError from None
    return "".join(writer.parts).encode("utf-8", "replace")


class _Writer:
    """Writes what the parser finds. The name space of the root element is the part's own."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._own: str | None = None
        self._row = self._column = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, local = name.rpartition("\n")
        if self._own is None:
            self._own = space
        if space != self._own and not _MAIN.fullmatch(space):
            local = f"x-{local}"
        known = dict(map(_attribute, attributes.items()))
        if local == "row":
            self._row = _number(known.get("r") or str(self._row + 1))
            self._column = 0
            known = {"r": str(self._row), **known}
        elif local == "c":
            known["r"] = self._address(known.get("r"))
        self.parts.append(f"<{local}{''.join(f' {key}={_quoted(value)}' for key, value in known.items())}>")

    def _address(self, said: str | None) -> str:
        """The address of a cell, of one that does not say it the next in its row."""
        if said is None:
            self._column += 1
            if self._column > _COLUMNS:
                raise NoXmlError
            return f"{_letters(self._column)}{self._row}"
        found = _ADDRESS.fullmatch(said)
        if found is None:
            raise NoXmlError
        self._column = 0
        for letter in found[1].upper():
            self._column = self._column * 26 + ord(letter) - 64
        return said.upper()

    def end(self, name: str) -> None:
        space, _, local = name.rpartition("\n")
        self.parts.append(f"</{local}>" if space == self._own or _MAIN.fullmatch(space) else f"</x-{local}>")

    def text(self, text: str) -> None:
        self.parts.append(_escaped(text).replace(">", "&gt;"))


def _attribute(pair: tuple[str, str]) -> tuple[str, str]:
    space, _, local = pair[0].rpartition("\n")
    if space in _RELATIONS:
        local = f"r:{local}"
    elif space == _XML:
        local = f"xml:{local}"
    elif space:
        local = f"x:{local}"
    return local, pair[1]


def _quoted(value: str) -> str:
    return f'"{_escaped(value)}"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8 and 0 < int(text) <= _ROWS):
        raise NoXmlError
    return int(text)


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
