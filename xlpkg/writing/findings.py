"""The sheet 检查结果: the lines of the digest with links to their cells, written alike into a file and into an open book."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple, Protocol

from xlpkg.audit.digest import Line as DigestLine
from xlpkg.audit.digest import digest, head, remedy
from xlpkg.audit.facts.finding import ERROR, INFO, OFFERED, SEVERITIES, WARNING, Finding, Verdict
from xlpkg.writing.page_setup import set_up_page
from xlpkg.writing.style import AMBER, AMBER_INK, OURS, RED, RED_INK
from xlpkg.writing.table_sheet import LAST_ROW, SENTENCE_ROW, Column, Columns, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


class Line(NamedTuple):
    """A line of the digest as the sheet shows it, column by column."""

    severity: Annotated[str, Column("级别", 7, "open_center")]
    tick: Annotated[str, Column("同意", 7, "open_center")]
    link: Annotated[str, Column("跳转", 9, "open_link")]
    place: Annotated[str, Column("位置", 26)]
    what: Annotated[str, Column("什么问题", 42)]
    advice: Annotated[str, Column("怎么改", 38)]
    offer: Annotated[str, Column("可代为修改", 24)]
    rule: Annotated[str, Column("规则", 18, "open_center")]


class Places(Protocol):
    """Where things stand in a form's workbook: `sheet` is filled in, `cell` is that of a finding, None if it has none."""

    @property
    def sheet(self) -> str: ...
    def cell(self, row: int | None, field: str) -> str | None: ...


COLUMNS = Columns.of(Line)
MORE, MORE_WIDTH = 40, 7
"""Further columns, on the right of the page: links to the other rows of a line."""
WIDTH = len(COLUMNS.heads) + MORE
VERDICT, HEAD_ROW, FIRST_ROW = (SENTENCE_ROW, 0), 2, 3
"""The cell of the verdict, the row of the heads, the row of the first line."""
TICKED = "√"
NOTICE = "注意"
"""Stands for the severity where a line says something of the file itself."""
PREPARED_ROWS = 5000
FILTERED = (COLUMNS.at("place"), COLUMNS.at("rule"))
"""The columns with a drop-down to filter by: for a second look by rows."""
_VERDICT_HEIGHT = 36


def verdict(report: Verdict | None, made: str = "申报表") -> str:
    """The sentence above the lines: how many findings there are, in how many lines, what can be `made` next."""
    if report is None:
        return "还没有检查。填完后点“检查”，问题会逐条列在这里，点“跳转”一列可跳到对应的格子。"
    counts = f"错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条"
    left = f"合并起来{head(digest(report.findings))}" if report.findings else ""
    end = f"可以生成{made}。" if not report.errors else "错误须全部改正后才能报送。"
    offered = any(f.fix and f.fix.kind == OFFERED for f in report.findings)
    tick = "同意代为修改的，在“同意”一列选√，再点“一键修复”。" if offered else ""
    hints = "提示折叠在检查结果最下面，点左边的“+”展开。" if report.infos else ""
    return f"{report.status}：{counts}。{left}{end}{tick}{hints}　校验码 {report.seal}"


def heads() -> list[str]:
    """The heads of all columns; over the further links it stands once what they are."""
    return [*COLUMNS.heads, "其余各处", *[""] * (MORE - 1)]


def rows(report: Verdict, places: Places, notices: Sequence[str] = ()) -> list[list[str]]:
    """The sheet's rows, each WIDTH cells long: the lines of the digest, then what else is to be said of the file."""
    found = [_cells(line, places) for line in digest(report.findings)]
    return found + [_padded([*Line(NOTICE, "", "", "本文件", notice, "", "", "")]) for notice in notices]


def folded(report: Verdict) -> tuple[int, int]:
    """Which lines are folded away because they need no answer: the first, 0-based, and how many."""
    hints = [n for n, line in enumerate(digest(report.findings)) if line.severity == INFO]
    return (hints[0], len(hints)) if hints else (0, 0)


def _cells(line: DigestLine[Finding], places: Places) -> list[str]:
    links = [link(cell, places.sheet) for cell in cells_of(line, places)]
    first = Line(
        severity=SEVERITIES[line.severity],
        tick="",
        link=links[0] if links else "",
        place=line.where,
        what=line.what,
        advice=line.advice,
        offer=remedy(line),
        rule="、".join(line.rules),
    )
    return _padded([*first, *links[1 : MORE + 1]])


