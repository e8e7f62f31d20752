"""A submission as a person sees it, against what would be printed from its content: every difference in a sentence."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from xlpkg import word_as_printed
from xlpkg.audit.check import Report
from xlpkg.files.a1 import Cell, address
from xlpkg.files.look import Look, Text
from xlpkg.files.sheet import cell_names
from xlpkg.files.styles import Font
from xlpkg.files.word_look import WordLook
from xlpkg.form.text import norm
from xlpkg.layout import Places
from xlpkg.printed_verdict import PrintedVerdict
from xlpkg.reading.source import Source
from xlpkg.writing.page import INK, PAPER, Box, Page, type_size
from xlpkg.writing.page_setup import text_lines
from xlpkg.writing.submission import lay_out

_SMALLEST = 6.0
"""Points; smaller letters nobody reads on paper."""
_NEAR, _UNREADABLE = 48, 120
"""How far a colour may be from that of the page in each of its parts; how far ink must be from the fill to be read."""
_SEEN = 0.75
"""The part of a text's lines that must have room: programs break lines in different places."""
_LINE = 1.25
"""Of the size of letters: the height that a line takes at least."""
_CHARACTER = 10.5
"""The size of the letters that are as wide as the characters in which columns are measured."""
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MOST_LINES = 40


def differences(source: Source, report: Report, ours: Collection[str] = ()) -> tuple[str, ...]:
    """What a person sees of a submission, or does not see, that is not as it would be printed; nothing for other files.

    `ours` are sheets of the workbook that hold submissions as well. Widths and heights count only where a text cannot be seen.
    """
    if isinstance(source.look, WordLook):
        lines = word_as_printed.differences(source, report, source.look)
    elif source.look is None or source.places is None:
        return ()
    else:
        lines = _Comparison(source, report, source.look, source.places).lines(ours)
    found = list(dict.fromkeys(lines))
    rest = len(found) - _MOST_LINES
    return (*found[:_MOST_LINES], *((f"还有{rest}处与打印的不同。",) if rest > 0 else ()))


class _Expected(NamedTuple):
    """A text of the page, and where it would stand in this sheet."""

    box: Box
    cell: Cell


