"""导入 in the open form: a foreign file's content into the blank form, and the import report of it onto 导入说明."""

from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.files.a1 import address, cell_of
from xlpkg.form.declaration import Declaration
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm
from xlpkg.live import open_form
from xlpkg.live.open_form import Form
from xlpkg.live.own_cells import own_sheet
from xlpkg.live.repair import write_texts
from xlpkg.reading.source import Source
from xlpkg.writing import import_report
from xlpkg.writing.entry import input_texts
from xlpkg.writing.table_sheet import LAST_ROW

if TYPE_CHECKING:
    import xlwings as xw


class NotBlankError(RefusalError):
    """The form cannot take a file in; the message is a sentence for the user."""


def take_in(book: "xw.Book", path: Path) -> Source:
    """Fill the blank form with a file's content and list where it came from. Raises NotBlankError, UnreadableError."""
    from xlpkg.reading.read import read

    form = open_form.read(book)
    if any(norm(form.source.declaration.header(f)) for f in form.source.profile.header) or form.source.declaration.indicators:
        raise NotBlankError("这张表已经填了内容，没有导入。请打开一张空白表再点“导入”。")
    source = read(path, form.source.profile)
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
    cells = {cell_of(places.header[f]): text for f in form.source.profile.header if (text := declaration.header(f))}
    for row, item in enumerate(rows, first):
        cells |= {
            (row, places.columns[n]): text for n, text in input_texts(form.source.profile, item).items() if n in places.columns
        }
    write_texts(form, cells)


def _list(book: "xw.Book", source: Source) -> None:
    sheet = own_sheet(book, layout.INTAKE)
    heads, first = import_report.COLUMNS.heads, import_report.FIRST_ROW
    sheet.range((first + 1, 1), (LAST_ROW, len(heads))).clear_contents()
    left, filled = import_report.lines(source.import_report, source.profile) if source.import_report else ([], [])
    said = "".join([import_report.verdict(source.import_report), *(source.import_report.lines if source.import_report else ())])
    verdict = [said, *[""] * (len(heads) - 1)]
    block = [verdict, heads, *(list(line) for line in (*left, *filled))]
    sheet.range(address(*import_report.VERDICT)).value = block
    if left or filled:
        sheet.range((first + 1, 1), (first + len(left) + len(filled), len(heads))).rows.autofit()
