"""A library in the form: the hidden lists behind the drop-down of 三级指标, and what is shown of the library beside the rows.

Plain formulas of Excel 2010, which WPS and LibreOffice work out as well: no macro is needed to fill a form from the library.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from xlpkg.files.a1 import Cell, address
from xlpkg.form.library import Library, LibraryRow
from xlpkg.layout import LIBRARY_LISTS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_KEY, _NAME, _WHOLE, _OP, _UNIT, _EXPLANATION, _PEERS, _PURPOSE = range(8)
_HEADS = ("资金用途|二级指标", "三级指标", "资金用途|二级指标|三级指标", "指标性质", "计量单位", "指标解释", "同类情况", "资金用途")
SHOWN = (_OP, _UNIT, _EXPLANATION, _PEERS)
"""The columns that are shown beside a row, in their order."""


class LibraryLists(msgspec.Struct, frozen=True):
    """The lists on the hidden sheet; `purpose` is the cell of the form in which the purpose is chosen, `chosen` what it is."""

    rows: int
    purposes: int
    purpose: Cell
    chosen: str = ""

    @property
    def purpose_source(self) -> str:
        """What money is for."""
        return f"={self._range(_PURPOSE, self.purposes)}"

    def names_source(self, l2: str) -> str:
        """The names for the chosen purpose and the second level in a cell; all of that level where no purpose is chosen."""
        key, keys = f'{self._purpose}&"|"&{l2}', self._range(_KEY, self.rows)
        first = f"{LIBRARY_LISTS}!${address(0, _NAME)[:-1]}$1"
        return f"=OFFSET({first},MATCH({key},{keys},0),0,COUNTIF({keys},{key}),1)"

    def shown(self, column: int, l2: str, name: str) -> str:
        """What the library says in one of the columns `SHOWN` of the indicator of a row; "" for one that it does not have."""
        texts, keys = self._range(column, self.rows), self._range(_WHOLE, self.rows)
        ask = f'INDEX({texts},MATCH({{}}&"|"&{l2}&"|"&{name},{keys},0))&""'
        return f'=IF({name}="","",IFERROR({ask.format(self._purpose)},IFERROR({ask.format(chr(34) * 2)},"")))'

    @property
    def _purpose(self) -> str:
        row, column = self.purpose
        return f"${address(0, column)[:-1]}${row + 1}"

    @staticmethod
    def _range(column: int, rows: int) -> str:
        letter = address(0, column)[:-1]
        return f"{LIBRARY_LISTS}!${letter}$2:${letter}${max(rows, 1) + 1}"


def write_lists(sheet: "Worksheet", library: Library, purpose: Cell) -> LibraryLists:
    """Fill the hidden sheet."""
    for column, head in enumerate(_HEADS):
        sheet.write_string(0, column, head)
    count = 0
    for count, (for_purpose, row) in enumerate(_lines(library), 1):
        key = f"{for_purpose}|{row.l2}"
        texts = (key, row.name, f"{key}|{row.name}", row.op, row.unit, row.explanation, row.peers)
        for column, text in enumerate(texts):
            sheet.write_string(count, column, text)
    for number, text in enumerate(library.purposes, 1):
        sheet.write_string(number, _PURPOSE, text)
    return LibraryLists(count, len(library.purposes), purpose, library.chosen)


def _lines(library: Library) -> Iterator[tuple[str, LibraryRow]]:
    """(purpose, row) so that rows of one purpose and second level follow each other, each name once; common rows go with each."""
    levels = tuple(dict.fromkeys(row.l2 for row in library.rows))
    common = [row for row in library.rows if row.is_common or not row.purpose]
    own: dict[str, list[LibraryRow]] = {}
    for row in library.rows:
        if row not in common:
            own.setdefault(row.purpose, []).append(row)
    for purpose, rows in (*own.items(), ("", library.rows)):
        offered = (*rows, *common)
        for l2 in levels:
            seen: set[str] = set()
            for row in offered:
                if row.l2 == l2 and row.name not in seen:
                    seen.add(row.name)
                    yield purpose, row
