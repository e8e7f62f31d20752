"""A sheet of a foreign workbook, whichever kind of file it was read from."""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from xlpkg.files import number_format
from xlpkg.files.a1 import address
from xlpkg.files.grid import Grid, Value, as_text

_MOST_NAMED = 10


class Sheet(msgspec.Struct):
    """A sheet of a foreign workbook: its cells, what of it is hidden, and the texts that stand in no cell."""

    grid: Grid
    hidden: bool = False
    hidden_rows: Collection[int] = ()
    hidden_columns: Collection[int] = ()
    comments: Sequence[tuple[str, str]] = ()
    boxes: Sequence[str] = ()
    page: Sequence[tuple[str, str]] = ()
    notices: Sequence[str] = ()

    @property
    def where(self) -> str:
        return f"“{self.grid.sheet}”表" + ("（隐藏）" if self.hidden else "")

    def shown(self, row: int, column: int) -> str:
        """What stands in a cell; an error value counts as well."""
        return self.grid.errors.get((row, column)) or self.grid.shown(row, column)

    def filled(self) -> Iterator[tuple[int, int]]:
        """The cells that hold something."""
        for row, line in enumerate(self.grid.values):
            yield from ((row, column) for column in range(len(line)) if self.shown(row, column).strip())


class DisplayFormatter:
    """Gives the texts that the cells of a sheet show by their formats; `rounded` says of which that it is a rounded figure.

    `codes` are the format codes by the number of the style.
    """

    def __init__(self, sheet: str, codes: Sequence[str]) -> None:
        self._sheet, self._codes = sheet, codes
        self.rounded: dict[tuple[int, int], str] = {}

    def __call__(self, row: int, column: int, value: Value, style: int) -> str | None:
        shown = number_format.shown(value, self._codes[style] if style < len(self._codes) else "")
        if shown is not None and not shown.exact:
            what = f"“{self._sheet}”表{address(row, column)}存的是{as_text(value)}，显示为“{shown.text}”"
            self.rounded[row, column] = f"{what}，按显示的读入，请核对。"
        return shown.text if shown is not None else None


def cell_names(cells: Sequence[tuple[int, int]]) -> str:
    """The names of cells in a list, the first ten if there are more."""
    names = "、".join(address(*cell) for cell in cells[:_MOST_NAMED])
    return names if len(cells) <= _MOST_NAMED else f"{names}等{len(cells)}格"
