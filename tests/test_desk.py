"""The window's parts without a window: what is listed, what is pasted, when a file was saved, what is remembered, what is said."""

from __future__ import annotations

import ast
import configparser
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from bad_files import Run
from bureau import fill
from forms import HN2015, with_cells
from open_forms import REAL
from waiting import wait_for

from xlpkg import beside
from xlpkg.audit.facts.finding import OFFERED, SEVERITIES, Finding
from xlpkg.audit.fix import accept, repairs_of, with_splits
from xlpkg.collect.consolidate import order_beside
from xlpkg.desk import menu, recent, texts, watch
from xlpkg.desk.collecting import Finished, Read, Step
from xlpkg.desk.consolidation import Consolidation
from xlpkg.desk.findings import tick_of
from xlpkg.desk.mended_text import mended_text
from xlpkg.desk.opened import Opened, open_file, path_of
from xlpkg.desk.watch import Watched, Watcher
from xlpkg.files.a1 import cell_of
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, Indicator
from xlpkg.layout import ENTRY
from xlpkg.live.say import TITLE
from xlpkg.reading.read import read
from xlpkg.writing.build import build

PROFILE = profiles.load("hn2015")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """The real form, opened."""
    path = tmp_path_factory.mktemp("desk") / "网信 经费.xlsx"
    build(path, PROFILE, REAL)
    return open_file(path)


# --- the list -------------------------------------------------------------------------------------------------------


def test_errors_come_first_and_hints_are_folded(real: Opened) -> None:
    assert [(g.severity, g.folded) for g in real.groups] == [("error", False), ("warning", False), ("info", True)]
    assert [g.title for g in real.groups][:1] == ["必须改：5条，共17处"]


def test_every_finding_stands_in_the_list_once(real: Opened) -> None:
    listed = [f for group in real.groups for item in group.items for f in item.findings]
    assert sorted(map(repr, listed)) == sorted(map(repr, real.report.findings))
    items = [item for group in real.groups for item in group.items]
    assert len({i.key for item in items for i in (item, *item.parts)}) == sum(1 + len(item.parts) for item in items)


def test_a_line_over_several_rows_has_each_row_with_its_cell(real: Opened) -> None:
    line = next(item for item in real.groups[0].items if item.where == "第14、23行")
    assert line.cell == "" and [part.cell for part in line.parts] == ["F31", "F40"]


def test_what_stands_above_the_list(real: Opened) -> None:
    assert real.verdict == "有错误：错误17条，提醒57条，提示32条。错误须全部改正后才能报送。"
    assert "成本合计140万元" in real.facts and f"校验码 {real.report.seal}" in real.facts and real.notices == ()


def test_a_submission_that_was_changed_says_so(real: Opened, tmp_path: Path) -> None:
    path = tmp_path / "表_申报表.xlsx"
    path.write_bytes(beside.submission(real.path).written.read_bytes())
    book = openpyxl.load_workbook(path)
    cell = next(c for row in book.active for c in row if c.value == REAL.indicators[0].name)
    cell.value = "改过的名称"
    book.save(path)
    assert any("校验码不一致" in notice for notice in open_file(path).notices)


def test_a_foreign_file_says_that_it_has_to_be_taken_in() -> None:
    opened = open_file(Path(__file__).parent / "data" / "seed" / "form.docx")
    assert opened.foreign and texts.FOREIGN in opened.notices
    assert not any(item.cell for group in opened.groups for item in group.items)


# --- the mended text ------------------------------------------------------------------------------------------------


def repairs(opened: Opened) -> list[Finding]:
    """One finding of each rule that offers to mend something, and every one that splits a row."""
    found = {f.rule: f for f in opened.report.findings if f.fix and not f.fix.split}
    return [*found.values(), *(f for f in opened.report.findings if f.fix and f.fix.split)]


