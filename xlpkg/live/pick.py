"""选指标: put the indicators that are ticked on 指标库 into the form's first blank rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlpkg import layout
from xlpkg.files.a1 import Cell
from xlpkg.form.library import HEADS, LibraryRow, indicator_of, row_of
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import comparable, number_text
from xlpkg.live import open_form
from xlpkg.live.repair import write_texts
from xlpkg.writing.entry import input_texts
from xlpkg.writing.library_sheet import FIRST_ROW, HEAD_ROW, columns

if TYPE_CHECKING:
    import xlwings as xw

TICKS = ("√", "✓", "✔", "☑", "1", "是")


class PickError(RefusalError):
    """There is nothing to put in; the message is a sentence for the user."""


def pick(book: "xw.Book") -> Sequence[LibraryRow]:
    """Write the ticked indicators below the last filled row, and take the ticks away. Raises PickError, UnreadableError."""
    if layout.LIBRARY not in book.sheet_names:
        raise PickError("这张表没有带指标库。请信息员用 xlpkg new --library 做一张带指标库的表。")
    sheet = book.sheets[layout.LIBRARY]
    used = sheet.used_range
    block = (
        sheet.range((1, 1), (max(used.row + used.shape[0] - 1, FIRST_ROW + 1), used.column + used.shape[1])).options(ndim=2).value
    )
    heads = {comparable(_text(value)): n for n, value in enumerate(block[HEAD_ROW])}
    at = {key: heads[comparable(head)] for key, head in HEADS.items() if comparable(head) in heads}
    tick = heads.get(comparable(columns(to_pick=True).heads[0]))
    if tick is None or "name" not in at or "l2" not in at:
        raise PickError("“指标库”表的表头被改动，找不到“选”“二级指标”“三级指标”。请恢复原来的表头后再试。")
    ticked = [n for n, row in enumerate(block[FIRST_ROW:], FIRST_ROW) if _text(row[tick]).strip() in TICKS]
    if not ticked:
        raise PickError(f"请先在“{layout.LIBRARY}”的“选”一列给要填的指标打√，再点“选指标”。")
    chosen = [row_of({key: _text(block[n][column]) for key, column in at.items()}) for n in ticked]
    _fill(open_form.read(book), chosen)
    sheet.range((FIRST_ROW + 1, tick + 1), (len(block), tick + 1)).value = [[""] for _ in block[FIRST_ROW:]]
    return chosen


def _text(value: Any) -> str:
    return "" if value is None else number_text(value) if isinstance(value, float) else str(value)


def _fill(form: open_form.Form, chosen: Sequence[LibraryRow]) -> None:
    """Below the last filled row; rows are put in where the prepared ones do not suffice."""
    places, profile = form.places, form.source.profile
    start = max(places.rows.values(), default=places.header_row) + 1
    missing = start + len(chosen) - len(form.grid.values)
    if missing > 0:
        at = start if places.rows else places.header_row + 2
        form.sheet.range(f"{at}:{at + missing - 1}").insert("down")
        start = start if places.rows else places.header_row + 1
    cells: dict[Cell, str] = {}
    for row, known in enumerate(chosen, start):
        texts = input_texts(profile, indicator_of(known, profile))
        cells |= {(row, places.columns[n]): text for n, text in texts.items() if text and n in places.columns}
    write_texts(form, cells)
