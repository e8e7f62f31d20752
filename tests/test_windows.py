"""The kit on Windows' own Python (under wine): set up, used through its start files, mended, looked at, taken away.

One Windows for all tests, in the order in which a person goes on. The libraries of the bureau's kit that wine 8 cannot load are
exchanged for older ones.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import openpyxl
import pytest
from bureau import fill
from desktop import wait_for
from forms import HN2015, changed, write_form
from test_names import ODD_NAMES
from windows import WAKE, Said, Windows, seen_from_windows, tree

from xlpkg import __version__
from xlpkg.form import profiles
from xlpkg.form.declaration import from_json
from xlpkg.kit import pins
from xlpkg.kit.build import build_kit
from xlpkg.kit.pins import Wheel
from xlpkg.writing.build import build

pytestmark = pytest.mark.wine

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "workbook" / "samples"
ODD = "甲 & 100%^'乙（草）"
"""A name with what cmd.exe, Explorer and Python's command line treat in ways of their own."""
OLDER = (
    Wheel("numpy-1.26.4-cp312-cp312-win_amd64.whl", "08beddf13648eb95f8d867350f6a018a4be2e5ad54c8d8caed89ebca558b2818"),
    Wheel("pandas-2.2.3-cp312-cp312-win_amd64.whl", "59ef3764d0fe818125a5097d2ae867ca3fa64df032331b7e0917cf5d7bf66b13"),
    Wheel("pytz-2026.6-py2.py3-none-any.whl", "7fed3fee8fd6bd4a2b7b75a8d56021d0624127bf69bd5691f115db929ac570b3"),
)


class Pc:
    """A PC with the kit unpacked: `kit` is that folder, `work` one with odd names, `before` what the user's folders held."""

    def __init__(self, windows: Windows, folder: Path) -> None:
        self.windows, self.home = windows, windows.home
        self.work = folder / f"送审 {ODD}"
        (self.kit,) = self.work.iterdir()
        shutil.copy(self.kit / "runtime/python.exe", self.kit)
        self.installed = self.home / "AppData/Local/xlpkg" / __version__
        self.before = tree(self.home)

    def setup(self, **environment: str) -> Said:
        return self.windows.run(self.kit / "setup.exe", **environment)

    def drop(self, program: str, *files: Path) -> Said:
        """Drop files on a start file."""
        return self.windows.run(self.installed / f"{program}.exe", *map(seen_from_windows, files))

    def xlpkg(self, *arguments: str | Path, **environment: str) -> Said:
        words = [seen_from_windows(a) if isinstance(a, Path) else a for a in arguments]
        return self.windows.run(self.installed / "python.exe", "-m", "xlpkg", *words, **environment)

    @contextmanager
    def held(self, path: Path, seconds: float) -> Iterator[None]:
        """A file that another program has open for itself alone, for so long at most."""
        script, mark = self.work / "hold.py", self.work / "held"
        script.write_text(
            "import pywintypes, win32file, sys, time\n"
            "handle = win32file.CreateFile(sys.argv[1], win32file.GENERIC_READ, 0, None, win32file.OPEN_EXISTING, 0, None)\n"
            "open(sys.argv[2], 'w').close(); time.sleep(float(sys.argv[3]))\n"
        )
        mark.unlink(missing_ok=True)
        words = (*map(seen_from_windows, (script, path, mark)), str(seconds))
        running = self.windows.start(self.kit / "python.exe", *words)
        wait_for(lambda: mark.exists() or running.poll() is not None)
        assert running.poll() is None, self.windows.finish(running)
        yield
        running.kill()
        running.wait()
        time.sleep(0.2)  # until Windows knows it

    def form(self, sample: str, name: str) -> Path:
        """A filled form in the folder of odd names."""
        declaration = from_json((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))
        path = self.work / name
        build(path, profiles.load(declaration.profile), declaration)
        return path


def unpacked_kit(folder: Path) -> None:
    """The bureau's kit, unpacked in a folder with odd names."""
    work = folder / f"送审 {ODD}"
    work.mkdir()
    wanted = pins.load()
    others = tuple(w for w in wanted.wheels if not w.file.startswith(("numpy", "pandas", "pyarrow")))
    build_kit(folder / "kit.zip", "bureau", wanted=msgspec.structs.replace(wanted, wheels=(*others, *OLDER)))
    with zipfile.ZipFile(folder / "kit.zip") as package:
        package.extractall(work)


