"""Word documents (.docx) as tables and paragraphs; merged cells, tables over several pages and symbols of fonts are understood."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xlpkg.sheets.intake.document import Cell, Document, Piece, Table
from xlpkg.sheets.package import LARGEST_CONTENT, MOST_ENTRIES, UnreadableError, read_bytes

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_OLDER_TWIN = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_THERE = (f"{_W}del", f"{_W}moveFrom", _OLDER_TWIN)
_PLAIN = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F03D": "=", "F03E": ">", "F03C": "<", "F0B4": "×", "F0B1": "±", "F0A8": "□", "F0FE": "☑"}


def read_word(path: Path) -> Document:
    """A .docx. Raises UnreadableError with a sentence."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    data = read_bytes(path)
    if data.startswith(_OLE):
        raise UnreadableError(f"“{path.name}”设有密码，或是旧版Word格式。请用Word打开，取消密码，另存为.docx后再试。")
    broken = UnreadableError(f"“{path.name}”不是完整的Word文档，打不开。请重新复制，或用Word打开后另存为.docx再试。")
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > LARGEST_CONTENT:
                raise UnreadableError(f"“{path.name}”展开后过大，不像一张申报表，为安全起见没有打开。")
        document: Any = docx.Document(str(path))
    except UnreadableError:
        raise
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError, SyntaxError, AttributeError):
        raise broken from None  # SyntaxError: lxml's for XML that is cut off
    tables: list[Table] = []
    paragraphs: list[Piece] = []
    _walk(document.element.body, tables, paragraphs, "")
    for section in document.sections:
        for name, part in (("页眉", section.header), ("页脚", section.footer)):
            if not part.is_linked_to_previous:
                _walk(part._element, tables, paragraphs, name)
    return Document(path.name, tables, paragraphs)


def _walk(parent: Any, tables: list[Table], paragraphs: list[Piece], part: str) -> None:
    for child in _content(parent):
        if child.tag == f"{_W}p":
            text = _text(child)
            if text.strip():
                paragraphs.append(Piece(text, part or f"正文第{len(paragraphs) + 1}段"))
            for box in child.iter(f"{_W}txbxContent"):
                if not any(a.tag == _OLDER_TWIN for a in box.iterancestors()):
                    _walk(box, tables, paragraphs, "文本框")
        elif child.tag == f"{_W}tbl":
            _table(child, tables, paragraphs)


def _content(parent: Any) -> Iterator[Any]:
    """The children of a part, those within content controls and insertions included."""
    for child in parent:
        if child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}smartTag", f"{_W}customXml"):
            yield from _content(child)
        else:
            yield child


def _table(element: Any, tables: list[Table], paragraphs: list[Piece]) -> None:
    name = f"第{len(tables) + 1}张表"
    rows: list[list[Cell | None]] = []
    table = Table(name, [])
    tables.append(table)
    for line in (c for c in _content(element) if c.tag == f"{_W}tr"):
        if line.find(f"{_W}trPr/{_W}del") is not None:  # a deleted row of a tracked change
            continue
        above = rows[-1] if rows else []
        row: list[Cell | None] = [None] * _number(line.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for number, element_of_cell in enumerate((c for c in _content(line) if c.tag == f"{_W}tc"), 1):
            width = max(_number(element_of_cell.find(f"{_W}tcPr/{_W}gridSpan"), 1), 1)
            merge = element_of_cell.find(f"{_W}tcPr/{_W}vMerge")
            upper = above[len(row)] if len(row) < len(above) else None
            if merge is not None and merge.get(f"{_W}val") != "restart" and upper is not None:
                upper.height = len(rows) - upper.row + 1
                row += [upper] * width
                continue
            text = _cell_text(element_of_cell, tables, paragraphs)
            cell = Cell(text, f"{name}第{len(rows) + 1}行第{number}格", len(rows), len(row), 1, width)
            row += [cell] * width
        rows.append(row)
    table.rows = rows


def _number(element: Any, default: int) -> int:
    text = element.get(f"{_W}val") if element is not None else None
    return min(int(text), 200) if text and text.isdigit() else default


def _cell_text(cell: Any, tables: list[Table], paragraphs: list[Piece]) -> str:
    """The paragraphs of a cell, one a line; a table within it is a table of its own."""
    lines = []
    for child in _content(cell):
        if child.tag == f"{_W}p":
            lines.append(_text(child))
        elif child.tag == f"{_W}tbl":
            _table(child, tables, paragraphs)
    return "\n".join(lines).strip("\n")


def _text(paragraph: Any) -> str:
    """A paragraph's text: what was deleted in a tracked change and what stands in text boxes left out, symbols put in."""
    parts: list[str] = []

    def walk(element: Any) -> None:
        for child in element:
            tag = child.tag
            if tag in (f"{_W}t", _MATH):
                parts.append(child.text or "")
            elif tag in _PLAIN:
                parts.append(_PLAIN[tag])
            elif tag == f"{_W}sym":
                code = (child.get(f"{_W}char") or "").upper()
                parts.append(_SYMBOLS.get(code, "□" if code else ""))
            elif tag not in _NOT_THERE and tag != f"{_W}txbxContent" and isinstance(tag, str):
                walk(child)

    walk(paragraph)
    return "".join(parts)
