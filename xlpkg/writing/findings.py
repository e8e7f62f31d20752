"""The sheet 检查结果: one line a finding with a link to its cell. The same lines are written into a file and into an open book."""

from typing import Any

from xlpkg.audit.check import Report
from xlpkg.audit.facts.finding import ERROR, INFO, OFFERED, SAFE, SEVERITIES, WARNING, Finding
from xlpkg.layout import Places
from xlpkg.writing.style import AMBER, AMBER_INK, LINE, OURS, RED, RED_INK, Formats, text_lines

COLUMNS = {
    "序号": 6,
    "级别": 8,
    "跳转": 9,
    "位置": 28,
    "哪一项": 11,
    "什么问题": 42,
    "怎么改": 44,
    "可代为修改": 26,
    "同意": 7,
    "规则": 8,
}
"""Heads and widths; findings stand from FIRST_ROW on, the verdict in VERDICT."""
VERDICT, HEAD_ROW, FIRST_ROW = (1, 0), 2, 3
SEVERITY, PLACE, OFFER, TICK, RULE, LINK = (
    list(COLUMNS).index(head) for head in ("级别", "位置", "可代为修改", "同意", "规则", "跳转")
)
TICKED = "√"
PREPARED_ROWS, LAST_ROW = 5000, 1048576
_FIX_WORDS = {SAFE: "可直接修改", OFFERED: "同意后修改"}
_FIELD_WORDS = {
    "l1": "一级指标",
    "l2": "二级指标",
    "name": "三级指标",
    "value": "指标值",
    "standard": "绩效标准",
    "cost": "成本合计",
}
_CENTERED = ("级别", "哪一项", "同意", "规则")


def verdict(report: Report | None) -> str:
    """The sentence above the findings."""
    if report is None:
        return "还没有检查。填完后点“检查”，问题会逐条列在这里，点“跳转”一列可跳到对应的格子。"
    counts = f"错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条"
    end = "可以生成申报表。" if not report.errors else "错误须全部改正后才能报送。"
    offered = any(f.fix and f.fix.kind == OFFERED for f in report.findings)
    tick = "同意代为修改的，在“同意”一列选√，再点“一键修复”。" if offered else ""
    return f"{report.status}：{counts}。{end}{tick}　校验码 {report.seal}"


def lines(report: Report, places: Places) -> list[list[str | float]]:
    """The findings as rows of cells, COLUMNS wide: a number, texts, and a formula that links to the cell."""
    return [[float(n), *_texts(finding, places)] for n, finding in enumerate(report.findings, 1)]


def _texts(finding: Finding, places: Places) -> list[str]:
    return [
        SEVERITIES[finding.severity], _link(finding, places), finding.place,
        _FIELD_WORDS.get(finding.field, "表头" if finding.row is None else ""),
        finding.what, finding.suggestion, offer(finding), "", finding.rule,
    ]  # fmt: skip


def offer(finding: Finding) -> str:
    """What can be changed for the clerk: "同意后修改：=100%"; "" where nothing can."""
    return f"{_FIX_WORDS[finding.fix.kind]}：{finding.fix.to}" if finding.fix else ""


def _link(finding: Finding, places: Places) -> str:
    """A link that follows its cell when rows are inserted or deleted."""
    cell = places.cell(finding.row, finding.field)
    if cell is None:
        return ""
    target = f"'{places.sheet}'!{cell}"
    label = f'IFERROR("→ "&ADDRESS(ROW({target}),COLUMN({target}),4),"已删除")'
    return f'=HYPERLINK(IFERROR("#"&CELL("address",{target}),""),{label})'  # outermost, or LibreOffice sees no link


def write_results(book: Any, sheet: Any, report: Report | None, places: Places) -> None:
    """Prepare the sheet, and write the findings of a report."""
    formats = Formats(book)
    last = len(COLUMNS) - 1
    for column, (head, width) in enumerate(COLUMNS.items()):
        style = {"序号": "open_number", "跳转": "open_link"}.get(head) or ("open_center" if head in _CENTERED else "open")
        sheet.set_column(column, column, width, formats[style])
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, last, "检查结果", formats["title"])
    sheet.set_row(0, 28)
    sheet.merge_range(*VERDICT, VERDICT[0], last, verdict(report), formats["status"])
    sheet.set_row(1, 24)
    sheet.write_row(HEAD_ROW, 0, list(COLUMNS), formats["head"])
    sheet.freeze_panes(FIRST_ROW, 0)
    bottom = FIRST_ROW + PREPARED_ROWS - 1
    first = FIRST_ROW + 1
    for severity, colour in ((ERROR, (RED, RED_INK)), (WARNING, (AMBER, AMBER_INK)), (INFO, (OURS,))):
        criteria = f'=$B{first}="{SEVERITIES[severity]}"'
        rule = {"type": "formula", "criteria": criteria, "format": formats.conditional(*colour)}
        sheet.conditional_format(FIRST_ROW, SEVERITY, bottom, SEVERITY, rule)
    border = book.add_format({"border": 1, "border_color": LINE})
    sheet.conditional_format(FIRST_ROW, 0, bottom, last, {"type": "formula", "criteria": f'=$B{first}<>""', "format": border})
    sheet.data_validation(
        FIRST_ROW, TICK, bottom, TICK,
        {"validate": "list", "source": [TICKED], "input_title": "同意修改", "error_title": "请核对",
         "input_message": "同意左边的改法就选√，再点“一键修复”。", "error_message": "同意就选√，不同意留空。"},
    )  # fmt: skip
    for n, line in enumerate(lines(report, places) if report else ()):
        row = FIRST_ROW + n
        sheet.write_number(row, 0, line[0])
        for column in range(1, len(COLUMNS)):
            if column == LINK and line[LINK] and report:
                finding = report.findings[n]
                sheet.write_formula(row, LINK, line[LINK], None, f"→ {places.cell(finding.row, finding.field)}")
            elif line[column]:
                sheet.write_string(row, column, line[column])
        sheet.set_row(row, _height(line))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_footer("&C第&P页，共&N页")


def _height(line: list[str | float]) -> float:
    """Row height in points: Excel does not fit wrapped rows of a file it did not write."""
    texts = zip(line, COLUMNS.values(), strict=True)
    return 15 * max(text_lines(t, width - 2) for t, width in texts if isinstance(t, str) and not t.startswith("=HYPERLINK")) + 5
