"""Set a kit up for the user who runs it, mend it, take it away: files, start files, blank forms, add-in, links."""

import contextlib
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

from xlpkg.files.write import in_place
from xlpkg.kit import contents, journal
from xlpkg.kit.errors import KitError
from xlpkg.kit.places import ADDIN, Places
from xlpkg.kit.programs import SETUP, programs
from xlpkg.live import installed

FORMS = "空白表"
FORMS_LINK = f"绩效目标-{FORMS}"
_MARK = ":Zone.Identifier"
"""The stream in which Windows notes that a file came from elsewhere."""
_UNSAFE = r'[\\/:*?"<>|]'
Link = Callable[[Path, Path, str], None]
Say = Callable[[str], None]


def install(kit: Path, places: Places, link: Link, say: Say) -> list[str]:
    """Set up, or mend what is set up, from an unpacked kit; returns what to tell the user. Raises KitError, OSError.

    Nothing is done when the kit itself is damaged. `link` makes a shell link, `say` is told what is going on.
    """
    say("正在核对安装包……")
    hashes, about = contents.read_list(kit), contents.read_about(kit)
    files, bad = contents.read_files(kit, hashes)
    if bad:
        raise KitError(
            f"安装包不完整，有{len(bad)}个文件缺少或被改动（例如{bad[0]}），没有安装。请重新解压，或请信息员看杀毒软件有没有拦截。"
        )
    _unblock(kit)
    target = places.home / about.version
    mended = target.exists()
    if not places.home.exists():
        _begin(places.home)
    say("正在复制文件……")
    for name, data in files.items():
        _put(data, target / name, places.aside)
    _start_files(target, places.aside)
    _blank_forms(target)
    in_place(places.home / installed.POINTER, f"{about.version}\n".encode("ascii"))
    said = [f"{'已修复' if mended else '已安装'}：{about.title}", f"程序在：{target}"]
    said += _addin(target, places)
    said += _links(target, places, link)
    _drop_other_versions(target, places)
    return said


def self_test(places: Places) -> str | None:
    """Check a sample with the Python that was set up; a sentence if that does not work. It also compiles what a click needs."""
    folder = installed.current(places.home)
    if folder is None:
        return "没有装好。"
    sample = folder / "runtime" / "site-packages" / "xlpkg" / "workbook" / "samples" / "network_office_corrected.json"
    command = [str(folder / "python.exe"), "-m", "xlpkg", "check", "--json", str(sample)]
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    done = subprocess.run(command, capture_output=True, stdin=subprocess.PIPE, creationflags=flags, check=False)
    if done.returncode in (0, 1) and b'"findings"' in done.stdout:
        return None
    reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["没有说明原因"]
    return f"文件已装好，但试着检查一张样表没有成功（{reason[0]}）。请把这句话告诉信息员。"


def remove(places: Places) -> list[str]:
    """Take away what was set up, and nothing else; returns what to tell the user. Raises KitError.

    Excel keeps the add-in's file while it runs: then nothing is taken away at all.
    """
    if not places.home.exists():
        raise KitError("没有安装过，不用卸载。")
    made = journal.read(places.home)
    os.chdir(places.home.parent)  # a folder that somebody works in cannot be removed
    outside = [Path(name) for name in made.files if places.home not in Path(name).parents]
    for path in sorted(outside, key=lambda path: path.name != ADDIN):
        try:
            path.unlink(missing_ok=True)
        except OSError:
            raise KitError(f"“{path.name}”正在使用，没有卸载。请关闭所有Excel窗口，再卸载一次。") from None
    _clear(places.home, places.aside)
    for folder in reversed(made.folders):
        with contextlib.suppress(OSError):  # other files have come into it since
            Path(folder).rmdir()
    return ["已卸载。程序、Excel加载项和快捷方式都已去掉，您的表格没有动。"]


def _begin(home: Path) -> None:
    """Make the kit's home and its journal, which notes the folders that had to be made."""
    missing = [folder for folder in reversed((home, *home.parents)) if not folder.exists()]
    home.mkdir(parents=True)
    journal.write(home, journal.Journal(folders=[str(folder) for folder in missing]))


