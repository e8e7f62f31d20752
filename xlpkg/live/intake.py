"""导入 in the open form: a foreign file's content into the blank form, and the account of it onto 导入说明."""

from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg.form.declaration import HEADER, Declaration
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm
from xlpkg.live import door
from xlpkg.live.board import own_sheet
from xlpkg.live.door import Form
from xlpkg.live.repair import write_texts
from xlpkg.sheets import account, layout
from xlpkg.sheets.entry import input_texts
from xlpkg.sheets.interpret import Source
from xlpkg.sheets.layout import address, cell_of

if TYPE_CHECKING:
    import xlwings as xw


class NotBlankError(RefusalError):
    """The form cannot take a file in; the message is a sentence for the user."""


def take_in(book: "xw.Book", path: Path) -> Source:
    """Fill the blank form with a file's content and list where it came from. Raises NotBlankError, UnreadableError."""
    from xlpkg.sheets.read import read

    form = door.read(book)
    if any(norm(form.source.declaration.header(f)) for f in HEADER) or form.source.declaration.indicators:
        raise NotBlankError("这张表已经填了内容，没有导入。请打开一张空白表再点“导入”。")
    source = read(path, form.source.profile.id)
    if source.profile.id != form.source.profile.id:
        raise NotBlankError(f"“{path.name}”用的是另一种表式（{source.profile.name}），没有导入。请用那种表式的空白表导入。")
    own_sheet(book, layout.INTAKE)  # before anything is written
    _fill(form, source.declaration)
    _list(book, source)
    return source


def _fill(form: Form, declaration: Declaration) -> None:
    """The header fields and the rows; sheet rows are put in where the prepared ones do not suffice."""
    places, rows = form.places, [i for i in declaration.indicators if not i.blank]
    first = places.header_row + 1
    prepared = len(form.grid.values) - first
    if len(rows) > prepared:
        middle = first + max(prepared // 2, 1)
        form.sheet.range(f"{middle + 1}:{middle + len(rows) - prepared}").insert("down")
    cells = {cell_of(places.header[f]): text for f in HEADER if (text := declaration.header(f))}
    for row, item in enumerate(rows, first):
        cells |= {(row, places.columns[n]): text for n, text in input_texts(item).items() if n in places.columns}
    write_texts(form, cells)


def _list(book: "xw.Book", source: Source) -> None:
    sheet = own_sheet(book, layout.INTAKE)
    width = len(account.HEADS)
    sheet.range((account.FIRST_ROW + 1, 1), (account.LAST_ROW, width)).clear_contents()
    left, filled = account.lines(source.account, source.profile) if source.account else ([], [])
    head = [[account.verdict(source.account), *[""] * (width - 1)], list(account.HEADS)]
    sheet.range(address(account.VERDICT_ROW, 0)).value = [*head, *left, *filled]
    if left or filled:
        sheet.range((account.FIRST_ROW + 1, 1), (account.FIRST_ROW + len(left) + len(filled), width)).rows.autofit()
