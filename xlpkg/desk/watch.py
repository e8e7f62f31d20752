"""Whether a file was saved: its time and size are looked at often, its content only when they say that something happened."""

import hashlib
import threading
import time
from pathlib import Path

EVERY = 0.4
"""Seconds between two looks."""
_YOUNG = 3.0
"""Seconds in which a file system that counts in twos may show the same time for two saves."""
_Stamp = tuple[int, int]
_GONE: _Stamp = (0, -1)


class Watched:
    """A file whose saves are to be noticed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = self._seen = self._stamp()
        self._digest = self._read() if self._seen != _GONE else ""

    def changed(self) -> bool:
        """Whether there is another content since the last time that was said, or the file went or came back.

        A file counts when it is the same in two looks, and can be read: before that some program is still writing it.
        """
        now = self._stamp()
        if now != self._last:
            self._last = now
            return False
        if now == self._seen and not _young(now) and self._digest is not None:
            return False
        digest = self._read() if now != _GONE else ""
        if digest is None:
            self._digest = None
            return False
        before, self._digest, self._seen = self._digest, digest, now
        return digest != before

    def _stamp(self) -> _Stamp:
        try:
            known = self._path.stat()
        except OSError:
            return _GONE
        return known.st_mtime_ns, known.st_size

    def _read(self) -> str | None:
        """The digest of the content; None while another program keeps it to itself."""
        try:
            with self._path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None


def _young(stamp: _Stamp) -> bool:
    return stamp != _GONE and abs(time.time() - stamp[0] / 1e9) < _YOUNG


class Watcher:
    """Looks at a file in a thread of its own, as a network folder may take its time to answer."""

    def __init__(self, path: Path) -> None:
        self._saved, self._stopped = threading.Event(), threading.Event()
        threading.Thread(target=self._look, args=(Watched(path),), daemon=True).start()

    def saved(self) -> bool:
        """Whether the file was saved since the last time that this was asked."""
        if not self._saved.is_set():
            return False
        self._saved.clear()
        return True

    def stop(self) -> None:
        """No more looks."""
        self._stopped.set()

    def _look(self, watched: Watched) -> None:
        while not self._stopped.wait(EVERY):
            if watched.changed():
                self._saved.set()
