"""Older Word documents (.doc, .wps): turned into .docx by LibreOffice, where it is there."""

import shutil
import tempfile
from pathlib import Path

from xlpkg.files import office
from xlpkg.files.document import Document
from xlpkg.files.docx import read_word
from xlpkg.files.guard import read_start
from xlpkg.files.kinds import ZIP, kind_of, refusal


def read_older_word(path: Path) -> Document:
    """A .doc or .wps through LibreOffice. Raises UnreadableError with a sentence that says how to get a readable file."""
    start, kind = read_start(path), kind_of(path)
    if kind is None or not kind.fits(start):
        raise refusal(path)
    if start.startswith(ZIP):  # a .docx under another name
        return read_word(path)
    with tempfile.TemporaryDirectory() as folder:
        copy, made = Path(folder, "form.doc"), Path(folder, "form.docx")
        shutil.copyfile(path, copy)
        try:
            office.convert(copy, made, "docx:MS Word 2007 XML")
        except office.NoOfficeError:
            raise refusal(path) from None
        document = read_word(made)
    document.file = path.name
    document.notices.append(f"“{path.name}”是旧版文档，由LibreOffice转换后读取，请核对。")
    return document
