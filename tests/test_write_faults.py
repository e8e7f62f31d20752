"""Faults at every step of every write: killed, disk full, no permission. No half file, nothing lost; the next run mends it.

A step is what changes a folder: a file opened for writing, moved, made, taken away. The command runs in a forked process whose
audit hook counts the steps and lets the Nth one fail; N goes up until the command comes to its end.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import signal
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas
import pyarrow.parquet
import pytest
from forms import HN2015, changed, write_form

from xlpkg.cli import main
from xlpkg.collect import consolidate, letters, workbook
from xlpkg.collect import outputs as tables
from xlpkg.files.write import is_temporary
from xlpkg.writing import build, submission

LOADED = (pandas, consolidate, letters, tables, workbook, build, submission)
"""Loaded here once: the forked processes have them."""
OLD = b"before"
pytestmark = pytest.mark.slow
_STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
MOST_STEPS = 60

Command = Callable[[Path, Path], list[str | Path]]
"""(where the inputs are, where the outputs go) → arguments."""
ONE_FILE: dict[str, Command] = {
    "check": lambda i, o: ["check", i / "表.xlsx", "-o", o / "检查稿.xlsx"],
    "fix": lambda i, o: ["fix", i / "表.xlsx", "-o", o / "改.xlsx"],
    "rebuild": lambda i, o: ["fix", i / "表.xlsx", "-o", o / "新.json", "--rebuild"],
    "submit": lambda i, o: ["submit", i / "表.xlsx", "-o", o / "申报表.xlsx"],
    "convert": lambda i, o: ["convert", i / "表.xlsx", "-o", o / "表.xlsm"],
    "convert to JSON": lambda i, o: ["convert", i / "表.xlsx", "-o", o / "表.json"],
    "new": lambda i, o: ["new", "-o", o / "空白表.xlsx"],
    "new from last year": lambda i, o: ["new", "--from", i / "表.xlsx", "-o", o / "明年.xlsx"],
    "doctor": lambda i, o: ["doctor", "-o", o / "体检.txt"],
}
FOLDERS: dict[str, Command] = {
    "convert a folder": lambda i, o: ["convert", i, "-o", o / "表"],
    "collect": lambda i, o: ["collect", i, "-o", o / "汇总.xlsx"],
    "collect letters": lambda i, o: ["collect", i, "--letters", o / "退回"],
    "collect tables": lambda i, o: ["collect", i, "--csv", o / "csv"],
    "collect Parquet": lambda i, o: ["collect", i, "--parquet", o / "parquet"],
}
COMMANDS = {**ONE_FILE, **FOLDERS}


def run_with(arguments: list[str | Path], folder: Path, said: Path, fault: Callable[[int], None] = lambda n: None) -> int:
    """Run a command in a forked process; `fault` is told the number of each step in a folder. Gives the exit code, -9 if killed."""
    process = os.fork()
    if process == 0:
        code = 70
        try:
            out = os.open(said, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
            os.dup2(out, 1), os.dup2(out, 2)
            sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
            place, steps = os.fspath(folder), 0

            def hook(event: str, details: tuple[object, ...]) -> None:
                nonlocal steps
                if event == "open" and not (isinstance(details[2], int) and details[2] & _WRITING):
                    return
                path = details[0] if event == "open" or event in _STEPS else None
                if isinstance(path, str | bytes | os.PathLike) and os.fsdecode(path).startswith(place):
                    steps += 1
                    fault(steps)

            sys.addaudithook(hook)
            code = main([str(a) for a in arguments])
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def killed_at(number: int) -> Callable[[int], None]:
    def fault(step: int) -> None:
        if step == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return fault


def refused_from(number: int, code: int) -> Callable[[int], None]:
    """From this step on nothing is written any more; what takes temporary files away is let through."""

    def fault(step: int) -> None:
        caller = sys._getframe(2).f_code.co_name
        if step >= number and caller not in ("unlink", "rmtree", "_rmtree_safe_fd", "_rmtree_safe_fd_step"):
            raise OSError(code, os.strerror(code))

    return fault


def whole(path: Path) -> bool:
    """The file is the old one, or complete."""
    if path.read_bytes() == OLD:
        return True
    match path.suffix:
        case ".xlsx" | ".xlsm" | ".docx":
            with zipfile.ZipFile(path) as package:
                return package.testzip() is None and "[Content_Types].xml" in package.namelist()
        case ".json" | "":
            return bool(json.loads(path.read_bytes()))
        case ".csv":
            rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
            return bool(rows) and {len(row) for row in rows} == {len(rows[0])}
        case ".parquet":
            return pyarrow.parquet.read_table(path).num_columns > 0
        case ".txt":
            return path.read_text(encoding="utf-8-sig").endswith("\n")
    return path.suffix == ".xlpkg-cache"


def files_in(folder: Path) -> list[Path]:
    """The files that are no temporary ones."""
    return [p for p in folder.rglob("*") if p.is_file() and not any(map(is_temporary, (p, *p.parents)))]


def temporary_in(folder: Path) -> list[Path]:
    return [p for p in folder.rglob(".~*") if is_temporary(p)]


@pytest.fixture
def places(tmp_path: Path, form: Path) -> Iterator[tuple[Path, Path]]:
    """A folder with two forms, one of them with errors, and a folder for the outputs; the inputs stay as they are."""
    inputs, outputs = tmp_path / "收件", tmp_path / "出"
    inputs.mkdir()
    outputs.mkdir()
    shutil.copy(form, inputs / "表.xlsx")
    write_form(inputs / "错.xlsx", changed(HN2015, budget="1", project="修复危桥"))
    before = {p.name: p.read_bytes() for p in inputs.iterdir()}
    yield inputs, outputs
    assert {p.name: p.read_bytes() for p in inputs.iterdir()} == before


def _afresh(command: str, outputs: Path, arguments: list[str | Path]) -> None:
    """An empty folder, or one with the output of an earlier run."""
    shutil.rmtree(outputs)
    outputs.mkdir()
    if command in ONE_FILE:
        Path(arguments[arguments.index("-o") + 1]).write_bytes(OLD)


@pytest.mark.parametrize("command", COMMANDS)
def test_killed_at_every_step(command: str, places: tuple[Path, Path], tmp_path: Path) -> None:
    arguments, outputs, said = COMMANDS[command](*places), places[1], tmp_path / "said"
    for number in range(1, MOST_STEPS):
        _afresh(command, outputs, arguments)
        code = run_with(arguments, outputs, said, killed_at(number))
        assert all(map(whole, files_in(outputs))), number
        if code != -signal.SIGKILL:
            break
        long_ago = time.time() - 3600
        for path in temporary_in(outputs):
            os.utime(path, (long_ago, long_ago))
        again = run_with(arguments, outputs, said)
        assert again in (0, 1), said.read_text()
        assert temporary_in(outputs) == [], number
        assert files_in(outputs) and not [p for p in files_in(outputs) if p.read_bytes() == OLD or not whole(p)]
    assert code in (0, 1) and number > 3, (code, number, said.read_text())


REFUSALS = [*((command, errno.ENOSPC) for command in COMMANDS), ("submit", errno.EACCES), ("submit", errno.EROFS)]


@pytest.mark.parametrize(("command", "code"), REFUSALS)
def test_refused_at_every_step(command: str, code: int, places: tuple[Path, Path], tmp_path: Path) -> None:
    arguments, outputs, said = COMMANDS[command](*places), places[1], tmp_path / "said"
    for number in range(1, MOST_STEPS):
        _afresh(command, outputs, arguments)
        answer = run_with(arguments, outputs, said, refused_from(number, code))
        assert all(map(whole, files_in(outputs))), number
        assert temporary_in(outputs) == [], number
        if answer != 2:
            break
        sentence = said.read_text(encoding="utf-8").splitlines()[-1]
        assert sentence.endswith("。") and "Error" not in sentence and "Traceback" not in said.read_text(encoding="utf-8")
    assert answer in (0, 1) and number > 2, (answer, number, said.read_text())
