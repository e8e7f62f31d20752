"""The bureau's tables: one row a project, an indicator, a cost, a problem. Rows are made file by file; pandas adds them up."""

from array import array
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from xlpkg.audit.facts.finding import SEVERITIES
from xlpkg.audit.rules import RULES
from xlpkg.audit.rules.registry import VERSION
from xlpkg.collect.find import File
from xlpkg.collect.result import FOREIGN, GONE, Item, Project
from xlpkg.form.text import norm
from xlpkg.form.units import MONEY
from xlpkg.layout import SEAL_LABEL, SUBMISSION

TEXT, MONEY_WAN, NUMBER, SHARE, YUAN, TIMES, LINK = "text", "wan", "number", "share", "yuan", "times", "link"
FIGURE, WORD = "figure", "word"
"""Kinds of columns. NUMBER is a count, LINK a file of the folder, FIGURE a text that is mostly a number, WORD a short text.

Money is a Decimal in 万元, in 元 for the cost of one unit.
"""
Row = tuple[Any, ...]
_MAKE_ANEW = "在填报表里修改并检查，重新生成申报表后报送，不要改动生成的文件。"


class Column(NamedTuple):
    """The name that the code knows it by, head, kind, width in characters, and whether the workbook adds it up.

    A `spare` column is hidden in the workbook while nothing stands in it.
    """

    key: str
    head: str
    kind: str = TEXT
    width: float = 12
    summed: bool = False
    spare: bool = False


class Table(NamedTuple):
    """A sheet: its columns, what a reader should know, and how many columns stay in view at the left."""

    name: str
    hint: str
    columns: tuple[Column, ...]
    frozen: int = 0

    @property
    def heads(self) -> list[str]:
        return [c.head for c in self.columns]

    @property
    def keys(self) -> list[str]:
        return [c.key for c in self.columns]

    def row(self, **contents: Any) -> Row:
        """The contents of a row in the order of the columns; each column has to be named."""
        row = tuple(contents.pop(c.key) for c in self.columns)
        assert not contents, contents
        return row


def _money(key: str, head: str, *, summed: bool = True) -> Column:
    return Column(key, head, MONEY_WAN, 14 if summed else 10.5, summed)


def _count(key: str, head: str) -> Column:
    return Column(key, head, NUMBER, 8, summed=True)


