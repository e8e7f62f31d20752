"""xlpkg desk: the window, its two pages, and its keys."""

import contextlib
import os
import sys
import tkinter
from importlib.util import find_spec
from pathlib import Path
from tkinter import ttk
from types import TracebackType

from xlpkg.desk import recent, texts
from xlpkg.desk.background import Background
from xlpkg.desk.bureau_page import BureauPage
from xlpkg.desk.form_page import FormPage
from xlpkg.desk.opened import Opened
from xlpkg.desk.opened_later import OpenedLater
from xlpkg.desk.screen import fit, new_root, pixels
from xlpkg.form import profiles
from xlpkg.form.refusal import RefusalError

_SIZE, _SMALLEST = (1280, 820), (700, 420)
_EVERY = 80
"""Milliseconds between two looks at what was done in the background."""


class NoWindowError(RefusalError):
    """No screen to show a window on; the message is a sentence for the user."""


class Window:
    """The window; `run` shows it until it is closed. `product` is what the program is called. Raises NoWindowError."""

    def __init__(self, product: str, profile: str = "") -> None:
        self._product = product
        form = profiles.chosen(profile) if profile else None
        try:
            self.root = new_root(product)
        except tkinter.TclError:
            raise NoWindowError(texts.NO_DISPLAY) from None
        self._closing = False
        self._background = Background()
        remembered = recent.load()
        self.pages = ttk.Notebook(self.root) if find_spec("pandas") else None  # a clerk's kit does not consolidate
        self.form = FormPage(self.pages or self.root, self._background, remembered, self._rename, form)
        self.bureau: BureauPage | None = None
        if self.pages:
            self.bureau = BureauPage(self.pages, remembered, profile)
            self.pages.add(self.form, text=texts.FORM_PAGE)
            self.pages.add(self.bureau, text=texts.BUREAU_PAGE)
        (self.pages or self.form).pack(fill="both", expand=True)
        for key, command in {
            "<Control-o>": self.form.choose, "<F5>": self.form.check, "<F6>": self.form.mend, "<F7>": self.form.submit,
        }.items():  # fmt: skip
            self.root.bind(key, lambda _, command=command: command())  # type: ignore[misc]
        self.form.list.tree.bind("<Control-c>", lambda _: self.form.copy_cell())
        self.form.list.tree.focus_set()
        self.root.protocol("WM_DELETE_WINDOW", self.close)
        self.root.report_callback_exception = self._callback_failed
        fit(self.root, *_SIZE)
        self.root.minsize(*(pixels(self.root, length) for length in _SMALLEST))
        self._look()

    def open(self, path: Path) -> None:
        """Show a form; a folder goes to the bureau's page."""
        if path.is_dir() and self.pages and self.bureau:
            self.bureau.show_folder(str(path.absolute()))
            self.pages.select(self.bureau)  # type: ignore[no-untyped-call]
        else:
            self.form.open(path.absolute())

    def run(self) -> None:
        """Until the window is closed."""
        self.root.mainloop()

    def close(self) -> None:
        """Close when what is under way has been written."""
        self._closing = True
        if self.bureau and self.bureau.busy:
            self.bureau.stop()
        if self._background.waiting:
            self.form.result.say(texts.STILL_WORKING)

    def _look(self) -> None:
        try:
            self._background.deliver()
            self.form.look()
            if self.bureau:
                self.bureau.look()
        except Exception as error:
            self._went_wrong(error)
        if self._closing and not self._background.waiting and not (self.bureau and self.bureau.busy):
            self.form.close()
            self._background.finish()
            self.root.destroy()
            return
        self.root.after(_EVERY, self._look)

    def _rename(self, opened: Opened | OpenedLater | None) -> None:
        report = opened and opened.report
        named = (opened.path.name, report.errors, report.warnings) if opened and report else ("", 0, 0)
        self.root.title(texts.title(self._product, *named))

    def _callback_failed(self, _: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            raise error
        self._went_wrong(error)

    def _went_wrong(self, error: Exception) -> None:
        from xlpkg.live.session import explain

        self.form.result.say(explain(error))


def open_window(file: Path | None, product: str, profile: str = "") -> None:
    """Show the window, with a file or folder if one is named. Raises NoWindowError, ProfileError."""
    if sys.platform == "win32":
        with contextlib.suppress(Exception):  # a place of its own in the task bar, apart from other programs in Python
            import ctypes

            ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID("xlpkg.desk")
    elif sys.platform == "linux" and not os.environ.get("DISPLAY"):
        raise NoWindowError(texts.NO_DISPLAY)
    window = Window(product, profile)
    if file is not None:
        window.open(file)
    window.run()