def paste(opened: Opened, finding: Finding, target: Path) -> Declaration:
    """The form with the mended text pasted as a clerk does it, read again."""
    book = openpyxl.load_workbook(opened.path)
    sheet = book[ENTRY]
    for mended in mended_text(finding, opened.source):
        row, column = cell_of(mended.cell)
        for line in range(sheet.max_row, row + 1, -1) if mended.new_rows else ():
            for cell in sheet[line]:
                cell.value = sheet.cell(line - mended.new_rows, cell.column).value if line - mended.new_rows > row + 1 else None
        for down, pasted in enumerate(mended.text.split("\n")):
            for across, text in enumerate(pasted.split("\t")):
                sheet.cell(row + 1 + down, column + 1 + across).value = text or None
    book.save(target)
    return read(target).declaration


def bare(i: Indicator) -> tuple[str, ...]:
    return i.l1, i.l2, i.name, i.value, i.standard, i.note


MANY = with_cells(with_cells(HN2015, 1, value="250万"), 2, name=" 名　称 ")


@pytest.mark.parametrize("declaration", [REAL, MANY], ids=["real", "spoilt"])
def test_pasted_the_mended_text_is_what_the_repair_would_write(declaration: Declaration, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    build(path, PROFILE, declaration)
    opened = open_file(path)
    assert len(repairs(opened)) > 1
    for finding in repairs(opened):
        after, _, splits = accept(opened.source.declaration, repairs_of([finding]))
        expected = with_splits(after, splits)
        pasted = paste(opened, finding, tmp_path / "贴.xlsx")
        assert [*map(bare, pasted.indicators)] == [*map(bare, expected.indicators)], finding
        assert [pasted.header(f) for f in PROFILE.header] == [expected.header(f) for f in PROFILE.header], finding


def test_only_what_was_agreed_to_is_mended(real: Opened, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(real.path.read_bytes())
    offered = [f for f in real.report.findings if f.fix and f.fix.kind == OFFERED]
    chosen = next(f for f in offered if f.fix and f.fix.to == "=100%")
    mended = read(beside.mended_copy(path, real.agreed({tick_of(chosen)})).written).declaration
    assert mended.indicators[(chosen.row or 0) - 1].value == "=100%"
    without = read(beside.mended_copy(path).written).declaration
    different = [i.row for i, j in zip(mended.indicators, without.indicators, strict=True) if i != j]
    assert different == [chosen.row]
    split, parts = next((f, f.fix.split) for f in offered if f.fix and f.fix.split)
    rows = read(beside.mended_copy(path, real.agreed({tick_of(split)})).written).declaration.indicators
    assert len(rows) == len(without.indicators) + len(parts) - 1


# --- when a file was saved ------------------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A file that was saved an hour ago."""
    path = tmp_path / "表.xlsx"
    write(path, b"one", ago=3600)
    return path


def write(path: Path, data: bytes, ago: float = 0) -> None:
    path.write_bytes(data)
    stamp = path.stat().st_mtime_ns - int(ago * 1e9)
    os.utime(path, ns=(stamp, stamp))


def looks(watched: Watched, times: int = 3) -> list[bool]:
    return [watched.changed() for _ in range(times)]


def test_a_save_is_noticed_once_and_when_it_is_done(saved: Path) -> None:
    watched = Watched(saved)
    assert looks(watched) == [False, False, False]
    write(saved, b"two")
    assert looks(watched) == [False, True, False]


def test_a_file_that_is_being_written_is_left_alone(saved: Path) -> None:
    watched = Watched(saved)
    for part in (b"t", b"tw", b"two"):
        write(saved, part)
        assert not watched.changed()
    assert looks(watched) == [True, False, False]


def test_a_save_without_a_change_is_none(saved: Path) -> None:
    watched = Watched(saved)
    write(saved, b"one", ago=5)
    assert looks(watched) == [False, False, False]


def test_a_second_save_within_the_tick_of_a_slow_clock(saved: Path) -> None:
    watched = Watched(saved)
    write(saved, b"two")
    stamp = saved.stat().st_mtime_ns
    assert looks(watched) == [False, True, False]
    saved.write_bytes(b"six")
    os.utime(saved, ns=(stamp, stamp))
    assert looks(watched) == [True, False, False]


def test_a_file_that_goes_and_comes_back(saved: Path) -> None:
    watched = Watched(saved)
    saved.rename(saved.with_suffix(".tmp"))
    write(saved, b"two", ago=60)  # as programs save: another file takes its place
    assert looks(watched) == [False, True, False]
    saved.unlink()
    assert looks(watched) == [False, True, False]
    write(saved, b"two", ago=60)
    assert looks(watched) == [False, True, False]


def test_a_file_that_another_program_keeps_is_looked_at_until_it_lets_go(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched(saved)
    write(saved, b"two", ago=60)
    with monkeypatch.context() as held:
        held.setattr(Watched, "_read", lambda _: None)
        assert looks(watched, 4) == [False, False, False, False]
    assert looks(watched) == [True, False, False]


def test_the_watcher_tells_within_two_seconds(saved: Path) -> None:
    watcher = Watcher(saved)
    assert not watcher.saved()
    write(saved, b"two")
    wait_for(watcher.saved, 2)
    assert not watcher.saved()
    watcher.stop()
    assert watch.EVERY * 3 < 2


# --- paths, and what is remembered ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/家/表 1.xlsx", "/家/表 1.xlsx"),
        ('"/家/表 1.xlsx"\n', "/家/表 1.xlsx"),
        ("file:///%E5%AE%B6/%E8%A1%A8%201.xlsx\r\n", "/家/表 1.xlsx"),
        ("file:///家/100%.xlsx", "/家/100%.xlsx"),
        ("  \n", None),
    ],
)
def test_a_path_is_typed_or_pasted(text: str, path: str | None) -> None:
    assert path_of(text) == (Path(path) if path else None)


def test_the_last_files_are_remembered_newest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert recent.load().files == []
    for n in (*range(20), 15):
        recent.load().add(Path(f"/家/{n}.xlsx"))
    assert [Path(f).stem for f in recent.load().files] == ["15", "19", "18", "17", "16", "14", "13", "12", "11", "10", "9", "8"]
    recent.place().write_text("{")
    assert recent.load() == recent.Recent()


# --- the bureau's page ----------------------------------------------------------------------------------------------


def steps(running: Consolidation) -> Iterator[Step]:
    """Every step until it ends."""
    while True:
        for step in wait_for(running.steps):
            if step is None:
                return
            yield step


@pytest.mark.slow
def test_a_folder_is_consolidated_in_a_process_of_its_own_and_can_be_stopped(tmp_path: Path) -> None:
    tray = tmp_path / "收件 & 50%"
    fill(tray / "1", 12)
    for n in range(2, 6):
        shutil.copytree(tray / "1", tray / str(n))
    running = Consolidation(tray, letters=True)
    heard: list[Step] = []
    for step in steps(running):
        heard.append(step)
        running.stop()  # after the first files
    assert heard and all(isinstance(step, Read) and step.done < step.of for step in heard)
    output = order_beside(tray).workbook
    assert output and not output.exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".~")]
    *read_again, last = steps(Consolidation(tray, letters=True))
    assert isinstance(last, Finished) and "项目汇总" in openpyxl.load_workbook(last.workbook).sheetnames
    assert list(Path(last.letters).glob("*.docx"))
    assert isinstance(read_again[0], Read) and read_again[0].done > 0  # what was read before the stop is known
    numbers = [(step.done, step.of) for step in read_again if isinstance(step, Read)]
    assert numbers == sorted(numbers) and numbers[-1][0] == numbers[-1][1]