_WHO = (Column("unit", "单位", width=18), Column("project", "项目", width=22), Column("year", "年度", WORD, 6))
WHO = tuple(c.key for c in _WHO)
"""The columns that say whose a row is."""
_FILE = Column("file", "文件", LINK, 18)
PROJECTS = Table(
    "项目汇总",
    "一行一个项目，同一项目有几版的只计最后一版（见“重复与版本”）。金额单位：万元。状态：没有错误，校验码也没有不符或缺失的，为通过。",
    (
        Column("department", "预算部门", width=18), *_WHO,
        _money("budget", "本级"), _money("central", "中央"), _money("province", "省"), _money("city", "市"),
        _money("funds", "资金合计"), _money("cost", "成本合计"), _money("difference", "差额"),
        _count("indicators", "指标数"), _count("output", "产出"), _count("benefit", "效益"), _count("satisfaction", "满意度"),
        _count("errors", "错误数"), _count("warnings", "提醒数"),
        Column("state", "状态", WORD, 7), Column("kind", "种类", WORD, 9), Column("seal", "校验码核对", WORD, 11),
        Column("filler", "填表人", WORD, 10), Column("phone", "电话", WORD, 15), _FILE._replace(width=30),
    ),
    frozen=3,
)  # fmt: skip
INDICATORS = Table(
    "指标明细", "一行一条指标，计算符号、指标值、计量单位分列，可筛选、透视或导入。",
    (
        *_WHO, Column("row", "行号", NUMBER, 6), Column("l1", "一级指标", width=11), Column("l2", "二级指标", width=29),
        Column("name", "三级指标名称", width=30), Column("op", "计算符号", WORD, 9), Column("number", "年度指标值", FIGURE, 13),
        Column("measure", "计量单位", WORD, 9), Column("value", "指标值全文", width=22), Column("standard", "绩效标准", WORD, 13),
        Column("note", "备注", width=18, spare=True), _FILE,
    ),
    frozen=2,
)  # fmt: skip
COSTS = Table(
    "成本分项",
    "一行一项成本。对应一条数量指标的，算出每单位成本；三个以上单位有同类项目时，与中位数比较（没有数量的比总额），达到两倍的标黄，供核对。",
    (
        *_WHO, Column("item", "成本项目", width=28), _money("amount", "金额"), Column("share", "占资金", SHARE, 9),
        Column("quantity", "对应数量", width=14), Column("each", "每单位成本（元）", YUAN, 17),
        Column("measure", "计量单位", WORD, 9), Column("event", "每次活动成本（元）", YUAN, 19, spare=True),
        Column("like", "同类", width=20, spare=True), Column("units", "同类单位数", NUMBER, 11, spare=True),
        Column("median", "同类中位数（元）", YUAN, 17, spare=True), Column("times", "为中位数的倍数", TIMES, 15, spare=True), _FILE,
    ),
    frozen=2,
)  # fmt: skip
PROBLEMS = Table(
    "问题清单", "一行一个问题，先列错误，再列提醒。点“单元格”跳到该文件的那一格。",
    (
        *_WHO, Column("severity", "级别", WORD, 6), Column("rule", "规则", WORD, 6), Column("rule_name", "规则名称", width=20),
        Column("place", "位置", width=26), Column("cell", "单元格", LINK, 8), Column("what", "什么问题", width=44),
        Column("advice", "怎么改", width=50), _FILE,
    ),
    frozen=2,
)  # fmt: skip
UNREADABLE = Table(
    "未能读取", "没有汇总的文件和原因。请单位按说明处理后重新报送，再汇总一次（只读新文件）。",
    (_FILE._replace(width=40), Column("reason", "原因", width=90)),
)  # fmt: skip
DOUBTS = Table(
    "外来表待核对", "不是本工具做的表（Word、别处的Excel等）由本工具读入：没有把握的和没有放入的逐处列出，请对照原文件核对。",
    (
        *_WHO, Column("place", "填到哪里", width=18), Column("text", "内容", width=48), Column("where", "原文件的位置", width=26),
        Column("sure", "把握", WORD, 6), Column("remark", "说明", width=40), _FILE,
    ),
    frozen=2,
)  # fmt: skip
VERSIONS = Table(
    "重复与版本", "同一年度、单位、项目有几个文件的，按修改时间排列；最后一版计入汇总，并逐格列出它与前一版的不同。",
    (
        *_WHO, Column("version", "版本", WORD, 10), Column("changed", "修改时间", WORD, 21), Column("kind", "种类", WORD, 9),
        Column("errors", "错误数", NUMBER, 8), _FILE, Column("place", "改动位置", width=34), Column("cell", "单元格", WORD, 8),
        Column("before", "前一版", width=30), Column("after", "这一版", width=30),
    ),
    frozen=2,
)  # fmt: skip
YEAR = Table(
    "全年对照", "一行一个项目：申报、监控、自评各是什么情况，缺哪张表。执行率、各项得分之和由本工具重新计算。",
    (
        *_WHO, Column("declared", "申报表", WORD, 9), _money("funds", "申报资金"),
        Column("month", "监控到", WORD, 10), Column("monitored_rate", "监控执行率", SHARE, 10),
        Column("sure", "确定能", NUMBER, 7), Column("maybe", "有可能", NUMBER, 7), Column("never", "不可能", NUMBER, 7),
        Column("monitoring_errors", "监控错误", NUMBER, 8), _money("budget", "全年预算"), _money("executed", "全年执行"),
        Column("rate", "执行率", SHARE, 9), Column("total", "自评总分", FIGURE, 9), Column("computed", "重算总分", FIGURE, 9),
        Column("grade", "等级", WORD, 6), Column("evaluation_errors", "自评错误", NUMBER, 8),
        Column("missing", "缺什么", width=18), Column("remark", "与申报表对照", width=40),
        Column("monitoring_file", "监控表文件", LINK, 24), Column("file", "自评表文件", LINK, 24),
    ),
    frozen=2,
)  # fmt: skip
NAMES = tuple(t.name for t in (PROJECTS, INDICATORS, COSTS, PROBLEMS, YEAR, DOUBTS, UNREADABLE, VERSIONS))
_OTHER_MONEY = _money("other", "其他资金")


