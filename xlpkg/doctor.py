"""Is this PC fit for the tool: which office program, macros, add-in, kit, libraries; what to do; a report for the 信息员."""

import importlib.metadata
import locale
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from xlpkg import __version__
from xlpkg.files import office
from xlpkg.files.write import in_place
from xlpkg.form import profiles
from xlpkg.form.profile import ProfileError
from xlpkg.live import installed, office_programs
from xlpkg.live.office_programs import Programs
from xlpkg.live.session import LOG

_LIBRARIES = ("msgspec", "python-calamine", "XlsxWriter", "openpyxl", "rapidfuzz", "cn2an", "python-docx", "xlrd", "xlwings")
_LOG_LINES = 60
Line = tuple[str, bool, str]
"""What was looked at, whether it is good, and a note in Chinese; an office program is welcome, not needed."""


def examine() -> Iterator[Line]:
    """Everything that is looked at, in the order in which a clerk asks: office program, macros, buttons, the tool itself."""
    yield from _windows(office_programs.found()) if sys.platform == "win32" else _others()
    yield from _tool()


def advice() -> str:
    """What to do on this PC, in a clerk's words."""
    if sys.platform != "win32":
        return "用按钮：xlpkg open 表格.xlsm；或者用 xlpkg check 表格.xlsx 检查。"
    return windows_advice(office_programs.found(), kit=installed.current(installed.home()) is not None, addin=_addin_there())


def windows_advice(programs: Programs, *, kit: bool, addin: bool) -> str:
    """What to do on Windows, by what is there: the first thing that is missing, else how to go on."""
    if not kit:
        return "没有装好本工具。请解压安装包，双击其中的setup.exe。"
    dropped = "保存表格，把文件拖到桌面“绩效目标-检查”图标上，看旁边写出的检查稿。"
    if programs.excel is None:
        return f"这台电脑{'只有WPS' if programs.wps else '没有Excel'}：按钮不能用。{dropped}"
    if not addin:
        return f"Excel里没有本工具的加载项。请再运行setup.exe，选“修复”。眼下可以：{dropped}"
    if programs.addin_disabled:
        way = "文件→选项→加载项→管理“禁用项目”→转到，选中xlpkg.xlam，点“启用”，再重新打开Excel。"
        return f"Excel禁用了本工具的加载项：{way}"
    if programs.macros == 4:
        return f"Excel禁用了所有宏，按钮可能不能用（没有试过）。请信息员放开，或者：{dropped}"
    other = "双击表格打开的是WPS时，请改用Excel打开。" if programs.opens == "WPS" else ""
    return f"打开Excel，用上方“绩效目标”一栏的按钮。看不到这一栏时，关闭所有Excel窗口再打开。{other}"


def write_report(target: Path) -> str:
    """Write everything into a text file for the 信息员; returns one sentence for the clerk. Raises OSError."""
    lines = list(examine())
    bad = [what for what, good, _ in lines if not good]
    sentence = f"有{len(bad)}项不行：{'、'.join(bad)}。" if bad else "各项正常。"
    text = [f"绩效目标工具体检报告　{datetime.now():%Y-%m-%d %H:%M}　版本{__version__}", sentence, "", "该怎么办："]
    text.append(f"  {advice()}")
    text += ["", "逐项："]
    text += [line_text(line) for line in lines]
    text += ["", "给信息员："]
    text += [f"  {name}：{value}" for name, value in _details()]
    text += ["", f"最近的出错记录（{LOG}）：", *_log()]
    in_place(target, ("\ufeff" + "\r\n".join(text) + "\r\n").encode())
    return sentence


def line_text(line: Line) -> str:
    """A line as people read it."""
    what, good, note = line
    return f"{'正常' if good else '不行'}　{what}：{note}"


def _windows(programs: Programs) -> Iterator[Line]:
    excel = f"{programs.year}，{programs.excel}" if programs.excel else "没有找到；按钮要用Excel，检查、修改、打印不用"
    yield "Excel", True, excel
    if programs.wps:
        yield "WPS", True, f"{programs.wps}；在WPS里请用拖放，不用按钮"
    yield "双击表格打开的是", True, programs.opens or "没有登记"
    if programs.excel:
        yield "Excel里的宏", programs.macros != 4, programs.macros_said
    kit = installed.current(installed.home())
    yield "本工具", kit is not None, str(kit) if kit else "没有装好，请双击安装包里的setup.exe"
    there = _addin_there()
    note = f"{installed.user_startup()}" if there else "没有，按钮不会出现；请双击setup.exe，选“修复”"
    yield "Excel加载项", there or programs.excel is None, "被Excel禁用了" if programs.addin_disabled else note
    configured = Path.home() / ".xlwings" / "xlwings.conf"
    yield "按钮用的Python", True, f"{kit or '没有装好'}{f'；其次{configured}里写的' if configured.exists() else ''}"


def _addin_there() -> bool:
    startup = installed.user_startup()
    return startup is not None and (startup / "xlpkg.xlam").is_file()


def _others() -> Iterator[Line]:
    program = office.office()
    yield "LibreOffice", True, program or "没有找到（只在生成PDF和使用 xlpkg open 时需要）"
    if sys.platform == "linux":
        from xlpkg.live.libreoffice.bridge import OfficeError, uno

        try:
            uno()
            yield "按钮", True, "LibreOffice可用，打开带按钮的表：xlpkg open 表格.xlsm"
        except OfficeError as error:
            yield "按钮", True, str(error)


def _tool() -> Iterator[Line]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield "Python", sys.version_info >= (3, 11), f"{version}（需要3.11以上），{sys.executable}"
    for library in _LIBRARIES:
        try:
            yield library, True, importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            yield library, False, "没有安装，请重新安装本工具"
    for name in profiles.available():
        try:
            yield f"表式{name}", True, profiles.load(name).name
        except ProfileError as error:
            yield f"表式{name}", False, str(error)
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    yield "命令行编码", encoding in ("utf8", ""), encoding or "没有命令行窗口"


def _details() -> Iterator[tuple[str, str]]:
    """What a person who looks after PCs asks for next."""
    yield "系统", f"{sys.platform} {getattr(sys, 'getwindowsversion', lambda: '')()}"
    yield "代码页", locale.getpreferredencoding(False)
    yield "Python路径", os.pathsep.join(sys.path)
    for name in ("LOCALAPPDATA", "APPDATA", "USERPROFILE", "XLPKG_WPS", "XLPKG_QUIET"):
        yield name, os.environ.get(name, "")


def _log() -> list[str]:
    try:
        return LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    except OSError:
        return ["没有。"]