@pytest.fixture(scope="module")
def pc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pc]:
    folder = tmp_path_factory.mktemp("windows")
    with ThreadPoolExecutor(1) as beside:
        kit = beside.submit(unpacked_kit, folder)
        with Windows(folder) as windows:
            kit.result()
            yield Pc(windows, folder)


def on_linux(*arguments: str | Path) -> str:
    done = subprocess.run([sys.executable, "-m", "xlpkg", *map(str, arguments)], capture_output=True, check=False)
    return done.stdout.decode()


def findings(text: str) -> list[object]:
    """What check or collect --json says, without where the files lie."""
    return [{k: v for k, v in json.loads(line).items() if k != "file"} for line in text.splitlines() if line.startswith("{")]


def test_set_up_by_one_double_click(pc: Pc) -> None:
    code, said = pc.setup()
    assert code == 0, said
    assert "已安装：绩效目标申报工具" in said and "试用版" in said and said.endswith("试运行：正常。\n"), said
    new = tree(pc.home) - pc.before
    for path in (
        "AppData/Local/xlpkg/current.txt",
        f"AppData/Local/xlpkg/{__version__}/空白表/湖南 项目支出预算绩效目标申报表（2015框架）.xlsx",
        "AppData/Roaming/Microsoft/Excel/XLSTART/xlpkg.xlam",
        "Desktop/绩效目标-检查.lnk",
        "AppData/Roaming/Microsoft/Windows/SendTo/绩效目标-汇总.lnk",
    ):
        assert path in new, sorted(new)[:50]
    programs = {path.name for path in pc.installed.glob("*.exe")}
    assert programs == {
        f"{n}.exe"
        for n in ("python", "pythonw", "setup", "检查", "一键修复", "生成申报表", "导入", "汇总", "体检", "卸载", "绩效目标窗口")
    }
    assert (pc.installed / "检查.exe").read_bytes() == (pc.kit / "setup.exe").read_bytes()  # signed by Python's makers


def test_links_lead_to_the_start_files(pc: Pc) -> None:
    script = pc.work / "link.py"
    script.write_text(
        "import pythoncom, sys; from win32com.shell import shell\n"
        "link = pythoncom.CoCreateInstance(shell.CLSID_ShellLink, None, 1, shell.IID_IShellLink)\n"
        "link.QueryInterface(pythoncom.IID_IPersistFile).Load(sys.argv[1])\n"
        "sys.stdout.reconfigure(encoding='utf-8'); print(link.GetPath(0)[0])\n"
    )
    link = pc.home / "Desktop/绩效目标-检查.lnk"
    said = pc.windows.run(pc.installed / "python.exe", seen_from_windows(script), seen_from_windows(link))
    assert said.text.strip() == rf"C:\users\张 三\AppData\Local\xlpkg\{__version__}\检查.exe"


def test_the_same_findings_and_seal_as_on_linux(pc: Pc) -> None:
    forms = [pc.form("network_office", f"{ODD}.xlsx"), pc.form("farmland", "田 地.xlsx"), pc.form("rural_roads", "路.xlsx")]
    there = pc.xlpkg("check", "--json", *forms)
    assert there.code == 1
    assert findings(there.text) == findings(on_linux("check", "--json", *forms)) != []


def test_a_form_dropped_on_a_start_file_is_checked_mended_and_submitted(pc: Pc) -> None:
    form = pc.form("network_office", f"{ODD}.xlsx")
    before = form.read_bytes()
    (here,) = map(json.loads, on_linux("check", "--json", form).splitlines())
    said = pc.drop("检查", form).text
    assert said.startswith(f"“{ODD}.xlsx”：错误17条") and here["seal"] in said, said
    assert "检查结果" in openpyxl.load_workbook(form.with_stem(f"{ODD}_检查稿")).sheetnames
    said = pc.drop("一键修复", form).text
    mended = form.with_stem(f"{ODD}_修改后")
    assert "原文件没有改动" in said and mended.exists() and form.read_bytes() == before
    (now,) = map(json.loads, on_linux("check", "--json", mended).splitlines())
    assert now["errors"] <= here["errors"] and now["seal"] == here["seal"]
    good = pc.form("network_office_corrected", "改好的.xlsx")
    said = pc.drop("生成申报表", good).text
    (sent,) = map(json.loads, on_linux("check", "--json", good.with_stem("改好的_申报表")).splitlines())
    assert sent["sealed"] == {"seal": sent["seal"], "unchanged": True} and sent["seal"] in said


