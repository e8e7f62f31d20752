"""An .xlsx as calamine reads it, with what calamine does not show; calamine is called here alone."""

import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import python_calamine

from xlpkg.files.a1 import address
from xlpkg.files.errors import broken, locked
from xlpkg.files.grid import Area, Grid, Value, as_text
from xlpkg.files.guard import read_whole
from xlpkg.files.kinds import WORKBOOK
from xlpkg.files.ooxml import Package
from xlpkg.files.struck import NoFontsError, Struck, may_be_struck, struck_cells

if TYPE_CHECKING:
    from xlpkg.files.sheet import DisplayFormatter

_STYLE = re.compile(rb'\bs="(\d{1,9})"')

_UNKNOWN: Mapping[str, Mapping[tuple[int, int], Struck]] = {}
"""Stands for the struck-out texts of a workbook whose fonts cannot be read."""


class Workbook:
    """An .xlsx or .xlsm that is open for reading. Raises UnreadableError with a sentence for what cannot be read."""

    def __init__(self, path: Path) -> None:
        self.package = Package(path)
        self._struck: Mapping[str, Mapping[tuple[int, int], Struck]] | None = None
        self._grids: dict[str, Grid] = {}
        self._open()

    def _open(self) -> None:
        self._odd = self.package.odd
        path = self.package.path
        with _reading(path):
            if self._odd:
                self._book = python_calamine.CalamineWorkbook.from_object(self.package.rewritten())
            elif path.suffix.lower() in WORKBOOK.suffixes:
                self._book = python_calamine.CalamineWorkbook.from_path(path)
            else:  # an .xlsx under the name .xls is opened as what it is
                self._book = python_calamine.CalamineWorkbook.from_object(io.BytesIO(read_whole(path)))

    @property
    def names(self) -> list[str]:
        """The sheets' names, in their order."""
        return self._book.sheet_names

    def is_hidden(self, name: str) -> bool:
        """The sheet is hidden, in the menu or only from code."""
        about = next(s for s in self._book.sheets_metadata if s.name == name)
        return about.visible != python_calamine.SheetVisibleEnum.Visible

    def first_rows(self, name: str, count: int) -> Sequence[Sequence[Value]]:
        """The first rows of a sheet."""
        self._guard(name)
        with _reading(self.package.path):
            rows = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=count)
        return cast(Sequence[Sequence[Value]], rows)

    def stored(self, name: str) -> Sequence[Sequence[Value]]:
        """The values of a sheet as they are stored, whatever the cells show of them."""
        self._guard(name)
        with _reading(self.package.path):
            return cast(Sequence[Sequence[Value]], self._book.get_sheet_by_name(name).to_python(skip_empty_area=False))

    def _guard(self, name: str) -> list[tuple[int, int, bytes, bytes]]:
        """The cells as the guards see them; where they had to be written anew, calamine gets the same."""
        cells = self.package.cells(name)
        if self.package.odd and not self._odd:
            self._open()
        return cells

    def grid(self, name: str) -> Grid:
        """A sheet as a grid, with its error values and formulas; read once.

        The texts that cells show by their number formats are made where the file has formats that our forms do not have.
        """
        if name not in self._grids:
            self._grids[name] = self.grid_as_shown(name, None)
        return self._grids[name]

    def grid_as_shown(self, name: str, formatter: "DisplayFormatter | None") -> Grid:
        """A sheet as a grid; `formatter` gives the texts that cells show by their number formats."""
        package = self.package
        cells = self._guard(name)
        with _reading(package.path):
            sheet = self._book.get_sheet_by_name(name)
            values = cast(list[list[Value]], sheet.to_python(skip_empty_area=False))
        styles = None if formatter else package.formatted_styles
        if styles:
            from xlpkg.files.sheet import DisplayFormatter

            formatter = DisplayFormatter(name, package.format_codes)
        errors: dict[tuple[int, int], str] = {}
        formulas: dict[tuple[int, int], bool] = {}
        remarks: dict[tuple[int, int], str] = {}
        for row, column, attributes, content in cells:
            is_error = b't="e"' in attributes
            if not content and not is_error:
                continue
            if is_error:
                shown = re.search(rb"<v>([^<]*)</v>", content)
                errors[row, column] = shown[1].decode("utf-8", "replace") if shown else "#N/A"
            if b"<f" in content:
                formulas[row, column] = b"<v>" in content and (b"<v></v>" not in content or b't="str"' in attributes)
            if row >= len(values) or column >= len(values[row]):
                continue
            if b"DISPIMG" in content:
                values[row][column] = None
                formulas.pop((row, column), None)
                remarks[row, column] = _picture(name, row, column)
                continue
            if formatter is None or not (style := _STYLE.search(attributes)) or (styles and int(style[1]) not in styles):
                continue
            text = formatter(row, column, value := values[row][column], int(style[1]))
            values[row][column] = value if text is None else text

        def merged(*_: int) -> list[Area]:
            with _reading(package.path):
                return cast(list[Area], sheet.merged_cell_ranges or [])

        if b"DISPIMG" in package.texts:
            for row, line in enumerate(values):
                for column, value in enumerate(line):
                    if isinstance(value, str) and value.startswith("=DISPIMG("):
                        line[column], remarks[row, column] = None, _picture(name, row, column)
        struck = self._strike_out(name, values, formulas) if self._may_be_struck(name) else {}
        if formatter is not None:
            remarks.update(formatter.rounded)
        made = Grid(name, package.path.name, values, errors, formulas, merged, remarks, struck)
        if self._struck is _UNKNOWN:
            made.notices.append(f"“{name}”表里有加了删除线的文字，没能认出是哪些，都读入了，请核对。")
        return made

    def _may_be_struck(self, name: str) -> bool:
        package = self.package
        parts = (package.styles, package.texts, package.part(package.sheet_part(name)))
        return any(b"strike" in part for part in parts) and any(map(may_be_struck, parts))

    def _strike_out(
        self, name: str, values: list[list[Value]], formulas: dict[tuple[int, int], bool]
    ) -> dict[tuple[int, int], str]:
        """Take struck-out text out of the values; gives it by cell."""
        if self._struck is None:
            try:
                self._struck = struck_cells(self.package.path)
            except NoFontsError:
                self._struck = _UNKNOWN
        gone: dict[tuple[int, int], str] = {}
        for (row, column), struck in self._struck.get(name, {}).items():
            if row < len(values) and column < len(values[row]) and (text := struck.text or as_text(values[row][column])).strip():
                values[row][column] = struck.left
                formulas.pop((row, column), None)
                gone[row, column] = text
        return gone


def _picture(sheet: str, row: int, column: int) -> str:
    return f"“{sheet}”表{address(row, column)}是WPS放进单元格的图片，读不出文字，按空白读入。请改填文字。"


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What calamine says of a damaged file becomes a sentence; it says some of it by a panic, which writes to the terminal."""
    with _silent():
        try:
            yield
        except python_calamine.PasswordError:
            raise locked(path) from None
        except (python_calamine.CalamineError, OSError, ValueError):
            raise broken(path) from None
        except BaseException as error:  # a panic of Rust is no Exception, and its class cannot be imported
            if type(error).__name__ != "PanicException":
                raise
            raise broken(path) from None


@contextmanager
def _silent() -> Iterator[None]:
    """Nothing is written to standard error, whoever writes it."""
    try:
        kept = os.dup(2)
    except OSError:  # a program without a console has none
        yield
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
