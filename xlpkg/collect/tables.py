"""The bureau's tables: one row a project, an indicator, a cost, a problem. Rows are made file by file; pandas adds them up."""

from array import array
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from xlpkg.audit.facts.finding import SEVERITIES
from xlpkg.audit.rules import RULES
from xlpkg.collect.find import File
from xlpkg.collect.result import Item, Project
from xlpkg.form.units import MONEY

TEXT, MONEY_WAN, NUMBER, SHARE, YUAN, TIMES, LINK = "text", "wan", "number", "share", "yuan", "times", "link"
FIGURE = "figure"
"""Kinds of columns. NUMBER is a count, LINK a file of the folder, FIGURE a text that is mostly a number.

Money is a Decimal in 万元, in 元 for the cost of one unit.
"""
Row = tuple[Any, ...]


class Column(NamedTuple):
    """Head, kind, width in characters, and whether the workbook adds it up."""

    head: str
    kind: str = TEXT
    width: float = 12
    summed: bool = False


class Table(NamedTuple):
    """A sheet: its columns, and what a reader should know."""

    name: str
    hint: str
    columns: tuple[Column, ...]

    @property
    def heads(self) -> list[str]:
        return [c.head for c in self.columns]


def _money(head: str, *, summed: bool = True) -> Column:
    return Column(head, MONEY_WAN, 10.5, summed)


def _count(head: str, *, summed: bool = True) -> Column:
    return Column(head, NUMBER, 7, summed)


_WHO = (Column("单位", width=24), Column("项目", width=28), Column("年度", width=7))
_FILE = Column("文件", LINK, 26)
PROJECTS = Table(
    "项目汇总", "一行一个项目，同一项目有几版的只计最后一版（见“重复与版本”）。金额单位：万元。状态：没有错误且校验码相符为通过。",
    (
        Column("预算部门", width=20), *_WHO, _money("本级"), _money("中央"), _money("省"), _money("市"), _money("资金合计"),
        _money("成本合计"), _money("差额"), _count("指标数"), _count("产出"), _count("效益"), _count("满意度"), _count("错误数"),
        _count("提醒数"), Column("状态", width=8), Column("校验码核对", width=11), Column("填表人", width=10),
        Column("电话", width=15), _FILE,
    ),
)  # fmt: skip
INDICATORS = Table(
    "指标明细", "一行一条指标，计算符号、指标值、计量单位分列，可筛选、透视或导入。",
    (
        *_WHO, Column("行号", NUMBER, 7), Column("一级指标", width=13), Column("二级指标", width=18),
        Column("三级指标名称", width=28),
        Column("计算符号", width=9), Column("年度指标值", FIGURE, 14), Column("计量单位", width=10), Column("指标值全文", width=22),
        Column("绩效标准", width=14), Column("备注", width=18), _FILE,
    ),
)  # fmt: skip
COSTS = Table(
    "成本分项",
    "一行一项成本。对应一条数量指标的，算出每单位成本；三个以上单位有同类项目时，与中位数比较（没有数量的比总额），达到两倍的标黄，供核对。",
    (
        *_WHO, Column("成本项目", width=28), _money("金额"), Column("占资金", SHARE, 9), Column("对应数量", width=14),
        Column("每单位成本（元）", YUAN, 15), Column("计量单位", width=9), Column("每次活动成本（元）", YUAN, 15),
        Column("同类", width=20),
        Column("同类单位数", NUMBER, 9), Column("同类中位数（元）", YUAN, 15), Column("为中位数的倍数", TIMES, 11), _FILE,
    ),
)  # fmt: skip
PROBLEMS = Table(
    "问题清单", "一行一个问题，点“单元格”跳到该文件的那一格。",
    (
        *_WHO, Column("级别", width=7), Column("规则", width=7), Column("规则名称", width=18), Column("位置", width=26),
        Column("单元格", LINK, 9), Column("什么问题", width=46), Column("怎么改", width=46), _FILE,
    ),
)  # fmt: skip
UNREADABLE = Table(
    "未能读取", "没有汇总的文件和原因。请单位按说明处理后重新报送，再汇总一次（只读新文件）。",
    (_FILE, Column("原因", width=90)),
)  # fmt: skip
VERSIONS = Table(
    "重复与版本", "同一年度、单位、项目有几个文件的，按修改时间排列；最后一版计入汇总，并逐格列出它与前一版的不同。",
    (
        *_WHO, Column("版本", width=9), Column("修改时间", width=17), Column("种类", width=8), Column("错误数", NUMBER, 8), _FILE,
        Column("改动位置", width=34), Column("单元格", width=9), Column("前一版", width=30), Column("这一版", width=30),
    ),
)  # fmt: skip
NAMES = tuple(t.name for t in (PROJECTS, INDICATORS, COSTS, PROBLEMS, UNREADABLE, VERSIONS))
_OTHER_MONEY = "其他资金"


