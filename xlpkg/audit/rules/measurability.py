"""Group M: a target can be assessed at the year's end."""

from collections import Counter
from collections.abc import Iterator

from xlpkg.audit.facts.advice import example_of, last_achieved, last_year
from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import ERROR, INFO, WARNING, Observation, offered
from xlpkg.audit.rules.registry import rule
from xlpkg.audit.rules.signs import is_negative
from xlpkg.form.figures import has_figure
from xlpkg.form.text import chinese_characters, norm, without_notes

_MANY = 10
_FEW_WORDS = 15  # Chinese characters; more of them under quality are a sentence
_SHOWN = 3


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
            example = example_of(evidence, row)
            suggestion = f"请写数字{f'，{example}' if example else ''}；说不准的，按上年完成数写。"
            yield Observation(
                row.row, "value", f"“{row.target.norm}”没法考核", suggestion, actual=row.target.norm, common="{}没法考核",
                advice="请写数字；说不准的，按上年完成数写。",
            )  # fmt: skip


@rule(
    "M02", "定性值过于笼统", WARNING, basis="可以采用定性的分级分档形式表述",
    violates="网络生态：改善", passes="负面信息处置率≥95%",
    failing="10.value = 明显改善", found="10 value",
    passing="10.value = 良好以上（年度评估）",
)  # fmt: skip
def words_say_how_good(evidence: Evidence) -> Iterator[Observation]:
    """A benefit's or quality's value has neither figure, date nor grade, but vague words (改善, 长期) or a long sentence.

    So has a wish for a name (促进…发展) with 100 % behind it.
    """
    profile, roles = evidence.profile, evidence.profile.roles
    allowed = {roles.quality, *profile.side_costs, *(c for c in profile.parent if profile.parent[c] == roles.benefit)}
    suggestion = "请改为数字；写不出数字的，写明等级和依据，如“良好以上（年度评估）”。"
    for row in evidence.readable:
        value = row.target.norm
        if row.category not in allowed:
            continue
        long = row.category == roles.quality and chinese_characters(value) > _FEW_WORDS and not _has_basis(evidence, value)
        if row.target.kind == "qualitative" and not row.target.limits and (long or _is_a_wish(evidence, value)):
            what, common = f"“{value}”看不出做到什么程度", "{}看不出做到什么程度"
        elif _is_all_of_a_wish(evidence, row):
            what, common = f"“{row.typed_name}”写“{value}”，看不出做到什么程度", "名称是愿望，写{}看不出做到什么程度"
        else:
            continue
        part_of = (("M07", None), ("F08", row.row)) if profile.parent.get(row.category) == roles.benefit else (("F08", row.row),)
        yield Observation(row.row, "value", what, suggestion, actual=value, common=common, part_of=part_of)


def _is_all_of_a_wish(evidence: Evidence, row: Row) -> bool:
    """100 % of what cannot be counted: 促进可持续发展, which no word of a measure ends."""
    quantity, name = row.quantity, row.bare_name
    if quantity is None or quantity.unit != "%" or quantity.upper < 100 or evidence.profile.has("measure_name", name):
        return False
    return evidence.profile.has("wish_name", name)


def _is_a_wish(evidence: Evidence, text: str) -> bool:
    """Vague words, and neither a basis (《…》, 评估, 较上年) nor a note in brackets."""
    profile = evidence.profile
    if _has_basis(evidence, text):
        return False
    adverb = profile.pattern("vague_adverb").search(text)
    return profile.has("vague", text) or bool(adverb and profile.has("vague_state", text[adverb.end() :]))


