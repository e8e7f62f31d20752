"""The list of findings: groups, lines, and the rows of a line; what was open, selected and ticked outlives a new check."""

import tkinter
from collections.abc import Callable, Iterator, Sequence
from tkinter import font, ttk

from xlpkg.audit.facts.finding import ERROR, SAFE, WARNING
from xlpkg.desk import texts
from xlpkg.desk.findings import Group, Item, Tick, tick_of
from xlpkg.desk.screen import pixels
from xlpkg.writing.style import AMBER_INK, RED_INK

_COLUMNS = {
    "cell": (texts.CELL, 64, False),
    "what": (texts.WHAT, 120, True),
    "advice": (texts.ADVICE, 120, True),
    "offer": (texts.OFFER, 150, False),
}
"""Column → its head, its width at 100 %, and whether it takes what room is left."""
_WHERE_WIDTH = 180


class FindingTree(ttk.Frame):
    """`chosen` is called with the line that is selected, `ticked` when a tick was set or taken away."""

    def __init__(self, parent: tkinter.Misc, chosen: Callable[[Item | None], None], ticked: Callable[[], None]) -> None:
        super().__init__(parent)
        self._chosen, self._ticked = chosen, ticked
        self._items: dict[str, Item] = {}
        self.ticks: set[Tick] = set()
        self.tree = ttk.Treeview(self, columns=tuple(_COLUMNS), selectmode="browse")
        self.tree.heading("#0", text=texts.WHERE, anchor="w")
        self.tree.column("#0", width=pixels(self, _WHERE_WIDTH), stretch=False)
        for name, (head, width, stretch) in _COLUMNS.items():
            self.tree.heading(name, text=head, anchor="w")
            self.tree.column(name, width=pixels(self, width), minwidth=pixels(self, 40), stretch=stretch)
        bar = ttk.Scrollbar(self, command=self.tree.yview)
        self.tree.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        self.tree.pack(side="left", fill="both", expand=True)
        bold = font.nametofont("TkDefaultFont", self).copy()
        bold.configure(weight="bold")
        for severity, ink in ((ERROR, RED_INK), (WARNING, AMBER_INK), ("info", "#444444")):
            self.tree.tag_configure(severity, foreground=ink, font=bold)
        self.tree.bind("<<TreeviewSelect>>", lambda _: self._chosen(self.selected))
        self.tree.bind("<ButtonRelease-1>", self._click)
        self.tree.bind("<space>", lambda _: self.tick(self.selected))

    @property
    def selected(self) -> Item | None:
        """The line that is selected; None for none, or the head of a group."""
        return next((self._items[iid] for iid in self.tree.selection() if iid in self._items), None)

    def show(self, groups: Sequence[Group]) -> None:
        """Show the findings of a check."""
        opened = {iid: bool(self.tree.item(iid, "open")) for iid in self._all()}
        order, selection, top = list(self._all()), self.tree.selection(), self.tree.yview()[0]
        self.tree.delete(*self.tree.get_children())
        self._items = {}
        for group in groups:
            head = f"group/{group.severity}"
            self.tree.insert("", "end", head, text=group.title, open=opened.get(head, not group.folded), tags=(group.severity,))
            for item in group.items:
                self._insert(head, item, opened)
        standing = {tick_of(f) for item in self._items.values() for f in item.offered}
        self.ticks &= standing
        self.tree.yview_moveto(top)
        self._select_again(order, selection)

    def tick(self, item: Item | None) -> None:
        """Agree to what a line offers, or take that back."""
        wanted = {tick_of(f) for f in item.offered} if item else set()
        if not wanted:
            return
        self.ticks = self.ticks - wanted if wanted <= self.ticks else self.ticks | wanted
        for iid, line in self._items.items():
            self.tree.set(iid, "offer", self._offer(line))
        self._ticked()

    def agrees(self, item: Item) -> bool:
        """Whether everything that a line offers is agreed to."""
        return {tick_of(f) for f in item.offered} <= self.ticks

    def _insert(self, parent: str, item: Item, opened: dict[str, bool]) -> None:
        values = (item.cell, item.what, item.advice, self._offer(item))
        self._items[item.key] = item
        self.tree.insert(parent, "end", item.key, text=item.where, values=values, open=opened.get(item.key, False))
        for part in item.parts:
            self._insert(item.key, part, opened)

    def _offer(self, item: Item) -> str:
        fixes = {f.fix.to for f in item.findings if f.fix}
        to = f"：{fixes.pop()}" if len(fixes) == 1 else ""
        if item.offered:
            return (texts.AGREED if self.agrees(item) else texts.NOT_AGREED) + to
        return texts.AT_ONCE + to if any(f.fix and f.fix.kind == SAFE for f in item.findings) else ""

    def _all(self, parent: str = "") -> Iterator[str]:
        """Every line as it stands in the list."""
        for iid in self.tree.get_children(parent):
            yield iid
            yield from self._all(iid)

    def _select_again(self, order: list[str], selection: tuple[str, ...]) -> None:
        """The line that was selected, else the next one that is left, else the first."""
        first = next(iter(self._items), None)
        before = order.index(selection[0]) if selection and selection[0] in order else 0
        again = next((iid for iid in order[before:] if iid in self._items), first)
        if again is None:
            self._chosen(None)
        elif self.tree.item(self.tree.parent(again) or again, "open") or self.tree.parent(again) == "":
            self.tree.selection_set(again)
            self.tree.focus(again)
            self.tree.see(again)
        else:
            self._chosen(None)

    def _click(self, event: "tkinter.Event[ttk.Treeview]") -> None:
        if self.tree.identify_column(event.x) == f"#{list(_COLUMNS).index('offer') + 1}":
            self.tick(self._items.get(self.tree.identify_row(event.y)))
