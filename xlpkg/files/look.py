"""What a person sees of a sheet of an .xlsx beside its values: looks of cells, hidden lines, pictures, what is printed around."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

import msgspec

from xlpkg.files import number_format
from xlpkg.files.a1 import Cell, cell_of
from xlpkg.files.grid import Area, Grid, Value, as_text
from xlpkg.files.ooxml import RELATION, Package, RawCell, attributes
from xlpkg.files.styles import WHITE, Font, Style, Styles, local, parsed

if TYPE_CHECKING:
    from xlpkg.files.xlsx import Workbook

_TRUE = (b"1", b"true")
_ROW = re.compile(rb"<row\s([^>]*)>")
_MOST_AREAS = 5000
_MOST_FILLS = 100
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 8.43, 15.0
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_HARMLESS = ("printerSettings", "comments", "threadedComment", "vmlDrawing", "drawing")
"""Relations of a sheet that show nothing, or that are looked into."""
_RELATED = {
    "table": "表格样式", "image": "背景图片", "oleObject": "嵌入的对象", "ctrlProp": "控件", "control": "控件",
    "hyperlink": "超链接",
    "pivotTable": "数据透视表", "slicer": "切片器",
}  # fmt: skip
_EXTENSIONS = {"conditionalFormatting": "条件格式", "sparklineGroup": "迷你图", "slicer": "切片器"}
_SHEET_PARTS = {
    "conditionalFormatting": "条件格式", "tableParts": "表格样式", "oleObjects": "嵌入的对象", "controls": "控件",
    "hyperlinks": "超链接", "picture": "背景图片", "legacyDrawingHF": "页眉页脚里的图片",
}  # fmt: skip
_CELL_PICTURE = re.compile(rb"\bvm=")
_CODE = re.compile(r'&(?:"[^"]*"|K(?:(?P<ink>[0-9A-Fa-f]{6})|\d\d[+-]\d{3})|(?P<size>\d+)|(?P<section>[LCR])|.)', re.DOTALL)
_SMALLEST = 6
_LOWEST, _NARROWEST = 3.0, 0.5  # points, narrow characters: nothing of a row or column is seen
_RICH = re.compile(rb"<(?:\w+:)?(?:r|rPh)[\s>]")


class Text(NamedTuple):
    """A text (or number) in a cell, with the cells that it spreads over and how it looks.

    `shown` is the text as its format shows it; `kind` is "" for a plain text, else what it is in its place. `fonts` are those of
    its parts. `width` in narrow characters and `height` in points are what of its cells is not hidden; `fitted` says that the
    program makes the row as high as it needs. `covered` means that merged cells lie over it.
    """

    row: int
    column: int
    bottom: int
    right: int
    text: str
    shown: str
    kind: str
    style: Style
    fonts: tuple[Font, ...]
    width: float
    height: float
    fitted: bool
    covered: bool


class Look(msgspec.Struct, frozen=True):
    """A sheet as it is seen. Rows and columns are 0-based.

    `filled` are blank cells with a fill or crossed out. Hidden rows and columns are those with (nearly) no height or width.
    `breaks` are the rows before which a new page begins. `page` are the texts printed above and below: (页眉 or 页脚, text,
    whether it can be read). `further` are things that are no cells, as (what, where), `sheets` the other sheets.
    """

    texts: tuple[Text, ...]
    filled: tuple[Cell, ...]
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[int, ...]
    breaks: frozenset[int]
    page: tuple[tuple[str, str, bool], ...]
    further: tuple[tuple[str, str], ...]
    sheets: tuple[str, ...]
    printed: tuple[Area, ...]
    """The areas that are printed; nothing where that is everything."""


def look_of(book: Workbook, grid: Grid) -> Look:
    """How a sheet looks that was read into a grid. Raises UnreadableError."""
    package = book.package
    part = package.sheet_part(grid.sheet)
    xml = package.part(part)
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    rest = parsed(package, xml if start < 0 or end < 0 else xml[:start] + b"<sheetData/>" + xml[end + len(b"</sheetData>") :])
    cells = package.cells(grid.sheet)
    areas = list(grid.merged(0, len(grid.values)))
    styles = Styles(package)
    lines = _Lines(xml[start:end], rest, styles.digit)
    further = list(_further(package, part, rest))
    if len(areas) > _MOST_AREAS:
        further.append((f"{len(areas)}处合并单元格", ""))
    if any(_CELL_PICTURE.search(raw) for _, _, raw, _ in cells):
        further.append(("格内图片", ""))
    texts = tuple(_texts(cells, grid, book.stored(grid.sheet), styles, _Runs(package, styles), lines, areas[:_MOST_AREAS]))
    last_row, last_column = max((t.bottom for t in texts), default=0), max((t.right for t in texts), default=0)
    return Look(
        texts=texts,
        filled=tuple(_fills(cells, styles, {(t.row, t.column) for t in texts})),
        hidden_rows=tuple(r for r in range(last_row + 1) if lines.height(r) < _LOWEST),
        hidden_columns=tuple(c for c in range(last_column + 1) if lines.width(c) < _NARROWEST),
        breaks=frozenset(int(b.get("id", "0")) for n in rest if local(n) == "rowBreaks" for b in n if b.get("id", "").isdigit()),
        page=tuple(_page(rest)),
        further=tuple(further),
        sheets=tuple(name for name in book.names if name != grid.sheet),
        printed=tuple(_printed(package, grid.sheet)),
    )


class _Lines:
    """Heights of rows in points and widths of columns in narrow characters; 0 for hidden ones."""

    def __init__(self, data: bytes, rest: ElementTree.Element, digit: float) -> None:
        usual = next((n for n in rest if local(n) == "sheetFormatPr"), None)
        usual_height = _number(usual.get("defaultRowHeight") if usual is not None else None, _DEFAULT_HEIGHT)
        zero = usual is not None and usual.get("zeroHeight") in ("1", "true")
        self._usual_height = 0.0 if zero else usual_height
        self._usual_width = _number(usual.get("defaultColWidth") if usual is not None else None, _DEFAULT_WIDTH)
        self._heights: dict[int, float] = {}
        for row in map(attributes, _ROW.findall(data)):
            number = row.get(b"r", b"")
            if number.isdigit():
                hidden = row.get(b"hidden") in _TRUE
                height = row.get(b"ht", b"").decode("ascii", "replace")
                if hidden or height:
                    self._heights[int(number) - 1] = 0.0 if hidden else _number(height, usual_height)
        self._columns: list[tuple[int, int, float]] = []
        for column in (c for n in rest if local(n) == "cols" for c in n):
            first, last = column.get("min", ""), column.get("max", "")
            if first.isdigit() and last.isdigit():
                hidden = column.get("hidden") in ("1", "true")
                width = 0.0 if hidden else _number(column.get("width"), self._usual_width)
                self._columns.append((int(first) - 1, int(last) - 1, width))
        self._widths: dict[int, float] = {}
        self._digit = digit

    def height(self, row: int) -> float:
        return self._heights.get(row, self._usual_height)

    def fitted(self, row: int) -> bool:
        """The row has no height of its own."""
        return row not in self._heights and self._usual_height > 0

    def width(self, column: int) -> float:
        if column not in self._widths:
            found = (width for first, last, width in self._columns if first <= column <= last)
            self._widths[column] = next(found, self._usual_width) * self._digit
        return self._widths[column]


class _Runs:
    """The fonts of texts whose characters do not all look alike."""

    def __init__(self, package: Package, styles: Styles) -> None:
        self._package, self._styles = package, styles
        self._shared: list[ElementTree.Element] | None = None

    def fonts(self, attributes_of: bytes, content: bytes, style: Style) -> tuple[tuple[Font, ...], bool]:
        """The fonts of a text's parts, and whether it is annotated with its sound."""
        node = None
        if b't="s"' in attributes_of:
            index = re.search(rb"<v>(\d{1,9})</v>", content)
            shared = self._texts()
            node = shared[int(index[1])] if index and int(index[1]) < len(shared) else None
        elif _RICH.search(content):
            node = parsed(self._package, b"<is>" + content + b"</is>")
        if node is None:
            return (style.font,), False
        fonts = dict.fromkeys(self._parts(node, style.font))
        return tuple(fonts) or (style.font,), any(local(n) == "rPh" for n in node.iter())

    def _parts(self, node: ElementTree.Element, around: Font) -> Iterator[Font]:
        for run in (n for n in node.iter() if local(n) == "r"):
            text = "".join(t.text or "" for t in run if local(t) == "t")
            looks = next((n for n in run if local(n) == "rPr"), None)
            if text.strip():
                yield around if looks is None else self._styles.font(looks, around)

    def _texts(self) -> list[ElementTree.Element]:
        if self._shared is None:
            name = "xl/sharedStrings.xml"
            xml = self._package.xml(name) if name in self._package.names else b""
            self._shared = [n for n in parsed(self._package, xml) if local(n) == "si"] if _RICH.search(xml) else []
        return self._shared


