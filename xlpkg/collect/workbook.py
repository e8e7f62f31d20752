"""汇总.xlsx: the bureau's workbook. Texts stay texts, files are linked, and the totals follow the filters."""

import os
import re
from decimal import Decimal
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlpkg.collect.collection import Collection
from xlpkg.collect.find import LETTER
from xlpkg.collect.letters_sheet import write_letters_sheet
from xlpkg.collect.statistics_sheet import FIRST_ROW, HEAD_ROW, STATISTICS, write_statistics
from xlpkg.collect.tables import (
    DOUBTS,
    FIGURE,
    LINK,
    MONEY_WAN,
    NUMBER,
    OUTLIER,
    SHARE,
    TEXT,
    TIMES,
    WHO,
    WORD,
    YEAR,
    YUAN,
    Row,
    Table,
)
from xlpkg.files.write import in_place
from xlpkg.writing.book import new_book
from xlpkg.writing.list_pages import set_up_list
from xlpkg.writing.page_setup import row_height, set_width
from xlpkg.writing.style import AMBER, AMBER_INK, GREEN, GREEN_INK, RED, RED_INK, Formats
from xlpkg.writing.table_sheet import LAST_ROW, Column, Columns, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

TOTAL_ROW = HEAD_ROW - 1
_MOST_LINKS = 65_000  # Excel opens a sheet with 65,530 links at most
_ORDER = ("项目汇总", "指标明细", "成本分项", "问题清单", YEAR.name, STATISTICS, DOUBTS.name, "未能读取", "重复与版本", LETTER)
_STYLES = {
    TEXT: "row", WORD: "row_center", FIGURE: "row_center", LINK: "row_link", MONEY_WAN: "money", YUAN: "money", SHARE: "percent",
    NUMBER: "cell_center", TIMES: "cell_center",
}  # fmt: skip
_WRAPPED = (TEXT, WORD, FIGURE)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,10})?")
_LOWEST, _TALLEST = 18, 183  # points: one line, twelve lines
_HEAD_HEIGHT, _ABOVE = 32, 26 + 15 + 16
_TO_A_CELL = re.compile(r"(.*)#('(?:[^']|'')*'![A-Z]+\d+)", re.DOTALL)
_FOOTER = "&C&A　第&P页，共&N页"
_ESCAPED = re.compile(r'[%#\s"<>\[\]^`{}]')


def write_workbook(target: Path, collection: Collection, root: str, *, room: int = LAST_ROW, elsewhere: str = "") -> None:
    """Write the workbook, whole or not at all. Raises OSError.

    A table of more rows than a sheet has `room` for is left out; the sheet says so and that its rows are `elsewhere`.
    """
    data = BytesIO()
    book = new_book(data, "项目支出绩效目标汇总", created=None)
    formats = Formats(book)
    optional, there = (YEAR.name, DOUBTS.name), {t.name for t in collection.all_tables}
    names = [name for name in _ORDER if name not in optional or name in there]
    names[1:1] = [table.name for table in collection.added]
    sheets = {name: book.add_worksheet(name) for name in names}
    made = {t.name: _Sheet(book, sheets[t.name], t, _base(target, root), room) for t in collection.all_tables}
    for table, rows in collection.rows():
        made[table.name].add(rows)
    for sheet in made.values():
        sheet.finish(elsewhere)
    write_statistics(book, sheets[STATISTICS], formats, collection, _FOOTER)
    write_letters_sheet(sheets[LETTER], formats, collection, room)
    sheets["项目汇总"].activate()
    book.close()
    in_place(target, data.getvalue())


def _base(target: Path, root: str) -> str:
    """The beginning of every link to a file of the folder: the relative path from the workbook, or the folder's address."""
    if "://" in root:
        return root.rstrip("/") + "/"
    try:
        way = os.path.relpath(root, target.absolute().parent)
    except ValueError:  # another drive of Windows
        way = str(Path(root).absolute())
    return "external:" + ("" if way == "." else _escaped(Path(way).as_posix()) + "/")


def _escaped(path: str) -> str:
    """A path as a link carries it."""
    return _ESCAPED.sub(lambda m: f"%{ord(m[0]):02X}", path)


