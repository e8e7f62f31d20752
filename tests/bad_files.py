"""Makers of damaged and odd files: each takes a good workbook apart, changes one thing and writes it anew."""

import os
import re
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json

ENTRY_PART = "xl/worksheets/sheet1.xml"
"""The part of the sheet 填报 in a form that we built, and of the only sheet of a submission."""

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def with_part(source: Path, target: Path, part: str, change: Callable[[str], str]) -> Path:
    """A copy in which one XML part is changed."""

    def changed(name: str, data: bytes) -> bytes:
        return change(data.decode()).encode() if name == part else data

    return _copy(source, target, changed)


def without_part(source: Path, target: Path, part: str) -> Path:
    """A copy that lacks a part its other parts still speak of."""
    return _copy(source, target, lambda name, data: None if name == part else data)


def with_cell(source: Path, target: Path, cell: str, content: str, kind: str = "", style: int | None = None) -> Path:
    """A form in which one cell of 填报 has this XML content and `t` attribute; its style is kept unless given."""

    def change(xml: str) -> str:
        attributes = f' t="{kind}"' if kind else ""

        def made(found: re.Match[str]) -> str:
            number = found[1] if style is None else f' s="{style}"'
            return f'<c r="{cell}"{number or ""}{attributes}>{content}</c>'

        changed, count = re.subn(rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', made, xml, count=1)
        assert count == 1, f"no cell {cell}"
        return changed

    return with_part(source, target, ENTRY_PART, change)


def with_doctype(source: Path, target: Path, part: str, before: str = "") -> Path:
    """A copy in which a part declares an entity, behind `before`."""

    def change(xml: str) -> str:
        declaration, _, rest = xml.partition("?>")
        return f'{declaration}?>{before}<!DOCTYPE x [<!ENTITY a "aaaa">]>{rest}'

    return with_part(source, target, part, change)


def with_claimed_size(source: Path, target: Path, size: int) -> Path:
    """A copy whose directory says that its first part is `size` bytes long when unpacked."""
    data = bytearray(source.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, size)
    target.write_bytes(data)
    return target


def with_entries(source: Path, target: Path, count: int) -> Path:
    """A copy with so many empty parts more."""
    _copy(source, target, lambda _, data: data)
    with zipfile.ZipFile(target, "a") as book:
        for n in range(count):
            book.writestr(f"x/{n}", b"")
    return target


def archive(target: Path, **texts: str) -> Path:
    """A zip archive of text files."""
    with zipfile.ZipFile(target, "w") as book:
        for name, text in texts.items():
            book.writestr(name, text)
    return target


def compound_file(target: Path, *streams: str) -> Path:
    """An OLE file (what .xls, .et, .wps and encrypted workbooks are) with empty streams of these names."""
    numbers = (0, 1, 1, 0, 0x1000, _END, 0, _END, 0, 0)  # 1 table sector, directory in sector 1, no small streams
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header = struct.pack("<8s16x5H6x10I", magic, 0x3E, 3, 0xFFFE, 9, 6, *numbers).ljust(512, b"\xff")
    table = struct.pack("<II", _FAT, _END) + b"\xff" * 4 * 126
    entries = [_entry("Root Entry", 5, child=1)]
    entries += [_entry(name, 2, right=n + 1 if n < len(streams) else _FREE) for n, name in enumerate(streams, 1)]
    directory = b"".join(entries).ljust(512, b"\0")
    target.write_bytes(header + table + directory)
    return target


def _entry(name: str, kind: int, child: int = _FREE, right: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIII", text, len(text), kind, 1, _FREE, right, child, _END, 0, 0)


def _copy(source: Path, target: Path, changed: Callable[[str, bytes], bytes | None]) -> Path:
    with zipfile.ZipFile(source) as old:
        parts = [(e.filename, old.read(e)) for e in old.infolist()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            data_now = changed(name, data)
            if data_now is not None:
                new.writestr(name, data_now)
    return target


ROOT = Path(__file__).parent.parent
TEMPLATE = profiles.load("hn2015").template
BROKEN = "“表.xlsx”不完整或已损坏，打不开。请重新复制或下载，或用Excel打开后另存为.xlsx再试。"
ENTITIES = "“表.xlsx”里有外部实体定义，为安全起见没有打开。"
TOO_LARGE = "“表.xlsx”展开后过大，不像一张申报表，为安全起见没有打开。"
NO_WORKBOOK = "“表.xlsx”不是Excel工作簿。请用Excel打开，另存为.xlsx后再试。"
DENIED = "写不进输出文件：可能正在Excel里打开，或者没有这个文件夹的权限。请关闭文件或换一个文件夹后再试。"
RESTORE_HEAD = "请恢复原来的表头后再试。"

FIRST = 18
"""The sheet row of the first indicator."""


class Answer(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str


Run = Callable[..., Answer]


def edited(source: Path, target: Path, edit: Callable[[Any], object]) -> Path:
    """The form after somebody edited it: `edit` gets the openpyxl workbook."""
    book = openpyxl.load_workbook(source)
    edit(book)
    book.save(target)
    return target


def on_entry(**cells: object) -> Callable[[Any], None]:
    """An edit that puts values into cells of 填报."""

    def edit(book: Any) -> None:
        for cell, value in cells.items():
            book["填报"][cell] = value

    return edit


def refused(run: Run, path: Path, sentence: str) -> None:
    """check, convert and submit answer with one sentence and code 2, write nothing and leave the file alone."""
    before = path.read_bytes() if path.is_file() else b""
    for command in (("check", path), ("check", path, "--json"), ("convert", path), ("fix", path), ("submit", path)):
        target = path.with_name("out.xlsx")
        output = () if command[0] == "check" else ("-o", target)
        assert run(*command, *output) == (2, "", sentence + "\n")
        assert not target.exists()
    assert (path.read_bytes() if path.is_file() else b"") == before


def as_read(run: Run, path: Path) -> Declaration:
    """What is read from a file that is merely odd: by convert, which must say nothing to be worried about."""
    target = path.with_name("read.json")
    before = path.read_bytes()
    code, _, err = run("convert", path, "-o", target)
    assert (code, err) == (0, "")
    assert path.read_bytes() == before
    return from_json(target.read_text(encoding="utf-8"))


def in_process(*arguments: str | Path, largest_file: int | None = None, memory: int = 3 << 30) -> Answer:
    """Run a command in a process of its own, under limits; it writes no bytecode, which the limit would cut off."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    done = subprocess.run(
        [sys.executable, "-B", "-m", "xlpkg", *map(str, arguments)], capture_output=True, encoding="utf-8", preexec_fn=limit,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)
