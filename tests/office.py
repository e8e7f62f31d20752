"""A real LibreOffice Calc for tests: open a workbook, use it as a person would, read what its cells say.

Needs the Debian packages libreoffice-calc, python3-uno and, for pictures, poppler-utils. Rows count from 1,
cells are named "F31", formulas are read in LibreOffice's own notation: =IF($选项.$A$1;1;2).
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import glob
import importlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PROGRAMS = Path("/usr/lib/libreoffice/program")
PACKAGES = Path("/usr/lib/python3/dist-packages")
UNO_FILES = (PACKAGES / "uno.py", PACKAGES / "unohelper.py")
ERRORS = {503: "#NUM!", 519: "#VALUE!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A"}


@functools.cache
def _uno() -> Any:
    """Debian's uno module, of which only its own files become visible, and only while it is imported.

    It hooks __import__ and extends sys.path; both are put back, so the code under test meets neither.
    """
    for file in (*UNO_FILES, PROGRAMS / "pyuno.so"):
        if not file.exists():
            raise RuntimeError(f"{file} is missing: install the Debian package python3-uno")
    system, ours = Path("/usr/bin/python3").resolve().name, f"python3.{sys.version_info.minor}"
    if system != ours:
        raise RuntimeError(f"python3-uno is built for {system}, {ours} cannot load it")
    path, importer = sys.path[:], builtins.__import__
    with tempfile.TemporaryDirectory(prefix="uno-") as folder:
        for file in UNO_FILES:
            Path(folder, file.name).symlink_to(file)
        sys.path[:0] = [folder, str(PROGRAMS)]  # pyuno.so loads only from its own folder
        try:
            importlib.import_module("unohelper")
            return importlib.import_module("uno")
        finally:
            sys.path[:], builtins.__import__ = path, importer


def _program(name: str, package: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=str(PROGRAMS))
    if not found:
        raise RuntimeError(f"{name} is missing: install the Debian package {package}")
    return found


def _properties(**values: Any) -> tuple[Any, ...]:
    create = _uno().createUnoStruct
    return tuple(create("com.sun.star.beans.PropertyValue", Name=n, Value=v) for n, v in values.items())


class Office:
    """A headless LibreOffice process with a profile of its own, for a with block."""

    def __enter__(self) -> Office:
        _uno()  # what is missing is told before anything is started
        pipe, program = f"test-{secrets.token_hex(8)}", _program("soffice", "libreoffice-calc")
        with contextlib.ExitStack() as stack:
            folder = tempfile.TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True)
            profile = Path(stack.enter_context(folder)).as_uri()
            process = subprocess.Popen(
                [program, "--headless", "--norestore", "--nologo", "--nofirststartwizard",
                 f"-env:UserInstallation={profile}", f"--accept=pipe,name={pipe};urp;"],
                env={**os.environ, "LC_ALL": "C.UTF-8"},  # English, and Chinese file names are found
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            stack.callback(_end_group, process)
            self._desktop = _connect(process, pipe)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(_uno().getClass("com.sun.star.uno.Exception")):  # it may hang up on us
            for model in list(self._desktop.Components):  # one left open would leave its .~lock file
                model.close(True)
            self._desktop.terminate()
        self._stack.close()

    def open(self, path: str | Path) -> Document:
        """The workbook, hidden and with macros off."""
        url = Path(path).resolve(strict=True).as_uri()
        model = self._desktop.loadComponentFromURL(url, "_blank", 0, _properties(Hidden=True))
        if model is None:
            raise RuntimeError(f"LibreOffice does not open {path}: not a workbook, or a stale .~lock file")
        return Document(model)


def _connect(process: subprocess.Popen[bytes], pipe: str, patience: float = 30) -> Any:
    """The desktop of a LibreOffice that has just been started."""
    uno, deadline = _uno(), time.monotonic() + patience
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    while True:
        try:
            office = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return office.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", office)
        except uno.getClass("com.sun.star.uno.Exception") as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"soffice does not answer (exit code {process.returncode})") from error
        time.sleep(0.05)


def _end_group(process: subprocess.Popen[bytes], patience: float = 10) -> None:
    """Wait for all of the process group we started (soffice.bin outlives its starter), then kill the rest."""
    deadline = time.monotonic() + patience
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            process.poll()
            os.killpg(process.pid, 0)
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Document:
    """An open workbook; a with block closes it without saving. `model` is the UNO document."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_: object) -> None:
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
        """Write a copy as .xlsx."""
        self._store(path, "Calc MS Excel 2007 XML")

    def pdf(self, path: str | Path) -> None:
        """Write as PDF what would be printed."""
        self._store(path, "calc_pdf_Export")

    def _store(self, path: str | Path, kind: str) -> None:
        self.model.storeToURL(Path(path).resolve().as_uri(), _properties(FilterName=kind))

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
        named = _uno().getConstantByName("com.sun.star.sheet.ReferenceFlags.SHEET_3D")
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


def png_pages(pdf: str | Path, folder: str | Path) -> list[Path]:
    """The pages of a PDF in order, as pictures of 80 dots an inch in `folder`."""
    pdf, folder = Path(pdf), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    program = _program("pdftoppm", "poppler-utils")
    subprocess.run([program, "-r", "80", "-png", pdf, folder / pdf.stem], check=True)
    return sorted(folder.glob(f"{glob.escape(pdf.stem)}-*.png"))
