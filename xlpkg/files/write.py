"""Files are written whole or not at all, and never over what they were made from."""

import errno
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from xlpkg.files.names import LONGEST_PATH, is_reserved
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import is_chinese


class OpenElsewhereError(RefusalError):
    """The target is open in another program; the message is a sentence for the user."""


_HELD, _PATIENCE = (5, 32, 33), 2.0
"""What Windows says (access denied, sharing and lock violation) of a file that somebody holds, and how long we wait, in seconds."""


_HIDDEN = 0x2
_TEMPORARY = re.compile(r"\.~[a-z0-9_]{8}(\.\w+)?")


class TargetError(RefusalError):
    """A target that cannot or must not be written; the message is a sentence for the user."""


def in_place(target: Path, data: bytes) -> None:
    """Write a file under a temporary name beside the target, then move it into place.

    Raises OSError; then the target is as it was and the temporary file is gone. What a program that was killed left in the folder
    is taken away.
    """
    _drop_abandoned(target.parent)
    handle, name = tempfile.mkstemp(prefix=".~", suffix=target.suffix, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o666 & ~_umask())
        move(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


_ABANDONED = 600.0
"""Seconds after which nobody is still writing a temporary file: one is there for as long as a write takes."""
_seen: set[Path] = set()


def _drop_abandoned(folder: Path) -> None:
    """Take away old temporary files of ours; once a run, as a folder may hold a hundred thousand letters."""
    if folder in _seen:
        return
    _seen.add(folder)
    for path in folder.glob(".~*"):
        if is_temporary(path):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def is_temporary(path: Path) -> bool:
    """The name is one that `in_place` or `temporary_folder` gives."""
    return bool(_TEMPORARY.fullmatch(path.name))


def temporary_folder(beside: Path) -> Path:
    """A new folder beside another one, which is to be filled and then moved into it. Raises OSError."""
    beside.parent.mkdir(parents=True, exist_ok=True)
    _drop_abandoned(beside.parent)
    return Path(tempfile.mkdtemp(prefix=".~", dir=beside.parent))


def hide(path: Path) -> None:
    """Make a file whose name begins with a dot one that Explorer does not show; elsewhere the dot does it."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetFileAttributesW(str(path), _HIDDEN)


def move(temporary: Path, target: Path) -> None:
    """Into place. On Windows a virus scanner holds a file for a moment: then it is tried again for two seconds. Raises OSError."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            temporary.replace(target)
            return
        except OSError as error:
            if getattr(error, "winerror", None) not in _HELD or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def drop_unfinished(target: Path) -> None:
    """Take away what `in_place` left beside a target when the program was killed in the middle."""
    for path in target.absolute().parent.glob(f".~*{target.suffix}"):
        if is_temporary(path) and path.is_file():
            path.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def free(path: Path) -> Path:
    """The path, or one with a number that no file has: what the user may have gone on with is not overwritten."""
    names = (path, *(path.with_stem(f"{path.stem}{n}") for n in range(2, 1000)))
    return next((name for name in names if not name.exists()), path)


def refuse_open(target: Path) -> None:
    """Raises OpenElsewhereError if Excel or LibreOffice has the target open (they leave a lock file beside it)."""
    locks = (target.with_name(f"~${target.name}"), target.with_name(f".~lock.{target.name}#"))
    if target.exists() and any(lock.exists() for lock in locks):
        raise OpenElsewhereError(f"“{target.name}”正在别的程序里打开，请关闭后再试。")


def refuse_target(target: Path, kinds: Sequence[str], source: Path | None = None) -> None:
    """Refuse what cannot or must not be written: another kind of file, the source itself, no folder, too long a path, an open file.

    Raises TargetError, OpenElsewhereError.
    """
    if target.suffix.lower() not in kinds:
        raise TargetError(f"输出文件“{target.name}”的扩展名应为{'或'.join(kinds)}。")
    if is_reserved(target.name):
        raise TargetError(f"“{target.name}”是Windows留给设备用的名字，不能做文件名，请换一个。")
    if source is not None and target.exists() and source.exists() and target.samefile(source):
        raise TargetError("输出文件不能就是原文件，请换一个文件名。")
    if len(str(target.absolute())) > LONGEST_PATH:
        raise TargetError(f"输出文件的路径超过{LONGEST_PATH}个字符，Excel打不开，请改短。")
    if not target.absolute().parent.is_dir():
        raise TargetError(f"文件夹“{target.parent}”不存在，请先建好。")
    if target.is_dir():
        raise TargetError(f"“{target.name}”是文件夹，请写一个文件名。")
    refuse_open(target)


def refuse_file(folder: Path) -> None:
    """Raises TargetError where a file stands in the place of a folder to be written."""
    if folder.is_file():
        raise TargetError(f"“{folder.name}”是文件，请写文件夹。")


def in_chinese(error: OSError) -> str:
    """What went wrong with a file, as a sentence for the user."""
    path = error.filename2 or error.filename  # of a replace, the target
    name = Path(path).name if isinstance(path, str) else ""
    what = f"“{name}”" if name and not name.startswith(".~") else "输出文件"
    sentences = {
        errno.ENOSPC: "磁盘已满，没有写出文件。请腾出空间后再试。",
        errno.EDQUOT: "磁盘空间配额已用完，没有写出文件。请腾出空间后再试。",
        errno.EFBIG: "磁盘写不下这么大的文件，没有写出文件。请腾出空间后再试。",
        errno.EIO: "磁盘读写出错，没有写出文件。请换一个磁盘再试。",
        errno.EISDIR: f"{what}是文件夹，请写一个文件名。",
        errno.ENOTDIR: f"{what}是文件，请写文件夹。",
        errno.EEXIST: f"{what}已经有了，请换一个名字。",
        errno.EROFS: "磁盘是只读的，没有写出文件。请换一个文件夹。",
        errno.ENAMETOOLONG: "文件名或路径太长，请改短后再试。",
    }
    denied = f"写不进{what}：可能正在Excel里打开，或者没有这个文件夹的权限。请关闭文件或换一个文件夹后再试。"
    if error.errno in (errno.EACCES, errno.EPERM, errno.ENOENT):
        return denied
    said = error.strerror or str(error)
    why = said if any(map(is_chinese, said)) else f"系统错误{error.errno}"
    return sentences.get(error.errno or 0, f"读写{what}时出错：{why}。")
