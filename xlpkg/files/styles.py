"""The looks of an .xlsx: ink, fill, size and format of its cell styles, with the colours of its theme and palette resolved."""

from __future__ import annotations

import colorsys
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

from xlpkg.files import number_format
from xlpkg.files.errors import broken
from xlpkg.files.ooxml import Package

BLACK, WHITE = "000000", "FFFFFF"
_STYLES, _THEME = "xl/styles.xml", "xl/theme/theme1.xml"
_OFFICE_THEME = (WHITE, BLACK, "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646", "0000FF", "800080")
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink")
_PRIMARY = (BLACK, WHITE, "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
_PALETTE = (
    *_PRIMARY, *_PRIMARY, "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080", "9999FF", "993366",
    "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF", "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000",
    "008080", "0000FF", "00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99", "3366FF", "33CCCC",
    "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696", "003366", "339966", "003300", "333300", "993300", "993366",
    "333399", "333333",
)  # fmt: skip
_SYSTEM_INK, _SYSTEM_FILL = 64, 65
_SHADED = "808080"
"""Stands for a pattern or a gradient."""
_SYMBOLS = ("wingdings", "webdings", "symbol", "marlett", "mt extra", "bookshelf symbol", "zapfdingbats", "opensymbol")
_TRUE = ("1", "true", "on")


class Font(NamedTuple):
    """How characters look: ink as "RRGGBB", size in points; `raised` is above or below the line, `symbols` a font of pictures."""

    ink: str = BLACK
    size: float = 11.0
    struck: bool = False
    raised: bool = False
    symbols: bool = False


_PLAIN = Font()


class Style(NamedTuple):
    """How a cell looks; `odd` names what no page of ours does to a text (a word for each)."""

    font: Font = _PLAIN
    fill: str = WHITE
    code: str = ""
    wrapped: bool = False
    indent: int = 0
    odd: tuple[str, ...] = ()


class Styles:
    """The cell styles of a workbook by their number. Raises UnreadableError for parts that are no XML."""

    def __init__(self, package: Package) -> None:
        root = _parsed(package, _STYLES)
        self._colours = _Colours(root, _parsed(package, _THEME))
        self._fonts = [self.font(node) for node in _table(root, "fonts")]
        self.digit = _digit(next(iter(_table(root, "fonts")), None))
        """The unit in which the workbook's columns are measured, in narrow characters of 7 pixels."""
        self._fills = [self._fill(node) for node in _table(root, "fills")]
        crossed = [any(node.get(d) in _TRUE for d in ("diagonalUp", "diagonalDown")) for node in _table(root, "borders")]
        codes = {_int(n.get("numFmtId")): n.get("formatCode", "") for n in _table(root, "numFmts")}
        self._all = [self._style(node, crossed, codes) for node in _table(root, "cellXfs")]

    def __getitem__(self, number: int) -> Style:
        return self._all[number] if 0 <= number < len(self._all) else Style()

    def font(self, node: ElementTree.Element, around: Font = _PLAIN) -> Font:
        """The font of an element; what it does not say is as in the font around it."""
        parts = {local(child): child for child in node}
        names = [parts[n].get("val", "").lower() for n in ("name", "rFont") if n in parts]
        struck = parts.get("strike")
        charset = parts.get("charset")
        return Font(
            ink=self._colours.of(parts.get("color"), around.ink),
            size=_float(parts["sz"].get("val")) if "sz" in parts else around.size,
            struck=struck is not None and struck.get("val", "1") in _TRUE,
            raised="vertAlign" in parts and parts["vertAlign"].get("val") != "baseline",
            symbols=any(n.startswith(_SYMBOLS) for n in names) or (charset is not None and charset.get("val") == "2"),
        )

    def _fill(self, node: ElementTree.Element) -> str:
        inner = next(iter(node), None)
        kind = "none" if inner is None else inner.get("patternType", "none") if local(inner) == "patternFill" else "gradient"
        if inner is None or kind == "none":
            return WHITE
        if kind != "solid":
            return _SHADED
        return self._colours.of(next((c for c in inner if local(c) == "fgColor"), None), BLACK)

    def _style(self, node: ElementTree.Element, crossed: Sequence[bool], codes: Mapping[int, str]) -> Style:
        font, fill, border = (_int(node.get(key)) for key in ("fontId", "fillId", "borderId"))
        about = next((child for child in node if local(child) == "alignment"), None)
        alignment: Mapping[str, str] = about.attrib if about is not None else {}
        odd = {
            "划了斜线": border < len(crossed) and crossed[border],
            "文字设成了重复填充": alignment.get("horizontal") == "fill",
            "文字设成了从右向左": alignment.get("readingOrder") == "2",
            "文字被转了方向": alignment.get("textRotation", "0") != "0",
            "文字设成了缩小填充": alignment.get("shrinkToFit") in _TRUE,
        }
        return Style(
            font=self._fonts[font] if font < len(self._fonts) else Font(),
            fill=self._fills[fill] if fill < len(self._fills) else WHITE,
            code=number_format.code(_int(node.get("numFmtId")), codes),
            wrapped=alignment.get("wrapText") in _TRUE,
            indent=_int(alignment.get("indent")),
            odd=tuple(word for word, there in odd.items() if there),
        )


_DIGITS = {"courier": 9 / 7, "mono": 9 / 7, "noto": 8.2 / 7, "source han": 8.2 / 7, "宋": 8 / 7, "simsun": 8 / 7}
"""Part of a font's name → how wide its figures are against those of the usual first font, which are 7 pixels wide."""


def _digit(font: ElementTree.Element | None) -> float:
    """How wide a figure of the workbook's first font is: our own font, or what LibreOffice puts in its place."""
    names = [child.get("val", "").lower() for child in font if local(child) == "name"] if font is not None else []
    return next((width for part, width in _DIGITS.items() if any(part in name for name in names)), 1.0)


class _Colours:
    def __init__(self, styles: ElementTree.Element | None, theme: ElementTree.Element | None) -> None:
        own = [n.get("rgb", "")[-6:].upper() for n in _table(styles, "colors", "indexedColors")]
        self._palette = (*own, *_PALETTE[len(own) :])
        self._theme = _theme(theme)

    def of(self, node: ElementTree.Element | None, otherwise: str) -> str:
        """The colour that an element names as "RRGGBB"; `otherwise` where there is none or it is automatic."""
        if node is None or node.get("auto") in _TRUE:
            return otherwise
        if rgb := node.get("rgb"):
            found = rgb[-6:].upper()
        elif (at := node.get("theme")) is not None:
            found = self._theme[_int(at)] if _int(at) < len(self._theme) else otherwise
        else:
            number = _int(node.get("indexed"), -1)
            system = {_SYSTEM_INK: BLACK, _SYSTEM_FILL: WHITE}
            found = self._palette[number] if 0 <= number < len(self._palette) else system.get(number, otherwise)
        tint = _float(node.get("tint"), 0.0)
        return _tinted(found, tint) if tint and len(found) == 6 else found


def _theme(root: ElementTree.Element | None) -> Sequence[str]:
    """The colours of a theme in the order of their numbers."""
    scheme = next((n for n in root.iter() if local(n) == "clrScheme"), None) if root is not None else None
    if scheme is None:
        return _OFFICE_THEME
    found = {local(n): next(((c.get("lastClr") or c.get("val") or "") for c in n), "") for n in scheme}
    return [found.get(name, "").upper() or usual for name, usual in zip(_THEME_ORDER, _OFFICE_THEME, strict=True)]


def _tinted(rgb: str, tint: float) -> str:
    """The colour made lighter (tint above 0) or darker, as the standard says: by its lightness."""
    try:
        red, green, blue = (int(rgb[n : n + 2], 16) / 255 for n in (0, 2, 4))
    except ValueError:
        return rgb
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(255 * c):02X}" for c in colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), full))


def _parsed(package: Package, part: str) -> ElementTree.Element | None:
    if part not in package.names:
        return None
    return parsed(package, package.part(part))


def parsed(package: Package, xml: bytes) -> ElementTree.Element:
    """XML as a tree. Raises UnreadableError if it is none."""
    try:
        return ElementTree.fromstring(xml)
    except (ElementTree.ParseError, LookupError, ValueError):  # or an encoding that there is not
        raise broken(package.path) from None


def local(node: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return node.tag.rpartition("}")[2]


def _table(root: ElementTree.Element | None, *path: str) -> Iterator[ElementTree.Element]:
    """The elements within the tables of these names."""
    nodes = [root] if root is not None else []
    for name in path:
        nodes = [child for node in nodes for child in node if local(child) == name]
    for node in nodes:
        yield from node


def _int(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _float(text: str | None, otherwise: float = 11.0) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError:
        return otherwise
