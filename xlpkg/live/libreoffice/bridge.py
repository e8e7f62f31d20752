"""LibreOffice's Python bridge (the module uno), loaded without opening the system's packages to the rest of the program."""

import atexit
import builtins
import contextlib
import functools
import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from xlpkg.files.office import office
from xlpkg.form.refusal import RefusalError

_PROGRAMS = ("/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/opt/libreoffice*/program")
_PACKAGES = ("/usr/lib/python3/dist-packages", "/usr/lib64/python3*/site-packages", "/usr/lib/python3*/site-packages")
_FILES = ("uno.py", "unohelper.py")


class OfficeError(RefusalError):
    """LibreOffice is not there, cannot be started, or has ended; the message is a sentence for the user."""


@functools.cache
def uno() -> Any:
    """The module uno. Raises OfficeError with a sentence if it is not installed or made for another Python.

    It hooks __import__ and wants its folders on sys.path; both are put back, so that nobody else meets them.
    """
    if "uno" in sys.modules:
        return sys.modules["uno"]
    program, packages = _folder(_PROGRAMS, "pyuno.so"), _folder((*_PACKAGES, *_PROGRAMS), "uno.py")
    if program is None or packages is None:
        raise OfficeError("没有找到LibreOffice的Python接口。请安装 libreoffice-calc 和 python3-uno 后再试。")
    path, importer = sys.path[:], builtins.__import__
    with tempfile.TemporaryDirectory(prefix="uno-") as folder:
        for name in _FILES:  # links, because the folder holds all the system's other packages
            Path(folder, name).symlink_to(packages / name)
        sys.path[:0] = [folder, str(program)]
        try:
            importlib.import_module("unohelper")
            atexit.register(_disconnect)
            return importlib.import_module("uno")
        except ImportError as error:
            version = ".".join(map(str, sys.version_info[:2]))
            raise OfficeError(f"LibreOffice的Python接口不是为Python {version}做的，按钮不能用（{error}）。") from None
        finally:
            sys.path[:], builtins.__import__ = path, importer


def _disconnect() -> None:
    """Close the lines to LibreOffice before Python ends: their threads would crash a program that ends under them."""
    with contextlib.suppress(exception()):
        local = uno().getComponentContext()
        factory = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.BridgeFactory", local)
        for line in factory.getExistingBridges():
            line.dispose()


def _folder(patterns: tuple[str, ...], file: str) -> Path | None:
    return next((f for pattern in patterns for f in _matching(pattern) if (f / file).exists()), None)


def _matching(pattern: str) -> list[Path]:
    """The folders of a pattern, the newest version first."""
    return sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)


def program() -> str:
    """The program that starts LibreOffice. Raises OfficeError."""
    found = office()
    if not found:
        raise OfficeError("这台电脑上没有找到LibreOffice。请安装 libreoffice-calc 后再试。")
    return found


def properties(**values: Any) -> tuple[Any, ...]:
    """UNO property values."""
    create = uno().createUnoStruct
    return tuple(create("com.sun.star.beans.PropertyValue", Name=n, Value=v) for n, v in values.items())


def exception(name: str = "uno.Exception") -> Any:
    """A UNO exception's class, for except clauses; without a name the mother of all."""
    return uno().getClass(f"com.sun.star.{name}")


def constant(name: str) -> Any:
    """A UNO constant: constant("util.NumberFormat.DATE")."""
    return uno().getConstantByName(f"com.sun.star.{name}")


def enum(kind: str, name: str) -> Any:
    """A UNO enum value: enum("sheet.CellInsertMode", "ROWS")."""
    return uno().Enum(f"com.sun.star.{kind}", name)
