"""xlpkg open FORM: the form in a LibreOffice window whose buttons work without macros; this program does what they say."""

import os
import queue
import re
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from xlpkg.live.engine import lean_xlwings
from xlpkg.live.libreoffice.bridge import OfficeError, exception, uno
from xlpkg.live.libreoffice.engine import APPS, Book
from xlpkg.live.libreoffice.office import Office
from xlpkg.writing.macros import BUTTONS, PICK, RECEIVER_BUTTONS  # those of the later forms run the same macros

_WITH_FILE, _WITH_FOLDER = ("import",), ("choose",)
_PATIENCE = 0.5  # seconds between two looks whether the window is still there


def open_form(path: Path) -> int:
    """Open a form and serve its buttons until its window is closed; returns the exit code. Raises OfficeError."""
    if sys.platform != "linux":
        raise OfficeError("xlpkg open 用于Linux上的LibreOffice。在Windows和macOS上请直接用Excel打开这张表。")
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise OfficeError("没有图形界面，打不开窗口。请在桌面上运行，或用 xlpkg check 检查。")
    if path.suffix.lower() != ".xlsm":
        raise OfficeError(f"“{path.name}”没有按钮。请先转成带按钮的表：xlpkg convert {path.name} -o {path.stem}.xlsm")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the window goes with us
    office = Office.start(visible=True)
    try:
        model = office.open(path)
        clicks: queue.SimpleQueue[str] = queue.SimpleQueue()
        listeners = _listen(model, clicks)
        if not listeners:
            raise OfficeError(f"“{path.name}”里没有按钮。请先转成带按钮的表：xlpkg convert {path.name} -o 新表.xlsm")
        print(f"已打开“{path.name}”，按钮可以用了。关闭窗口即结束。", flush=True)
        server = threading.Thread(target=_serve, args=(office, model, clicks), daemon=True)
        server.start()
        while server.is_alive():  # this thread stays free to be told to stop, whatever LibreOffice is doing
            server.join(_PATIENCE)
        return 0
    finally:
        office.quit()


def _serve(office: Office, model: Any, clicks: "queue.SimpleQueue[str]") -> None:
    """Do what the buttons say, one click after the other, as long as the window is there."""
    from xlpkg.live.session import perform

    xlwings = lean_xlwings()
    book = xlwings.Book(impl=Book(model, APPS.adopt(office)))
    while True:
        try:
            action = clicks.get(timeout=_PATIENCE)
            if action not in (*_WITH_FILE, *_WITH_FOLDER):
                perform(action, book)
            elif chosen := _chosen_file(office) if action in _WITH_FILE else _chosen_folder(office):
                perform(action, book, *chosen)
        except queue.Empty:
            try:
                if not office.alive or model not in office.documents():
                    return
            except exception():
                return


def _chosen_file(office: Office) -> list[str]:
    """The file that the user chooses in a dialog of LibreOffice; none if he closes it."""
    picker = office.service("com.sun.star.ui.dialogs.FilePicker")
    picker.setTitle("导入：请选择文件")
    picker.appendFilter("Word、Excel、文本", "*.docx;*.doc;*.wps;*.xlsx;*.xlsm;*.xls;*.ods;*.txt;*.json")
    if not picker.execute():
        return []
    return [str(uno().fileUrlToSystemPath(picker.getSelectedFiles()[0]))]


def _chosen_folder(office: Office) -> list[str]:
    """The folder that the user chooses in a dialog of LibreOffice; none if he closes it."""
    picker = office.service("com.sun.star.ui.dialogs.FolderPicker")
    picker.setTitle("请选择文件夹")
    return [str(uno().fileUrlToSystemPath(picker.getDirectory()))] if picker.execute() else []


def _listen(model: Any, clicks: "queue.SimpleQueue[str]") -> list[Any]:
    """Let every button of the form put its action into the queue.

    The listeners hang on the document, not on the drawn controls: those are made anew whenever a sheet comes to the front.
    """
    model.CurrentController.setFormDesignMode(False)
    found = []
    for sheet in model.Sheets:
        for form in sheet.DrawPage.Forms:
            listener = _listener(clicks)
            form.addScriptListener(listener)
            found += [listener] * any(_action(e.ScriptCode) for i in range(form.Count) for e in form.getScriptEvents(i))
    return found


def _action(script: str) -> str | None:
    """The action of the macro that a button is bound to: "…:VBAProject.Buttons.CheckForm?…" → "check"."""
    return next(
        (button.action for button in (*BUTTONS, PICK, *RECEIVER_BUTTONS) if re.search(rf"\b{button.macro}\b", script)), None
    )


def _listener(clicks: "queue.SimpleQueue[str]") -> Any:
    interface = uno().getClass("com.sun.star.script.XScriptListener")
    unohelper: Any = sys.modules["unohelper"]

    class Listener(unohelper.Base, interface):  # type: ignore[misc,valid-type]
        def firing(self, event: Any) -> None:
            if action := _action(event.ScriptCode):
                clicks.put(action)

        def approveFiring(self, event: Any) -> None:  # noqa: N802 the interface's name
            return None

        def disposing(self, event: Any) -> None:
            """The window is closing; there is nothing to let go of."""

    return Listener()
