"""Group F, the categories: names stand in the form's lists, rows in the right category and order."""

import re
from collections.abc import Iterator

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import ERROR, OFFERED, WARNING, Edit, Fix, Observation, offered
from xlpkg.audit.facts.measures import counted_rate, misfit
from xlpkg.audit.rules.registry import rule

_ENDING = re.compile("(指标|标准)$")


@rule(
    "F01", "一级指标名称不在表式内", ERROR, basis="表式：一级指标为固定名称",
    violates="效果指标、绩效指标", passes="效益指标",
    failing="7.l1 = 效果指标", found="7 l1",
    passing="7.l1 = 效益指标",
)  # fmt: skip
def first_level_is_of_the_form(evidence: Evidence) -> Iterator[Observation]:
    """The first-level name is none of the form's."""
    profile = evidence.profile
    names = [c.name for c in profile.tree]
    for row in evidence.rows:
        if row.l1 in names:
            continue
        meant = profile.parent.get(row.l2) or _closest(row.l1, names)
        what = f"“{row.l1}”不是本表的一级指标" if row.l1 else "没有选一级指标"
        suggestion = f"请改为“{meant}”。" if meant else f"请从下拉列表选：{'、'.join(names)}。"
        fix = offered(row.row, "l1", meant) if row.l2 in profile.parent else _misspelt(row, "l1", row.l1, names)
        yield Observation(row.row, "l1", what, suggestion, fix=fix, actual=row.l1, expected=meant)


def _closest(typed: str, names: list[str]) -> str:
    """The name that shares most characters with what was typed; "" if it shares no more than the ending 指标."""
    stem = typed.removesuffix("指标")
    best = max(names, key=lambda name: len(set(stem) & set(name.removesuffix("指标"))))
    return best if set(stem) & set(best.removesuffix("指标")) else ""


@rule(
    "F02", "二级指标与一级指标不对应", ERROR, basis="表式；财预〔2021〕101号：成本指标为一级指标",
    violates="产出指标—成本指标（2021框架）", passes="成本指标—经济成本指标",
    failing="7.l1 = 产出指标", found="7 l2",
    passing="11.l2 = 服务对象满意度指标",
)  # fmt: skip
def second_level_belongs_to_first(evidence: Evidence) -> Iterator[Observation]:
    """The first-level name is valid but the second-level name is none of those under it."""
    children = {c.name: [n.name for n in c.l2] for c in evidence.profile.tree}
    for row in evidence.rows:
        if row.l1 in children and row.l2 not in children[row.l1]:
            what = f"“{row.l1}”下没有“{row.l2}”" if row.l2 else f"“{row.l1}”后面没有选二级指标"
            names = "、".join(children[row.l1])
            fix = _misspelt(row, "l2", row.l2, children[row.l1])
            suggestion = f"请改为“{fix.to}”。" if fix else f"请从下拉列表重新选：{names}。"
            yield Observation(row.row, "l2", what, suggestion, fix=fix, actual=row.l2, expected=fix.to if fix else names)


def _misspelt(row: Row, field: str, typed: str, names: list[str]) -> Fix | None:
    """The one name that a misspelt one means: without its ending, or one character wrong, missing or too many."""
    from rapidfuzz.distance import Levenshtein

    stem = _ENDING.sub("", typed)
    stems = {name: _ENDING.sub("", name) for name in names}
    meant = [n for n, s in stems.items() if s == stem] or [
        n for n, s in stems.items() if stem and min(len(s), len(stem)) > 1 and Levenshtein.distance(s, stem) <= 1
    ]
    return offered(row.row, field, meant[0]) if len(meant) == 1 else None


