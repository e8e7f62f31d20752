"""The live formulas of a later form: 完成率, 得分, 总分, 等级. Functions of Excel 2010 only; the values are those of points.py."""

from collections.abc import Mapping
from decimal import Decimal

from xlpkg.form import numbers
from xlpkg.form.numbers import plain
from xlpkg.year import points as arithmetic
from xlpkg.year.achievement import Aim, aim_of
from xlpkg.year.facts import RowFacts
from xlpkg.year.profile import YearProfile


class Formulas:
    """Formulas of one form; cells are given by key."""

    def __init__(self, profile: YearProfile) -> None:
        self._profile = profile

    def budget(self, here: Mapping[str, str]) -> str:
        """全年预算数, that of the beginning of the year where it did not change."""
        if "initial" not in here:
            return f"N({here['adjusted']})"
        return f"IF(ISNUMBER({here['adjusted']}),{here['adjusted']},N({here['initial']}))"

    def rate(self, here: Mapping[str, str]) -> str:
        """执行率 as a share, blank without a budget or 执行数."""
        budget = self.budget(here)
        return f'=IF(OR(NOT(ISNUMBER({here["executed"]})),{budget}=0),"",{here["executed"]}/{budget})'

    def execution(self, here: Mapping[str, str]) -> str:
        """The points of the 执行率."""
        budget, points, executed = self.budget(here), here["points"], here["executed"]
        share = f"ROUND({points}*{executed}/{budget},2)"
        return f'=IF(OR(NOT(ISNUMBER({executed})),NOT(ISNUMBER({points})),{budget}=0),"",MIN({points},{share}))'

    def goal(self, facts: RowFacts, here: Mapping[str, str]) -> str:
        """The figure of the target that counts, the adjusted one where there is one; "" for a target without one bound."""
        aim = _bound(facts)
        if aim is None:
            return ""
        declared = aim_value(aim)
        return f'=IF({here["adjusted"]}="",{plain(declared)},{_number(here["adjusted"], aim.unit)})'

    def goal_now(self, facts: RowFacts) -> str:
        """The value of that formula."""
        aim = _bound(facts)
        return "" if aim is None else plain(aim_value(aim))

    def value(self, facts: RowFacts, here: Mapping[str, str]) -> str:
        """The figure of the actual value in the unit of the target, blank for what is none."""
        aim = _bound(facts)
        return "" if aim is None else "=" + _number(here["actual"], aim.unit)

    def done(self, here: Mapping[str, str]) -> str:
        """完成率 as a share."""
        goal, value = here["goal"], here["value"]
        return f'=IF(OR(NOT(ISNUMBER({goal})),NOT(ISNUMBER({value}))),"",IF({goal}<=0,"",{value}/{goal}))'

    def score(self, facts: RowFacts, here: Mapping[str, str]) -> str:
        """The points that a quantity earns; "" where a person gives them."""
        aim = _bound(facts)
        if aim is None:
            return ""
        goal, value, points = here["goal"], here["value"], here["points"]
        if aim.low is not None:
            met = f"{value}<=0" if aim.exact and aim.low == 0 else f"{value}>={goal}"
            less = f"IF({goal}<=0,0,ROUND({points}*MAX({value},0)/{goal},2))"
        else:
            met = f"{value}<={goal}"
            ratio = f"ROUND({points}*{goal}/{value},2)"
            excess = f"IF({value}<2*{goal},ROUND({points}*(2*{goal}-{value})/{goal},2),0)"
            less = f"IF({goal}<=0,0,{ratio if self._profile.reverse == 'ratio' else excess})"
        known = f"AND(ISNUMBER({goal}),ISNUMBER({value}),ISNUMBER({points}))"
        return f'=IF({known},IF({met},{points},{less}),"")'

    def sum_of(self, cell: str, column: str) -> str:
        """Points of the 执行率 and of the rows together."""
        return f"=SUM({cell},{column})"

    def total(self, execution: str, scores: str, points: str) -> str:
        """总分, blank as long as a score is missing."""
        return f'=IF(OR(NOT(ISNUMBER({execution})),COUNT({scores})<COUNT({points})),"",ROUND({execution}+SUM({scores}),2))'

    def grade(self, total: str) -> str:
        """等级 of the total."""
        word = '""'
        for step in sorted(self._profile.grades, key=lambda g: g.least):
            word = f'IF({total}>={plain(step.least)},"{step.name}",{word})'
        return f'=IF(ISNUMBER({total}),{word},"")'

    def grade_now(self, total: str) -> str:
        """The value of that formula."""
        number = numbers.parse(total)
        return "" if number is None else arithmetic.grade_of(number, self._profile.grades)


def aim_value(aim: Aim) -> Decimal:
    """The one bound of a target."""
    bound = aim.low if aim.low is not None else aim.high
    return Decimal(0) if bound is None else bound


def _bound(facts: RowFacts) -> Aim | None:
    """The target, if it has exactly one bound."""
    aim = aim_of(facts.target)
    return aim if aim is not None and (aim.low is None) != (aim.high is None) else None


def _number(cell: str, unit: str) -> str:
    """A cell's text as a number, without sign, commas, blanks and the unit."""
    text = cell
    for mark in (*((unit,) if unit else ()), "≥", "≤", ">", "<", "=", "，", ",", " "):
        text = f'SUBSTITUTE({text},"{mark}","")'
    return f'IFERROR(VALUE({text}),"")'
