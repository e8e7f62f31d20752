"""Group M: a target can be assessed at the year's end."""

from collections import Counter
from collections.abc import Iterator

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import ERROR, INFO, WARNING, Observation, offered
from xlpkg.audit.rules.registry import rule
from xlpkg.form.figures import has_figure
from xlpkg.form.text import norm, without_notes

_MANY = 10


@rule(
    "M01", "指标值无法考核", ERROR, basis="财预〔2015〕88号：细化量化",
    violates="随机", passes="≥500条",
    failing="8.value = 视情况而定", found="8 value",
    passing="8.value = 随机抽查6000人",
)  # fmt: skip
def value_can_be_assessed(evidence: Evidence) -> Iterator[Observation]:
    """The value has no figure and says that it depends: 随机, 视情况, 若干 and the like."""
    for row in evidence.rows:
        if row.stop == "unmeasurable":
            suggestion = "请写出具体数量；难以确定的，按上年完成数或近三年平均数填写。"
            yield Observation(row.row, "value", f"“{row.target.norm}”无法考核", suggestion, actual=row.target.norm)


@rule(
    "M02", "定性值过于笼统", WARNING, basis="可以采用定性的分级分档形式表述",
    violates="网络生态：改善", passes="负面信息处置率≥95%",
    failing="10.value = 明显改善", found="10 value",
    passing="10.value = 良好以上（年度评估）",
)  # fmt: skip
def words_say_how_good(evidence: Evidence) -> Iterator[Observation]:
    """A benefit's or quality's value is nothing but a vague word (改善, 效果明显), with neither level nor baseline."""
    profile = evidence.profile
    for row in evidence.readable:
        allowed = row.category == profile.roles.quality or _is_benefit(evidence, row)
        if not allowed or row.target.kind != "qualitative":
            continue
        if _is_a_wish(evidence, row.target.norm):
            suggestion = "请改为数字；确需定性的，写明衡量依据和等级（如优、良、中、差）。"
            yield Observation(row.row, "value", f"“{row.target.norm}”难以衡量", suggestion, actual=row.target.norm)


def _is_a_wish(evidence: Evidence, text: str) -> bool:
    """Vague words, and neither a basis (《…》, 评估, 较上年) nor a note in brackets."""
    profile = evidence.profile
    if without_notes(text) != text or profile.has("basis", text):
        return False
    adverb = profile.pattern("vague_adverb").search(text)
    return profile.has("vague", text) or bool(adverb and profile.has("vague_state", text[adverb.end() :]))


def _is_benefit(evidence: Evidence, row: Row) -> bool:
    return evidence.profile.parent.get(row.category) == evidence.profile.roles.benefit


@rule(
    "M03", "数量指标没有数字", ERROR, basis="财预〔2015〕88号：细化量化",
    violates="门类齐全", passes="≥12个",
    failing="+ 数量指标 | 修复危桥的配套设施数量 | 门类齐全", found="12 value",
    passing="+ 数量指标 | 修复危桥的配套设施 | ≥12个",
)  # fmt: skip
def quantity_has_a_figure(evidence: Evidence) -> Iterator[Observation]:
    """A quantity indicator's value has no quantity."""
    for row in evidence.under(evidence.profile.roles.quantity):
        if not row.stop and not row.target.quantities:
            what = f"数量指标的值“{row.target.norm}”没有数字和单位"
            yield Observation(row.row, "value", what, "数量指标必须有数字和单位，请改写。", actual=row.target.norm)


@rule(
    "M05", "满意度没有量化", ERROR, basis="满意度以百分比考核",
    violates="满意", passes="≥90%",
    failing="11.value = 满意", found="11 value",
    passing="11.value = 90%以上",
)  # fmt: skip
def satisfaction_has_a_figure(evidence: Evidence) -> Iterator[Observation]:
    """A satisfaction indicator's value has no number."""
    for row in evidence.readable:
        if row.l1 == evidence.profile.roles.satisfaction and not row.target.quantities and not _digit(row.target.norm):
            what = f"满意度的值“{row.target.norm}”没有数字"
            yield Observation(row.row, "value", what, "请填百分比，例如“≥90%”。", actual=row.target.norm)


def _digit(text: str) -> bool:
    return any(c.isdecimal() for c in text)


@rule(
    "M06", "年度目标没有可量化内容", WARNING, basis="财预〔2015〕88号：指向明确、细化量化",
    violates="强化网络宣传引导、网络舆情处置等工作", passes="开展专项行动4次，处置率达到90%以上",
    failing="year_goal = 改造农村公路，修复危桥，工程验收全部合格，方便沿线群众出行。", found="year_goal",
    passing="year_goal = 提高十二条公路的通行能力。",
)  # fmt: skip
def year_goal_has_a_figure(evidence: Evidence) -> Iterator[Observation]:
    """The year's goal, if there is one, has neither a digit nor a Chinese numeral with a unit."""
    goal = norm(evidence.declaration.year_goal)
    if len(goal) >= 4 and not has_figure(goal):
        yield Observation(None, "year_goal", "目标里没有数字", "建议写出主要任务的数量和效果。")


