"""The later form as it is sent upward: the usual layout on A4, no formulas, no macros, no hidden sheets, with a 校验码."""

from pathlib import Path

from xlpkg.files.write import in_place
from xlpkg.form.numbers import parse, plain
from xlpkg.form.text import norm, tidy
from xlpkg.layout import SEAL_LABEL
from xlpkg.writing.page import Box, Page, as_workbook
from xlpkg.writing.page_setup import row_height
from xlpkg.year import points as arithmetic
from xlpkg.year.check import YearReport
from xlpkg.year.form import MONITORING, YearRow
from xlpkg.year.sheet import Sheet, Spot, title_of

_STYLES = {
    "input": "cell", "input_text": "text", "number": "cell", "percent": "cell", "grade": "cell", "cell": "cell", "text": "text",
    "title": "title", "plain": "plain", "right": "right", "label": "label", "head": "head", "small": "small",
}  # fmt: skip


def write_submission(target: Path, report: YearReport) -> None:
    """Write the form as it is sent upward, a draft as long as there are errors. Raises OSError."""
    in_place(target, as_workbook(lay_out(report), title_of(report.facts.form.kind)))


def lay_out(report: YearReport) -> Page:
    """The page of a checked form."""
    sheet = Sheet(report)
    rows = {r.row: r for r in sheet.form.rows}
    boxes = [_box(s, rows) for s in sheet.spots if s.left <= sheet.last and s.style != "hidden"]
    last = sheet.row - 1
    boxes.append(Box(f"{SEAL_LABEL}：{report.seal}　检查结果：{report.status}", last + 1, 0, last + 1, sheet.last, "small"))
    widths = tuple(c.width for c in sheet.printed)
    heights = _heights(boxes, widths, last + 2)
    landscape = sheet.form.kind == MONITORING
    draft = f"&C&18&B草　稿&B&10（还有{report.errors}条错误，不得报送）" if report.errors else ""
    return Page(
        boxes=tuple(boxes), widths=widths, heights=heights, repeat=(sheet.repeat, sheet.repeat), header=draft,
        footer=f"&C&9第&P页，共&N页　　{SEAL_LABEL}：{report.seal}{'　草稿' if report.errors else ''}", landscape=landscape,
    )  # fmt: skip


def _box(spot: Spot, rows: dict[int, YearRow]) -> Box:
    text = spot.text
    if spot.style == "percent" and (share := parse(text)) is not None:
        text = plain(arithmetic.rounded(share * 100)) + "%"
    elif spot.style == "grade" and text:
        text = f"等级：{text}"
    elif spot.field == "target" and spot.row is not None and norm(rows[spot.row].adjusted):
        row = rows[spot.row]
        text = f"{text}\n调整为{tidy(row.adjusted)}（{tidy(row.basis)}）"
    return Box(text, spot.top, spot.left, spot.bottom, spot.right, _STYLES[spot.style])


def _heights(boxes: list[Box], widths: tuple[float, ...], rows: int) -> tuple[float, ...]:
    heights = [22.0] * rows
    for box in boxes:
        if box.top == box.bottom and box.style not in ("small", "plain", "right"):
            room = sum(widths[box.left : box.right + 1]) * 0.9
            lost = 3 if box.style == "text" else 1  # a text is indented
            heights[box.top] = max(heights[box.top], row_height([(box.text, room - lost)], least=0, extra=9))
    heights[0] = 36.0
    return tuple(heights)