def _put(data: bytes, target: Path, aside: Path) -> None:
    """Put a file in its place unless it is there already; one that a running program holds is put aside first."""
    try:
        if target.read_bytes() == data:
            return
        _out_of_the_way(target, aside)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _start_files(target: Path, aside: Path) -> None:
    """python.exe and pythonw.exe, and a copy of the latter for each thing that can be done."""
    _put((target / "runtime" / "python.exe").read_bytes(), target / "python.exe", aside)
    windowed = (target / f"{SETUP}.exe").read_bytes()
    for name in ("pythonw", *(program.name for program in programs())):
        _put(windowed, target / f"{name}.exe", aside)


def _blank_forms(target: Path) -> None:
    """The blank forms under Chinese names, read-only so that a form is saved under a name of its own."""
    from xlpkg.form import profiles

    folder = target / FORMS
    folder.mkdir(exist_ok=True)
    used: set[str] = set()
    for source in sorted((target / contents.FORMS).glob("*.xls[xm]")):
        title = profiles.load(source.stem).name if source.stem in profiles.available() else "汇总台"
        name = re.sub(_UNSAFE, " ", title if title not in used else f"{title}（{source.stem}）")
        used.add(title)
        form = folder / f"{name}{source.suffix}"
        if form.exists():
            form.chmod(stat.S_IWRITE | stat.S_IREAD)
        in_place(form, source.read_bytes())
        form.chmod(stat.S_IREAD)


def _addin(target: Path, places: Places) -> list[str]:
    addin = places.startup / ADDIN
    data = (target / contents.FORMS / ADDIN).read_bytes()
    if contents.digest(addin) == contents.digest(target / contents.FORMS / ADDIN):
        return ["Excel加载项：已经装好。"]
    journal.note(places.home, addin)
    try:
        addin.parent.mkdir(parents=True, exist_ok=True)
        in_place(addin, data)
    except OSError:
        return ["Excel加载项：Excel正开着，没有换成新的。请关闭所有Excel窗口，再运行一次setup.exe，选“修复”。"]
    return ["Excel加载项：已装好。Excel正开着的话，请关闭所有Excel窗口再打开，上方会有“绩效目标”一栏。"]


def _links(target: Path, places: Places, link: Link) -> list[str]:
    wanted = [(places.desktop, FORMS_LINK, target / FORMS)]
    for program in programs():
        path = target / f"{program.name}.exe"
        wanted += [(places.desktop, program.link, path)] if program.desktop else []
        wanted += [(places.send_to, program.link, path)] if program.send_to else []
    failed = []
    for folder, name, path in wanted:
        place = folder / f"{name}.lnk"
        try:
            journal.note(places.home, place)
            folder.mkdir(parents=True, exist_ok=True)
            link(place, path, name)
        except OSError:
            failed.append(name)
    if failed:
        return [f"快捷方式没有建成：{'、'.join(failed)}。可以直接用程序文件夹里的同名程序。"]
    return ["桌面上和右键菜单“发送到”里有“绩效目标-……”的快捷方式：把表格拖上去就可以检查。"]


def _drop_other_versions(target: Path, places: Places) -> None:
    for folder in places.home.iterdir():
        if folder.is_dir() and folder != target:
            with contextlib.suppress(OSError):
                _clear(folder, places.aside)
    for leftover in places.aside.glob("xlpkg-removed-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _clear(folder: Path, aside: Path) -> None:
    """Remove a folder with everything in it; what a running program holds, this one too, is moved aside for Windows to clean up."""
    for base, folders, files in os.walk(folder, topdown=False):
        for name in files:
            _out_of_the_way(Path(base, name), aside)
        for name in folders:
            Path(base, name).rmdir()
    folder.rmdir()


def _out_of_the_way(path: Path, aside: Path) -> None:
    """A file removed; one that is in use can still be moved, on the same drive."""
    if not path.exists():
        return
    with contextlib.suppress(OSError):
        path.chmod(stat.S_IWRITE | stat.S_IREAD)
    try:
        path.unlink()
    except OSError:
        leftovers = aside / f"xlpkg-removed-{os.getpid()}"
        leftovers.mkdir(parents=True, exist_ok=True)
        path.rename(leftovers / f"{len(os.listdir(leftovers))}-{path.name}")  # noqa: PTH208 a number that no other has


def _unblock(kit: Path) -> None:
    """Take the mark "from the internet" off what a person opens in the unpacked kit; copies do not carry it."""
    for path in kit.iterdir():
        with contextlib.suppress(OSError):
            os.remove(f"{path}{_MARK}")  # noqa: PTH107 no path: a stream of a file
