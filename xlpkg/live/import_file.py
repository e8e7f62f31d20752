"""导入 in the open form: a foreign file's content into the blank form, and the import report of it onto 导入说明."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.files.a1 import address, cell_of
from xlpkg.form.declaration import Declaration
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm
from xlpkg.live import open_form
from xlpkg.live.open_form import Form
from xlpkg.live.own_cells import own_sheet, uncover
from xlpkg.live.repair import write_texts
from xlpkg.reading.source import DECLARATION, Source
from xlpkg.writing import import_report
from xlpkg.writing.entry import input_texts
from xlpkg.writing.table_sheet import LAST_ROW

if TYPE_CHECKING:
    import xlwings as xw


class NotBlankError(RefusalError):
    """The form cannot take a file in; the message is a sentence for the user."""


class ChooseError(RefusalError):
    """The file holds several declarations, and the user has not said which; they are listed on 导入说明."""


_TICKS = ("√", "✓", "✔", "☑")
_TICK_HERE = "要导入这一份，把这一格改成√"


def take_in(book: "xw.Book", path: Path) -> Source:
    """Fill the blank form with a file's content and list where it came from.

    Of a file with several declarations the one that is ticked on 导入说明; without a tick they are listed there.
    Raises NotBlankError, ChooseError, UnreadableError.
    """
    from xlpkg.reading.read import read_all

    form = open_form.read(book)
    if any(norm(form.source.declaration.header(f)) for f in form.source.profile.header) or form.source.declaration.indicators:
        raise NotBlankError("这张表已经填了内容，没有导入。请打开一张空白表再点“导入”。")
    sources = read_all(path, form.source.profile)
    source = sources[0] if len(sources) == 1 else _ticked(book, path, sources)
    if source.kind != DECLARATION:
        raise NotBlankError(f"“{path.name}”没有导入：{source.notices[-1]}")
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


def _ticked(book: "xw.Book", path: Path, sources: Sequence[Source]) -> Source:
    """The declaration that is ticked in the list of this file. Raises ChooseError, and lists them all, where none or two are."""
    sheet = own_sheet(book, layout.INTAKE)
    first, last = import_report.FIRST_ROW + 1, import_report.FIRST_ROW + len(sources)
    columns = import_report.COLUMNS
    rows = sheet.range((first, 1), (last, columns.last + 1)).options(ndim=2).value
    listed = [line[:3] for line in _offered(path, sources)]
    if [[str(v or "") for v in row[:3]] for row in rows] == listed:
        ticked = [n for n, row in enumerate(rows) if str(row[columns.at("remark")] or "").strip().startswith(_TICKS)]
        if len(ticked) == 1:
            return sources[ticked[0]]
    _write(book, f"“{path.name}”里有{len(sources)}份表，每次导入一份。", _offered(path, sources))
    sheet.activate()
    raise ChooseError(f"“{path.name}”里有{len(sources)}份表：请在“导入说明”里把要导入的一份打√，再点一次“导入”，选同一个文件。")


def _offered(path: Path, sources: Sequence[Source]) -> list[list[str]]:
    from xlpkg.reading.read import name_of

    rows = (sum(not i.blank for i in s.declaration.indicators) for s in sources)
    each = enumerate(zip(sources, rows, strict=True), 1)
    return [[f"第{n}份", name_of(s), f"{path.name}，{count}条指标", "", _TICK_HERE] for n, (s, count) in each]


def _write(book: "xw.Book", sentence: str, lines: Sequence[Sequence[str]]) -> None:
    """The sentence and the lines of 导入说明, in place of what stood there."""
    sheet = own_sheet(book, layout.INTAKE)
    heads, first = import_report.COLUMNS.heads, import_report.FIRST_ROW
    uncover(sheet)
    sheet.range((first + 1, 1), (LAST_ROW, len(heads))).clear_contents()
    sheet.range(address(*import_report.VERDICT)).value = [[sentence, *[""] * (len(heads) - 1)], heads, *map(list, lines)]
    if lines:
        sheet.range((first + 1, 1), (first + len(lines), len(heads))).rows.autofit()


def _list(book: "xw.Book", source: Source) -> None:
    left, filled = import_report.lines(source.import_report, source.profile) if source.import_report else ([], [])
    said = "".join([import_report.verdict(source.import_report), *(source.import_report.lines if source.import_report else ())])
    _write(book, said, (*left, *filled))
