"""What has to be published of the projects: a text for each department, a sheet of all, no persons and telephones."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from xlpkg.collect.collection import Collection
from xlpkg.collect.result import Project
from xlpkg.collect.tables import wan
from xlpkg.files.write import in_place, refuse_file
from xlpkg.form.fields import UPPER
from xlpkg.form.text import norm
from xlpkg.writing.style import FONT

NAME = "绩效目标公开"
_FROM_FIELDS = {
    "项目概述": ("项目概述", "项目概况", "项目基本情况", "基本情况", "项目简介", "实施内容"),
    "立项依据": ("立项依据", "政策依据", "其他依据", "立项必要性"),
    "实施方案": ("实施方案", "实施计划", "项目实施计划", "项目实施方案"),
}
"""A heading, and the fields of forms that it is made of."""
_BEGIN, _END = ("项目开始日期", "开始日期"), ("项目完成日期", "完成日期", "项目结束日期")
_IMPLEMENTERS = ("实施单位", "项目实施单位", "项目单位")
HEADINGS = ("项目概述", "立项依据", "实施主体", "实施方案", "实施周期", "年度预算安排", "绩效目标和指标")
_TELEPHONE = re.compile(r"(?<![\d.])(?:1[3-9]\d{9}|0\d{2,3}[-－—]?\d{7,8})(?![\d.])")
_MASKED = "（电话不公开）"
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\s]+')
_LONGEST = 60


class Published(NamedTuple):
    """What is published of a project: `texts` by heading, only those that the form has; the indicators are a table."""

    department: str
    unit: str
    project: str
    year: str
    funds: Decimal | None
    texts: dict[str, str]
    indicators: tuple[tuple[str, str, str, str], ...]
    year_goal: str
    masked: int


class Publication(NamedTuple):
    """How many projects were published, of how many telephone numbers were left out, and how many projects did not pass."""

    projects: int
    masked: int
    held_back: int

    def summary(self) -> str:
        """A sentence for the terminal."""
        back = f"；退回的{self.held_back}个没有放入" if self.held_back else ""
        masked = f"；文字里的{self.masked}处电话号码没有公开，请核对" if self.masked else ""
        return f"公开{self.projects}个项目{back}{masked}。"


def write_publication(collection: Collection, folder: Path) -> Publication:
    """A Word file for each department and a workbook of all, of the projects that passed. Raises OSError.

    Projects whose form is published as a list stand in one besides.
    """
    refuse_file(folder)
    folder.mkdir(exist_ok=True)
    by_department: dict[str, list[Published]] = {}
    listed: list[tuple[Project, Published]] = []
    held_back = 0
    for _, project in collection.projects():
        if project.passed:
            one = published(project)
            by_department.setdefault(norm(one.department), []).append(one)
            if project.listed:
                listed.append((project, one))
        else:
            held_back += 1
    everything = [one for group in by_department.values() for one in group]
    for group in by_department.values():
        department = group[0].department
        name = _UNSAFE.sub(" ", department)[:_LONGEST].strip()
        in_place(folder / f"{NAME}-{name or '未填部门'}.docx", as_word(department, group))
    in_place(folder / f"{NAME}.xlsx", _as_workbook(everything))
    if listed:
        from xlpkg.collect.published_list import as_list

        texts = [(one.unit, one.project, one.year_goal) for _, one in listed]
        in_place(folder / f"{NAME}（列表）.xlsx", as_list([project for project, _ in listed], texts))
    return Publication(len(everything), sum(one.masked for one in everything), held_back)


def published(p: Project) -> Published:
    """The texts of one project."""
    masked = 0

    def said(*labels: str) -> str:
        keys = [key for label in labels for key in p.header if p.labels.get(key) == label and p.header[key]]
        return open_text("\n".join(p.header[key] for key in dict.fromkeys(keys)))

    def open_text(text: str) -> str:
        nonlocal masked
        text, count = _TELEPHONE.subn(_MASKED, text)
        masked += count
        return text

    begin, end = said(*_BEGIN), said(*_END)
    goal = open_text(p.header.get("year_goal", ""))
    goals = [(p.labels.get("long_goal", ""), open_text(p.header.get("long_goal", ""))), (p.labels.get("year_goal", ""), goal)]
    texts = {
        **{heading: said(*labels) for heading, labels in _FROM_FIELDS.items()},
        "实施主体": "\n".join(dict.fromkeys(filter(None, (p.header["unit"], said(*_IMPLEMENTERS))))),
        "实施周期": p.header.get("period", "") or (f"{begin}至{end}" if begin and end else ""),
        "年度预算安排": _money(p),
        "绩效目标和指标": "\n".join(f"{label}：{text}" for label, text in goals if text),
    }
    indicators = tuple((i.l1, i.l2, open_text(i.name), open_text(i.meaning or i.value)) for i in p.lines)
    department = p.header["department"] or p.header["unit"]
    found = {heading: texts[heading] for heading in HEADINGS if texts[heading]}
    return Published(department, p.header["unit"], p.header["project"], p.year, p.funds, found, indicators, goal, masked)


def _money(p: Project) -> str:
    """All money of the year and its parts, in 万元."""
    if p.funds is None:
        return ""
    upper = zip(UPPER, p.upper, strict=True)
    parts = [("本级", p.budget), *((p.labels.get(key, key), amount) for key, amount in upper), ("其他资金", p.other)]
    shown = "，".join(f"{label}{_wan(amount)}万元" for label, amount in parts if amount)
    return f"{p.year[:4]}年预算资金{_wan(p.funds)}万元" + (f"（{shown}）" if "，" in shown else "") + "。"


def _wan(amount: Decimal) -> str:
    """元 in 万元 with two decimals, more where the amount has more."""
    exact = wan(amount) or Decimal(0)
    return f"{exact:.2f}" if exact == round(exact, 2) else f"{exact.normalize():f}"


def opening(projects: Sequence[Published]) -> Iterator[str]:
    """How many projects there are and what they come to, a sentence a year."""
    for year in sorted({one.year for one in projects}):
        of_year = [one for one in projects if one.year == year]
        total = sum((one.funds for one in of_year if one.funds is not None), Decimal(0))
        unknown = sum(one.funds is None for one in of_year)
        left = f"（其中{unknown}个没有填写金额，没有计入）" if unknown else ""
        yield f"{year[:4]}年共{len(of_year)}个项目，涉及预算资金{_wan(total)}万元{left}。"


def as_word(department: str, projects: Sequence[Published]) -> bytes:
    """The text of one department."""
    import docx
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    from xlpkg.writing.word_package import without_old_styles

    document: Any = docx.Document()
    document.core_properties.author = document.core_properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)

    def say(paragraph: Any, text: str, size: float = 12, *, bold: bool = False) -> Any:
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.font.name = Pt(size), bold, FONT
        run._element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.5
        return paragraph

    def lines(text: str) -> None:
        for line in text.split("\n"):
            say(document.add_paragraph(), line).paragraph_format.first_line_indent = Pt(24)

    say(document.add_paragraph(), f"{department}项目支出绩效目标", 18, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for sentence in opening(projects):
        lines(sentence)
    for number, one in enumerate(projects, 1):
        heading = say(document.add_paragraph(), f"{number}. {one.project}", 14, bold=True)
        heading.paragraph_format.space_before = Pt(12)
        heading.paragraph_format.keep_with_next = True
        for n, (title, text) in enumerate(one.texts.items(), 1):
            say(document.add_paragraph(), f"（{n}）{title}", bold=True).paragraph_format.keep_with_next = True
            lines(text)
        table = document.add_table(rows=0, cols=4, style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for row, cells in enumerate((("一级指标", "二级指标", "三级指标", "指标值"), *one.indicators)):
            for cell, text, width in zip(table.add_row().cells, cells, (2.8, 3.6, 5.4, 4.0), strict=True):
                cell.width = Cm(width)
                say(cell.paragraphs[0], text, 10.5, bold=row == 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
                look = cell.paragraphs[0].paragraph_format
                look.line_spacing, look.space_before, look.space_after = 1.0, Pt(3), Pt(3)
    without_old_styles(document)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def _as_workbook(projects: Iterable[Published]) -> bytes:
    """One row a project, a column a heading."""
    from xlpkg.writing.book import new_book
    from xlpkg.writing.page_setup import A3, row_height, set_up_page
    from xlpkg.writing.table_sheet import Column, Columns, TableSheet

    columns = Columns({
        "number": Column("序号", 6, "cell_center"), "department": Column("预算部门", 18, "input"),
        "unit": Column("单位", 18, "input"), "project": Column("项目名称", 22, "input"), "year": Column("年度", 7, "cell_center"),
        "funds": Column("预算资金（万元）", 12, "money"),
        **{heading: Column(heading, 34 if heading == HEADINGS[-1] else 22, "input") for heading in HEADINGS},
        "indicators": Column("指标", 44, "input"),
    })  # fmt: skip
    data = BytesIO()
    book = new_book(data, NAME)
    sheet = book.add_worksheet(NAME)
    written = TableSheet(book, sheet, columns, 3)
    projects = list(projects)
    written.plain_title(NAME, "".join(opening(projects)))
    written.heads(height=32)
    looks = [written.formats[style] for style in columns.styles]
    for row, one in enumerate(projects, 4):
        indicators = "\n".join(f"{l2}：{name}{value}" for _, l2, name, value in one.indicators)
        texts = [
            str(row - 3),
            one.department,
            one.unit,
            one.project,
            one.year,
            "",
            *(one.texts.get(h, "") for h in HEADINGS),
            indicators,
        ]
        for n, text in enumerate(texts):
            sheet.write_string(row, n, text[:32767], looks[n])
        if one.funds is not None:
            sheet.write_number(row, columns.at("funds"), float(wan(one.funds) or 0), written.formats["money"])
        sheet.set_row(row, row_height(zip(texts, columns.rooms, strict=True)))
    sheet.freeze_panes(4, 4)
    set_up_page(sheet, paper=A3, head=3)
    book.close()
    return data.getvalue()