def _has_basis(evidence: Evidence, text: str) -> bool:
    """What the words are measured by is told, or stands in brackets."""
    return without_notes(text) != text or evidence.profile.has("basis", text)


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
            example = example_of(evidence, row)
            yield Observation(
                row.row, "value", f"数量指标写的是“{row.target.norm}”，没有数字",
                f"请写数字和单位{f'，{example}' if example else ''}。",
                actual=row.target.norm, common="数量指标写的是{}，没有数字", advice="请写数字和单位。",
            )  # fmt: skip


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
            said = last_year(row)
            what, advice = f"满意度写的是“{row.target.norm}”，没有数字", "请写百分比，如“≥90%”。"
            suggestion = f"请写百分比，上年写的是“{said}”。" if said else advice
            yield Observation(
                row.row, "value", what, suggestion, actual=row.target.norm, common="满意度写的是{}，没有数字", advice=advice
            )


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
        yield Observation(None, "year_goal", "目标里没有数字", "建议写出主要任务做多少、达到多少。")


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
        said = "".join(f"“{text}”" for text in dict.fromkeys(r.target.norm for r in rows[:_SHOWN]))
        what = f"{benefit}{len(rows)}条都没有数字（{said}{'……' if len(rows) > _SHOWN else ''}）"
        yield Observation(None, benefit, what, "请至少一条写数字，如“知晓率≥90%”。", actual=str(len(rows)))


@rule(
    "M08", "标准与指标值不匹配", WARNING, basis="历史标准为历史年度完成值，预算支出标准用于成本指标",
    violates="改善—历史标准；满意度≥95%—行业标准", passes="本年度内完成—计划标准",
    failing="4.standard = 历史标准", found="4 standard",
    passing="""
    """,
)  # fmt: skip
def standard_fits_the_value(evidence: Evidence) -> Iterator[Observation]:
    """Words or a date by 历史标准, a cost by neither spending, plan nor history, a satisfaction by an unnamed industry standard.

    Acceptance rates of 100 % do follow industry standards.
    What is proposed is not offered where it would make one standard stand nearly everywhere (M09).
    """
    misfits = evidence.once(_misfits)
    proposed = Counter(better for _, better, _ in misfits)
    often = _most_common(evidence)
    said = f"（{often[2]}条里{often[1]}条选“{often[0]}”，审核会要依据）" if often else ""
    for row, better, kind in misfits:
        fix = offered(row.row, "standard", better) if _leaves_variety(evidence, better, proposed[better]) else None
        place = row.row
        what = f"“{row.target.norm}”选了“{row.standard}”"
        yield Observation(
            place, "standard", what, f"{_WHY[kind].format(better)}{said}", fix=fix, actual=row.standard, expected=better,
            common=f"{_KINDS[kind]}选了“{row.standard}”", advice=f"{_WHY[kind].format(better)}{said}",
            part_of=tuple((code, place) for code in ("F05", "F06", "F07", "F08", "M02")),
        )  # fmt: skip


_KINDS = {"words": "没有数字的指标", "date": "完成时间", "cost": "成本", "satisfaction": "满意度"}
_WHY = {
    "words": "没有数字就没有历史数据，建议选“{}”。", "date": "时间是计划定的，建议选“{}”。", "cost": "成本建议选“{}”。",
    "satisfaction": "没有写明是哪个行业标准，建议选“{}”。",
}  # fmt: skip


def _misfits(evidence: Evidence) -> list[tuple[Row, str, str]]:
    """The rows whose standard does not fit, the standard that does, and what it is about."""
    profile, standards = evidence.profile, evidence.profile.standard_roles
    known = {s.name for s in profile.standards}
    found = []
    for row in evidence.readable:
        if row.standard not in known:
            continue
        in_words = row.target.kind == "qualitative" and (row.category == profile.roles.quality or _is_benefit(evidence, row))
        if row.standard == standards.history and (in_words or row.target.kind == "date"):
            found.append((row, standards.plan, "words" if in_words else "date"))
        elif evidence.is_cost(row) and row.standard not in (standards.spending, standards.plan, standards.history):
            found.append((row, standards.spending, "cost"))
        elif (
            row.standard == standards.industry
            and profile.has("satisfaction", row.name)
            and not profile.has("named_source", row.indicator.note + row.name)
        ):
            found.append((row, standards.plan, "satisfaction"))
    return found


def _leaves_variety(evidence: Evidence, standard: str, more: int) -> bool:
    """The standard would not stand nearly everywhere if all that is proposed were accepted."""
    rows = [r.standard for r in evidence.rows if r.standard]
    return len(rows) < _MANY or (rows.count(standard) + more) * 100 < evidence.profile.limits.same_standard * len(rows)


