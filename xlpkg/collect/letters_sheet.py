"""The sheet 退回意见书: the letters one below the other. The Word files are the ones that are sent."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from xlpkg.collect import letters
from xlpkg.collect.collection import Collection
from xlpkg.writing.page_setup import row_height, set_up_page, set_width, text_height
from xlpkg.writing.style import Formats

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


_PAGE = 770.0
"""Points that a page of A4 has for the letters in the size in which they are printed."""
_SEAL_SPACE = 36.0


class _Piece(NamedTuple):
    """A row of a letter: one text across it, or the cells of its table; the style and the height."""

    texts: Sequence[str]
    style: str
    height: float


def write_letters_sheet(sheet: "Worksheet", formats: Formats, collection: Collection, room: int) -> None:
    """The return letters one below the other; printed, no letter is cut that fits on a page."""
    columns = letters.COLUMNS
    for n, column_width in enumerate(columns.widths):
        set_width(sheet, n, column_width)
    row, breaks, used = 0, [], 0.0
    for _, project in collection.forms():
        made = letters.letter(project)
        if made is None:
            continue
        pieces = list(_pieces(made))
        if row + len(pieces) > room:
            sheet.write_string(row, 0, "其余退回意见书放不下，请用“生成退回意见书”另存为Word文件。")
            break
        height = sum(piece.height for piece in pieces)
        if used and used + height > _PAGE:
            breaks.append(row)
            used = 0
        used += height
        for piece in pieces:
            sheet.set_row(row, piece.height)
            if len(piece.texts) == 1:
                sheet.merge_range(row, 0, row, columns.last, "", formats[piece.style])
                sheet.write_string(row, 0, piece.texts[0], formats[piece.style])
            else:
                for n, (text, style) in enumerate(zip(piece.texts, columns.styles, strict=True)):
                    sheet.write_string(row, n, text, formats[piece.style or style])
            row += 1
    if not row:
        sheet.write_string(0, 0, "没有需要退回的项目。")
    sheet.set_h_pagebreaks(breaks)
    sheet.hide_gridlines(2)
    set_up_page(sheet, portrait=True, footer="&C第&P页")
    sheet.set_margins(0.7, 0.7, 0.5, 0.6)


def _pieces(made: letters.Letter) -> Iterator[_Piece]:
    """The rows of a letter, and a blank one below."""
    widths = letters.COLUMNS.widths
    yield _Piece([made.title], "title", 30)
    yield _Piece([letters.NUMBER], "center", 20)
    if made.to:
        yield _Piece([made.to], "text", 18)
    yield _Piece(["　　" + made.opening], "text", text_height("　　" + made.opening, widths))
    yield _Piece(letters.COLUMNS.heads, "head", 20)
    for line in made.rows:
        yield _Piece(line, "", row_height(zip(line, widths, strict=True)))
    if made.rest:
        yield _Piece([made.rest], "text", 18)
    yield _Piece([letters.CONTACT], "text_low", 24)
    yield _Piece([letters.SIGNED[0]], "right_low", _SEAL_SPACE)
    yield _Piece([letters.SIGNED[1]], "right_low", 18)
    yield _Piece([""], "text", 16)