def test_no_folder_is_a_sentence(tmp_path: Path) -> None:
    (refused,) = steps(Consolidation(tmp_path / "没有", letters=False))
    assert "请选择装有各单位报表的文件夹" in refused.sentence  # type: ignore[union-attr]  # it is refused, so there is a sentence


# --- the menu, and where there is no window -------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="the menu of a Linux desktop")
def test_the_menu_entry_starts_this_python(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    odd = tmp_path / 'a "b" $c `d` 50% \\e'
    odd.mkdir()
    python = odd / "python"
    python.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(python))
    assert run("desk", "--install-menu").out.startswith("已放进应用菜单：绩效目标申报工具")
    entry = configparser.RawConfigParser()
    entry.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser's manual does it
    entry.read(menu.place(), encoding="utf-8")
    fields = dict(entry["Desktop Entry"])
    assert fields["Name"] == TITLE and "spreadsheetml.sheet" in fields["MimeType"]
    value = re.sub(r"\\(.)", r"\1", fields["Exec"])  # as any value is read; then as this one is
    quoted = re.fullmatch(r'"((?:[^"\\]|\\.)*)" -P -m xlpkg desk %f', value)
    assert quoted and re.sub(r"\\(.)", r"\1", quoted[1]).replace("%%", "%") == str(python)
    run("desk", "--remove-menu")
    assert not menu.place().exists()


