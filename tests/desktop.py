"""A desktop without a screen: Xvfb, a mouse and a keyboard (xdotool), pictures (import), and the form's window on it.

Needs the Debian packages xvfb, xdotool and imagemagick.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from office import Document
from waiting import wait_for

from xlpkg.live.libreoffice.office import Office, running

SIZE = (1500, 950)
DOUBLE_CLICK = 0.6
"""Seconds after which LibreOffice takes a second click for a new one."""
FOCUSED = 11
"""com.sun.star.accessibility.AccessibleStateType.FOCUSED"""


def _goes_with_parent() -> None:
    """The process is ended when the one that started it ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Desktop:
    """A virtual screen of its own, for a with block; 96 dots an inch are 100 %.

    The screen goes when the process ends, not before: tkinter never lets go of a screen, and ends the process that loses one.
    """

    def __init__(self, size: tuple[int, int] = SIZE, dots: int = 96) -> None:
        self._size, self._dots = size, dots

    def __enter__(self) -> Desktop:
        read, write = os.pipe()
        screen = ["-screen", "0", f"{self._size[0]}x{self._size[1]}x24", "-dpi", str(self._dots)]
        command = ["Xvfb", "-displayfd", str(write), *screen, "-noreset", "-nolisten", "tcp"]
        subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL, preexec_fn=_goes_with_parent)
        os.close(write)
        with os.fdopen(read) as answer:
            self.display = ":" + answer.readline().strip()
        self._last_click = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}

    def do(self, *words: str) -> None:
        """Mouse and keyboard, in xdotool's words."""
        subprocess.run(["xdotool", *words], env=self.environment, check=True)

    def click(self, x: int, y: int) -> None:
        """A click that does not make a double click of the one before."""
        time.sleep(max(0, self._last_click + DOUBLE_CLICK - time.monotonic()))
        self.do("mousemove", str(x), str(y), "click", "1")
        self._last_click = time.monotonic()

    def titles(self) -> list[str]:
        """What the windows on the screen are called."""
        return list(self._windows().values())

    def press(self, title: str, key: str) -> None:
        """Wait for a window whose title begins so, and press a key in it."""
        found = wait_for(lambda: [number for number, name in self._windows().items() if name.startswith(title)])[-1]
        self.do("windowfocus", found, "sleep", "0.5", "key", key)

    def _windows(self) -> dict[str, str]:
        """Number and title of every window; a search by title would know only those in Latin letters."""
        found = self._asked("search", "--onlyvisible", "--name", ".").split()
        return {number: self._asked("getwindowname", number).strip() for number in found}

    def _asked(self, *words: str) -> str:
        asked = subprocess.run(["xdotool", *words], env=self.environment, check=False, capture_output=True, text=True)
        return asked.stdout

    def picture(self, path: Path) -> Path:
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
        return path

    def colour(self, x: int, y: int) -> str:
        """The colour of a point of the screen: "FFC7CE"."""
        crop = ["import", "-window", "root", "-crop", f"1x1+{x}+{y}", "-depth", "8", "rgb:-"]
        return subprocess.run(crop, env=self.environment, check=True, capture_output=True).stdout.hex().upper()


