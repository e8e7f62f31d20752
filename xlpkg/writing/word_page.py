"""A printed page as a Word document: tables of the same widths, heights, letters and breaks as the sheet has."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from xlpkg.writing.page import CHARACTER_POINTS, MARGINS, STYLES, Box, Page
from xlpkg.writing.style import FONT

_PAPER = 595.3, 841.9  # A4, in points
_INCH = 72.0
_SPARE = 0.15
"""Inches of the margins above and below that are left to the rows: programs break lines in different places."""
_EDGE = 0.15
"""Inches from the paper's edge to header and footer."""
_LINE = 15 / 10.5
"""The height of a line, of the size of its letters."""
_INDENT = 9.0
_NO_AIR = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
"""No blanks between Chinese characters and figures, as in a sheet."""
_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CODE = re.compile(r"&(?:(?P<size>\d{1,2})|(?P<switch>[BCPN]))|(?P<text>[^&]+)")


def as_word(page: Page, title: str) -> bytes:
    """The page as a Word document, in the size in which the sheet is printed; without personal metadata.

    What stands above the rows that every page repeats is a table, so is the part of the rest on each page, and what stands below.
    """
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import parse_xml

    from xlpkg.writing.word_package import without_old_styles

    document: Any = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.title = title
    section = document.sections[0]
    if page.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
    for edge, size in zip(("page_width", "page_height"), _paper(page), strict=True):
        setattr(section, edge, _emu(size))
    for edge, inches in MARGINS.items():
        setattr(section, f"{edge}_margin", _emu(inches * _INCH - (_SPARE * _INCH if edge in ("top", "bottom") else 0)))
    section.header_distance = section.footer_distance = _emu(_EDGE * _INCH)
    for part, code in ((section.header, page.header), (section.footer, page.footer)):
        if code:
            line = part.paragraphs[0]._element
            line.getparent().replace(line, parse_xml(_coded(code)))
    body = document.element.body
    for xml in _body(page):
        body.insert(len(body) - 1, parse_xml(xml))  # the section's properties stay last
    without_old_styles(document)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def _paper(page: Page) -> tuple[float, float]:
    """Width and height in points."""
    return (_PAPER[1], _PAPER[0]) if page.landscape else _PAPER


def _emu(points: float) -> int:
    return round(points * 12700)


def _body(page: Page) -> Iterator[str]:
    """The tables of the page, each followed by a line that cannot be seen."""
    drawing = _Drawing(page)
    first, last = page.repeat
    if first:
        yield drawing.table(range(first))
        yield _thin()
    head, below = range(first, last + 1), drawing.below
    breaks = [row for row in page.breaks if row < below]
    for start, end in zip((last + 1, *breaks), (*breaks, below), strict=True):
        if start != last + 1:
            yield _thin(new_page=True)
        yield drawing.table(head, range(start, end))
    yield _thin(new_page=below in page.breaks)
    yield drawing.table(range(below, len(page.heights)))
    yield _thin()


def _thin(*, new_page: bool = False) -> str:
    """A paragraph of one point: tables that touch are one table."""
    begin = "<w:pageBreakBefore/>" if new_page else ""
    spacing = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return f'<w:p {_NAMES}><w:pPr>{begin}{spacing}<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'


