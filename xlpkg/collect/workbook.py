"""汇总.xlsx: the bureau's workbook. Texts stay texts, files are linked, and the totals follow the filters."""

import os
import re
from decimal import Decimal
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlpkg.collect import letters
from xlpkg.collect.collection import Collection
from xlpkg.collect.find import LETTER
from xlpkg.collect.tables import DOUBTS, FIGURE, LINK, MONEY_WAN, NUMBER, OUTLIER, SHARE, TEXT, TIMES, YEAR, YUAN, Row, Table
from xlpkg.files.write import in_place
from xlpkg.writing.bar_chart import Bars, insert_bars
from xlpkg.writing.book import new_book
from xlpkg.writing.page_setup import A3, A4, row_height, set_up_page, set_width, text_height
from xlpkg.writing.style import AMBER, AMBER_INK, GREEN, GREEN_INK, RED, RED_INK, Formats
from xlpkg.writing.table_sheet import LAST_ROW, Column, Columns, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

STATISTICS = "问题统计"
TOTAL_ROW, HEAD_ROW, FIRST_ROW = 2, 3, 4
_MOST_LINKS = 65_000  # Excel opens a sheet with 65,530 links at most
_ORDER = ("项目汇总", "指标明细", "成本分项", "问题清单", YEAR.name, STATISTICS, DOUBTS.name, "未能读取", "重复与版本", LETTER)
_STYLES = {
    TEXT: "input",
    FIGURE: "input",
    LINK: "link",
    MONEY_WAN: "money",
    YUAN: "money",
    SHARE: "percent",
    NUMBER: "cell_center",
    TIMES: "cell_center",
}
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,10})?")
_CHARTED = 12
_TALLEST = 185  # points: twelve lines
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
    _statistics(book, sheets[STATISTICS], formats, collection)
    _letters(sheets[LETTER], formats, collection, room)
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
        self._wrapped = [None if c.kind == LINK else c.width for c in table.columns]

    def add(self, rows: list[Row]) -> None:
        for row in rows:
            for n in self._totals:
                self._totals[n] += row[n] or 0
            if self._row >= self._room:
                self._left_out += 1
                continue
            for n, (value, column) in enumerate(zip(row, self._table.columns, strict=True)):
                self._cell(n, value, column.kind, column.key)
            texts = ((t, w) for t, w in zip(row, self._wrapped, strict=True) if w is not None and isinstance(t, str))
            self._sheet.set_row(self._row, row_height(texts, most=_TALLEST))
            self._row += 1

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
        elif kind in (TEXT, LINK, FIGURE):
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
        written.heads(height=32)
        sheet.autofilter(HEAD_ROW, 0, bottom, last)
        sheet.freeze_panes(FIRST_ROW, table.frozen)
        self._colours(bottom)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        set_up_page(sheet, paper=A3 if last > 14 else A4, head=HEAD_ROW, footer=_FOOTER)

    def _write_totals(self, bottom: int) -> None:
        total, money = self._formats["total"], self._formats["money"]
        self._sheet.write_string(TOTAL_ROW, 0, f"合计 {self._row - FIRST_ROW + self._left_out}行", total)
        for n, column in list(enumerate(self._table.columns))[1:]:
            if n not in self._totals:
                self._sheet.write_blank(TOTAL_ROW, n, None, total)
            elif self._left_out:
                self._sheet.write_number(TOTAL_ROW, n, float(self._totals[n]), money)
            else:
                letter = self._written.columns.letter(column.key)
                formula = f"=SUBTOTAL(109,{letter}{FIRST_ROW + 1}:{letter}{bottom + 1})"
                self._sheet.write_formula(TOTAL_ROW, n, formula, money, float(self._totals[n]))

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


_BY_RULE = Columns({
    c.head: c for c in (
        Column("规则", 7, "input"), Column("名称", 22, "input"), Column("级别", 7, "input"), Column("问题数", 9, "cell_center"),
        Column("项目数", 9, "cell_center"), Column("占项目", 9, "percent"),
    )
})  # fmt: skip
_BY_UNIT = Columns({
    c.head: c for c in (
        Column("预算部门", 24, "input"), Column("单位", 26, "input"), Column("项目数", 8, "cell_center"),
        Column("通过", 8, "cell_center"), Column("首次通过", 9, "cell_center"), Column("首次通过率", 10, "percent"),
        Column("错误数", 9, "cell_center"), Column("提醒数", 9, "cell_center"),
    )
})  # fmt: skip
_GAP = 3