@rule(
    "M07", "效益指标全部为定性", WARNING, basis="细化量化：能量化的尽量量化",
    violates="减少、改善", passes="至少一条有数字",
    failing="""
        表式 = mof2021
        7.value = 出行更方便
    """, found="效益指标",
    passing="""
        表式 = mof2021
        7.value = 提高5%
    """,
)  # fmt: skip
def some_benefit_is_quantified(evidence: Evidence) -> Iterator[Observation]:
    """Every benefit indicator (there is at least one) is qualitative."""
    benefit = evidence.profile.roles.benefit
    rows = [r for r in evidence.rows if evidence.profile.parent.get(r.category) == benefit]
    unknown = any(not r.category for r in evidence.rows)  # that may be the quantified one
    if rows and not unknown and all(r.target.kind == "qualitative" for r in rows):
        yield Observation(None, benefit, "全部是定性表述", "建议至少一条写出数字。")


@rule(
    "M08", "标准与指标值不匹配", WARNING, basis="历史标准为历史年度完成值，预算支出标准用于成本指标",
    violates="改善—历史标准；满意度≥95%—行业标准", passes="本年度内完成—计划标准",
    failing="4.standard = 历史标准", found="4 standard",
    passing="""
    """,
)  # fmt: skip
def standard_fits_the_value(evidence: Evidence) -> Iterator[Observation]:
    """Words or a date by 历史标准, a cost by neither spending, plan nor history, a satisfaction by an unnamed industry standard.

    The catalogue's "100 % with 行业标准" is read as a satisfaction of 100 %: acceptance rates do follow industry standards.
    """
    profile, standards = evidence.profile, evidence.profile.standard_roles
    known = {s.name for s in profile.standards}
    for row in evidence.readable:
        if row.standard not in known:
            continue
        cost = evidence.is_cost(row)
        in_words = row.target.kind == "qualitative" and (row.category == profile.roles.quality or _is_benefit(evidence, row))
        if row.standard == standards.history and (in_words or row.target.kind == "date"):
            better = standards.plan
        elif cost and row.standard not in (standards.spending, standards.plan, standards.history):
            better = standards.spending
        elif row.standard == standards.industry and profile.has("satisfaction", row.name) and not _names_a_source(evidence, row):
            better = standards.history
        else:
            continue
        what = f"“{row.target.norm}”选“{row.standard}”不合适"
        fix = offered(row.row, "standard", better)
        yield Observation(row.row, "standard", what, f"建议选“{better}”。", fix=fix, actual=row.standard, expected=better)


def _names_a_source(evidence: Evidence, row: Row) -> bool:
    return evidence.profile.has("named_source", row.indicator.note + row.name)


@rule(
    "M09", "标准过于单一", INFO, basis="历史标准要有历史数据",
    violates="51条中46条历史标准", passes="按指标分别选用标准",
    failing="""
        3.standard = 计划标准
        5.standard = 计划标准
        6.standard = 计划标准
        7.standard = 计划标准
        9.standard = 计划标准
        10.standard = 计划标准
        11.standard = 计划标准
    """, found="indicators",
    passing="""
    """,
)  # fmt: skip
def standards_vary(evidence: Evidence) -> Iterator[Observation]:
    """Nearly all of at least ten rows (same_standard %) carry one standard."""
    rows = [r.standard for r in evidence.rows if r.standard]
    name, count = Counter(rows).most_common(1)[0] if rows else ("", 0)
    if len(rows) >= _MANY and count * 100 >= evidence.profile.limits.same_standard * len(rows):
        what = f"{len(rows)}条指标中{count}条选了“{name}”"
        yield Observation(None, "indicators", what, "请逐条核对，是否都有依据。", actual=str(count))


@rule(
    "M10", "指标值明显偏低", WARNING, basis="财预〔2020〕10号：年初指标值设定明显偏低",
    violates="满意度≥60%", passes="满意度≥90%",
    failing="11.value = ≥60%", found="11 value",
    passing="11.value = ≥80%",
)  # fmt: skip
def target_is_ambitious(evidence: Evidence) -> Iterator[Observation]:
    """A satisfaction, or a rate of completion, quality or timeliness, is below low_rate %."""
    low, profile = evidence.profile.limits.low_rate, evidence.profile
    for row in evidence.readable:
        quantity, name = row.quantity, row.bare_name
        if not quantity or quantity.unit != "%" or quantity.op in ("≤", "<") or not 0 < quantity.upper < low:
            continue
        bad = profile.has("negative_measure", name)
        if not bad and (profile.has("satisfaction", name) or profile.has("sure_rate", name)):
            what = f"“{row.target.norm}”定得偏低"
            yield Observation(row.row, "value", what, "请说明理由或提高。", actual=row.target.norm, expected=f"≥{low}%")


@rule(
    "M11", "满意度为100%", WARNING, basis="满意度100%很难做到",
    violates="满意度=100%", passes="满意度≥95%",
    failing="11.value = =100%", found="11 value",
    passing="11.value = ≥95%",
)  # fmt: skip
def satisfaction_leaves_room(evidence: Evidence) -> Iterator[Observation]:
    """A satisfaction is to be exactly 100 % (at least 100 % is V01)."""
    for row in evidence.readable:
        quantity = row.quantity
        exact = quantity and quantity.unit == "%" and quantity.number == 100 and quantity.op in ("=", "", "≈")
        if exact and evidence.profile.has("satisfaction", row.name):
            yield Observation(row.row, "value", "满意度100%很难做到", "请确认，一般写“≥95%”或“≥90%”。", actual="100%")