class Further:
    """What only some of the forms have: further fields and columns by their labels, money of other sources; is one foreign?"""

    def __init__(self) -> None:
        self.fields: dict[str, None] = {}
        self.columns: dict[str, None] = {}
        self.other_money = self.foreign = False

    def add(self, p: Project) -> None:
        self.fields |= {p.labels[key]: None for key in p.further}
        self.columns |= {p.labels[key]: None for key in p.further_columns}
        self.other_money = self.other_money or p.other is not None
        self.foreign = self.foreign or p.kind == FOREIGN


class Tables:
    """The tables of one folder: with a column for each thing that one of its forms has and others have not."""

    def __init__(self, further: Further, *, later: bool = False) -> None:
        self.later = later
        self.fields, self.columns = tuple(further.fields), tuple(further.columns)
        self.other_money, self.foreign = further.other_money, further.foreign
        projects = list(PROJECTS.columns)
        if self.other_money:
            projects.insert(PROJECTS.keys.index("funds"), _OTHER_MONEY)
        self.projects = _with_further(PROJECTS, projects, self.fields)
        self.indicators = _with_further(INDICATORS, list(INDICATORS.columns), self.columns)

    @property
    def all(self) -> tuple[Table, ...]:
        some = ((YEAR,) if self.later else ()) + ((DOUBTS,) if self.foreign else ())
        return self.projects, self.indicators, COSTS, PROBLEMS, *some, UNREADABLE, VERSIONS


def _with_further(table: Table, columns: list[Column], labels: tuple[str, ...]) -> Table:
    """The table with columns of these heads before the one of the file."""
    heads = {c.head for c in columns}
    added = (Column(_further(label), f"{label}（表内）" if label in heads else label, FIGURE, 14) for label in labels)
    return table._replace(columns=(*columns[:-1], *added, columns[-1]))


def _further(label: str) -> str:
    """The name of the column of a further field or column: forms agree on labels, not on keys."""
    return f"further:{label}"


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


def _who(p: Project) -> dict[str, str]:
    return {"unit": p.header["unit"], "project": p.header["project"], "year": p.year}


def project_row(file: File, p: Project, tables: Tables) -> Row:
    """The row of 项目汇总."""
    central, province, city = (wan(a) for a in p.upper)
    output, benefit, satisfaction = p.groups
    said = {p.labels[key]: p.header.get(key, "") for key in p.further}
    return tables.projects.row(
        department=p.header["department"], **_who(p),
        budget=wan(p.budget), central=central, province=province, city=city,
        **({"other": wan(p.other)} if tables.other_money else {}),
        funds=wan(p.funds), cost=wan(p.cost), difference=wan(p.difference),
        indicators=len(p.lines), output=output, benefit=benefit, satisfaction=satisfaction,
        errors=p.errors, warnings=p.warnings, state="通过" if p.passed else "退回", kind=p.kind, seal=p.unchanged,
        filler=p.header["filler"], phone=p.header["phone"],
        **{_further(label): said.get(label, "") for label in tables.fields}, file=file.name,
    )  # fmt: skip


def indicator_rows(file: File, p: Project, tables: Tables) -> Iterator[Row]:
    """The rows of 指标明细."""
    for i in p.lines:
        said = {p.labels[key]: text for key, text in i.extra.items() if key in p.labels}
        yield tables.indicators.row(
            **_who(p), row=i.row, l1=i.l1, l2=i.l2, name=i.name, op=i.op, number=i.number, measure=i.unit, value=i.value,
            standard=i.standard, note=i.note, **{_further(label): said.get(label, "") for label in tables.columns}, file=file.name,
        )  # fmt: skip


def cost_rows(file: File, p: Project, peers: dict[tuple[str, str], Peers]) -> Iterator[Row]:
    """The rows of 成本分项; `peers` by item key and unit."""
    for i in p.items:
        key, cost = comparable(i)
        like, known, times = "", peers.get(key), None
        if known is not None:
            like = i.key if i.each is not None else f"{i.key}（总额）"
            times = round(cost / known.median, 2) if known.median else None
        yield COSTS.row(
            **_who(p), item=i.name, amount=wan(i.amount), share=i.share, quantity=i.quantity, each=i.each, measure=i.unit,
            event=i.each if i.unit in _EVENTS else None, like=like, units=known and known.units, median=known and known.median,
            times=times, file=file.name,
        )  # fmt: skip


