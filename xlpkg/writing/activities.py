"""The sheet 事项对照: what each activity delivers and costs, the sum against the funds; lines for a file and for an open book."""

from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Annotated, NamedTuple

from xlpkg.audit.activities import Activity, activities, categories
from xlpkg.audit.check import Report
from xlpkg.audit.facts.evidence import Row
from xlpkg.form.money import in_unit
from xlpkg.form.numbers import plain
from xlpkg.writing.bar_chart import Bars, insert_bars
from xlpkg.writing.page_setup import set_up_page
from xlpkg.writing.style import AMBER, AMBER_INK
from xlpkg.writing.table_sheet import Column, Columns, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


class Line(NamedTuple):
    """An activity as the sheet shows it, column by column: what it delivers, what it costs, what is missing."""

    activity: Annotated[str, Column("事项", 30)]
    quantity: Annotated[str, Column("数量", 32)] = ""
    quality: Annotated[str, Column("质量", 32)] = ""
    time: Annotated[str, Column("时效", 22)] = ""
    amount: Annotated[str | float, Column("成本", 13, "open_money")] = ""
    share: Annotated[str | float, Column("占资金", 10, "open_percent")] = ""
    each: Annotated[str, Column("平均成本", 17, "open_right")] = ""
    missing: Annotated[str, Column("还缺什么", 18)] = ""


COLUMNS = Columns.of(Line)
_CHART_ROW, SUMS_ROW = 2, 3
HEAD_ROW = SUMS_ROW + 3
FIRST_ROW = HEAD_ROW + 1
PREPARED_ROWS = 2000
_CHARTED = 10
_MOST_DIGITS = 15
_TEN_THOUSAND = 10_000
_NONE = "—"
_LABELS = "General;;"  # none beside a bar without length


def sums(report: Report) -> list[Line]:
    """The lines above the heads, from SUMS_ROW on: costs, funds and difference."""
    cost = report.cost
    named = (("成本合计", cost.total), ("可用资金", cost.funds), ("差额", cost.difference))
    return [Line(label, amount=_NONE if money is None else _shown(money, cost.unit)) for label, money in named]


def heads(report: Report) -> Line:
    """The heads: the categories as the form calls them, the money's unit."""
    quantity, quality, time, _ = (c.removesuffix("指标") for c in categories(report.evidence))
    amount = f"成本（{report.cost.unit}）"
    return Line(*COLUMNS.heads)._replace(quantity=quantity, quality=quality, time=time, amount=amount)


def lines(report: Report) -> list[Line]:
    """One line an activity, from FIRST_ROW on; the costliest first."""
    evidence = report.evidence
    wanted = categories(evidence)
    found = sorted(activities(evidence), key=lambda a: -(a.amount or 0))
    return [_line(a, wanted, report.cost.unit) for a in found]


def _line(activity: Activity, wanted: tuple[str, ...], unit: str) -> Line:
    none = _NONE if activity.missing else ""
    quantity, quality, time = ("\n".join(_short(r, activity.name) for r in activity.rows[c]) or none for c in wanted[:3])
    return Line(
        activity=activity.name,
        quantity=quantity,
        quality=quality,
        time=time,
        amount=none if activity.amount is None else _shown(activity.amount, unit),
        share="" if activity.share is None else _finite(activity.share),
        each="" if activity.each is None else f"{_each(activity.each)}/{activity.unit}",
        missing="、".join(c.removesuffix("指标") for c in activity.missing),
    )


def _each(amount: Decimal) -> str:
    """What one of something costs, as people say it: 909元, 9.17万元."""
    if amount.adjusted() > _MOST_DIGITS:
        return f"{amount:.2e}元"
    if amount < _TEN_THOUSAND:
        return f"{plain(amount.quantize(Decimal(1)) if amount >= 100 else amount.quantize(Decimal('0.01')))}元"
    return f"{plain((amount / _TEN_THOUSAND).quantize(Decimal('0.01')))}万元"


def _short(row: Row, activity: str) -> str:
    return row.target.norm if row.name == activity else f"{row.name} {row.target.norm}"


def _shown(amount: Decimal, unit: str) -> float:
    """An amount as a number for a cell; what Excel cannot hold is shown as 0."""
    return _finite(Decimal(in_unit(amount, unit)))


def _finite(number: Decimal) -> float:
    value = float(number)
    return value if isfinite(value) else 0


def write_activities(book: "Workbook", sheet: "Worksheet", report: Report) -> None:
    """Prepare the sheet with its charts, and write the lines."""
    table = TableSheet(book, sheet, COLUMNS, HEAD_ROW, prepared=PREPARED_ROWS)
    hint = "一行一个事项，看它的数量、质量、时效、成本是否齐全，花了多少钱。事项按名称自动归并，仅供核对；点“检查”时更新。"
    table.title("事项对照", hint, "hint", height=None)
    sheet.set_row(_CHART_ROW, 215)
    for row, line in enumerate(sums(report), SUMS_ROW):
        table.cell(row, "activity", line.activity, "sum_label")
        table.cell(row, "amount", line.amount, "sum_money")
    table.heads([str(head) for head in heads(report)])
    for row, line in enumerate(lines(report), FIRST_ROW):
        table.line(row, line)
    amber = table.formats.conditional(AMBER, AMBER_INK)
    table.when("quantity", "amount", f'={table.here("quantity")}="{_NONE}"', amber)
    table.when("missing", "missing", f'={table.here("missing")}<>""', amber)
    table.borders("activity")
    bar = {"type": "data_bar", "bar_color": "#9DC3E6", "min_type": "num", "min_value": 0}
    amount = COLUMNS.at("amount")
    sheet.conditional_format(FIRST_ROW, amount, FIRST_ROW + PREPARED_ROWS - 1, amount, bar)
    _charts(book, sheet, report.cost.unit)
    set_up_page(sheet, head=HEAD_ROW)


def _charts(book: "Workbook", sheet: "Worksheet", unit: str) -> None:
    """The costliest activities, and the costs' sum beside the funds; over fixed cells: they follow what is written later."""
    names, values = COLUMNS.at("activity"), COLUMNS.at("amount")
    last = FIRST_ROW + _CHARTED - 1
    activity = Bars(f"各事项成本（{unit}，最多{_CHARTED}项）", names, values, FIRST_ROW, last, labels=_LABELS)
    insert_bars(book, sheet, activity, (_CHART_ROW, 0), (700, 276), offset=(4, 4))
    funds = Bars(f"成本与资金（{unit}）", names, values, SUMS_ROW, SUMS_ROW + 1, "#7F9DB9", _LABELS)
    insert_bars(book, sheet, funds, (_CHART_ROW, COLUMNS.at("time")), (430, 276), offset=(40, 4))
