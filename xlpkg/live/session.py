"""One click: find the workbook, run the action, and tell the user in Chinese whatever went wrong."""

import contextlib
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.collect import receiver
from xlpkg.files import write as files
from xlpkg.files.a1 import address
from xlpkg.form.refusal import RefusalError
from xlpkg.live import attach
from xlpkg.live.actions import ACTIONS
from xlpkg.live.own_cells import uncover
from xlpkg.live.say import say
from xlpkg.writing import findings

if TYPE_CHECKING:
    import xlwings as xw

LOG = Path.home() / ".xlwings" / "xlpkg.log"
_LARGEST_LOG = 1_000_000
_BUSY = (-2147418111, -2146777998, -2147417846)  # RPC_E_CALL_REJECTED, VBA_E_IGNORE, RPC_E_SERVERCALL_RETRYLATER
_REFUSED = ("com_error", "CommandError", "RefusedError")  # what Excel on Windows, Excel on a Mac and LibreOffice raise


def run(action: str, fullname: str, *arguments: str) -> int:
    """Do what a button says; returns the exit code: 0 done, 2 not done. No exception leaves."""
    try:
        book = attach.find(fullname)
    except Exception as error:
        sentence = explain(error)
        _on_every_status_bar(sentence)
        say(sentence)
        return 2
    return perform(action, book, *arguments)


def perform(action: str, book: "xw.Book", *arguments: str) -> int:
    """Do what a button says with an open workbook (import with a file's path).

    What goes wrong is told on 检查结果 (or the receiver's desk) and the status bar.
    """
    try:
        ACTIONS[action](book, *arguments)
    except Exception as error:
        sentence = explain(error)
        with contextlib.suppress(Exception):
            book.app.status_bar = sentence
        with contextlib.suppress(Exception):
            desk = layout.DESK in book.sheet_names
            sheet, cell = (layout.DESK, receiver.STATUS) if desk else (layout.RESULTS, findings.VERDICT)
            book.sheets[sheet].range(address(*cell)).value = f"没有完成：{sentence}"
            uncover(book.sheets[sheet])
        return 2
    return 0


def explain(error: Exception) -> str:
    """What went wrong as a sentence for the user; what we did not foresee goes to the log file."""
    if isinstance(error, RefusalError):
        return str(error)
    if isinstance(error, OSError):
        return files.in_chinese(error)
    _log(error)
    if type(error).__name__ in _REFUSED:
        if getattr(error, "hresult", None) in _BUSY:
            return "有格子正在编辑（光标在格子里闪），或有对话框开着。请按回车键或Esc键，再点一次。"
        return "写不进表格：工作表可能被保护了。请在“审阅”里撤消工作表保护；有格子正在编辑的，先按回车键或Esc键，再点一次。"
    return f"程序出错，没有完成。请把文件“{LOG}”交给信息员。"


def _log(error: Exception) -> None:
    """The traceback into the log file, which is begun anew when it has grown too large."""
    with contextlib.suppress(OSError):
        LOG.parent.mkdir(parents=True, exist_ok=True)
        too_large = LOG.exists() and LOG.stat().st_size > _LARGEST_LOG
        with LOG.open("w" if too_large else "a", encoding="utf-8") as file:
            file.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}\n{''.join(traceback.format_exception(error))}\n")


def _on_every_status_bar(sentence: str) -> None:
    """Without a workbook there is no better place to say it."""
    with contextlib.suppress(Exception):
        import xlwings

        for app in xlwings.apps:
            app.status_bar = sentence
