"""A real LibreOffice window on a virtual screen: the drawn buttons are clicked with the mouse, the links, the cells."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from desktop import Desktop, Window
from open_forms import REAL
from waiting import wait_for

from xlpkg.audit.check import check
from xlpkg.audit.digest import digest
from xlpkg.form import profiles
from xlpkg.layout import ENTRY, RESULTS
from xlpkg.live.libreoffice.office import running
from xlpkg.reading.read import read
from xlpkg.writing.build import build
from xlpkg.writing.findings import Line, cells_of
from xlpkg.writing.style import RED

pytestmark = [pytest.mark.office, pytest.mark.slow]
PROFILE = profiles.load("hn2015")


def verdict(window: Window) -> str:
    return str(window.document.value(RESULTS, "A2"))


def lines(window: Window) -> list[Line]:
    rows = window.model.Sheets.getByName(RESULTS).getCellRangeByName("A4:H200").getDataArray()
    return [Line(*row) for row in rows if row[0]]


def test_the_whole_way_by_mouse(window: Window, desktop: Desktop, tmp_path: Path) -> None:
    assert window.said == "已打开“网信 经费.xlsm”，按钮可以用了。关闭窗口即结束。\n"
    report = check(REAL, PROFILE)
    window.press("检查")
    wait_for(lambda: verdict(window).startswith("有错误：错误17条，提醒57条，提示32条"))
    assert [line.rule for line in lines(window)] == ["、".join(line.rules) for line in digest(report.findings)]
    wait_for(lambda: window.document.value(ENTRY, "G3") == "17／57")
    assert [window.document.value(ENTRY, c) for c in ("A3", "C3", "D3")] == [140, 140, 0]
    window.show(ENTRY, 17)
    x, y = window.place("F19")
    wait_for(lambda: desktop.colour(x - 40, y) == RED.removeprefix("#"))
    desktop.picture(tmp_path / "marked.png")

    places = read(tmp_path / "网信 经费.xlsm").places
    assert places is not None
    cells = [next(iter(cells_of(line, places)), "") for line in digest(report.findings)]
    assert [line.link.removeprefix("→ ") for line in lines(window)] == cells
    shown = [n for n, line in enumerate(lines(window)) if line.severity != "提示"]  # the others are folded away
    first_of_each_column = {cells[n][0]: n for n in reversed(shown) if cells[n]}
    for n in {*first_of_each_column.values(), shown[-1]}:
        window.show(RESULTS, 4 + n)
        desktop.click(*window.place(f"C{4 + n}"))
        wait_for(lambda cell=cells[n]: window.selected() == f"{ENTRY}!{cell}")

    marks = [row[0] for row in window.model.Sheets.getByName(ENTRY).getCellRangeByName("K5:K80").getDataArray()]
    row = next(int(line.link.removeprefix("→ F")) for line in lines(window) if line.rule == "V01")
    window.show(ENTRY, row)
    desktop.click(*window.place(f"F{row}"))
    wait_for(lambda: window.selected() == f"{ENTRY}!F{row}")
    desktop.do("type", "95")
    desktop.do("key", "Return")
    wait_for(lambda: window.document.value(ENTRY, f"J{row}") == "未复查")
    window.press("检查")
    wait_for(lambda: verdict(window).startswith("有错误：错误16条"))
    wait_for(lambda: window.document.value(ENTRY, f"J{row}") == "提：见检查结果")  # F07 is left
    wait_for(lambda: window.document.value(ENTRY, "G3") == "16／57")
    now = [row[0] for row in window.model.Sheets.getByName(ENTRY).getCellRangeByName("K5:K80").getDataArray()]
    assert [n + 5 for n, (a, b) in enumerate(zip(marks, now, strict=True)) if a != b] == [row]
    assert (marks[row - 5], now[row - 5]) == (";l2=warning;value=error;", ";l2=warning;")

    window.press("下一处")
    left = {line.link.removeprefix("→ ") for line in lines(window)}
    wait_for(lambda: window.selected().partition("!")[2] in left)
    window.press("清除标记")
    wait_for(lambda: verdict(window).startswith("还没有检查"))
    assert window.close() == 0


def test_mended_and_submitted_by_mouse_is_what_the_commands_write(window: Window, tmp_path: Path) -> None:
    window.press("一键修复")
    wait_for(lambda: "提示26条" in verdict(window))
    window.press("生成申报表")
    by_button = tmp_path / "网信 经费_申报表（草稿）.xlsx"
    wait_for(lambda: by_button.exists() and len(window.office.documents()) == 2)
    for command in (
        ["fix", tmp_path / "网信 经费.xlsm", "-o", tmp_path / "fixed.xlsx"],
        ["submit", tmp_path / "fixed.xlsx", "-o", tmp_path / "by_command.xlsx"],
    ):
        subprocess.run([sys.executable, "-m", "xlpkg", *map(str, command)], check=True, capture_output=True)
    one, other = (openpyxl.load_workbook(p)["申报表"] for p in (by_button, tmp_path / "by_command.xlsx"))
    cells = [[(c.coordinate, c.value, str((c.font, c.border, c.alignment))) for row in s for c in row] for s in (one, other)]
    assert cells[0] == cells[1] and len(cells[0]) > 300
    assert one.merged_cells.ranges == other.merged_cells.ranges
    assert {k: d.height for k, d in one.row_dimensions.items()} == {k: d.height for k, d in other.row_dimensions.items()}


def test_word_table_is_imported_by_mouse(desktop: Desktop, tmp_path: Path) -> None:
    source = tmp_path / "last.docx"
    source.write_bytes((Path(__file__).parent / "data/seed/form.docx").read_bytes())
    build(tmp_path / "空白 表.xlsm", PROFILE)
    with Window(desktop, tmp_path / "空白 表.xlsm") as window:
        window.press("导入")
        window.type_into_dialog("导入", str(source))
        wait_for(lambda: verdict(window).startswith("有错误：错误17条，提醒57条，提示32条"))
        assert window.document.value(ENTRY, "D68") == "服务对象满意度"
        assert str(window.document.value("导入说明", "A2")).startswith("由“last.docx”导入：填入61处")


def test_what_was_saved_from_the_window_is_checked_alike(window: Window, tmp_path: Path) -> None:
    window.press("检查")
    wait_for(lambda: window.document.value(ENTRY, "G3") == "17／57")
    window.document.save_as(tmp_path / "saved.xlsx")
    command = [sys.executable, "-m", "xlpkg", "check", "--json", str(tmp_path / "saved.xlsx")]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, encoding="utf-8").stdout)
    assert (said["errors"], said["warnings"], said["infos"]) == (17, 57, 32)


def test_told_to_stop_in_the_middle_of_a_click_it_stops_and_takes_the_window_with_it(window: Window) -> None:
    window.press("检查")
    window.program.terminate()
    assert window.program.wait(60) == 0
    assert window.office.pipe not in running()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("表.xlsx", "“表.xlsx”没有按钮。请先转成带按钮的表：xlpkg convert 表.xlsx -o 表.xlsm\n"),
        ("没有.xlsm", "找不到文件“没有.xlsm”，请检查文件名和所在文件夹。\n"),
    ],
)
def test_what_cannot_be_opened_is_told(desktop: Desktop, tmp_path: Path, name: str, sentence: str) -> None:
    build(tmp_path / "表.xlsx", PROFILE, REAL)
    command = [sys.executable, "-m", "xlpkg", "open", str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=desktop.environment)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


def test_a_form_that_is_open_is_not_opened_again(window: Window, desktop: Desktop, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xlpkg", "open", str(tmp_path / "网信 经费.xlsm")]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=desktop.environment)
    assert done.returncode == 2 and done.stderr.startswith("“网信 经费.xlsm”正在别处打开")
