"""The submission in the official layout: a printed page for people, with a 校验码 that shows whether it was changed."""

from collections import Counter
from itertools import groupby
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
from xlpkg.writing.page import Box, Page, as_workbook
from xlpkg.writing.page_setup import row_height

_INDICATORS_WIDTH = 7.0
_WIDTHS = {"l1": 10.0, "l2": 14.0, "name": 22.0, "value": 20.0, "standard": 12.0}
_KIND_WIDTHS = {"number": 8.0, "money": 11.0, "choice": 11.0, "date": 13.0, "text": 14.0, "long": 20.0, "phone": 13.0}
_LEAST_COLUMNS = 6
_PAGE_POINTS = 720.0
_SEAL_SPACE = 115.0  # 4 cm for seal and signature


def write_submission(target: Path, report: Report) -> None:
    """Write the submission file, whole or not at all. Raises OSError if it cannot be written."""
    in_place(target, as_workbook(lay_out(report), SUBMISSION))


def write_word(target: Path, report: Report) -> None:
    """Write the submission as a Word document with the same page. Raises OSError if it cannot be written."""
    from xlpkg.writing.word_page import as_word

    in_place(target, as_word(lay_out(report), SUBMISSION))


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
        return (
            f"{SEAL_LABEL}：{seal}　{RESULT_LABEL}：{self.status}（错误{self.errors}条，提醒{self.warnings}条）"
            f"　{RULES_LABEL}：{self.rules}　{TEMPLATE_LABEL}：{profile.id} {self.template}"
        )

    @property
    def header(self) -> str:
        """What stands above every page, in Excel's codes."""
        return f"&C&18&B草　稿&B&10（还有{self.errors}条错误，不得报送）" if self.errors else ""

    def footer(self, profile: Profile, seal: str) -> str:
        """What stands below every page, in Excel's codes."""
        draft = "　草稿" if self.errors else ""
        return f"&C&9第&P页，共&N页　　{TEMPLATE_LABEL}：{profile.id} {self.template}　　{SEAL_LABEL}：{seal}{draft}"


def is_final(report: Report) -> bool:
    """No error findings: the sheet may be sent; otherwise it is a draft and says so."""
    return report.errors == 0


def lay_out(report: Report) -> Page:
    """The page of a checked declaration; it is a draft as long as there are errors."""
    evidence = report.evidence
    layout = _Layout(evidence.profile, report)
    layout.head()
    layout.table_head()
    layout.rows(evidence.in_form_order)
    layout.foot()
    return layout.page()


class _Field(NamedTuple):
    """A header field as it is printed."""

    label: str
    text: str
    style: str = "cell"


