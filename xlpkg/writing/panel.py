"""The frozen rows above the form: title, live figures, the line that says what is to be done, buttons."""

from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.audit.check import Report
from xlpkg.files.a1 import Cell
from xlpkg.form.money import in_unit
from xlpkg.layout import CHECKED_AT, ERROR_COUNT, WARNING_COUNT
from xlpkg.writing.formulas import PanelFormulas, RowFormulas, absolute
from xlpkg.writing.macros import BUTTONS, insert_buttons
from xlpkg.writing.style import Formats
from xlpkg.writing.widths import column_width

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_BUTTON_ROW = 4


def write_panel(sheet: "Worksheet", formats: Formats, table: RowFormulas, report: Report, *, checked: bool) -> None:
    """Title, figures and the line below them."""
    profile, cost, columns, panel = table.profile, report.cost, table.columns, table.layout.panel
    last = columns.check
    before, _, after = profile.title.partition("{year}")
    typed = report.evidence.declaration.year
    sheet.merge_range(0, 0, 0, last, "", formats["title"])
    if "year" in profile.header and "{year}" in profile.title:
        year = absolute(table.layout.header["year"].value)
        title = f'="{before}"&IF({year}="","（　　）",{year})&"{after}"'
        sheet.write_formula(0, 0, title, formats["title"], profile.title.replace("{year}", typed or "（　　）"))
    else:
        sheet.write_string(0, 0, before + after, formats["title"])
    sheet.set_row(0, 22)
    unit = profile.money_unit
    labels = {
        "total": f"成本合计（{unit}）", "funds": f"可用资金（{unit}）", "difference": f"差额（{unit}）", "filled": "已填",
        "counts": "错误／提醒", "checked": "上次检查",
    }  # fmt: skip
    says = PanelFormulas(table)
    formulas: dict[str, tuple[str, object]] = {
        "total": (says.total(), _number(in_unit(cost.total, unit))),
        "funds": (says.funds(), "—" if cost.funds is None else _number(in_unit(cost.funds, unit))),
        "difference": (says.difference(), "—" if cost.difference is None else _number(in_unit(cost.difference, unit))),
        "filled": (says.filled(), f"{report.filled}／{report.needed}"),
        "counts": (says.counts(), f"{report.errors}／{report.warnings}" if checked else ""),
        "checked": (says.checked(), ""),
    }
    for key, (_, (row, column), end) in panel.items():
        formula, value = formulas[key]
        span(sheet, row - 1, column, end, labels[key], formats["panel_label"])
        span(sheet, row, column, end, "", formats["panel"])
        sheet.write_formula(row, column, formula, formats["panel"], value)
    if checked:
        sheet.write_number(ERROR_COUNT, columns.marks, report.errors, formats["ours"])
        sheet.write_number(WARNING_COUNT, columns.marks, report.warnings, formats["ours"])
        sheet.write_string(CHECKED_AT, columns.marks, f"{datetime.now():%Y-%m-%d %H:%M}")
        sheet.write_string(ERROR_COUNT, columns.snapshot, report.status)
        sheet.write_number(ERROR_COUNT, columns.number, len(report.evidence.rows))
    else:
        sheet.write_blank(ERROR_COUNT, columns.marks, None, formats["ours"])
        sheet.write_blank(WARNING_COUNT, columns.marks, None, formats["ours"])
    span(sheet, *layout.STATUS_LINE, last, "", formats["status"])
    sheet.write_formula(*layout.STATUS_LINE, says.status(), formats["status"], "")
    sheet.write_formula(*agreed(table), "=" + says.agree(), None, "")
    sheet.set_row(2, 20)
    sheet.set_row(3, 20)


def agreed(table: RowFormulas) -> Cell:
    """The hidden cell that says whether costs and funds are the same sum: a conditional format asks no other sheet."""
    return 0, table.columns.marks


def write_buttons(sheet: "Worksheet", formats: Formats, table: RowFormulas, *, buttons: bool) -> None:
    """The last frozen row: the buttons side by side, or a hint where there are none."""
    last = table.columns.check
    hint = (
        "白色格由填报人填写，灰色格由本表自动计算。填完后点“检查”，按“检查结果”逐条改正，再点“生成申报表”。宏不能用时见“填报说明”。"
    )
    span(sheet, _BUTTON_ROW, 0, last, "" if buttons else hint, formats["hint"])
    sheet.set_row(_BUTTON_ROW, 24)
    if buttons:
        insert_buttons(sheet, _BUTTON_ROW, BUTTONS, [column_width(table.profile, name) for name in table.columns.names])


def _number(text: str) -> float:
    value = float(text)
    return value if isfinite(value) else 0


def span(sheet: "Worksheet", row: int, first: int, last: int, text: str, cell_format: "Format") -> None:
    if last > first:
        sheet.merge_range(row, first, row, last, text, cell_format)
    else:
        sheet.write_string(row, first, text, cell_format)