@rule(
    "F03", "绩效标准不在可选范围", ERROR, basis="绩效标准分为历史、行业、计划、预算支出、其他标准",
    violates="经验标准、自定", passes="历史标准",
    failing="7.standard = 经验标准", found="7 standard",
    passing="7.standard = 支出标准",
)  # fmt: skip
def standard_is_of_the_form(evidence: Evidence) -> Iterator[Observation]:
    """The performance standard is none of the form's, short names (历史, 行业) included."""
    names = [s.name for s in evidence.profile.standards]
    for row in evidence.rows:
        if names and row.standard and row.standard not in names:
            fix = _misspelt(row, "standard", row.standard, names)
            suggestion = f"请改为“{fix.to}”。" if fix else f"请从下拉列表选：{'、'.join(names)}。"
            yield Observation(row.row, "standard", f"“{row.standard}”不在可选范围", suggestion, fix=fix, actual=row.standard)


@rule(
    "F04", "同类指标重名", ERROR, basis="预算绩效系统：复制指标时剔除同名指标",
    violates="巡检次数≥24次；巡检次数≥12次", passes="巡检次数只有一条",
    failing="+ 社会效益指标 | 受益村民人数 | ≥10人", found="12 name",
    passing="+ 经济效益指标 | 受益村民人数 | ≥10人",
)  # fmt: skip
def names_differ_within_a_category(evidence: Evidence) -> Iterator[Observation]:
    """Two rows of one second-level category have the same name; reported on the later one."""
    first: dict[tuple[str, str], int] = {}
    for row in evidence.named:
        earlier = first.setdefault((row.l2, row.name), row.row)
        if earlier != row.row:
            what = f"与第{earlier}行重名，同在“{row.l2}”下"
            yield Observation(row.row, "name", what, "请合并为一条，或把名称改得能区分。", actual=row.name)


def moved(evidence: Evidence, row: Row, l2: str) -> Fix | None:
    """The row under another category; not offered where a row of that name already stands there, or for a rate that counts."""
    contradictory = row.quantity is not None and counted_rate(row, row.quantity)
    if l2 not in evidence.profile.parent or evidence.has_name(l2, row.name) or contradictory:
        return None
    l1 = evidence.profile.parent[l2]
    return Fix(OFFERED, f"{l1}—{l2}", (Edit(row.row, "l1", l1), Edit(row.row, "l2", l2)))


@rule(
    "F05", "满意度指标归类错误", ERROR, basis="常见问题：将满意度指标代替其他指标",
    violates="质量指标：电信网络服务满意度", passes="满意度指标：电信网络服务满意度",
    failing="+ 社会效益指标 | 商户满意程度 | ≥90%", found="12 l2",
    passing="+ 社会效益指标 | 满意度调查份数 | ≥90份",
)  # fmt: skip
def satisfaction_stands_under_satisfaction(evidence: Evidence) -> Iterator[Observation]:
    """The name is a degree of satisfaction (not a survey of it) but the first level is another."""
    l1 = evidence.profile.roles.satisfaction
    l2 = next((n.name for c in evidence.profile.tree if c.name == l1 for n in c.l2), "")
    if not l2:
        return  # the form has no such category
    for row in evidence.named:
        if row.l1 != l1 and evidence.profile.has("satisfaction", row.name) and not _measures_a_survey(evidence, row):
            what = f"这是满意度，却放在“{row.l2 or row.l1}”下"
            fits = row.quantity is not None and row.quantity.unit in ("%", "分") and not _is_ceiling(evidence, row)
            fix = moved(evidence, row, l2) if fits else None
            yield Observation(row.row, "l2", what, f"请移到“{l1}”。", fix=fix, actual=row.l2, expected=l2)


def _is_ceiling(evidence: Evidence, row: Row) -> bool:
    """A cost's upper limit (≤100%), which would be the wrong way round in another category."""
    return evidence.is_cost(row) and row.quantity is not None and row.quantity.op in ("≤", "<")


