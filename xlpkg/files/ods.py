"""OpenDocument workbooks (.ods): the cells as they are shown, which calamine does not tell."""

import datetime
import io
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from xlpkg.files import number_format
from xlpkg.files.a1 import address
from xlpkg.files.errors import UnreadableError
from xlpkg.files.grid import Area, Grid, Value, as_text
from xlpkg.files.ooxml import LARGEST_CONTENT, LARGEST_GRID, MOST_ENTRIES
from xlpkg.files.sheet import Sheet, broken, locked, too_large
from xlpkg.form.text import number_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SKIPPED = {"annotation", "frame", "custom-shape", "rect", "ellipse", "g", "line", "path", "table"}
_SHAPES = {"text-box", "custom-shape", "rect", "ellipse"}


def read_open_document(path: Path) -> list[Sheet]:
    reader = _OpenDocument(path)
    try:
        reader.read(_content(path))
    except ElementTree.ParseError:
        raise broken(path) from None
    return reader.sheets


def _content(path: Path) -> bytes:
    """The part with the cells. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > LARGEST_CONTENT:
                raise UnreadableError(f"“{path.name}”展开后过大，不像一张申报表，为安全起见没有打开。")
            if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise locked(path)
            xml = package.read("content.xml")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error):
        raise broken(path) from None
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\0" in xml:
        raise UnreadableError(f"“{path.name}”里有外部实体定义，为安全起见没有打开。")
    return xml


class _OpenDocument:
    """Reads the part content.xml of an .ods row by row; repeated cells count up to a grid that can be held in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.sheets: list[Sheet] = []
        self._hidden_styles: set[str] = set()
        self._size = 0

    def read(self, xml: bytes) -> None:
        within = 0
        for event, node in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
            name = _name(node)
            if name == "table":
                within += 1 if event == "start" else -1
                if event == "start" and within == 1:
                    self._begin(node)
                elif event == "end" and within == 0:
                    self._finish()
                    node.clear()
            elif event == "start":
                continue
            elif name == "style" and any(_get(n, "display") == "false" for n in node):
                self._hidden_styles.add(_get(node, "name"))
            elif within == 1 and name == "table-column":
                self._column(node)
            elif within == 1 and name == "table-row":
                self._row(node)
                node.clear()
            elif within == 1 and name == "shapes":
                self._boxes += _box_texts(node)
                node.clear()

    def _begin(self, node: "Element") -> None:
        self._name, self._hidden = _get(node, "name"), _get(node, "style-name") in self._hidden_styles
        self._cells: dict[tuple[int, int], Value] = {}
        self._formulas: dict[tuple[int, int], bool] = {}
        self._merged: list[Area] = []
        self._comments: list[tuple[str, str]] = []
        self._boxes: list[str] = []
        self._rows, self._columns = 0, 0
        self._height, self._width = 0, 0
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()

    def _finish(self) -> None:
        values: list[list[Value]] = [[None] * self._width for _ in range(self._height)]
        for (r, c), value in self._cells.items():
            values[r][c] = value
        merged = self._merged
        sheet = Grid(self._name, self._path.name, values, {}, self._formulas, lambda *_: merged)
        lines = (self._hidden_rows, self._hidden_columns)
        self.sheets.append(Sheet(sheet, self._hidden, *lines, self._comments, self._boxes))
        self._size += self._height * self._width

    def _column(self, node: "Element") -> None:
        first = self._columns
        self._columns += _count(node, "number-columns-repeated")
        if _get(node, "visibility") in ("collapse", "filter"):
            self._hidden_columns.update(range(first, min(self._columns, LARGEST_GRID)))

    def _row(self, node: "Element") -> None:
        first, repeat, column = self._rows, _count(node, "number-rows-repeated"), 0
        self._rows += repeat
        if _get(node, "visibility") in ("collapse", "filter"):
            self._hidden_rows.update(range(first, min(self._rows, LARGEST_GRID)))
        for cell in node:
            if _name(cell) in ("table-cell", "covered-table-cell"):
                times = _count(cell, "number-columns-repeated")
                if _name(cell) == "table-cell":
                    self._cell(cell, range(first, first + repeat), range(column, column + times))
                column += times

    def _cell(self, node: "Element", rows: range, columns: range) -> None:
        first = (rows.start, columns.start)
        value = _value(node)
        high, wide = _count(node, "number-rows-spanned"), _count(node, "number-columns-spanned")
        self._comments += [(address(*first), t) for n in node if _name(n) == "annotation" and (t := _lines(n))]
        for child in node:
            if _name(child) != "annotation":
                self._boxes += _box_texts(child)
        if value is None or value == "":
            if _get(node, "formula") and first[0] < LARGEST_GRID:
                self._formulas[first] = False
            return
        self._height, self._width = max(self._height, rows.stop), max(self._width, columns.stop)
        if self._size + self._height * self._width > LARGEST_GRID:
            raise too_large(self._path, self._name)
        self._cells |= {(r, c): value for r in rows for c in columns}
        if high > 1 or wide > 1:
            self._merged.append((first, (first[0] + high - 1, first[1] + wide - 1)))


def _value(node: "Element") -> Value:
    """A cell's value: numbers and dates plainly, but as they are shown where their format adds words or signs."""
    kind, display = _get(node, "value-type"), _lines(node)
    try:
        if kind in ("float", "currency"):
            return number_format.said(display, number_text(float(_get(node, "value"))))
        if kind == "percentage":
            return number_format.said(display, number_format.percentage(float(_get(node, "value"))))
        if kind == "date":
            return number_format.said(display, as_text(datetime.date.fromisoformat(_get(node, "date-value")[:10])))
    except ValueError:
        return display
    if kind == "boolean":
        return as_text(_get(node, "boolean-value") == "true")
    return display or _get(node, "string-value")


def _lines(node: "Element") -> str:
    """The paragraphs right below an element, one a line."""
    return "\n".join(_text(p) for p in node if _name(p) == "p")


def _text(node: "Element") -> str:
    parts = [node.text or ""]
    for child in node:
        name = _name(child)
        if name == "s":
            parts.append(" " * min(_count(child, "c"), 1000))
        elif name in ("tab", "line-break"):
            parts.append("\t" if name == "tab" else "\n")
        elif name not in _SKIPPED:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _box_texts(node: "Element") -> list[str]:
    """The paragraphs of the shapes in an element."""
    return [text for box in node.iter() if _name(box) in _SHAPES for p in box if _name(p) == "p" and (text := _text(p)).strip()]


def _name(node: "Element") -> str:
    """An element's name without its namespace."""
    return node.tag.rpartition("}")[2]


def _get(node: "Element", name: str) -> str:
    """An attribute whatever its namespace."""
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def _count(node: "Element", name: str) -> int:
    text = _get(node, name)
    return max(int(text), 1) if text.isdigit() and len(text) < 10 else 1
