"""The file before it is read: is it a workbook at all, is it safe to open, and the raw parts calamine does not show."""

import html
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg.files.errors import UnreadableError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST_FILE = 50 * 2**20
LARGEST_CONTENT = 200 * 2**20
MOST_ENTRIES = 2000
_READ_ALWAYS = {"[Content_Types].xml"} | {
    f"xl/{name}" for name in ("workbook.xml", "sharedStrings.xml", "styles.xml", "_rels/workbook.xml.rels")
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS = (".xlsx", ".xlsm")
_CELL = re.compile(rb"<(?:\w+:)?c(\s[^>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
LARGEST_GRID = 1_000_000
_MOST_ROWS = 1 << 20
_RELATION = re.compile(rb"<Relationship\s([^>]*)>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_PERCENT_FORMATS = {9, 10}
_LINE = re.compile(rb"<(?:\w+:)?(row|col)\s([^>]*)>")
_ON_PAGE = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(Header|Footer)(?:\s[^>]*)?>([^<]*)</")
_PAGE_CODE = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d+|.)', re.DOTALL)
_PAGE_SECTION = re.compile("&[LCR]", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"[第共页/／\s,，.。\-—－]*")
_ZIP, _WEB_ARCHIVE = b"PK", b"MIME-Version:"


class Package:
    """An .xlsx or .xlsm that passed the guards. Raises UnreadableError with a sentence for anything else."""

    def __init__(self, path: Path) -> None:
        self.path = path
        data = read_bytes(path)
        _refuse_other_kinds(path, data)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise self.broken() from None
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > LARGEST_CONTENT:
            raise UnreadableError(f"“{path.name}”展开后过大，不像一张申报表，为安全起见没有打开。")
        self.names = {e.filename for e in entries}
        if "xl/workbook.xml" not in self.names or "[Content_Types].xml" not in self.names:
            raise UnreadableError(f"“{path.name}”不是Excel工作簿。请用Excel打开，另存为.xlsx后再试。")
        for name in _READ_ALWAYS & self.names:
            self.part(name)

    def broken(self) -> UnreadableError:
        """The sentence for a file that is cut off or damaged."""
        return UnreadableError(f"“{self.path.name}”不完整或已损坏，打不开。请重新复制或下载，或用Excel打开后另存为.xlsx再试。")

    def locked(self) -> UnreadableError:
        """The sentence for a file that needs a password."""
        return _locked(self.path)

    def part(self, name: str) -> bytes:
        """A part's bytes; refuses XML that declares entities."""
        try:
            data = self._zip.read(name)
        except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
            raise self.broken() from None
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise UnreadableError(f"“{self.path.name}”里有外部实体定义，为安全起见没有打开。")
        return data

    def sheet_part(self, sheet: str) -> str:
        """The name of a sheet's part."""
        wanted = sheet.encode()
        sheets = map(_attributes, _SHEET.findall(self.part("xl/workbook.xml")))
        relation = next((a.get(b"r:id") for a in sheets if _plain(a.get(b"name")) == wanted), None)
        for attributes in map(_attributes, _RELATION.findall(self.part("xl/_rels/workbook.xml.rels"))):
            if attributes.get(b"Id") == relation:
                target = attributes[b"Target"].decode()
                return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        raise self.broken()

    def cells(self, part: str) -> Iterator[tuple[int, int, bytes, bytes]]:
        """(row, column, attributes, content) of every cell of a sheet's part; 0-based."""
        for attributes, content in _CELL.findall(self.part(part)):
            place = _PLACE.search(attributes)
            if place:
                column = 0
                for letter in place[1]:
                    column = column * 26 + letter - 64
                yield int(place[2]) - 1, column - 1, attributes, content

    def guarded_cells(self, sheet: str) -> list[tuple[int, int, bytes, bytes]]:
        """The cells of a sheet, if the rectangle they span is one that can be held in memory."""
        cells = list(self.cells(self.sheet_part(sheet)))
        height, width = max((c[0] for c in cells), default=0) + 1, max((c[1] for c in cells), default=0) + 1
        if height * width > LARGEST_GRID:
            far = max(cells, key=lambda c: (c[0] + 1) * (c[1] + 1))
            place = f"第{far[0] + 1}行、第{far[1] + 1}列"
            raise UnreadableError(f"“{self.path.name}”的“{sheet}”表在{place}附近有零散内容，离表格太远。请删去多余的行和列后再试。")
        return cells

    def percent_styles(self) -> set[int]:
        """The cell styles whose number format shows a percentage."""
        if "xl/styles.xml" not in self.names:
            return set()
        formats, ids = self._number_formats()
        return {n for n, i in enumerate(ids) if i in _PERCENT_FORMATS or b"%" in formats.get(i, b"")}

    def number_formats(self) -> tuple[dict[int, str], list[int]]:
        """The file's own number formats by their number, and the number of each cell style's format."""
        if "xl/styles.xml" not in self.names:
            return {}, []
        formats, ids = self._number_formats()
        return {i: html.unescape(form.decode("utf-8", "replace")) for i, form in formats.items()}, ids

    def _number_formats(self) -> tuple[dict[int, bytes], list[int]]:
        xml = self.part("xl/styles.xml")
        formats = {int(a[b"numFmtId"]): a.get(b"formatCode", b"") for a in map(_attributes, re.findall(rb"<numFmt\s([^>]*)>", xml))}
        table = re.search(rb"<cellXfs.*?</cellXfs>", xml, re.DOTALL)
        styles = map(_attributes, re.findall(rb"<xf\s([^>]*)>", table[0] if table else b""))
        return formats, [int(a.get(b"numFmtId", b"0")) for a in styles]

    def hidden_lines(self, part: str) -> tuple[set[int], set[int]]:
        """The hidden rows and columns of a sheet's part; 0-based."""
        rows: set[int] = set()
        columns: set[int] = set()
        for kind, xml in _LINE.findall(self.part(part)):
            line = _attributes(xml)
            if line.get(b"hidden") not in (b"1", b"true"):
                continue
            first, last = (line.get(key, b"") for key in (b"min", b"max")) if kind == b"col" else [line.get(b"r", b"")] * 2
            if first.isdigit() and last.isdigit() and len(first + last) < 16:
                (columns if kind == b"col" else rows).update(range(int(first) - 1, min(int(last), _MOST_ROWS)))
        return rows, columns

    def page_texts(self, part: str) -> list[tuple[str, str]]:
        """(页眉 or 页脚, text) of what is printed above and below a sheet, without codes; page numbers alone are left out."""
        found: dict[tuple[str, str], None] = {}
        for kind, xml in _ON_PAGE.findall(self.part(part)):
            for section in _PAGE_SECTION.split(html.unescape(xml.decode("utf-8", "replace")).replace("&&", "\0")):
                text = _PAGE_CODE.sub("", section).replace("\0", "&").strip()
                if not _PAGE_NUMBER.fullmatch(text):
                    found["页眉" if kind == b"Header" else "页脚", text] = None
        return list(found)

    def comments(self, part: str) -> list[tuple[str, str]]:
        """(cell, text) of the comments on a sheet; a conversation's own texts instead of the note that stands in for it."""
        threads = list(self._commented(part, "/threadedComment", "text"))
        cells = {cell for cell, _ in threads}
        return threads + [(cell, text) for cell, text in self._commented(part, "/comments", "t") if cell not in cells]

    def _commented(self, part: str, kind: str, leaf: str) -> Iterator[tuple[str, str]]:
        for node in (n for tree in self._related(part, kind) for n in tree.iter() if n.get("ref")):
            text = "".join(t.text or "" for t in node.iter() if _name(t) == leaf).strip()
            if text:
                yield node.get("ref", ""), text

    def boxes(self, part: str) -> list[str]:
        """The paragraphs in text boxes and other shapes on a sheet."""
        bodies = [n for tree in self._related(part, "/drawing") for n in _without_twins(tree) if _name(n) == "txBody"]
        paragraphs = (p for body in bodies for p in body if _name(p) == "p")
        texts = (
            "".join("\n" if _name(t) == "br" else t.text or "" for t in p.iter() if _name(t) in ("t", "br")) for p in paragraphs
        )
        return [text for text in texts if text.strip()]

    def _related(self, part: str, kind: str) -> Iterator["Element"]:
        """The parts that belong to a part by a kind of relation; one that is missing is left out."""
        from xml.etree import ElementTree

        folder, _, name = part.rpartition("/")
        relations = f"{folder}/_rels/{name}.rels"
        found = _RELATION.findall(self.part(relations)) if relations in self.names else []
        for relation in map(_attributes, found):
            target = posixpath.normpath(
                posixpath.join("/" + folder, relation.get(b"Target", b"").decode("utf-8", "replace"))
            ).lstrip("/")
            if not relation.get(b"Type", b"").endswith(kind.encode()) or target not in self.names:
                continue
            xml = self.part(target)
            if b"\0" in xml:  # in UTF-16 the guard against entities would see nothing
                raise self.broken()
            try:
                yield ElementTree.fromstring(xml)
            except ElementTree.ParseError:
                raise self.broken() from None

    def broken_names(self) -> list[str]:
        """Defined names that point nowhere (#REF!)."""
        xml = self.part("xl/workbook.xml")
        found = re.findall(rb'<definedName\s[^>]*name="([^"]*)"[^>]*>([^<]*)</definedName>', xml)
        return [name.decode() for name, target in found if b"#REF!" in target]


def read_bytes(path: Path) -> bytes:
    """The first bytes of a file. Raises UnreadableError with a sentence if it is not there, not ours to read or too large."""
    try:
        if path.is_dir():
            raise UnreadableError(f"“{path.name}”是文件夹，请选择一个文件。")
        size = path.stat().st_size
        if size == 0:
            raise UnreadableError(f"“{path.name}”是空文件。")
        if size > LARGEST_FILE:
            raise UnreadableError(f"“{path.name}”超过50MB，不像一张申报表，没有打开。")
        with path.open("rb") as file:
            return file.read(1 << 16)
    except FileNotFoundError:
        raise UnreadableError(f"找不到文件“{path.name}”，请检查文件名和所在文件夹。") from None
    except PermissionError:
        raise UnreadableError(f"没有权限打开“{path.name}”，可能正被别的程序占用，请关闭后再试。") from None
    except OSError as error:
        if error.errno == 36:
            raise UnreadableError("文件名或路径太长，请改短后再试。") from None
        raise UnreadableError(f"打不开“{path.name}”：{error.strerror or error}。") from None


def under_an_old_name(path: Path, data: bytes) -> bool:
    """The file is of the newer kind of workbooks, only its name ends in .xls."""
    return path.suffix.lower() == ".xls" and data.startswith(_ZIP)


def refuse_web_pages(path: Path, data: bytes) -> None:
    """Web pages and XML that some program saved as .xls. Raises UnreadableError."""
    start = data.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").replace(b"\0", b"").lstrip()
    if not start.startswith((b"<", _WEB_ARCHIVE)):
        return
    page = b"<html" in start.lower() or not start.startswith(b"<?xml")
    what = "网页（HTML）" if page else "XML文件"
    raise UnreadableError(f"“{path.name}”其实是{what}，只是扩展名写成了{path.suffix}。请用Excel打开，另存为.xlsx后再试。")


def _refuse_other_kinds(path: Path, data: bytes) -> None:
    kind = path.suffix.lower()
    if kind in (".et", ".ett", ".wps", ".wpt"):
        raise UnreadableError(f"“{path.name}”是WPS专用格式。请用WPS打开，另存为.xlsx后再试。")
    if data.startswith(_OLE):
        with path.open("rb") as file:
            encrypted = "EncryptedPackage".encode("utf-16-le") in file.read(LARGEST_FILE)
        if encrypted:
            raise _locked(path)
        raise UnreadableError(f"“{path.name}”是旧版Excel格式（97-2003）。请用Excel打开，另存为.xlsx后再试。")
    if kind not in _KINDS and not under_an_old_name(path, data):
        raise UnreadableError(f"不认识“{path.name}”的文件类型，请用.xlsx、.xlsm或.json文件。")
    if not data.startswith(b"PK"):
        raise UnreadableError(f"“{path.name}”不是Excel工作簿，可能只是改了扩展名。请用Excel打开，另存为.xlsx后再试。")


def _locked(path: Path) -> UnreadableError:
    how = "在Excel里取消密码（文件→信息→保护工作簿→用密码进行加密，清空）"
    return UnreadableError(f"“{path.name}”设有打开密码。请{how}，保存后再试。")


def _name(node: "Element") -> str:
    """An element's name without its namespace."""
    return node.tag.rpartition("}")[2]


def _without_twins(node: "Element") -> Iterator["Element"]:
    """An element and all within it, without the twins for older programs."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in reversed(node) if _name(child) != "Fallback"]


def _attributes(xml: bytes) -> dict[bytes, bytes]:
    return dict(_ATTRIBUTE.findall(xml))


def _plain(name: bytes | None) -> bytes | None:
    if name is None:
        return None
    for entity, character in ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&amp;", b"&")):
        name = name.replace(entity, character)
    return name
