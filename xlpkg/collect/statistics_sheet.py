"""The sheet 问题统计: which rules are broken most, and how each unit did; a chart above each of the two tables."""

from typing import TYPE_CHECKING, Any

from xlpkg.collect.collection import Collection
from xlpkg.writing.bar_chart import Bars, insert_bars
from xlpkg.writing.list_pages import set_up_list
from xlpkg.writing.page_setup import row_height, set_width
from xlpkg.writing.style import Formats
from xlpkg.writing.table_sheet import Column, Columns

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

STATISTICS = "问题统计"
HEAD_ROW, FIRST_ROW = 3, 4
_CHARTED = 12
_CHART_HEIGHT = 250
_BY_RULE = Columns({
    c.head: c for c in (
        Column("规则", 7, "row_center"), Column("名称", 26, "row"), Column("级别", 7, "row_center"),
        Column("问题数", 9, "cell_center"), Column("项目数", 9, "cell_center"), Column("占项目", 9, "percent"),
    )
})  # fmt: skip
_BY_UNIT = Columns({
    c.head: c for c in (
        Column("预算部门", 24, "row"), Column("单位", 26, "row"), Column("项目数", 8, "cell_center"),
        Column("通过", 8, "cell_center"), Column("首次通过", 9, "cell_center"), Column("首次通过率", 11, "percent"),
        Column("错误数", 9, "cell_center"), Column("提醒数", 9, "cell_center"),
    )
})  # fmt: skip
_GAP = 3


def write_statistics(book: "Workbook", sheet: "Worksheet", formats: Formats, collection: Collection, footer: str) -> None:
    """By rule and by unit, side by side. A chart has a bar for what is not 0, and is left out where everything is."""
    found = collection.statistics
    by_rule, by_unit = found.by_rule(), found.by_unit()
    sheet.write_string(0, 0, STATISTICS, formats["table_title"])
    sheet.set_row(0, 26)
    share = found.first_passed / found.count if found.count else 0
    back = found.count - found.passed
    said = (
        f"项目{found.count}个，通过{found.passed}个，退回{back}个；首次通过{found.first_passed}个（{share:.1%}）；"
        f"错误{found.errors}处，提醒{found.warnings}处；未能读取{len(collection.unreadable)}个文件；重复报送{collection.repeated}个项目。"
    )
    sheet.write_string(1, 0, said)
    gap = _BY_RULE.last + 1
    set_width(sheet, gap, _GAP)
    right = gap + 1
    _write_frame(sheet, formats, by_rule, _BY_RULE, 0)
    _write_frame(sheet, formats, by_unit, _BY_UNIT, right)
    heights = []
    for row in range(max(len(by_rule), len(by_unit))):
        frames = ((by_rule, _BY_RULE), (by_unit, _BY_UNIT))
        texts = [
            (str(frame[head].iloc[row]), width) for frame, columns in frames if row < len(frame)
            for head, width in zip(columns.heads, columns.rooms, strict=True) if head in ("名称", "预算部门", "单位")
        ]  # fmt: skip
        heights.append(row_height(texts))
        sheet.set_row(FIRST_ROW + row, heights[-1])
    charts = 0
    for columns, frame, left, width, title, names, values in (
        (_BY_RULE, by_rule, 0, 490, "最常见的问题（问题数）", "名称", "问题数"),
        (_BY_UNIT, by_unit, right, 640, "各单位错误数", "单位", "错误数"),
    ):
        if count := min(int((frame[values] > 0).sum()), _CHARTED):  # the tables are sorted by it, the largest first
            bars = Bars(title, left + columns.at(names), left + columns.at(values), FIRST_ROW, FIRST_ROW + count - 1)
            insert_bars(book, sheet, bars, (2, left), (width, 325), offset=(4, 3))
            charts += 1
    sheet.set_row(2, _CHART_HEIGHT if charts else 8)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.hide_gridlines(2)
    above = 41 + (_CHART_HEIGHT if charts else 8)
    widths = [*_BY_RULE.widths, _GAP, *_BY_UNIT.widths]
    set_up_list(sheet, heights, widths, above=above, head=HEAD_ROW, head_height=20, footer=footer)


def _write_frame(sheet: "Worksheet", formats: Formats, frame: Any, columns: Columns, left: int) -> None:
    """A DataFrame with these heads, from a column of the sheet on."""
    for n, (head, width, style) in enumerate(zip(columns.heads, columns.widths, columns.styles, strict=True), left):
        set_width(sheet, n, width)
        sheet.write_string(HEAD_ROW, n, head, formats["head"])
        for row, value in enumerate(frame[head].tolist(), FIRST_ROW):
            if isinstance(value, str):
                sheet.write_string(row, n, value, formats[style])
            else:
                sheet.write_number(row, n, value, formats[style])
