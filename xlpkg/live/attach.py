"""Find the open workbook by its full name: never the active one, never opened by us."""

import os
import re
import sys
from pathlib import PurePath, PureWindowsPath
from typing import TYPE_CHECKING

from xlpkg.form.refusal import RefusalError
from xlpkg.live.engine import lean_xlwings

if TYPE_CHECKING:
    import xlwings as xw


_IN_WPS = "用WPS时，请保存表格，把文件拖到桌面“绩效目标-检查”图标上，或者改用Excel打开。"


class NotFoundError(RefusalError):
    """The workbook is not open, or open twice; the message is a sentence for the user."""


def find(fullname: str) -> "xw.Book":
    """The open workbook of this full name (of this name, if it was never saved). Raises NotFoundError."""
    xlwings = lean_xlwings()
    if sys.platform == "linux":
        from xlpkg.live.libreoffice.engine import APPS

        APPS.find()
    name = (PureWindowsPath if "\\" in fullname else PurePath)(fullname).name
    if len(xlwings.apps) == 0:
        raise NotFoundError(f"没有找到正在运行的Excel，按钮不能用。{_IN_WPS}")
    found: list[xw.Book] = [book for app in xlwings.apps for book in _matching(app, fullname, name)]
    if not found:
        raise NotFoundError(f"“{name}”没有打开，或者刚刚被关闭、改名。请打开表格后再点按钮。")
    if len(found) > 1:
        raise NotFoundError(f"“{name}”在两个窗口里同时打开。请只留一个，再点按钮。")
    if re.search("kingsoft|wps", str(found[0].app.path), re.IGNORECASE):
        if os.environ.get("XLPKG_WPS") != "1":
            raise NotFoundError(f"这张表是用WPS打开的，按钮只能在Excel里用。{_IN_WPS}")
        found[0].app.status_bar = "正在WPS里试用按钮。这一功能没有试过，结果请核对。"
    return found[0]


def _matching(app: "xw.App", fullname: str, name: str) -> "list[xw.Book]":
    """The books of a program with this name; none of a program that is just being closed."""
    try:
        return [book for book in app.books if _is(book, fullname, name)]
    except RefusalError:  # LibreOffice has gone; an Excel that is busy says so itself
        return []


def _is(book: "xw.Book", fullname: str, name: str) -> bool:
    """Whether a book has this name; "?" stands for a character that the command line could not carry."""
    if not _same(book.name, name):
        return False
    if fullname == name or "://" in fullname:
        return True
    try:
        return _same(book.fullname, fullname)
    except Exception:  # xlwings cannot tell where a synchronised folder (OneDrive) is on this machine
        return True


def _same(one: str, other: str) -> bool:
    return re.fullmatch(re.escape(other).replace(r"\?", "."), one, re.IGNORECASE) is not None
