"""The submission in the official layout: a printed page for people, with a 校验码 that shows whether it was changed."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from math import floor
from pathlib import Path
from typing import NamedTuple

from xlpkg.audit.check import Report
from xlpkg.audit.facts.evidence import Row
from xlpkg.audit.rules.registry import VERSION
from xlpkg.files.write import in_place
from xlpkg.form.fields import UPPER
from xlpkg.form.profile import Profile
from xlpkg.form.text import tidy
from xlpkg.layout import (
    DATE_LABEL,
    NOT_FILLED,
    RESULT_LABEL,
    RULES_LABEL,
    SEAL_LABEL,
    SIGN_LABEL,
    SUBMISSION,
    TEMPLATE_LABEL,
    in_form_order,
    is_wide,
)
from xlpkg.writing.column_fit import fitted, lines_in
from xlpkg.writing.page import Box, Page, as_workbook

_ROOM = 99.0
"""Narrow characters across the page."""
_INDICATORS_WIDTH = 6.0
_LEAST_WIDTHS = {"l1": 10.0, "l2": 10.0, "name": 18.0, "value": 12.0, "standard": 10.0}
_ROOMY_L1 = 12.0
_KIND_WIDTHS = {"number": 6.0, "money": 9.0, "choice": 8.0, "date": 9.0, "text": 8.0, "long": 12.0, "phone": 9.0}
_LEAST_COLUMNS = 6
_PAGE_POINTS, _PIXEL = 765.0, 0.75
_LINE_POINTS = 18.0
_INDENTS = {"text": 3.0, "small": -28.0}
"""Narrow characters that a style takes from its cells; the small type of the last line has room for more."""
_MOST_STRETCH = 12.0
"""Points by which a row of the table may grow, so that a page ends at its foot."""
_SEAL_SPACE, _LEAST_SEAL_SPACE = 115.0, 95.0
"""Points for the seal, which is 4 cm wide, and the signature; with less of them the seal goes over the line above."""
_WITH_FOOT = 3
"""Rows of the table that go to a new page together with the foot, which never stands there alone."""


def write_submission(target: Path, report: Report) -> None:
    """Write the submission file, whole or not at all. Raises OSError if it cannot be written."""
    in_place(target, as_workbook(lay_out(report), SUBMISSION))


def write_word(target: Path, report: Report) -> None:
    """Write the submission as a Word document with the same page. Raises OSError if it cannot be written."""
    from xlpkg.writing.word_page import as_word

    in_place(target, as_word(lay_out(report), SUBMISSION))


NO_ERRORS = "无错误"
"""The result on a sheet that is signed: nobody puts a name below a count of warnings."""


class Verdict(NamedTuple):
    """What a check said, as it is printed below the table: status, how many errors and warnings, the versions it rests on."""

    status: str
    errors: int
    warnings: int
    rules: str
    template: str

    @classmethod
    def of(cls, report: Report) -> "Verdict":
        return cls(report.status, report.errors, report.warnings, VERSION, report.evidence.profile.template)

    def line(self, profile: Profile, seal: str) -> str:
        """The line below the table."""
        counts = f"{self.status}（错误{self.errors}条，提醒{self.warnings}条）"
        return (
            f"{SEAL_LABEL}：{seal}　{RESULT_LABEL}：{counts if self.errors else NO_ERRORS}"
            f"　{RULES_LABEL}：{self.rules}　{TEMPLATE_LABEL}：{profile.id} {self.template}"
        )

    @property
    def header(self) -> str:
        """What stands above every page, in Excel's codes."""
        return f"&C&14&B草　稿&B&10（还有{self.errors}条错误，不得报送）" if self.errors else ""

    def footer(self, profile: Profile, seal: str) -> str:
        """What stands below every page, in Excel's codes."""
        draft = "　草稿" if self.errors else ""
        return f"&C&9第&P页，共&N页　　{TEMPLATE_LABEL}：{profile.id} {self.template}　　{SEAL_LABEL}：{seal}{draft}"


def is_final(report: Report) -> bool:
    """No error findings: the sheet may be sent; otherwise it is a draft and says so."""
    return report.errors == 0


def lay_out(report: Report) -> Page:
    """The page of a checked declaration; it is a draft as long as there are errors.

    The labels at the left have room for eight characters where that takes no page more: with less of it
    “该项目支出上级资金（分级填报）” leaves a bracket alone in its last line.
    """
    page = _laid_out(report, _ROOMY_L1)
    if page.breaks:
        narrow = _laid_out(report, _LEAST_WIDTHS["l1"])
        return narrow if len(narrow.breaks) < len(page.breaks) else page
    return page


def _laid_out(report: Report, least_l1: float) -> Page:
    evidence = report.evidence
    layout = _Layout(evidence.profile, report, least_l1)
    layout.head()
    layout.table_head()
    layout.rows(evidence.in_form_order)
    return layout.page()


class _Field(NamedTuple):
    """A header field as it is printed."""

    label: str
    text: str
    style: str = "cell"
    is_money: bool = False


