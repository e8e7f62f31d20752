"""Group X: rows, period and goal text say the same."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from xlpkg.audit.facts.evidence import Evidence, Row, Years
from xlpkg.audit.facts.finding import ERROR, WARNING, Fix, Observation, offered
from xlpkg.audit.facts.items import Items, alike_names, of_work
from xlpkg.audit.facts.spelling import misspelt
from xlpkg.audit.rules.registry import rule
from xlpkg.audit.rules.schedule import dated_rows
from xlpkg.form import dates
from xlpkg.form.figures import CLAUSE, figures
from xlpkg.form.quantity import Quantity
from xlpkg.form.text import norm, without_notes
from xlpkg.form.units import FAMILIES

_RATE = re.compile("[\u4e00-\u9fff]{1,3}(?:率|满意度)")
_WITHOUT_FIGURES = re.compile(r"[\d.%‰*≥≤=<>]+")
_BASELINE = re.compile("(?:较|比|同|对比|与)\\d{4}年|\\d{4}年(?:度)?的?(?:基础|同期|水平|基数)")
_SHARED = 4  # neighbouring characters that a name and a clause on one matter have in common
_LONGEST_NAME = 80
"""Characters of a name that are compared with the goals; a longer one is no name."""


@rule(
    "X01", "同一事项名称不一致", WARNING, basis="同一事项前后名称应一致",
    violates="网络舆情监测系统服务购置；网络舆情监测系统购置", passes="两处都是网络舆情监测系统服务购置",
    failing="5.name = 改造农村县道公路费用", found="1 name",
    passing="5.name = 改造农村公路成本",
)  # fmt: skip
def item_has_one_name(evidence: Evidence) -> Iterator[Observation]:
    """Output or cost rows of different categories have item names that are alike but not equal.

    Two items that stand side by side in one category are different items, however alike their names. A total is no item.
    """
    rows = [row for row in of_work(evidence) if not evidence.is_total(row)]
    wrong = evidence.once(misspelt)
    categories: dict[str, set[str]] = {}
    rightly = {row.key for row in rows if row.row not in wrong}
    for row in rows:
        categories.setdefault(row.key, set()).add(row.category)
    counts = Counter(row.key for row in rows)
    first = {row.key: row for row in reversed(rows)}
    near = evidence.once(alike_names)
    for row in rows:
        others = [
            key for key in near[row.key]
            if key in rightly and not categories[key] & categories[row.key] and not _is_work_on(evidence, key, row.key)
        ]  # fmt: skip
        if not others:
            continue
        better = max(others, key=lambda key: (counts[key], len(key)))
        if (counts[better], len(better), better) > (counts[row.key], len(row.key), row.key):
            other = first[better]
            if row.row in wrong:
                continue  # F12 says so
            fix = _renamed(evidence, row, better)
            what = f"与第{other.row}行“{other.typed_name}”像是同一件事，名称不一样"
            to = fix.to if fix else other.name
            yield Observation(row.row, "name", what, "请核对，同一件事用一个名称。", fix=fix, actual=row.name, expected=to)


def _is_work_on(evidence: Evidence, one: str, other: str) -> bool:
    """One item is the other with a word for work, or of what is counted, behind it: 步道工程建设, 资料加工页."""
    short, long = sorted((one, other), key=len)
    more = long[len(short) :]
    return long.startswith(short) and (more in FAMILIES or evidence.profile.pattern("work_noun").fullmatch(more) is not None)


def _renamed(evidence: Evidence, row: Row, key: str) -> Fix | None:
    """The row's name with the other spelling of its item in it; not offered where the name would say something else."""
    name = row.name.replace(row.key, key, 1)
    misleading = evidence.has_name(row.category, name) or evidence.key(name) != key
    return None if misleading else offered(row.row, "name", name)


