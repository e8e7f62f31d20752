"""Is this machine fit for the tool: interpreter, libraries, profiles, console, office programs."""

import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path

from xlpkg.files import office
from xlpkg.form import profiles
from xlpkg.form.profile import ProfileError

_LIBRARIES = ("msgspec", "python-calamine", "XlsxWriter", "openpyxl", "rapidfuzz", "cn2an", "xlwings")


def examine() -> Iterator[tuple[str, bool, str]]:
    """(what, good, note in Chinese) for each thing looked at; an office program is welcome, not needed."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield "Python", sys.version_info >= (3, 11), f"{version}（需要3.11以上），{sys.executable}"
    for library in _LIBRARIES:
        try:
            yield library, True, importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            yield library, False, "没有安装，请重新安装xlpkg"
    for name in profiles.available():
        try:
            yield f"表式{name}", True, profiles.load(name).name
        except ProfileError as error:
            yield f"表式{name}", False, str(error)
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    yield "命令行编码", encoding == "utf8", sys.stdout.encoding or "未知"
    program = office.office()
    yield "LibreOffice", True, program or "没有找到（只在生成PDF和使用 xlpkg open 时需要）"
    yield "按钮", True, _buttons()


def _buttons() -> str:
    """Which interpreter the buttons of a form would start, and whether there is a program to show them in."""
    if sys.platform == "linux":
        from xlpkg.live.libreoffice.bridge import OfficeError, uno

        try:
            uno()
        except OfficeError as error:
            return str(error)
        return "LibreOffice可用，打开带按钮的表：xlpkg open 表格.xlsm"
    configured = Path.home() / ".xlwings" / "xlwings.conf"
    where = f"{configured}里写的Python" if configured.exists() else "pyw或PATH里的pythonw"
    return f"按钮依次使用“选项”表E1格、{where}。本机Python：{sys.executable}"
