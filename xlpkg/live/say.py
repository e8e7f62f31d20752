"""A sentence for the user where there is no workbook to write it into: a message box on Windows, else standard error.

XLPKG_QUIET=1 shows no window: nobody sits in front of it.
"""

import io
import os
import sys

TITLE = "绩效目标申报工具"
_INFORMATION, _TOPMOST = 0x40, 0x40000


def quiet() -> bool:
    """Whether nobody sits in front of this: an installation of many PCs, a test."""
    return os.environ.get("XLPKG_QUIET") == "1"


def speak_utf8() -> None:
    """Standard streams in UTF-8, where there are any: a program without a console has none."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def say(sentence: str) -> None:
    """Tell the user; on Windows in a box that he has to close, as a program started by Excel has no console."""
    if sys.stderr is not None:
        speak_utf8()
        print(sentence, file=sys.stderr)
    if sys.platform == "win32" and not quiet():
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, sentence, TITLE, _INFORMATION | _TOPMOST)
