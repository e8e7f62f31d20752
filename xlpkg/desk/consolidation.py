"""Consolidating in a process of its own: the window's side, which starts it, hears of its steps, and can stop it."""

import queue
import subprocess
import sys
import threading
from pathlib import Path

import msgspec

from xlpkg.desk.collecting import Step

_FLAGS = 0
if sys.platform == "win32":
    _FLAGS = subprocess.CREATE_NO_WINDOW


class Consolidation:
    """A folder that is being consolidated; `profile` is what foreign files are read as, "" for what they look like."""

    def __init__(self, folder: Path, *, letters: bool, profile: str = "") -> None:
        words = [sys.executable, "-P", "-m", "xlpkg.desk.collecting", str(folder), "letters" if letters else "no", profile]
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=_FLAGS,
        )  # fmt: skip
        self._steps: queue.SimpleQueue[Step | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def steps(self) -> list[Step | None]:
        """The steps since this was asked last; None, the very last, where it has ended."""
        heard = []
        while not self._steps.empty():
            heard.append(self._steps.get())
        return heard

    def stop(self) -> None:
        """Let it end; None among its steps says when."""
        assert self._process.stdin
        self._process.stdin.close()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._steps.put(msgspec.json.decode(line, type=Step))
        self._process.wait()
        self._steps.put(None)
