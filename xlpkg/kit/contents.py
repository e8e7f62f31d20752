"""What a kit says of itself: its version and kind, and the list of its files with their hashes."""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from xlpkg.kit.errors import KitError
from xlpkg.live.say import TITLE

CONTENTS, ABOUT, FORMS = "CONTENTS.txt", "runtime/about.json", "forms"


class About(msgspec.Struct, frozen=True):
    """Version, "clerk" or "bureau", what Python is inside (in Chinese), and whether that Python makes it a kit for trial."""

    version: str
    kind: str
    origin: str
    trial: bool

    @property
    def title(self) -> str:
        """What the windows of the set-up are called."""
        for_whom = "审核端" if self.kind == "bureau" else "填报端"
        return f"绩效目标申报工具 {self.version} {for_whom}{'（试用版）' if self.trial else ''}"


def listed(hashes: Mapping[str, str]) -> bytes:
    """The list of files in the format of sha256sum."""
    return "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode("ascii")


def read_list(folder: Path) -> dict[str, str]:
    """Place → SHA-256 of an unpacked or installed kit. Raises KitError."""
    try:
        lines = (folder / CONTENTS).read_text(encoding="ascii").splitlines()
        return {name: value for value, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError):
        raise KitError(f"文件夹“{folder}”里没有完整的安装包。请把zip文件全部解压，再运行其中的setup.exe。") from None


def read_about(folder: Path) -> About:
    """What an unpacked or installed kit is. Raises KitError."""
    try:
        return msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    except (OSError, msgspec.DecodeError):
        raise KitError(f"文件夹“{folder}”里没有完整的安装包。请把zip文件全部解压，再运行其中的setup.exe。") from None


def title_here() -> str:
    """What a window is called: as the kit whose Python runs this; where it is none, plainly."""
    try:
        return read_about(Path(sys.executable).parent).title
    except KitError:
        return TITLE


def read_files(folder: Path, hashes: Mapping[str, str]) -> tuple[dict[str, bytes], list[str]]:
    """The files of a kit and its list by their place, and the names of those that are missing or not as they were packed."""
    files, bad = {CONTENTS: (folder / CONTENTS).read_bytes()}, []
    for name, value in hashes.items():
        try:
            files[name] = (folder / name).read_bytes()
        except OSError:
            bad.append(name)
            continue
        if hashlib.sha256(files[name]).hexdigest() != value:
            bad.append(name)
    return files, bad


def digest(path: Path) -> str:
    """The SHA-256 of a file; "" if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
