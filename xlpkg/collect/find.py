"""What lies in a folder, or of any address that fsspec understands (s3://…, hdfs://…, memory://…), in a fixed order."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from xlpkg.files.guard import LARGEST_FILE
from xlpkg.files.kinds import WORKBOOK, kind_of
from xlpkg.form.refusal import RefusalError

_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini"}
_PASSING = {".tmp", ".lnk", ".part", ".crdownload"}
LETTER, REMINDER = "退回意见书", "催报函"
"""What our letters are called: the return of a declaration, and the reminder of one that did not come."""


class FolderError(RefusalError):
    """There is no such folder, or what it takes to read it is not installed; the message is a sentence for the user."""


class File(msgspec.Struct, frozen=True):
    """A file: its path within the folder, its address, size in bytes, and when it was changed (seconds; a text of the store)."""

    name: str
    address: str
    size: int
    stamp: str
    changed: float

    @property
    def base(self) -> str:
        return PurePosixPath(self.name).name


def find(address: str, leave_out: Sequence[Path] = ()) -> list[File]:
    """Everything below a folder that somebody sent, by path. Raises FolderError.

    Lock files, hidden files, our letters, and the files and folders `leave_out` are none of it. A folder that cannot be
    entered is told as if it were a file.
    """
    local = address.removeprefix("file://")
    found = _remote(address) if "://" in local else _local(Path(local), [p.resolve() for p in leave_out])
    return sorted((f for f in found if _counts(f.name)), key=lambda f: f.name)


def _counts(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    letter = path.name.startswith((LETTER, REMINDER)) and path.suffix.lower() == ".docx"
    passing = path.name.lower() in _OF_THE_SYSTEM or path.suffix.lower() in _PASSING
    return not (hidden or letter or passing)


def _local(folder: Path, leave_out: Sequence[Path]) -> Iterator[File]:
    if folder.is_file():
        raise FolderError(f"“{folder}”是文件，请写文件夹。")
    if not folder.is_dir():
        raise FolderError(f"文件夹“{folder}”不存在。")
    closed: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(str(error.filename)))):
        here = Path(parent)
        folders[:] = sorted(f for f in folders if not f.startswith(".") and here.joinpath(f).resolve() not in leave_out)
        linked = [f for f in folders if here.joinpath(f).is_symlink()]  # not entered: it may lead in a circle
        for path in (here / name for name in (*linked, *names)):
            if path.resolve() not in leave_out:
                yield _file(folder, path)
    for path in closed:
        yield _file(folder, path)


def _file(folder: Path, path: Path) -> File:
    name, address = readable(path.relative_to(folder).as_posix()), str(path.absolute())
    try:
        stat = path.stat()
    except OSError:  # gone, or a link to nowhere: reading says so
        return File(name, address, 0, "", 0.0)
    return File(name, address, stat.st_size, str(stat.st_mtime_ns) if path.is_file() else "", stat.st_mtime)


def readable(name: str) -> str:
    """A file's name as text; one whose bytes are no UTF-8 (unpacked from a Chinese Windows' zip) is read as GB 18030."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    return name


def _remote(address: str) -> Iterator[File]:
    system, root = _system(address)
    try:
        found: dict[str, dict[str, Any]] = system.find(root, detail=True)
        there = bool(found) or system.exists(root)
    except Exception as error:  # each kind of storage has its own
        raise FolderError(f"读不到“{address}”：{error}") from None
    if not there:
        raise FolderError(f"“{address}”不存在。")
    base = root.rstrip("/")
    for path, info in found.items():
        changed = info.get("mtime") or info.get("LastModified") or info.get("created") or 0.0
        seconds = changed.timestamp() if hasattr(changed, "timestamp") else float(changed)
        name = path.removeprefix(base).lstrip("/")
        yield File(name, _below(address, name), int(info.get("size") or 0), str(info.get("ETag") or changed), seconds)


def _below(address: str, name: str) -> str:
    """The address of a file below another; of a chain (zip://::files.zip) the first link is the one that goes on."""
    first, chain, rest = address.partition("::")
    return (first if first.endswith("://") else first.rstrip("/") + "/") + name + chain + rest


def _system(address: str) -> tuple[Any, str]:
    try:
        import fsspec

        system, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise FolderError(f"读“{address}”还需要fsspec和这种存储的库，这里没有（{error}）。") from None
    except Exception as error:
        raise FolderError(f"不认识的地址“{address}”：{error}") from None
    return system, str(path)


def digest(file: File) -> str:
    """What says that a file is the same as before: the hash of its content; where it is not read, of its size and date.

    Raises OSError where that cannot be known: what was found out of such a file holds for one run only.
    """
    told = f"{file.address}|{file.size}|{file.stamp}".encode("utf-8", "surrogateescape")
    path = Path(file.address)
    if "://" in file.address or kind_of(path) is not WORKBOOK or file.size > LARGEST_FILE:
        content = told
    elif not path.is_file():
        raise OSError(f"{file.name}: no regular file")
    else:
        content = path.read_bytes()
    if not file.stamp:
        raise OSError(f"{file.name}: date unknown")
    return hashlib.sha256(file.base.encode() + b"\0" + content).hexdigest()


@contextmanager
def at_hand(file: File) -> Iterator[Path]:
    """The file as a path of this machine; one from elsewhere is fetched under its own name. Raises OSError."""
    if "://" not in file.address:
        path = Path(file.address)
        if readable(path.name) == path.name:
            yield path
            return
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, file.base).symlink_to(path)
            yield Path(folder, file.base)
        return
    system, inside = _system(file.address)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, file.base)
        target.write_bytes(system.cat_file(inside))
        yield target