@rule(
    "X02", "有成本没有数量", WARNING, basis="财预〔2015〕88号：资金匹配性",
    violates="网络文明建设≤6万元，无数量指标", passes="网络文明建设有对应的数量指标",
    failing="""
        budget_wan = 150
        + 成本指标 | 公路沿线绿化费 | ≤10万元
    """, found="12 name",
    passing="""
        budget_wan = 150
        + 成本指标 | 修复危桥第三方检查费 | ≤10万元
    """,
)  # fmt: skip
def cost_has_a_quantity(evidence: Evidence) -> Iterator[Observation]:
    """A cost item has no quantity row of its activity; overheads (设计, 监理) and general costs (成本控制) need none.

    Nor does one whose name says how much is done (防疫室84平米).
    """
    items = evidence.once(Items)
    if evidence.unsettled(evidence.profile.roles.quantity):
        return
    elsewhere = {
        r.key: r.row for r in evidence.under(evidence.profile.roles.quality) if r.quantity and r.quantity.family == "count"
    }
    for row in items.costs:
        general = any(evidence.profile.has(words, row.name) for words in ("overhead", "general_cost"))
        if row.amount is None or general or items.is_spoken_of(row) or figures(row.name):
            continue
        what = f"“{row.typed_name}”安排了{evidence.amount(row.amount)}，数量指标里没有写做多少"
        yield Observation(
            row.row, "name", what, "请补充做多少。", actual=row.name, common="安排了钱，数量指标里没有写做多少：{}",
            part_of=(("F06", elsewhere.get(row.key)),) if row.key in elsewhere else (), aside="移过去以后，它的成本也有了数量",
        )  # fmt: skip


@rule(
    "X03", "有数量没有成本", WARNING, basis="财预〔2015〕88号：资金匹配性",
    violates="网络信息化发展有数量指标，没有成本指标", passes="网络信息化发展有对应的成本指标",
    failing="+ 数量指标 | 公路沿线护栏长度 | ≥500米", found="12 name",
    passing="+ 数量指标 | 修复危桥的护栏长度 | ≥500米",
)  # fmt: skip
def quantity_has_a_cost(evidence: Evidence) -> Iterator[Observation]:
    """In a form built item by item (half of the cost items have a quantity row), a quantity has no cost row."""
    items = evidence.once(Items)
    matched = sum(bool(items.quantities_of(row)) for row in items.costs)
    if not items.costs or 2 * matched < len(items.costs) or evidence.unsettled(*evidence.profile.cost_categories):
        return
    for row in items.quantities:
        if not items.is_spoken_of(row):
            yield Observation(row.row, "name", "写了数量，没有写成本", "请补充成本，或说明不安排经费。", actual=row.name)


@rule(
    "X04", "年度不一致", ERROR, basis="年度指标只写预算年度（实施期）内的内容",
    violates="年度2024、实施期2023年1月-12月；时效“2023年11月底前”", passes="年度2024、实施期2024年1—12月",
    failing="4.value = 2023年11月30日前", found="4 value",
    passing="4.value = 11月30日前",
)  # fmt: skip
def years_agree(evidence: Evidence) -> Iterator[Observation]:
    """The form's year lies outside the period, or a time limit's year outside the period (or is not the form's year).

    If the period itself is off, time limits are not compared with it. A baseline (较2023年) is no time limit.
    Dates that no calendar has (2月30日) and a period that ends before it begins are told as well.
    """
    yield from _of_no_calendar(evidence)
    year, period = evidence.year, evidence.period
    if year is None:
        return
    if period and year not in period:
        typed = norm(evidence.declaration.period)
        what = f"“{typed}”不包含{year}年，本表是{year}年度"
        yield Observation(None, "period", what, "请核对实施期和预算年度。", actual=typed, expected=str(year))
        return
    span = period or Years(year, year)
    for row, limits in evidence.once(dated_rows):
        text, baselines = _BASELINE.subn("", without_notes(row.target.norm))
        limits = dates.explicit(text)[1] if baselines else limits
        years = [y for limit in limits for y in (limit.year, limit.last_year) if y]
        if any(y not in span for y in years):
            expected = f"{span.first}—{span.last}" if span.several else str(span.first)
            what = f"“{row.target.norm}”不在{expected}年内，本表是{year}年度"
            yield Observation(
                row.row, "value", what, "请改年份，多半是照抄了上年的表。", actual=row.target.norm, expected=expected,
                common=f"{{}}不在{expected}年内，本表是{year}年度",
            )  # fmt: skip


def _of_no_calendar(evidence: Evidence) -> Iterator[Observation]:
    typed = norm(evidence.declaration.period)
    if wrong := dates.impossible(typed):
        yield Observation(None, "period", f"没有“{wrong}”这个日期", "请核对实施期。", actual=typed)
    elif dates.backwards(typed):
        yield Observation(None, "period", f"“{typed}”结束比开始早", "请核对实施期的起止年月。", actual=typed)
    for row in evidence.rows:
        if wrong := dates.impossible(row.target.norm):
            yield Observation(
                row.row, "value", f"没有“{wrong}”这个日期", "请核对日期。", actual=row.target.norm, common="没有{}这个日期"
            )