def test_a_word_table_dropped_on_the_start_file_becomes_a_form(pc: Pc) -> None:
    source = pc.work / f"{ODD}.docx"
    source.write_bytes((ROOT / "tests/data/seed/form.docx").read_bytes())
    said = pc.drop("导入", source).text
    assert "已导入51条指标" in said and source.with_name(f"{ODD}_填报表.xlsx").exists(), said


def test_a_folder_is_consolidated_by_two_workers(pc: Pc) -> None:
    (pc.installed / "wine.pth").write_text(WAKE)
    tray = pc.work / "收件 & 50%"
    fill(tray, 6)
    for n, name in enumerate(ODD_NAMES):  # names that Windows takes for devices, cuts off or refuses
        write_form(tray / f"{n}.xlsx", changed(HN2015, unit=name, project=name, budget="1"))
    said = pc.drop("汇总", tray).text
    assert "已写出：收件 & 50%_汇总.xlsx" in said, said
    assert "项目汇总" in openpyxl.load_workbook(pc.work / "收件 & 50%_汇总.xlsx").sheetnames
    letters = [path.stem for path in (pc.work / "收件 & 50%_退回意见书").glob("*.docx")]
    assert len(letters) >= len(ODD_NAMES) and all(name.startswith("退回意见书") for name in letters)
    there = pc.xlpkg("collect", tray, "--json", "--workers", "2")
    assert sorted(map(str, findings(there.text))) == sorted(map(str, findings(on_linux("collect", tray, "--json")))) != []


def test_an_output_that_is_open_elsewhere(pc: Pc) -> None:
    form = pc.form("network_office_corrected", "占用.xlsx")
    target = form.with_stem("占用_申报表")
    target.write_bytes(b"held")
    with pc.held(target, 60):
        code, said = pc.drop("生成申报表", form)
    assert (code, target.read_bytes()) == (2, b"held")
    assert "写不进“占用_申报表.xlsx”：可能正在Excel里打开" in said, said
    with pc.held(target, 1.5):  # a scanner lets go in the end
        code, said = pc.drop("生成申报表", form)
    assert code == 0 and target.read_bytes() != b"held", said


def test_one_table_of_a_folder_that_is_open_elsewhere(pc: Pc) -> None:
    tray, tables = pc.work / "两份", pc.work / "各表"
    fill(tray, 2)
    tables.mkdir()
    (tables / "项目汇总.csv").write_bytes(b"held")
    with pc.held(tables / "项目汇总.csv", 60):
        code, said = pc.xlpkg("collect", tray, "--csv", tables)
    assert code == 2 and "“项目汇总.csv”" in said, said
    assert not list(pc.work.glob(".~*")) and (tables / "项目汇总.csv").read_bytes() == b"held"


def test_a_button_without_excel_says_so_in_a_box(pc: Pc) -> None:
    running = pc.windows.start(pc.installed / "pythonw.exe", "-P", "-m", "xlpkg.live", "check", r"C:\表.xlsx", XLPKG_QUIET="")
    pc.windows.press("绩效目标申报工具", "Return")
    code, said = pc.windows.finish(running, 30)
    assert code == 2 and "没有找到正在运行的Excel，按钮不能用。" in said


def test_the_doctor_writes_a_report(pc: Pc) -> None:
    excel = pc.home / "EXCEL.EXE"
    excel.write_bytes(b"")
    key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
    pc.windows.run("reg", "add", key, "/ve", "/d", r"C:\users\张 三\EXCEL.EXE", "/f")
    pc.windows.run("reg", "add", r"HKLM\Software\Classes\Excel.Application\CurVer", "/ve", "/d", "Excel.Application.16", "/f")
    macros = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
    pc.windows.run("reg", "add", macros, "/v", "VBAWarnings", "/t", "REG_DWORD", "/d", "4", "/f")
    said = pc.drop("体检")
    report = (pc.home / "Desktop/绩效目标工具体检报告.txt").read_text(encoding="utf-8-sig")
    assert said.code == 0 and "Excel里的宏" in said.text
    for line in (
        "正常　Excel：2016或更新",
        "不行　Excel里的宏：全部禁用",
        f"正常　本工具：C:\\users\\张 三\\AppData\\Local\\xlpkg\\{__version__}",
    ):
        assert line in report
    assert "代码页：cp936" in report and "Traceback" not in report
    excel.unlink()
    (pc.home / "Desktop/绩效目标工具体检报告.txt").unlink()


