"""汇总.xlsx: the bureau's workbook, written with XlsxWriter; texts stay texts, files are linked, totals follow the filters."""

import os
import re
from decimal import Decimal
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import Any

from xlpkg.collect import letters
from xlpkg.collect.collection import Collection
from xlpkg.collect.find import LETTER
from xlpkg.collect.tables import FIGURE, LINK, MONEY_WAN, NUMBER, OUTLIER, SHARE, TEXT, TIMES, YUAN, Row, Table
from xlpkg.files.write import in_place
from xlpkg.writing.style import AMBER, AMBER_INK, GREEN, GREEN_INK, RED, RED_INK, Formats, text_lines

LAST_ROW = 1_048_576
STATISTICS = "问题统计"
TOTAL_ROW, HEAD_ROW, FIRST_ROW = 2, 3, 4
_MOST_LINKS = 65_000  # Excel opens a sheet with 65,530 links at most
_ORDER = ("项目汇总", "指标明细", "成本分项", "问题清单", STATISTICS, "未能读取", "重复与版本", LETTER)
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
_FROZEN_COLUMNS = {"项目汇总": 3, "指标明细": 2, "成本分项": 2, "问题清单": 2, "重复与版本": 2}
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,10})?")
_CHARTED = 12
_MOST_LINES = 12
_TO_A_CELL = re.compile(r"(.*)#('(?:[^']|'')*'![A-Z]+\d+)", re.DOTALL)
_TALLEST_ROW = 409  # points; Excel's limit
_ESCAPED = re.compile(r'[%#\s"<>\[\]^`{}]')