@rule(
    "X06", "目标文字与指标数值不一致", ERROR, basis="财预〔2020〕10号 绩效指标明确性：与项目目标任务数或计划数相对应",
    violates="目标“新建高标准农田8000亩”，新建高标准农田面积≥6000亩", passes="两处都是8000亩",
    failing="2.value = =2座", found="2 value",
    passing="2.value = 3座",
)  # fmt: skip
def goal_and_indicators_agree(evidence: Evidence) -> Iterator[Observation]:
    """A figure of the year's goal contradicts every indicator of that unit whose name shares four characters with its clause."""
    goal = without_notes(norm(evidence.declaration.year_goal))
    told: set[int] = set()
    for clause in CLAUSE.split(goal):
        rest, limits = dates.explicit(clause)
        by_unit: dict[str, list[Quantity]] = {}
        for figure in figures(rest):
            if figure.family not in ("money", "duration") and not _each(evidence, figure):
                by_unit.setdefault(figure.base_unit, []).append(figure)
        other_years = any(limit.year not in (None, evidence.year) for limit in limits)
        if by_unit and (other_years or evidence.profile.has("of_a_part", clause.strip())):
            continue  # what was or will be done by another year
        for unit, stated in by_unit.items():
            finding = _contradiction(evidence, clause, unit, stated)
            if finding and finding.row is not None and finding.row not in told:
                told.add(finding.row)
                yield finding


def _each(evidence: Evidence, figure: Quantity) -> bool:
    """A figure per period or per unit (每季度2次): not to be compared with a year's total."""
    return evidence.profile.has("per_something", figure.lead) or "/" in figure.unit


def _contradiction(evidence: Evidence, clause: str, unit: str, stated: list[Quantity]) -> Observation | None:
    candidates: list[tuple[int, Row]] = []
    sums = Decimal(0)
    for row, shared in _named_alike(evidence, clause, unit):
        targets = [q for q in row.target.quantities if q.base_unit == unit and not _each(evidence, q)]
        if not targets or not _of_one_measure(evidence, row, clause, unit):
            continue
        growth = evidence.profile.has("growth", row.name)
        told = [f for f in stated if growth or not evidence.profile.has("rise", f.lead)]
        if not told:
            continue
        if any(_agree(figure, target) for figure in told for target in targets):
            return None
        if not row.stop:
            candidates.append((shared, row))
            sums += targets[0].numbers[0]
    if not candidates or (len(candidates) > 1 and any(sums in f.numbers for f in stated)):
        return None
    _, row = max(candidates, key=lambda c: (c[0], -c[1].row))
    said = "、".join(f.written() for f in stated)
    what = f"目标里写“{said}”，这里写“{row.target.norm}”"
    return Observation(row.row, "value", what, "请改成同一个数，以批准的计划为准。", actual=row.target.norm, expected=said)


def _rows_by_name(evidence: Evidence) -> dict[str, dict[str, list[Row]]]:
    """The rows with figures: by unit, then by name without figures. Ask for it by `evidence.once`."""
    found: dict[str, dict[str, list[Row]]] = {}
    for row in evidence.named:
        name = _WITHOUT_FIGURES.sub("", row.bare_name[:_LONGEST_NAME])
        for unit in {q.base_unit for q in row.target.quantities}:
            found.setdefault(unit, {}).setdefault(name, []).append(row)
    return found


def _named_alike(evidence: Evidence, clause: str, unit: str) -> Iterator[tuple[Row, int]]:
    """The rows in this unit whose names have four or more neighbouring characters of the clause, and how many."""
    for name, rows in evidence.once(_rows_by_name).get(unit, {}).items():
        if (shared := _longest_shared(name, clause)) >= _SHARED:
            for row in rows:
                yield row, shared


def _of_one_measure(evidence: Evidence, row: Row, clause: str, unit: str) -> bool:
    """The clause may speak of what the name measures: of a rate, only if it has the rate's own word (合格率 is not 及时率)."""
    if unit not in ("%", "‰"):
        return True
    rates = _RATE.findall(clause)
    named = _RATE.findall(row.bare_name)
    return not rates or not named or named[-1][-3:] in clause


