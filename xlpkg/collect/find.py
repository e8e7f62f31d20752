"""The files of a folder, or of any address that fsspec understands (s3://…, hdfs://…, memory://…), in a fixed order."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from xlpkg.collect.examine import FOREIGN
from xlpkg.form.refusal import RefusalError

_OURS = {".xlsx", ".xlsm"}
_KINDS = _OURS | FOREIGN
LETTER = "退回意见书"


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


def find(address: str, leave_out: Path | None = None) -> list[File]:
    """The workbooks and other documents below a folder, by path. Raises FolderError.

    Lock files, hidden files, our return letters and the file `leave_out` are none of them.
    """
    found = _remote(address) if "://" in address else _local(Path(address), leave_out)
    return sorted((f for f in found if _counts(f.name)), key=lambda f: f.name)


def _counts(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return path.suffix.lower() in _KINDS and not hidden and not path.name.startswith(LETTER)


def _local(folder: Path, leave_out: Path | None) -> Iterator[File]:
    if not folder.is_dir():
        raise FolderError(f"文件夹“{folder}”不存在。")
    leave = leave_out.absolute() if leave_out else None
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in names:
            path = Path(parent, name)
            if not _counts(name) or path.absolute() == leave:
                continue
            try:
                stat = path.stat()
            except OSError:  # gone, or a link to nowhere: reading says so
                yield File(path.relative_to(folder).as_posix(), str(path.absolute()), 0, "", 0.0)
                continue
            inside = path.relative_to(folder).as_posix()
            yield File(inside, str(path.absolute()), stat.st_size, str(stat.st_mtime_ns), stat.st_mtime)


def _remote(address: str) -> Iterator[File]:
    system, root = _system(address)
    try:
        found: dict[str, dict[str, Any]] = system.find(root, detail=True)
    except (OSError, ValueError, ImportError) as error:
        raise FolderError(f"读不到“{address}”：{error}") from None
    if not found and not system.exists(root):
        raise FolderError(f"“{address}”不存在。")
    base = root.rstrip("/")
    for path, info in found.items():
        changed = info.get("mtime") or info.get("LastModified") or info.get("created") or 0.0
        seconds = changed.timestamp() if hasattr(changed, "timestamp") else float(changed)
        name = path.removeprefix(base).lstrip("/")
        yield File(name, f"{address.rstrip('/')}/{name}", int(info.get("size") or 0), str(info.get("ETag") or changed), seconds)


def _system(address: str) -> tuple[Any, str]:
    try:
        import fsspec

        system, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise FolderError(f"读“{address}”需要安装：pip install xlpkg[collect]（{error}）。") from None
    except ValueError as error:
        raise FolderError(f"不认识的地址“{address}”：{error}") from None
    return system, str(path)


def digest(file: File) -> str:
    """What says that a file is the same as before: the hash of its content; of one elsewhere, of what its server tells of it."""
    if "://" in file.address:
        content = f"{file.address}|{file.size}|{file.stamp}".encode()
    else:
        try:
            content = Path(file.address).read_bytes()
        except OSError:
            content = b""
    return hashlib.sha256(file.base.encode() + b"\0" + content).hexdigest()


@contextmanager
def at_hand(file: File) -> Iterator[Path]:
    """The file as a path of this machine; one from elsewhere is fetched under its own name. Raises OSError."""
    if "://" not in file.address:
        yield Path(file.address)
        return
    system, path = _system(file.address)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, file.base)
        target.write_bytes(system.cat_file(path))
        yield target
