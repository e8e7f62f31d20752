"""Group R: goals and indicators speak of the same things."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import INFO, WARNING, Observation
from xlpkg.audit.facts.items import Items
from xlpkg.audit.rules.registry import rule
from xlpkg.form.figures import figures, has_figure
from xlpkg.form.text import chinese_characters, chinese_pairs, norm, without_notes

_PARTS = re.compile("[、，,。；;：:\\n]|等(?=工作|任务|内容|[、，。；]|$)")
_JOINED = re.compile("[、，,。；;：:\\n和及与]|以及")
_LONGEST_ITEM, _LEAST_OF_LONG_GOAL = 12, 6
_NUMBERED = re.compile("^(?:目标|任务)?(?:[0-9]{1,2}[.．]|[一二三四五六七八九十]是|\\(?[0-9一二三四五六七八九十]{1,2}\\))")
_LEAST_OBJECT = 2
_FIGURE = re.compile(r"[\d.%]+")
_COMMON = 0.4  # a pair of characters in more than this share of the names tells nothing apart
_FEW_NAMES = 6  # of fewer names the share would be chance
_OWN = 3  # characters besides the common ones that make an item of its own


def _pairs_of_names(evidence: Evidence) -> dict[str, set[str]]:
    """Name → its pairs of characters."""
    return {name: chinese_pairs(name) for name in {r.name for r in evidence.named}}


def _common(evidence: Evidence) -> frozenset[str]:
    """The pairs that most of the form's names have (网络 in a network office)."""
    pairs = evidence.once(_pairs_of_names)
    counts = Counter(chain.from_iterable(pairs.values()))
    most = _COMMON * max(len(pairs), _FEW_NAMES)
    return frozenset(pair for pair, count in counts.items() if count > most)


def _telling(evidence: Evidence, text: str) -> set[str]:
    """The pairs of a text that tell one thing from another."""
    return chinese_pairs(text) - evidence.once(_common)


def _spoken_of(evidence: Evidence) -> set[str]:
    """The telling pairs of all names and values; a name and the value behind it are read as one text."""
    values = {r.name[-1:] + r.target.norm for r in evidence.rows}
    pairs = (*evidence.once(_pairs_of_names).values(), *map(chinese_pairs, values))
    return set().union(*pairs) - evidence.once(_common)


def _has_matter_of_its_own(evidence: Evidence, bare: str) -> bool:
    """False for the matter of the whole form with a word behind it (资助体系, where every indicator is of 资助)."""
    rest = bare
    for pair in sorted(chinese_pairs(bare) & evidence.once(_common)):
        rest = rest.replace(pair, "")
    return rest == bare or len(rest) >= _OWN


def _bare(evidence: Evidence, text: str) -> str:
    """A text without filler words and figures."""
    return _FIGURE.sub("", evidence.profile.pattern("filler_word").sub("", text))


@rule(
    "R01", "目标中的事项没有指标", INFO, basis="财预〔2015〕88号：相关性审核",
    violates="目标“网络文明建设”没有数量指标", passes="每项至少一条指标",
    failing="year_goal = 改造农村公路12公里，修复危桥3座。添置消防器材。", found="year_goal",
    passing="year_goal = 改造农村公路12公里，修复危桥3座。绿化公路两侧。",
)  # fmt: skip
def goal_items_have_indicators(evidence: Evidence) -> Iterator[Observation]:
    """A task of the goal shares no telling pair of characters with any indicator, or names an activity without a quantity row.

    A task has a verb of work with its object, or a figure; places, populations, documents, means and wishes are none. Of the
    long goal only parts of six characters and more that speak of work (通过…，完成…) are items, not what is hoped for,
    and only where the period is the one year.
    """
    spoken = _spoken_of(evidence)
    if not spoken:
        return
    lacks_quantity = _lacking_a_quantity(evidence)
    for field, item in _goal_items(evidence):
        bare = _bare(evidence, item)
        telling = _telling(evidence, bare)
        if telling and not telling & spoken and _has_matter_of_its_own(evidence, bare) and _is_task(evidence, item):
            yield Observation(
                None,
                field,
                f"目标里写了“{item}”，下面没有这一条",
                "请补充指标，或改目标。",
                actual=item,
                common="目标里写了{}，下面没有",
            )
        elif field == "year_goal" and lacks_quantity(item):
            moved = tuple(("F06", r.row) for r in evidence.under(evidence.profile.roles.quality) if item in (r.key, r.name))
            yield Observation(
                None, field, f"目标里写了“{item}”，数量指标里没有", "请在数量指标里写做多少。", actual=item,
                common="目标里写了{}，数量指标里没有", part_of=moved,
            )  # fmt: skip


