"""Makers of damaged and odd files: each takes a good workbook apart, changes one thing and writes it anew."""

import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

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


def as_xlsm(source: Path, target: Path) -> Path:
    """The same workbook, declared as one with macros."""
    plain, macros = "spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml"
    return with_part(
        source, target, "[Content_Types].xml", lambda xml: xml.replace(f"openxmlformats-officedocument.{plain}", macros)
    )  # fmt: skip


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