def _measures_a_survey(evidence: Evidence, row: Row) -> bool:
    """满意度调查次数, 满意度测评费: how often or at what cost it is asked, not how satisfied people are."""
    if evidence.profile.has("about_a_survey", row.name):
        return True
    quantity = row.quantity
    asked = evidence.profile.has("survey", row.name)
    return asked and not (quantity and (quantity.family == "ratio" or quantity.unit in ("分", "")))


@rule(
    "F06", "数量放进了质量指标", ERROR, basis="质量指标反映达到的标准、水平和效果",
    violates="质量指标：网络文明建设≥1000人次", passes="质量指标：故障次数≤2次",
    failing="+ 质量指标 | 标志标线数量 | ≥40处", found="12 l2",
    passing="+ 质量指标 | 质量问题整改数 | ≥40处",
)  # fmt: skip
def quality_is_no_count(evidence: Evidence) -> Iterator[Observation]:
    """A quality indicator's one figure is a count above 0 to be reached, and its name speaks of nothing bad."""
    roles = evidence.profile.roles
    for row in evidence.under(roles.quality):
        quantity = row.quantity
        if (
            quantity
            and quantity.family == "count"
            and quantity.upper > 0
            and quantity.op in ("≥", ">", "=", "")
            and not evidence.profile.has("quality_count", row.name)
        ):
            what = f"“{row.target.norm}”是做多少，不是做得怎样，却放在“{roles.quality}”下"
            suggestion = f"请移到“{roles.quantity}”；{roles.quality}写合格率、达标率等。"
            yield Observation(
                row.row, "l2", what, suggestion, actual=row.target.norm,
                fix=None if misfit(row, quantity) else moved(evidence, row, roles.quantity),
                expected=roles.quantity, common=f"{{}}是做多少，不是做得怎样，却放在“{roles.quality}”下",
            )  # fmt: skip


@rule(
    "F07", "及时性指标不在时效指标", WARNING, basis="时效指标反映及时程度和效率情况",
    violates="质量指标：网评跟进及时率", passes="时效指标：网评跟进及时率",
    failing="3.name = 工程验收及时率", found="3 l2",
    passing="""
        4.name = 工程款支付及时率
        4.value = ≥98%
    """,
)  # fmt: skip
def timeliness_stands_under_time(evidence: Evidence) -> Iterator[Observation]:
    """The name speaks of timeliness (及时率, 按时, 完成时间) but the category is another, and the value is no mere wish."""
    l2 = evidence.profile.roles.time
    for row in evidence.named if l2 in evidence.profile.parent else ():
        if row.category and row.category != l2 and evidence.profile.has("timeliness", row.bare_name):
            told = row.target.limits or "及时" in row.target.norm or evidence.profile.has("timeliness", row.target.norm)
            if row.target.kind == "qualitative" and not told:
                continue  # 长远, 提升: the value says nothing of time
            fix = moved(evidence, row, l2) if _fits_time(row) and not _is_ceiling(evidence, row) else None
            what = f"说的是做得及不及时，却放在“{row.category}”下"
            yield Observation(row.row, "l2", what, f"建议移到“{l2}”。", fix=fix, actual=row.category, expected=l2)


def _fits_time(row: Row) -> bool:
    """The value is one that may stand under time: an exact date, a span, a rate; not money nor a count."""
    quantity = row.quantity
    exact = row.target.kind == "date" and not any(limit.vague for limit in row.target.limits)
    return exact or (quantity is not None and quantity.family in ("duration", "ratio"))


