"""The sheet 审核表 of a checked copy: points proposed from the findings, open cells for what the reviewer decides."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from xlpkg.audit.check import Report
from xlpkg.audit.scoring import Score, Taken, scores
from xlpkg.form.numbers import plain
from xlpkg.form.profile import Profile, Scoring
from xlpkg.form.text import tidy
from xlpkg.layout import SEAL_LABEL
from xlpkg.writing.style import AMBER, AMBER_INK, GREEN, GREEN_INK, RED, RED_INK, Formats, text_lines

COLUMNS = {"审核内容": 12, "审核要点": 12, "要求": 28, "分值": 7, "建议得分": 9, "等级": 7, "依据": 32}
"""Heads and widths; the lines stand from FIRST_ROW on."""
_WIDTHS = tuple(COLUMNS.values())
_BLOCK, _LINE, _QUESTION, _FULL, _POINTS, _GRADE, _BASIS = range(len(COLUMNS))
_NOTE_ROW, _HEADER_ROW, HEAD_ROW = 1, 2, 5
FIRST_ROW = HEAD_ROW + 1
BY_PERSON = "由审核人填写"
NOTHING = "没有错误和提醒"
_HIGHEST = 400.0  # Excel's rows end at 409 points
_OPINION, _SIGNATURE = 110, 34


def write_scoring(book: Any, sheet: Any, report: Report) -> None:
    """Write the proposal of a checked declaration."""
    profile, formats, found = report.evidence.profile, Formats(book), scores(report)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    _write_head(sheet, report, formats)
    _write_blocks(sheet, found, formats)
    for row, score in enumerate(found, FIRST_ROW):
        _write_line(sheet, row, score, profile.scoring, formats)
    total = FIRST_ROW + len(found)
    _write_total(sheet, total, found, formats)
    _write_foot(sheet, total + 1, formats)
    _guide_the_reviewer(sheet, total - 1, profile.scoring, formats)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.5, right=0.5)
    sheet.set_footer("&C第&P页，共&N页")


def _write_head(sheet: Any, report: Report, formats: Formats) -> None:
    """Title, what the points are, whose form it is, and the heads of the columns."""
    profile, header = report.evidence.profile, report.evidence.declaration.header
    sheet.merge_range(0, 0, 0, _BASIS, "绩效目标审核表（建议）", formats["title"])
    sheet.set_row(0, 32)
    note = _note(profile)
    sheet.merge_range(_NOTE_ROW, 0, _NOTE_ROW, _BASIS, note, formats["hint"])
    sheet.set_row(_NOTE_ROW, _height((note, sum(_WIDTHS))))
    lines = (
        (profile.label("project"), tidy(header("project")), profile.label("year"), tidy(header("year"))),
        (profile.label("unit"), tidy(header("unit")), SEAL_LABEL, report.seal),
    )
    for row, (label, text, other_label, other) in enumerate(lines, _HEADER_ROW):
        sheet.write_string(row, _BLOCK, label, formats["label"])
        sheet.merge_range(row, _LINE, row, _QUESTION, text, formats["cell"])
        sheet.merge_range(row, _FULL, row, _POINTS, other_label, formats["label"])
        sheet.merge_range(row, _GRADE, row, _BASIS, other, formats["cell"])
        sheet.set_row(row, _height((label, _WIDTHS[_BLOCK]), (text, sum(_WIDTHS[_LINE:_FULL])), (other, sum(_WIDTHS[_GRADE:]))))
    sheet.set_row(HEAD_ROW - 1, 8)
    sheet.write_row(HEAD_ROW, 0, list(COLUMNS), formats["head"])
    sheet.set_row(HEAD_ROW, 24)


def _note(profile: Profile) -> str:
    """What the points are: a proposal, and how it was reckoned."""
    scheme = profile.scoring
    return (
        f"建议得分由检查结果推算：每条错误减{plain(scheme.error)}分，每条提醒减{plain(scheme.warning)}分，减完为止，提示不减分。"
        f"建议得分只供参考，得分和等级由审核人决定，可以直接改；标明“{BY_PERSON}”的各行，本工具不作判断。"
        "本表只反映制作本检查稿时的内容，改过以后请重新检查。"
    )


def _write_blocks(sheet: Any, found: Sequence[Score], formats: Formats) -> None:
    """The first column: a block over its lines, with its points."""
    row = FIRST_ROW
    for block, lines in groupby(found, lambda score: score.block):
        group = list(lines)
        text = f"{block}\n（{plain(sum((score.full for score in group), Decimal(0)))}分）"
        if len(group) == 1:
            sheet.write_string(row, _BLOCK, text, formats["label"])
        else:
            sheet.merge_range(row, _BLOCK, row + len(group) - 1, _BLOCK, text, formats["label"])
        row += len(group)


def _write_line(sheet: Any, row: int, score: Score, scheme: Scoring, formats: Formats) -> None:
    """One line; grey points are proposed, white ones left open. The grade follows points that are typed."""
    basis = BY_PERSON if score.points is None else _basis(score.taken)
    sheet.write_string(row, _LINE, score.line, formats["cell_center"])
    sheet.write_string(row, _QUESTION, score.question, formats["cell"])
    sheet.write_number(row, _FULL, float(score.full), formats["cell_center"])
    if score.points is None:
        sheet.write_blank(row, _POINTS, None, formats["cell_center"])
    else:
        sheet.write_number(row, _POINTS, float(score.points), formats["ours"])
    sheet.write_formula(row, _GRADE, _grade_formula(row, scheme), formats["cell_center"], score.grade)
    sheet.write_string(row, _BASIS, basis, formats["open_note" if score.points is None else "cell"])
    sheet.set_row(row, max(36.0, _height((score.question, _WIDTHS[_QUESTION]), (basis, _WIDTHS[_BASIS]))))


def _basis(taken: Sequence[Taken]) -> str:
    """The rules that took points, with their counts: "V01 错误7条；X02 提醒3条"."""
    return "；".join(f"{t.rule} {_counts(t)}" for t in taken) or NOTHING


def _counts(taken: Taken) -> str:
    counts = (("错误", taken.errors), ("提醒", taken.warnings))
    return "、".join(f"{word}{count}条" for word, count in counts if count)


def _grade_formula(row: int, scheme: Scoring) -> str:
    """The grade of the points in this row, "" as long as there are none."""
    points, full = f"E{row + 1}", f"D{row + 1}"
    grade = '""'
    for step in sorted(scheme.grades, key=lambda g: g.from_percent):
        grade = f'IF({points}*100>={full}*{step.from_percent},"{step.name}",{grade})'
    return f'=IF(ISNUMBER({points}),{grade},"")'


def _write_total(sheet: Any, row: int, found: Sequence[Score], formats: Formats) -> None:
    """The sum of the points there are, beside the full points of the same lines."""
    first, last = FIRST_ROW + 1, row
    given = [score for score in found if score.points is not None]
    full = sum((score.full for score in given), Decimal(0))
    points = sum((score.points or Decimal(0) for score in given), Decimal(0))
    sheet.merge_range(row, _BLOCK, row, _QUESTION, "合计（只计已有得分的各行）", formats["total_center"])
    full_sum = f'=SUMIF(E{first}:E{last},">=0",D{first}:D{last})'
    sheet.write_formula(row, _FULL, full_sum, formats["total_center"], float(full))
    sheet.write_formula(row, _POINTS, f"=SUM(E{first}:E{last})", formats["total_center"], float(points))
    sheet.write_blank(row, _GRADE, None, formats["total_center"])
    everything = sum((score.full for score in found), Decimal(0))
    sheet.write_string(row, _BASIS, f"全部各行满分{plain(everything)}分", formats["total_center"])
    sheet.set_row(row, 28)


def _write_foot(sheet: Any, row: int, formats: Formats) -> None:
    """The reviewer's opinion, signature and date, left open."""
    for place, (label, height) in enumerate((("审核意见", _OPINION), ("审核人签字", _SIGNATURE)), row):
        sheet.write_string(place, _BLOCK, label, formats["label"])
        sheet.set_row(place, height)
    sheet.merge_range(row, _LINE, row, _BASIS, "", formats["input_top"])
    sheet.merge_range(row + 1, _LINE, row + 1, _QUESTION, "", formats["cell"])
    sheet.merge_range(row + 1, _FULL, row + 1, _POINTS, "日期", formats["label"])
    sheet.merge_range(row + 1, _GRADE, row + 1, _BASIS, "　　　　年　　月　　日", formats["cell_center"])


def _guide_the_reviewer(sheet: Any, last: int, scheme: Scoring, formats: Formats) -> None:
    """Points lie between 0 and the line's full points; the two lowest grades are red and amber, the others green."""
    sheet.data_validation(
        FIRST_ROW, _POINTS, last, _POINTS,
        {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": f"=$D{FIRST_ROW + 1}",
         "error_title": "请核对", "error_message": "得分是0到本行分值之间的数字。"},
    )  # fmt: skip
    grades = sorted(scheme.grades, key=lambda g: g.from_percent)
    colours = [(RED, RED_INK), (AMBER, AMBER_INK), *[(GREEN, GREEN_INK)] * len(grades)]
    for grade, colour in zip(grades, colours, strict=False):
        rule = {"type": "cell", "criteria": "==", "value": f'"{grade.name}"', "format": formats.conditional(*colour)}
        sheet.conditional_format(FIRST_ROW, _GRADE, last, _GRADE, rule)


def _height(*texts: tuple[str, float]) -> float:
    """Height in points of a row with these texts in cells this wide: Excel does not fit wrapped rows of a file it did not write."""
    return min(_HIGHEST, 15.0 * max(text_lines(text, width - 3) for text, width in texts) + 9)