class Window:
    """A form opened with `xlpkg open`, for a with block: the program, the LibreOffice it started, and the document in it."""

    def __init__(self, desktop: Desktop, form: Path) -> None:
        self.desktop, self.form = desktop, form

    def __enter__(self) -> Window:
        known = set(running())
        command = [sys.executable, "-m", "xlpkg", "open", str(self.form)]
        self.program = subprocess.Popen(command, env=self.desktop.environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        assert self.program.stdout is not None
        self.said = self.program.stdout.readline()
        assert self.said, "xlpkg open ended"
        self.office = Office.attach((set(running()) - known).pop())
        (self.model,) = self.office.documents()
        self.document = Document(self.model)
        self.controller = self.model.CurrentController
        return self

    def __exit__(self, *_: object) -> None:
        self.program.terminate()
        self.program.wait(60)

    def press(self, caption: str) -> None:
        """Click on a button of the sheet in front."""
        self.desktop.click(*self._steady(lambda: self._button(caption)))

    def place(self, cell: str) -> tuple[int, int]:
        """The middle of a cell of the sheet in front, on the screen."""
        return self._steady(lambda: self._cell(cell))

    @staticmethod
    def _steady(look: Callable[[], tuple[int, int] | None]) -> tuple[int, int]:
        """A place that is there and does not move: what was scrolled or has just come to the front is drawn a little later."""
        before, now = None, look()
        while before is None or before != now:
            before, now = now, wait_for(look)
        return before

    def _button(self, caption: str) -> tuple[int, int] | None:
        for shape in self.controller.ActiveSheet.DrawPage:
            if getattr(getattr(shape, "Control", None), "Label", "") == caption:
                panes = (self.controller.getByIndex(i).getControl(shape.Control) for i in range(self.controller.Count))
                return next((_middle(p.AccessibleContext) for p in panes if p.AccessibleContext), None)
        raise AssertionError(f"no button {caption}")

    def _cell(self, cell: str) -> tuple[int, int] | None:
        address = self.controller.ActiveSheet.getCellRangeByName(cell).RangeAddress
        for table in _tables(self.controller.Frame.ComponentWindow.AccessibleContext):
            child = table.getAccessibleCellAt(address.StartRow, address.StartColumn)
            context = child and child.AccessibleContext
            if context and context.Size.Width and 100 < context.LocationOnScreen.Y < SIZE[1] - 60:
                return _middle(context)
        return None

    def show(self, sheet: str, row: int = 1) -> None:
        """Bring a sheet to the front, with a row on top (below the frozen ones)."""
        self.controller.setActiveSheet(self.model.Sheets.getByName(sheet))
        self.controller.getByIndex(self.controller.Count - 1).setFirstVisibleRow(row - 1)

    def type_into_dialog(self, title: str, text: str) -> None:
        """Wait for a dialog, type into its first field, and press Enter."""
        self.desktop.do("search", "--sync", "--name", title, "windowfocus")
        field = wait_for(lambda: self._in_a_window(lambda c: c.AccessibleStateSet.contains(FOCUSED) and hasattr(c, "setText")))
        self.desktop.do("key", "ctrl+a")  # what stands in the field
        self.desktop.do("type", "--delay", "5", text)
        wait_for(lambda: field.getText() == text)
        self.desktop.do("key", "Return")

    def selected(self) -> str:
        """The sheet in front and the selected cell: "填报!F31"."""
        area = self.controller.getSelection().RangeAddress
        cell = self.model.Sheets.getByIndex(area.Sheet).getCellByPosition(area.StartColumn, area.StartRow)
        return cell.AbsoluteName.replace("$", "").replace(".", "!").replace("'", "")

    def close(self) -> int:
        """Close the window as a person would, without saving; the exit code of xlpkg open."""
        self.desktop.click(*self.place("D3"))  # the keyboard goes to the sheet
        self.desktop.do("key", "ctrl+w")
        self.desktop.click(*_middle(wait_for(lambda: self._in_a_window(lambda c: c.AccessibleName.startswith("Don")))))
        return self.program.wait(60)

    def _in_a_window(self, wanted: Callable[[Any], bool]) -> Any:
        """The first accessible thing of this kind in any of the office's windows; None if there is none."""
        toolkit = self.office.service("com.sun.star.awt.Toolkit")
        windows = (toolkit.getTopWindow(i).AccessibleContext for i in range(toolkit.TopWindowCount))
        return next((c for w in windows for c in _below(w) if wanted(c)), None)


def _middle(context: Any) -> tuple[int, int]:
    place, size = context.LocationOnScreen, context.Size
    return place.X + size.Width // 2, place.Y + size.Height // 2


def _below(context: Any, depth: int = 8) -> Iterator[Any]:
    """An accessible thing and those in it."""
    yield context
    for i in range(min(context.AccessibleChildCount, 20) if depth else 0):
        child = context.getAccessibleChild(i)
        if child is not None:
            yield from _below(child.AccessibleContext, depth - 1)


def _tables(context: Any) -> Iterator[Any]:
    """The accessible tables below a window: one a pane."""
    if hasattr(context, "getAccessibleCellAt"):
        yield context
        return
    for i in range(min(context.AccessibleChildCount, 50)):
        child = context.getAccessibleChild(i)
        if child is not None:
            yield from _tables(child.AccessibleContext)