def comparable(item: Item) -> tuple[tuple[str, str], Decimal]:
    """By what like items are known, and what is compared: the cost of one unit, or, where nothing is counted, the whole."""
    return ((item.key, item.unit), item.each) if item.each is not None else ((item.key, ""), item.amount)


def problem_rows(file: File, p: Project) -> Iterator[Row]:
    """The rows of 问题清单, errors and reminders; hints are for the one who fills in."""
    for severity, what, advice in _seal_lines(p):
        yield PROBLEMS.row(
            **_who(p), severity=severity, rule="", rule_name=SEAL_LABEL, place=SUBMISSION, cell="", what=what, advice=advice,
            file=file.name,
        )  # fmt: skip
    for f in p.problems:
        if f.severity != "info":
            fix = f"{f.suggestion}（可改为：{f.proposal}）" if f.proposal and f.proposal not in f.suggestion else f.suggestion
            sheet = p.sheet.replace("'", "''")
            yield PROBLEMS.row(
                **_who(p), severity=SEVERITIES[f.severity], rule=f.rule, rule_name=RULES[f.rule].name, place=f.place,
                cell=f"{file.name}#'{sheet}'!{f.cell}" if f.cell else "", what=f.what, advice=fix, file=file.name,
            )  # fmt: skip


def _seal_lines(p: Project) -> Iterator[tuple[str, str, str]]:
    """What the 校验码 of a submission does not vouch for: (级别, what, advice)."""
    if p.unchanged == GONE:
        yield "错误", "表上没有校验码，不能证明内容没有改过。", _MAKE_ANEW
    elif p.sealed and p.sealed != p.seal:
        yield "错误", f"校验码与内容不符（表上{p.sealed}，应为{p.seal}），生成以后内容被改动。", _MAKE_ANEW
    for difference in p.differences:
        yield "错误", f"看到的与按内容打印的不同：{difference}", _MAKE_ANEW
    if p.checked_with_older_rules:
        yield "提醒", f"校验码对得上，但它是用旧规则（{p.rules}）检查的，现在的规则是{VERSION}。", "以这次检查的结果为准。"


def doubt_rows(file: File, p: Project) -> Iterator[Row]:
    """The rows of 外来表待核对."""
    for d in p.doubts:
        yield DOUBTS.row(**_who(p), place=d.place, text=d.text, where=d.where, sure=d.sure, remark=d.remark, file=file.name)


class Statistics:
    """Counts gathered project by project; small however many there are, and made into tables by pandas."""

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str], int] = {}
        self._projects: dict[str, int] = {}
        self._units: dict[tuple[str, str], list[int]] = {}
        self._typed: dict[tuple[str, str], tuple[str, str]] = {}
        self._each: dict[tuple[str, str], tuple[array[float], array[int]]] = {}
        self._numbers: dict[str, int] = {}
        self.count = self.passed = self.first_passed = self.errors = self.warnings = self.older_rules = 0
        self.money = [Decimal(0), Decimal(0)]

    def add(self, p: Project, first_passed: bool) -> None:
        """Count the version that counts; `first_passed` says whether the first one was without fault."""
        self.count += 1
        self.passed += p.passed
        self.first_passed += first_passed
        self.errors += p.errors
        self.warnings += p.warnings
        self.older_rules += p.checked_with_older_rules
        self.money[0] += p.funds or 0
        self.money[1] += p.cost
        typed = p.header["department"], p.header["unit"] or "（未填单位）"
        key = norm(typed[0]), norm(typed[1])
        self._typed.setdefault(key, typed)
        unit = self._units.setdefault(key, [0, 0, 0, 0, 0])
        number = self._numbers.setdefault(norm(p.header["unit"]), len(self._numbers))
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
        frame = pd.DataFrame([(*self._typed[k], *v) for k, v in self._units.items()], columns=heads)
        frame.insert(5, "首次通过率", frame["首次通过"] / frame["项目数"])
        return frame.sort_values(["错误数", "预算部门", "单位"], ascending=[False, True, True], ignore_index=True)
