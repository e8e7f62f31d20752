"""VBA and ribbon: what the sources may say, that every reader gets them back to the letter, and that LibreOffice runs each Sub."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from office import Document, Office
from oletools.mraptor import MacroRaptor
from oletools.olevba import VBA_Parser
from waiting import wait_for

from xlpkg.form import profiles
from xlpkg.form.declaration import from_json
from xlpkg.layout import ENTRY, OPTIONS, RESULTS
from xlpkg.writing.build import build, build_addin
from xlpkg.writing.macros import BUTTONS, CODE_NAMES, PICK, RECEIVER_BUTTONS

ROOT = Path(__file__).parent.parent
MACROS = ROOT / "macros"
SOURCES = sorted(p for p in (*MACROS.glob("*.bas"), *MACROS.glob("*.cls")) if p.stem != "Receiver")
REAL = from_json((ROOT / "workbook" / "samples" / "network_office.json").read_text(encoding="utf-8"))
ALLOWED = set(
    re.findall(
        r"\w+",
        """option explicit public private sub function end exit if then else set dim as byval on error resume next goto do while
        loop not open for input line close string object boolean integer true false nothing is
        shell environ freefile eof left mid len replace msgbox err number vbhide vbexclamation
        range value path name pathseparator statusbar isaddin activeworkbook thisworkbook application settings
        launcher start action rest form book started program configured fullnameof home key text file missing quoted control
        inaddin checkform fixform nextcell submitform clearmarks ribboncheck ribbonfix ribbonnext ribbonsubmit ribbonclear
        importform pickrows ribbonimport startwithfile chosen variant getopenfilename vartype vbstring starton
        monitorform evaluateform ribbonpick ribbonmonitor ribbonevaluate
        monitorfolder evaluatefolder
        choosefolder collectfolder writeletters startwithfolder picker filedialog elseif show selecteditems
        interpreter words ofkit onpath onwindows joined existing firstline folder dir split for each in next and""",
    )
)


@pytest.fixture(scope="module", params=["form.xlsm", "addin.xlam"])
def workbook(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("macros") / request.param
    if path.suffix == ".xlam":
        build_addin(path)
    else:
        build(path, profiles.load("hn2015"), REAL)
    return path


def code(source: Path) -> str:
    """A source without comments and texts."""
    return "\n".join(re.sub(r'"[^"]*"', '""', re.sub(r'^(\s*)\'.*$|""""', r"\1", line)) for line in source.read_text().split("\n"))


@pytest.mark.parametrize("source", [*SOURCES, MACROS / "Receiver.bas"], ids=lambda p: p.name)
def test_sources_are_thin_and_use_allowed_words_only(source: Path) -> None:
    text = source.read_text(encoding="ascii")
    assert text.startswith("Option Explicit\n")
    words = {w.lower() for w in re.findall(r"[A-Za-z_]+", code(source))}
    assert words - ALLOWED == set()
    if source.stem in ("Buttons", "Ribbon", "Receiver"):
        subs = re.findall(r"Public Sub (\w+)\([^)]*\)\n(.*?)End Sub", text, re.DOTALL)
        buttons = {"Buttons": (*BUTTONS, PICK), "Ribbon": (*BUTTONS, PICK), "Receiver": RECEIVER_BUTTONS}[source.stem]
        assert [len(body.strip().split("\n")) for _, body in subs] == [1] * len(buttons)
    if source.suffix == ".cls":
        assert "Sub" not in code(source)  # nothing runs by itself


def test_every_reader_gets_the_sources_back_to_the_letter(workbook: Path) -> None:
    parser = VBA_Parser(str(workbook))
    found = {name: text for _, _, name, text in parser.extract_macros()}
    parser.close()
    read = {name: text.split("\r\n") if "\r" in text else text.split("\n") for name, text in found.items()}
    for source in SOURCES:
        body = [line for line in read[source.name] if not line.startswith("Attribute ")]
        assert "\n".join(body).strip("\n") == source.read_text().strip("\n")
    sheets = ["Settings"] if workbook.suffix == ".xlam" else list(CODE_NAMES.values())
    assert set(found) == {*(s.name for s in SOURCES), *(f"{name}.cls" for name in sheets)}


