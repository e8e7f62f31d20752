"""Damage to a file, by chance but the same every time: bytes, parts of an archive, XML, records of an old workbook, JSON."""

from __future__ import annotations

import io
import json
import random
import re
import struct
import zipfile
from typing import Any

NASTY = (
    "",
    " ",
    "-1",
    "0",
    "1",
    "²",
    "٣",
    "９",
    "999999999999",
    "1e999",
    "NaN",
    "-inf",
    "A0",
    "A1:",
    "XFE1",
    "ZZZZ99",
    "A1048577",
    "#REF!",
    "&#0;",
    "&#x10FFFF;",
    "&amp;",
    "&bad;",
    "\0",
    "\ufffe",
    "\u200b",
    "true",
    "=1+1",
    "..",
    "../../x",
    "[",
    "(",
    '"',
    "0;;;",
    "[>1.2.3]0",
    "[$-804]",
    "yyyy",
    "9" * 400,
    "年" * 5000,
    "A" * 70000,
    "1" + "0" * 300,
    "{year}",
    "≥%",
    "\n" * 300,
    "：" * 200,
    "x:y",
    "s" * 40,
)
"""Texts that make readers stumble."""
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_VALUES: tuple[Any, ...] = (None, True, 0, -1, 1.5, 10**400, "", [], {}, [[]], [None], {"": None}, *NASTY)
_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_ATTRIBUTE = re.compile(r'([\w:.-]+)="([^"]*)"')
_STREAM = 512  # where the records of an .xls begin that xlwt wrote


def damaged(data: bytes, suffix: str, chance: random.Random) -> bytes:
    """A copy with one to four kinds of damage."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = _once(data, suffix, chance)
    return data


def _once(data: bytes, suffix: str, chance: random.Random) -> bytes:
    if suffix in (".xlsx", ".docx", ".ods") and chance.random() < 0.9 and zipfile.is_zipfile(io.BytesIO(data)):
        return _of_archive(data, chance)
    if suffix == ".xls" and chance.random() < 0.6:
        return _of_records(data, chance)
    if suffix == ".json" and chance.random() < 0.7:
        return _of_json(data, chance)
    if suffix == ".txt" and chance.random() < 0.8:
        return _of_text(data.decode("utf-8", "replace"), chance).encode("utf-8", "replace")
    return _of_bytes(data, chance)


def _of_bytes(data: bytes, chance: random.Random) -> bytes:
    """Bits, bytes, numbers and pieces, changed where they stand."""
    if not data:
        return b"\0"
    found = bytearray(data)
    at, size = chance.randrange(len(found)), chance.choice((1, 2, 4, 16, 200, 3000))
    match chance.randrange(8):
        case 0:
            found[at] ^= 1 << chance.randrange(8)
        case 1:
            for _ in range(chance.choice((1, 3, 30))):
                found[chance.randrange(len(found))] = chance.randrange(256)
        case 2:
            packed = struct.pack("<I", chance.choice(_NUMBERS))[: chance.choice((1, 2, 4))]
            found[at : at + len(packed)] = packed
        case 3:
            del found[at : at + size]
        case 4:
            found[at:at] = found[max(at - size, 0) : at]
        case 5:
            del found[at:]
        case 6:
            found[at : at + size] = bytes(size)
        case 7:
            found[at:at] = chance.randbytes(size)
    return bytes(found)


def _of_archive(data: bytes, chance: random.Random) -> bytes:
    """One part changed, gone, doubled or exchanged with another."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [(info.filename, package.read(info)) for info in package.infolist()]
    except Exception:  # what is left after an earlier damage
        return _of_bytes(data, chance)
    if not parts:
        return _of_bytes(data, chance)
    n = chance.randrange(len(parts))
    name, part = parts[n]
    match chance.randrange(20):
        case 0:
            del parts[n]
        case 1:
            m = chance.randrange(len(parts))
            parts[n], parts[m] = (name, parts[m][1]), (parts[m][0], part)
        case 2:
            parts[n] = (chance.choice((name.upper(), name + "x", "/" + name, "../" + name)), part)
        case 3 | 4:
            parts[n] = (name, _of_bytes(part, chance))
        case 5:
            parts[n] = (name, part.decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-32", "gb18030")), "replace"))
        case _:
            parts[n] = (name, of_xml(part.decode("utf-8", "replace"), chance).encode("utf-8", "replace"))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for other, content in parts:
            package.writestr(other, content)
    return made.getvalue()


def of_xml(xml: str, chance: random.Random) -> str:
    """Elements taken away, doubled, exchanged, nested; attributes and texts replaced."""
    tokens = _TOKEN.findall(xml)
    if not tokens:
        return chance.choice(NASTY)
    at = chance.randrange(len(tokens))
    token, size = tokens[at], chance.choice((1, 1, 2, 5, 50))
    match chance.randrange(16):
        case 0:
            del tokens[at : at + size]
        case 1:
            tokens[at:at] = tokens[max(at - size, 0) : at] * chance.choice((1, 2, 40))
        case 2:
            other = chance.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], token
        case 3:
            tokens[at:at] = ["<x>"] * chance.choice((10, 1000, 30000))
        case 4:
            name = re.match(r"<([\w:]+)", token)
            deep = chance.choice((3, 200, 3000))
            tokens[at:at] = [f"<{name[1] if name else 'a'}>"] * deep + [f"</{name[1] if name else 'a'}>"] * deep
        case 5 | 6 | 7 | 8 | 9:
            places = [n for n, t in enumerate(tokens) if "=" in t and t.startswith("<")]
            if places:
                n = chance.choice(places)
                tokens[n] = _of_attributes(tokens[n], chance)
        case 10 | 11:
            texts = [n for n, t in enumerate(tokens) if not t.startswith("<") and t.strip()]
            if texts:
                tokens[chance.choice(texts)] = chance.choice(NASTY)
        case 12:
            return re.sub(r"<(/?)(\w)", r"<\1x:\2", xml)
        case 13:
            return xml.replace('"', "'") if chance.random() < 0.5 else xml.replace("><", "> <")
        case 14:
            tokens[at:at] = ["<!-- -->", "<![CDATA[", "<?x?>", "<!DOCTYPE x>"][chance.randrange(4)]
        case 15:
            del tokens[at:]
    return "".join(tokens)


