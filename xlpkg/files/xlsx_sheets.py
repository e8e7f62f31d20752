"""The sheets of an .xlsx that is not ours: the texts that cells show, hidden lines, comments, text boxes, page headers."""

import html
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from xlpkg.files.errors import broken
from xlpkg.files.ooxml import RELATION, Package, attributes
from xlpkg.files.sheet import DisplayFormatter, Sheet
from xlpkg.files.xlsx import Workbook

_MOST = {b"row": 1 << 20, b"col": 1 << 14}
_LINE = re.compile(rb"<(?:\w+:)?(row|col)\s([^>]*)>")
_ON_PAGE = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(Header|Footer)(?:\s[^>]*)?>([^<]*)</")
_PAGE_CODE = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d+|.)', re.DOTALL)
_PAGE_SECTION = re.compile("&[LCR]", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"[第共页/／\s,，.。\-—－]*")


def read_workbook(path: Path) -> list[Sheet]:
    """Every sheet of an .xlsx or .xlsm. Raises UnreadableError."""
    book = Workbook(path)
    package = book.package
    found = []
    for name in book.names:
        formatter = DisplayFormatter(name, package.format_codes)
        sheet = book.grid_as_shown(name, formatter)
        part = package.sheet_part(name)
        rows, columns = _hidden_lines(package, part)
        around = (_comments(package, part), _boxes(package, part), _page_texts(package, part))
        found.append(Sheet(sheet, book.is_hidden(name), rows, columns, *around, (*sheet.remarks.values(), *sheet.notices)))
    return found


def _hidden_lines(package: Package, part: str) -> tuple[set[int], set[int]]:
    """The hidden rows and columns of a sheet's part; 0-based."""
    found: dict[bytes, set[int]] = {b"row": set(), b"col": set()}
    ends = {b"row": 0, b"col": 0}
    for kind, xml in _LINE.findall(package.part(part)):
        line = attributes(xml)
        if line.get(b"hidden") not in (b"1", b"true"):
            continue
        first, last = (line.get(key, b"") for key in (b"min", b"max")) if kind == b"col" else [line.get(b"r", b"")] * 2
        if first.isdigit() and last.isdigit() and len(first + last) < 16:
            start, end = max(int(first) - 1, ends[kind]), min(int(last), _MOST[kind])  # they ascend and do not overlap
            found[kind].update(range(start, end))
            ends[kind] = max(end, ends[kind])
    return found[b"row"], found[b"col"]


def _page_texts(package: Package, part: str) -> list[tuple[str, str]]:
    """(页眉 or 页脚, text) of what is printed above and below a sheet, without codes; page numbers alone are left out."""
    found: dict[tuple[str, str], None] = {}
    for kind, xml in _ON_PAGE.findall(package.part(part)):
        for section in _PAGE_SECTION.split(html.unescape(xml.decode("utf-8", "replace")).replace("&&", "\0")):
            text = _PAGE_CODE.sub("", section).replace("\0", "&").strip()
            if not _PAGE_NUMBER.fullmatch(text):
                found["页眉" if kind == b"Header" else "页脚", text] = None
    return list(found)


def _comments(package: Package, part: str) -> list[tuple[str, str]]:
    """(cell, text) of the comments on a sheet; a conversation's own texts instead of the note that stands in for it."""
    threads = list(_commented(package, part, "/threadedComment", "text"))
    cells = {cell for cell, _ in threads}
    return threads + [(cell, text) for cell, text in _commented(package, part, "/comments", "t") if cell not in cells]


def _commented(package: Package, part: str, kind: str, leaf: str) -> Iterator[tuple[str, str]]:
    for node in (n for tree in _related(package, part, kind) for n in tree.iter() if n.get("ref")):
        text = "".join(t.text or "" for t in node.iter() if _name(t) == leaf).strip()
        if text:
            yield node.get("ref", ""), text


def _boxes(package: Package, part: str) -> list[str]:
    """The paragraphs in text boxes and other shapes on a sheet."""
    bodies = [n for tree in _related(package, part, "/drawing") for n in _without_copies(tree) if _name(n) == "txBody"]
    paragraphs = (p for body in bodies for p in body if _name(p) == "p")
    texts = ("".join("\n" if _name(t) == "br" else t.text or "" for t in p.iter() if _name(t) in ("t", "br")) for p in paragraphs)
    return [text for text in texts if text.strip()]


def _related(package: Package, part: str, kind: str) -> Iterator[ElementTree.Element]:
    """The parts that belong to a part by a kind of relation; one that is missing is left out."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    found = RELATION.findall(package.part(relations)) if relations in package.names else []
    for relation in map(attributes, found):
        address = posixpath.join("/" + folder, relation.get(b"Target", b"").decode("utf-8", "replace"))
        target = posixpath.normpath(address).lstrip("/")
        if not relation.get(b"Type", b"").endswith(kind.encode()) or target not in package.names:
            continue
        try:
            yield ElementTree.fromstring(package.xml(target))
        except ElementTree.ParseError:
            raise broken(package.path) from None


def _name(node: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return node.tag.rpartition("}")[2]


def _without_copies(node: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """An element and all within it, without the copies for older programs."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in reversed(node) if _name(child) != "Fallback"]