def _most_common(evidence: Evidence) -> tuple[str, int, int] | None:
    """The standard that nearly all of at least ten rows (same_standard %) carry, how many do, and of how many."""
    rows = [r.standard for r in evidence.rows if r.standard]
    name, count = Counter(rows).most_common(1)[0] if rows else ("", 0)
    often = len(rows) >= _MANY and count * 100 >= evidence.profile.limits.same_standard * len(rows)
    return (name, count, len(rows)) if often else None


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
    """Nearly all of at least ten rows (same_standard %) carry one standard; where some do not fit, M08 says so."""
    often = _most_common(evidence)
    told = evidence.once(_misfits) and evidence.profile.rules.get("M08") != "off"
    if often and not told:
        what = f"{often[2]}条里{often[1]}条选了“{often[0]}”，审核会要依据"
        yield Observation(None, "indicators", what, "请逐条核对，是否都有依据。", actual=str(often[1]))


@rule(
    "M10", "指标值明显偏低", WARNING, basis="财预〔2020〕10号：年初指标值设定明显偏低",
    violates="满意度≥60%", passes="满意度≥90%",
    failing="11.value = ≥60%", found="11 value",
    passing="11.value = ≥80%",
)  # fmt: skip
def target_is_ambitious(evidence: Evidence) -> Iterator[Observation]:
    """A satisfaction, or a rate of completion, quality or timeliness, is below low_rate %; or a rate of failures is as high.

    A ceiling of 100 % of something bad demands nothing, whatever it is.
    """
    low, profile = evidence.profile.limits.low_rate, evidence.profile
    for row in evidence.readable:
        quantity, name, value = row.quantity, row.bare_name, row.target.norm
        if not quantity or quantity.unit != "%":
            continue
        if is_negative(evidence, row):
            most = 100 - low if profile.has("rate_of_failure", name) else 99
            if quantity.op in ("≤", "<", "=", "") and quantity.upper > most:
                what = f"越低越好的比率写“{value}”，等于没有要求"
                yield Observation(
                    row.row, "value", what, "请写做得到的上限，如“≤5%”。", actual=value, expected=f"≤{most}%",
                    common="越低越好的比率写{}，等于没有要求",
                )  # fmt: skip
        elif quantity.op in ("≤", "<") or not 0 < quantity.upper < low:
            continue
        elif profile.has("satisfaction", name) or profile.has("sure_rate", name):
            what, to = f"“{value}”定得偏低", f"≥{low}%"
            yield Observation(row.row, "value", what, "请提高，或说明理由。", actual=value, expected=to, common="{}定得偏低")


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
            yield Observation(row.row, "value", "满意度写了100%，很难做到", "请核对，一般写“≥95%”或“≥90%”。", actual="100%")


@rule(
    "M12", "目标低于上年完成数", INFO, basis="历史标准为历史年度完成值",
    violates="历史标准，上年完成12.3公里，今年≥12公里", passes="≥12.5公里",
    failing="""
        1.standard = 历史标准
        1.note = 上年（2023年）：≥11公里，完成12.3公里
    """, found="1 value",
    passing="""
        1.standard = 历史标准
        1.note = 上年（2023年）：≥11公里，完成11.5公里
    """,
)  # fmt: skip
def target_is_no_step_back(evidence: Evidence) -> Iterator[Observation]:
    """By 历史标准, a figure to be reached lies below what the note says was achieved last year, in the same unit."""
    for row in evidence.readable:
        goal, said = row.quantity, last_achieved(row)
        if not said or goal is None or goal.high is not None or goal.op not in ("≥", ">", "=", ""):
            continue
        got = evidence.profile.read_target(said).single
        alike = got is not None and got.high is None and got.base_unit == goal.base_unit and not is_negative(evidence, row)
        if got and alike and row.standard == evidence.profile.standard_roles.history and goal.numbers < got.numbers:
            yield Observation(
                row.row, "value", f"目标{row.target.norm}，上年完成{norm(said)}，低于历史标准", "请核对；有原因的，在备注写明。",
                actual=row.target.norm, expected=f"不低于{norm(said)}", common="目标{}低于上年完成数",
            )  # fmt: skip
