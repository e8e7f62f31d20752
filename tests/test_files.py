"""The table of file kinds, the guards that every archive passes, and the way to LibreOffice."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest
from bad_files import BROKEN, ENTITIES, TOO_LARGE, Run, archive, compound_file, refused, with_doctype, with_entries
from forms import HN2015
from layouts import LAYOUTS

from xlpkg.cli import main
from xlpkg.files import office
from xlpkg.files.kinds import kind_of
from xlpkg.form.declaration import to_json
from xlpkg.reading.read import read

ENCRYPTED = '<manifest:encryption-data xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


@pytest.mark.parametrize(
    ("name", "start", "reader"),
    [
        ("表.XLSX", b"PK", "form"),
        ("表.xls", b"\xd0\xcf\x11\xe0", "workbook"),
        ("表.xls", b"PK", "form"),
        ("表.ods", b"PK", "workbook"),
        ("表.docm", b"PK", "word"),
        ("表.wpt", b"", "older_word"),
        ("表.json", b"", "json"),
        ("表.et", b"", ""),
    ],
)
def test_kind_by_suffix_and_first_bytes(name: str, start: bytes, reader: str) -> None:
    kind = kind_of(Path(name), start)
    assert kind is not None
    assert kind.reader == reader


@pytest.mark.parametrize("suffix", ["zip", "rar", "7z", "gz", "tar"])
def test_packed_files_are_refused_alike(run: Run, folder: Path, suffix: str) -> None:
    path = folder / f"表.{suffix}"
    path.write_bytes(b"x")
    refused(run, path, f"“表.{suffix}”是压缩包。请先解压，再导入里面的文件。")


def test_json_in_utf_16_is_read(run: Run, folder: Path) -> None:
    path = folder / "表.json"
    path.write_text(to_json(HN2015), encoding="utf-16")
    assert read(path).declaration == HN2015


# --- guards ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def word(folder: Path) -> Path:
    """A Word form that can be read."""
    path = folder / "原表.docx"
    LAYOUTS["county"][0](HN2015, path)
    return path


def test_word_with_entities(run: Run, folder: Path, word: Path) -> None:
    path = with_doctype(word, folder / "表.docx", "word/document.xml")
    refused(run, path, ENTITIES.replace("表.xlsx", "表.docx"))


def test_word_with_more_parts_than_the_cap(run: Run, folder: Path, word: Path) -> None:
    path = with_entries(word, folder / "表.docx", 2000)
    refused(run, path, TOO_LARGE.replace("表.xlsx", "表.docx"))


def test_open_document_with_entities(run: Run, folder: Path) -> None:
    path = archive(folder / "表.ods", **{"content.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><x/>'})
    refused(run, path, ENTITIES.replace("表.xlsx", "表.ods"))


def test_open_document_in_utf_16(run: Run, folder: Path) -> None:
    """In UTF-16 the guard would not see the entities."""
    path = folder / "表.ods"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("content.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><x/>'.encode("utf-16"))
    refused(run, path, BROKEN.replace("表.xlsx", "表.ods"))


def test_open_document_with_a_password(run: Run, folder: Path) -> None:
    path = archive(folder / "表.ods", **{"META-INF/manifest.xml": ENCRYPTED, "content.xml": "\0"})
    refused(run, path, "“表.ods”设有打开密码。请取消密码，保存后再试。")


def test_newer_workbook_with_a_password_under_an_older_name(run: Run, folder: Path) -> None:
    path = compound_file(folder / "表.xls", "EncryptionInfo", "EncryptedPackage")
    advice = "请在Excel里取消密码（文件→信息→保护工作簿→用密码进行加密，清空），保存后再试。"
    refused(run, path, f"“表.xls”设有打开密码。{advice}")


# --- LibreOffice ----------------------------------------------------------------------------------------------------


def test_an_office_program_that_hangs_is_stopped_with_its_child(
    folder: Path, form: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {folder / 'child'}\nwait\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setattr(office, "_SECONDS", 1)
    assert main(["submit", str(form), "-o", str(folder / "申报表.xlsx"), "--pdf"]) == 2
    assert capsys.readouterr().err == "LibreOffice两分钟没有生成PDF，请稍后再试。\n"
    child = Path("/proc", (folder / "child").read_text().strip(), "stat")
    deadline = time.monotonic() + 5
    while child.exists() and " Z " not in child.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child.exists() or " Z " in child.read_text()