def _is_task(evidence: Evidence, item: str) -> bool:
    """Something to be done (a verb with an object behind it) or reached (a figure); no background."""
    profile = evidence.profile
    if profile.has("background", item) or profile.has("place", item):
        return False
    verb = profile.pattern("task_verb").search(item)
    if verb and len(item) - verb.end() >= _LEAST_OBJECT:
        return True
    return any(f.family in ("count", "measure", "ratio") and "/" not in f.unit for f in figures(item))


def _lacking_a_quantity(evidence: Evidence) -> Callable[[str], bool]:
    """Whether an item is the very name of an activity under quality, time or cost, but no quantity row is of it."""
    quantity = evidence.profile.roles.quantity
    quantities = {r.key for r in evidence.under(quantity)}
    elsewhere = {name for r in evidence.named if r.category != quantity for name in (r.key, r.name)}
    return lambda item: bool(quantities) and item in elsewhere and not any(key in item for key in quantities)


def _goal_items(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """(field, item) of the year's goal; of the long goal's where both are of one year."""
    declaration, profile = evidence.declaration, evidence.profile
    year_goal, long_goal = (without_notes(norm(t)) for t in (declaration.year_goal, declaration.long_goal))
    for part in _PARTS.split(year_goal):
        item = profile.pattern("leading_work").sub("", _NUMBERED.sub("", part))
        if profile.limits.goal_item <= len(item) <= _LONGEST_ITEM and not profile.has("slogan", item):
            yield "year_goal", item
    period = evidence.period
    if long_goal == year_goal or period is None or period.several:
        return
    for part in _JOINED.split(long_goal):
        if profile.has("work", part) and len(_bare(evidence, part)) >= _LEAST_OF_LONG_GOAL and not profile.has("slogan", part):
            yield "long_goal", part


@rule(
    "R02", "指标事项未在目标中体现", INFO, basis="财预〔2015〕88号：相关性审核",
    violates="电信网络服务，目标没有提到", passes="目标中有提及",
    failing="year_goal = 改造农村公路12公里，工程验收全部合格，方便沿线群众出行。", found="2 name",
    passing="year_goal = 改造农村公路12公里，修复危桥3座。",
)  # fmt: skip
def items_are_in_the_goals(evidence: Evidence) -> Iterator[Observation]:
    """An activity under quantity or cost is hardly mentioned in either goal; reported once an activity."""
    goals = chinese_pairs(norm(evidence.declaration.year_goal)) | chinese_pairs(norm(evidence.declaration.long_goal))
    items, told = evidence.once(Items), set()
    if chinese_characters(evidence.declaration.year_goal) < evidence.profile.limits.goal_item:
        return  # C07 says so
    for row in (*items.quantities, *items.costs):
        if row.key in told or any(evidence.profile.has(words, row.name) for words in ("overhead", "general_cost")):
            continue
        told.add(row.key)
        telling = _telling(evidence, _bare(evidence, row.key))
        if telling and len(telling & goals) < evidence.profile.limits.mentioned * len(telling):
            yield Observation(
                row.row, "name", "绩效目标里没有提到", "重要的事请写进目标。", actual=row.name,
                part_of=tuple((code, row.row) for code in ("F12", "V10", "V03")),
            )  # fmt: skip


@rule(
    "R03", "实施期目标与年度目标相同", WARNING, basis="常见问题：长期目标与年度目标混淆",
    violates="两段完全相同，实施期2023.07-2024.01", passes="年度目标是实施期目标的分解",
    failing="""
        period = 2023年7月—2024年12月
        long_goal = 改造农村公路12公里，修复危桥3座，工程验收全部合格，方便沿线群众出行。
    """, found="year_goal",
    passing="period = 2023年7月—2024年12月",
)  # fmt: skip
def goals_differ(evidence: Evidence) -> Iterator[Observation]:
    """Both goals are the same text; a hint only where the period is a single year."""
    long_goal, year_goal = norm(evidence.declaration.long_goal), norm(evidence.declaration.year_goal)
    period = evidence.period
    if long_goal and long_goal == year_goal and chinese_characters(year_goal):
        several = period is not None and period.several
        suggestion = "跨年度的项目，年度目标写本年要完成的部分。" if several else "请核对，年度目标写本年要完成的内容。"
        what = "与实施期绩效目标完全相同"
        yield Observation(None, "year_goal", what, suggestion, severity="" if several else INFO)


@rule(
    "R04", "目标过短或空泛", WARNING, basis="指向明确、细化量化",
    violates="改善农村人居环境，建设宜居宜业和美乡村。", passes="写明做什么、做多少、效果如何",
    failing="long_goal = 改善农村公路。", found="long_goal",
    passing="long_goal = 改善农村公路12公里。",
)  # fmt: skip
def goals_say_enough(evidence: Evidence) -> Iterator[Observation]:
    """A goal has fewer than min_goal Chinese characters and no figure, or only slogans; of two equal goals one is reported."""
    goals = {f: without_notes(norm(evidence.declaration.header(f))) for f in ("year_goal", "long_goal")}
    if goals["long_goal"] == goals["year_goal"]:
        del goals["long_goal"]
    for field, goal in goals.items():
        size = chinese_characters(goal)
        parts = [p for p in _PARTS.split(goal) if p]
        hollow = all(evidence.profile.has("slogan", p) for p in parts)
        if size > 3 and (hollow or (size < evidence.profile.limits.min_goal and not has_figure(goal))):
            yield Observation(None, field, "目标写得太笼统", "请写明主要做什么、达到什么效果。", actual=f"{size}字")


@rule(
    "R05", "满意度未写明对象", INFO, basis="满意度要能做问卷调查",
    violates="服务对象满意度", passes="参训学员满意度",
    failing="11.name = 服务对象满意度", found="11 name",
    passing="""
    """,
)  # fmt: skip
def satisfaction_names_its_people(evidence: Evidence) -> Iterator[Observation]:
    """A satisfaction indicator's name is just 满意度, 服务对象满意度 or 群众满意度."""
    for row in evidence.named:
        if evidence.profile.has("anonymous", row.bare_name):
            yield Observation(row.row, "name", "没有写明是谁的满意度", "请写明，如“参训学员满意度”。", actual=row.name)


@rule(
    "R06", "效益指标与产出重复", WARNING, basis="效益指标写效果，不重复产出",
    violates="数量“培训人数”，社会效益“培训人数”", passes="社会效益“培训后就业率”",
    failing="+ 社会效益指标 | 改造农村公路里程 | ≥12公里", found="12 name",
    passing="+ 社会效益指标 | 改造公路后通行时间缩短率 | ≥10%",
)  # fmt: skip
def benefit_repeats_no_output(evidence: Evidence) -> Iterator[Observation]:
    """A benefit has the name of an output, or counts its item anew (培训人数, 培训人次); where their figures differ X10 says so."""
    profile, roles = evidence.profile, evidence.profile.roles
    outputs: dict[tuple[str, ...], Row] = {}
    for row in evidence.named:
        if row.category in (roles.quantity, roles.quality, roles.time):
            for name in _names(row):
                outputs.setdefault(name, row)
    for row in evidence.named:
        if profile.parent.get(row.category) != roles.benefit:
            continue
        other = next((outputs[name] for name in _names(row) if name in outputs), None)
        if other and not _differ(row, other):
            what = f"与第{other.row}行“{other.typed_name}”重复，那是产出"
            yield Observation(row.row, "name", what, "效益指标请写效果。", actual=row.name)


def _names(row: Row) -> tuple[tuple[str, ...], ...]:
    """What a row is known by: its name; if it counts something, its item with the unit."""
    quantity, name = row.quantity, row.bare_name
    counts = quantity is not None and quantity.family in ("count", "measure") and quantity.base_unit
    return ((name,), (row.key, counts)) if counts else ((name,),)


def _differ(row: Row, other: Row) -> bool:
    one, two = row.quantity, other.quantity
    return bool(one and two and one.base_unit == two.base_unit and one.numbers != two.numbers)


@rule(
    "R07", "疑似重复购买服务", INFO, basis="资金匹配性：避免重复投入",
    violates="网络舆情监测系统、红网舆情APP监测系统、视频快搜服务", passes="功能说明不重复",
    failing="""
        budget_wan = 160
        + 成本指标 | 公路沿线通行监测系统费 | ≤10万元
        + 成本指标 | 公路沿线出行监控系统费 | ≤10万元
    """, found="X02 12 name; 13 name; X02 13 name",
    passing="""
        budget_wan = 160
        + 成本指标 | 公路沿线通行监测系统费 | ≤10万元
        + 成本指标 | 公路沿线绿化费 | ≤10万元
    """,
)  # fmt: skip
def services_do_not_overlap(evidence: Evidence) -> Iterator[Observation]:
    """Two or more cost items buy services of the same function (监测, 搜索); reported from the second on, at its quantity."""
    items = evidence.once(Items)
    found = [r for r in items.costs if evidence.profile.has("same_function", r.key)]
    for cost in found[1:]:
        row = next(iter(items.quantities_of(cost)), cost)
        what = f"与“{found[0].typed_name}”买的东西相近"
        advice = "审核会问是否重复，请说明区别。"
        yield Observation(row.row, "name", what, advice, actual=row.name, expected=found[0].name)