class Further:
    """What only some of the forms have: further fields and columns by their labels, money of other sources."""

    def __init__(self) -> None:
        self.fields: dict[str, None] = {}
        self.columns: dict[str, None] = {}
        self.other_money = False

    def add(self, p: Project) -> None:
        self.fields |= {p.labels[key]: None for key in p.further}
        self.columns |= {p.labels[key]: None for key in p.further_columns}
        self.other_money = self.other_money or p.other is not None


class Tables:
    """The tables of one folder: with a column for each thing that one of its forms has and others have not."""

    def __init__(self, further: Further) -> None:
        self.fields, self.columns = tuple(further.fields), tuple(further.columns)
        self.other_money = further.other_money
        projects = list(PROJECTS.columns)
        if self.other_money:
            projects.insert(PROJECTS.heads.index("资金合计"), _money(_OTHER_MONEY))
        self.projects = _with_further(PROJECTS, projects, self.fields)
        self.indicators = _with_further(INDICATORS, list(INDICATORS.columns), self.columns)

    @property
    def all(self) -> tuple[Table, ...]:
        return self.projects, self.indicators, COSTS, PROBLEMS, UNREADABLE, VERSIONS


def _with_further(table: Table, columns: list[Column], labels: tuple[str, ...]) -> Table:
    """The table with columns of these heads before the one of the file."""
    heads = {c.head for c in columns}
    added = (Column(f"{label}（表内）" if label in heads else label, FIGURE, 14) for label in labels)
    return table._replace(columns=(*columns[:-1], *added, columns[-1]))


_EVENTS = ("次", "场", "期", "届", "班", "批")
LIKE_FROM = 3
OUTLIER = 2


class Peers(NamedTuple):
    """What like items of other units cost: how many units have one, and the median of the cost of one unit of it, in 元."""

    units: int
    median: Decimal


def wan(amount: Decimal | None) -> Decimal | None:
    """元 in 万元, exactly."""
    return None if amount is None else amount / MONEY["万元"]


def _who(p: Project) -> tuple[str, str, str]:
    return p.header["unit"], p.header["project"], p.year


def project_row(file: File, p: Project, tables: Tables) -> Row:
    """The row of 项目汇总."""
    upper = (wan(a) for a in p.upper)
    other = (wan(p.other),) if tables.other_money else ()
    money = (wan(p.budget), *upper, *other, wan(p.funds), wan(p.cost), wan(p.difference))
    state = "通过" if p.passed else "退回"
    counts = (len(p.lines), *p.groups, p.errors, p.warnings)
    said = {p.labels[key]: p.header.get(key, "") for key in p.further}
    further = (said.get(label, "") for label in tables.fields)
    who = (p.header["filler"], p.header["phone"])
    return (p.header["department"], *_who(p), *money, *counts, state, p.unchanged, *who, *further, file.name)


def indicator_rows(file: File, p: Project, tables: Tables) -> Iterator[Row]:
    """The rows of 指标明细."""
    for i in p.lines:
        said = {p.labels[key]: text for key, text in i.extra.items() if key in p.labels}
        further = (said.get(label, "") for label in tables.columns)
        yield (*_who(p), i.row, i.l1, i.l2, i.name, i.op, i.number, i.unit, i.value, i.standard, i.note, *further, file.name)


def cost_rows(file: File, p: Project, peers: dict[tuple[str, str], Peers]) -> Iterator[Row]:
    """The rows of 成本分项; `peers` by item key and unit."""
    for i in p.items:
        event = i.each if i.unit in _EVENTS else None
        key, cost = comparable(i)
        like = peers.get(key)
        compared: Row = ("", None, None, None)
        if like is not None:
            times = round(cost / like.median, 2) if like.median else None
            compared = (i.key if i.each is not None else f"{i.key}（总额）", like.units, like.median, times)
        yield (*_who(p), i.name, wan(i.amount), i.share, i.quantity, i.each, i.unit, event, *compared, file.name)