def _texts(
    cells: Sequence[RawCell],
    grid: Grid,
    values: Sequence[Sequence[Value]],
    styles: Styles,
    runs: _Runs,
    lines: _Lines,
    areas: Sequence[Area],
) -> Iterator[Text]:
    """What stands in the cells; the values are those that are stored."""
    ends = dict(areas)
    wide = [area for area in areas if area[0] != area[1]]
    for row, column, raw, content in cells:
        value = values[row][column] if row < len(values) and column < len(values[row]) else None
        text = grid.errors.get((row, column)) or as_text(value)
        if not text.strip():
            continue
        about = attributes(raw)
        number = about.get(b"s", b"")
        style = styles[int(number)] if number.isdigit() and len(number) < 8 else Style()
        bottom, right = ends.get((row, column), (row, column))
        over = any(t <= row <= b and le <= column <= r and (t, le) != (row, column) for (t, le), (b, r) in wide)
        is_text = about.get(b"t") in (b"s", b"str", b"inlineStr") and (row, column) not in grid.errors
        kind = (
            "公式"
            if b"<f" in content
            else ""
            if is_text
            else "数字或日期"
            if about.get(b"t") in (None, b"n", b"d")
            else "逻辑值或错误值"
        )
        if is_text:
            shown = number_format.text_shown(text, style.code)
        else:
            found = number_format.shown(value, style.code)
            shown = found.text if found else as_text(value)
        fonts, sounded = runs.fonts(raw, content, style)
        more = {
            "数字格式带颜色": number_format.coloured(style.code),
            "数字格式里有别的文字": shown == text and number_format.adds_words(style.code),
            "带注音": sounded,
        }
        odd = (*style.odd, *(word for word, there in more.items() if there))
        yield Text(
            row, column, bottom, right, text, shown, kind, style._replace(odd=odd), fonts,
            width=sum(map(lines.width, range(column, min(right, column + 100) + 1))),
            height=sum(map(lines.height, range(row, min(bottom, row + 3000) + 1))),
            fitted=bottom == row and lines.fitted(row),
            covered=over,
        )  # fmt: skip


