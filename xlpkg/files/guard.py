"""The first look at a file, before anything of it is parsed: can it be read, and is it safe to unpack."""

import errno
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from xlpkg.files.errors import UnreadableError, broken, locked
from xlpkg.files.kinds import OLE

LARGEST_FILE = 50 * 2**20
LARGEST_GRID = 1_000_000
"""The most cells that a sheet may span."""
LARGEST_TABLES = 300_000
"""The most cells that the sheets of a foreign workbook may span together."""
MOST_FILLED = 50_000
"""The most cells of a foreign file with something in them: to look at each of them takes a tenth of a millisecond."""
_LARGEST_CONTENT = 200 * 2**20
_LARGEST_XML = 40 * 2**20
"""The most XML that an archive may hold: what is made of it in memory takes five to ten times as much."""
_MOST_PARTS = 2000
_START = 1 << 16
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_start(path: Path) -> bytes:
    """The first bytes of a file. Raises UnreadableError if it is not there, empty, not ours to read or too large."""
    return _read(path, _START, LARGEST_FILE)


def read_whole(path: Path, most: int = LARGEST_FILE) -> bytes:
    """All bytes of a file that has at most so many. Raises UnreadableError as `read_start` does."""
    return _read(path, most, most)


def _read(path: Path, count: int, most: int) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableError(f"“{path.name}”是文件夹，请选择一个文件。")
        size = path.stat().st_size
        if size == 0:
            raise UnreadableError(f"“{path.name}”是空文件。")
        if size > most:
            raise UnreadableError(f"“{path.name}”超过{most >> 20}MB，不像一张申报表，没有打开。")
        with path.open("rb") as file:
            return file.read(count)
    except FileNotFoundError:
        raise UnreadableError(f"找不到文件“{path.name}”，请检查文件名和所在文件夹。") from None
    except PermissionError:
        raise UnreadableError(f"没有权限打开“{path.name}”，可能正被别的程序占用，请关闭后再试。") from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise UnreadableError("文件名或路径太长，请改短后再试。") from None
        raise UnreadableError(f"打不开“{path.name}”：{error.strerror or error}。") from None


def refuse_encrypted(path: Path) -> None:
    """A newer workbook with a password is an OLE file that holds it as a stream. Raises UnreadableError."""
    data = read_whole(path)
    if data.startswith(OLE) and _ENCRYPTED in data:
        raise locked(path)


class Archive:
    """A zip archive with not too many parts and not too much content; `names` are its parts, `count` how many they are.

    Raises UnreadableError; `damaged` makes the one for an archive that is cut off or damaged.
    """

    def __init__(self, path: Path, damaged: Callable[[Path], UnreadableError] = broken) -> None:
        self.path, self._damaged = path, damaged
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise damaged(path) from None
        parts = self._zip.infolist()
        self._too_large = UnreadableError(f"“{path.name}”展开后过大，不像一张申报表，为安全起见没有打开。")
        content, xml = (sum(p.file_size for p in parts if p.filename.endswith(ends)) for ends in ("", (".xml", ".rels")))
        if len(parts) > _MOST_PARTS or content > _LARGEST_CONTENT or xml > _LARGEST_XML:
            raise self._too_large
        self.names, self.count = {p.filename for p in parts}, len(parts)
        self._parts: dict[str, bytes] = {}

    def part(self, name: str) -> bytes:
        """A part's bytes, read once; XML that declares entities is refused."""
        data = self._parts.get(name)
        if data is None:
            data = self.unchecked(name)
            if len(data) > _LARGEST_XML:
                raise self._too_large
            if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
                raise UnreadableError(f"“{self.path.name}”里有外部实体定义，为安全起见没有打开。")
            self._parts[name] = data
        return data

    def unchecked(self, name: str) -> bytes:
        """A part's bytes as they are, not to be parsed."""
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
            raise self._damaged(self.path) from None

    def xml(self, name: str) -> bytes:
        """A part for a parser that expands entities: UTF-16 is refused as well, in which the guard would not see them."""
        data = self.part(name)
        if b"\0" in data:
            raise self._damaged(self.path)
        return data