def test_code_names_match_the_modules(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as package:
        xml = {n: package.read(n).decode() for n in package.namelist() if n.startswith("xl/work") and n.endswith(".xml")}
    names = [m[1] for part in xml.values() for m in re.finditer(r'codeName="(\w+)"', part)]
    sheets = ["Settings"] if workbook.suffix == ".xlam" else list(CODE_NAMES.values())
    assert sorted(names) == sorted(["ThisWorkbook", *sheets])


def test_scanners_find_no_macro_that_starts_by_itself(workbook: Path) -> None:
    parser = VBA_Parser(str(workbook))
    scanner = MacroRaptor(parser.get_vba_code_all_modules())
    scanner.scan()
    flagged = {keyword for kind, keyword, _ in parser.analyze_macros() if kind in ("AutoExec", "Suspicious")}
    parser.close()
    assert not scanner.suspicious
    assert {w.lower() for w in flagged} == {"environ", "open", "shell", "vbhide", "hex strings", "base64 strings"}


def test_buttons_and_ribbon_name_subs_that_are_there(workbook: Path) -> None:
    subs = {(s.stem, name) for s in SOURCES for name in re.findall(r"Public Sub (\w+)", s.read_text())}
    with zipfile.ZipFile(workbook) as package:
        ribbon = package.read("customUI/customUI14.xml").decode()
        relations = package.read("_rels/.rels").decode()
        drawings = "".join(package.read(n).decode() for n in package.namelist() if "vmlDrawing" in n)
    assert 'Target="customUI/customUI14.xml"' in relations
    assert {("Ribbon", name) for name in re.findall(r'onAction="(\w+)"', ribbon)} == {s for s in subs if s[0] == "Ribbon"}
    assert re.findall('<button id="[^"]*" label="([^"]*)"', ribbon) == [b.caption for b in (*BUTTONS[:6], PICK, *BUTTONS[6:])]
    if workbook.suffix == ".xlsm":
        assert re.findall(r"Buttons\.(\w+)", drawings) == [b.macro for b in BUTTONS]
        assert {("Buttons", b.macro) for b in BUTTONS} <= subs


def test_addin_is_declared_as_one_and_carries_no_form(tmp_path: Path) -> None:
    build_addin(tmp_path / "a.xlam")
    with zipfile.ZipFile(tmp_path / "a.xlam") as package:
        assert "vnd.ms-excel.addin.macroEnabled.main+xml" in package.read("[Content_Types].xml").decode()
        assert [n for n in package.namelist() if "worksheets/sheet" in n and n.endswith(".xml")] == ["xl/worksheets/sheet1.xml"]


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        build(tmp_path / f"{name}.xlsm", profiles.load("hn2015"), REAL)
        build_addin(tmp_path / f"{name}.xlam")
    for kind in ("xlsm", "xlam"):
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


# --- in LibreOffice -------------------------------------------------------------------------------------------------

Started = Callable[..., None]


@pytest.fixture
def form(office: Office, tmp_path: Path) -> Any:
    """The real form with its macros on, in a folder with blanks and Chinese in its name."""
    folder = tmp_path / "张 三"
    folder.mkdir()
    build(folder / "网信 经费.xlsm", profiles.load("hn2015"), REAL)
    with office.open(folder / "网信 经费.xlsm", macros=True, hidden=False) as document:
        yield document
        for model in office.process.documents():
            if model != document.model:
                model.close(True)


def run_sub(form: Document, module: str, sub: str, *arguments: object) -> None:
    script = f"vnd.sun.star.script:VBAProject.{module}.{sub}?language=Basic&location=document"
    form.model.getScriptProvider().getScript(script).invoke(arguments, (), ())


@pytest.mark.office
def test_libreoffice_lists_every_module(form: Document) -> None:
    names = form.model.BasicLibraries.getByName("VBAProject").ElementNames
    assert set(names) == {*(s.stem for s in SOURCES), *CODE_NAMES.values()}


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("module", ["Buttons", "Ribbon"])
def test_each_sub_starts_python_and_changes_a_cell(form: Document, module: str, tmp_path: Path) -> None:
    names = {
        "Buttons": [b.macro for b in BUTTONS],
        "Ribbon": [f"Ribbon{n}" for n in ("Check", "Fix", "Next", "Submit", "Clear", "Import")],
    }[module]
    check, fix, next_cell, submit, clear = names[:5]
    control = (form.model,) if module == "Ribbon" else ()

    def verdict() -> str:
        return str(form.value(RESULTS, "A2"))

    def selected() -> str:
        return str(form.model.CurrentController.getSelection().AbsoluteName)

    run_sub(form, module, check, *control)
    assert wait_for(lambda: verdict().startswith("有错误：错误17条，提醒57条，提示32条"))
    assert form.value(ENTRY, "D19") == " 网评工作"
    run_sub(form, module, fix, *control)
    assert wait_for(lambda: "提示26条" in verdict())
    assert form.value(ENTRY, "D19") == "网评工作"
    assert wait_for(lambda: form.value(ENTRY, "J19") != "未复查")  # the marks come after the verdict
    run_sub(form, module, next_cell, *control)
    assert wait_for(lambda: selected() == "$填报.$F$19"), selected()
    run_sub(form, module, submit, *control)
    target = tmp_path / "张 三" / "网信 经费_申报表（草稿）.xlsx"
    assert wait_for(lambda: "申报表已生成" in str(form.value("申报表", "A1"))) and target.exists()
    assert wait_for(lambda: any(m.Title == target.name for m in form.model.CurrentController.Frame.Creator.Components))
    run_sub(form, module, clear, *control)
    assert wait_for(lambda: verdict().startswith("还没有检查"))
    assert wait_for(lambda: form.value(ENTRY, "K2") is None)


@pytest.mark.office
@pytest.mark.slow
def test_a_chosen_file_goes_to_python(office: Office, tmp_path: Path) -> None:
    """What the dialog gives to Launcher.StartOn; the dialog itself is opened with the mouse in test_window."""
    source = tmp_path / "上 年.docx"
    source.write_bytes((Path(__file__).parent / "data/seed/form.docx").read_bytes())
    build(tmp_path / "空白 表.xlsm", profiles.load("hn2015"))
    with office.open(tmp_path / "空白 表.xlsm", macros=True, hidden=False) as form:
        run_sub(form, "Launcher", "StartOn", "import", str(source))
        assert wait_for(lambda: str(form.value(RESULTS, "A2")).startswith("有错误：错误17条"))
        assert form.value(ENTRY, "D19") == " 网评工作"


def conf(home: Path, **keys: str) -> None:
    """The user's xlwings.conf."""
    (home / ".xlwings").mkdir(exist_ok=True)
    lines = ['"PYTHONPATH",""', *(f'"{key}","{value}"' for key, value in keys.items())]
    (home / ".xlwings" / "xlwings.conf").write_text("\n".join(lines) + "\n")


def recorder(place: Path) -> Path:
    """A program in a Python's place that writes down that it was started, and with what."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f'#!/bin/sh\necho "$@" > "{place}.started"\n')
    place.chmod(0o755)
    return place


@pytest.mark.office
@pytest.mark.slow
def test_the_interpreters_are_asked_for_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kit, then xlwings.conf, then PATH, by whole paths; the form's own cell only where xlwings.conf lets it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "本 地"))
    on_path = recorder(tmp_path / "bin" / "python3")
    monkeypatch.setenv("PATH", f"{tmp_path / 'other'}:.:{on_path.parent}:/usr/bin:/bin")
    recorder(tmp_path / "other" / "python3")  # a Python without our package
    monkeypatch.chdir(tmp_path)
    for name in ("pythonw", "python3", "pyw", "xlpkg"):  # what lies in the current folder is never started
        recorder(tmp_path / name)
    recorder(tmp_path / "bin" / "xlpkg")
    kit = recorder(tmp_path / "本 地" / "xlpkg" / "1.0" / "pythonw.exe")
    named, of_form = recorder(tmp_path / "named" / "python"), recorder(tmp_path / "of the form" / "python")
    build(tmp_path / "表.xlsm", profiles.load("hn2015"), REAL)
    with Office() as office, office.open(tmp_path / "表.xlsm", macros=True, hidden=False) as form:
        form.set(OPTIONS, "E1", str(of_form))

        def started() -> str:
            for mark in tmp_path.rglob("*.started"):
                mark.unlink()
            run_sub(form, "Buttons", "CheckForm")
            assert wait_for(lambda: any(tmp_path.rglob("*.started")))
            (mark,) = tmp_path.rglob("*.started")
            assert wait_for(lambda: mark.read_text() == f"-P -m xlpkg.live check {tmp_path / '表.xlsm'}\n")
            return str(mark).removesuffix(".started")

        assert started() == str(on_path)
        conf(tmp_path, INTERPRETER_MAC="python3")  # no whole path
        assert started() == str(on_path)
        conf(tmp_path, INTERPRETER_MAC=str(named))
        assert started() == str(named)
        (tmp_path / "本 地" / "xlpkg" / "current.txt").write_text("1.0\n")
        assert started() == str(kit)
        conf(tmp_path, INTERPRETER_MAC=str(named), XLPKG_FORM_INTERPRETER="1")
        assert started() == str(of_form)
        of_form.unlink()
        assert started() == str(kit)


@pytest.mark.office
@pytest.mark.slow
def test_the_interpreter_of_xlwings_conf_checks_the_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf(tmp_path, INTERPRETER_WIN="", INTERPRETER_MAC=sys.executable)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # without the environment's own Python
    build(tmp_path / "form.xlsm", profiles.load("hn2015"), REAL)
    with Office() as office, office.open(tmp_path / "form.xlsm", macros=True, hidden=False) as form:
        run_sub(form, "Buttons", "CheckForm")
        assert wait_for(lambda: str(form.value(RESULTS, "A2")).startswith("有错误"))
