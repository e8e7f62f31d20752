"""The bars of the form's page: which file, the buttons, the verdict, and what came of a job."""

import tkinter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tkinter import ttk

from xlpkg.desk import outside, texts
from xlpkg.desk.opened import Opened
from xlpkg.desk.opened_later import OpenedLater
from xlpkg.desk.screen import pixels
from xlpkg.writing.style import AMBER, AMBER_INK, GREEN_INK, RED_INK


class FileBar(ttk.Frame):
    """The path of the open file, which may be typed or pasted; the last files in its drop-down."""

    def __init__(
        self, parent: tkinter.Misc, choose: Callable[[], None], typed: Callable[[], None],
        show: Callable[[], None], show_folder: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        gap = pixels(self, 4)
        ttk.Button(self, text=texts.OPEN, command=choose).pack(side="left")
        ttk.Button(self, text=texts.FOLDER, command=show_folder).pack(side="right")
        ttk.Button(self, text=texts.SHOW, command=show).pack(side="right", padx=gap)
        self.box = ttk.Combobox(self)
        self.box.bind("<Return>", lambda _: typed())
        self.box.bind("<<ComboboxSelected>>", lambda _: typed())
        self.box.pack(side="left", fill="x", expand=True, padx=(gap, 0))

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self.box.get()

    def show(self, path: str) -> None:
        """Name the open file; of a long path its end is seen."""
        self.box.set(path)
        self.box.icursor("end")
        self.box.xview_moveto(1)

    def recent(self, files: Sequence[str]) -> None:
        """The files of the drop-down."""
        self.box.configure(values=list(files))


def button_row(
    parent: tkinter.Misc, buttons: Mapping[str, Callable[[], None]], menus: Mapping[str, Mapping[str, Callable[[], None]]]
) -> ttk.Frame:
    """Buttons side by side, after them buttons that open a menu; caption → what it does."""
    row = ttk.Frame(parent)
    for caption, command in buttons.items():
        ttk.Button(row, text=caption, command=command).pack(side="left", padx=(0, pixels(row, 4)))
    for caption, entries in menus.items():
        button = ttk.Menubutton(row, text=caption)
        menu = tkinter.Menu(button, tearoff=False)
        for entry, command in entries.items():
            menu.add_command(label=entry, command=command)
        button.configure(menu=menu)
        button.pack(side="left")
    return row


class Verdict(ttk.Frame):
    """Whether the form can be sent, its money, and what the user should know of the file."""

    def __init__(self, parent: tkinter.Misc) -> None:
        super().__init__(parent)
        self.sentence = ttk.Label(self, font="TkCaptionFont")
        self.facts = ttk.Label(self)
        self.notices = tkinter.Label(self, background=AMBER, foreground=AMBER_INK, anchor="w", justify="left")
        for label in (self.sentence, self.facts):
            label.pack(fill="x")
        self.bind("<Configure>", lambda event: self._wrap(event.width))

    def show(self, opened: Opened | OpenedLater) -> None:
        """What is to be said of a file."""
        ink = RED_INK if opened.report.errors else AMBER_INK if opened.report.warnings else GREEN_INK
        self._say(opened.verdict, ink, opened.facts, "\n".join(opened.notices))

    def refuse(self, sentence: str) -> None:
        """Why the file cannot be read."""
        self._say(sentence, RED_INK, self.facts.cget("text"), "")

    def _say(self, sentence: str, ink: str, facts: str, notices: str) -> None:
        self.sentence.configure(text=sentence, foreground=ink)
        self.facts.configure(text=facts)
        self.notices.configure(text=notices)
        if notices:
            self.notices.pack(fill="x")
        else:
            self.notices.pack_forget()

    def _wrap(self, width: int) -> None:
        for label in (self.sentence, self.facts, self.notices):
            label.configure(wraplength=width - pixels(self, 8))


class ResultBar(ttk.Frame):
    """One line on what happened last, and buttons for the file that was written; `open_here` shows it in this window."""

    def __init__(self, parent: tkinter.Misc, open_here: Callable[[Path], None]) -> None:
        super().__init__(parent)
        self._open_here = open_here
        self._label = ttk.Label(self, justify="left")
        self._buttons = ttk.Frame(self)
        self._buttons.pack(side="right")
        self._label.pack(side="left", fill="x", expand=True)
        self.bind("<Configure>", lambda event: self._label.configure(wraplength=int(event.width * 0.7)))

    @property
    def text(self) -> str:
        """What it says."""
        return str(self._label.cget("text"))

    def say(self, sentence: str) -> None:
        """A sentence, and nothing to press."""
        self._label.configure(text=sentence)
        for button in self._buttons.winfo_children():
            button.destroy()

    def offer(self, sentence: str, written: Path, *, go_on: bool) -> None:
        """A sentence, and what can be done with the file that was written; `go_on` where it is a form."""
        self.say(sentence)
        commands: dict[str, Callable[[], None]] = {texts.SHOW_WRITTEN: lambda: self.show(written)}
        commands[texts.SHOW_FOLDER] = lambda: self.show(written.parent)
        if go_on:
            commands[texts.GO_ON] = lambda: self._open_here(written)
        for caption, command in commands.items():
            ttk.Button(self._buttons, text=caption, command=command).pack(side="left", padx=(pixels(self, 4), 0))

    def show(self, path: Path) -> None:
        """Show a file or folder in its own program."""
        if not outside.show(path):
            self._label.configure(text=texts.NOT_SHOWN.format(path.name))
