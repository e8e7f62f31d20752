"""The window in the menu of a Linux desktop, and among what a form can be opened with."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from xlpkg.desk import texts
from xlpkg.files.write import in_place
from xlpkg.form.refusal import RefusalError

_KINDS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel.sheet.macroEnabled.12",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/msword",
    "inode/directory",
)


class MenuError(RefusalError):
    """There is no such menu here; the message is a sentence for the user."""


def place() -> Path:
    """The entry's file, as the XDG directories have it."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data, "applications", "xlpkg-desk.desktop")


def install() -> str:
    """Put the window into the user's menu; returns a sentence. Raises MenuError, OSError."""
    if sys.platform != "linux":
        raise MenuError(texts.MENU_ONLY_LINUX)
    entry = place()
    entry.parent.mkdir(parents=True, exist_ok=True)
    in_place(entry, _entry().encode())
    _tell_desktop(entry.parent)
    return texts.MENU_INSTALLED.format(texts.MENU_NAME)


def remove() -> str:
    """Take it out of the menu; returns a sentence. Raises OSError."""
    place().unlink(missing_ok=True)
    _tell_desktop(place().parent)
    return texts.MENU_REMOVED


def _entry() -> str:
    lines = {
        "Type": "Application",
        "Name": texts.MENU_NAME,
        "Comment": texts.MENU_COMMENT,
        "Exec": f"{_quoted(sys.executable)} -P -m xlpkg desk %f",
        "Icon": "x-office-spreadsheet",
        "Terminal": "false",
        "Categories": "Office;",
        "MimeType": f"{';'.join(_KINDS)};",
        "StartupWMClass": "Xlpkg",
    }
    return "\n".join(["[Desktop Entry]", *(f"{key}={value}" for key, value in lines.items()), ""])


def _quoted(path: str) -> str:
    """A path as the key Exec wants it: quoted, what a shell would take amiss escaped, and escaped once more as any value."""
    for sign in ("\\", '"', "`", "$"):
        path = path.replace(sign, f"\\{sign}")
    return f'"{path}"'.replace("\\", "\\\\").replace("%", "%%")


def _tell_desktop(folder: Path) -> None:
    """What opens which kind of file is kept in a list; a desktop without this program renews it by itself."""
    with contextlib.suppress(OSError):
        subprocess.run(["update-desktop-database", str(folder)], check=False, capture_output=True, timeout=20)