def test_without_a_screen_there_is_a_sentence() -> None:
    without = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run([sys.executable, "-m", "xlpkg", "desk"], env=without, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, f"{texts.NO_DISPLAY}\n")
    elsewhere = {**without, "DISPLAY": ":59999"}
    done = subprocess.run([sys.executable, "-m", "xlpkg", "desk"], env=elsewhere, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, f"{texts.NO_DISPLAY}\n")


def test_a_python_without_windows_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("xlpkg.desk.") or name.split(".")[0] == "tkinter"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tkinter", None)
    code, _, said = run("desk")
    assert code == 2 and "python3-tk" in said


# --- what it says ---------------------------------------------------------------------------------------------------

DESK = Path(texts.__file__).parent
CHINESE = re.compile("[一-鿿]")
ALLOWED = {"Ctrl", "O", "F", "WPS", "Excel", "LibreOffice", "Linux", "Windows", "Word", "xlsx", "%H", "%M", "%S"}


def sayings(path: Path) -> list[str]:
    """The texts of a module that are not its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in documentation]
    return [n.value for n in nodes if isinstance(n.value, str)]


def test_everything_that_the_window_says_stands_in_one_place() -> None:
    elsewhere = {p.name: [t for t in sayings(p) if CHINESE.search(t)] for p in DESK.glob("*.py") if p.name != "texts.py"}
    quotes = {"\"'“”"}
    assert {name: said for name, said in elsewhere.items() if set(said) - quotes} == {}


def test_no_technical_word_is_said() -> None:
    """But in what the person who looks after the PC is told."""
    for_him = {texts.NO_WINDOW_PARTS, texts.NO_DISPLAY}
    said = [text for text in sayings(DESK / "texts.py") if CHINESE.search(text) and text not in for_him]
    said += [text for text in sayings(Path(beside.__file__)) if CHINESE.search(text)]
    assert len(said) > 80
    words = {word for text in said for word in re.findall(r"%?[A-Za-z]+", re.sub(r"\{[^}]*\}", "", text))}
    assert words <= ALLOWED
    assert not [text for text in said if re.search("文件夹路径错误|异常|失败|参数|进程|线程|程序崩|剪贴板|字段|校验失败", text)]


def test_the_severities_have_their_groups() -> None:
    assert [texts.group(severity, 2, 2) for severity in SEVERITIES] == ["必须改：2条", "请核对：2条", "提示：2条"]


def test_the_task_bar_says_how_many_errors_are_left(real: Opened) -> None:
    assert texts.title(TITLE) == TITLE
    named = texts.title(TITLE, real.path.name, real.report.errors, real.report.warnings)
    assert named == f"网信 经费.xlsx　错误17条　提醒57条 - {TITLE}"
    assert texts.title(TITLE, "表", 0, 1) == f"表　没有错误　提醒1条 - {TITLE}"