class _Drawing:
    def __init__(self, page: Page) -> None:
        self.page = page
        room = _paper(page)[0] - (MARGINS["left"] + MARGINS["right"]) * _INCH
        self.scale = min(1.0, room / (CHARACTER_POINTS * sum(page.widths)))
        self.twips = [round(20 * room * width / sum(page.widths)) for width in page.widths]
        self.rows: list[dict[int, Box]] = [{} for _ in page.heights]
        for box in page.boxes:
            for row in range(box.top, box.bottom + 1):
                self.rows[row][box.left] = box
        lined = [row for row, boxes in enumerate(self.rows) if any(STYLES[b.style].bordered for b in boxes.values())]
        self.below = lined[-1] + 1
        """The first row below the lines of the table."""

    def table(self, head: range, rows: range = range(0)) -> str:
        """The rows as a table; those of the head are repeated where it runs over a page, if others follow."""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in self.twips)
        cells = "".join(f'<w:{edge} w:w="40" w:type="dxa"/>' for edge in ("left", "right"))
        look = (
            f'<w:tblW w:w="{sum(self.twips)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar>{cells}</w:tblCellMar>"
        )
        lines = [self._row(row, head, repeated=bool(rows)) for row in head] + [self._row(row, rows) for row in rows]
        return f"<w:tbl {_NAMES}><w:tblPr>{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"

    def _row(self, row: int, part: range, *, repeated: bool = False) -> str:
        height = round(20 * self.scale * self.page.heights[row])
        head = "<w:tblHeader/>" if repeated else ""
        look = f'<w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{head}<w:jc w:val="center"/>'
        cells, column = [], 0
        while column < len(self.twips):
            box = self.rows[row].get(column)
            right = box.right if box else column
            width = sum(self.twips[column : right + 1])
            cells.append(self._cell(box, row, part, width, right - column + 1))
            column = right + 1
        return f"<w:tr><w:trPr>{look}</w:trPr>{''.join(cells)}</w:tr>"

    def _cell(self, box: Box | None, row: int, part: range, width: int, columns: int) -> str:
        span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
        size = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}'
        if box is None:
            return f"<w:tc><w:tcPr>{size}</w:tcPr><w:p/></w:tc>"
        top, bottom = max(box.top, part.start), min(box.bottom, part.stop - 1)
        merge = "" if top == bottom else '<w:vMerge w:val="restart"/>' if row == top else "<w:vMerge/>"
        style = STYLES[box.style]
        # a box that goes on in the next table, or came from the one before, has no line there
        open_sides = [side for side, is_open in (("top", top > box.top), ("bottom", bottom < box.bottom)) if is_open]
        lines = "".join(
            f'<w:{side} w:val="{"nil" if side in open_sides else "single"}" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right")
        )
        borders = f"<w:tcBorders>{lines}</w:tcBorders>" if style.bordered else ""
        # a text that belongs to the rows below the repeated head stands there
        text = box.text if row == top and bottom == box.bottom else ""
        look = f'<w:tcPr>{size}{merge}{borders}<w:vAlign w:val="center"/></w:tcPr>'
        return f"<w:tc>{look}{''.join(self._paragraph(line, box.style) for line in text.split(chr(10)))}</w:tc>"

    def _paragraph(self, text: str, name: str) -> str:
        style = STYLES[name]
        size = style.size * self.scale
        indent = round(20 * self.scale * _INDENT) if style.indented else 0
        place = f'<w:ind w:left="{indent}"/><w:jc w:val="{style.horizontal}"/>'
        return _paragraph(_run(text, size, bold=style.bold) if text else "", size, place)


def _paragraph(runs: str, size: float, place: str = "") -> str:
    line = round(20 * _LINE * size)
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>'
    return f"<w:p><w:pPr>{_NO_AIR}{spacing}{place}<w:rPr>{_letters(size)}</w:rPr></w:pPr>{runs}</w:p>"


def _run(text: str, size: float, *, bold: bool = False) -> str:
    return f'<w:r><w:rPr>{_letters(size, bold=bold)}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _letters(size: float, *, bold: bool = False) -> str:
    fonts = " ".join(f'w:{kind}="{FONT}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    half_points = round(2 * size)
    return f'<w:rFonts {fonts}/>{"<w:b/>" if bold else ""}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _coded(code: str) -> str:
    """A header or footer in Excel's codes as a paragraph: sizes, bold, and the numbers of the page and of all pages."""
    runs, size, bold, largest = [], 10.0, False, 0.0
    for part in _CODE.finditer(code):
        if part["size"]:
            size = float(part["size"])
        elif part["switch"] == "B":
            bold = not bold
        elif part["text"]:
            runs.append(_run(part["text"], size, bold=bold))
            largest = max(largest, size)
        elif part["switch"] in ("P", "N"):
            field = {"P": "PAGE", "N": "NUMPAGES"}[part["switch"]]
            runs.append(f'<w:fldSimple w:instr=" {field} ">{_run("1", size, bold=bold)}</w:fldSimple>')
    return _paragraph("".join(runs), largest, '<w:jc w:val="center"/>').replace("<w:p>", f"<w:p {_NAMES}>", 1)
