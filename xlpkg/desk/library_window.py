"""选指标: a library of indicators to search and to tick; the ticked ones go into a copy of the form."""

import tkinter
from collections.abc import Callable, Sequence
from tkinter import ttk

from xlpkg.desk import texts
from xlpkg.desk.screen import fit, pixels
from xlpkg.form.library import Library, LibraryRow
from xlpkg.form.text import comparable

_COLUMNS = {
    "purpose": (texts.PURPOSE, 110, False),
    "l2": (texts.CATEGORY, 140, False),
    "name": (texts.INDICATOR, 220, True),
    "value": (texts.SIGN_AND_UNIT, 110, False),
    "standard": (texts.STANDARD, 90, False),
    "peers": (texts.PEERS, 220, True),
}
"""Column → its head, its width at 100 %, and whether it takes what room is left."""
_TICKED, _OPEN = "√", "□"


class LibraryWindow(tkinter.Toplevel):
    """`library` is fitted to the form; `fill` is called with the ticked indicators, in the library's order."""

    def __init__(self, parent: tkinter.Misc, library: Library, fill: Callable[[Sequence[LibraryRow]], None]) -> None:
        super().__init__(parent)
        self.title(texts.PICK_TITLE)
        self._rows, self._fill = library.rows, fill
        self.ticks: set[int] = set()
        gap = pixels(self, 4)
        bar = ttk.Frame(self, padding=gap)
        self.purpose = self._choice(bar, texts.PURPOSE, (texts.ALL, *library.purposes), library.chosen)
        categories = dict.fromkeys(row.l2 for row in self._rows)
        self.category = self._choice(bar, texts.CATEGORY, (texts.ALL, *categories))
        ttk.Label(bar, text=texts.WORDS).pack(side="left")
        self.words = ttk.Entry(bar)
        self.words.pack(side="left", fill="x", expand=True)
        self.words.bind("<KeyRelease>", lambda _: self.show())
        bar.pack(fill="x")
        below = ttk.Frame(self, padding=gap)
        self._count = ttk.Label(below)
        self._count.pack(side="left")
        ttk.Button(below, text=texts.CANCEL, command=self.destroy).pack(side="right")
        ttk.Button(below, text=texts.FILL_IN, command=self.fill).pack(side="right", padx=gap)
        below.pack(side="bottom", fill="x")
        self.tree = ttk.Treeview(self, columns=tuple(_COLUMNS), selectmode="browse")
        self.tree.heading("#0", text=texts.PICK_HEAD)
        self.tree.column("#0", width=pixels(self, 48), stretch=False)
        for key, (head, width, stretch) in _COLUMNS.items():
            self.tree.heading(key, text=head, anchor="w")
            self.tree.column(key, width=pixels(self, width), stretch=stretch)
        scroll = ttk.Scrollbar(self, command=self.tree.yview)
        self.tree.configure(yscrollcommand=scroll.set)
        scroll.pack(side="right", fill="y")
        self.tree.pack(fill="both", expand=True)
        self.tree.bind("<ButtonRelease-1>", lambda event: self.tick(self.tree.identify_row(event.y)))
        self.tree.bind("<space>", lambda _: self.tick(self.tree.focus()))
        self.bind("<Escape>", lambda _: self.destroy())
        self.show()
        fit(self, 960, 560)
        self.transient(parent.winfo_toplevel())
        self.words.focus_set()

    def show(self) -> None:
        """The indicators that the choices above leave; ticks outlive a change of these."""
        self.tree.delete(*self.tree.get_children())
        for n, row in enumerate(self._rows):
            if self._wanted(row):
                values = (row.purpose, row.l2, row.name, f"{row.op}{row.unit}", row.standard, row.peers or row.explanation)
                self.tree.insert("", "end", str(n), text=_TICKED if n in self.ticks else _OPEN, values=values)
        self._say()

    def tick(self, line: str) -> None:
        """Set or take away the tick of a line."""
        if line:
            self.ticks ^= {int(line)}
            self.tree.item(line, text=_TICKED if int(line) in self.ticks else _OPEN)
            self._say()

    def fill(self) -> None:
        """Hand over what is ticked, and close."""
        if not self.ticks:
            self._count.configure(text=texts.TICK_FIRST)
            return
        chosen = [self._rows[n] for n in sorted(self.ticks)]
        self.destroy()
        self._fill(chosen)

    def _choice(self, bar: ttk.Frame, label: str, values: tuple[str, ...], chosen: str = "") -> ttk.Combobox:
        ttk.Label(bar, text=label).pack(side="left")
        box = ttk.Combobox(bar, values=values, state="readonly", width=max(12, *(len(v) for v in values)))
        box.set(chosen if chosen in values else texts.ALL)
        box.bind("<<ComboboxSelected>>", lambda _: self.show())
        box.pack(side="left", padx=(0, pixels(self, 8)))
        return box

    def _wanted(self, row: LibraryRow) -> bool:
        purpose, category, words = self.purpose.get(), self.category.get(), comparable(self.words.get())
        if purpose != texts.ALL and row.purpose != purpose and not row.is_common:
            return False
        if category not in (texts.ALL, row.l2):
            return False
        return words in comparable(f"{row.name} {row.keywords} {row.explanation} {row.sector} {row.purpose}")

    def _say(self) -> None:
        self._count.configure(text=texts.picked(len(self.ticks), len(self.tree.get_children())))
