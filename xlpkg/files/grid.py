"""A sheet as a grid of values, whether it was read from a file or from an open workbook."""

import datetime
from collections.abc import Callable, Mapping, Sequence

from xlpkg.files.a1 import address
from xlpkg.files.errors import UnreadableError
from xlpkg.form.text import number_text

Value = str | float | bool | datetime.date | datetime.time | datetime.timedelta | None
UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
"""Characters that no XML takes; for str.translate."""
Area = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, 0-based


class Grid:
    """The values of one sheet from A1 on, and what the values alone do not say.

    `errors` are error values by cell; `formulas` are cells with a formula, True if it has a result; `merged` gives the
    merged areas among some rows (first and last) and is called only when needed. `remarks` are sentences on cells that show
    another thing than they hold, `struck` the struck-out texts, which are not among the values.
    """

    def __init__(
        self,
        sheet: str,
        file: str,
        values: Sequence[Sequence[Value]],
        errors: dict[tuple[int, int], str],
        formulas: dict[tuple[int, int], bool],
        merged: Callable[[int, int], Sequence[Area]],
        remarks: Mapping[tuple[int, int], str] | None = None,
        struck: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        self.sheet, self.file, self.values = sheet, file, values
        self.errors, self.formulas, self.merged = errors, formulas, merged
        self.remarks, self.struck = remarks or {}, struck or {}
        self.notices: list[str] = []

    def shown(self, row: int, column: int) -> str:
        """What stands in a cell, "" outside the grid; never raises."""
        if row < len(self.values) and column < len(self.values[row]):
            return as_text(self.values[row][column])
        return ""

    def filled(self, row: int, column: int) -> bool:
        """Something stands in the cell; an error value or a formula without a result counts as well."""
        return bool(self.shown(row, column)) or (row, column) in self.errors or (row, column) in self.formulas

    def typed(self, row: int, column: int, what: str) -> str:
        """An input cell's text. Raises UnreadableError for an error value or a formula without a result."""
        text, cell = self.shown(row, column), (row, column)
        if cell in self.remarks:
            self.notices.append(self.remarks[cell])
        if cell in self.struck:
            place = f"“{self.sheet}”表{address(row, column)}（{what}）"
            self.notices.append(f"{place}里加了删除线的“{self.struck[cell]}”不算内容，没有读入。")
        if cell not in self.errors and cell not in self.formulas:
            return text
        place = f"“{self.sheet}”表{address(row, column)}（{what}）"
        if cell in self.errors:
            raise UnreadableError(f"{place}是错误值“{self.errors[cell]}”，请改成文字或数字后再试。")
        if not self.formulas[cell]:
            raise UnreadableError(f"{place}是公式，还没有计算结果。请用Excel打开保存一次，或直接填写结果后再试。")
        self.notices.append(f"{place}是公式，按计算结果“{text}”读取。")
        return text


def percentage(value: float) -> str:
    """A percentage as it is typed: 0.92 → "92%"."""
    return number_text(round(value * 100, 12)) + "%"


def as_text(value: Value) -> str:
    """A cell's value as Excel shows it: dates in Chinese, numbers with 15 digits, TRUE and FALSE."""
    if isinstance(value, str):
        return value.translate(UNPRINTABLE)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    return str(value)
