"""A home for one test worker: its own settings, temporary files and programs, of which nothing stays behind.

Run as a program this is the guard of such a home: it waits until the worker is gone, however that ended, and then clears the home.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ELSEWHERE = "DISPLAY WAYLAND_DISPLAY XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_RUNTIME_DIR"
"""Variables that lead to a screen or to settings of the person who runs the tests."""
PATIENCE = 3
"""Seconds in which a program may end by itself before it is killed."""


class OwnHome:
    """A home for a with block: everything that is started in it has HOME and TMPDIR there, and ends with it."""

    def __enter__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="xlpkg-tests-"))
        self._before = dict(os.environ)
        command = [sys.executable, __file__, str(self._folder), str(os.getpid())]
        self._guard = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        home, temporary = self._folder / "home", self._folder / "tmp"
        home.mkdir()
        temporary.mkdir()
        for name in ELSEWHERE.split():
            os.environ.pop(name, None)
        os.environ |= {"HOME": str(home), "TMPDIR": str(temporary)}
        tempfile.tempdir = None  # it remembers the folder that it was asked for first

    def __exit__(self, *_: object) -> None:
        _clear(self._folder)
        self._guard.kill()
        self._guard.wait()
        os.environ.clear()
        os.environ |= self._before
        tempfile.tempdir = None


def runs(module: str) -> bool:
    """Whether a program that was started in the home that we are in runs this Python module."""
    return any(module.encode() in _read(process, "cmdline").split(b"\0") for process in _started_in(os.environ["TMPDIR"]))


def _clear(folder: Path) -> None:
    """End every program that was started in this home, and remove it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + PATIENCE
        while (left := list(_started_in(str(folder / "tmp")))) and time.monotonic() < deadline:
            for process in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
            time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


def _started_in(temporary: str) -> Iterator[int]:
    """The processes that were started with this TMPDIR."""
    wanted = f"TMPDIR={temporary}".encode()
    for process in (int(entry.name) for entry in Path("/proc").glob("[0-9]*")):
        if wanted in _read(process, "environ").split(b"\0") and b"\nState:\tZ" not in _read(process, "status"):
            yield process


def _read(process: int, name: str) -> bytes:
    """What Linux tells about a process; nothing if it has just ended or is another user's."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/{name}").read_bytes()
    return b""


def main() -> None:
    """Wait for the end of the worker, then clear its home."""
    folder, worker = Path(sys.argv[1]), int(sys.argv[2])
    with contextlib.suppress(ProcessLookupError):
        watched = os.pidfd_open(worker)
        if os.getppid() == worker:
            select.select([watched], [], [])
    _clear(folder)


if __name__ == "__main__":
    main()
