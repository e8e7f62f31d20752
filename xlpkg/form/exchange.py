"""Declarations as rows of a budget system's exchange tables: names of columns, codes of signs and categories, lengths.

The tables are data (workbook/exchange.toml). What a column holds is named there by `from`: of a project code, goal, long_goal,
year_goal; of an indicator code, id, l1, l2, name, their codes, explanation, scoring, sign_code, value, unit, weight, remark.
"""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from xlpkg.form import numbers
from xlpkg.form.profiles import data_folder
from xlpkg.form.text import norm, tidy

QUALITATIVE = "定性"
FURTHER = ("explanation", "scoring", "weight")
"""The further columns of a form that a system has a place for."""
_CODED = re.compile(r"([0-9A-Z]{8,})[-－—](.+)")
_PLACES = 2


class Column(msgspec.Struct, frozen=True, rename={"source": "from"}):
    """A column of an exchange table; `label` is what a person calls it, `longest` in characters, `largest` of a number."""

    name: str
    source: str
    label: str = ""
    longest: int = 0
    largest: str = ""


class System(msgspec.Struct, frozen=True):
    """What a system takes in: its tables, and its codes by sign and by category."""

    signs: dict[str, str]
    codes: dict[str, str]
    goals: tuple[Column, ...]
    indicators: tuple[Column, ...]


class Row(msgspec.Struct, frozen=True):
    """An indicator: the value in parts where it is one quantity, else whole in `value`; `op` of a text is 定性, "" of a range."""

    row: int
    l1: str
    l2: str
    name: str
    op: str
    number: str
    unit: str
    value: str
    standard: str = ""
    note: str = ""
    explanation: str = ""
    scoring: str = ""
    weight: str = ""


class Project(msgspec.Struct, frozen=True):
    """A declaration to be sent into a system. `number` counts the projects of one export from 1."""

    number: int
    unit: str
    project: str
    year: str
    long_goal: str
    year_goal: str
    rows: tuple[Row, ...]

    @property
    def own_code(self) -> str:
        """The project's code where its name begins with one (“510000…-道路养护”), else ""."""
        match = _CODED.fullmatch(norm(self.project))
        return match[1] if match else ""

    @property
    def code(self) -> str:
        """Its code, or one for this export alone, by which rows and goals find each other."""
        return self.own_code or f"P{self.number:05}"


class Misfit(msgspec.Struct, frozen=True):
    """Something that a system will not take in as it is: the indicator's row (None for the project), where, what, how to mend."""

    code: str
    severity: str
    row: int | None
    place: str
    what: str
    advice: str

    @property
    def stops(self) -> bool:
        """The system will refuse it."""
        return self.severity == "error"


@cache
def system() -> System:
    """The tables that are shipped."""
    return msgspec.toml.decode((data_folder("workbook") / "exchange.toml").read_bytes(), type=System)


def goal_cells(project: Project, tables: System) -> list[str]:
    """The row of the table of goals."""
    texts = {
        "code": project.code, "goal": tidy(project.year_goal or project.long_goal), "long_goal": tidy(project.long_goal),
        "year_goal": tidy(project.year_goal),
    }  # fmt: skip
    return [texts[column.source] for column in tables.goals]


def indicator_cells(project: Project, tables: System) -> Iterator[list[str]]:
    """The rows of the table of indicators, in the order of the form."""
    counts: dict[str, int] = {}
    for row in project.rows:
        l2_code = tables.codes.get(row.l2, "")
        counts[row.l2] = counts.get(row.l2, 0) + 1
        note = f"绩效标准：{row.standard}" if row.standard else ""
        texts = {
            "code": project.code, "id": f"{project.code}-{row.row:04}", "l1": row.l1, "l2": row.l2, "name": tidy(row.name),
            "l1_code": tables.codes.get(row.l1, ""), "l2_code": l2_code,
            "l3_code": f"{l2_code}{counts[row.l2]:08}" if l2_code else "",
            "explanation": tidy(row.explanation), "scoring": tidy(row.scoring),
            "sign_code": tables.signs.get(row.op, ""), "value": _value(row), "unit": row.unit, "weight": tidy(row.weight),
            "remark": "；".join(filter(None, (note, tidy(row.note)))),
        }  # fmt: skip
        yield [texts[column.source] for column in tables.indicators]


def _value(row: Row) -> str:
    return row.number or tidy(row.value)


def misfits(project: Project, tables: System) -> Iterator[Misfit]:
    """What the system will not take in: texts that are too long, weights of another shape, values without a code for their sign."""
    for column, text in zip(tables.goals, goal_cells(project, tables), strict=True):
        if not (column.source == "goal" and len(text) > column.longest and _told_as_year_goal(project, tables)):
            yield from _too_long(column, text, None)
    for row, cells in zip(project.rows, indicator_cells(project, tables), strict=True):
        for column, text in zip(tables.indicators, cells, strict=True):
            yield from _too_long(column, text, row.row)
            if column.largest and text:
                yield from _misshaped(column, text, row.row)
        if not row.op and _value(row):
            what = f"“{_value(row)}”没有计算符号，或不是一个数，系统里没有它的代码"
            advice = "请改写成一个符号和一个数（范围分成上下限两条），或在系统里补选。导出的计算符号空着。"
            yield Misfit("X03", "warning", row.row, f"第{row.row}行指标值", what, advice)


def _told_as_year_goal(project: Project, tables: System) -> bool:
    """The same text is told once, in the table's column with the larger room."""
    column = next((c for c in tables.goals if c.source == "year_goal"), None)
    return column is not None and bool(project.year_goal) and len(tidy(project.year_goal)) > column.longest


def _too_long(column: Column, text: str, row: int | None) -> Iterator[Misfit]:
    if column.longest and len(text) > column.longest:
        place = f"第{row}行{column.label}" if row else column.label
        what = f"有{len(text)}字，系统最多收{column.longest}字（{column.name}）"
        yield Misfit(
            "X01", "error", row, place, what, f"请压缩到{column.longest}字以内再导出。导出的文件没有截断，系统会拒收这一条。"
        )


def _misshaped(column: Column, text: str, row: int | None) -> Iterator[Misfit]:
    number = numbers.parse(text)
    largest = numbers.parse(column.largest)
    place = f"第{row}行{column.label}"
    if number is None:
        yield Misfit("X02", "error", row, place, f"“{text}”不是数字，系统不收", "请只写数字。")
    elif largest is not None and (abs(number) > largest or number != round(number, _PLACES)):
        what = f"“{text}”超出系统的格式（最大{column.largest}，两位小数）"
        yield Misfit("X02", "error", row, place, what, "请改成不超过两位小数的数。")