class _Sheet:
    """A table as it is written, row by row."""

    def __init__(self, book: "Workbook", sheet: "Worksheet", table: Table, base: str, room: int) -> None:
        columns = Columns({c.key: Column(c.head, c.width, _STYLES[c.kind]) for c in table.columns})
        self._sheet, self._table, self._base, self._room = sheet, table, base, room
        self._written = TableSheet(book, sheet, columns, HEAD_ROW)
        self._formats = self._written.formats
        self._row, self._links, self._left_out = FIRST_ROW, 0, 0
        self._totals = {n: Decimal(0) for n, c in enumerate(table.columns) if c.summed}
        self._looks = [self._formats[style] for style in columns.styles]
        self._who = [n for n, c in enumerate(table.columns) if c.key in ("department", *WHO)]
        self._before: list[Any] = []
        self._empty = {n for n, c in enumerate(table.columns) if c.spare}
        self._heights: list[float] = []

    def add(self, rows: list[Row]) -> None:
        for row in rows:
            for n in self._totals:
                self._totals[n] += row[n] or 0
            if self._row >= self._room:
                self._left_out += 1
                continue
            self._add(row)
            self._row += 1

    def _add(self, row: Row) -> None:
        """A row; whose it is stands in grey where the row above says the same, in one line: filters find it all the same."""
        who = [row[n] for n in self._who]
        again = set(self._who) if who == self._before else set()
        self._before = who
        for n, (value, column) in enumerate(zip(row, self._table.columns, strict=True)):
            if n in again and column.kind == TEXT and value:
                self._sheet.write_string(self._row, n, value[:32767], self._formats["again"])
            else:
                self._cell(n, value, column.kind, column.key)
        self._empty -= {n for n in self._empty if row[n] not in (None, "")}
        wrapped = [(n, c.width) for n, c in enumerate(self._table.columns) if c.kind in _WRAPPED and n not in again]
        texts = ((row[n], width) for n, width in wrapped if isinstance(row[n], str))
        self._heights.append(row_height(texts, least=_LOWEST, most=_TALLEST, extra=3))
        self._sheet.set_row(self._row, self._heights[-1])

    def _cell(self, n: int, value: Any, kind: str, key: str) -> None:
        look = self._looks[n]
        if value is None or value == "":
            self._sheet.write_blank(self._row, n, None, look)
        elif kind == LINK and self._links < _MOST_LINKS:
            file, place = _parted(value, key)
            shown = place.rpartition("!")[2] if place else file
            url = self._base + _escaped(file) + (f"#{place}" if place else "")
            self._links += 1
            if self._sheet.write_url(self._row, n, url, look, shown) < 0:
                self._sheet.write_string(self._row, n, shown, look)
        elif kind in (TEXT, WORD, LINK, FIGURE):
            if kind == FIGURE and _NUMBER.fullmatch(value) and len(value) <= 15:
                self._sheet.write_number(self._row, n, float(value), self._formats["cell_center"])
            else:
                self._sheet.write_string(self._row, n, value[:32767], look)
        else:
            number = float(value)
            self._sheet.write_number(self._row, n, number if isfinite(number) else 0, look)

    def finish(self, elsewhere: str) -> None:
        """Title, totals, heads, filter, colours and print set-up."""
        sheet, table, written = self._sheet, self._table, self._written
        last, bottom = len(table.columns) - 1, max(self._row - 1, FIRST_ROW)
        hint = table.hint
        if self._left_out:
            hint = f"共{self._row - FIRST_ROW + self._left_out}行，超过一张表能放的行数，这里只有前{self._row - FIRST_ROW}行；"
            hint += f"全部在{elsewhere}。" if elsewhere else "全部内容请加 --csv 或 --parquet 导出。"
        written.plain_title(table.name, hint)
        self._write_totals(bottom)
        written.heads(height=_HEAD_HEIGHT)
        for n in self._empty:
            set_width(sheet, n, table.columns[n].width, options={"hidden": True})
        sheet.autofilter(HEAD_ROW, 0, bottom, last)
        sheet.freeze_panes(FIRST_ROW, table.frozen)
        self._colours(bottom)
        widths = [c.width for n, c in enumerate(table.columns) if n not in self._empty]
        set_up_list(sheet, self._heights, widths, above=_ABOVE, head=HEAD_ROW, head_height=_HEAD_HEIGHT, footer=_FOOTER)

    def _write_totals(self, bottom: int) -> None:
        """The sums above the heads; each says in its cell that it is one."""
        total = self._formats["total"]
        self._sheet.write_string(TOTAL_ROW, 0, f"共{self._row - FIRST_ROW + self._left_out}行", total)
        for n, column in list(enumerate(self._table.columns))[1:]:
            look = self._formats["total_count" if column.kind == NUMBER else "total_money"]
            if n not in self._totals:
                self._sheet.write_blank(TOTAL_ROW, n, None, total)
            elif self._left_out:
                self._sheet.write_number(TOTAL_ROW, n, float(self._totals[n]), look)
            else:
                letter = self._written.columns.letter(column.key)
                formula = f"=SUBTOTAL(109,{letter}{FIRST_ROW + 1}:{letter}{bottom + 1})"
                self._sheet.write_formula(TOTAL_ROW, n, formula, look, float(self._totals[n]))

    def _colours(self, bottom: int) -> None:
        """What has to catch the eye, in the columns that the table has."""
        conditional, columns = self._formats.conditional, self._written.columns
        red, amber, green = (conditional(*c) for c in ((RED, RED_INK), (AMBER, AMBER_INK), (GREEN, GREEN_INK)))
        for key, criteria, value, look in (
            ("state", "==", '"退回"', red),
            ("state", "==", '"通过"', green),
            ("seal", "==", '"不一致"', red),
            ("seal", "==", '"缺校验码"', red),
            ("severity", "==", '"错误"', red),
            ("severity", "==", '"提醒"', amber),
            ("version", "==", '"最后一版"', green),
            ("difference", "<", 0, red),
            ("times", ">=", OUTLIER, amber),
            ("sure", ">", 0, green),
            ("maybe", ">", 0, amber),
            ("never", ">", 0, red),
            ("monitoring_errors", ">", 0, red),
            ("evaluation_errors", ">", 0, red),
            ("declared", "==", '"退回"', red),
            ("missing", ">", '""', amber),
        ):
            if key in columns.names:
                n = columns.at(key)
                rule = {"type": "cell", "criteria": criteria, "value": value, "format": look}
                self._sheet.conditional_format(FIRST_ROW, n, bottom, n, rule)


def _parted(link: str, key: str) -> tuple[str, str]:
    """A link's file and, where it leads to a cell, the place within it; a file's name may have a # of its own."""
    found = _TO_A_CELL.fullmatch(link) if key == "cell" else None
    return (found[1], found[2]) if found else (link, "")