def _agree(figure: Quantity, target: Quantity) -> bool:
    """Equal numbers, or a target no laxer than the goal: at least g and t >= g, at most g and t <= g, within a range."""
    if set(figure.numbers) & set(target.numbers):
        return True
    goal, value = figure.numbers[0], target.numbers[0]
    if figure.op in ("≥", ">"):
        return target.op in ("≥", ">", "=", "") and min(target.numbers) >= goal
    if figure.op in ("≤", "<"):
        return target.op in ("≤", "<", "=", "") and max(target.numbers) <= max(figure.numbers)
    if figure.high is not None:
        return min(figure.numbers) <= value <= max(figure.numbers)
    return figure.op == "≈" and abs(value - goal) * 10 <= goal


@lru_cache(maxsize=64)
def _runs_of_least(text: str) -> frozenset[str]:
    """The runs of four characters in a text."""
    return frozenset(text[n : n + _SHARED] for n in range(len(text)))


def _longest_shared(a: str, b: str) -> int:
    """Length of the longest run of characters that both texts have; 0 for a run shorter than four."""
    best, there = 0, _runs_of_least(b)
    for start in range(len(a)):
        if a[start : start + _SHARED] not in there:
            continue
        while start + max(best, _SHARED - 1) < len(a) and a[start : start + max(best + 1, _SHARED)] in b:
            best = max(best + 1, _SHARED)
    return best


@rule(
    "X07", "完成率与固定数量矛盾", WARNING, basis="完成率要有可以分批完成的数量",
    violates="网络综合治理完成率≥80%，数量“调度会1次”", passes="完成率=100%",
    failing="+ 质量指标 | 修复危桥完成率 | ≥80%", found="12 value",
    passing="+ 质量指标 | 修复危桥完成率 | =100%",
)  # fmt: skip
def completion_rate_fits_the_number(evidence: Evidence) -> Iterator[Observation]:
    """An activity's rate of completion is below 100 %, though its fixed number is no more than few_events."""
    few = evidence.profile.limits.few_events
    by_key: dict[str, list[Row]] = {}
    for row in evidence.under(evidence.profile.roles.quantity):
        by_key.setdefault(row.key, []).append(row)
    for row in evidence.readable:
        quantity = row.quantity
        if not row.bare_name.endswith("完成率") or not quantity or quantity.unit != "%" or quantity.upper >= 100:
            continue
        counted = [q for o in by_key.get(row.key, []) for q in o.target.quantities if q.family == "count"]
        if counted and all(q.op in ("=", "") and q.upper <= few for q in counted):
            number = "、".join(q.written().lstrip("=") for q in counted)
            what = f"一共只做{number}，完成率写“{row.target.norm}”等于可以不做"
            fix = offered(row.row, "value", "=100%")
            yield Observation(
                row.row, "value", what, "请改为“=100%”。", fix=fix, actual=row.target.norm, expected="100%",
                common="一共只做几次，完成率写{}等于可以不做",
            )  # fmt: skip


@rule(
    "X10", "同名指标值不同", WARNING, basis="同一内容前后数值应一致",
    violates="数量“演出”80场，效益“演出”60场", passes="两处都是80场",
    failing="+ 社会效益指标 | 改造农村公路里程 | ≥10公里", found="12 value",
    passing="+ 社会效益指标 | 改造农村公路里程 | ≥12公里",
)  # fmt: skip
def same_name_has_one_figure(evidence: Evidence) -> Iterator[Observation]:
    """Rows of different categories have the same name and unit but different figures; reported on the later one.

    What is counted needs only the same item (培训人数, 培训人次); two rates of one item differ by right.
    """
    first: dict[tuple[str, str], Row] = {}
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or not quantity.unit or not row.name:
            continue
        counted = quantity.family in ("count", "measure")
        earlier = first.setdefault((row.key if counted else row.bare_name, quantity.base_unit), row)
        other = earlier.quantity
        if earlier.category != row.category and other and other.numbers != quantity.numbers:
            what = f"与第{earlier.row}行“{earlier.typed_name}”是一回事，那里写“{earlier.target.norm}”，这里写“{row.target.norm}”"
            yield Observation(row.row, "value", what, "请核对，改成一致。", actual=row.target.norm, expected=earlier.target.norm)
