"""The later forms as they were typed: 绩效运行监控表 and 绩效自评表, both over the rows of a declaration. Flat and frozen."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from xlpkg.form.declaration import Declaration
from xlpkg.form.fields import TOTAL
from xlpkg.form.text import norm
from xlpkg.reading.source import LATER_NAMES

Kind = Literal["monitoring", "self_evaluation"]
MONITORING: Kind = "monitoring"
SELF_EVALUATION: Kind = "self_evaluation"
NAMES: dict[str, str] = LATER_NAMES
CAUSES = ("经费", "制度", "人员", "硬件", "其他")
"""The columns of 偏差原因 (财预〔2019〕136号)."""


class Money(msgspec.Struct, frozen=True):
    """A row of the funds as typed, in the declaration's money unit: 年初预算数, 全年预算数, 执行数, 全年预计执行数.

    `rate` is the 执行率 as printed, "" where the form computes it; `reason` says why the budget changed or was not spent.
    """

    initial: str = ""
    adjusted: str = ""
    executed: str = ""
    forecast: str = ""
    rate: str = ""
    reason: str = ""

    @property
    def blank(self) -> bool:
        return not any(norm(text) for text in msgspec.structs.astuple(self))


class YearRow(msgspec.Struct, frozen=True):
    """An indicator. `ref` is the row of the declaration, None for one that was added or that nothing could be matched to.

    `adjusted` is a target that was changed in the year, `basis` who approved it. `before` and `before_chance` are what the last
    monitoring said: the actual value and the possibility. `points` and `score` are of the self-evaluation, `forecast`,
    `causes` and `chance` of the monitoring; `why` is 偏差原因 in both.
    """

    row: int
    ref: int | None = None
    l1: str = ""
    l2: str = ""
    name: str = ""
    target: str = ""
    actual: str = ""
    forecast: str = ""
    causes: tuple[str, ...] = ()
    why: str = ""
    chance: str = ""
    note: str = ""
    points: str = ""
    score: str = ""
    adjusted: str = ""
    basis: str = ""
    before: str = ""
    before_chance: str = ""


class YearForm(msgspec.Struct, frozen=True):
    """A later form. `style` is the id of its profile; `declaration` what it was made from.

    `compared`: the declaration is the approved one; where it was only gathered from the form itself, nothing is compared with it.
    `month` is the last month of the monitored period. `result` is the goal's 完成情况, `execution_points` and `execution_score`
    the points of the 执行率. `seal` is the declaration's 校验码 that the form carries, "" for none.
    """

    kind: Kind
    style: str
    declaration: Declaration
    compared: bool = True
    month: int = 7
    funds: dict[str, Money] = {}
    execution_points: str = ""
    execution_score: str = ""
    result: str = ""
    rows: tuple[YearRow, ...] = ()
    total: str = ""
    grade: str = ""
    conclusion: str = ""
    problems: str = ""
    measures: str = ""
    seal: str = ""

    @property
    def money(self) -> Money:
        """The row of the whole money."""
        return self.funds.get(TOTAL, Money())

    def header(self, field: str) -> str:
        """What stands in a field that is no row's: "result", "total", "funds.total.executed"."""
        if field.startswith("funds."):
            source, _, column = field.removeprefix("funds.").rpartition(".")
            return str(getattr(self.funds.get(source, Money()), column))
        return str(getattr(self, field))

    def with_header(self, field: str, text: str) -> "YearForm":
        """The form with another text in a field that is no row's."""
        if field.startswith("funds."):
            source, _, column = field.removeprefix("funds.").rpartition(".")
            money = msgspec.structs.replace(self.funds.get(source, Money()), **{column: text})
            return msgspec.structs.replace(self, funds={**self.funds, source: money})
        return msgspec.structs.replace(self, **{field: text})

    def with_cell(self, row: int, field: str, text: str) -> "YearForm":
        """The form with another text in a column of a row."""
        rows = tuple(msgspec.structs.replace(r, **{field: text}) if r.row == row else r for r in self.rows)
        return msgspec.structs.replace(self, rows=rows)

    def parts(self) -> Iterator[tuple[str, Money]]:
        """The sources of money beside the total."""
        return ((key, money) for key, money in self.funds.items() if key != TOTAL)
