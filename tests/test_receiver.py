"""The receiver's workbook in a real LibreOffice: a folder is chosen and consolidated with the mouse, and by its macros."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from bureau import fill
from desktop import Desktop, Window
from office import Office
from oletools.olevba import VBA_Parser
from test_macros import MACROS, run_sub
from waiting import wait_for

from xlpkg.collect.receiver import build_receiver, is_receiver
from xlpkg.later_folder import LIST
from xlpkg.layout import DESK
from xlpkg.live import session
from xlpkg.live.libreoffice.engine import APPS
from xlpkg.writing.macros import RECEIVER_BUTTONS

COMMITTED = Path(__file__).parent.parent / "workbook" / "receiver.xlsm"
STATUS = "B10"


def test_it_is_told_from_a_form() -> None:
    assert is_receiver(COMMITTED)
    assert not is_receiver(COMMITTED.with_name("hn2015.xlsm"))
    assert not is_receiver(COMMITTED.with_name("README.md"))


def test_its_macros_are_the_launcher_and_its_buttons() -> None:
    parser = VBA_Parser(str(COMMITTED))
    found = {name: text for _, _, name, text in parser.extract_macros()}
    parser.close()
    assert set(found) == {"Launcher.bas", "Receiver.bas", "ThisWorkbook.cls", "Desk.cls", "Settings.cls"}
    subs = re.findall(r"Public Sub (\w+)\(\)\s+Launcher\.\w+ \"(\w+)\"", (MACROS / "Receiver.bas").read_text())
    assert subs == [(b.macro, b.action) for b in RECEIVER_BUTTONS]
    with zipfile.ZipFile(COMMITTED) as package:
        drawings = "".join(package.read(n).decode() for n in package.namelist() if "vmlDrawing" in n)
    assert re.findall(r"Receiver\.(\w+)", drawings) == [b.macro for b in RECEIVER_BUTTONS]


@pytest.mark.office
@pytest.mark.slow
def test_a_folder_is_consolidated_by_mouse(desktop: Desktop, tmp_path: Path) -> None:
    sent = fill(tmp_path / "tray", 20)
    back = sum(bool(s.report.errors) or s.tampered for s in sent if s.declaration and s.counts)
    build_receiver(tmp_path / "汇总 台.xlsm")
    with Window(desktop, tmp_path / "汇总 台.xlsm") as window:

        def status() -> str:
            return str(window.document.value(DESK, STATUS))

        window.press("汇总")
        wait_for(lambda: status() == "没有完成：还没有选择文件夹。请先点“选择文件夹”。")
        window.press("选择文件夹")
        window.type_into_dialog("请选择文件夹", str(tmp_path / "tray"))
        wait_for(lambda: window.document.value(DESK, "B4") == str(tmp_path / "tray"))
        desktop.picture(tmp_path / "desk.png")
        window.press("生成退回意见书")
        wait_for(lambda: status() == f"生成退回意见书{back}份，在本文件旁边的“退回意见书”文件夹。")
        assert len(list((tmp_path / "退回意见书").glob("*.docx"))) == back > 3
        window.press("生成监控表")
        wait_for(lambda: status().startswith("20个文件，生成绩效运行监控表"))
        assert list((tmp_path / "绩效运行监控表").glob("*_7月监控表.xlsx")) and (tmp_path / "绩效运行监控表" / LIST).exists()
        window.press("生成自评表")
        wait_for(lambda: status().startswith("20个文件，生成绩效自评表"))
        assert list((tmp_path / "绩效自评表").glob("*_自评表.xlsx"))
        desktop.picture(tmp_path / "made.png")
        window.press("汇总")
        wait_for(lambda: status().startswith("文件20个：新读0个，未能读取"))  # known from the letters
        wait_for(lambda: (tmp_path / "汇总.xlsx").exists() and len(window.office.documents()) == 2)
        assert openpyxl.load_workbook(tmp_path / "汇总.xlsx").sheetnames[0] == "项目汇总"


@pytest.mark.office
@pytest.mark.slow
def test_each_macro_starts_python(office: Office, tmp_path: Path) -> None:
    fill(tmp_path / "收 件", 20)
    build_receiver(tmp_path / "台.xlsm")
    with office.open(tmp_path / "台.xlsm", macros=True, hidden=False) as desk:

        def status() -> str:
            return str(desk.value(DESK, STATUS))

        run_sub(desk, "Launcher", "StartOn", "choose", str(tmp_path / "收 件"))
        wait_for(lambda: desk.value(DESK, "B4") == str(tmp_path / "收 件"))
        run_sub(desk, "Receiver", "WriteLetters")
        wait_for(lambda: status().startswith("生成退回意见书"))
        run_sub(desk, "Receiver", "CollectFolder")
        wait_for(lambda: status().startswith("文件20个"))
        assert (tmp_path / "汇总.xlsx").exists()


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "text", "sentence"),
    [
        ("B4", "/no/where", "文件夹“/no/where”不存在。"),
        ("B5", "汇总.docx", "汇总文件名“汇总.docx”应像“汇总.xlsx”，不带文件夹。"),
        ("B5", "../汇总.xlsx", "汇总文件名“../汇总.xlsx”应像“汇总.xlsx”，不带文件夹。"),
        ("B6", "很多", "“同时处理几个文件”写的是“很多”，应为1到64的整数。"),
    ],
)
def test_what_cannot_be_done_is_said_on_the_desk(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, text: str, sentence: str
) -> None:
    import xlwings

    from xlpkg.live.libreoffice.engine import Book

    monkeypatch.setattr(session, "LOG", tmp_path / "xlpkg.log")
    build_receiver(tmp_path / "台.xlsm")
    with office.open(tmp_path / "台.xlsm", hidden=False) as desk:
        desk.set(DESK, "B4", str(tmp_path))
        desk.set(DESK, cell, text)
        book = xlwings.Book(impl=Book(desk.model, APPS.adopt(office.process)))
        assert session.perform("collect", book) == 2
        assert desk.value(DESK, STATUS) == f"没有完成：{sentence}"
        assert not (tmp_path / "汇总.xlsx").exists()
