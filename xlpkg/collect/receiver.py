"""The receiver's workbook 汇总台.xlsm: where the files are, the buttons, and what came of the last run."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.files.write import in_place
from xlpkg.writing import macros
from xlpkg.writing.book import new_book
from xlpkg.writing.page_setup import set_up_page, set_width, text_height
from xlpkg.writing.style import Formats, room

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FOLDER, OUTPUT, WORKERS, STATUS = (3, 1), (4, 1), (5, 1), (9, 1)
"""The cells (0-based) of the folder, the name of the workbook to write, the number of processes, and the outcome."""
STATUS_ROWS = 8
"""Below one another; those that say nothing are one point high."""
WORKERS_LABEL = "同时处理几个文件"
_WIDTHS = (18, 26, 26, 26, 26)
_LAST = len(_WIDTHS) - 1
_LEAST, EMPTY_ROW = 20.0, 1.0
_BUTTON_ROW = 7
_HELP = (
    "1. 把各单位报来的填报表（.xlsx、.xlsm）和申报表放进一个文件夹，可以分子文件夹。",
    "2. 点“选择文件夹”（或把文件夹的路径填在上面），再点“汇总”：逐个读取、检查、核对校验码，汇总工作簿写在本文件旁边并打开。",
    "3. 有坏文件不影响汇总，列在“未能读取”。补交文件后再点“汇总”，只读新的和改过的文件。",
    "4. 点“生成退回意见书”：每个要退回的项目一份Word文件，写在本文件旁边的“退回意见书”文件夹。",
    "5. 年中、年末点“生成监控表”“生成自评表”：文件夹里每个项目一份，目标和资金已填好，写在本文件旁边，发给各单位填写。",
    f"6. 文件成百上千时，把“{WORKERS_LABEL}”改大些会快，例如2或4；电脑变慢了就改回1。各单位的文件一律不改动。",
)


def build_receiver(target: Path) -> None:
    """Write the receiver's workbook (.xlsm), whole or not at all. Raises OSError."""
    data = BytesIO()
    book = new_book(data, "绩效目标汇总")
    sheets = {name: book.add_worksheet(name) for name in macros.RECEIVER_CODE_NAMES}
    macros.add_macros(book, sheets)
    _desk(sheets[layout.DESK], Formats(book))
    macros.write_settings(sheets[layout.OPTIONS], book.add_format({"num_format": "@"}))
    sheets[layout.OPTIONS].hide()
    book.close()
    in_place(target, data.getvalue())


def status_height(lines: Sequence[str]) -> float:
    """The height in points of rows that all have room for any of these lines of the outcome."""
    return max(_LEAST, *(text_height(line, [room("open_text", _WIDTHS[1]), *_WIDTHS[2:]]) for line in lines))


def is_receiver(path: Path) -> bool:
    """Whether a file is the receiver's workbook."""
    from xlpkg.files.errors import UnreadableError
    from xlpkg.files.ooxml import Package

    try:
        return layout.DESK in Package(path).sheet_names
    except UnreadableError:
        return False


def _desk(sheet: "Worksheet", formats: Formats) -> None:
    for column, width in enumerate(_WIDTHS):
        set_width(sheet, column, width)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, _LAST, "项目支出绩效目标汇总台", formats["title"])
    sheet.set_row(0, 30)
    sheet.merge_range(1, 0, 1, _LAST, "财政部门收表、检查、汇总用。白色格可以填写。", formats["hint"])
    fields = ((FOLDER, "文件夹", ""), (OUTPUT, "汇总文件名", "汇总.xlsx"), (WORKERS, WORKERS_LABEL, "1"))
    for (row, column), label, text in fields:
        sheet.write_string(row, 0, label, formats["label"])
        sheet.merge_range(row, column, row, _LAST, text, formats["input"])
        sheet.set_row(row, 24)
    sheet.data_validation(*WORKERS, *WORKERS, {
        "validate": "list", "source": ["1", "2", "4", "8"], "error_title": "请核对", "error_message": "写1到64的整数，例如4。",
        "error_type": "warning",
    })  # fmt: skip
    sheet.set_row(_BUTTON_ROW, 38)
    macros.insert_buttons(sheet, _BUTTON_ROW, macros.RECEIVER_BUTTONS, _WIDTHS, (150, 36), "Receiver")
    sheet.write_string(STATUS[0], 0, "结果", formats["label"])
    for row in range(STATUS[0], STATUS[0] + STATUS_ROWS):
        first = "还没有汇总。" if row == STATUS[0] else ""
        sheet.merge_range(row, 1, row, _LAST, first, formats["open_text"])
        sheet.set_row(row, _LEAST if first else EMPTY_ROW)
    filled = {"type": "formula", "criteria": f'=$B{STATUS[0] + 1}<>""', "format": formats.border()}
    sheet.conditional_format(STATUS[0], 1, STATUS[0] + STATUS_ROWS - 1, _LAST, filled)
    row = STATUS[0] + STATUS_ROWS + 1
    sheet.merge_range(row, 0, row, _LAST, "怎么用", formats["section"])
    for n, line in enumerate(_HELP, row + 1):
        sheet.merge_range(n, 0, n, _LAST, line, formats["text"])
        sheet.set_row(n, text_height(line, _WIDTHS))
    set_up_page(sheet, footer="")
