"""What is raised where a file cannot be read, and the sentences that several readers share."""

from pathlib import Path

from xlpkg.form.refusal import RefusalError


class UnreadableError(RefusalError):
    """A file that cannot be read as a declaration; the message is a sentence for the user."""


def broken(path: Path) -> UnreadableError:
    """A workbook that is cut off or damaged."""
    return UnreadableError(f"“{path.name}”不完整或已损坏，打不开。请重新复制或下载，或用Excel打开后另存为.xlsx再试。")


def broken_word(path: Path) -> UnreadableError:
    """A Word document that is cut off or damaged."""
    return UnreadableError(f"“{path.name}”不是完整的Word文档，打不开。请重新复制，或用Word打开后另存为.docx再试。")


def locked(path: Path) -> UnreadableError:
    """A workbook that needs a password."""
    in_excel = "" if path.suffix.lower() == ".ods" else "在Excel里"
    menu = "（文件→信息→保护工作簿→用密码进行加密，清空）" if in_excel else ""
    return UnreadableError(f"“{path.name}”设有打开密码。请{in_excel}取消密码{menu}，保存后再试。")


def too_many_cells(file: str, count: int) -> UnreadableError:
    """A foreign file with so many cells that are filled in (or spanned) that it is no form and no list of forms."""
    what = f"“{file}”的表格有{count}格，内容太多，不像申报表，没有读入"
    return UnreadableError(f"{what}。请只留下申报表，或者分成几个文件后再试。")


def sheet_too_large(file: str, sheet: str, row: int, column: int, *, stray: bool = False) -> UnreadableError:
    """A sheet whose used range ends in this cell (0-based), or that has a stray cell there, and cannot be held in memory."""
    place = f"第{row + 1}行、第{column + 1}列"
    what = f"在{place}附近有零散内容" if stray else f"一直用到{place}"
    return UnreadableError(f"“{file}”的“{sheet}”表{what}，离表格太远。请删去多余的行和列后再试。")
