"""Under the list: the chosen finding in full, and its cell or the mended text for the clipboard."""

import tkinter
from collections.abc import Callable
from tkinter import ttk

from xlpkg.desk import texts
from xlpkg.desk.findings import Item
from xlpkg.desk.mended_text import MendedText
from xlpkg.desk.screen import EDGE, pixels

_LINES = 4


class FindingDetail(ttk.Frame):
    """`say` tells the user what to do with what was copied; `tick` agrees to what a line offers."""

    def __init__(self, parent: tkinter.Misc, say: Callable[[str], None], tick: Callable[[Item], None]) -> None:
        super().__init__(parent)
        self._say, self._tick = say, tick
        self.text = tkinter.Text(self, height=_LINES, wrap="char", font="TkTextFont", relief="flat", borderwidth=0)
        self.text.configure(
            padx=pixels(self, 8),
            pady=pixels(self, 4),
            spacing3=pixels(self, 2),
            background="white",
            highlightthickness=1,
            highlightbackground=EDGE,
        )
        bar = ttk.Scrollbar(self, command=self.text.yview)
        self.text.configure(yscrollcommand=bar.set)
        self.buttons = ttk.Frame(self)
        self.buttons.pack(side="right", fill="y", padx=(pixels(self, 6), 0))
        bar.pack(side="right", fill="y")
        self.text.pack(side="left", fill="both", expand=True)
        self.show_text(texts.CHOOSE_LINE)

    def show_text(self, text: str) -> None:
        """Some sentences, without buttons."""
        self.text.configure(state="normal")
        self.text.delete("1.0", "end")
        self.text.insert("1.0", text)
        self.text.configure(state="disabled")
        for button in self.buttons.winfo_children():
            button.destroy()

    def show(self, item: Item, mended: tuple[MendedText, ...], agrees: bool) -> None:
        """A finding in full, with what can be done about it; `mended` is what its repair would write."""
        lines = [texts.problem(item.where, item.cell, item.what, item.advice)]
        lines += [texts.mended(m.cell, m.text, m.new_rows) for m in mended]
        if item.parts:
            lines.append(texts.NEEDS_ROW)
        self.show_text("\n".join(lines))
        if item.cell:
            self._button(f"{texts.COPY_CELL} {item.cell}", lambda: self.copy(item.cell, texts.cell_copied(item.cell)))
        for one in mended:
            caption = f"{texts.COPY_TEXT}{f'→{one.cell}' if len(mended) > 1 else ''}"
            self._button(caption, lambda one=one: self.copy_mended(one))  # type: ignore[misc]
        if item.offered:
            self._button(texts.DISAGREE if agrees else texts.AGREE, lambda: self._tick(item))

    def copy_mended(self, mended: MendedText) -> None:
        """Put a mended text on the clipboard."""
        self.copy(mended.text, texts.text_copied(mended.cell, mended.new_rows))

    def copy(self, text: str, said: str) -> None:
        """Put a text on the clipboard, and say what to do with it."""
        self.clipboard_clear()
        self.clipboard_append(text)
        self._say(said)

    def _button(self, caption: str, command: Callable[[], None]) -> None:
        ttk.Button(self.buttons, text=caption, command=command).pack(fill="x", pady=(0, pixels(self, 3)))
