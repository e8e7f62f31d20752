"""Files and folders shown in the program that the user has for them."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from xlpkg.live.say import quiet


def show(path: Path) -> bool:
    """Open a file or folder in its program; False where there is none. Nothing happens where nobody sits in front of this."""
    if quiet():
        return True
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            os.startfile(path)
            return True
        opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
        if opener:
            subprocess.Popen([opener, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return True
    return False
