"""Where each thing of a later form stands: title, funds, goal, indicators, total, as texts, cells to fill in and formulas."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import combinations, groupby, pairwise

import msgspec

from xlpkg.files.a1 import Cell, address
from xlpkg.form.fields import TOTAL
from xlpkg.form.numbers import plain
from xlpkg.form.text import norm, tidy
from xlpkg.layout import SEAL_LABEL
from xlpkg.year.check import YearReport
from xlpkg.year.facts import Facts, RowFacts
from xlpkg.year.form import MONITORING, NAMES, SELF_EVALUATION
from xlpkg.year.formulas import Formulas
from xlpkg.year.profile import Column
from xlpkg.year.rules.registry import VERSION

TICK = "√"
WORK_COLUMNS = (
    Column("adjusted", "调整后目标值", 13, printed=False),
    Column("basis", "调整批准文件", 16, printed=False),
    Column("before", "上次监控完成值", 13, printed=False),
    Column("before_chance", "上次监控可能性", 10, printed=False),
)
"""Columns beside the printed ones: what was approved in the year, and what the last monitoring said."""
REF_HEAD, GOAL_HEAD, VALUE_HEAD, MARK_HEAD = "申报行号", "目标数", "完成数", "检查标记"
"""Heads of the hidden columns: the row of the declaration, the figures that the formulas reckon with, what a check found."""
HEAD_ROWS = 2
"""Rows above a form with buttons: the buttons, and what the last check said."""
REASON_LABEL = "预算变动、未执行原因"
SEAL_OF_DECLARATION = f"申报表{SEAL_LABEL}"
_FIELDS = ("project", "department", "unit")
_NEEDS = {"initial": 11, "adjusted": 11, "executed": 11, "forecast": 11, "points": 6, "rate": 8, "score": 7, "label": 9}
_LABELS = 2  # columns of the labels at the left


class Spot(msgspec.Struct, frozen=True):
    """Cells (0-based, ends included) and what stands there.

    `style` is title, plain, right, label, head, cell, text, small, or one for cells to fill in: input, input_text, number, percent.
    `row` and `field` say what a cell to fill in or a computed one holds. `locked` cells are not to be changed.
    """

    text: str
    top: int
    left: int
    bottom: int
    right: int
    style: str = "cell"
    row: int | None = None
    field: str = ""
    locked: bool = True
    formula: str = ""
    choices: tuple[str, ...] = ()
    strict: bool = False


class Sheet:
    """A later form as it is laid out: `spots`, the columns with their widths, how many are printed, the rows of the table.

    `top` is the row (0-based) of the title.
    """

    def __init__(self, report: YearReport, top: int = 0) -> None:
        self.report, self.facts = report, report.facts
        self.form, self.profile = report.facts.form, report.facts.profile
        self.printed = [c for c in self.profile.columns if c.printed]
        work = [c for c in WORK_COLUMNS if not c.key.startswith("before") or any(r.before for r in self.form.rows)]
        self.columns: list[Column] = [*self.printed, *work]
        self.last = len(self.printed) - 1
        self.ref, self.goal, self.value, self.mark = (len(self.columns) + n for n in range(4))
        self.sheet = title_of(self.form.kind)
        self.spots: list[Spot] = []
        self.row = self.top = top
        self.repeat = 0
        self.table_first = self.table_last = 0
        self._months = f"1—{self.form.month}月"
        self._write()

    def at(self, key: str) -> int:
        """The column of a key."""
        return next(n for n, c in enumerate(self.columns) if c.key == key)

    def head(self, column: Column) -> str:
        """The head of a column, with the months that are monitored."""
        return column.label.replace("{months}", self._months)

    def head_of(self, field: str) -> str:
        """The head of a column of the table, "" for what is none."""
        return next((self.head(c) for c in self.columns if c.key == field), "")

    @cached_property
    def places(self) -> dict[tuple[int | None, str], Cell]:
        """Row and field → the cell in which it stands."""
        return {(s.row, s.field): (s.top, s.left) for s in self.spots if s.field}

    def cell(self, row: int | None, field: str) -> str:
        """The address of what a finding is about; that of the table's heads for what has no cell."""
        place = self.places.get((row, shown_as(field))) or self.places.get((row, "name")) or (self.repeat, 0)
        return address(*place)

    def _add(self, text: str, left: int, right: int, style: str = "cell", *, down: int = 0, **more: object) -> None:
        self.spots.append(msgspec.convert(
            {"text": text, "top": self.row, "left": left, "bottom": self.row + down, "right": right, "style": style, **more}, Spot
        ))  # fmt: skip

    # --- from the top -----------------------------------------------------------------------------------------------

    def _write(self) -> None:
        declaration, declared = self.form.declaration, self.facts.declared
        self._add(self.profile.title.replace("{year}", tidy(declaration.year)), 0, self.last, "title")
        self.row += 1
        half = self.last // 2
        period = f"监控期间：{self._months}　　" if self.form.kind == MONITORING else ""
        self._add(f"填报单位：{tidy(declaration.unit)}", 0, half, "plain")
        self._add(f"{period}金额单位：{declared.money_unit}", half + 1, self.last, "right")
        self.row += 1
        self._names()
        self._funds()
        self._goal()
        self._table()
        if self.form.kind == SELF_EVALUATION:
            self._total()
        self._texts()
        self._foot()

    def _names(self) -> None:
        declaration, labels = self.form.declaration, self.profile.labels
        self._add(labels["project"], 0, 1, "label")
        self._add(tidy(declaration.project), 2, self.last)
        self.row += 1
        middle = 2 + (self.last - 2) // 2
        self._add(labels["department"], 0, 1, "label")
        self._add(tidy(declaration.department), 2, middle - 1)
        end = next(n for n in range(middle, self.last) if sum(c.width for c in self.columns[middle : n + 1]) >= _NEEDS["label"])
        self._add(labels["unit"], middle, end, "label")
        self._add(tidy(declaration.unit), end + 1, self.last)
        self.row += 1

    def _funds(self) -> None:
        form, profile = self.form, self.profile
        columns = [c for c in profile.money_columns if c.key != "reason"]
        spans = _spans([self.columns[n].width for n in range(_LABELS, self.last + 1)], [_NEEDS[c.key] for c in columns])
        self._add(f"{profile.labels['funds']}（{self.facts.declared.money_unit}）", 0, 0, "label", down=len(form.funds))
        self._add("", 1, 1, "label")
        for column, (left, right) in zip(columns, spans, strict=True):
            self._add(column.label.replace("{months}", self._months), left, right, "head")
        self.row += 1
        cells = {c.key: left for c, (left, _) in zip(columns, spans, strict=True)}
        formulas = Formulas(profile)
        for source, money in form.funds.items():
            self._add(self._source(source), 1, 1, "label")
            for column, (left, right) in zip(columns, spans, strict=True):
                field = f"funds.{source}.{column.key}"
                here = {key: address(self.row, at) for key, at in cells.items()}
                if column.key in ("points", "score"):
                    self._points_of_the_rate(source, column.key, left, right, formulas, here)
                elif column.key == "rate":
                    text = _share(self.facts, source)
                    self._add(text, left, right, "percent", field=field, formula=formulas.rate(here))
                else:
                    locked = column.key == "initial" and form.compared
                    self._add(tidy(getattr(money, column.key)), left, right, "number", field=field, locked=locked)
            self.row += 1
        self._add(REASON_LABEL if not self._reason else self._reason, 0, 1, "label")
        self._add(tidy(form.money.reason), 2, self.last, "input_text", field="funds.total.reason", locked=False)
        self.row += 1

    @property
    def _reason(self) -> str:
        return next((c.label for c in self.profile.money_columns if c.key == "reason"), "")

    def _points_of_the_rate(self, source: str, key: str, left: int, right: int, formulas: Formulas, here: dict[str, str]) -> None:
        """The points of the 执行率: only the total is scored."""
        if source != TOTAL:
            self._add("—", left, right)
        elif key == "points":
            self._add(tidy(self.form.execution_points), left, right, "number", field="execution_points", locked=False)
        else:
            expected = self.facts.execution_expected
            typed = tidy(self.form.execution_score)
            formula = (
                formulas.execution(here) if not typed or self.facts.execution_score == expected else ""
            )  # what was typed stays
            text = typed or ("" if expected is None else plain(expected))
            self._add(text, left, right, "number", field="execution_score", formula=formula, locked=False)

    def _source(self, source: str) -> str:
        """The label of a source of money."""
        declared = self.facts.declared
        if source == TOTAL:
            return self.profile.labels["funds_total"]
        fields = {f.rpartition(".")[2]: f for f in declared.money_fields}
        return f"其中：{declared.label(fields[source])}" if source in fields else source

    def _goal(self) -> None:
        labels, half = self.profile.labels, 2 + (self.last - 1) // 2
        self._add(labels["goals"], 0, 1, "label", down=1)
        self._add(labels["goal"], 2, half - 1, "head")
        self._add(labels["result"], half, self.last, "head")
        self.row += 1
        self._add(tidy(self.form.declaration.year_goal), 2, half - 1, "text")
        self._add(tidy(self.form.result), half, self.last, "input_text", field="result", locked=False)
        self.row += 1

    # --- the table --------------------------------------------------------------------------------------------------

    def _table(self) -> None:
        self.repeat = self.row
        for n, column in enumerate(self.columns):
            self._add(self.head(column), n, n, "head")
        for at, text in (
            (self.ref, REF_HEAD), (self.goal, GOAL_HEAD), (self.value, VALUE_HEAD), (self.mark, MARK_HEAD)
        ):  # fmt: skip
            self._add(text, at, at, "hidden")
        self.row += 1
        self.table_first = self.row
        self.table_last = self.row + len(self.facts.rows) - 1
        formulas = Formulas(self.profile)
        for facts in self.facts.rows:
            self._row(facts, formulas)
            self.row += 1
        self._categories()

    def _categories(self) -> None:
        """The first and the second levels over their rows."""
        rows = list(enumerate(self.facts.rows, self.table_first))
        for key, column in (("l1", self.at("l1")), ("l2", self.at("l2"))):
            levels = [(r.row.l1, r.row.l2 if key == "l2" else "") for _, r in rows]
            for _, group in groupby(zip(levels, rows, strict=True), lambda pair: pair[0]):
                lines = [line for _, line in group]
                text = getattr(lines[0][1].row, key)
                self.spots.append(Spot(text, lines[0][0], column, lines[-1][0], column))

    def _row(self, facts: RowFacts, formulas: Formulas) -> None:
        row, number = facts.row, facts.row.row
        here = {c.key: address(self.row, n) for n, c in enumerate(self.columns)}
        here |= {"goal": address(self.row, self.goal), "value": address(self.row, self.value)}
        for n, column in enumerate(self.columns):
            key = column.key
            if key in ("l1", "l2"):
                continue
            if key.startswith("cause."):
                text = TICK if key.removeprefix("cause.") in row.causes else ""
                self._add(text, n, n, "input", row=number, field=key, locked=False, choices=(TICK,), strict=True)
            elif key in ("name", "target", "before", "before_chance"):
                self._add(tidy(getattr(row, key)), n, n, "text" if key == "name" else "cell", row=number, field=key)
            elif key == "done":
                share = facts.achieved.share
                self._add("" if share is None else str(share), n, n, "percent", row=number, field=key, formula=formulas.done(here))
            elif key == "points":
                declared = facts.declared is not None and bool(norm(facts.declared.extra.get("weight", "")))
                self._add(tidy(row.points), n, n, "number", row=number, field=key, locked=declared)
            elif key == "score":
                self._score(facts, n, formulas, here)
            else:
                self._add(
                    tidy(getattr(row, key)), n, n, "input_text" if column.width >= 16 else "input", row=number, field=key,
                    locked=False, choices=self._choices(facts, key), strict=key == "chance",
                )  # fmt: skip
        self._add("" if row.ref is None else str(row.ref), self.ref, self.ref, "hidden")
        goal, value = formulas.goal(facts, here), formulas.value(facts, here)
        if goal and value:
            self._add(formulas.goal_now(facts), self.goal, self.goal, "hidden", formula=goal)
            number_now = facts.achieved.number
            self._add("" if number_now is None else str(number_now), self.value, self.value, "hidden", formula=value)

    def _score(self, facts: RowFacts, column: int, formulas: Formulas, here: dict[str, str]) -> None:
        formula = formulas.score(facts, here)
        expected = facts.expected[0] if formula and facts.expected else None
        typed = tidy(facts.row.score)
        if typed and (expected is None or facts.score != expected):
            formula = ""  # what a person typed stays
        text = typed or ("" if expected is None else plain(expected))
        self._add(text, column, column, "number", row=facts.row.row, field="score", formula=formula, locked=False)

    def _choices(self, facts: RowFacts, key: str) -> tuple[str, ...]:
        if key == "chance":
            return self.profile.chances
        qualitative = facts.target.kind == "qualitative" and key in ("actual", "forecast")
        return tuple(b.name for b in self.profile.bands) if qualitative else ()

    # --- below the table --------------------------------------------------------------------------------------------

    def _total(self) -> None:
        labels, points, score = self.profile.labels, self.at("points"), self.at("score")
        exec_points, exec_score = (self._address(f) for f in ("execution_points", "execution_score"))
        first, last = self.table_first, self.table_last
        formulas = Formulas(self.profile)

        def column(at: int) -> str:
            return f"{address(first, at)}:{address(last, at)}"

        total = self.facts.total
        text = tidy(self.form.total) or ("" if total is None else plain(total))
        self._add(labels["total"], 0, points - 1, "label")
        given = [self.facts.execution_points, *(r.points for r in self.facts.scored)]
        whole = plain(sum((p for p in given if p is not None), Decimal(0)))
        formula = formulas.sum_of(exec_points, column(points))
        self._add(whole, points, points, "number", field="points", formula=formula)
        if score - points > 1:
            self._add("", points + 1, score - 1)
        self._add(text, score, score, "number", field="total", formula=formulas.total(exec_score, column(score), column(points)))
        if score < self.last:
            total_cell = address(self.row, score)
            grade = tidy(self.form.grade) or formulas.grade_now(text)
            self._add(grade, score + 1, self.last, "grade", field="grade", formula=formulas.grade(total_cell))
        self.row += 1

    def _address(self, field: str) -> str:
        """The address of a field that is laid out already."""
        return next(address(s.top, s.left) for s in self.spots if s.field == field)

    def _texts(self) -> None:
        for field in self.profile.texts:
            self._add(self.profile.labels[field], 0, 1, "label")
            self._add(tidy(getattr(self.form, field)), 2, self.last, "input_text", field=field, locked=False)
            self.row += 1

    def _foot(self) -> None:
        filler, phone = tidy(self.form.declaration.filler), tidy(self.form.declaration.phone)
        half = self.last // 2
        self._add(f"填报人：{filler}　联系电话：{phone}", 0, half, "plain")
        self._add("填报日期：　　年　　月　　日　　（单位盖章）", half + 1, self.last, "right")
        self.row += 1
        facts = f"{SEAL_OF_DECLARATION}：{self.form.seal}　版式：{self.profile.id} {self.profile.template}"
        facts += f"　表式：{self.facts.declared.id}　规则版本：{VERSION}"
        self._add(facts, 0, self.last, "small")
        self.row += 1


def shown_as(field: str) -> str:
    """The column in which what is found of a field is shown."""
    return "cause.经费" if field == "causes" else field


def title_of(kind: str) -> str:
    """The name of the sheet of a kind of form."""
    return NAMES[kind]


def _share(facts: Facts, source: str) -> str:
    money = facts.form.funds[source]
    budget, executed = facts.budget_of(money), facts.amount(money.executed)
    return "" if not budget or executed is None else str(executed / budget)


def _spans(widths: Sequence[float], needs: Sequence[float]) -> list[tuple[int, int]]:
    """Neighbouring columns (0-based, behind the labels) put together so that each of the needs has room, as evenly as can be."""
    count = len(widths)

    def groups(cuts: Sequence[int]) -> Iterator[tuple[int, int]]:
        edges = [0, *cuts, count]
        yield from ((a, b - 1) for a, b in pairwise(edges))

    def room(cuts: Sequence[int]) -> float:
        return min(sum(widths[a : b + 1]) / need for (a, b), need in zip(groups(cuts), needs, strict=True))

    best = max(combinations(range(1, count), len(needs) - 1), key=room)
    return [(a + _LABELS, b + _LABELS) for a, b in groups(best)]
