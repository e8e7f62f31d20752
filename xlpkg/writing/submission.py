"""The submission sheet in the official layout (DOMAIN 2.1): laid out as a page, read by people, verified by its 校验码."""

from collections import Counter
from itertools import groupby
from pathlib import Path

from xlpkg.audit.check import Report
from xlpkg.audit.facts.evidence import Row
from xlpkg.audit.rules.registry import VERSION
from xlpkg.files.write import in_place
from xlpkg.form.declaration import FUNDS
from xlpkg.form.profile import Profile
from xlpkg.form.text import tidy
from xlpkg.layout import NOT_FILLED, RESULT_LABEL, RULES_LABEL, SEAL_LABEL, SUBMISSION, TEMPLATE_LABEL, printed_columns
from xlpkg.writing import page
from xlpkg.writing.page import Box, Page
from xlpkg.writing.style import text_lines

_WIDTHS = (7.0, 10.0, 14.0, 22.0, 20.0, 12.0)
_LAST = len(_WIDTHS) - 1
_PAGE_POINTS = 720.0
_SEAL_SPACE = 115.0  # 4 cm for seal and signature


def write_submission(target: Path, report: Report) -> None:
    """Write the submission file, whole or not at all. Raises OSError if it cannot be written."""
    in_place(target, page.workbook(lay_out(report), SUBMISSION))


def is_final(report: Report) -> bool:
    """No error findings: the sheet may be sent; otherwise it is a draft and says so."""
    return report.errors == 0


def lay_out(report: Report) -> Page:
    """The page of a checked declaration: a draft as long as it has errors."""
    evidence = report.evidence
    layout = _Layout(evidence.profile, report)
    layout.head()
    layout.table_head()
    layout.rows(evidence.in_form_order)
    layout.foot()
    return layout.page()


class _Layout:
    def __init__(self, profile: Profile, report: Report) -> None:
        self.profile, self.report, self.declaration = profile, report, report.evidence.declaration
        self.boxes: list[Box] = []
        self.heights: list[float] = []
        self.breaks: list[int] = []
        self.repeat = (0, 0)

    def _line(self, *cells: tuple[int, int, str, str], least: float = 24.0) -> int:
        """A row of boxes (first column, last column, text, style); its height fits its texts."""
        row = len(self.heights)
        self.boxes += [Box(text, row, left, row, right, style) for left, right, text, style in cells]
        self.heights.append(max(least, *(_points(text, sum(_WIDTHS[left : right + 1])) for left, right, text, _ in cells)))
        return row

    def head(self) -> None:
        profile, header = self.profile, self.declaration.header
        title = profile.title.replace("{year}", tidy(header("year")))
        self._line((0, _LAST, title, "title"), least=36)
        self._line(
            (0, 4, f"{profile.label('unit')}：{tidy(header('unit'))}", "plain"),
            (_LAST, _LAST, f"单位：{profile.money_unit}", "right"),
        )
        self._line(
            (0, 1, profile.label("project"), "label"), (2, 2, tidy(header("project")), "cell"),
            (3, 3, profile.label("department"), "label"), (4, 5, tidy(header("department")), "cell"),
            least=30,
        )  # fmt: skip
        funds = "\n".join(f"{profile.label(f)}：{tidy(header(f'upper_funds.{f}'))}" for f in FUNDS)
        self._line(
            (0, 1, profile.label("budget_wan"), "label"), (2, 2, tidy(header("budget_wan")), "cell"),
            (3, 3, profile.label("upper_funds"), "label"), (4, 5, funds, "text"),
        )  # fmt: skip
        for field in ("period", "long_goal", "year_goal"):
            style = "cell" if field == "period" else "text"
            self._line((0, 1, profile.label(field), "label"), (2, _LAST, tidy(header(field)), style))

    def table_head(self) -> None:
        profile = self.profile
        columns = printed_columns(profile)
        spans = [(i + 1, i + 1) for i in range(len(columns) - 1)]
        spans.append((len(columns), _LAST))  # where there is no standard the value has its room
        row = self._line(*((*span, profile.label(c), "head") for span, c in zip(spans, columns, strict=True)))
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
                _points(row.l1, _WIDTHS[1]) / l1_sizes[row.l1], _points(row.l2, _WIDTHS[2]) / l2_sizes[row.l1, row.l2], 24.0
            )  # fmt: skip
            standard = [(5, 5, row.standard, "cell")] if self.profile.standards else []
            last = 4 if standard else _LAST
            line = self._line((3, 3, tidy(i.name), "cell"), (4, last, value, "cell"), *standard, least=least)
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
        profile, header, report = self.profile, self.declaration.header, self.report
        filler, phone = (f"{profile.label(f)}：{tidy(header(f))}" for f in ("filler", "phone"))
        self._line((0, 2, filler, "plain"), (3, 3, phone, "plain"), (4, 5, "填报日期：　　年　　月　　日", "plain"), least=30)
        row = self._line((0, 3, "单位负责人签字：", "plain"), (4, 5, "（单位盖章）", "plain"))
        self.heights[row] = _SEAL_SPACE
        counts = f"错误{report.errors}条，提醒{report.warnings}条"
        facts = (
            f"{SEAL_LABEL}：{report.seal}　{RESULT_LABEL}：{report.status}（{counts}）　{RULES_LABEL}：{VERSION}"
            f"　{TEMPLATE_LABEL}：{profile.id} {profile.template}"
        )
        self._line((0, _LAST, facts, "small"), least=18)

    def page(self) -> Page:
        report, profile = self.report, self.profile
        draft = "" if is_final(report) else f"&C&18&B草　稿&B&10（还有{report.errors}条错误，不得报送）"
        footer = f"&C&9第&P页，共&N页　　{TEMPLATE_LABEL}：{profile.id} {profile.template}　　{SEAL_LABEL}：{report.seal}" + (
            "" if is_final(report) else "　草稿"
        )
        return Page(
            boxes=tuple(self.boxes), widths=_WIDTHS, heights=tuple(self.heights), repeat=self.repeat,
            breaks=tuple(self.breaks), header=draft, footer=footer,
        )  # fmt: skip


def _points(text: str, width: float) -> float:
    """Height of a text in a column of this width."""
    return 15.0 * text_lines(text, (width - 1) * 0.95) + 9
