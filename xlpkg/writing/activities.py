"""The sheet 事项对照: what each activity delivers and costs, the sum against the funds; lines for a file and for an open book."""

from decimal import Decimal
from math import isfinite
from typing import Any

from xlpkg.audit.activities import Activity, activities, categories
from xlpkg.audit.check import Report
from xlpkg.audit.facts.evidence import Row
from xlpkg.form.money import in_unit
from xlpkg.writing.style import AMBER, AMBER_INK, LINE, Formats, text_lines

_WIDTHS = (30, 32, 32, 22, 13, 10, 17, 18)
_LAST = len(_WIDTHS) - 1
_AMOUNT, _SHARE, _EACH = 4, 5, 6
_CHART_ROW, TOTAL_ROW = 2, 3
HEAD_ROW = TOTAL_ROW + 3
FIRST_ROW = HEAD_ROW + 1
PREPARED_ROWS = 2000
_CHARTED = 10
_NONE = "—"
Line = list[str | float]


def lines(report: Report) -> list[Line]:
    """The rows of cells from TOTAL_ROW on: costs, funds and difference, the heads, one line an activity, the costliest first."""
    evidence, cost = report.evidence, report.cost
    unit = cost.unit
    wanted = categories(evidence)
    sums = [("成本合计", cost.total), ("可用资金", cost.funds), ("差额", cost.difference)]
    top: list[Line] = [[label, "", "", "", _NONE if money is None else _shown(money, unit), "", "", ""] for label, money in sums]
    head: Line = ["事项", *(c.removesuffix("指标") for c in wanted[:3]), f"成本（{unit}）", "占资金", "平均成本", "还缺什么"]
    found = sorted(activities(evidence), key=lambda a: -(a.amount or 0))
    return [*top, head, *(_line(a, wanted, unit) for a in found)]


def _line(activity: Activity, wanted: tuple[str, ...], unit: str) -> Line:
    none = _NONE if activity.missing else ""
    delivered = ("\n".join(_short(r, activity.name) for r in activity.rows[c]) or none for c in wanted[:3])
    amount = none if activity.amount is None else _shown(activity.amount, unit)
    share = "" if activity.share is None else _finite(activity.share)
    each = "" if activity.each is None else f"{in_unit(activity.each, unit)}{unit}/{activity.unit}"
    return [activity.name, *delivered, amount, share, each, "、".join(c.removesuffix("指标") for c in activity.missing)]


def _short(row: Row, activity: str) -> str:
    return row.target.norm if row.name == activity else f"{row.name} {row.target.norm}"


def _shown(amount: Decimal, unit: str) -> float:
    """An amount as a number for a cell; what Excel cannot hold is shown as 0."""
    return _finite(Decimal(in_unit(amount, unit)))


def _finite(number: Decimal) -> float:
    value = float(number)
    return value if isfinite(value) else 0


def write_activities(book: Any, sheet: Any, report: Report) -> None:
    """Prepare the sheet with its charts, and write the lines."""
    formats = Formats(book)
    for column, width in enumerate(_WIDTHS):
        style = {_AMOUNT: "open_money", _SHARE: "open_percent", _EACH: "open_right"}.get(column, "open")
        sheet.set_column(column, column, width, formats[style])
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, _LAST, "事项对照", formats["title"])
    sheet.set_row(0, 28)
    hint = "一行一个事项，看它的数量、质量、时效、成本是否齐全，花了多少钱。事项按名称自动归并，仅供核对；点“检查”时更新。"
    sheet.merge_range(1, 0, 1, _LAST, hint, formats["hint"])
    sheet.set_row(_CHART_ROW, 215)
    found = lines(report)
    for row, line in enumerate(found, TOTAL_ROW):
        for column, content in enumerate(line):
            if row == HEAD_ROW:
                sheet.write_string(row, column, content, formats["head"])
            elif row < HEAD_ROW:
                style = "money" if column == _AMOUNT else "total"
                sheet.write(row, column, content, formats[style])
            elif isinstance(content, str):
                if content:
                    sheet.write_string(row, column, content)
            else:
                sheet.write_number(row, column, content)
        if row > HEAD_ROW:
            sheet.set_row(row, _height(line))
    _colours(book, sheet, formats)
    _charts(book, sheet, report.cost.unit)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_footer("&C第&P页，共&N页")


def _height(line: Line) -> float:
    """Row height in points: Excel does not fit wrapped rows of a file it did not write."""
    texts = ((text, width) for text, width in zip(line, _WIDTHS, strict=True) if isinstance(text, str))
    return 15 * max(text_lines(text, width - 3) for text, width in texts) + 5


def _colours(book: Any, sheet: Any, formats: Formats) -> None:
    """Borders and gaps by conditional format, so that lines written later look the same."""
    first, bottom = FIRST_ROW + 1, FIRST_ROW + PREPARED_ROWS - 1

    def when(left: int, right: int, criteria: str, cell_format: Any) -> None:
        sheet.conditional_format(FIRST_ROW, left, bottom, right, {"type": "formula", "criteria": criteria, "format": cell_format})

    when(1, _AMOUNT, f'=B{first}="{_NONE}"', formats.conditional(AMBER, AMBER_INK))
    when(_LAST, _LAST, f'=H{first}<>""', formats.conditional(AMBER, AMBER_INK))
    when(0, _LAST, f'=$A{first}<>""', book.add_format({"border": 1, "border_color": LINE}))
    bar = {"type": "data_bar", "bar_color": "#9DC3E6", "min_type": "num", "min_value": 0}
    sheet.conditional_format(FIRST_ROW, _AMOUNT, bottom, _AMOUNT, bar)


def _charts(book: Any, sheet: Any, unit: str) -> None:
    """The costliest activities, and the costs' sum beside the funds; over fixed cells: they follow what is written later."""
    by_activity = _bars(book, sheet, f"各事项成本（{unit}，最多{_CHARTED}项）", FIRST_ROW, FIRST_ROW + _CHARTED - 1, "#1F4E78")
    by_activity.set_size({"width": 700, "height": 276})
    sheet.insert_chart(_CHART_ROW, 0, by_activity, {"object_position": 3, "x_offset": 4, "y_offset": 4})
    against_funds = _bars(book, sheet, f"成本与资金（{unit}）", TOTAL_ROW, TOTAL_ROW + 1, "#7F9DB9")
    against_funds.set_size({"width": 430, "height": 276})
    sheet.insert_chart(_CHART_ROW, 3, against_funds, {"object_position": 3, "x_offset": 40, "y_offset": 4})


def _bars(book: Any, sheet: Any, title: str, first: int, last: int, colour: str) -> Any:
    """A bar chart of the cost column over some rows of the table."""
    name = sheet.get_name()
    chart = book.add_chart({"type": "bar"})
    chart.add_series({
        "name": title, "categories": [name, first, 0, last, 0], "values": [name, first, _AMOUNT, last, _AMOUNT],
        "fill": {"color": colour}, "gap": 40, "data_labels": {"value": True, "num_format": "0.######;;"},
    })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "interval_unit": 1})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}}, "num_format": "0", "min": 0})
    return chart
