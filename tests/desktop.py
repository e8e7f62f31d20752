"""A desktop without a screen: Xvfb, a mouse and a keyboard (xdotool), pictures (import), and the form's window on it.

Needs the Debian packages xvfb, xdotool and imagemagick.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from office import Document

from xlpkg.live.libreoffice.office import Office, running

SIZE = (1500, 950)


def wait_for(condition: Callable[[], Any], patience: float = 30) -> Any:
    """What the condition gives as soon as it is true; AssertionError if it does not become true."""
    deadline = time.monotonic() + patience
    while True:
        if found := condition():
            return found
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


class Desktop:
    """A virtual screen of its own, for a with block."""

    def __enter__(self) -> Desktop:
        read, write = os.pipe()
        screen = f"{SIZE[0]}x{SIZE[1]}x24"
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-noreset", "-nolisten", "tcp"]
        self._server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.display = ":" + answer.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait()

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}

    def do(self, *words: str) -> None:
        """Mouse and keyboard, in xdotool's words."""
        subprocess.run(["xdotool", *words], env=self.environment, check=True)

    def click(self, x: int, y: int) -> None:
        self.do("mousemove", str(x), str(y), "sleep", "0.1", "click", "1", "sleep", "0.1")

    def type_into_dialog(self, title: str, text: str) -> None:
        """Wait for a dialog, type into its first field, and press Enter."""
        self.do("search", "--sync", "--name", title, "windowfocus", "sleep", "0.5")
        self.do("key", "ctrl+a")  # what stands in the field
        self.do("type", "--delay", "5", text)
        self.do("key", "Return")

    def picture(self, path: Path) -> Path:
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
        return path

    def colour(self, x: int, y: int) -> str:
        """The colour of a point of the screen: "FFC7CE"."""
        crop = ["import", "-window", "root", "-crop", f"1x1+{x}+{y}", "-depth", "8", "rgb:-"]
        return subprocess.run(crop, env=self.environment, check=True, capture_output=True).stdout.hex().upper()


class Window:
    """A form opened with `xlpkg open`: the program, the LibreOffice it started, and the document in it."""

    def __init__(self, desktop: Desktop, form: Path) -> None:
        self.desktop, known = desktop, set(running())
        command = [sys.executable, "-m", "xlpkg", "open", str(form)]
        self.program = subprocess.Popen(command, env=desktop.environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        assert self.program.stdout is not None
        self.said = self.program.stdout.readline()
        assert self.said, "xlpkg open ended"
        self.office = Office.attach((set(running()) - known).pop())
        (self.model,) = self.office.documents()
        self.document = Document(self.model)
        self.controller = self.model.CurrentController

    def button(self, caption: str) -> tuple[int, int]:
        """The middle of a button on the screen."""
        for shape in self.controller.ActiveSheet.DrawPage:
            if getattr(getattr(shape, "Control", None), "Label", "") == caption:
                panes = (self.controller.getByIndex(i).getControl(shape.Control) for i in range(self.controller.Count))
                seen = [p.AccessibleContext for p in panes if p.AccessibleContext]
                place, size = seen[0].LocationOnScreen, seen[0].Size
                return place.X + size.Width // 2, place.Y + size.Height // 2
        raise AssertionError(f"no button {caption}")

    def press(self, caption: str) -> None:
        self.desktop.click(*self.button(caption))

    def show(self, sheet: str, row: int = 1) -> None:
        """Bring a sheet to the front, with a row on top (below the frozen ones)."""
        self.controller.setActiveSheet(self.model.Sheets.getByName(sheet))
        self.controller.getByIndex(self.controller.Count - 1).setFirstVisibleRow(row - 1)
        time.sleep(0.3)

    def place(self, cell: str) -> tuple[int, int]:
        """The middle of a cell of the sheet in front, on the screen."""
        address = self.controller.ActiveSheet.getCellRangeByName(cell).RangeAddress
        for table in _tables(self.controller.Frame.ComponentWindow.AccessibleContext):
            child = table.getAccessibleCellAt(address.StartRow, address.StartColumn)
            context = child and child.AccessibleContext
            if (
                context
                and context.Size.Width
                and 0 <= context.LocationOnScreen.Y < SIZE[1] - 60
                and context.LocationOnScreen.Y > 100
            ):
                place, size = context.LocationOnScreen, context.Size
                return place.X + size.Width // 2, place.Y + size.Height // 2
        raise AssertionError(f"{cell} is not to be seen")

    def selected(self) -> str:
        """The sheet in front and the selected cell: "填报!F31"."""
        area = self.controller.getSelection().RangeAddress
        cell = self.model.Sheets.getByIndex(area.Sheet).getCellByPosition(area.StartColumn, area.StartRow)
        return cell.AbsoluteName.replace("$", "").replace(".", "!").replace("'", "")

    def close(self) -> int:
        """Close the window as a person would, without saving; the exit code of xlpkg open."""
        self.desktop.click(*self.place("D3"))  # the keyboard goes to the sheet
        self.desktop.do("key", "ctrl+w")
        context = self.office.context
        toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)

        def refusal() -> Any:
            windows = (toolkit.getTopWindow(i).AccessibleContext for i in range(toolkit.TopWindowCount))
            return next((c for w in windows for c in _below(w) if c.AccessibleName.startswith("Don")), None)

        place = wait_for(refusal).LocationOnScreen
        self.desktop.click(place.X + 20, place.Y + 10)
        return self.program.wait(60)


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