def write_workbook(target: Path, collection: Collection, root: str, *, room: int = LAST_ROW, elsewhere: str = "") -> None:
    """Write the workbook, whole or not at all. Raises OSError.

    A table of more rows than a sheet has `room` for is left out; the sheet says so and that its rows are `elsewhere`.
    """
    data = BytesIO()
    as_typed = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter

    book = xlsxwriter.Workbook(data, {**as_typed, "in_memory": True, "max_url_length": 2079})
    book.set_properties({"author": "", "title": "项目支出绩效目标汇总"})
    formats = Formats(book)
    sheets = {name: book.add_worksheet(name) for name in _ORDER}
    made = {t.name: _Sheet(book, sheets[t.name], formats, t, _base(target, root), room) for t in collection.tables.all}
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
    """What links to the folder's files begin with: a way from the workbook to the folder, or its address."""
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

    def __init__(self, book: Any, sheet: Any, formats: Formats, table: Table, base: str, room: int) -> None:
        self._book, self._sheet, self._formats, self._table, self._base, self._room = book, sheet, formats, table, base, room
        self._row, self._links, self._left_out = FIRST_ROW, 0, 0
        self._totals = {n: Decimal(0) for n, c in enumerate(table.columns) if c.summed}
        self._styles = [formats[_STYLES[c.kind]] for c in table.columns]
        self._widths = [1000 if c.kind == LINK else c.width for c in table.columns]
        for n, c in enumerate(table.columns):
            sheet.set_column(n, n, c.width)

    def add(self, rows: list[Row]) -> None:
        for row in rows:
            for n in self._totals:
                self._totals[n] += row[n] or 0
            if self._row >= self._room:
                self._left_out += 1
                continue
            for n, (value, column) in enumerate(zip(row, self._table.columns, strict=True)):
                self._cell(n, value, column.kind, column.head)
            texts = zip(row, self._widths, strict=True)
            lines = max(text_lines(t, w - 2) for t, w in texts if isinstance(t, str))
            self._sheet.set_row(self._row, 14 * min(lines, _MOST_LINES) + 4)
            self._row += 1

    def _cell(self, n: int, value: Any, kind: str, head: str) -> None:
        style = self._styles[n]
        if value is None or value == "":
            self._sheet.write_blank(self._row, n, None, style)
        elif kind == LINK and self._links < _MOST_LINKS:
            file, place = _parted(value, head)
            shown = place.rpartition("!")[2] if place else file
            url = self._base + _escaped(file) + (f"#{place}" if place else "")
            self._links += 1
            if self._sheet.write_url(self._row, n, url, style, shown) < 0:
                self._sheet.write_string(self._row, n, shown, style)
        elif kind in (TEXT, LINK, FIGURE):
            if kind == FIGURE and _NUMBER.fullmatch(value) and len(value) <= 15:
                self._sheet.write_number(self._row, n, float(value), self._formats["cell_center"])
            else:
                self._sheet.write_string(self._row, n, value[:32767], style)
        else:
            number = float(value)
            self._sheet.write_number(self._row, n, number if isfinite(number) else 0, style)

    def finish(self, elsewhere: str) -> None:
        """Title, totals, heads, filter, colours and print set-up."""
        sheet, formats, table = self._sheet, self._formats, self._table
        last, bottom = len(table.columns) - 1, max(self._row - 1, FIRST_ROW)
        sheet.write_string(0, 0, table.name, formats["table_title"])
        sheet.set_row(0, 26)
        hint = table.hint
        if self._left_out:
            hint = f"共{self._row - FIRST_ROW + self._left_out}行，超过一张表能放的行数，这里只有前{self._row - FIRST_ROW}行；"
            hint += f"全部在{elsewhere}。" if elsewhere else "全部内容请加 --csv 或 --parquet 导出。"
        sheet.write_string(1, 0, hint)
        self._write_totals(bottom)
        for n, column in enumerate(table.columns):
            sheet.write_string(HEAD_ROW, n, column.head, formats["head"])
        sheet.set_row(HEAD_ROW, 32)
        sheet.autofilter(HEAD_ROW, 0, bottom, last)
        sheet.freeze_panes(FIRST_ROW, _FROZEN_COLUMNS.get(table.name, 0))
        self._colours(bottom)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(8 if last > 14 else 9)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.set_footer("&C&A　第&P页，共&N页")

    def _write_totals(self, bottom: int) -> None:
        style, money = self._formats["total"], self._formats["money"]
        self._sheet.write_string(TOTAL_ROW, 0, f"合计 {self._row - FIRST_ROW + self._left_out}行", style)
        for n in range(1, len(self._table.columns)):
            if n not in self._totals:
                self._sheet.write_blank(TOTAL_ROW, n, None, style)
            elif self._left_out:
                self._sheet.write_number(TOTAL_ROW, n, float(self._totals[n]), money)
            else:
                letter = _letter(n)
                formula = f"=SUBTOTAL(109,{letter}{FIRST_ROW + 1}:{letter}{bottom + 1})"
                self._sheet.write_formula(TOTAL_ROW, n, formula, money, float(self._totals[n]))

    def _colours(self, bottom: int) -> None:
        heads, formats = self._table.heads, self._formats
        red, amber, green = (formats.conditional(*c) for c in ((RED, RED_INK), (AMBER, AMBER_INK), (GREEN, GREEN_INK)))

        def when(head: str, text: str, look: Any) -> None:
            if head in heads:
                n = heads.index(head)
                rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": look}
                self._sheet.conditional_format(FIRST_ROW, n, bottom, n, rule)

        when("状态", "退回", red)
        when("状态", "通过", green)
        when("校验码核对", "不一致", red)
        when("校验码核对", "缺校验码", red)
        when("级别", "错误", red)
        when("级别", "提醒", amber)
        when("版本", "最后一版", green)
        for head, criteria, value in (("差额", "<", 0), ("为中位数的倍数", ">=", OUTLIER)):
            if head in heads:
                n = heads.index(head)
                rule = {"type": "cell", "criteria": criteria, "value": value, "format": red if head == "差额" else amber}
                self._sheet.conditional_format(FIRST_ROW, n, bottom, n, rule)


