"""The workbook of a later form: the sheet that is filled in, what a check found, how to fill it in, and the declaration, hidden."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg.audit.digest import digest, head, remedy
from xlpkg.audit.facts.finding import ERROR, SEVERITIES, WARNING
from xlpkg.files.a1 import address
from xlpkg.files.write import in_place
from xlpkg.form import numbers
from xlpkg.form.declaration import to_json
from xlpkg.layout import GUIDE, RESULTS
from xlpkg.reading.source import LATER_FACTS
from xlpkg.writing.book import new_book
from xlpkg.writing.page_setup import row_height, set_up_page, text_height
from xlpkg.writing.style import AMBER, AMBER_INK, FONT, INK, LABEL, LINE, OURS, RED, RED_INK, Formats
from xlpkg.writing.table_sheet import Column, Columns, TableSheet
from xlpkg.year.check import YearReport, severities
from xlpkg.year.form import MONITORING
from xlpkg.year.rules import YEAR_RULES
from xlpkg.year.sheet import Sheet, Spot, title_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FACTS = LATER_FACTS
FACT_LABELS = {"kind": "年度表", "style": "版式", "template": "表样版本", "seal": "申报表校验码", "month": "月份"}
"""What the hidden sheet says, a line each; the text of the declaration follows."""
DECLARATION_LABEL, CHUNK = "申报内容", 30000
_FINDINGS = Columns({
    "severity": Column("级别", 8, "cell_center"),
    "place": Column("位置", 24, "cell"),
    "part": Column("哪一项", 14, "cell_center"),
    "link": Column("跳转", 8, "link"),
    "what": Column("什么问题", 44, "cell"),
    "advice": Column("怎么改", 40, "cell"),
    "offer": Column("可代为修改", 16, "cell"),
    "rule": Column("规则", 7, "cell_center"),
})  # fmt: skip
_STYLES: dict[str, dict[str, object]] = {
    "title": {"font_size": 16, "bold": True, "align": "center"},
    "plain": {"align": "left", "text_wrap": False},
    "right": {"align": "right", "text_wrap": False},
    "label": {"border": 1, "align": "center", "bg_color": LABEL},
    "head": {"border": 1, "align": "center", "bg_color": LABEL, "bold": True},
    "cell": {"border": 1, "align": "center"},
    "text": {"border": 1, "align": "left", "indent": 1},
    "grade": {"border": 1, "align": "center", "num_format": '"等级："@'},
    "small": {"align": "left", "font_size": 9, "text_wrap": False},
    "hidden": {},
    "input": {"border": 1, "align": "center", "num_format": "@"},
    "input_text": {"border": 1, "align": "left", "indent": 1, "num_format": "@"},
    "number": {"border": 1, "align": "center", "num_format": "General"},
    "percent": {"border": 1, "align": "center", "num_format": "0.00%"},
}  # fmt: skip
_NUMERIC = ("number", "percent")
_DATE_HINT = "按期完成的写完成日期或“按期完成”。"


def build(target: Path, report: YearReport, *, checked: bool = False) -> None:
    """Write a later form, whole or not at all; with `checked` with marks and the findings. Raises OSError."""
    in_place(target, _workbook(report, checked=checked))


def _workbook(report: YearReport, *, checked: bool) -> bytes:
    data = BytesIO()
    layout = Sheet(report)
    book = new_book(data, report.facts.profile.name)
    sheet = book.add_worksheet(title_of(report.facts.form.kind))
    results = book.add_worksheet(RESULTS) if checked else None
    guide, facts = book.add_worksheet(GUIDE), book.add_worksheet(FACTS)
    _Drawer(book, sheet, layout).draw(checked=checked)
    if results:
        _write_results(book, results, layout)
    _write_guide(book, guide, report)
    _write_facts(book, facts, report)
    facts.hide()
    sheet.activate()
    book.close()
    return data.getvalue()


class _Drawer:
    """Draws the layout: labels and targets locked, cells to fill in white and open, computed ones grey."""

    def __init__(self, book: "Workbook", sheet: "Worksheet", layout: Sheet) -> None:
        self._book, self._sheet, self._layout = book, sheet, layout
        self._made: dict[tuple[str, bool, bool, str], Format] = {}

    def draw(self, *, checked: bool) -> None:
        marks = _marks(self._layout) if checked else {}
        for spot in self._layout.spots:
            self._spot(spot, marks.get((spot.row, spot.field), "") if spot.field else "")
        self._sizes()
        self._validation()
        self._set_up()

    def _format(self, spot: Spot, mark: str) -> "Format":
        key = (spot.style, spot.locked, bool(spot.formula), mark)
        if key not in self._made:
            look: dict[str, object] = {
                "font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", "text_wrap": True, "border_color": LINE,
                "locked": spot.locked, **_STYLES[spot.style],
            }  # fmt: skip
            if spot.formula or (spot.locked and spot.style in ("number", "percent")):
                look["bg_color"] = OURS
            if mark:
                look |= {"bg_color": RED, "font_color": RED_INK} if mark == ERROR else {"bg_color": AMBER, "font_color": AMBER_INK}
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def _spot(self, spot: Spot, mark: str) -> None:
        look = self._format(spot, mark)
        if (spot.top, spot.left) != (spot.bottom, spot.right):
            self._sheet.merge_range(spot.top, spot.left, spot.bottom, spot.right, "", look)
        number = numbers.parse(spot.text) if spot.style in _NUMERIC or spot.style == "hidden" else None
        value = spot.text if number is None else float(number)
        if spot.formula:
            self._sheet.write_formula(spot.top, spot.left, spot.formula, look, value)
        elif number is not None:
            self._sheet.write_number(spot.top, spot.left, float(number), look)
        elif spot.text:
            self._sheet.write_string(spot.top, spot.left, spot.text, look)
        else:
            self._sheet.write_blank(spot.top, spot.left, None, look)

    def _sizes(self) -> None:
        layout = self._layout
        for n, column in enumerate(layout.columns):
            self._sheet.set_column(n, n, column.width)
        self._sheet.set_column(layout.ref, layout.value, 8, None, {"hidden": True})
        heights: dict[int, float] = {}
        for spot in layout.spots:
            if spot.top == spot.bottom and spot.style not in ("hidden", "small", "plain", "right"):
                room = sum(c.width for c in layout.columns[spot.left : spot.right + 1])
                least = 44.0 if spot.style == "input_text" and spot.row is None else 22.0
                shown = spot.text if spot.style not in ("number", "percent") else ""
                heights[spot.top] = max(heights.get(spot.top, 0), row_height([(shown, room)], least=least))
        for row, height in heights.items():
            self._sheet.set_row(row, 34 if row == 0 else height)

    def _validation(self) -> None:
        for spot in self._layout.spots:
            if spot.choices:
                error = "stop" if spot.strict else "information"
                title = "请从下拉列表选择" if spot.strict else "请确认"
                message = f"可选：{'、'.join(spot.choices)}。" if spot.strict else "不在列出的档次里，请确认。"
                rule: dict[str, object] = {
                    "validate": "list", "source": list(spot.choices), "error_type": error, "error_title": title,
                    "error_message": message,
                }  # fmt: skip
                self._sheet.data_validation(spot.top, spot.left, spot.bottom, spot.right, rule)
            elif spot.field == "score" and not spot.locked:
                points = address(spot.top, self._layout.at("points"))
                rule = {
                    "validate": "decimal", "criteria": "between", "minimum": 0, "maximum": f"=${points}", "error_title": "请核对",
                    "error_message": "得分是0到本行分值之间的数。",
                }  # fmt: skip
                self._sheet.data_validation(spot.top, spot.left, spot.bottom, spot.right, rule)
        self._prompts()

    def _prompts(self) -> None:
        """What to write beside the cells of the actual values."""
        layout = self._layout
        kinds = {r.row.row: r.achieved.kind for r in layout.facts.rows}
        for spot in layout.spots:
            if spot.field == "actual" and not spot.choices and spot.row is not None:
                hint = _DATE_HINT if kinds[spot.row] == "date" else "写实际完成的数和单位，不写≥、≤。"
                title = layout.head(layout.columns[spot.left])[:30]
                self._sheet.data_validation(
                    spot.top, spot.left, spot.top, spot.left, {"validate": "any", "input_title": title, "input_message": hint}
                )

    def _set_up(self) -> None:
        layout, sheet = self._layout, self._sheet
        set_up_page(sheet, portrait=layout.form.kind != MONITORING)
        sheet.repeat_rows(layout.repeat)
        sheet.print_area(0, 0, layout.row - 1, layout.last)
        sheet.center_horizontally()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.hide_gridlines(2)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{address(layout.row, layout.value)}"})
        sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True, "select_locked_cells": True})


def _marks(layout: Sheet) -> dict[tuple[int | None, str], str]:
    """Cells with findings → the worst severity."""
    found: dict[tuple[int | None, str], str] = {}
    for finding in layout.report.findings:
        key = (finding.row, "cause.经费" if finding.field == "causes" else finding.field)
        if finding.severity == ERROR or (finding.severity == WARNING and found.get(key) != ERROR):
            found[key] = finding.severity
    return found


def _write_results(book: "Workbook", sheet: "Worksheet", layout: Sheet) -> None:
    """The findings, errors first, each with a link to its cell."""
    report, facts = layout.report, layout.facts
    table = TableSheet(book, sheet, _FINDINGS, 2)
    told = head(digest(report.findings))
    table.title(RESULTS, f"{report.status}：{told}　校验码 {report.seal}")
    table.heads(height=22)
    name = title_of(facts.form.kind)
    for row, line in enumerate(digest(report.findings), table.first_row):
        first = line.first
        cells = {
            "severity": SEVERITIES[line.severity], "place": line.where, "part": facts.label(first.field),
            "what": line.what, "advice": line.advice, "offer": remedy(line), "rule": "、".join(line.rules),
        }  # fmt: skip
        cells["part"] = layout.head_of(first.field) or cells["part"]
        for key, text in cells.items():
            table.cell(row, key, text, line.severity if key == "severity" else "")
        cell = layout.cell(first.row, first.field)
        table.formula(row, "link", f'=HYPERLINK("#\'{name}\'!{cell}","{cell}")', cell)
        sheet.set_row(row, row_height(((text, _FINDINGS.width(key, key)) for key, text in cells.items()), least=22))
    set_up_page(sheet, head=2)


def _write_guide(book: "Workbook", sheet: "Worksheet", report: YearReport) -> None:
    """How to fill in the form and the rules with their examples."""
    formats, profile = Formats(book), report.facts.profile
    widths = (8, 8, 26, 44, 40)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, 4, "填报说明", formats["title"])
    sheet.set_row(0, 28)
    row = 1
    for title, lines in _guide(report):
        sheet.merge_range(row, 0, row, 4, title, formats["section"])
        sheet.set_row(row, 22)
        row += 1
        for line in lines:
            sheet.merge_range(row, 0, row, 4, line, formats["text"])
            sheet.set_row(row, text_height(line, widths))
            row += 1
    sheet.merge_range(row, 0, row, 4, "三、检查规则", formats["section"])
    sheet.write_row(row + 1, 0, ["规则", "级别", "名称", "不对的例子", "对的例子"], formats["head"])
    row += 2
    for code, severity in severities(profile).items():
        rule = YEAR_RULES[code]
        sheet.write_string(row, 0, code, formats["cell_center"])
        sheet.write_string(row, 1, SEVERITIES[severity], formats[severity])
        for n, text in enumerate((rule.name, rule.violates, rule.passes), 2):
            sheet.write_string(row, n, text, formats["cell"])
        sheet.set_row(row, row_height(zip((rule.name, rule.violates, rule.passes), widths[2:], strict=True)))
        row += 1
    set_up_page(sheet, portrait=True, footer="")


def _guide(report: YearReport) -> Iterable[tuple[str, list[str]]]:
    profile, name = report.facts.profile, title_of(report.facts.form.kind)
    ways = [
        "本表由申报表生成：项目、资金、目标、指标值都是申报时的，不能改；白色格由填报人填写，灰色格自动计算。不用宏也能用，Excel、WPS、LibreOffice都可以。",
        "指标值在年中经批准调整的，写在右边的“调整后目标值”和“调整批准文件”，按调整后的目标计算；预算有变动的，写全年预算数和原因。",
        f"填完后检查：xlpkg check 文件 -o 检查稿.xlsx；没有错误后生成报送的表：xlpkg submit 文件 -o {name}.xlsx。",
    ]
    numbered = [f"{n}. {line}" for n, line in enumerate(ways, 1)]
    yield "一、怎么填", numbered
    yield "二、填报规则", [f"{n}. {line}" for n, line in enumerate(profile.notes, 1)]


def _write_facts(book: "Workbook", sheet: "Worksheet", report: YearReport) -> None:
    """The hidden sheet: which form this is, the declaration it was made from."""
    form, profile = report.facts.form, report.facts.profile
    values = {"kind": form.kind, "style": form.style, "template": profile.template, "seal": form.seal, "month": str(form.month)}
    text = book.add_format({"num_format": "@"})
    for row, (key, label) in enumerate(FACT_LABELS.items()):
        sheet.write_string(row, 0, label, text)
        sheet.write_string(row, 1, values[key], text)
    content = to_json(form.declaration)
    chunks = [content[n : n + CHUNK] for n in range(0, len(content), CHUNK)] if form.compared else []
    for column, chunk in enumerate((DECLARATION_LABEL, *chunks)):
        sheet.write_string(len(FACT_LABELS), column, chunk, text)
