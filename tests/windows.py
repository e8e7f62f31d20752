"""Windows' own Python under wine: a private Windows with a user 张 三 and code page 936, on a virtual screen.

Needs the Debian packages wine, wine64, gcc-mingw-w64-x86-64, locales, xvfb, xdotool, imagemagick and fonts-noto-cjk.
"""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path
from typing import NamedTuple

from desktop import Desktop

WINE, SERVER = "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64"
USER = "张 三"
WAKE = (
    'import concurrent.futures.process as p; p._ThreadWakeup.wakeup = lambda self: self._closed or self._writer.send_bytes(b"x")\n'
)
"""For a .pth file: a ProcessPoolExecutor wakes its own thread by an empty message, which wine 8 announces and never delivers."""
_WITHOUT = "mscoree=d;mshtml=d;winedbg.exe=d;winemenubuilder.exe=d"
"""Parts of wine that would ask for downloads, wait for ever after a crash, or put links of their own on the desktop."""
_PRNG = """
#include <windows.h>
BOOLEAN WINAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved) { return TRUE; }
"""
"""What libraries made by Rust ask of Windows 10 for random numbers, and wine 8 has not: for the test alone."""


class Said(NamedTuple):
    """What a program ended with, and what it said."""

    code: int
    text: str


class Windows:
    """A Windows of its own below a folder, for a with block."""

    def __init__(self, folder: Path) -> None:
        self._prefix, self._locales, self._no_home = folder / "prefix", folder / "locales", folder / "home"
        self.desktop = Desktop()

    def __enter__(self) -> Windows:
        self.desktop.__enter__()
        self._prefix.mkdir()
        self._locales.mkdir()
        self._no_home.mkdir()
        chinese = ["localedef", "-i", "zh_CN", "-f", "UTF-8", self._locales / "zh_CN.UTF-8"]
        subprocess.run(chinese, check=False, capture_output=True)  # it warns by its exit code
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([SERVER, "-p"], env=self.environment(), check=True, timeout=60, **quiet)  # else ours would wait for it
        subprocess.run([WINE, "wineboot", "-i"], env=self.environment(), check=True, timeout=100, **quiet)
        (self.home / "Desktop").unlink()  # a link to where Linux has its own
        (self.home / "Desktop").mkdir()
        system = self._prefix / "drive_c/windows/system32"
        source = self._prefix / "prng.c"
        source.write_text(_PRNG)
        command = ["x86_64-w64-mingw32-gcc", "-shared", "-nostdlib", "-Wl,--entry,DllMain", "-o", system / "bcryptprimitives.dll"]
        subprocess.run([*command, source, "-ladvapi32"], check=True)
        # a program that runs all the time: with the last one the services end, and the next that asks for them waits ten seconds
        self._resident = self.start("cmd.exe")
        return self

    def __exit__(self, *_: object) -> None:
        self._resident.kill()
        self._resident.communicate()
        subprocess.run([SERVER, "-k"], env=self.environment(), check=False, timeout=60)
        self.desktop.__exit__()

    def environment(self, **more: str) -> dict[str, str]:
        return {
            **self.desktop.environment, "WINEPREFIX": str(self._prefix), "WINEARCH": "win64", "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": _WITHOUT, "USER": USER, "LOGNAME": USER, "LANG": "zh_CN.UTF-8",
            "LC_ALL": "zh_CN.UTF-8", "HOME": str(self._no_home), "LOCPATH": str(self._locales), "XLPKG_QUIET": "1", **more,
        }  # fmt: skip

    @property
    def home(self) -> Path:
        """The user's own folder, as Linux sees it."""
        return self._prefix / "drive_c/users" / USER

    def start(self, *command: str | Path, **environment: str) -> subprocess.Popen[bytes]:
        """Start a Windows program; its standard streams are pipes, else Windows' Python does not begin."""
        return subprocess.Popen(
            [WINE, *map(str, command)], env=self.environment(**environment), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self._prefix,
        )  # fmt: skip

    def run(self, *command: str | Path, patience: float = 100, **environment: str) -> Said:
        """Run a Windows program to its end."""
        return self.finish(self.start(*command, **environment), patience)

    def finish(self, running: subprocess.Popen[bytes], patience: float = 100) -> Said:
        """Wait for a program's end; a program that it started may keep the pipe open."""
        said: list[bytes] = []
        reader = threading.Thread(target=_read, args=(running, said), daemon=True)
        reader.start()
        try:
            running.wait(patience)
        finally:
            running.kill()
        reader.join(0.5)
        return Said(running.returncode, b"".join(said).decode("utf-8", "replace").replace("\r\n", "\n"))

    def end(self, *programs: str) -> None:
        """End programs by their names, whatever they are doing."""
        for program in programs:
            self.run("taskkill", "/f", "/im", program)

    def press(self, title: str, key: str) -> None:
        """Wait for a window whose title begins so, and press a key in it."""
        self.desktop.press(title, key)


def _read(running: subprocess.Popen[bytes], said: list[bytes]) -> None:
    assert running.stdin and running.stdout
    running.stdin.close()
    while part := os.read(running.stdout.fileno(), 65536):
        said.append(part)


def seen_from_windows(path: Path) -> str:
    """A path of this machine as Windows programs name it."""
    return "Z:" + str(path).replace("/", "\\")


def tree(folder: Path) -> set[str]:
    """Every file and folder below a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
