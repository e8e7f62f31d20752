"""The way to LibreOffice, where it is there: a file of one kind turned into another."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from xlpkg.files.write import in_place
from xlpkg.form.refusal import RefusalError

_PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_SECONDS = 120


class NoOfficeError(RefusalError):
    """No office program, or it did not make the file; the message is a sentence for the user."""


def office() -> str | None:
    """The office program's path, None if there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice") or next((p for p in _PLACES if Path(p).is_file()), None)


def refuse_without_office() -> None:
    """Raises NoOfficeError where there is no office program."""
    if office() is None:
        raise NoOfficeError("这台电脑上没有找到LibreOffice，不能生成PDF。可用Excel打开申报表，另存为PDF。")


def write_pdf(source: Path, target: Path) -> None:
    """Print a workbook to PDF. Raises NoOfficeError, OSError."""
    if office() is None:
        raise NoOfficeError("这台电脑上没有找到LibreOffice，不能生成PDF。可用Excel打开申报表，另存为PDF。")
    convert(source, target, "pdf")


def convert(source: Path, target: Path, kind: str) -> None:
    """What LibreOffice makes of a file, under a profile of its own.

    `kind` is a suffix, with the name of a filter behind it where there are several: "docx:MS Word 2007 XML".
    Raises NoOfficeError, OSError.
    """
    suffix = kind.partition(":")[0]
    name, program = suffix.upper(), office()
    if program is None:
        raise NoOfficeError(f"这台电脑上没有找到LibreOffice，不能生成{name}。")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "out", f"{source.stem}.{suffix}")
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [program, "--headless", "--norestore", profile, "--convert-to", kind, "--outdir", str(made.parent), str(source)]
        if not _ends_in_time(command):
            raise NoOfficeError(f"LibreOffice两分钟没有生成{name}，请稍后再试。")
        if not made.is_file():
            raise NoOfficeError(f"LibreOffice没有生成{name}，请检查它能否打开这个文件。")
        in_place(target, made.read_bytes())


def _ends_in_time(command: list[str]) -> bool:
    """Run a program without a window; one that does not end is stopped with all that it started."""
    environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment, start_new_session=True)
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            _stop(process)
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    """soffice only starts the program that does the work: both have to end."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