def _statistics(book: "Workbook", sheet: "Worksheet", formats: Formats, collection: Collection) -> None:
    """By rule and by unit, side by side, with two charts above."""
    found = collection.statistics
    by_rule, by_unit = found.by_rule(), found.by_unit()
    sheet.write_string(0, 0, STATISTICS, formats["table_title"])
    sheet.set_row(0, 26)
    share = found.first_passed / found.count if found.count else 0
    back = found.count - found.passed
    said = (
        f"项目{found.count}个，通过{found.passed}个，退回{back}个；首次通过{found.first_passed}个（{share:.1%}）；"
        f"错误{found.errors}处，提醒{found.warnings}处；未能读取{len(collection.unreadable)}个文件；重复报送{collection.repeated}个项目。"
    )
    sheet.write_string(1, 0, said)
    sheet.set_row(2, 250)
    gap = _BY_RULE.last + 1
    set_width(sheet, gap, _GAP)
    right = gap + 1
    _write_frame(sheet, formats, by_rule, _BY_RULE, 0)
    _write_frame(sheet, formats, by_unit, _BY_UNIT, right)
    wrapped = ("预算部门", "单位")
    for row, texts in enumerate(zip(*(by_unit[head] for head in wrapped), strict=True), FIRST_ROW):
        sheet.set_row(row, row_height(zip(texts, (_BY_UNIT.width(head, head) for head in wrapped), strict=True)))
    for columns, frame, left, width, title, names, values in (
        (_BY_RULE, by_rule, 0, 470, "最常见的问题（问题数）", "名称", "问题数"),
        (_BY_UNIT, by_unit, right, 640, "各单位错误数", "单位", "错误数"),
    ):
        if count := min(len(frame), _CHARTED):
            last = FIRST_ROW + count - 1
            bars = Bars(title, left + columns.at(names), left + columns.at(values), FIRST_ROW, last)
            insert_bars(book, sheet, bars, (2, left), (width, 325), offset=(4, 3))
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.hide_gridlines(2)
    set_up_page(sheet, head=HEAD_ROW, footer=_FOOTER)


def _write_frame(sheet: "Worksheet", formats: Formats, frame: Any, columns: Columns, left: int) -> None:
    """A DataFrame with these heads, from a column of the sheet on."""
    for n, (head, width, style) in enumerate(zip(columns.heads, columns.widths, columns.styles, strict=True), left):
        set_width(sheet, n, width)
        sheet.write_string(HEAD_ROW, n, head, formats["head"])
        for row, value in enumerate(frame[head].tolist(), FIRST_ROW):
            if isinstance(value, str):
                sheet.write_string(row, n, value, formats[style])
            else:
                sheet.write_number(row, n, value, formats[style])


def _letters(sheet: "Worksheet", formats: Formats, collection: Collection, room: int) -> None:
    """The return letters one below the other, each on a page of its own when printed."""
    columns = letters.COLUMNS
    for n, column_width in enumerate(columns.widths):
        set_width(sheet, n, column_width)
    last, row, breaks = columns.last, 0, []
    for _, project in collection.forms():
        made = letters.letter(project)
        if made is None:
            continue
        if row + len(made.rows) + 8 > room:
            sheet.write_string(row, 0, "其余退回意见书放不下，请用“生成退回意见书”另存为Word文件。")
            break
        if row:
            breaks.append(row)
        sheet.merge_range(row, 0, row, last, letters.TITLE, formats["title"])
        sheet.set_row(row, 30)
        for n, text in enumerate((made.to, made.opening), 1):
            _over(sheet, row + n, text, formats["text"], text_height(text, sum(columns.widths)))
        row += 3
        sheet.write_row(row, 0, columns.heads, formats["head"])
        for line in made.rows:
            row += 1
            for n, (text, style) in enumerate(zip(line, columns.styles, strict=True)):
                sheet.write_string(row, n, text, formats[style])
            sheet.set_row(row, row_height(zip(line, columns.widths, strict=True)))
        for text in filter(None, (made.rest, made.closing)):
            row += 1
            _over(sheet, row, text, formats["text"], 26)
        row += 2
    if not row:
        sheet.write_string(0, 0, "没有需要退回的项目。")
    sheet.set_h_pagebreaks(breaks)
    sheet.hide_gridlines(2)
    set_up_page(sheet, portrait=True, footer="&C第&P页")


def _over(sheet: "Worksheet", row: int, text: str, look: "Format", height: float) -> None:
    """A text across the letter."""
    sheet.merge_range(row, 0, row, letters.COLUMNS.last, "", look)
    sheet.write_string(row, 0, text, look)
    sheet.set_row(row, height)
