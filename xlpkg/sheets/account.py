"""The sheet 导入说明: where each field and row of a form came from, how sure that is, and what of the source found no place."""

from typing import Any

from xlpkg.form.declaration import HEADER
from xlpkg.form.profile import Profile
from xlpkg.sheets.intake.document import Account, Entry
from xlpkg.sheets.style import AMBER, AMBER_INK, Formats, text_lines

HEADS = {"填到哪里": 16, "内容": 60, "来源": 26, "把握": 8, "说明": 40}
Line = list[str]


def lines(account: Account, profile: Profile) -> tuple[list[Line], list[Line]]:
    """The rows of cells, HEADS wide: (what found no place, what was filled in)."""
    left = [["没有放入", text, where, "", "请核对，需要的自己填到表里"] for text, where in account.unplaced]
    return left, [[_label(e, profile), e.text, e.where, e.sure, e.done] for e in account.entries]


def verdict(account: Account) -> str:
    """The sentence above the lines."""
    unsure = sum(e.sure != "高" for e in account.entries)
    left = f"有{len(account.unplaced)}处没有放入，列在最前" if account.unplaced else "原文件的内容都已放入"
    check = f"，其中{unsure}处请核对（把握为中、低）" if unsure else ""
    return f"由“{account.file}”导入：填入{len(account.entries)}处{check}；{left}。"


def as_text(account: Account, profile: Profile) -> str:
    """The account for the terminal: what needs a look, in full; the rest in one line."""
    left, filled = lines(account, profile)
    unsure = [line for line in filled if line[3] != "高" or line[4]]
    shown = []
    for place, text, where, sure, done in (*left, *unsure):
        remarks = "，".join(filter(None, (f"把握{sure}" if sure else "", done)))
        shown.append(f"  {place}：{_short(text)}（{where}）{remarks}")
    return "\n".join([verdict(account), *shown])


def _short(text: str) -> str:
    bare = text.replace("\n", " ")
    return bare if len(bare) <= 60 else bare[:58] + "……"


def _label(entry: Entry, profile: Profile) -> str:
    return profile.label(entry.field) if entry.field in HEADER or entry.field in ("central", "province", "city") else entry.field


def write_account(book: Any, sheet: Any, account: Account, profile: Profile) -> None:
    """Write the sheet."""
    formats = Formats(book)
    last = len(HEADS) - 1
    for column, width in enumerate(HEADS.values()):
        sheet.set_column(column, column, width)
    sheet.hide_gridlines(2)
    sheet.merge_range(0, 0, 0, last, "导入说明", formats["title"])
    sheet.set_row(0, 28)
    sheet.merge_range(1, 0, 1, last, verdict(account), formats["status"])
    sheet.set_row(1, 24)
    sheet.write_row(2, 0, list(HEADS), formats["head"])
    sheet.freeze_panes(3, 0)
    left, filled = lines(account, profile)
    for row, line in enumerate((*left, *filled), 3):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text, formats["cell_center" if column == 3 else "cell"])
        widths = zip(line, HEADS.values(), strict=True)
        sheet.set_row(row, 15 * max(text_lines(text, width - 2) for text, width in widths) + 5)
    amber = formats.conditional(AMBER, AMBER_INK)
    bottom = max(3, 2 + len(left) + len(filled))
    for criteria in ('=$A4="没有放入"', '=OR($D4="中",$D4="低")'):
        sheet.conditional_format(3, 0, bottom, last, {"type": "formula", "criteria": criteria, "format": amber})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_footer("&C第&P页，共&N页")
