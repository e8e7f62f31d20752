"""OpenDocument workbooks (.ods): the cells as they are shown, which calamine does not give."""

import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from xlpkg.files import number_format
from xlpkg.files.a1 import address
from xlpkg.files.errors import broken, locked, sheet_too_large
from xlpkg.files.grid import Area, Grid, Value, as_text, percentage
from xlpkg.files.guard import LARGEST_GRID, Archive
from xlpkg.files.sheet import Sheet
from xlpkg.form.text import number_text

_SKIPPED = {"annotation", "frame", "custom-shape", "rect", "ellipse", "g", "line", "path", "table"}
_LONGEST_NAME = 255
"""Characters of a sheet's name; no program writes more."""
_SHAPES = {"text-box", "custom-shape", "rect", "ellipse"}
_MANIFEST = "META-INF/manifest.xml"


def read_open_document(path: Path) -> list[Sheet]:
    """Every sheet of an .ods. Raises UnreadableError."""
    archive = Archive(path)
    if _MANIFEST in archive.names and b"encryption-data" in archive.unchecked(_MANIFEST):
        raise locked(path)
    reader = _OpenDocument(path)
    try:
        reader.read(archive.xml("content.xml"))
    except RecursionError:
        raise broken(path) from None
    return reader.sheets


class _OpenDocument:
    """Reads the part content.xml of an .ods row by row; repeated cells count up to a grid that can be held in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.sheets: list[Sheet] = []
        self._hidden_styles: set[str] = set()
        self._struck_styles: set[str] = set()
        self._size = 0

    def _events(self, xml: bytes) -> Iterator[tuple[str, ElementTree.Element]]:
        """The elements as they begin and end. Raises UnreadableError for what is no XML, or in no encoding that there is."""
        events = ElementTree.iterparse(io.BytesIO(xml), ("start", "end"))
        while True:
            try:
                event = next(events)
            except StopIteration:
                return
            except (ElementTree.ParseError, LookupError, ValueError):
                raise broken(self._path) from None
            yield event

    def read(self, xml: bytes) -> None:
        """Every table of the part. Raises UnreadableError."""
        within = 0
        for event, node in self._events(xml):
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
            elif name == "style":
                self._style(node)
            elif within == 1 and name == "table-column":
                self._column(node)
            elif within == 1 and name == "table-row":
                self._row(node)
                node.clear()
            elif within == 1 and name == "shapes":
                self._boxes += _box_texts(node)
                node.clear()

    def _style(self, node: ElementTree.Element) -> None:
        """What of a style is needed: it hides a sheet, or strikes text out."""
        if any(_get(n, "display") == "false" for n in node):
            self._hidden_styles.add(_get(node, "name"))
        lines = {_get(n, f"text-line-through-{what}") for n in node for what in ("style", "type")} - {""}
        if lines and "none" not in lines:
            self._struck_styles.add(_get(node, "name"))

    def _begin(self, node: ElementTree.Element) -> None:
        self._name, self._hidden = _get(node, "name")[:_LONGEST_NAME], _get(node, "style-name") in self._hidden_styles
        self._cells: dict[tuple[int, int], Value] = {}
        self._formulas: dict[tuple[int, int], bool] = {}
        self._struck: dict[tuple[int, int], str] = {}
        self._column_styles: list[tuple[range, str]] = []
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
        sheet = Grid(self._name, self._path.name, values, {}, self._formulas, lambda *_: merged, struck=self._struck)
        lines = (self._hidden_rows, self._hidden_columns)
        self.sheets.append(Sheet(sheet, self._hidden, *lines, self._comments, self._boxes))
        self._size += self._height * self._width

    def _column(self, node: ElementTree.Element) -> None:
        first = self._columns
        self._columns += _count(node, "number-columns-repeated")
        self._column_styles.append((range(first, self._columns), _get(node, "default-cell-style-name")))
        if _get(node, "visibility") in ("collapse", "filter"):
            self._hidden_columns.update(range(first, min(self._columns, LARGEST_GRID)))

    def _row(self, node: ElementTree.Element) -> None:
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

    def _cell(self, node: ElementTree.Element, rows: range, columns: range) -> None:
        first = (rows.start, columns.start)
        value = self._without_struck(node, rows, columns) if self._struck_styles else _value(node)
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
            raise sheet_too_large(self._path.name, self._name, rows.stop - 1, columns.stop - 1, stray=True)
        self._cells |= {(r, c): value for r in rows for c in columns}
        if high > 1 or wide > 1:
            self._merged.append((first, (first[0] + high - 1, first[1] + wide - 1)))

    def _without_struck(self, node: ElementTree.Element, rows: range, columns: range) -> Value:
        """A cell's value without what is struck out, which is noted."""
        of_column = next((style for part, style in self._column_styles if columns.start in part), "")
        if (_get(node, "style-name") or of_column) in self._struck_styles:
            kept, gone = "", _lines(node)
        else:
            spans = [n for n in node.iter() if _name(n) == "span" and _get(n, "style-name") in self._struck_styles]
            gone = "".join(map(_text, spans))
            if not gone:
                return _value(node)
            for span in spans:
                tail = span.tail
                span.clear()
                span.tail = tail
            kept = _lines(node)
        if gone and rows.start < LARGEST_GRID:
            self._struck[rows.start, columns.start] = gone
            self._height, self._width = max(self._height, rows.start + 1), max(self._width, columns.start + 1)
        return kept


def _value(node: ElementTree.Element) -> Value:
    """A cell's value: numbers and dates plainly, but as they are shown where their format adds words or signs."""
    kind, display = _get(node, "value-type"), _lines(node)
    try:
        if kind in ("float", "currency"):
            return number_format.as_displayed(display, number_text(float(_get(node, "value"))))
        if kind == "percentage":
            return number_format.as_displayed(display, percentage(float(_get(node, "value"))))
        if kind == "date":
            return number_format.as_displayed(display, as_text(datetime.date.fromisoformat(_get(node, "date-value")[:10])))
    except ValueError:
        return display
    if kind == "boolean":
        return as_text(_get(node, "boolean-value") == "true")
    return display or _get(node, "string-value")


def _lines(node: ElementTree.Element) -> str:
    """The paragraphs right below an element, one a line."""
    return "\n".join(_text(p) for p in node if _name(p) == "p")


def _text(node: ElementTree.Element) -> str:
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


def _box_texts(node: ElementTree.Element) -> list[str]:
    """The paragraphs of the shapes in an element."""
    return [text for box in node.iter() if _name(box) in _SHAPES for p in box if _name(p) == "p" and (text := _text(p)).strip()]


def _name(node: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return node.tag.rpartition("}")[2]


def _get(node: ElementTree.Element, name: str) -> str:
    """An attribute whatever its namespace."""
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def _count(node: ElementTree.Element, name: str) -> int:
    text = _get(node, name)
    return max(int(text), 1) if text.isdigit() and len(text) < 10 else 1
