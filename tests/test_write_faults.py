"""Faults at every step of every write: killed, disk full, no permission; two at once. Nothing is lost, the next run mends.

N goes up until a job whose Nth step fails (faults.py) comes to its end.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pandas
import pyarrow.parquet
import pytest
from faults import Job, begin, ended, killed_at, refused_from, run_with, temporary_in
from forms import HN2015, changed, write_form

from xlpkg import beside, beside_later
from xlpkg.beside import Outcome
from xlpkg.cli import main
from xlpkg.collect import archive, consolidate, exchange, letters, publish, workbook
from xlpkg.collect import outputs as tables
from xlpkg.files.write import is_temporary
from xlpkg.form.refusal import RefusalError
from xlpkg.live.session import explain
from xlpkg.reading.library_file import shipped
from xlpkg.writing import build, submission

LOADED = (docx, pandas, archive, consolidate, exchange, letters, publish, tables, workbook, build, submission)
"""Loaded here once: the forked processes have them."""
OLD = b"before"
pytestmark = pytest.mark.slow
MOST_STEPS = 60

Command = Callable[[Path, Path], list[str | Path]]
"""(where the inputs are, where the outputs go) → arguments."""
ONE_FILE: dict[str, Command] = {
    "check": lambda i, o: ["check", i / "表.xlsx", "-o", o / "检查稿.xlsx"],
    "fix": lambda i, o: ["fix", i / "表.xlsx", "-o", o / "改.xlsx"],
    "rebuild": lambda i, o: ["fix", i / "表.xlsx", "-o", o / "新.json", "--rebuild"],
    "submit": lambda i, o: ["submit", i / "表.xlsx", "-o", o / "申报表.xlsx"],
    "submit for Word": lambda i, o: ["submit", i / "表.xlsx", "-o", o / "申报表.xlsx", "--docx"],
    "convert": lambda i, o: ["convert", i / "表.xlsx", "-o", o / "表.xlsm"],
    "convert to JSON": lambda i, o: ["convert", i / "表.xlsx", "-o", o / "表.json"],
    "new": lambda i, o: ["new", "-o", o / "空白表.xlsx"],
    "new from last year": lambda i, o: ["new", "--from", i / "表.xlsx", "-o", o / "明年.xlsx"],
    "monitor": lambda i, o: ["monitor", i / "表.xlsx", "-o", o / "监控表.xlsx"],
    "evaluate": lambda i, o: ["evaluate", i / "表.xlsx", "-o", o / "自评表.xlsx"],
    "library": lambda i, o: ["library", i, "-o", o / "指标库.xlsx"],
    "doctor": lambda i, o: ["doctor", "-o", o / "体检.txt"],
}
FOLDERS: dict[str, Command] = {
    "convert a folder": lambda i, o: ["convert", i, "-o", o / "表"],
    "collect": lambda i, o: ["collect", i, "-o", o / "汇总.xlsx"],
    "collect letters": lambda i, o: ["collect", i, "--letters", o / "退回"],
    "collect tables": lambda i, o: ["collect", i, "--csv", o / "csv"],
    "collect Parquet": lambda i, o: ["collect", i, "--parquet", o / "parquet"],
    "collect for a budget system": lambda i, o: ["collect", i, "--exchange", o / "导入"],
    "collect for publication": lambda i, o: ["collect", i, "--publish", o / "公开"],
    "collect into an archive": lambda i, o: ["collect", i, "--archive", o / "存档.zip"],
}
COMMANDS = {**ONE_FILE, **FOLDERS}

WINDOW: dict[str, Callable[[Path], Outcome]] = {
    "检查稿": beside.checked_copy,
    "一键修复": beside.mended_copy,
    "生成申报表": beside.submission,
    "下年的表": beside.next_year,
    "选指标": lambda path: beside.with_indicators(path, shipped().rows[:2]),
    "监控表": beside_later.monitoring,
}
"""What the window's buttons do: the result is written beside the form."""


def command_line(arguments: list[str | Path]) -> Job:
    return lambda: main([str(a) for a in arguments])


