"""Write repairs into the open form: only the cells that change, and a new sheet row for each part of a split value."""

from typing import TYPE_CHECKING

from xlpkg.audit.check import check
from xlpkg.audit.finding import OFFERED
from xlpkg.audit.fix import Change, accept, mend, split_rows
from xlpkg.form.declaration import HEADER, Indicator
from xlpkg.live.board import own_sheet
from xlpkg.live.door import Form
from xlpkg.sheets import layout, results
from xlpkg.sheets.entry import input_texts
from xlpkg.sheets.layout import Cell, cell_of

if TYPE_CHECKING:
    import xlwings as xw

_VALUE = ("op", "number", "measure")


def repair(book: "xw.Book", form: Form) -> list[Change]:
    """Make the safe repairs and the offered ones that were ticked; says what was changed."""
    source = form.source
    ticks = _ticks(book)
    agreed = {
        (f.rule, f.row, f.field) for f in check(source.declaration, source.profile).findings
        if f.fix and f.fix.kind == OFFERED and (f.rule, f.place, results.offer(f)) in ticks
    }  # fmt: skip
    mended, changes = mend(source.declaration, source.profile)
    offered = [f for f in check(mended, source.profile).findings if (f.rule, f.row, f.field) in agreed]
    mended, accepted, splits = accept(mended, offered)
    _write(form, {**_header_cells(form, mended.header), **_row_cells(form, mended.indicators)})
    rows = {i.row: i for i in mended.indicators}
    for finding, fix in splits:  # from below, so that the rows above keep their places
        assert finding.row is not None and source.places is not None
        _insert(form, source.places.rows[finding.row], split_rows(rows[finding.row], fix))
    return [*changes, *accepted, *(Change(f.rule, f.place, fix.to) for f, fix in splits)]


def _ticks(book: "xw.Book") -> set[tuple[str, str, str]]:
    """Rule, place and offer of the findings that are ticked in 检查结果."""
    sheet = own_sheet(book, layout.RESULTS)
    used = sheet.used_range
    bottom = used.row + used.shape[0] - 1
    if bottom <= results.FIRST_ROW:
        return set()
    block = sheet.range((results.FIRST_ROW + 1, 1), (bottom, len(results.COLUMNS))).options(ndim=2, err_to_str=True).value
    columns = (results.RULE, results.PLACE, results.OFFER)
    return {(str(row[columns[0]]), str(row[columns[1]]), str(row[columns[2]])) for row in block if row[results.TICK]}


def _header_cells(form: Form, header: object) -> dict[Cell, list[str]]:
    """Cell → text of the header fields that change."""
    assert form.source.places is not None and callable(header)
    before, places = form.source.declaration.header, form.source.places
    return {cell_of(places.header[f]): [header(f)] for f in HEADER if header(f) != before(f)}


def _row_cells(form: Form, after: tuple[Indicator, ...]) -> dict[Cell, list[str]]:
    """Cell → text of the input cells that change; sign, number and unit are one value and change together."""
    places = form.source.places
    assert places is not None
    cells: dict[Cell, list[str]] = {}
    for old, new in zip(form.source.declaration.indicators, after, strict=True):
        before, texts = input_texts(old), input_texts(new)
        value_changes = any(before[name] != texts[name] for name in _VALUE)
        for name, text in texts.items():
            if text != before[name] or (value_changes and name in _VALUE):
                cells[places.rows[old.row], places.columns[name]] = [text]
    return cells


def _write(form: Form, cells: dict[Cell, list[str]]) -> None:
    """Texts into cells, as text, in one block for each run of cells side by side or one above the other."""
    across: dict[Cell, list[str]] = {}
    for cell in sorted(cells):
        left = next((start for start in across if start[0] == cell[0] and start[1] + len(across[start]) == cell[1]), None)
        if left is None:
            across[cell] = list(cells[cell])
        else:
            across[left] += cells[cell]
    blocks: dict[Cell, list[list[str]]] = {}
    for (row, column), texts in across.items():
        above = (s for s in blocks if s[1] == column and s[0] + len(blocks[s]) == row and len(blocks[s][0]) == len(texts))
        start = next(above, None)
        if start is None:
            blocks[row, column] = [texts]
        else:
            blocks[start].append(texts)
    for (row, column), lines in blocks.items():
        block = form.sheet.range((row + 1, column + 1), (row + len(lines), column + len(lines[0])))
        block.number_format = "@"
        block.value = lines


def _insert(form: Form, row: int, parts: list[Indicator]) -> None:
    """Put the parts of a split value in place of a row: the first into it, the others into new rows below."""
    places = form.source.places
    assert places is not None
    new = len(parts) - 1
    form.sheet.range(f"{row + 2}:{row + 1 + new}").insert("down")
    cells: dict[Cell, list[str]] = {}
    for n, part in enumerate(parts):
        texts = input_texts(part)
        if n == 0:
            texts = {name: texts[name] for name in ("name", *_VALUE)}
        cells |= {(row + n, places.columns[name]): [text] for name, text in texts.items() if name in places.columns}
    _write(form, cells)
