"""The workbook of a later form: the sheet that is filled in, what a check found, how to fill it in, and the declaration, hidden."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg.audit.facts.finding import ERROR, SEVERITIES, WARNING
from xlpkg.files.a1 import address
from xlpkg.files.write import in_place
from xlpkg.form import numbers
from xlpkg.form.declaration import to_json
from xlpkg.layout import GUIDE, RESULTS, SEND_CAPTION
from xlpkg.reading.source import LATER_FACTS
from xlpkg.writing import macros
from xlpkg.writing.book import new_book
from xlpkg.writing.findings import verdict, write_results
from xlpkg.writing.formulas import absolute
from xlpkg.writing.page_setup import row_height, set_up_page, set_width, text_height
from xlpkg.writing.style import AMBER, AMBER_INK, FONT, INK, LABEL, LINE, OURS, RED, RED_INK, Formats
from xlpkg.year.check import YearReport, severities
from xlpkg.year.form import MONITORING
from xlpkg.year.marks import SAID_ROW, mark, marks_of
from xlpkg.year.rules import YEAR_RULES
from xlpkg.year.sheet import HEAD_ROWS, Sheet, Spot, title_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FACTS = LATER_FACTS
FACT_LABELS = {"kind": "年度表", "style": "版式", "template": "表样版本", "seal": "申报表校验码", "month": "月份"}
"""What the hidden sheet says, a line each; the text of the declaration follows."""
DECLARATION_LABEL, CHUNK = "申报内容", 30000
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
    """Write a later form (.xlsx, or .xlsm with buttons), whole or not at all; with `checked` with marks and the findings.

    Raises OSError.
    """
    in_place(target, _workbook(report, checked=checked, buttons=target.suffix.lower() == ".xlsm"))


def _workbook(report: YearReport, *, checked: bool, buttons: bool) -> bytes:
    data = BytesIO()
    layout = Sheet(report, HEAD_ROWS if buttons else 0)
    book = new_book(data, report.facts.profile.name)
    code_names = {layout.sheet: "Entry", RESULTS: "Results", GUIDE: "Guide", FACTS: "Settings"}
    sheets = {name: book.add_worksheet(name) for name in code_names}
    sheet, facts = sheets[layout.sheet], sheets[FACTS]
    if buttons:
        macros.add_macros(book, sheets, code_names)
        macros.write_settings(facts, book.add_format({"num_format": "@"}))
    found = report if checked else None
    _Drawer(book, sheet, layout, found, buttons=buttons).draw()
    write_results(book, sheets[RESULTS], found, layout, made=made_of(report))
    _write_guide(book, sheets[GUIDE], report, buttons=buttons)
    _write_facts(book, facts, report)
    facts.hide()
    sheet.activate()
    book.close()
    return macros.with_ribbon(data.getvalue(), SEND_CAPTION) if buttons else data.getvalue()


def made_of(report: YearReport) -> str:
    """What can be made of a form without errors, for the sentence above the findings."""
    return f"报送的{title_of(report.facts.form.kind)}"


class _Drawer:
    """Draws the layout: labels and targets locked, cells to fill in white and open, computed ones grey."""

    def __init__(self, book: "Workbook", sheet: "Worksheet", layout: Sheet, found: YearReport | None, *, buttons: bool) -> None:
        self._book, self._sheet, self._layout, self._found, self._buttons = book, sheet, layout, found, buttons
        self._formats = Formats(book)
        self._made: dict[tuple[str, bool, bool], Format] = {}

    def draw(self) -> None:
        for spot in self._layout.spots:
            self._spot(spot)
        self._sizes()
        self._marks()
        if self._buttons:
            self._head()
        self._validation()
        self._set_up()

    def _head(self) -> None:
        """The buttons, and below them what the last check said."""
        layout, last = self._layout, self._layout.last
        buttons = macros.MONITORING_BUTTONS if layout.form.kind == MONITORING else macros.EVALUATION_BUTTONS
        macros.insert_buttons(self._sheet, 0, buttons, [c.width for c in layout.columns])
        self._sheet.set_row(0, 27)
        said = absolute((SAID_ROW, layout.mark))
        self._sheet.merge_range(SAID_ROW, 0, SAID_ROW, last, "", self._formats["status"])
        self._sheet.write_formula(SAID_ROW, 0, f'=IF({said}="","{verdict(None)}",{said})', self._formats["status"], self._said)
        self._sheet.set_row(SAID_ROW, 34)
        self._sheet.freeze_panes(layout.top, 0)

    @property
    def _said(self) -> str:
        return verdict(self._found, made_of(self._found)) if self._found else verdict(None)

    def _marks(self) -> None:
        """The hidden column of what a check found, and the colours that follow it. The cells are open: a button writes them."""
        layout, sheet = self._layout, self._sheet
        marks = marks_of(self._found, {place: cell[0] for place, cell in layout.places.items()}) if self._found else {}
        if self._found and layout.top:
            marks[SAID_ROW] = self._said
        look = self._book.add_format({"locked": False, "num_format": "@"})
        for row in (r for r in range(layout.row) if r != layout.repeat):
            sheet.write_string(row, layout.mark, marks[row], look) if row in marks else sheet.write_blank(
                row, layout.mark, None, look
            )
        colours = {ERROR: self._formats.conditional(RED, RED_INK), WARNING: self._formats.conditional(AMBER, AMBER_INK)}
        columns = {(s.left, s.field) for s in layout.spots if s.field and s.row is not None}
        areas = [(layout.table_first, left, layout.table_last, left, field) for left, field in sorted(columns)]
        areas += [(s.top, s.left, s.bottom, s.right, s.field) for s in layout.spots if s.field and s.row is None]
        for top, left, bottom, right, field in areas:
            said = "$" + address(top, layout.mark)
            for severity, colour in colours.items():
                criteria = f'=ISNUMBER(SEARCH("{mark(field, severity)}",{said}))'
                rule: dict[str, object] = {"type": "formula", "criteria": criteria, "format": colour}
                sheet.conditional_format(top, left, bottom, right, rule)

    def _format(self, spot: Spot) -> "Format":
        key = (spot.style, spot.locked, bool(spot.formula))
        if key not in self._made:
            look: dict[str, object] = {
                "font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter", "text_wrap": True, "border_color": LINE,
                "locked": spot.locked, **_STYLES[spot.style],
            }  # fmt: skip
            if spot.formula or (spot.locked and spot.style in ("number", "percent")):
                look["bg_color"] = OURS
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def _spot(self, spot: Spot) -> None:
        look = self._format(spot)
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
            set_width(self._sheet, n, column.width)
        self._sheet.set_column(layout.ref, layout.mark, 8, None, {"hidden": True})
        heights: dict[int, float] = {}
        for spot in layout.spots:
            if spot.top == spot.bottom and spot.style not in ("hidden", "small", "plain", "right"):
                room = sum(c.width for c in layout.columns[spot.left : spot.right + 1])
                least = 44.0 if spot.style == "input_text" and spot.row is None else 22.0
                shown = spot.text if spot.style not in ("number", "percent") else ""
                lost = 3.0 if spot.style in ("text", "input_text") else 1.0  # those are indented
                heights[spot.top] = max(heights.get(spot.top, 0), row_height([(shown, room - lost)], least=least))
        for row, height in heights.items():
            self._sheet.set_row(row, 34 if row == layout.top else height)

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
        sheet.print_area(layout.top, 0, layout.row - 1, layout.last)
        sheet.center_horizontally()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.hide_gridlines(2)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{address(layout.row, layout.mark)}"})
        sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True, "select_locked_cells": True})


def _write_guide(book: "Workbook", sheet: "Worksheet", report: YearReport, *, buttons: bool) -> None:
    """How to fill in the form and the rules with their examples."""
    formats, profile = Formats(book), report.facts.profile
    widths = (8, 8, 26, 44, 40)
    for n, width in enumerate(widths):
        set_width(sheet, n, width)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, 4, "填报说明", formats["title"])
    sheet.set_row(0, 28)
    row = 1
    for title, lines in _guide(report, buttons=buttons):
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


def _guide(report: YearReport, *, buttons: bool) -> Iterable[tuple[str, list[str]]]:
    profile, name = report.facts.profile, title_of(report.facts.form.kind)
    ways = [
        "本表由申报表生成：项目、资金、目标、指标值都是申报时的，不能改；白色格由填报人填写，灰色格自动计算。不用宏也能用，Excel、WPS、LibreOffice都可以。",
        "指标值在年中经批准调整的，写在右边的“调整后目标值”和“调整批准文件”，按调整后的目标计算；预算有变动的，写全年预算数和原因。",
        f"填完后检查：xlpkg check 文件 -o 检查稿.xlsx；没有错误后生成报送的表：xlpkg submit 文件 -o {name}.xlsx。",
    ]
    if buttons:
        ways[-1] = (
            "填完后点“检查”，问题逐条列在“检查结果”，点“跳转”到那一格；红色必须改，黄色请核对。改过以后再点“检查”。"
            f"写法上的问题点“一键修复”；没有错误后点“{SEND_CAPTION}”，在本表旁边生成报送的{name}。"
            "宏不能用时用命令 xlpkg check、xlpkg submit。"
        )
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
