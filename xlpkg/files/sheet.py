"""A sheet of a foreign workbook as its file tells it, whichever kind of file that is."""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import msgspec
import python_calamine

from xlpkg.files import number_format
from xlpkg.files.a1 import address
from xlpkg.files.errors import UnreadableError
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
        """What stands in a cell, be it an error value."""
        return self.grid.errors.get((row, column)) or self.grid.shown(row, column)

    def filled(self) -> Iterator[tuple[int, int]]:
        """The cells that hold something."""
        for row, line in enumerate(self.grid.values):
            yield from ((row, column) for column in range(len(line)) if self.shown(row, column).strip())


class Showing:
    """Shows the cells of a sheet by their formats; `notices` name those that show a rounded figure."""

    def __init__(self, sheet: str, code: Callable[[int], str]) -> None:
        self._sheet, self._code = sheet, code
        self.notices: list[str] = []

    def __call__(self, row: int, column: int, value: Value, style: int) -> str | None:
        shown = number_format.shown(value, self._code(style))
        if shown is not None and not shown.exact:
            what = f"“{self._sheet}”表{address(row, column)}存的是{as_text(value)}，显示为“{shown.text}”"
            self.notices.append(f"{what}，按显示的读入，请核对。")
        return shown.text if shown is not None else None


def named(cells: Sequence[tuple[int, int]]) -> str:
    names = "、".join(address(*cell) for cell in cells[:_MOST_NAMED])
    return names if len(cells) <= _MOST_NAMED else f"{names}等{len(cells)}格"


def broken(path: Path) -> UnreadableError:
    return UnreadableError(f"“{path.name}”不完整或已损坏，打不开。请重新复制或下载，或用Excel打开后另存为.xlsx再试。")


def locked(path: Path) -> UnreadableError:
    return UnreadableError(f"“{path.name}”设有打开密码。请取消密码，保存后再试。")


def too_large(path: Path, name: str) -> UnreadableError:
    return UnreadableError(f"“{path.name}”的“{name}”表太大，不像一张申报表。请删去多余的行和列后再试。")


def is_hidden(about: python_calamine.SheetMetadata) -> bool:
    return about.visible != python_calamine.SheetVisibleEnum.Visible