def comparable(item: Item) -> tuple[tuple[str, str], Decimal]:
    """By what like items are known, and what is compared: the cost of one unit, or, where nothing is counted, the whole."""
    return ((item.key, item.unit), item.each) if item.each is not None else ((item.key, ""), item.amount)


def problem_rows(file: File, p: Project) -> Iterator[Row]:
    """The rows of 问题清单, errors and reminders; hints are for the one who fills in."""
    for f in p.problems:
        if f.severity != "info":
            fix = f"{f.suggestion}（可改为：{f.proposal}）" if f.proposal and f.proposal not in f.suggestion else f.suggestion
            sheet = p.sheet.replace("'", "''")
            place = f"{file.name}#'{sheet}'!{f.cell}" if f.cell else ""
            yield (*_who(p), SEVERITIES[f.severity], f.rule, RULES[f.rule].name, f.place, place, f.what, fix, file.name)


class Statistics:
    """Counts gathered project by project; small however many there are, and made into tables by pandas."""

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str], int] = {}
        self._projects: dict[str, int] = {}
        self._units: dict[tuple[str, str], list[int]] = {}
        self._each: dict[tuple[str, str], tuple[array[float], array[int]]] = {}
        self._numbers: dict[str, int] = {}
        self.count = self.passed = self.first_passed = self.errors = self.warnings = 0
        self.money = [Decimal(0), Decimal(0)]

    def add(self, p: Project, first_passed: bool) -> None:
        """Count the version that counts; `first_passed` says whether the first one was without fault."""
        self.count += 1
        self.passed += p.passed
        self.first_passed += first_passed
        self.errors += p.errors
        self.warnings += p.warnings
        self.money[0] += p.funds or 0
        self.money[1] += p.cost
        unit = self._units.setdefault((p.header["department"], p.header["unit"] or "（未填单位）"), [0, 0, 0, 0, 0])
        number = self._numbers.setdefault(p.header["unit"], len(self._numbers))
        for n, value in enumerate((1, p.passed, first_passed, p.errors, p.warnings)):
            unit[n] += value
        for rule, severity in ((f.rule, f.severity) for f in p.problems if f.severity != "info"):
            self._rules[rule, severity] = self._rules.get((rule, severity), 0) + 1
        for rule in {f.rule for f in p.problems if f.severity != "info"}:
            self._projects[rule] = self._projects.get(rule, 0) + 1
        for i in p.items:
            key, cost = comparable(i)
            costs, units = self._each.setdefault(key, (array("d"), array("l")))
            costs.append(float(cost))
            units.append(number)

    def peers(self) -> dict[tuple[str, str], Peers]:
        """What like items cost, for those that at least LIKE_FROM units have."""
        from statistics import median

        found = {}
        for key, (costs, numbers) in self._each.items():
            units = len(set(numbers))
            if units >= LIKE_FROM:
                found[key] = Peers(units, Decimal(f"{median(costs):.2f}"))
        return found

    def by_rule(self) -> Any:
        """A DataFrame: 规则, 名称, 级别, 问题数, 项目数, 占项目; the most frequent first."""
        import pandas as pd

        rows = [(r, RULES[r].name, SEVERITIES[s], n, self._projects[r]) for (r, s), n in self._rules.items()]
        frame = pd.DataFrame(rows, columns=["规则", "名称", "级别", "问题数", "项目数"])
        frame["占项目"] = frame["项目数"] / max(self.count, 1)
        return frame.sort_values(["问题数", "规则", "级别"], ascending=[False, True, True], ignore_index=True)

    def by_unit(self) -> Any:
        """A DataFrame: 预算部门, 单位, 项目数, 通过, 首次通过, 首次通过率, 错误数, 提醒数; the most errors first."""
        import pandas as pd

        heads = ["预算部门", "单位", "项目数", "通过", "首次通过", "错误数", "提醒数"]
        frame = pd.DataFrame([(*k, *v) for k, v in self._units.items()], columns=heads)
        frame.insert(5, "首次通过率", frame["首次通过"] / frame["项目数"])
        return frame.sort_values(["错误数", "预算部门", "单位"], ascending=[False, True, True], ignore_index=True)