def _fills(cells: Sequence[RawCell], styles: Styles, written: set[Cell]) -> Iterator[Cell]:
    """Blank cells that are filled with a colour or crossed out."""
    count = 0
    for row, column, raw, _ in cells:
        number = attributes(raw).get(b"s", b"")
        style = styles[int(number)] if number.isdigit() and len(number) < 8 else Style()
        if (style.fill != WHITE or "划了斜线" in style.odd) and (row, column) not in written and count < _MOST_FILLS:
            count += 1
            yield row, column


def _page(rest: ElementTree.Element) -> Iterator[tuple[str, str, bool]]:
    """The texts printed above and below every page; of first and even pages only where these have their own."""
    about = next((n for n in rest if local(n) == "headerFooter"), None)
    kinds = ["odd"]
    if about is not None:
        kinds += [
            kind for kind, key in (("even", "differentOddEven"), ("first", "differentFirst")) if about.get(key) in ("1", "true")
        ]
    for name in ("Header", "Footer"):
        for kind in kinds:
            found = next((n.text or "" for n in about if local(n) == kind + name), "") if about is not None else ""
            codes = _CODE.finditer(found.replace("&&", "\0"))
            faint = any((c["ink"] or "000000") != "000000" or (c["size"] and int(c["size"][:4]) < _SMALLEST) for c in codes)
            yield "页眉" if name == "Header" else "页脚", page_text(found), not faint


