"""PDF by an office program, where there is one."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from xlpkg.form.refusal import RefusalError

_PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_SECONDS = 120


class NoOfficeError(RefusalError):
    """No office program, or it did not make the PDF; the message is a sentence for the user."""


def office() -> str | None:
    """The office program's path, None if there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice") or next((p for p in _PLACES if Path(p).is_file()), None)


def refuse_without_office() -> None:
    """Raises NoOfficeError where there is no office program."""
    if office() is None:
        raise NoOfficeError("这台电脑上没有找到LibreOffice，不能生成PDF。可用Excel打开申报表，另存为PDF。")


def write_pdf(source: Path, target: Path) -> None:
    """Print a workbook to PDF with LibreOffice, under a profile of its own. Raises NoOfficeError, OSError."""
    program = office()
    if program is None:
        raise NoOfficeError("这台电脑上没有找到LibreOffice，不能生成PDF。可用Excel打开申报表，另存为PDF。")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "out", source.with_suffix(".pdf").name)
        command = [
            program, "--headless", "--norestore", f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--convert-to", "pdf", "--outdir", str(made.parent), str(source),
        ]  # fmt: skip
        try:
            subprocess.run(
                command, capture_output=True, timeout=_SECONDS, check=False, env={**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
            )
        except subprocess.TimeoutExpired:
            raise NoOfficeError("LibreOffice两分钟没有生成PDF，请稍后再试。") from None
        if not made.is_file():
            raise NoOfficeError("LibreOffice没有生成PDF，请检查它能否打开这个文件。")
        shutil.move(made, target)
