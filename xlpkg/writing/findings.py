"""The sheet 检查结果: one line a finding with a link to its cell. The same lines are written into a file and into an open book."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

from xlpkg.audit.check import Report
from xlpkg.audit.facts.finding import ERROR, INFO, OFFERED, SAFE, SEVERITIES, WARNING, Finding
from xlpkg.layout import Places
from xlpkg.writing.page_setup import set_up_page
from xlpkg.writing.style import AMBER, AMBER_INK, OURS, RED, RED_INK
from xlpkg.writing.table_sheet import SENTENCE_ROW, Column, Columns, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


class Line(NamedTuple):
    """A finding as the sheet shows it, column by column."""

    number: Annotated[float, Column("序号", 6, "open_number")]
    severity: Annotated[str, Column("级别", 8, "open_center")]
    link: Annotated[str, Column("跳转", 9, "open_link")]
    place: Annotated[str, Column("位置", 28)]
    part: Annotated[str, Column("哪一项", 11, "open_center")]
    what: Annotated[str, Column("什么问题", 42)]
    advice: Annotated[str, Column("怎么改", 44)]
    offer: Annotated[str, Column("可代为修改", 26)]
    tick: Annotated[str, Column("同意", 7, "open_center")]
    rule: Annotated[str, Column("规则", 8, "open_center")]


COLUMNS = Columns.of(Line)
VERDICT, HEAD_ROW, FIRST_ROW = (SENTENCE_ROW, 0), 2, 3
"""The cell of the verdict, the row of the heads, the row of the first finding."""
TICKED = "√"
NOTICE = "注意"
"""Stands for the severity where a line says something of the file itself."""
PREPARED_ROWS = 5000
_FIX_WORDS = {SAFE: "可直接修改", OFFERED: "同意后修改"}
_FIELD_WORDS = {
    "l1": "一级指标",
    "l2": "二级指标",
    "name": "三级指标",
    "value": "指标值",
    "standard": "绩效标准",
    "cost": "成本合计",
}


def verdict(report: Report | None) -> str:
    """The sentence above the findings."""
    if report is None:
        return "还没有检查。填完后点“检查”，问题会逐条列在这里，点“跳转”一列可跳到对应的格子。"
    counts = f"错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条"
    end = "可以生成申报表。" if not report.errors else "错误须全部改正后才能报送。"
    offered = any(f.fix and f.fix.kind == OFFERED for f in report.findings)
    tick = "同意代为修改的，在“同意”一列选√，再点“一键修复”。" if offered else ""
    return f"{report.status}：{counts}。{end}{tick}　校验码 {report.seal}"


def lines(report: Report, places: Places, notices: Sequence[str] = ()) -> list[Line]:
    """The findings line by line, and what else is to be said of the file; `link` is a formula that leads to the cell."""
    found = [_line(n, finding, places) for n, finding in enumerate(report.findings, 1)]
    return found + [_notice(n, notice) for n, notice in enumerate(notices, len(found) + 1)]


def _notice(number: int, notice: str) -> Line:
    return Line(float(number), NOTICE, "", "本文件", "", notice, "", "", "", "")


def _line(number: int, finding: Finding, places: Places) -> Line:
    return Line(
        number=float(number),
        severity=SEVERITIES[finding.severity],
        link=_link(finding, places),
        place=finding.place,
        part=_FIELD_WORDS.get(finding.field, "表头" if finding.row is None else ""),
        what=finding.what,
        advice=finding.suggestion,
        offer=offer(finding),
        tick="",
        rule=finding.rule,
    )


def offer(finding: Finding) -> str:
    """What can be changed for the clerk: "同意后修改：=100%"; "" where nothing can."""
    return f"{_FIX_WORDS[finding.fix.kind]}：{finding.fix.to}" if finding.fix else ""


def _link(finding: Finding, places: Places) -> str:
    """A link that follows its cell when rows are inserted or deleted."""
    cell = places.cell(finding.row, finding.field)
    if cell is None:
        return ""
    target = "'{}'!{}".format(places.sheet.replace("'", "''"), cell)
    label = f'IFERROR("→ "&ADDRESS(ROW({target}),COLUMN({target}),4),"已删除")'
    return f'=HYPERLINK(IFERROR("#"&CELL("address",{target}),""),{label})'  # outermost, or LibreOffice sees no link


def leads_to(link: str, sheet: str) -> bool:
    """Whether a link leads to a cell of this sheet, as Excel or LibreOffice writes its formula."""
    found = re.search(r"""CELL\("address"[,;]\$?(?:'((?:[^']|'')+)'|([^'!.(]+))[!.]""", link)
    return found is not None and (found[1] or found[2] or "").replace("''", "'") == sheet


def write_results(book: "Workbook", sheet: "Worksheet", report: Report | None, places: Places, notices: Sequence[str] = ()) -> None:
    """Prepare the sheet, and write the findings of a report and the notices."""
    table = TableSheet(book, sheet, COLUMNS, HEAD_ROW, prepared=PREPARED_ROWS)
    table.title("检查结果", verdict(report))
    table.heads()
    sheet.freeze_panes(FIRST_ROW, 0)
    for severity, colour in ((ERROR, (RED, RED_INK)), (WARNING, (AMBER, AMBER_INK)), (INFO, (OURS,))):
        criteria = f'=${table.here("severity")}="{SEVERITIES[severity]}"'
        table.when("severity", "severity", criteria, table.formats.conditional(*colour))
    table.borders("severity")
    tick = COLUMNS.at("tick")
    sheet.data_validation(
        FIRST_ROW, tick, FIRST_ROW + PREPARED_ROWS - 1, tick,
        {"validate": "list", "source": [TICKED], "input_title": "同意修改", "error_title": "请核对",
         "input_message": "同意左边的改法就选√，再点“一键修复”。", "error_message": "同意就选√，不同意留空。"},
    )  # fmt: skip
    if report:
        for row, line in enumerate(lines(report, places, notices), FIRST_ROW):
            table.line(row, line._replace(link=""))
            if line.link:
                finding = report.findings[row - FIRST_ROW]
                cell = places.cell(finding.row, finding.field)
                sheet.write_formula(row, COLUMNS.at("link"), line.link, None, f"→ {cell}")
    set_up_page(sheet, head=HEAD_ROW)
