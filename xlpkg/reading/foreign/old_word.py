"""Older Word documents (.doc, .wps): turned into .docx by LibreOffice, where it is there."""

import os
import subprocess
import tempfile
from pathlib import Path

from xlpkg.files.document import Document
from xlpkg.files.docx import read_word
from xlpkg.files.errors import UnreadableError
from xlpkg.files.office import office
from xlpkg.files.ooxml import read_bytes

_SECONDS = 120
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_older_word(path: Path) -> Document:
    """A .doc or .wps through LibreOffice. Raises UnreadableError with a sentence that says how to get a readable file."""
    data = read_bytes(path)
    kind, program = ("旧版Word格式", "Word") if path.suffix.lower() == ".doc" else ("WPS专用格式", "WPS")
    how = UnreadableError(f"“{path.name}”是{kind}，不能直接导入。请用{program}打开，另存为.docx后再试。")
    converter = office()
    if converter is None or not data.startswith((_OLE, b"{\\rtf", b"PK")):
        raise how
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "in", "form.doc")
        copy.parent.mkdir()
        copy.write_bytes(path.read_bytes())
        command = [
            converter, "--headless", "--norestore", f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(copy),
        ]  # fmt: skip
        try:
            quiet = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, env=quiet)
        except subprocess.TimeoutExpired:
            raise how from None
        made = Path(folder, "form.docx")
        if not made.is_file():
            raise how
        document = read_word(made)
    document.file = path.name
    document.notices.append(f"“{path.name}”是旧版文档，由LibreOffice转换后读取，请核对。")
    return document
