"""The sheet 导入说明: where each field and row of a form came from, how sure that is, and what of the source found no place."""

from typing import Any

from xlpkg.form.fields import FUNDS
from xlpkg.form.import_report import Entry, ImportReport
from xlpkg.form.profile import Profile
from xlpkg.writing.style import AMBER, AMBER_INK, LINE, Formats, text_lines

HEADS = {"填到哪里": 16, "内容": 60, "来源": 26, "把握": 8, "说明": 40}
VERDICT_ROW, FIRST_ROW, LAST_ROW = 1, 3, 1048576
_PREPARED, _SURE = 3000, 3
Line = list[str]


def lines(import_report: ImportReport, profile: Profile) -> tuple[list[Line], list[Line]]:
    """The rows of cells, HEADS wide: (what found no place, what was filled in)."""
    left = [["没有放入", text, where, "", "请核对，需要的自己填到表里"] for text, where in import_report.unplaced]
    return left, [[_label(e, profile), e.text, e.where, e.sure, e.done] for e in import_report.entries]


def verdict(import_report: ImportReport | None) -> str:
    """The sentence above the lines."""
    if import_report is None:
        return (
            "这张表没有导入过内容。要用上年的表、Word表或别处的表，请在空白表上点“导入”选择文件，或请信息员用命令 xlpkg convert。"
        )
    unsure = sum(e.sure != "高" for e in import_report.entries)
    left = f"有{len(import_report.unplaced)}处没有放入，列在最前" if import_report.unplaced else "原文件的内容都已放入"
    check = f"，其中{unsure}处请核对（把握为中、低）" if unsure else ""
    return f"由“{import_report.file}”导入：填入{len(import_report.entries)}处{check}；{left}。"


def as_text(import_report: ImportReport, profile: Profile) -> str:
    """The import report for the terminal: what needs a look, in full; the rest in one line."""
    left, filled = lines(import_report, profile)
    unsure = [line for line in filled if line[3] != "高" or line[4]]
    shown = []
    for place, text, where, sure, done in (*left, *unsure):
        remarks = "，".join(filter(None, (f"把握{sure}" if sure else "", done)))
        shown.append(f"  {place}：{_short(text)}（{where}）{remarks}")
    return "\n".join([verdict(import_report), *shown])


def _short(text: str) -> str:
    bare = text.replace("\n", " ")
    return bare if len(bare) <= 60 else bare[:58] + "……"


def _label(entry: Entry, profile: Profile) -> str:
    return profile.label(entry.field) if entry.field in (*profile.header, *FUNDS) else entry.field


def write_import_report(book: Any, sheet: Any, import_report: ImportReport | None, profile: Profile) -> None:
    """Prepare the sheet, and write the lines of an import report."""
    formats = Formats(book)
    last = len(HEADS) - 1
    for column, width in enumerate(HEADS.values()):
        sheet.set_column(column, column, width, formats["open_center" if column == _SURE else "open"])
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, last, "导入说明", formats["title"])
    sheet.set_row(0, 28)
    sheet.merge_range(VERDICT_ROW, 0, VERDICT_ROW, last, verdict(import_report), formats["status"])
    sheet.set_row(VERDICT_ROW, 24)
    sheet.write_row(VERDICT_ROW + 1, 0, list(HEADS), formats["head"])
    sheet.freeze_panes(FIRST_ROW, 0)
    left, filled = lines(import_report, profile) if import_report else ([], [])
    for row, line in enumerate((*left, *filled), FIRST_ROW):
        for column, text in enumerate(line):
            if text:
                sheet.write_string(row, column, text)
        widths = zip(line, HEADS.values(), strict=True)
        sheet.set_row(row, 15 * max(text_lines(text, width - 2) for text, width in widths) + 5)
    amber = formats.conditional(AMBER, AMBER_INK)
    border = book.add_format({"border": 1, "border_color": LINE})
    bottom, first = FIRST_ROW + _PREPARED - 1, FIRST_ROW + 1
    for criteria, look in (
        (f'=$A{first}="没有放入"', amber),
        (f'=OR($D{first}="中",$D{first}="低")', amber),
        (f'=$A{first}<>""', border),
    ):
        sheet.conditional_format(FIRST_ROW, 0, bottom, last, {"type": "formula", "criteria": criteria, "format": look})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(VERDICT_ROW + 1)
    sheet.set_footer("&C第&P页，共&N页")