def _parted(link: str, head: str) -> tuple[str, str]:
    """A link's file and, where it leads to a cell, the place within it; a file's name may have a # of its own."""
    found = _TO_A_CELL.fullmatch(link) if head == "单元格" else None
    return (found[1], found[2]) if found else (link, "")


def _letter(column: int) -> str:
    from xlpkg.files.a1 import address

    return address(0, column)[:-1]


def _statistics(book: Any, sheet: Any, formats: Formats, collection: Collection) -> None:
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
    widths = (7, 22, 7, 9, 9, 9, 3, 24, 26, 8, 8, 9, 10, 9, 9)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    right = len(by_rule.columns) + 1
    for left, frame in ((0, by_rule), (right, by_unit)):
        for n, head in enumerate(frame.columns):
            sheet.write_string(HEAD_ROW, left + n, head, formats["head"])
            percent = head in ("占项目", "首次通过率")
            for row, value in enumerate(frame[head].tolist(), FIRST_ROW):
                if isinstance(value, str):
                    sheet.write_string(row, left + n, value, formats["input"])
                else:
                    sheet.write_number(row, left + n, value, formats["percent" if percent else "cell_center"])
    for row, (unit, department) in enumerate(zip(by_unit["单位"], by_unit["预算部门"], strict=True), FIRST_ROW):
        sheet.set_row(row, 14 * max(text_lines(unit, widths[right + 1] - 2), text_lines(department, widths[right] - 2)) + 4)
    for left, title, names, values, frame in (
        (0, "最常见的问题（问题数）", 1, 3, by_rule),
        (right, "各单位错误数", right + 1, right + 6, by_unit),
    ):
        _chart(book, sheet, left, title, names, values, min(len(frame), _CHARTED))
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_footer("&C&A　第&P页，共&N页")


def _chart(book: Any, sheet: Any, left: int, title: str, names: int, values: int, count: int) -> None:
    if not count:
        return
    chart = book.add_chart({"type": "bar"})
    last = FIRST_ROW + count - 1
    chart.add_series({
        "name": title, "categories": [STATISTICS, FIRST_ROW, names, last, names],
        "values": [STATISTICS, FIRST_ROW, values, last, values], "fill": {"color": "#1F4E78"}, "gap": 40,
        "data_labels": {"value": True},
    })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "interval_unit": 1})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}}, "min": 0, "num_format": "0"})
    chart.set_size({"width": 470 if left == 0 else 640, "height": 325})
    sheet.insert_chart(2, left, chart, {"object_position": 3, "x_offset": 4, "y_offset": 3})


def _letters(sheet: Any, formats: Formats, collection: Collection, room: int) -> None:
    """The return letters one below the other, each on a page of its own when printed."""
    for n, width in enumerate(letters.WIDTHS):
        sheet.set_column(n, n, width)
    last, row, breaks = len(letters.WIDTHS) - 1, 0, []
    wide = sum(letters.WIDTHS) - 4
    for _, project in collection.projects():
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
            _over(sheet, row + n, last, text, formats["text"], 15 * text_lines(text, wide) + 4)
        row += 3
        sheet.write_row(row, 0, letters.HEADS, formats["head"])
        for line in made.rows:
            row += 1
            for n, text in enumerate(line):
                sheet.write_string(row, n, text, formats["cell_center" if n < 2 else "cell"])
            lines = max(text_lines(t, w - 3) for t, w in zip(line, letters.WIDTHS, strict=True))
            sheet.set_row(row, min(14 * lines + 5, _TALLEST_ROW))
        for text in filter(None, (made.rest, made.closing)):
            row += 1
            _over(sheet, row, last, text, formats["text"], 26)
        row += 2
    if not row:
        sheet.write_string(0, 0, "没有需要退回的项目。")
    sheet.set_h_pagebreaks(breaks)
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第&P页")


def _over(sheet: Any, row: int, last: int, text: str, style: Any, height: float) -> None:
    sheet.merge_range(row, 0, row, last, "", style)
    sheet.write_string(row, 0, text, style)
    sheet.set_row(row, min(height, _TALLEST_ROW))
