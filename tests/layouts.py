"""Foreign forms for tests: a declaration written in layouts that other counties, years and programs use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import docx
import openpyxl

from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, Indicator

Span = tuple[int, int, int, int]
"""First row, first column, last row, last column, 0-based."""
Rows = list[list[str]]


def runs(items: Sequence[Indicator], key: Callable[[Indicator], Any]) -> Iterator[tuple[int, int]]:
    """First and last place of each run of equal categories."""
    at = 0
    for _, group in groupby(items, key):
        size = len(list(group))
        yield at, at + size - 1
        at += size


def merged_categories(items: Sequence[Indicator], first: int, column: int) -> list[Span]:
    """The spans of the category columns l1, l2 that are merged downwards, from a row on."""
    l1 = [(first + a, column, first + b, column) for a, b in runs(items, lambda i: i.l1) if b > a]
    return l1 + [(first + a, column + 1, first + b, column + 1) for a, b in runs(items, lambda i: (i.l1, i.l2)) if b > a]


def blank_below(rows: Rows, spans: Sequence[Span]) -> None:
    """The texts of merged cells stand once."""
    for top, left, bottom, right in spans:
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                if (r, c) != (top, left):
                    rows[r][c] = ""


class Word:
    """A Word document that is being written."""

    def __init__(self) -> None:
        self.document: Any = docx.Document()

    def line(self, text: str) -> None:
        self.document.add_paragraph(text)

    def table(self, rows: Rows, spans: Sequence[Span] = ()) -> None:
        blank_below(rows, spans)
        width = max(map(len, rows))
        table = self.document.add_table(len(rows), width)
        cells = [line.cells for line in table.rows]  # asked for once: table.cell counts through the whole table each time
        for line, texts in zip(cells, rows, strict=True):
            for cell, text in zip(line, texts, strict=False):
                if text:
                    cell.text = text
        for top, left, bottom, right in spans:
            text = cells[top][left].text
            merged = cells[top][left].merge(cells[bottom][right])
            merged.text = text

    def save(self, path: Path) -> None:
        self.document.save(path)


class Book:
    """A workbook that is being written; tables stand where they are put."""

    def __init__(self) -> None:
        self.book: Any = openpyxl.Workbook()
        self.sheet: Any = self.book.active

    def new_sheet(self, name: str) -> None:
        self.sheet = self.book.create_sheet(name)

    def table(self, rows: Rows, spans: Sequence[Span] = (), row: int = 0, column: int = 0) -> None:
        blank_below(rows, spans)
        for r, texts in enumerate(rows, row + 1):
            for c, text in enumerate(texts, column + 1):
                if text:
                    self.sheet.cell(r, c).value = text
                    self.sheet.cell(r, c).data_type = "s"
        for top, left, bottom, right in spans:
            self.sheet.merge_cells(
                start_row=top + row + 1, start_column=left + column + 1, end_row=bottom + row + 1, end_column=right + column + 1
            )

    def save(self, path: Path) -> None:
        self.book.save(path)


def funds(d: Declaration) -> str:
    f = d.upper_funds
    return f"中央：{f.central}\n省级：{f.province}\n市级：{f.city}"


# --- the layouts: each writes a file; what it keeps is what a reader must find ---------------------------------------


def of_the_county(d: Declaration, path: Path) -> None:
    """湘潭, hn2015: title and unit above the table, everything else in one table of merged cells."""
    word = Word()
    word.line(f"{d.year}年度项目支出预算绩效目标申报表")
    word.line(f"\t填报单位：{d.unit}          单位：万元")
    head = [["项目支出名称", d.project], ["预算部门", d.department], ["年度本级\n预算金额", d.budget],
            ["该项目支出上级资金（分级填报）", funds(d)], ["项目支出实施期", d.period], ["实施期绩效目标", d.long_goal],
            ["本年度绩效目标", d.year_goal]]  # fmt: skip
    rows = [[*line, "", "", "", ""] for line in head]
    spans: list[Span] = [(n, 1, n, 5) for n in range(len(rows))]
    first = len(rows)
    rows.append(["本年度\n绩效指标", "一级指标", "二级指标", "三级指标", "指标值及单位", "绩效标准"])
    rows += [["", i.l1, i.l2, i.name, i.value, i.standard] for i in d.indicators]
    spans += [(first, 0, len(rows) - 1, 0), *merged_categories(d.indicators, first + 1, 1)]
    word.table(rows, spans)
    word.line(f"填表人：{d.filler}      联系电话：{d.phone}      单位负责人签字：")
    word.save(path)


def of_the_ministry(d: Declaration, path: Path) -> None:
    """Other label wording, amounts in yuan, notes instead of standards, the points of each row."""
    word = Word()
    word.line("项目支出绩效目标申报表")
    word.line(f"（{d.year}年度）")
    yuan = f"{Decimal(d.budget) * 10000:,.2f}"
    rows = [
        ["项目名称", d.project, "", "", "", ""],
        ["主管部门", d.department, "", "实施单位", d.unit, ""],
        ["项目期", d.period, "", "金额单位", "元", ""],
        ["其中：财政拨款", yuan, "", "中央资金", d.upper_funds.central, ""],
        ["省级资金", d.upper_funds.province, "", "市级资金", d.upper_funds.city, ""],
        ["总体目标", "中期目标", "", "年度目标", "", ""],
        ["", d.long_goal, "", d.year_goal, "", ""],
    ]
    spans: list[Span] = [(0, 1, 0, 5), *((n, 1, n, 2) for n in range(1, 5)), *((n, 4, n, 5) for n in range(1, 5))]
    spans += [(5, 1, 5, 2), (5, 3, 5, 5), (6, 1, 6, 2), (6, 3, 6, 5), (5, 0, 6, 0)]
    rows.append(["一级指标", "二级指标", "指标内容", "指标值", "备注", "分值"])
    first = len(rows)
    rows += [[i.l1, i.l2, i.name, i.value, i.note, "5"] for i in d.indicators]
    word.table(rows, spans + merged_categories(d.indicators, first, 0))
    word.line(f"填报人：{d.filler}        联系方式：{d.phone}        填报日期：")
    word.save(path)


def of_two_blocks(d: Declaration, path: Path) -> None:
    """宁乡: a block of long-term indicators above the block of the year."""
    word = Word()
    word.line(f"{d.year}年度项目绩效目标表")
    rows = [["项目名称", d.project, "主管部门", d.department, "", ""], ["项目单位", d.unit, "起止时间", d.period, "", ""],
            ["财政拨款", d.budget, "上级资金", funds(d), "", ""], ["长期目标", d.long_goal, "", "", "", ""],
            ["年度目标", d.year_goal, "", "", "", ""]]  # fmt: skip
    spans: list[Span] = [(0, 3, 0, 5), (1, 3, 1, 5), (2, 3, 2, 5), (3, 1, 3, 5), (4, 1, 4, 5)]
    rows.append(["长期绩效指标", "一级指标", "二级指标", "指标内容", "指标值", "绩效标准"])
    top = len(rows) - 1
    rows.append(["", "产出指标", "数量指标", "五年内完成总量", "≥500个", "计划标准"])
    spans.append((top, 0, len(rows) - 1, 0))
    top = len(rows)
    rows.append(["年度绩效指标", "一级指标", "二级指标", "指标内容", "指标值", "绩效标准"])
    rows += [["", i.l1, i.l2, i.name, i.value, i.standard] for i in d.indicators]
    spans += [(top, 0, len(rows) - 1, 0), *merged_categories(d.indicators, top + 1, 1)]
    word.table(rows, spans)
    word.line(f"填表人：{d.filler} 联系电话：{d.phone}")
    word.save(path)


def of_columns_side_by_side(d: Declaration, path: Path) -> None:
    """青山: the medium term and the year side by side."""
    word = Word()
    word.line(f"{d.year}年度项目支出绩效目标申报表")
    word.table(
        [["项目名称", d.project], ["主管部门", d.department], ["实施单位", d.unit], ["项目期", d.period],
         ["本级财政拨款", d.budget], ["中央", d.upper_funds.central], ["省级", d.upper_funds.province],
         ["市级", d.upper_funds.city], ["中期目标", d.long_goal],
         ["年度目标", d.year_goal], ["填表人", d.filler], ["联系电话", d.phone]]
    )  # fmt: skip
    rows = [["", "中期目标", "", "", "年度目标", "", "", ""],
            ["一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值", "绩效标准"]]  # fmt: skip
    rows += [[i.l1, i.l2, f"{i.name}（三年）", "另定", i.l2, i.name, i.value, i.standard] for i in d.indicators]
    spans: list[Span] = [(0, 1, 0, 3), (0, 4, 0, 7)]
    spans += [(2 + a, 0, 2 + b, 0) for a, b in runs(d.indicators, lambda i: i.l1) if b > a]
    word.table(rows, spans)
    word.save(path)


def of_split_values(d: Declaration, path: Path) -> None:
    """青神: sign, figure, unit and weight in columns of their own, in a workbook, away from A1."""
    book = Book()
    book.sheet.title = "绩效目标"
    rows = [
        [f"部门预算项目支出绩效目标申报表（{d.year}年度）", "", "", "", "", "", "", "", ""],
        ["填报单位：", d.unit, "", "", "", "", "", "单位：万元", ""],
        ["项目名称", d.project, "", "预算部门", d.department, "", "", "", ""],
        ["年度本级预算金额", d.budget, "", "项目起止时间", d.period, "", "", "", ""],
        ["中央资金", d.upper_funds.central, "省级资金", d.upper_funds.province, "市级资金", d.upper_funds.city, "", "", ""],
        ["总体目标", d.long_goal, "", "", "年度总体目标", d.year_goal, "", "", ""],
        ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "绩效标准", "权重", "备注"],
    ]
    first = len(rows)
    rows += [[i.l1, i.l2, i.name, i.op or "定性", i.number, i.unit, i.standard, "10", i.note] for i in d.indicators]
    rows.append(["填表人", d.filler, "", "联系电话", d.phone, "", "", "", ""])
    spans: list[Span] = [(0, 0, 0, 8), (1, 1, 1, 6), (1, 7, 1, 8), (5, 1, 5, 3), (5, 5, 5, 8)]
    book.table(rows, spans + merged_categories(d.indicators, first, 0), row=3, column=2)
    book.save(path)


def with_codes(d: Declaration, path: Path) -> None:
    """普陀, 乌海: codes before names, dates of begin and end, amounts in yuan with commas; blank categories, numbered names."""
    book = Book()
    start, end = d.period.split("—")
    yuan = f"{Decimal(d.budget) * 10000:,.2f}"
    rows = [
        [f"财政项目支出绩效目标申报表（{d.year}年度）", "", "", "", ""],
        ["金额单位：元", "", "", "", ""],
        ["项目名称", d.project, "", "", ""],
        ["主管部门", f"(433){d.department}", "", "实施单位", f"433001-{d.unit}"],
        ["计划开始日期", start, "", "计划完成日期", end],
        ["当年财政拨款", yuan, "", "", ""],
        ["中央资金", d.upper_funds.central, "省级资金", d.upper_funds.province, ""],
        ["市级资金", d.upper_funds.city, "", "", ""],
        ["项目总目标", d.long_goal, "", "", ""],
        ["年度绩效目标", d.year_goal, "", "", ""],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "参考值确定依据"],
    ]
    l1 = l2 = ""
    for n, i in enumerate(d.indicators, 1):
        rows.append(
            [f"{n}.{i.l1}（50分）" if i.l1 != l1 else "", i.l2 if i.l2 != l2 else "", f"指标{n}：{i.name}", i.value, i.standard]
        )
        l1, l2 = i.l1, i.l2
    rows.append(["填表人：" + d.filler, "", "联系电话：" + d.phone, "", ""])
    book.table(rows)
    book.save(path)


def over_several_tables(d: Declaration, path: Path) -> None:
    """The header in one table, the indicators in another that goes on, without heads, in a third; categories repeated."""
    word = Word()
    word.line(f"{d.year}年项目支出绩效目标申报表")
    word.line(f"填报单位：{d.unit}")
    word.table(
        [["项目支出名称", d.project, "预算部门", d.department], ["年度本级预算金额", d.budget, "实施期限", d.period],
         ["中央", d.upper_funds.central, "省级", d.upper_funds.province], ["市级", d.upper_funds.city, "", ""]]
    )  # fmt: skip
    word.line(f"实施期绩效目标：{d.long_goal}")
    word.line(f"本年度绩效目标：{d.year_goal}")
    rows = [[i.l1, i.l2, i.name, i.value, i.standard] for i in d.indicators]
    word.table([["一级指标", "二级指标", "三级指标", "指标值", "绩效标准"], *rows[: len(rows) // 2]])
    word.line("")
    word.table(rows[len(rows) // 2 :])
    word.line(f"填表人：{d.filler}   电话：{d.phone}")
    word.save(path)


def over_two_sheets(d: Declaration, path: Path) -> None:
    """The header on one sheet, the indicators on another."""
    book = Book()
    book.sheet.title = "基本情况"
    book.table(
        [["项目支出绩效目标申报表", ""], ["预算年度", d.year], ["单位名称", d.unit], ["部门名称", d.department],
         ["项目名称", d.project], ["本级财政拨款", d.budget], ["中央资金", d.upper_funds.central],
         ["省级资金", d.upper_funds.province],
         ["市级资金", d.upper_funds.city], ["实施期限", d.period], ["中长期目标", d.long_goal], ["当年目标", d.year_goal],
         ["经办人", d.filler], ["联系方式", d.phone]]
    )  # fmt: skip
    book.new_sheet("绩效指标表")
    rows = [
        ["一级指标", "二级指标", "三级指标", "指标值", "绩效标准"],
        *([i.l1, i.l2, i.name, i.value, i.standard] for i in d.indicators),
    ]
    book.table(rows, merged_categories(d.indicators, 1, 0), row=2, column=1)
    book.save(path)


def as_text_of_cells(d: Declaration, path: Path) -> None:
    """A web page copied line by line: merged categories stand once, nothing says where a row ends."""
    lines = [
        f"{d.year}年度项目支出预算绩效目标申报表", f"填报单位：{d.unit}", "项目支出名称", d.project, "预算部门", d.department,
        "年度本级预算金额", d.budget, "中央", d.upper_funds.central, "省级", d.upper_funds.province, "市级", d.upper_funds.city,
        "项目支出实施期", d.period, "实施期绩效目标", d.long_goal, "本年度绩效目标", d.year_goal,
        "一级指标", "二级指标", "三级指标", "指标值及单位", "绩效标准",
    ]  # fmt: skip
    l1 = l2 = ""
    for i in d.indicators:
        lines += [i.l1] * (i.l1 != l1) + [i.l2] * (i.l2 != l2) + [i.name, i.value, i.standard]
        l1, l2 = i.l1, i.l2
    lines.append(f"填表人：{d.filler}  联系电话：{d.phone}  单位负责人签字：")
    path.write_text("\n".join(lines), encoding="utf-8")


def as_text_with_tabs(d: Declaration, path: Path) -> None:
    """A table pasted from Excel: tabs between the cells of a line."""
    rows = [
        ["项目名称", d.project, "预算部门", d.department], ["年度本级预算金额", d.budget, "实施期", d.period],
        ["中央", d.upper_funds.central, "省级", d.upper_funds.province], ["市级", d.upper_funds.city],
        ["实施期目标", d.long_goal], ["年度目标", d.year_goal], ["一级指标", "二级指标", "三级指标", "指标值", "绩效标准"],
    ]  # fmt: skip
    l1 = l2 = ""
    for i in d.indicators:
        rows.append([i.l1 if i.l1 != l1 else "", i.l2 if i.l2 != l2 else "", i.name, i.value, i.standard])
        l1, l2 = i.l1, i.l2
    text = [f"{d.year}年度项目支出绩效目标申报表", f"填报单位：{d.unit}", *("\t".join(r) for r in rows)]
    text.append(f"填表人：{d.filler}　联系电话：{d.phone}")
    path.write_text("\r\n".join(text), encoding="gb18030")


LAYOUTS: dict[str, tuple[Callable[[Declaration, Path], None], str]] = {
    "county": (of_the_county, ".docx"),
    "ministry": (of_the_ministry, ".docx"),
    "two blocks": (of_two_blocks, ".docx"),
    "side by side": (of_columns_side_by_side, ".docx"),
    "split values": (of_split_values, ".xlsx"),
    "codes": (with_codes, ".xlsx"),
    "several tables": (over_several_tables, ".docx"),
    "two sheets": (over_two_sheets, ".xlsx"),
    "lines": (as_text_of_cells, ".txt"),
    "tabs": (as_text_with_tabs, ".txt"),
}
"""Name → what writes it, and the kind of file."""
LEFT_OVER = {
    "ministry": {"分值", "5"},  # but for the form that has this column
    "two blocks": {"产出指标", "数量指标", "五年内完成总量", "≥500个", "计划标准"},
    "side by side": {"二级指标", "三级指标", "指标值", "另定"},
    "split values": {"权重", "10"},
    "codes": {"(433)", "433001-"},
}
"""What of a layout has no place in our form."""


def wanted(name: str, d: Declaration) -> Declaration:
    """The declaration that a reader must make of a layout: without what the layout does not carry."""
    import msgspec

    without_standard = name == "ministry"
    profile = {"hn2015": "mof2015", "mof2021": "mof2021-plain"}.get(d.profile, d.profile) if without_standard else d.profile
    known = profiles.load(profile)
    rows = []
    for i in d.indicators:
        changes: dict[str, str] = {"l2": known.l2(i.l2)}
        if profile == "mof2015" and i.l1 == "满意度指标":
            changes["l2"] = "服务对象满意度指标"
        if without_standard:
            changes["standard"] = ""
        if name not in ("ministry", "split values"):
            changes["note"] = ""
        extra = {"weight": "5"} if profile == "mof2021-plain" else {}
        rows.append(msgspec.structs.replace(i, **changes, extra=extra))
    if name == "codes":
        d = msgspec.structs.replace(d, period=d.period.replace("—", "至"))
    return msgspec.structs.replace(d, profile=profile, indicators=tuple(rows))
