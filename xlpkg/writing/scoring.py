"""The sheet 审核表 of a checked copy: points proposed from the findings, open cells for what the reviewer decides."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from xlpkg.audit.check import Report
from xlpkg.audit.rules import RULES
from xlpkg.audit.scoring import Score, Taken, scores
from xlpkg.form.numbers import plain
from xlpkg.form.profile import Profile, Scoring
from xlpkg.form.text import tidy
from xlpkg.layout import SEAL_LABEL
from xlpkg.writing.page_setup import row_height, set_up_page, text_height
from xlpkg.writing.style import AMBER, AMBER_INK, GREEN, GREEN_INK, RED, RED_INK
from xlpkg.writing.table_sheet import Column, Columns, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

COLUMNS = Columns({
    "block": Column("审核内容", 12, "label"),
    "line": Column("审核要点", 12, "cell_center"),
    "question": Column("要求", 28, "cell"),
    "full": Column("分值", 7, "cell_center"),
    "points": Column("建议得分", 9, "ours"),
    "grade": Column("等级", 7, "cell_center"),
    "basis": Column("依据", 32, "cell"),
})  # fmt: skip
_HEADER_ROW, HEAD_ROW = 2, 5
FIRST_ROW = HEAD_ROW + 1
BY_PERSON = "由审核人填写"
NOTHING = "没有错误和提醒"
_OPINION, _SIGNATURE = 110, 34


def write_scoring(book: "Workbook", sheet: "Worksheet", report: Report) -> None:
    """Write the proposal of a checked declaration."""
    profile, found = report.evidence.profile, scores(report)
    table = TableSheet(book, sheet, COLUMNS, HEAD_ROW)
    _write_head(table, report)
    _write_blocks(table, found)
    for row, score in enumerate(found, FIRST_ROW):
        _write_line(table, row, score, profile.scoring)
    total = FIRST_ROW + len(found)
    _write_total(table, total, found)
    _write_foot(table, total + 1)
    _guide_the_reviewer(table, total - 1, profile.scoring)
    set_up_page(sheet, portrait=True)
    sheet.fit_to_pages(1, 1)  # one form, signed at its foot
    sheet.center_horizontally()
    sheet.set_margins(left=0.5, right=0.5)


def _write_head(table: TableSheet, report: Report) -> None:
    """Title, what the points are, whose form it is, and the heads of the columns."""
    profile, header = report.evidence.profile, report.evidence.declaration.header
    note = _note(profile)
    table.title("绩效目标审核表（建议）", note, "hint", height=text_height(note, COLUMNS.widths))
    lines = (
        (profile.label("project"), tidy(header("project")), profile.label("year"), tidy(header("year"))),
        (profile.label("unit"), tidy(header("unit")), SEAL_LABEL, report.seal),
    )
    for row, (label, text, other_label, other) in enumerate(lines, _HEADER_ROW):
        table.cell(row, "block", label)
        table.over(row, "line", "question", text, "cell")
        table.over(row, "full", "points", other_label, "label")
        table.over(row, "grade", "basis", other, "cell")
        widths = (COLUMNS.width("block", "block"), COLUMNS.width("line", "question"), COLUMNS.width("grade", "basis"))
        table.sheet.set_row(row, row_height(zip((label, text, other), widths, strict=True), least=24))
    table.sheet.set_row(HEAD_ROW - 1, 8)
    table.heads(height=24)


def _note(profile: Profile) -> str:
    """What the points are: a proposal, and how it was reckoned."""
    scheme = profile.scoring
    return (
        f"建议得分由检查结果推算：每条错误减{plain(scheme.error)}分，每条提醒减{plain(scheme.warning)}分，减完为止，提示不减分。"
        f"建议得分只供参考，得分和等级由审核人决定，可以直接改；标明“{BY_PERSON}”的各行，本工具不作判断。"
        "本表只反映制作本检查稿时的内容，改过以后请重新检查。"
    )


def _write_blocks(table: TableSheet, found: Sequence[Score]) -> None:
    """The first column: a block over its lines, with its points."""
    row = FIRST_ROW
    for block, lines in groupby(found, lambda score: score.block):
        group = list(lines)
        text = f"{block}\n（{plain(sum((score.full for score in group), Decimal(0)))}分）"
        if len(group) == 1:
            table.cell(row, "block", text)
        else:
            table.over(row, "block", "block", text, "label", down_to=row + len(group) - 1)
        row += len(group)


def _write_line(table: TableSheet, row: int, score: Score, scheme: Scoring) -> None:
    """One line; grey points are proposed, white ones left open. The grade follows points that are typed."""
    basis = BY_PERSON if score.points is None else _basis(score.taken)
    table.cell(row, "line", score.line)
    table.cell(row, "question", score.question)
    table.cell(row, "full", float(score.full))
    if score.points is None:
        table.cell(row, "points", None, "cell_center")
        table.cell(row, "basis", basis, "open_note")
    else:
        table.cell(row, "points", float(score.points))
        table.cell(row, "basis", basis)
    table.formula(row, "grade", _grade_formula(row, scheme), score.grade)
    texts = ((score.question, COLUMNS.width("question", "question")), (basis, COLUMNS.width("basis", "basis")))
    table.sheet.set_row(row, row_height(texts, least=36))


def _basis(taken: Sequence[Taken]) -> str:
    """The rules that took points by their names, with their counts: "比率超过100% 错误7条；…"."""
    return "；".join(f"{RULES[t.rule].name} {_counts(t)}" for t in taken) or NOTHING


def _counts(taken: Taken) -> str:
    counts = (("错误", taken.errors), ("提醒", taken.warnings))
    return "、".join(f"{word}{count}条" for word, count in counts if count)


def _grade_formula(row: int, scheme: Scoring) -> str:
    """The grade of the points in this row, "" as long as there are none."""
    points, full = (f"{COLUMNS.letter(name)}{row + 1}" for name in ("points", "full"))
    grade = '""'
    for step in sorted(scheme.grades, key=lambda g: g.from_percent):
        grade = f'IF({points}*100>={full}*{step.from_percent},"{step.name}",{grade})'
    return f'=IF(ISNUMBER({points}),{grade},"")'


def _write_total(table: TableSheet, row: int, found: Sequence[Score]) -> None:
    """The sum of the points there are, beside the full points of the same lines."""
    given = [score for score in found if score.points is not None]
    full = sum((score.full for score in given), Decimal(0))
    points = sum((score.points or Decimal(0) for score in given), Decimal(0))
    all_points, all_full = (f"{COLUMNS.letter(name)}{FIRST_ROW + 1}:{COLUMNS.letter(name)}{row}" for name in ("points", "full"))
    table.over(row, "block", "question", "合计（只计已有得分的各行）", "total_center")
    table.formula(row, "full", f'=SUMIF({all_points},">=0",{all_full})', float(full), "total_center")
    table.formula(row, "points", f"=SUM({all_points})", float(points), "total_center")
    table.cell(row, "grade", None, "total_center")
    everything = sum((score.full for score in found), Decimal(0))
    table.cell(row, "basis", f"全部各行满分{plain(everything)}分", "total_center")
    table.sheet.set_row(row, 28)


def _write_foot(table: TableSheet, row: int) -> None:
    """The reviewer's opinion, signature and date, left open."""
    for place, (label, height) in enumerate((("审核意见", _OPINION), ("审核人签字", _SIGNATURE)), row):
        table.cell(place, "block", label)
        table.sheet.set_row(place, height)
    table.over(row, "line", "basis", "", "input_top")
    table.over(row + 1, "line", "question", "", "cell")
    table.over(row + 1, "full", "points", "日期", "label")
    table.over(row + 1, "grade", "basis", "　　　　年　　月　　日", "cell_center")


def _guide_the_reviewer(table: TableSheet, last: int, scheme: Scoring) -> None:
    """Points lie between 0 and the line's full points; the two lowest grades are red and amber, the others green."""
    points, grade = COLUMNS.at("points"), COLUMNS.at("grade")
    table.sheet.data_validation(
        FIRST_ROW, points, last, points,
        {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": f"=${table.here('full')}",
         "error_title": "请核对", "error_message": "得分是0到本行分值之间的数字。"},
    )  # fmt: skip
    steps = sorted(scheme.grades, key=lambda g: g.from_percent)
    colours = [(RED, RED_INK), (AMBER, AMBER_INK), *[(GREEN, GREEN_INK)] * len(steps)]
    for step, colour in zip(steps, colours, strict=False):
        rule = {"type": "cell", "criteria": "==", "value": f'"{step.name}"', "format": table.formats.conditional(*colour)}
        table.sheet.conditional_format(FIRST_ROW, grade, last, grade, rule)