class _Layout:
    def __init__(self, profile: Profile, report: Report) -> None:
        self.profile, self.report, self.declaration = profile, report, report.evidence.declaration
        self.boxes: list[Box] = []
        self.heights: list[float] = []
        self.breaks: list[int] = []
        self.repeat = (0, 0)
        columns = profile.printed_columns
        self.last = max(len(columns), _LEAST_COLUMNS - 1)
        self.spans = {c: (n, n if n < len(columns) else self.last) for n, c in enumerate(columns, 1)}
        widths = [_INDICATORS_WIDTH, *(_width(profile, c) for c in columns)]
        self.widths = (*widths, *[_WIDTHS["standard"]] * (self.last + 1 - len(widths)))  # the last column takes what is left

    def _line(self, *cells: tuple[int, int, str, str], least: float = 24.0) -> int:
        """A row of boxes (first column, last column, text, style); its height fits its texts."""
        row = len(self.heights)
        self.boxes += [Box(text, row, left, row, right, style) for left, right, text, style in cells]
        self.heights.append(max(least, *(_points(text, sum(self.widths[left : right + 1])) for left, right, text, _ in cells)))
        return row

    def head(self) -> None:
        profile, header = self.profile, self.declaration.header
        title = profile.title.replace("{year}", tidy(header("year")))
        self._line((0, self.last, title, "title"), least=36)
        unit = f"{profile.label('unit')}：{tidy(header('unit'))}" if "unit" in profile.printed_fields else ""
        self._line((0, self.last - 1, unit, "plain"), (self.last, self.last, f"单位：{profile.money_unit}", "right"))
        fields = self._fields()
        for pair in (fields[n : n + 2] for n in range(0, len(fields), 2)):
            left, *other = pair
            cells = [(0, 1, left.label, "label"), (2, 2 if other else self.last, left.text, left.style)]
            cells += [c for f in other for c in ((3, 3, f.label, "label"), (4, self.last, f.text, f.style))]
            of_money = any(f.style == "text" for f in pair)
            self._line(*cells, least=24.0 if of_money else 30)
        for field in profile.printed_fields:
            if is_wide(profile, field):
                style = "text" if profile.kind_of(field) == "long" else "cell"
                self._line((0, 1, profile.label(field), "label"), (2, self.last, tidy(header(field)), style))

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
                found.append(_Field(profile.label(field), tidy(header(field))))
            elif field == upper[0]:
                lines = "\n".join(f"{profile.label(f)}：{tidy(header(f))}" for f in upper)
                found.append(_Field(profile.label("upper_funds"), lines, "text"))
        return found

    def table_head(self) -> None:
        row = self._line(*((left, right, self.profile.label(c), "head") for c, (left, right) in self.spans.items()))
        self.repeat = (row, row)

    def rows(self, rows: tuple[Row, ...]) -> None:
        """The indicator rows; category cells are merged, but not over the end of a page."""
        pages: list[list[tuple[int, Row]]] = [[]]
        used = sum(self.heights)
        l1_sizes, l2_sizes = Counter(r.l1 for r in rows), Counter((r.l1, r.l2) for r in rows)
        for row in rows:
            i = row.indicator
            value = tidy(i.value) if row.stop else row.target.canonical
            least = max(
                _points(row.l1, self.widths[1]) / l1_sizes[row.l1],
                _points(row.l2, self.widths[2]) / l2_sizes[row.l1, row.l2],
                24.0,
            )
            texts = {"name": tidy(i.name), "value": value, "standard": row.standard, **{k: tidy(v) for k, v in i.extra.items()}}
            cells = [(*span, texts.get(c, ""), "cell") for c, span in self.spans.items() if c not in ("l1", "l2")]
            line = self._line(*cells, least=least)
            if used + self.heights[line] > _PAGE_POINTS:
                pages.append([])
                self.breaks.append(line)
                used = self.heights[self.repeat[0]]
            used += self.heights[line]
            pages[-1].append((line, row))
        self._over([self.repeat[0], *(line for line, _ in pages[0])], 0, self.profile.label("indicators"), "label")
        for lines in pages[1:]:
            self._over([line for line, _ in lines], 0, self.profile.label("indicators"), "label")
        for lines in pages:
            for key, group in groupby(lines, lambda p: (p[1].category == "", p[1].l1)):
                of_l1 = list(group)
                self._over([line for line, _ in of_l1], 1, key[1] or NOT_FILLED, "cell")
                for l2, of_l2 in groupby(of_l1, lambda p: p[1].l2):
                    self._over([line for line, _ in of_l2], 2, l2 or NOT_FILLED, "cell")

    def _over(self, lines: list[int], column: int, text: str, style: str) -> None:
        self.boxes.append(Box(text, lines[0], column, lines[-1], column, style))

    def foot(self) -> None:
        profile, header = self.profile, self.declaration.header
        filler, phone = (f"{profile.label(f)}：{tidy(header(f))}" if f in profile.header else "" for f in ("filler", "phone"))
        day = f"{DATE_LABEL}：　　年　　月　　日"
        if filler or phone:
            self._line(
                (0, 2, filler or phone, "plain"), (3, 3, phone if filler else "", "plain"), (4, self.last, day, "plain"), least=30
            )
        else:
            self._line((0, self.last, day, "plain"), least=30)
        row = self._line((0, 3, f"{SIGN_LABEL}：", "plain"), (4, self.last, "（单位盖章）", "plain"))
        self.heights[row] = _SEAL_SPACE
        self._line((0, self.last, Verdict.of(self.report).line(profile, self.report.seal), "small"), least=18)

    def page(self) -> Page:
        verdict = Verdict.of(self.report)
        return Page(
            boxes=tuple(self.boxes), widths=self.widths, heights=tuple(self.heights), repeat=self.repeat,
            breaks=tuple(self.breaks), header=verdict.header, footer=verdict.footer(self.profile, self.report.seal),
        )  # fmt: skip


def _width(profile: Profile, column: str) -> float:
    """A column's width in characters."""
    return _WIDTHS.get(column) or _KIND_WIDTHS[profile.kind_of(column)]


def _points(text: str, width: float) -> float:
    """The height of a text in a column of this width; the printed page has larger type than our tables, and more air."""
    return row_height([(text, (width - 1) * 0.95)], least=0, lost=0, extra=9)