class _Comparison:
    def __init__(self, source: Source, report: Report, look: Look, places: Places) -> None:
        self.source, self.report, self.look = source, report, look
        self.page = lay_out(report)
        self.printed = PrintedVerdict(source, report, (t.text for t in look.texts))
        self.head = places.header_row
        self.body = set(places.rows.values())
        self.foot = max(self.body, default=self.head) + 1
        self.columns = {column: name for name, column in places.columns.items()}
        self.printed_foot = self.page.repeat[1] + 1 + len(report.evidence.in_form_order)

    def lines(self, ours: Collection[str]) -> Iterator[str]:
        look = self.look
        yield from _hidden(look)
        yield from self._looks()
        yield from self._words()
        yield from self._merged()
        yield from self._around_the_page()
        yield from self.printed.faults()
        for what, cells in _by_what(look.further).items():
            yield f"{'、'.join(cells)}{'有' if cells else '表上有'}{what}，打印的表上没有。"
        for name in look.sheets:
            if name not in ours:
                yield f"工作簿里还有“{name}”表，报送的文件只有申报表一张。"
        outside = [(t.row, t.column) for t in look.texts if look.printed and not any(_within(t, area) for area in look.printed)]
        if outside:
            yield f"打印区域没有包括{cell_names(outside)}，打印时看不到。"
        if look.filled:
            yield f"{cell_names(look.filled)}有底色或斜线，打印的表上没有。"

    # --- how the texts look ---

    def _looks(self) -> Iterator[str]:
        found: dict[str, list[Cell]] = {}
        gone = set(self.look.hidden_rows), set(self.look.hidden_columns)
        for text in self.look.texts:
            if (text.row in gone[0] and text.bottom == text.row) or (text.column in gone[1] and text.right == text.column):
                continue  # its row or column is told
            for what in self._of_text(text):
                found.setdefault(what, []).append((text.row, text.column))
        for what, cells in found.items():
            yield f"{cell_names(cells)}：{what}。"

    def _of_text(self, text: Text) -> Iterator[str]:
        if text.kind:
            yield f"是{text.kind}，打印的是文字"
        if text.shown != text.text:
            yield (
                f"数字格式让它显示成“{_short(text.shown)}”，内容是“{_short(text.text)}”"
                if text.shown
                else "数字格式让它什么也不显示"
            )
        if text.covered:
            yield f"被合并的单元格盖住，看不到“{_short(text.text)}”"
        if _TURNING.search(text.text):
            yield "文字里有改变方向的符号，看到的次序和内容不同"
        yield from (f"{odd}，与打印的不同" for odd in text.style.odd)
        if _distance(text.style.fill, PAPER) > _NEAR // 4:
            yield "有底色，打印的是白底"
        for font in dict.fromkeys(text.fonts):
            yield from _of_font(font, text.style.fill)
        if not text.covered and (seen := _seen(text)) < _SEEN and seen < _SEEN * self._seen_on_paper(text):
            yield "格子太小，文字显示不全" if seen else "格子太小，看不到文字"

    def _seen_on_paper(self, text: Text) -> float:
        """Which part of this text the page itself shows: of a very long one not all."""
        words = norm(text.text)
        return min((_shown_of(b, self.page) for b in self.page.boxes if norm(b.text) == words), default=1.0)

    # --- the words around the content ---

    def _expected(self, boxes: Iterable[Box]) -> Iterator[_Expected]:
        down = self.head - self.page.repeat[0]
        below = self.foot - self.printed_foot
        for box in boxes:
            if box.text:
                row = box.top + (down if box.top < self.printed_foot else below)
                yield _Expected(box, (row, box.left))

    def _words(self) -> Iterator[str]:
        """Texts that the page does not have, and those of the page that are gone or others."""
        page = self.page
        in_body = [b for b in page.boxes if page.repeat[1] < b.top < self.printed_foot]
        beside = {norm(b.text) for b in page.boxes if b.left not in self.columns and b.top < self.printed_foot <= b.bottom + 1}
        beside |= {norm(b.text) for b in in_body if b.left not in self.columns}
        texts = [t for t in self.look.texts if not t.covered]
        around = [t for t in texts if not (t.row in self.body and t.column in self.columns)]
        extra: list[Text] = []
        for expected, found in (
            ([b for b in page.boxes if b.top < page.repeat[0]], [t for t in around if t.row < self.head]),
            ([b for b in page.boxes if page.repeat[0] <= b.top <= page.repeat[1]], [t for t in around if t.row == self.head]),
            ([b for b in page.boxes if b.top >= self.printed_foot], [t for t in around if t.row >= self.foot]),
        ):
            yield from self._region(list(self._expected(expected)), found, extra)
        extra += [t for t in around if self.head < t.row < self.foot and norm(t.text) not in beside]
        extra.sort(key=lambda t: (t.row, t.column))
        yield from (f"{address(t.row, t.column)}多出文字“{_short(t.text)}”，打印的表上没有。" for t in extra)

    def _region(self, expected: Sequence[_Expected], found: Sequence[Text], extra: list[Text]) -> Iterator[str]:
        """The texts of one part of the sheet against those of the page; what is too much goes to `extra`."""
        missing = list(expected)
        left: list[Text] = []
        for text in found:
            same = [e for e in missing if self._says(text, e)]
            match = next((e for e in same if e.cell == (text.row, text.column)), same[0] if same else None)
            if match is None:
                left.append(text)
                continue
            missing.remove(match)
            if match.cell == (text.row, text.column) and match.box.right != text.right:
                yield f"{address(*match.cell)}的合并范围与打印的不同。"
        for text in left:
            there = next((e for e in missing if e.cell == (text.row, text.column)), None)
            if there is None:
                extra.append(text)
                continue
            missing.remove(there)
            yield f"{address(*there.cell)}应为“{_short(self.printed.wanted(there.box.text))}”，现在是“{_short(text.text)}”。"
        for gone in missing:
            if gone.box.text != self.printed.own_line or self.source.seal:
                yield f"{address(*gone.cell)}少了“{_short(self.printed.wanted(gone.box.text))}”。"

    def _says(self, text: Text, expected: _Expected) -> bool:
        return norm(text.text) == norm(self.printed.wanted(expected.box.text))

    # --- merged cells of the table ---

    def _merged(self) -> Iterator[str]:
        """The cells of a category are one, but on every page anew; all others stand alone."""
        spans = {b.left: b.right for b in self.page.boxes if b.top == self.page.repeat[0]}
        in_table = [t for t in self.look.texts if t.row in self.body and t.column in self.columns and not t.covered]
        groups = {name: sorted(t for t in in_table if self.columns[t.column] == name) for name in ("l1", "l2")}
        first = {t.row for t in groups["l1"]}
        for name, texts in groups.items():
            torn = [
                (b.row, b.column) for a, b in pairwise(texts)
                if norm(a.text) == norm(b.text) and b.row not in self.look.breaks and not (name == "l2" and b.row in first)
            ]  # fmt: skip
            if torn:
                yield f"{cell_names(torn)}与上面的格子原来是合并的，现在拆开了。"
        others = [
            (t.row, t.column) for t in in_table
            if t.right != spans.get(t.column, t.right) or (t.bottom > t.row and self.columns[t.column] not in groups)
        ]  # fmt: skip
        if others:
            yield f"{cell_names(others)}的合并范围与打印的不同。"

    # --- above and below every page ---

    def _around_the_page(self) -> Iterator[str]:
        for where, text, plain in self.look.page:
            wanted = self.printed.said[where]
            if not plain:
                yield f"{where}的字看不清（太小或不是黑色）。"
            if norm(text) != norm(wanted):
                yield f"{where}应为“{_short(wanted)}”，现在是“{_short(text)}”。" if wanted else f"{where}多出“{_short(text)}”。"


