"""Where things of a kit go on a Windows PC, all of them the user's own folders."""

import os
from pathlib import Path

import msgspec

from xlpkg.kit.errors import KitError
from xlpkg.live import installed

ADDIN = "xlpkg.xlam"


class Places(msgspec.Struct, frozen=True):
    """The kit's home, Excel's start folder, the menu 发送到, the desktop, and where locked leftovers are put aside."""

    home: Path
    startup: Path
    send_to: Path
    desktop: Path
    aside: Path


def places() -> Places:
    """The folders of the user who runs this. Raises KitError where this is not Windows."""
    home, startup = installed.home(), installed.user_startup()
    if home is None or startup is None:
        raise KitError("安装包用于Windows。在Linux上请用 xlpkg open 或 xlpkg check。")
    return Places(
        home=home,
        startup=startup,
        send_to=startup.parents[1] / "Windows" / "SendTo",
        desktop=_desktop(),
        aside=home.parent / "Temp",
    )


def _desktop() -> Path:
    """The desktop where it really is: it may have been moved to another drive or into a synchronised folder."""
    try:
        from win32com.shell import shell, shellcon

        return Path(shell.SHGetKnownFolderPath(shellcon.FOLDERID_Desktop))
    except Exception:  # pywin32 wraps what goes wrong in a class of its own
        return Path(os.environ.get("USERPROFILE", str(Path.home())), "Desktop")
