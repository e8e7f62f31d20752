"""A list of all projects, one row an indicator, for forms that are published so (四川): the department's sum first."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from xlpkg.collect.result import Line, Project
from xlpkg.form import numbers
from xlpkg.writing.book import new_book
from xlpkg.writing.page_setup import A3, row_height, set_up_page
from xlpkg.writing.table_sheet import Column, Columns, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

_PROJECT = {"unit": 18.0, "project": 20.0, "budget_wan": 14.0, "year_goal": 36.0}
"""What is written of a project beside its indicators: field → width."""
_WIDTHS = {"l1": 11.0, "l2": 16.0, "name": 30.0, "number": 15.0}
_OTHER_WIDTH = 11.0
_TYPED = ("op", "number", "measure")
_LARGEST_SHEET_NAME = 31
_HEAD_ROW = 2
_MOST = 409
"""Excel's greatest row height, in points."""


def as_list(projects: Sequence[Project], texts: Sequence[Sequence[str]]) -> bytes:
    """A workbook with a sheet for each form among the projects; `texts` are, of each project, unit, name and goal as published."""
    data = BytesIO()
    book = new_book(data, "绩效目标公开")
    forms: dict[tuple[str, str], list[tuple[Project, Sequence[str]]]] = {}
    for project, said in zip(projects, texts, strict=True):
        forms.setdefault((project.list_title, project.profile), []).append((project, said))
    for (title, form), group in forms.items():
        _sheet(book, form, title, group)
    book.close()
    return data.getvalue()


def _sheet(book: "Workbook", form: str, title: str, group: Sequence[tuple[Project, Sequence[str]]]) -> None:
    first = group[0][0]
    money = f"{first.labels['budget_wan']}（{first.money_unit}）"
    heads = {key: money if key == "budget_wan" else first.labels[key] for key in _PROJECT if key in first.labels}
    columns = Columns({
        **{key: Column(head, _PROJECT[key], "money" if key == "budget_wan" else "input") for key, head in heads.items()},
        **{key: Column(first.labels[key], _width(key), "input_center") for key in first.listed},
    })  # fmt: skip
    sheet = book.add_worksheet(form[:_LARGEST_SHEET_NAME])
    written = TableSheet(book, sheet, columns, _HEAD_ROW)
    written.title(title, f"单位：{first.money_unit}", "open_right", height=18)
    written.heads(height=30)
    row = written.first_row
    for name in columns.names:
        written.cell(row, name, None)
    written.cell(row, "unit", "合计")
    written.cell(row, "budget_wan", _in_unit(_sum(p.budget for p, _ in group), first))
    row += 1
    for project, (unit, name, goal) in group:
        of_project = {"unit": unit, "project": name, "budget_wan": _in_unit(project.budget, project), "year_goal": goal}
        last = row + max(len(project.lines), 1) - 1
        least = row_height([(str(of_project[key] or ""), _PROJECT[key]) for key in heads]) / (last - row + 1)
        for key in heads:
            if last > row:
                written.over(row, key, key, "", columns.styles[columns.at(key)], down_to=last)
            written.cell(row, key, of_project[key])
        for line in project.lines:
            texts = {key: _cell(line, key) for key in project.listed}
            for key, text in texts.items():
                figure = numbers.parse(text) if key in project.listed_figures else None
                written.cell(row, key, text if figure is None else float(figure))
            height = row_height((text, columns.widths[columns.at(key)]) for key, text in texts.items())
            sheet.set_row(row, min(max(height, least), _MOST))
            row += 1
        row = last + 1
    sheet.freeze_panes(written.first_row, 2)
    set_up_page(sheet, paper=A3, head=_HEAD_ROW)


def _cell(line: Line, key: str) -> str:
    if key in _TYPED:
        return line.typed[_TYPED.index(key)]
    return line.extra[key] if key in line.extra else str(getattr(line, key, ""))


def _width(key: str) -> float:
    return _WIDTHS.get(key, _OTHER_WIDTH)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((a for a in amounts if a is not None), Decimal(0))


def _in_unit(yuan: Decimal | None, project: Project) -> float | None:
    """An amount in 元 as a number in the form's unit of money."""
    return None if yuan is None else float(yuan / (10_000 if project.money_unit == "万元" else 1))
