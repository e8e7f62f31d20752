"""Where the Windows kit stands on this PC: what the buttons, the doctor and the set-up look for."""

import os
import re
from pathlib import Path

POINTER = "current.txt"
"""A file of one line in the kit's home: the folder of the version in use. macros/Launcher.bas reads it as well."""


def home() -> Path | None:
    """%LOCALAPPDATA%\\xlpkg, whether it is there or not; None where there is no such place."""
    local = os.environ.get("LOCALAPPDATA")
    return Path(local, "xlpkg") if local else None


def current(place: Path | None) -> Path | None:
    """The folder of the version in use in a kit's home; None if nothing is set up there."""
    if place is None:
        return None
    try:
        name = (place / POINTER).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return place / name if re.fullmatch(r"[0-9A-Za-z.]+", name) and (place / name / "pythonw.exe").is_file() else None


def user_startup() -> Path | None:
    """The folder from which Excel loads a user's add-ins by itself."""
    roaming = os.environ.get("APPDATA")
    return Path(roaming, "Microsoft", "Excel", "XLSTART") if roaming else None
