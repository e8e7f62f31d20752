"""Windows that say something: with tkinter where it is there, else Windows' own message box; on the console where asked for.

XLPKG_QUIET=1 shows no window: sentences go to standard output and every question is answered with its first choice.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from xlpkg.live.say import TITLE, quiet

_WIDTH, _WRAP = 560, 520
_YES, _YES_NO, _INFORMATION = 6, 0x4, 0x40
CLOSE = "知道了"


def say(text: str, choices: Sequence[str] = (CLOSE,), title: str = TITLE) -> int:
    """Show a text and wait for a choice; returns its number, the last one if the window is closed."""
    if quiet():
        print(text, flush=True)
        return 0
    try:
        return _window(text, choices, title)
    except Exception:  # no tkinter, or no Tcl beside it
        return _message_box(text, choices, title)


@contextmanager
def working(title: str = TITLE) -> Iterator[Callable[[str], None]]:
    """A small window while something takes its time; gives the function that changes its text."""
    shown: Any = None
    if not quiet():
        with contextlib.suppress(Exception):
            shown = _Working(title)

    def change(text: str) -> None:
        if shown is not None:
            shown.change(text)

    try:
        yield change
    finally:
        if shown is not None:
            shown.close()


def choose_file(title: str, *, folder: bool = False) -> str:
    """The file, or folder, that the user picks; "" for none."""
    if quiet():
        return ""
    try:
        from tkinter import filedialog

        root = _root(TITLE)
        root.withdraw()
        try:
            return str((filedialog.askdirectory if folder else filedialog.askopenfilename)(title=title, parent=root) or "")
        finally:
            root.destroy()
    except Exception:
        _message_box("请把文件拖到这个程序的图标上。", (CLOSE,), TITLE)
        return ""


def _root(title: str) -> Any:
    from xlpkg.desk.screen import new_root

    root = new_root(title)
    root.resizable(False, False)
    return root


def _window(text: str, choices: Sequence[str], title: str) -> int:
    import tkinter
    from tkinter import ttk

    root = _root(title)
    chosen = len(choices) - 1
    scale = root.winfo_fpixels("1i") / 96
    body = tkinter.Text(root, width=64, height=min(max(text.count("\n") + 3, 6), 24), wrap="char", padx=14, pady=12, borderwidth=0)
    body.configure(font="TkTextFont", spacing1=3 * scale)
    body.insert("1.0", text)
    body.configure(state="disabled")
    body.pack(fill="both", expand=True)
    row = ttk.Frame(root, padding=10)
    row.pack(fill="x")

    def choose(number: int) -> None:
        nonlocal chosen
        chosen = number
        root.destroy()

    for number, caption in reversed(list(enumerate(choices))):
        button = ttk.Button(row, text=caption, command=lambda n=number: choose(n), width=max(10, 2 * len(caption) + 2))  # type: ignore[misc]
        button.pack(side="right", padx=4)
        if number == 0:
            button.focus_set()
    root.bind("<Return>", lambda _: choose(0))
    root.bind("<Escape>", lambda _: root.destroy())
    root.eval("tk::PlaceWindow . center")
    root.attributes("-topmost", True)
    root.after(300, lambda: root.attributes("-topmost", False))
    root.focus_force()
    root.mainloop()
    return chosen


class _Working:
    def __init__(self, title: str) -> None:
        from tkinter import ttk

        self._root = _root(title)
        self._text = ttk.Label(self._root, text="请稍候……", padding=24, width=50, wraplength=_WRAP)
        self._text.pack()
        self._root.eval("tk::PlaceWindow . center")
        self._root.update()

    def change(self, text: str) -> None:
        self._text.configure(text=text)
        self._root.update()

    def close(self) -> None:
        self._root.destroy()


def _message_box(text: str, choices: Sequence[str], title: str) -> int:
    """With two choices 是 and 否; the text says what they mean."""
    if sys.platform != "win32":
        print(text, file=sys.stderr)
        return len(choices) - 1
    import ctypes

    if len(choices) > 1:
        text += f"\n\n是：{choices[0]}　否：{choices[-1]}"
    answer = ctypes.windll.user32.MessageBoxW(None, text, title, _INFORMATION | (_YES_NO if len(choices) > 1 else 0))
    return 0 if answer == _YES or len(choices) == 1 else len(choices) - 1