class _Layout:
    def __init__(self, profile: Profile, report: Report, least_l1: float) -> None:
        self.profile, self.report, self.declaration = profile, report, report.evidence.declaration
        self.least_l1 = least_l1
        self.boxes: list[Box] = []
        self.heights: list[float] = []
        self.breaks: list[int] = []
        self.repeat = (0, 0)
        columns = profile.printed_columns
        self.last = max(len(columns), _LEAST_COLUMNS - 1)
        self.spans = {c: (n, n if n < len(columns) else self.last) for n, c in enumerate(columns, 1)}
        spare = self.last - len(columns)  # the last column goes over the columns that are left
        widths = self._widths(columns)
        last = widths.pop(columns[-1]) / (spare + 1)
        self.widths = (_INDICATORS_WIDTH, *widths.values(), *[last] * (spare + 1))

    def _widths(self, columns: tuple[str, ...]) -> dict[str, float]:
        """The widths of the table's columns, by what stands in them."""
        profile, rows = self.profile, self.report.evidence.in_form_order
        least_widths = {**_LEAST_WIDTHS, "l1": self.least_l1}
        least = {c: least_widths.get(c) or _KIND_WIDTHS[profile.kind_of(c)] for c in columns}
        single = [c for c in columns if c not in ("l1", "l2")]
        texts = [{c: text for c, text in self._texts(row).items() if c in single} for row in rows]
        merged = {"l1": list(Counter(r.l1 for r in rows).items()), "l2": list(Counter(r.l2 for r in rows).items())}
        heads = {c: profile.label(c) for c in columns}
        return fitted([heads, *texts], merged, least, _ROOM - _INDICATORS_WIDTH, "name")

    def _texts(self, row: Row) -> dict[str, str]:
        """What is printed of a row, categories aside."""
        i = row.indicator
        value = tidy(i.value) if row.stop else row.target.canonical
        return {"name": tidy(i.name), "value": value, "standard": row.standard, **{k: tidy(v) for k, v in i.extra.items()}}

    def _line(self, *cells: tuple[int, int, str, str], least: float = _LINE_POINTS) -> int:
        """A row of boxes (first column, last column, text, style); its height fits its texts."""
        row = len(self.heights)
        self.boxes += [Box(text, row, left, row, right, style) for left, right, text, style in cells]
        self.heights.append(
            max(least, *(_points(text, self._width(left, right) - _INDENTS.get(style, 0)) for left, right, text, style in cells))
        )
        return row

    def _width(self, left: int, right: int) -> float:
        return sum(self.widths[left : right + 1])

    def head(self) -> None:
        profile, header = self.profile, self.declaration.header
        title = profile.title.replace("{year}", tidy(header("year")))
        self._line((0, self.last, title, "title"), least=32)
        unit = f"{profile.label('unit')}：{tidy(header('unit'))}" if "unit" in profile.printed_fields else ""
        self._line((0, self.last - 2, unit, "plain"), (self.last - 1, self.last, f"单位：{profile.money_unit}", "right"))
        fields = self._fields()
        while fields:
            left = fields.pop(0)
            if fields and self._side_by_side(left, fields[0]):
                right = fields.pop(0)
                beside = [(4, 4, right.label, "label"), (5, self.last, right.text, right.style)]
                self._line((0, 1, left.label, "label"), (2, 3, left.text, left.style), *beside)
            else:
                self._line((0, 1, left.label, "label"), (2, self.last, left.text, left.style))
        for field in profile.printed_fields:
            if is_wide(profile, field):
                style = "text" if profile.kind_of(field) == "long" else "cell"
                self._line((0, 1, profile.label(field), "label"), (2, self.last, tidy(header(field)), style))

    def _side_by_side(self, left: _Field, right: _Field) -> bool:
        """Two fields fit beside each other, each in the lines that it takes anyhow."""
        places = ((left.text, 2, 3), (right.label, 4, 4), (right.text, 5, self.last))
        indent = max(_INDENTS.get(f.style, 0) for f in (left, right))
        tallest = max(_points(left.text, _ROOM), _points(right.text, _ROOM))
        return left.is_money == right.is_money and all(
            _points(text, self._width(first, last) - indent) <= tallest for text, first, last in places
        )

    def _fields(self) -> list[_Field]:
        """The fields that stand two in a row: names, further fields, money; the upper funds share a cell."""
        profile, header = self.profile, self.declaration.header
        elsewhere = {"unit", "filler", "phone", *(("year",) if "{year}" in profile.title else ())}
        found: list[_Field] = []
        upper = [f for f in UPPER if f in profile.printed_fields]
        for field in in_form_order(profile):
            if field in elsewhere or is_wide(profile, field) or field not in profile.printed_fields:
                continue
            if field not in upper:
                is_money = profile.kind_of(field) == "money"
                found.append(_Field(profile.label(field), tidy(header(field)), is_money=is_money))
            elif field == upper[0]:
                lines = "\n".join(f"{profile.label(f)}：{tidy(header(f))}" for f in upper)
                found.append(_Field(profile.label("upper_funds"), lines, "text", is_money=True))
        return found

    def table_head(self) -> None:
        heads = ((left, right, self.profile.label(c), "head") for c, (left, right) in self.spans.items())
        row = self._line((0, 0, "指标", "head"), *heads)
        self.repeat = (row, row)

    def rows(self, rows: tuple[Row, ...]) -> None:
        """The indicator rows and the foot; category cells are merged, but not over the end of a page."""
        lines = []
        for row in rows:
            texts = self._texts(row)
            cells = [(*span, texts.get(c, ""), "cell") for c, span in self.spans.items() if c not in ("l1", "l2")]
            lines.append((self._line(*cells), row))
        first_of_foot = self.foot()
        for page in self._pages(lines, first_of_foot):
            for column, text, over in self._categories(page):
                self._over(over, column, text, "cell" if column else "label")

    def _categories(self, page: list[tuple[int, Row]]) -> Iterator[tuple[int, str, list[int]]]:
        """The cells of a page that go over several rows: column, text and rows."""
        yield 0, self.profile.label("indicators"), [line for line, _ in page]
        for key, group in groupby(page, lambda p: (p[1].category == "", p[1].l1)):
            of_l1 = list(group)
            yield 1, key[1] or NOT_FILLED, [line for line, _ in of_l1]
            for l2, of_l2 in groupby(of_l1, lambda p: p[1].l2):
                yield 2, l2 or NOT_FILLED, [line for line, _ in of_l2]

    def _on_a_page(self, page: list[tuple[int, Row]]) -> dict[int, float]:
        """The heights of rows that stand on one page: their categories' names fit as well."""
        heights = {line: self.heights[line] for line, _ in page}
        for column, text, over in self._categories(page):
            missing = _points(text, self.widths[column]) - sum(heights[line] for line in over)
            for line in over if missing > 0 else ():
                heights[line] += missing / len(over)
        return heights

    def _pages(self, lines: list[tuple[int, Row]], first_of_foot: int) -> list[list[tuple[int, Row]]]:
        """The rows by pages. A page is full before the next one begins; the foot stands below the last rows."""
        pages: list[list[tuple[int, Row]]] = [[]]
        for line in lines:
            if pages[-1] and self._left([*pages[-1], line], first=len(pages) == 1) < 0:
                pages.append([])
            pages[-1].append(line)
        left, foot, seal = self._left(pages[-1], first=len(pages) == 1), sum(self.heights[first_of_foot:]), first_of_foot + 1
        if left < foot <= left + _SEAL_SPACE - _LEAST_SEAL_SPACE:
            self.heights[seal] -= foot - left + _PIXEL
        elif left < foot and len(pages[-1]) > _WITH_FOOT:
            pages[-1:] = [pages[-1][:-_WITH_FOOT], pages[-1][-_WITH_FOOT:]]
        for n, page in enumerate(pages):
            more = min(self._left(page, first=n == 0) / len(page), _MOST_STRETCH) if page is not pages[-1] else 0
            for number, height in self._on_a_page(page).items():
                self.heights[number] = floor((height + more) / _PIXEL) * _PIXEL  # a program rounds them, or a page gets too long
        self.breaks = [page[0][0] for page in pages[1:]]
        return [page for page in pages if page]

    def _left(self, page: list[tuple[int, Row]], *, first: bool) -> float:
        """The points that a page with these rows has left."""
        above = self.heights[: self.repeat[1] + 1] if first else [self.heights[self.repeat[0]]]
        return _PAGE_POINTS - sum(above) - sum(self._on_a_page(page).values())

    def _over(self, lines: list[int], column: int, text: str, style: str) -> None:
        self.boxes.append(Box(text, lines[0], column, lines[-1], column, style))

    def foot(self) -> int:
        """Filler, signature and seal, and what the sheet is; its rows stay together. The number of the first one."""
        first = len(self.heights)
        profile, header = self.profile, self.declaration.header
        filler, phone = (f"{profile.label(f)}：{tidy(header(f))}" if f in profile.header else "" for f in ("filler", "phone"))
        day = f"{DATE_LABEL}：　　年　月　日"
        if filler or phone:
            self._line(
                (0, 2, filler or phone, "plain"), (3, 3, phone if filler else "", "plain"), (4, self.last, day, "plain"), least=26
            )
        else:
            self._line((0, self.last, day, "plain"), least=26)
        row = self._line((0, 3, f"{SIGN_LABEL}：", "plain"), (4, self.last, "（单位盖章）", "plain"))
        self.heights[row] = _SEAL_SPACE
        self._line((0, self.last, Verdict.of(self.report).line(profile, self.report.seal), "small"), least=18)
        return first

    def page(self) -> Page:
        verdict = Verdict.of(self.report)
        return Page(
            boxes=tuple(self.boxes), widths=self.widths, heights=tuple(self.heights), repeat=self.repeat,
            breaks=tuple(self.breaks), header=verdict.header, footer=verdict.footer(self.profile, self.report.seal),
        )  # fmt: skip


def _points(text: str, width: float) -> float:
    """The height of a text in a column of this width; the printed page has larger type than our tables, and more air."""
    return 15.0 * lines_in(text, width) + 3
