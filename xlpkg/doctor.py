"""Is this machine fit for the tool: interpreter, libraries, profiles, console, office programs."""

import importlib.metadata
import sys
from collections.abc import Iterator

from xlpkg.form import profile
from xlpkg.sheets import pdf

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
    for name in profile.available():
        try:
            yield f"表式{name}", True, profile.load(name).name
        except profile.ProfileError as error:
            yield f"表式{name}", False, str(error)
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    yield "命令行编码", encoding == "utf8", sys.stdout.encoding or "未知"
    program = pdf.office()
    yield "LibreOffice", True, program or "没有找到（只在生成PDF时需要）"