@rule(
    "F08", "效果类指标放进了质量指标", WARNING, basis="常见问题：质量指标与效益指标混淆",
    violates="质量指标：公众知晓率", passes="社会效益指标：公众知晓率",
    failing="""
        3.name = 群众知晓率
        3.value = ≥90%
    """, found="3 l2",
    passing="""
        8.name = 群众知晓率
        8.value = ≥90%
    """,
)  # fmt: skip
def outcome_stands_under_benefit(evidence: Evidence) -> Iterator[Observation]:
    """A quality indicator's name speaks of an outcome: 知晓率, 普及率, 受益, 就业率."""
    roles = evidence.profile.roles
    for row in evidence.under(roles.quality) if roles.social in evidence.profile.parent else ():
        if evidence.profile.has("outcome", row.name):
            fix = moved(evidence, row, roles.social)
            what = f"说的是效果，却放在“{roles.quality}”下"
            yield Observation(
                row.row, "l2", what, f"建议移到“{roles.social}”。", fix=fix, actual=roles.quality, expected=roles.social
            )


@rule(
    "F16", "指标条数过多或过少", WARNING, basis="财预〔2021〕101号：重点突出",
    violates="共51条、每类12条", passes="共8—20条",
    failing="""
        表式 = mof2021
        long_goal = 改造农村公路，修复农村公路上的危桥，使受益村民出行。
        year_goal = 改造农村公路12公里，修复危桥3座。
        - 质量指标
        - 时效指标
        - 服务对象满意度指标
    """, found="indicators; C10 质量指标; C10 时效指标; C10 服务对象满意度指标",
    passing="""
        表式 = mof2021
        long_goal = 改造农村公路，修复农村公路上的危桥，使受益村民出行。
        year_goal = 改造农村公路12公里，修复危桥3座。
        - 质量指标
        - 时效指标
    """,
)  # fmt: skip
def number_of_indicators_is_moderate(evidence: Evidence) -> Iterator[Observation]:
    """The form has more rows than max_total or fewer than min_total, or a category more than max_per_l2."""
    limits, total = evidence.profile.limits, len(evidence.rows)
    suggestion = "建议只留主要工作的指标，一般8—20条。"
    if total > limits.max_total:
        most = f"{limits.max_total}条以内"
        yield Observation(None, "indicators", f"共{total}条指标，偏多", suggestion, actual=str(total), expected=most)
    elif 0 < total < limits.min_total:
        least = f"{limits.min_total}条以上"
        what = f"共{total}条指标，偏少"
        yield Observation(None, "indicators", what, "建议补充主要工作和效果的指标。", actual=str(total), expected=least)
    crowded = {l2: n for l2 in evidence.profile.parent if (n := len(evidence.under(l2))) > limits.max_per_l2}
    if crowded and total <= limits.max_total:
        what = "、".join(f"“{l2}”有{n}条" for l2, n in crowded.items()) + "，偏多"
        yield Observation(None, "indicators", what, suggestion)


@rule(
    "F19", "效益写成了成本", WARNING, basis="财预〔2021〕101号：社会成本、生态环境成本是项目的负面影响",
    violates="生态环境成本指标：提升绿化水平", passes="生态环境成本指标：施工扬尘超标天数≤3天",
    failing="""
        表式 = mof2021
        + 生态环境成本指标 | 沿线绿化水平 | 较上年提升
    """, found="9 l2",
    passing="""
        表式 = mof2021
        + 生态环境成本指标 | 施工扬尘超标天数 | ≤3天
    """,
)  # fmt: skip
def side_cost_is_no_gain(evidence: Evidence) -> Iterator[Observation]:
    """A row under the costs to society or nature tells of a gain: 提升绿化水平, 影响长远."""
    profile = evidence.profile
    for category in profile.side_costs:
        gains = category.replace("生态环境成本", "生态效益").replace("社会成本", "社会效益")
        for row in evidence.under(category):
            text = f"{row.bare_name} {row.target.norm}"
            if not row.name or row.stop or row.target.quantities or profile.has("harm", text) or not profile.has("gain", text):
                continue
            better = gains if gains in profile.parent else profile.roles.benefit
            what = f"这是效益，却放在“{category}”下"
            fix = moved(evidence, row, gains)
            yield Observation(row.row, "l2", what, f"请移到“{better}”；没有负面影响的，这一类不用填。", fix=fix, actual=row.name)
