"""The files and the folder that were opened last, kept for the next time."""

import contextlib
import os
from pathlib import Path

import msgspec

from xlpkg.files.write import in_place

_MOST = 12


def place() -> Path:
    """The file in the user's home, beside the log of the buttons."""
    return Path.home() / ".xlwings" / "xlpkg-window.json"


class Recent(msgspec.Struct):
    """The last files, the newest first, and the folder that was consolidated last."""

    files: list[str] = []
    folder: str = ""

    def add(self, path: Path) -> None:
        """This file comes first from now on."""
        name = str(path)
        self.files = [name, *(f for f in self.files if os.path.normcase(f) != os.path.normcase(name))][:_MOST]
        self.keep()

    def keep(self) -> None:
        """Written for the next time; where that is not possible, nothing is remembered."""
        with contextlib.suppress(OSError):
            place().parent.mkdir(parents=True, exist_ok=True)
            in_place(place(), msgspec.json.encode(self))


def load() -> Recent:
    """What was remembered; nothing where the file is missing or damaged."""
    try:
        return msgspec.json.decode(place().read_bytes(), type=Recent)
    except (OSError, msgspec.DecodeError):
        return Recent()
