"""A library of indicators from a file: a sheet or CSV with the heads of `xlpkg.form.library`."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from xlpkg.files.errors import UnreadableError
from xlpkg.files.grid import Grid
from xlpkg.files.kinds import TEXT_TABLE, WORKBOOK, kind_of
from xlpkg.form.library import HEADS, Library, row_of
from xlpkg.form.profiles import data_folder
from xlpkg.form.text import comparable
from xlpkg.layout import LIBRARY, PURPOSE_LABEL

_BY_HEAD = {comparable(head): key for key, head in HEADS.items()} | {
    comparable(head): key
    for head, key in (
        ("符号", "op"),
        ("计算符号", "op"),
        ("单位", "unit"),
        ("度量单位", "unit"),
        ("三级指标名称", "name"),
        ("领域", "domain"),
    )
}
_NEEDED = {"l2", "name"}
_DEEPEST_HEAD = 20


def shipped() -> Library:
    """The small library to begin with."""
    return _shipped()


@cache
def _shipped() -> Library:
    return read_library(data_folder("workbook") / "library.csv")


def read_library(path: Path) -> Library:
    """The library in a file. Raises UnreadableError with a sentence."""
    if kind_of(path) is TEXT_TABLE:
        import csv

        from xlpkg.files.text import read_text

        found = from_table(list(csv.reader(read_text(path).splitlines())))
    elif kind_of(path) is WORKBOOK:
        from xlpkg.files.xlsx import Workbook

        book = Workbook(path)
        names = [LIBRARY, *(name for name in book.names if name != LIBRARY)]
        found = next((lib for name in names if name in book.names and (lib := of_sheet(book.grid(name)))), None)
    else:
        raise UnreadableError(f"“{path.name}”不是指标库，请用.xlsx或.csv文件。")
    if found is None:
        raise UnreadableError(f"“{path.name}”里没有指标库：找不到“二级指标”“三级指标”两列，或下面没有写一条指标。")
    return found


def of_sheet(sheet: Grid) -> Library | None:
    """The library on a sheet, None if there is none."""
    return from_table([[sheet.shown(r, c) for c in range(len(line))] for r, line in enumerate(sheet.values)])


def chosen_purpose(entry: Grid) -> str:
    """The purpose of the money that is chosen on a form's entry sheet, "" if none is."""
    label = comparable(PURPOSE_LABEL)
    for r, line in enumerate(entry.values):
        for c, text in enumerate(line):
            if isinstance(text, str) and comparable(text) == label:
                return entry.shown(r, c + 1).strip()
    return ""


def from_table(table: Sequence[Sequence[str]]) -> Library | None:
    """The library in rows of texts below its heads, None if there is none."""
    for row in range(min(len(table), _DEEPEST_HEAD)):
        heads: dict[str, int] = {}
        for n, text in enumerate(table[row]):
            if key := _BY_HEAD.get(comparable(text)):
                heads.setdefault(key, n)
        if heads.keys() >= _NEEDED:
            texts = ({key: line[n] if n < len(line) else "" for key, n in heads.items()} for line in table[row + 1 :])
            rows = tuple(row_of(said) for said in texts if said["name"].strip())
            return Library(rows) if rows else None
    return None