def _hidden(look: Look) -> Iterator[str]:
    rows, columns = look.hidden_rows, look.hidden_columns
    if rows:
        yield f"第{_ranges([r + 1 for r in rows])}行被隐藏或高度为零，看不到内容。"
    if columns:
        names = "、".join(address(0, c)[:-1] for c in columns[:20])
        yield f"{names}列被隐藏或宽度为零，看不到内容。"


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 7 → "1—3、7"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return "、".join(str(a) if a == b else f"{a}—{b}" for a, b in found[:20])


def _by_what(further: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for what, cell in further:
        found.setdefault(what, []).extend([cell] if cell else [])
    return {what: [*cells[:10], *(["等处"] if len(cells) > 10 else [])] for what, cells in found.items()}


def _of_font(font: Font, fill: str) -> Iterator[str]:
    if _distance(font.ink, fill) < _UNREADABLE:
        yield "字和底色几乎一样，看不见"
    elif _distance(font.ink, INK) > _NEAR:
        yield "字不是黑色"
    if font.size < _SMALLEST:
        yield f"字号只有{font.size:g}，看不清"
    if font.struck:
        yield "文字带删除线"
    if font.raised:
        yield "有上标或下标，看到的和内容不同"
    if font.symbols:
        yield "用的是符号字体，看到的不是这些文字"


def _distance(one: str, other: str) -> int:
    """How far two colours are apart in the part in which they differ most."""
    try:
        pairs = [(int(one[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (0, 2, 4)]
    except ValueError:
        return 255
    return max(abs(a - b) for a, b in pairs)


def _seen(text: Text) -> float:
    """The part of a text's lines that its cells have room for, 1 where they fit."""
    size = max((font.size for font in text.fonts), default=_CHARACTER)
    room = (text.width - 0.7 - 1.3 * text.style.indent) * _CHARACTER / max(size, 1.0)
    if not text.style.wrapped:
        longest = max(len(line.encode("gb18030", "replace")) for line in text.text.split("\n"))
        return min(1.0, max(room, 0.0) / longest) if text.height >= 0.8 * size else 0.0
    if room < 1:
        return 0.0
    if text.fitted:
        return 1.0
    return _part(text_lines(text.text, room), size, text.height)


def _shown_of(box: Box, page: Page) -> float:
    """The part of a text's lines that the page has room for."""
    size = type_size(box.style)
    width, height = sum(page.widths[box.left : box.right + 1]), sum(page.heights[box.top : box.bottom + 1])
    return _part(text_lines(box.text, max((width - 2.0) * _CHARACTER / size, 1)), size, height)


def _part(lines: int, size: float, height: float) -> float:
    """The part of so many lines that a height in points has room for."""
    return min(1.0, height / (_LINE * size * lines)) if height >= 0.8 * size else 0.0


def _within(text: Text, area: tuple[Cell, Cell]) -> bool:
    (top, left), (bottom, right) = area
    return top <= text.row and text.bottom <= bottom and left <= text.column and text.right <= right


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:30] + "……"
