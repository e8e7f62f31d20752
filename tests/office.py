"""A real LibreOffice Calc for tests: open a workbook, use it as a person would, read what its cells say.

Needs the Debian packages libreoffice-calc, python3-uno and, for pictures, poppler-utils. Rows count from 1,
cells are named "F31", formulas are read in LibreOffice's own notation: =IF($选项.$A$1;1;2).
"""

from __future__ import annotations

import glob
import secrets
import subprocess
from pathlib import Path
from typing import Any

from own_home import runs
from waiting import wait_for

from xlpkg.live.libreoffice.bridge import properties, uno
from xlpkg.live.libreoffice.office import Office as LiveOffice

KINDS = {".xls": "MS Excel 97", ".ods": "calc8", ".doc": "MS Word 97", ".wps": "MS Word 97"}
"""Suffix → LibreOffice's name of its filter."""
ERRORS = {503: "#NUM!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}


class Office:
    """A headless LibreOffice process with a profile of its own, for a with block. `process` is the package's Office."""

    def __enter__(self) -> Office:
        self.process = LiveOffice.start(visible=False)
        self.locale = ""
        return self

    def __exit__(self, *_: object) -> None:
        self.process.quit()

    def open(self, path: str | Path, *, macros: bool = False, hidden: bool = True) -> Document:
        """The workbook; `macros` lets its VBA run."""
        return Document(self.process.open(Path(path), macros=macros, hidden=hidden))

    def use_locale(self, name: str) -> None:
        """From now on LibreOffice reads numbers and dates as people of this locale write them: "zh-CN"; "" for the system's."""
        place = "/org.openoffice.Setup/L10N"
        provider = self.process.service("com.sun.star.configuration.ConfigurationProvider")
        node = provider.createInstanceWithArguments(
            "com.sun.star.configuration.ConfigurationUpdateAccess", properties(nodepath=place)
        )
        node.setPropertyValue("ooSetupSystemLocale", name)
        node.commitChanges()
        self.locale = name

    def convert(self, source: Path, target: Path) -> Path:
        """Save a file in another kind, that of the target's suffix; .wps in Word's old format. Returns the target."""
        options = properties(Hidden=True, ReadOnly=True)  # no lock file: another worker may have the same source open
        model = self.process.desktop.loadComponentFromURL(source.resolve().as_uri(), "_blank", 0, options)
        model.storeToURL(target.resolve().as_uri(), properties(FilterName=KINDS[target.suffix]))
        model.close(True)
        return target


class Document:
    """An open workbook; a with block closes it without saving. `model` is the UNO document."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_: object) -> None:
        wait_for_clicks()
        self.model.close(True)

    def value(self, sheet: str, cell: str) -> str | float | None:
        """Text, a number (dates and TRUE as well), None if empty; an error as "#REF!" or "#错误 502"."""
        found = self._cell(sheet, cell)
        if code := found.getError():
            return ERRORS.get(code, f"#错误 {code}")
        return None if found.Type.value == "EMPTY" else found.getDataArray()[0][0]

    def formula(self, sheet: str, cell: str) -> str:
        """The formula, an array formula in braces; "" if there is none."""
        found = self._cell(sheet, cell)
        return found.Formula if found.Type.value == "FORMULA" else ""

    def set(self, sheet: str, cell: str, content: str | float) -> None:
        """Store a number, or a text as it stands, even "=1+1" or "007"."""
        target = self._unlocked(sheet, cell)
        if isinstance(content, str):
            target.setString(content)
        else:
            target.setValue(float(content))

    def type_in(self, sheet: str, cell: str, text: str) -> None:
        """Enter as if typed: a number, date (2025-01-02) or formula, but text where the format is "@".

        A person could not enter what the validation refuses; this can.
        """
        self._unlocked(sheet, cell).FormulaLocal = text

    def recalculate(self) -> None:
        """Calculate all formulas; those a file brings without results are not calculated on opening."""
        self.model.calculateAll()

    def evaluate_list(self, sheet: str, cell: str) -> list[str]:
        """What the cell's drop-down offers now, blanks as ""; nothing if formula or entries are in error.

        LibreOffice evaluates the formula in the same cell of a scratch sheet; INDIRECT of an address that
        names no sheet is therefore beyond it. ValueError if the cell has no drop-down.
        """
        target = self._cell(sheet, cell)
        if target.Validation.Type.value != "LIST" or not target.Validation.ShowList:
            raise ValueError(f"{sheet}!{cell} has no drop-down")
        source, scratch = self._list_source(target), f"scratch-{secrets.token_hex(4)}"
        self.model.Sheets.insertNewByName(scratch, self.model.Sheets.Count)
        try:
            probe = self._cell(scratch, cell)
            probe.Formula = f"=TEXTJOIN(CHAR(31);0;{source})"
            return [] if probe.getError() else probe.getDataArray()[0][0].split("\x1f")
        finally:
            self.model.Sheets.removeByName(scratch)

    def insert_rows(self, sheet: str, row: int, count: int = 1) -> None:
        """Insert empty rows above `row`; a UNO RuntimeException if protection forbids it."""
        self._sheet(sheet).Rows.insertByIndex(row - 1, count)

    def delete_rows(self, sheet: str, row: int, count: int = 1) -> None:
        """Delete `row` and those below it; a UNO RuntimeException if protection forbids it."""
        self._sheet(sheet).Rows.removeByIndex(row - 1, count)

    def save_as(self, path: str | Path) -> None:
        """Write a copy as .xlsx, or as .xlsm with what LibreOffice keeps of macros."""
        kind = "Calc MS Excel 2007 VBA XML" if Path(path).suffix == ".xlsm" else "Calc MS Excel 2007 XML"
        self._store(path, kind)

    def pdf(self, path: str | Path) -> None:
        """Write as PDF what would be printed."""
        self._store(path, "calc_pdf_Export")

    def _store(self, path: str | Path, kind: str) -> None:
        self.model.storeToURL(Path(path).resolve().as_uri(), properties(FilterName=kind))

    def _sheet(self, sheet: str) -> Any:
        if not self.model.Sheets.hasByName(sheet):
            raise KeyError(f"no sheet {sheet}, only {', '.join(self.model.Sheets.ElementNames)}")
        return self.model.Sheets.getByName(sheet)

    def _cell(self, sheet: str, cell: str) -> Any:
        return self._sheet(sheet).getCellRangeByName(cell)

    def _unlocked(self, sheet: str, cell: str) -> Any:
        """The cell, unless a person could not write to it (LibreOffice's setString and setValue could)."""
        found = self._cell(sheet, cell)
        if self._sheet(sheet).isProtected() and found.CellProtection.IsLocked:
            raise PermissionError(f"{sheet}!{cell} is locked")
        return found

    def _list_source(self, target: Any) -> str:
        """The formula of the drop-down as it is for this very cell, every reference naming its sheet."""
        parser = self.model.createInstance("com.sun.star.sheet.FormulaParser")
        parser.CompileEnglish = True
        validation = target.Validation
        tokens = parser.parseFormula(validation.getFormula1(), validation.getSourcePosition())
        named = uno().getConstantByName("com.sun.star.sheet.ReferenceFlags.SHEET_3D")
        for token in tokens:
            data = token.Data  # structs arrive as copies: change them, then put them back
            if hasattr(data, "Reference1"):
                first = data.Reference1
                first.Flags |= named
                data.Reference1 = first
            elif hasattr(data, "Flags"):
                data.Flags |= named
            token.Data = data
        return str(parser.printFormula(tokens, target.CellAddress))


def wait_for_clicks() -> None:
    """Wait until the Python that a button started has ended: closing a document that is written to may crash LibreOffice."""
    wait_for(lambda: not runs("xlpkg.live"))


def png_pages(pdf: str | Path, folder: str | Path) -> list[Path]:
    """The pages of a PDF in order, as pictures of 80 dots an inch in `folder`."""
    pdf, folder = Path(pdf), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["pdftoppm", "-r", "80", "-png", pdf, folder / pdf.stem], check=True)
    return sorted(folder.glob(f"{glob.escape(pdf.stem)}-*.png"))