def _padded(cells: list[str]) -> list[str]:
    return cells + [""] * (WIDTH - len(cells))


def cells_of(line: DigestLine[Finding], places: Places) -> list[str]:
    """The cells that a line is about, in its order; where it is about the form as a whole, those of what rides on it."""
    for findings in (line.own, line.findings):
        found = [places.cell(f.row, f.field) for f in findings]
        if any(found):
            return list(dict.fromkeys(cell for cell in found if cell))
    return []


def link(cell: str, sheet: str) -> str:
    """A formula that leads to a cell, and follows it when rows are inserted or deleted."""
    target = "'{}'!{}".format(sheet.replace("'", "''"), cell)
    label = f'IFERROR("→ "&ADDRESS(ROW({target}),COLUMN({target}),4),"已删除")'
    return f'=HYPERLINK(IFERROR("#"&CELL("address",{target}),""),{label})'  # outermost, or LibreOffice sees no link


def leads_to(link: str, sheet: str) -> bool:
    """Whether a link leads to a cell of this sheet, as Excel or LibreOffice writes its formula."""
    found = re.search(r"""CELL\("address"[,;]\$?(?:'((?:[^']|'')+)'|([^'!.(]+))[!.]""", link)
    return found is not None and (found[1] or found[2] or "").replace("''", "'") == sheet


def write_results(
    book: "Workbook", sheet: "Worksheet", report: Verdict | None, places: Places, notices: Sequence[str] = (), made: str = "申报表"
) -> None:
    """Prepare the sheet, and write the findings of a report and the notices."""
    table = TableSheet(book, sheet, COLUMNS, HEAD_ROW, prepared=PREPARED_ROWS)
    first_more = len(COLUMNS.heads)
    sheet.set_column(first_more, WIDTH - 1, MORE_WIDTH, table.formats["open_link"])
    table.title("检查结果", verdict(report, made), height=_VERDICT_HEIGHT)
    table.heads()
    sheet.write_string(HEAD_ROW, first_more, heads()[first_more])
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.autofilter(HEAD_ROW, FILTERED[0], HEAD_ROW + PREPARED_ROWS - 1, FILTERED[1])
    for severity, colour in ((ERROR, (RED, RED_INK)), (WARNING, (AMBER, AMBER_INK)), (INFO, (OURS,))):
        criteria = f'=${table.here("severity")}="{SEVERITIES[severity]}"'
        table.when("severity", "severity", criteria, table.formats.conditional(*colour))
    table.borders("severity")
    tick = COLUMNS.at("tick")
    sheet.data_validation(
        FIRST_ROW, tick, FIRST_ROW + PREPARED_ROWS - 1, tick,
        {"validate": "list", "source": [TICKED], "input_title": "同意修改", "error_title": "请核对",
         "input_message": "同意这一行的改法就选√，再点“一键修复”。", "error_message": "同意就选√，不同意留空。"},
    )  # fmt: skip
    if report:
        sheet.print_area(0, 0, LAST_ROW - 1, COLUMNS.last)
        lines = digest(report.findings)
        first, count = folded(report)
        outline = {FIRST_ROW + n: {"level": 1, "hidden": True} for n in range(first, first + count)}
        if count:
            outline[FIRST_ROW + first + count] = {"collapsed": True}
        for n, texts in enumerate(rows(report, places, notices)):
            row, line = FIRST_ROW + n, Line(*texts[:first_more])
            table.line(row, line._replace(link=""), outline.pop(row, None))
            if n < len(lines):
                _write_links(sheet, row, cells_of(lines[n], places), places.sheet)
        for row, options in outline.items():  # the one below the last line
            sheet.set_row(row, None, None, options)
    else:  # the same for Excel once there are lines; LibreOffice would print a hidden sheet that has a plain area
        area = f"OFFSET({sheet.name}!$A$1,0,0,{FIRST_ROW}+COUNTA({sheet.name}!$A:$A),{len(COLUMNS.heads)})"
        book.define_name(f"{sheet.name}!_xlnm.Print_Area", f"={area}")
    set_up_page(sheet, head=HEAD_ROW)


def _write_links(sheet: "Worksheet", row: int, cells: list[str], of: str) -> None:
    columns = (COLUMNS.at("link"), *range(len(COLUMNS.heads), WIDTH))
    for column, cell in zip(columns, cells, strict=False):
        sheet.write_formula(row, column, link(cell, of), None, f"→ {cell}")
