"""How a Word document looks, as far as a person may see something else than its text says."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xlpkg.files.errors import broken_word
from xlpkg.files.guard import Archive

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = re.compile(r"word/(?:document|styles|header\d*|footer\d*)\.xml")
_DARK = 0x30
"""The largest part of a colour that still is black to the eye."""
_SMALLEST = 12
"""Half points; smaller letters nobody reads on paper."""
_SWITCHES = {
    "vanish": "有隐藏的文字", "webHidden": "有隐藏的文字", "specVanish": "有隐藏的文字",
    "strike": "有加了删除线的文字", "dstrike": "有加了删除线的文字",
    "emboss": "有阴文或阳文", "imprint": "有阴文或阳文", "outline": "有空心字", "hidden": "有隐藏的行",
}  # fmt: skip
_THINGS = {
    "ins": "有没有接受的修订", "del": "有没有接受的修订", "moveFrom": "有没有接受的修订", "moveTo": "有没有接受的修订",
    "drawing": "有图片或文本框", "pict": "有图片或文本框", "object": "有嵌入的对象",
    "sym": "有符号字体的字", "commentReference": "有批注",
    "footnoteReference": "有脚注", "endnoteReference": "有尾注", "txbxContent": "有图片或文本框", "altChunk": "有嵌入的文件",
}  # fmt: skip
_STYLE_NAMES = tuple(f"{_W}{name}" for name in ("rStyle", "pStyle", "tblStyle"))
_OFF = ("0", "false", "off")


class WordLook(msgspec.Struct, frozen=True):
    """What of a document's looks counts.

    `texts` are those of the tables by row and column of the sheet that they make up; the indicators stand in `body` and `columns`.
    `page` are header and footer, `outside` the other paragraphs and what is no content (comments, hidden texts). `odd` says what is
    not as our documents are.
    """

    texts: tuple[tuple[int, int, str], ...]
    body: frozenset[int]
    columns: frozenset[int]
    page: tuple[tuple[str, str], ...]
    outside: tuple[tuple[str, str], ...]
    odd: tuple[str, ...]


def odd_looks(path: Path) -> tuple[str, ...]:
    """What in a document hides its text or shows it as another, each once. Raises UnreadableError."""
    from docx.oxml import parse_xml

    archive = Archive(path, broken_word)
    try:
        roots = {name: parse_xml(archive.part(name)) for name in archive.names if _PARTS.fullmatch(name)}
    except SyntaxError:  # lxml's
        raise broken_word(path) from None
    styles = roots.pop("word/styles.xml", None)
    used = {node.get(f"{_W}val") for root in roots.values() for node in root.iter(*_STYLE_NAMES)}
    if styles is not None:
        _leave(styles, used)
        roots["word/styles.xml"] = styles
    return tuple(dict.fromkeys(what for root in roots.values() for what in _odd(root)))


def _leave(styles: "Element", used: set[str | None]) -> None:
    """Of the styles only those that some text has: the default ones, the `used` ones and what these are based on."""
    by_name = {style.get(f"{_W}styleId"): style for style in styles.findall(f"{_W}style")}
    wanted = [n for n, style in by_name.items() if n in used or style.get(f"{_W}default") in ("1", "true")]
    kept: set[str | None] = set()
    while wanted:
        name = wanted.pop()
        if name in by_name and name not in kept:
            kept.add(name)
            wanted += [based.get(f"{_W}val") for based in by_name[name].findall(f"{_W}basedOn")]
    for name, style in by_name.items():
        if name not in kept:
            styles.remove(style)


def _odd(root: "Element") -> Iterator[str]:
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        name = node.tag.rpartition("}")[2]
        value = node.get(f"{_W}val") or ""
        if name in _THINGS:
            yield _THINGS[name]
        elif name in _SWITCHES and value not in _OFF:
            yield _SWITCHES[name]
        elif name == "color" and not _is_dark(value):
            yield "有的字不是黑色"
        elif name in ("sz", "szCs") and value.isdigit() and int(value) < _SMALLEST and _has_text(node):
            yield "有的字太小，看不清"
        elif name == "w" and value.rstrip("%").isdigit() and int(value.rstrip("%")) < 50:
            yield "有的字压得太窄，看不清"
        elif name == "vertAlign" and value not in ("", "baseline"):
            yield "有上标或下标"
        elif name in ("shd", "highlight") and not _is_light(node):
            yield "有底色"
        elif name == "trHeight" and node.get(f"{_W}hRule") == "exact":
            yield "有的行高固定，文字可能显示不全"


def _has_text(node: "Element") -> bool:
    """The run or paragraph that a property belongs to shows some text."""
    owner = next(node.iterancestors(f"{_W}r", f"{_W}p", f"{_W}style", f"{_W}rPrDefault"))
    if owner.tag in (f"{_W}style", f"{_W}rPrDefault"):
        return True
    return any((text.text or "").strip() for text in owner.iter(f"{_W}t"))


def _is_dark(colour: str) -> bool:
    if colour in ("auto", ""):
        return True
    try:
        return all(int(colour[n : n + 2], 16) <= _DARK for n in (0, 2, 4))
    except ValueError:
        return False


def _is_light(node: "Element") -> bool:
    fill = node.get(f"{_W}fill", node.get(f"{_W}val", "auto"))
    return fill in ("auto", "none", "FFFFFF", "clear", "nil")
