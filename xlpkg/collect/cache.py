"""Results by content, kept in one SQLite file beside the output: after an interruption, or next week, nothing is read twice.

A transaction is whole or not there, whenever the program is killed.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from xlpkg import __version__
from xlpkg.collect.find import File, digest
from xlpkg.collect.result import Result, decode
from xlpkg.files.write import hide
from xlpkg.form import profiles
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS results (digest TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, size INTEGER, stamp TEXT, digest TEXT NOT NULL) WITHOUT ROWID;
"""


@lru_cache
def _rules() -> str:
    """Says which program judged: another version, another profile, other results."""
    code = hashlib.sha256(__version__.encode())
    package = Path(__file__).parent.parent
    data = profiles.data_folder("workbook")
    for path in sorted([*package.rglob("*.py"), *(data / "profiles").glob("*.toml"), *(data / "year").glob("*.toml")]):
        code.update(path.read_bytes())
    for profile in profiles.known():
        code.update(profile.source.encode())
    return code.hexdigest()[:16]


class StoreError(RefusalError):
    """The results cannot be kept; the message is a sentence for the user."""


class Store:
    """Results of files. Two programs may have it open; a process that it is sent to may not. Raises StoreError."""

    def __init__(self, path: Path, profile: Profile | None = None) -> None:
        self.path = path
        self._judged_by = _rules() + (f":{profile.id}" if profile else "")
        try:
            self._open()
        except sqlite3.OperationalError as error:
            self._take_away()
            raise self._refused(error) from None
        except sqlite3.DatabaseError:  # damaged: what it held can be had again
            path.unlink()
            self._open()

    def _open(self) -> None:
        db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        try:
            db.executescript(f"PRAGMA synchronous=OFF; {_SCHEMA}")
            db.execute("SELECT count(*) FROM files").fetchone()
        except sqlite3.Error:
            db.close()
            raise
        hide(self.path)
        self._db = db

    def _take_away(self) -> None:
        """Leave no file behind that holds nothing: there was no room for even one result."""
        try:
            if self.path.stat().st_size == 0:
                self.path.unlink()
        except OSError:  # it was not even made
            return

    def close(self) -> None:
        self._db.close()

    def missing(self, files: Iterable[File]) -> Iterator[File]:
        """The files of which there is no result; those whose size and date are as they were are not even opened."""
        for file in files:
            found = self._db.execute("SELECT size, stamp, digest FROM files WHERE name = ?", (self._name(file),)).fetchone()
            if found and found[:2] == (file.size, file.stamp) and file.stamp:
                continue
            try:
                key = digest(file)
            except OSError:  # reading says why
                yield file
                continue
            if self._db.execute("SELECT 1 FROM results WHERE digest = ?", (self._key(key),)).fetchone():
                self._is(file, self._key(key))
                continue
            yield file

    def keep(self, results: Iterable[tuple[File, str, bytes]]) -> None:
        """Keep (file, digest of what was read, encoded result), all or none."""
        try:
            self._db.execute("BEGIN")
            for file, key, data in results:
                self._db.execute("REPLACE INTO results VALUES (?, ?)", (self._key(key), data))
                self._is(file, self._key(key))
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._refused(error) from None

    def _refused(self, error: sqlite3.Error) -> StoreError:
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
            return StoreError("磁盘已满，没有汇总完。请腾出空间后再汇总一次，已经读过的不必重读。")
        return StoreError(f"“{self.path.name}”用不了（{error}）：可能这个文件夹不能写，或另一个汇总占用太久。")

    def _is(self, file: File, key: str) -> None:
        stamp = "" if ":once-" in key else file.stamp
        self._db.execute("REPLACE INTO files VALUES (?, ?, ?, ?)", (self._name(file), file.size, stamp, key))

    def results(self, files: Iterable[File]) -> Iterator[tuple[File, Result]]:
        """The results of the files, in their order; each is read when it is asked for."""
        query = "SELECT data FROM files JOIN results USING (digest) WHERE name = ?"
        for file in files:
            yield file, decode(self._db.execute(query, (self._name(file),)).fetchone()[0])

    def _name(self, file: File) -> str:
        return f"{self._judged_by}:{file.address.encode('utf-8', 'surrogateescape').decode('utf-8', 'backslashreplace')}"

    def _key(self, key: str) -> str:
        return f"{self._judged_by}:{key}"
