"""What goes wrong when a button is pressed: a sentence for the user, and a form that the next press repairs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from office import Document, Office
from open_forms import REAL, Open, xlwings

from xlpkg.form import profiles
from xlpkg.layout import ACTIVITIES, ENTRY, RESULTS
from xlpkg.live import attach, open_form, session
from xlpkg.live.libreoffice.engine import APPS, Book
from xlpkg.writing.build import build

pytestmark = pytest.mark.office


def test_protected_results_are_told_in_a_sentence(opened: Callable[..., Open], log: Path) -> None:
    form = opened(REAL)
    form.document.model.Sheets.getByName(ENTRY).protect("")
    assert session.perform("check", form.book) == 2
    assert form.verdict().startswith("没有完成：写不进表格：工作表可能被保护了。请在“审阅”里撤消工作表保护")
    assert "RefusedError" in log.read_text(encoding="utf-8")
    form.document.model.Sheets.getByName(ENTRY).unprotect("")
    assert session.perform("check", form.book) == 0
    assert form.verdict().startswith("有错误：错误17条")


def test_a_missing_sheet_of_ours_is_named(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    form.document.model.Sheets.getByName(ACTIVITIES).Name = "别的"
    assert session.perform("check", form.book) == 2
    assert form.verdict().startswith("没有完成：找不到“事项对照”表，可能被删除或改名。")


def test_a_book_that_is_not_open_or_open_twice(opened: Callable[..., Open], tmp_path: Path, capsys: Any) -> None:
    form = opened(REAL)
    assert session.run("check", str(tmp_path / "没有.xlsm")) == 2
    assert capsys.readouterr().err == "“没有.xlsm”没有打开，或者刚刚被关闭、改名。请打开表格后再点按钮。\n"
    assert attach.find(str(form.path)) == form.book
    assert attach.find(str(form.path).replace("表", "?")) == form.book
    with Office() as other:
        form_again = form.path.with_name("again")
        form_again.mkdir()
        (form_again / form.path.name).write_bytes(form.path.read_bytes())
        other.open(form_again / form.path.name, hidden=False)
        assert session.run("check", form.path.name) == 2
        assert capsys.readouterr().err == "“表.xlsm”在两个窗口里同时打开。请只留一个，再点按钮。\n"
        assert attach.find(str(form.path)) == form.book  # the full name tells them apart


def test_a_book_that_was_never_saved_can_be_checked_but_not_submitted(opened: Callable[..., Open], office: Office) -> None:
    form = opened(REAL)
    from xlpkg.live.libreoffice.bridge import properties

    template = office.process.desktop.loadComponentFromURL(form.path.as_uri(), "_blank", 0, properties(AsTemplate=True))
    unsaved = xlwings.Book(impl=Book(template, next(iter(APPS))))
    assert session.perform("check", unsaved) == 0
    assert session.perform("submit", unsaved) == 2
    assert Document(template).value(RESULTS, "A2") == "没有完成：这张表还没有保存到本机。请先保存，再点“生成申报表”。"


def test_wps_in_excels_place_is_told(opened: Callable[..., Open], monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    from xlpkg.live.libreoffice.engine import App

    form = opened(REAL)
    monkeypatch.setattr(App, "path", r"C:\Program Files\Kingsoft\WPS Office\office6")
    assert session.run("check", str(form.path)) == 2
    assert capsys.readouterr().err.startswith("这张表是用WPS打开的，按钮只能在Excel里用。")
    monkeypatch.setenv("XLPKG_WPS", "1")  # the trial; LibreOffice stands in WPS's place, with WPS nobody has tried
    assert session.run("check", str(form.path)) == 0
    assert form.verdict().startswith("有错误")


def test_a_cell_in_edit_mode_is_told() -> None:
    """The error is the one pywin32 raises; that Excel raises it in edit mode is not tried."""
    com_error = type("com_error", (Exception,), {"hresult": -2147418111})
    assert session.explain(com_error("busy")).startswith("有格子正在编辑（光标在格子里闪）")


def test_an_office_that_ended_is_told(tmp_path: Path) -> None:
    build(tmp_path / "表.xlsm", profiles.load("hn2015"), REAL)
    with Office() as office:
        model = office.process.open(tmp_path / "表.xlsm")
        book = xlwings.Book(impl=Book(model, APPS.adopt(office.process)))
        subprocess.run(["kill", "-9", str(office.process.pid)], check=True)
        assert session.perform("check", book) == 2
    with Office() as office:  # the lock file of the one that was killed does not stand in the way
        assert (tmp_path / ".~lock.表.xlsm#").exists()
        office.open(tmp_path / "表.xlsm")


KILLED = """
import os, signal, sys
from xlpkg.live import attach, session
from xlpkg.live.libreoffice import engine
wanted, made = int(sys.argv[2]), 0
def dying(function):
    def call(*arguments, **options):
        global made
        made += 1
        if made == wanted:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return call
value = vars(engine.Range)["raw_value"]
engine.Range.raw_value = property(value.fget, dying(value.fset))
engine.Range.clear_contents = dying(engine.Range.clear_contents)
engine.Range._write_formulas = dying(engine.Range._write_formulas)
engine.Range.autofit = dying(engine.Range.autofit)
sys.exit(session.run("check", sys.argv[1]))
"""


def test_a_click_that_is_killed_leaves_a_form_that_the_next_click_repairs(opened: Callable[..., Open]) -> None:
    form = opened(REAL)
    session.perform("check", form.book)
    form.document.recalculate()
    whole = form.results()
    theirs = [row[1:9] for row in form.cells(ENTRY)]
    form.document.type_in(ENTRY, "F18", "随机")
    for step in range(1, 20):
        done = subprocess.run([sys.executable, "-c", KILLED, str(form.path), str(step)], capture_output=True, check=False)
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
        assert open_form.read(form.book).source.declaration.indicators[0].value == "≥随机次"
    assert step == 7
    form.document.type_in(ENTRY, "F18", "220")
    session.perform("check", form.book)
    form.document.recalculate()
    assert form.results() == whole
    assert [row[1:9] for row in form.cells(ENTRY)] == theirs