def _of_attributes(tag: str, chance: random.Random) -> str:
    pairs = list(_ATTRIBUTE.finditer(tag))
    if not pairs:
        return tag
    pair = chance.choice(pairs)
    value = chance.choice((*NASTY, pair[2] * 2, pair[2][:-1], str(chance.randrange(10**6))))
    new = chance.choice(
        (f'{pair[1]}="{value}"', f'{pair[1]}="{value}"', f'{pair[1]}="{value}"', "", f'{pair[1]}="{value}" {pair[0]}')
    )
    return tag[: pair.start()] + new + tag[pair.end() :]


def _of_records(data: bytes, chance: random.Random) -> bytes:
    """One record of an old workbook: its kind, its length, a number in it; gone or doubled."""
    places = []
    at = _STREAM
    while at + 4 <= len(data) and len(places) < 3000:
        kind, length = struct.unpack_from("<HH", data, at)
        if not kind:
            break
        places.append((at, length))
        at += 4 + length
    if not places:
        return _of_bytes(data, chance)
    found = bytearray(data)
    at, length = chance.choice(places)
    match chance.randrange(7):
        case 0:
            struct.pack_into(
                "<H", found, at, chance.choice((0x85, 0xFC, 0xFF, 0x208, 0x203, 0xFD, 0xBD, 0xE5, 0x31, 0x41E, 0xE0, 0x0A))
            )
        case 1:
            struct.pack_into("<H", found, at + 2, chance.choice((0, 1, min(length + 1, 0xFFFF), max(length - 1, 0), 0xFFFF)))
        case 2:
            del found[at : at + 4 + length]
        case 3:
            found[at:at] = found[at : at + 4 + length]
        case _:
            if length:
                packed = struct.pack("<I", chance.choice(_NUMBERS))[: chance.choice((1, 2, 4))]
                spot = at + 4 + chance.randrange(length)
                found[spot : spot + len(packed)] = packed
    return bytes(found)


def _of_json(data: bytes, chance: random.Random) -> bytes:
    """A value replaced, a key gone or renamed, lists nested."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return _of_bytes(data, chance)
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], dict | list):
                walk(node[key])

    if isinstance(content, dict | list):
        walk(content)
    if not places:
        return b"[" * chance.choice((3, 200000))
    node, key = chance.choice(places)
    match chance.randrange(6):
        case 0:
            del node[key]
        case 1:
            node[key] = [node[key]]
        case 2 if isinstance(node, dict):
            node[chance.choice(NASTY)] = node.pop(key)
        case 3 if isinstance(node[key], list):
            node[key] = node[key] * chance.choice((2, 300))
        case _:
            node[key] = chance.choice(_VALUES)
    return json.dumps(content, ensure_ascii=chance.random() < 0.5, allow_nan=True).encode("utf-8", "replace")


def _of_text(text: str, chance: random.Random) -> str:
    """Lines and words gone, doubled, exchanged, replaced."""
    lines = text.split("\n")
    at, size = chance.randrange(len(lines)), chance.choice((1, 1, 2, 5, 50))
    cut = chance.randrange(len(lines[at]) + 1)
    match chance.randrange(8):
        case 0:
            del lines[at : at + size]
        case 1:
            lines[at:at] = lines[max(at - size, 0) : at] * chance.choice((1, 2, 100))
        case 2:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 3 | 4:
            lines[at] = chance.choice(NASTY)
        case 5:
            lines[at] = lines[at][:cut] + chance.choice(NASTY) + lines[at][cut:]
        case 6:
            lines[at] = lines[at][:cut]
        case 7:
            return text.replace(
                chance.choice(("\n", "|", "\t", "：", "指标", "，")), chance.choice(("", "\t", "|", "\r", "\v", "  ", "\n\n"))
            )
    return "\n".join(lines)
