"""The sheet 导入说明: where each field and row of a form came from, how sure that is, and what of the source found no place."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

from xlpkg.form.fields import FUNDS
from xlpkg.form.import_report import Entry, ImportReport
from xlpkg.form.profile import Profile
from xlpkg.writing.page_setup import set_up_page
from xlpkg.writing.style import AMBER, AMBER_INK
from xlpkg.writing.table_sheet import SENTENCE_ROW, Column, Columns, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


class Line(NamedTuple):
    """A piece of the source and where it went, column by column."""

    place: Annotated[str, Column("填到哪里", 16)]
    text: Annotated[str, Column("内容", 60)]
    source: Annotated[str, Column("来源", 26)]
    sure: Annotated[str, Column("把握", 8, "open_center")]
    remark: Annotated[str, Column("说明", 40)]


COLUMNS = Columns.of(Line)
VERDICT, HEAD_ROW, FIRST_ROW = (SENTENCE_ROW, 0), 2, 3
"""The cell of the verdict, the row of the heads, the row of the first line."""
_PREPARED_ROWS = 3000
_LEFT_OUT, SURE = "没有放入", "高"


def lines(import_report: ImportReport, profile: Profile) -> tuple[list[Line], list[Line]]:
    """(what found no place, what was filled in), line by line."""
    left = [Line(_LEFT_OUT, text, where, "", "请核对，需要的自己填到表里") for text, where in import_report.unplaced]
    return left, [Line(_label(e, profile), e.text, e.where, e.sure, e.done) for e in import_report.entries]


def verdict(import_report: ImportReport | None) -> str:
    """The sentence above the lines."""
    if import_report is None:
        return (
            "这张表没有导入过内容。要用上年的表、Word表或别处的表，请在空白表上点“导入”选择文件，或请信息员用命令 xlpkg convert。"
        )
    if not import_report.entries:
        return f"由“{import_report.file}”转来，内容都已带到；另有{len(import_report.unplaced)}处不是表内容，没有带过来，列在下面。"
    unsure = sum(e.sure != SURE for e in import_report.entries)
    left = f"有{len(import_report.unplaced)}处没有放入，列在最前" if import_report.unplaced else "原文件的内容都已放入"
    check = f"，其中{unsure}处请核对（把握为中、低）" if unsure else ""
    return f"由“{import_report.file}”导入：填入{len(import_report.entries)}处{check}；{left}。"


def as_text(import_report: ImportReport, profile: Profile) -> str:
    """The import report for the terminal: what needs a look, in full; the rest in one line."""
    left, filled = lines(import_report, profile)
    unsure = [line for line in filled if line.sure != SURE or line.remark]
    shown = []
    for line in (*left, *unsure):
        remarks = "，".join(filter(None, (f"把握{line.sure}" if line.sure else "", line.remark)))
        shown.append(f"  {line.place}：{_short(line.text)}（{line.source}）{remarks}")
    return "\n".join([verdict(import_report), *import_report.lines, *shown])


def _short(text: str) -> str:
    bare = text.replace("\n", " ")
    return bare if len(bare) <= 60 else bare[:58] + "……"


def _label(entry: Entry, profile: Profile) -> str:
    return profile.label(entry.field) if entry.field in (*profile.header, *FUNDS) else entry.field


def write_import_report(book: "Workbook", sheet: "Worksheet", import_report: ImportReport | None, profile: Profile) -> None:
    """Prepare the sheet, and write the lines of an import report."""
    table = TableSheet(book, sheet, COLUMNS, HEAD_ROW, prepared=_PREPARED_ROWS)
    table.title("导入说明", "".join([verdict(import_report), *(import_report.lines if import_report else ())]))
    table.heads()
    sheet.freeze_panes(FIRST_ROW, 0)
    left, filled = lines(import_report, profile) if import_report else ([], [])
    for row, line in enumerate((*left, *filled), FIRST_ROW):
        table.line(row, line)
    amber = table.formats.conditional(AMBER, AMBER_INK)
    place, sure = (f"${table.here(name)}" for name in ("place", "sure"))
    table.when("place", "remark", f'={place}="{_LEFT_OUT}"', amber)
    table.when("place", "remark", f'=OR({sure}="中",{sure}="低")', amber)
    table.borders("place")
    set_up_page(sheet, head=HEAD_ROW)