def button(job: Callable[[Path], Outcome], form: Path) -> Job:
    """As the window runs it: what goes wrong becomes a sentence."""

    def run() -> int:
        try:
            print(job(form).sentence)
        except (RefusalError, OSError) as error:
            print(explain(error))
            return 2
        return 0

    return run


def whole(path: Path) -> bool:
    """The file is the old one, or complete."""
    if path.read_bytes() == OLD:
        return True
    match path.suffix:
        case ".xlsx" | ".xlsm" | ".docx":
            with zipfile.ZipFile(path) as package:
                return package.testzip() is None and "[Content_Types].xml" in package.namelist()
        case ".zip":
            with zipfile.ZipFile(path) as package:
                return package.testzip() is None and "清单.csv" in package.namelist()
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
    job = command_line(arguments)
    for number in range(1, MOST_STEPS):
        _afresh(command, outputs, arguments)
        code = run_with(job, outputs, said, killed_at(number))
        assert all(map(whole, files_in(outputs))), number
        if code != -signal.SIGKILL:
            break
        long_ago = time.time() - 3600
        for path in temporary_in(outputs):
            os.utime(path, (long_ago, long_ago))
        again = run_with(job, outputs, said)
        assert again in (0, 1), said.read_text()
        assert temporary_in(outputs) == [], number
        assert files_in(outputs) and not [p for p in files_in(outputs) if p.read_bytes() == OLD or not whole(p)]
    assert code in (0, 1) and number > 3, (code, number, said.read_text())


REFUSALS = [*((command, errno.ENOSPC) for command in COMMANDS), ("submit", errno.EACCES), ("submit", errno.EROFS)]


@pytest.mark.parametrize(("command", "code"), REFUSALS)
def test_refused_at_every_step(command: str, code: int, places: tuple[Path, Path], tmp_path: Path) -> None:
    arguments, outputs, said = COMMANDS[command](*places), places[1], tmp_path / "said"
    job = command_line(arguments)
    for number in range(1, MOST_STEPS):
        _afresh(command, outputs, arguments)
        answer = run_with(job, outputs, said, refused_from(number, code))
        assert all(map(whole, files_in(outputs))), number
        assert temporary_in(outputs) == [], number
        if answer != 2:
            break
        sentence = said.read_text(encoding="utf-8").splitlines()[-1]
        assert sentence.endswith("。") and "Error" not in sentence and "Traceback" not in said.read_text(encoding="utf-8")
    assert answer in (0, 1) and number > 2, (answer, number, said.read_text())


@pytest.mark.parametrize("fault", [killed_at, lambda number: refused_from(number, errno.ENOSPC)], ids=["killed", "disk full"])
@pytest.mark.parametrize("what", WINDOW)
def test_a_button_of_the_window_fails_at_every_step(
    what: str, fault: Callable[[int], Callable[[int], None]], form: Path, tmp_path: Path
) -> None:
    folder, said = tmp_path / "表", tmp_path / "said"
    for number in range(1, MOST_STEPS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(form, folder / "表.xlsx")
        code = run_with(button(WINDOW[what], folder / "表.xlsx"), folder, said, fault(number))
        assert (folder / "表.xlsx").read_bytes() == form.read_bytes() and all(map(whole, files_in(folder))), number
        if code == 0:
            break
        if code == 2:
            assert said.read_text(encoding="utf-8").endswith("。\n") and temporary_in(folder) == []
    assert code == 0 and number > 3 and len(files_in(folder)) == 2, said.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_two_at_once(command: str, places: tuple[Path, Path], tmp_path: Path) -> None:
    """Both come to their end; what is left is whole."""
    arguments, outputs = COMMANDS[command](*places), places[1]
    running = [begin(command_line(arguments), outputs, tmp_path / f"said {n}") for n in range(2)]
    codes = [ended(process) for process in running]
    said = [(tmp_path / f"said {n}").read_text(encoding="utf-8") for n in range(2)]
    assert set(codes) <= {0, 1, 2} and min(codes) < 2 and "Traceback" not in "".join(said), said
    assert files_in(outputs) and all(map(whole, files_in(outputs))) and temporary_in(outputs) == []