def test_a_second_run_mends_what_was_damaged(pc: Pc) -> None:
    library = pc.installed / "runtime/site-packages/xlpkg/jobs.py"
    library.write_text("broken")
    (pc.installed / "检查.exe").unlink()
    (pc.home / "Desktop/绩效目标-检查.lnk").unlink()
    code, said = pc.setup()
    assert code == 0 and "已修复" in said, said
    assert library.read_text() != "broken"
    assert (pc.installed / "检查.exe").exists() and (pc.home / "Desktop/绩效目标-检查.lnk").exists()


def test_a_damaged_kit_is_refused_before_anything_is_done(pc: Pc) -> None:
    library = pc.kit / "runtime/site-packages/xlpkg/layout.py"
    good = library.read_bytes()
    library.write_bytes(good + b"\n")
    code, said = pc.setup()
    library.write_bytes(good)
    assert code == 2 and "有1个文件缺少或被改动" in said, said


def test_the_windows_of_the_set_up(pc: Pc, tmp_path: Path) -> None:
    """What a person sees, without XLPKG_QUIET: the question, answered by the keyboard, and what was done."""
    running = pc.windows.start(pc.kit / "setup.exe", XLPKG_QUIET="")
    pc.windows.press("绩效目标申报工具", "Tab")
    picture = pc.windows.desktop.picture(tmp_path / "setup.png")
    assert picture.stat().st_size > 5000  # letters, not an empty screen
    pc.windows.press("绩效目标申报工具", "Escape")
    assert running.wait(30) == 0


def test_the_window_beside_any_office_program(pc: Pc, tmp_path: Path) -> None:
    """A form dropped on the window's start file: listed, mended, listed anew after a save, submitted; all by the keyboard."""
    form = pc.form("network_office", "窗口.xlsx")
    before, desktop = form.read_bytes(), pc.windows.desktop
    running = pc.windows.start(pc.installed / "绩效目标窗口.exe", seen_from_windows(form))

    def called(title: str) -> bool:
        return any(name.startswith(title) for name in desktop.titles())

    wait_for(lambda: called("窗口.xlsx　错误17条"))
    wait_for(lambda: desktop.picture(tmp_path / "window.png").stat().st_size > 40_000)  # the list is drawn
    desktop.press("窗口.xlsx", "F6")
    wait_for(lambda: form.with_stem("窗口_修改后").exists())
    assert form.read_bytes() == before
    pc.form("network_office_corrected", "窗口.xlsx")  # as if it was saved by another program
    wait_for(lambda: called("窗口.xlsx　没有错误"))
    desktop.press("窗口.xlsx", "F7")
    sent = form.with_stem("窗口_申报表")
    wait_for(sent.exists)
    (said,) = map(json.loads, on_linux("check", "--json", sent).splitlines())
    assert said["sealed"]["unchanged"]
    pc.windows.end("绩效目标窗口.exe", "pythonw.exe")
    pc.windows.finish(running, 30)


def test_nothing_is_removed_while_excel_has_the_add_in_open(pc: Pc) -> None:
    addin = pc.home / "AppData/Roaming/Microsoft/Excel/XLSTART/xlpkg.xlam"
    before = tree(pc.installed)
    with pc.held(addin, 60):
        code, said = pc.drop("卸载")
    assert code == 2 and "“xlpkg.xlam”正在使用，没有卸载。请关闭所有Excel窗口" in said, said
    assert addin.exists() and before <= tree(pc.installed)


def test_removing_takes_away_exactly_what_was_set_up(pc: Pc) -> None:
    code, said = pc.drop("卸载")
    assert code == 0 and "已卸载" in said, said
    left = {path for path in tree(pc.home) - pc.before if not path.startswith("AppData/Local/Temp")}
    assert left == {path for path in left if path.startswith((".xlwings", "Temp"))}, left
    assert pc.before <= tree(pc.home)