def page_text(codes: str) -> str:
    """The text of a page's header or footer without its codes, page numbers left out."""
    return _CODE.sub("", codes.replace("&&", "\0")).replace("\0", "&").strip()


def _further(package: Package, part: str, rest: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Things on a sheet that are no cells: (what, where)."""
    found: dict[tuple[str, str], None] = {}
    for kind, target in _relations(package, part):
        if kind == "drawing":
            tree = parsed(package, package.part(target)) if target in package.names else None
            if tree is not None and any(local(n) in _ANCHORS for n in tree):
                found["图片、图形或文本框", ""] = None
        elif kind in ("comments", "threadedComment") and target in package.names:
            cells = [n.get("ref", "") for n in parsed(package, package.part(target)).iter() if n.get("ref")]
            found.update({("批注", cell): None for cell in cells[:100]})
        elif kind == "vmlDrawing" and target in package.names:
            if b'ObjectType="Note"' not in package.part(target) and b"<v:shape " in package.part(target):
                found["图形或控件", ""] = None
        elif kind not in _HARMLESS:
            found[_RELATED.get(kind, "附加的内容"), ""] = None
    for node in rest:
        name = local(node)
        if name in ("hyperlinks", "tableParts", "oleObjects", "controls") and not len(node):
            continue
        if name in _SHEET_PARTS:
            where = [area for n in (node, *node) for area in (n.get("sqref") or n.get("ref") or "").split()[:1]]
            found.update({(_SHEET_PARTS[name], area): None for area in where or [""]})
        elif name == "dataValidations":
            if any(n.get("prompt") or n.get("promptTitle") for n in node):
                found["输入提示", ""] = None
        elif name == "sheetViews":
            found.update({(what, ""): None for view in node for what in _of_view(view)})
        elif name == "extLst":
            inner = {local(n) for n in node.iter()}
            found.update({(word, ""): None for key, word in _EXTENSIONS.items() if key in inner})
        elif name == "pageSetup" and _number(node.get("scale"), 100) < 40 and not _fits(rest):
            found[f"打印缩放{node.get('scale')}%", ""] = None
    if "xl/vbaProject.bin" in package.names:
        found["宏", ""] = None
    yield from found


def _of_view(view: ElementTree.Element) -> Iterator[str]:
    if view.get("rightToLeft") in ("1", "true"):
        yield "从右向左显示的设置"
    pane = next((n for n in view if local(n) == "pane"), None)
    if pane is not None and pane.get("state", "").startswith("frozen") and view.get("topLeftCell", "A1") != "A1":
        yield "冻结窗格（上面或左边的内容滚不出来）"


def _fits(rest: ElementTree.Element) -> bool:
    about = (n for part in rest if local(part) == "sheetPr" for n in part if local(n) == "pageSetUpPr")
    return any(n.get("fitToPage") in ("1", "true") for n in about)


def _relations(package: Package, part: str) -> Iterator[tuple[str, str]]:
    """Kind and target of what belongs to a part."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    for relation in map(attributes, RELATION.findall(package.part(relations)) if relations in package.names else ()):
        target = posixpath.join("/" + folder, relation.get(b"Target", b"").decode("utf-8", "replace"))
        kind = relation.get(b"Type", b"").rpartition(b"/")[2].decode("utf-8", "replace")
        yield kind, posixpath.normpath(target).lstrip("/")


def _printed(package: Package, sheet: str) -> Iterator[Area]:
    """The areas of a sheet that are set to be printed."""
    index = package.sheet_names.index(sheet)
    xml = package.part("xl/workbook.xml")
    for found in re.finditer(rb"<definedName\s([^>]*)>([^<]*)</definedName>", xml):
        about = attributes(found[1])
        if about.get(b"name") == b"_xlnm.Print_Area" and about.get(b"localSheetId") == str(index).encode():
            for area in html.unescape(found[2].decode("utf-8", "replace")).split(","):
                cells = re.fullmatch(r".*!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?", area, re.DOTALL)
                if cells:
                    first = cell_of(cells[1] + cells[2])
                    yield first, cell_of(cells[3] + cells[4]) if cells[3] else first


def _number(text: str | None, otherwise: float) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError:
        return otherwise
