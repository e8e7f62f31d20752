"""Group V, the figure: there is one, and it is written as such."""

import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from xlpkg.audit.facts.advice import is_proposable, measured
from xlpkg.audit.facts.evidence import Evidence, Row, Years
from xlpkg.audit.facts.finding import (
    ERROR,
    INFO,
    MENDED_AT_ONCE,
    OFFERED,
    UNTIDY,
    WARNING,
    Edit,
    Fix,
    NewRow,
    Observation,
    offered,
    safe,
)  # fmt: skip
from xlpkg.audit.facts.measures import misfit
from xlpkg.audit.rules.registry import rule
from xlpkg.audit.rules.signs import is_negative
from xlpkg.form import dates
from xlpkg.form.blanks import left_as_printed
from xlpkg.form.figures import figures
from xlpkg.form.names import has_marks, unit_in_name, without_marks
from xlpkg.form.numbers import plain
from xlpkg.form.quantity import Quantity
from xlpkg.form.text import chinese_characters, norm, prose

_NO_MARKS = ("unit", "department", "project", "period", "long_goal", "year_goal")
_FEW_WORDS = 15  # Chinese characters; more of them beside a figure or a date are prose
_CHINESE_DIGITS = frozenset("零〇一二两三四五六七八九十百千万亿")

_INCIDENT = "起"
"""The unit of accidents, cases and complaints: none is a good target."""


@rule(
    "V01", "比率超过100%", ERROR, basis="比率最高为100%",
    violates="≥100%、299%", passes="=100%；旅游收入增长率≥105%",
    failing="9.value = ≥100%", found="9 value",
    passing="9.value = =100%",
)  # fmt: skip
def rate_is_within_100(evidence: Evidence) -> Iterator[Observation]:
    """A rate is above 100 %, or at least 100 %, and neither its name nor the words before it speak of growth.

    A negative measure of at least 100 % is V08's: its sign is wrong, not its figure.
    """
    for row in evidence.readable:
        for quantity in row.target.quantities:
            n = quantity.upper
            if quantity.unit != "%" or not (n > 100 or (quantity.op in ("≥", ">") and n >= 100)):
                continue
            if evidence.profile.has("growth", row.name) or evidence.profile.has("growth", quantity.lead):
                continue
            if quantity.op in ("≥", ">") and is_negative(evidence, row):
                continue
            yield _above_100(evidence, row, quantity)
            break


def _above_100(evidence: Evidence, row: Row, quantity: Quantity) -> Observation:
    """What is offered for ≥100%: =100%, but of a satisfaction ≥95%, as 100 % cannot be reached (M11)."""
    n, fix = quantity.upper, None
    satisfaction = evidence.profile.has("satisfaction", row.name)
    if n == 100 and quantity.high is None:
        to = "≥95%" if satisfaction else "=100%"
        fix = offered(row.row, "value", to) if not quantity.lead else None
        suggestion = f"请改为“{to}”。"
    else:
        suggestion = f"请核对数字，最高写“{'≥95%' if satisfaction else '=100%'}”。"
    what = f"写成了“{row.target.norm}”，比率不会超过100%"
    return Observation(
        row.row, "value", what, suggestion, fix=fix, actual=row.target.norm, expected="100%", common="写成了{}，比率不会超过100%",
        advice="请改为“=100%”，满意度改为“≥95%”。", part_of=(("F05", row.row),), aside=f"还写成了“{row.target.norm}”",
    )  # fmt: skip


@rule(
    "V02", "模板占位符未替换", ERROR, basis="预算绩效系统：含*、_的指标值不符合规范",
    violates="≥**人", passes="≥500人",
    failing="8.value = ≥**人", found="8 value",
    passing="8.value = ≥500人",
)  # fmt: skip
def placeholders_are_replaced(evidence: Evidence) -> Iterator[Observation]:
    """The value, the name or a field of the header still has a placeholder of the template: *, ××, XX, __, ○○."""
    for field in _NO_MARKS:
        typed = norm(evidence.declaration.header(field)) if field in evidence.profile.header else ""
        if has_marks(typed.replace("*", "")) and (evidence.demands(field) == "off" or not left_as_printed(typed)):
            yield Observation(None, field, "还留着模板符号", "请换成实际内容。", actual=typed)
    for row in evidence.rows:
        if row.stop == "placeholder":
            what = f"“{row.target.norm}”里还留着模板符号"
            yield Observation(
                row.row, "value", what, "请换成实际数字。", actual=row.target.norm,
                common="{}里还留着模板符号", advice="请换成实际数字。",
            )  # fmt: skip
        if has_marks(row.name):
            yield Observation(
                row.row, "name", f"名称“{row.typed_name}”里还留着模板符号", "请从名称里删去。", fix=_cleaned(evidence, row),
                actual=row.name,
                common="名称里还留着模板符号", advice="请从名称里删去。",
            )  # fmt: skip


def _cleaned(evidence: Evidence, row: Row) -> Fix | None:
    """The name without the template's marks; sign and unit that it gave a bare figure go beside the figure."""
    name = without_marks(row.name)
    if not name or figures(name) or evidence.has_name(row.category, name):
        return None
    value = row.target.norm if row.unit_from_name else ""
    edits = (Edit(row.row, "name", name), *((Edit(row.row, "value", value),) if value else ()))
    return Fix(OFFERED, f"名称“{name}”" + (f"，指标值“{value}”" if value else ""), edits)


@rule(
    "V03", "一格里有多个指标值", ERROR, basis="一行一个指标，一个指标一个值",
    violates="支持建设党支部2个。召开行业党委会2次", passes="分成两行：2个；2次",
    failing="8.value = 6000人，300户", found="8 value",
    passing="8.value = 6000人（300户）",
)  # fmt: skip
def cell_has_one_value(evidence: Evidence) -> Iterator[Observation]:
    """The cell has two or more figures (or time limits) that are neither one range nor one pair of bounds."""
    for row in evidence.rows:
        if row.stop == "several":
            found = row.target.quantities
            parts = [q.written() for q in found] or [limit.text for limit in row.target.limits]
            what = f"一格写了{len(parts)}个指标值（{'、'.join(parts)}）"
            split = _split(evidence, row)
            proposal = "：" + "；".join(f"“{new.name} {new.value}”" for new in split) if split else "，每行一个指标值"
            fix = Fix(OFFERED, f"拆成{len(split)}行{proposal}", split=split) if split else None
            yield Observation(
                row.row, "value", what, f"请拆成{len(parts)}行{proposal}。", fix=fix, actual=row.target.norm,
                common="一格写了几个指标值", advice="请拆开，一行写一个指标值。",
            )  # fmt: skip


def _split(evidence: Evidence, row: Row) -> tuple[NewRow, ...]:
    """Rows for a cell in which each figure has words of its own; () where a name would be missing, taken or no name."""
    if row.category != evidence.profile.roles.quantity and not evidence.is_cost(row):
        return ()
    parts = []
    for quantity in row.target.quantities:
        if evidence.is_cost(row) != (quantity.amount is not None):
            return ()
        name = evidence.profile.pattern("leading_verb").sub("", quantity.lead)
        if not prose(name) or quantity.tail or not (is_proposable(evidence, name.replace("、", ""))):
            return ()
        bare = msgspec.structs.replace(quantity, lead="")
        parts.append(NewRow(name if evidence.is_cost(row) else measured(evidence, name, bare) or name, quantity.written()))
    names = [new.name for new in parts]
    taken = {r.name for r in evidence.under(row.category) if r.row != row.row}
    return tuple(parts) if len(set(names)) == len(names) and not taken & set(names) else ()


@rule(
    "V04", "指标值里混有文字", WARNING, basis="指标值只写数字和单位",
    violates="召开全县网络治理工作调度会1次", passes="名称“网络治理工作调度会”，值“1次”",
    failing="8.value = 沿线村民6000人", found="8 value",
    passing="8.value = 每年6000人",
)  # fmt: skip
def value_is_no_sentence(evidence: Evidence) -> Iterator[Observation]:
    """The cell has one figure and prose of two or more characters before it that is no operator or period word.

    Under quality, time and cost more than a few words behind the figure or beside a date are prose as well.
    """
    roles = evidence.profile.roles
    for row in evidence.readable:
        quantity = row.quantity
        short = row.category not in (roles.quality, roles.time) and not evidence.is_cost(row)
        if row.category == roles.time and row.target.limits and not quantity and _is_prose(row.target.norm):
            value = "、".join(limit.text for limit in row.target.limits)
            yield _prose(row, value, "", None)
        if not quantity or (row.category == roles.time and quantity.family == "duration"):
            continue
        lead = quantity.lead.replace("\0", "")
        if prose(evidence.profile.pattern("neutral_lead").sub("", lead)):
            if row.category == roles.quantity and misfit(row, quantity):
                yield _of_another_kind(row)  # what is written is no quantity: it is not the one to be left
                continue
            name = evidence.profile.pattern("leading_verb").sub("", lead) or lead
            name = name.rpartition("等")[2] if len(name.rpartition("等")[2]) >= 2 else name
            yield _prose(row, quantity.written(), name, _moved_to_the_name(evidence, row, name, quantity))
        elif not short and _is_prose(quantity.tail):
            yield _prose(row, quantity.written(), "", None)


def _of_another_kind(row: Row) -> Observation:
    return Observation(
        row.row, "value", "指标值里混有文字", "这一格只写做了多少和单位，别的写到名称或备注里。", actual=row.target.norm,
        common="指标值里混有文字", part_of=(("V10", row.row),),
    )  # fmt: skip


def _is_prose(text: str) -> bool:
    return chinese_characters(text) > _FEW_WORDS


def _prose(row: Row, value: str, name: str, fix: Fix | None) -> Observation:
    where = f"（如“{name}”）" if fix else ""
    suggestion = f"这一格只写“{value}”，文字写到指标名称里{where}。"
    return Observation(
        row.row, "value", "指标值里混有文字", suggestion, fix=fix, actual=row.target.norm, expected=value,
        common="指标值里混有文字", advice="这一格只写数字、单位或日期，文字写到指标名称里。",
    )  # fmt: skip


def _moved_to_the_name(evidence: Evidence, row: Row, words: str, quantity: Quantity) -> Fix | None:
    """The words of a value behind the row's name, in brackets, so that the row keeps its item; the figure alone as the value.

    Not offered where a figure would be left in the name, where money would become a quantity, or for half a sentence.
    """
    money = quantity.family == "money" and row.category == evidence.profile.roles.quantity
    if (
        money
        or quantity.tail
        or has_marks(row.name)
        or unit_in_name(row.name)
        or not is_proposable(evidence, words.replace("、", ""))
    ):
        return None
    name = row.name if words in row.name else f"{row.name}（{words}）" if row.name else words
    two_measures = evidence.profile.has("measure_name", row.bare_name) and evidence.profile.has("measure_name", words)
    if two_measures or (name != row.name and evidence.has_name(row.category, name)):
        return None
    value = quantity.written()
    return Fix(OFFERED, f"名称“{name}”，指标值“{value}”", (Edit(row.row, "name", name), Edit(row.row, "value", value)))


@rule(
    "V06", "区间上下限写反", ERROR, basis="区间小数在前",
    violates="600-520人", passes="520-600人",
    failing="8.value = 6000-5000人", found="8 value",
    passing="8.value = 5000-6000人",
)  # fmt: skip
def range_rises(evidence: Evidence) -> Iterator[Observation]:
    """The lower end of a range is not below its upper end."""
    for row in evidence.readable:
        quantity = row.quantity
        if quantity and quantity.high is not None:
            low, high, reversed_ = quantity.number, quantity.high, quantity.number >= quantity.high
        elif row.target.kind == "pair":
            ends = sorted(row.target.quantities, key=lambda q: q.op in ("≤", "<"))
            low, high = (q.numbers[0] for q in ends)
            reversed_ = low > high
        else:
            continue
        if reversed_:
            what = f"“{row.target.norm}”前面的数不比后面的小"
            fix = None
            if quantity and low != high:
                to = quantity.op + plain(high) + "-" + plain(low) + quantity.unit
                fix = offered(row.row, "value", to) if not quantity.lead and not quantity.tail else None
            suggestion = f"请改为“{fix.to}”。" if fix else "请小数写在前，大数写在后。"
            yield Observation(row.row, "value", what, suggestion, fix=fix, actual=plain(low), expected=plain(high))


@rule(
    "V09", "日期变成了数字", ERROR, basis="Excel把日期存成序列号",
    violates="45627、44,561", passes="2024年12月1日前",
    failing="4.value = 45626", found="4 value",
    passing="4.value = 2024年11月30日",
)  # fmt: skip
def time_limit_is_no_serial(evidence: Evidence) -> Iterator[Observation]:
    """A time limit is a bare number that is the serial of a day between 2000 and 2099."""
    for row in evidence.rows:
        if row.stop == "serial":
            day = dates.from_serial(int(row.target.quantities[0].number))
            to = f"{day.year}年{day.month}月{day.day}日"
            span = evidence.period or (Years(evidence.year, evidence.year) if evidence.year else None)
            fix = offered(row.row, "value", to) if span is None or day.year in span else None
            what = f"“{row.target.norm}”是日期变成的数字"
            yield Observation(row.row, "value", what, f"请改为“{to}”，并核对。", fix=fix, actual=row.target.norm, expected=to)


@rule(
    "V13", "指标值为零或负数", WARNING, basis="指标值应为正数",
    violates="新建公厕0座", passes="重大事故0起",
    failing="8.value = ≥0人", found="8 value",
    passing="""
        8.name = 沿线安全隐患数
        8.value = =0处
    """,
)  # fmt: skip
def figure_is_positive(evidence: Evidence) -> Iterator[Observation]:
    """The figure is 0 or below, and the name measures nothing bad (accidents, hidden dangers; what 起 counts) nor a side cost."""
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or not row.name or quantity.upper > 0 or row.category in evidence.profile.side_costs:
            continue
        if quantity.unit == _INCIDENT and not quantity.upper:
            continue
        if not any(evidence.profile.has(words, row.bare_name) for words in ("negative_measure", "bad_thing")):
            what = f"指标值是{plain(quantity.upper)}{quantity.unit}"
            yield Observation(row.row, "value", what, "请核对，是不是漏填或四舍五入成了0。", actual=plain(quantity.upper))


@rule(
    "V14", "中文数字等写法", INFO, basis="指标值用阿拉伯数字，不加千位逗号",
    violates="十二次、百分之九十、1,160万元", passes="12次、90%、1160万元",
    failing="8.value = 六千人", found="8 value",
    passing="8.value = 6000人",
)  # fmt: skip
def figures_are_arabic(evidence: Evidence) -> Iterator[Observation]:
    """The value's one figure is a Chinese numeral, 百分之…, or has thousands commas."""
    for row in evidence.readable:
        typed, target = row.typed, evidence.profile.read_target(row.typed)
        quantity = target.single
        if not quantity or quantity.lead or quantity.tail or target.limits or target.explained:
            continue
        number = plain(quantity.number)
        chinese = not _CHINESE_DIGITS.isdisjoint(typed.replace(quantity.unit, "")) and number not in norm(typed)
        commas = re.search(r"\d[,，]\d{3}", typed)
        if chinese or (commas and Decimal(number) >= 1000):
            to = target.canonical
            if to != norm(typed) or commas:
                what = f"“{tidy_value(typed)}”的数字写法不规范"
                yield Observation(
                    row.row, "value", what, f"请写成“{to}”。", fix=safe(row.row, "value", to), actual=typed, expected=to,
                    common=UNTIDY, advice=MENDED_AT_ONCE,
                )  # fmt: skip


@rule(
    "V16", "没有比较符", INFO, basis="预算绩效系统：请先选择计算符号",
    violates="10辆、1年", passes="=10辆、≥10辆",
    failing="1.value = 12公里", found="1 value",
    passing="1.value = =12公里",
)  # fmt: skip
def figure_has_a_sign(evidence: Evidence) -> Iterator[Observation]:
    """A single figure under quantity, quality, cost or satisfaction has no sign; it is read as =.

    Which sign is meant only the clerk knows, so nothing is offered. Of a cell that has to be rewritten anyway nothing is said.
    """
    roles, profile = evidence.profile.roles, evidence.profile
    signed = (roles.quantity, roles.quality, *profile.cost_categories)
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or not quantity.unit or quantity.op or quantity.high is not None or prose(quantity.lead):
            continue
        if row.category == roles.quantity and quantity.family == "duration" and not profile.has("duration_name", row.name):
            continue
        if row.category in signed or profile.parent.get(row.category) == roles.satisfaction:
            what = "没有写“≥”“≤”，按“=”处理"
            yield Observation(row.row, "value", what, "是最低要求的请加“≥”，是上限的请加“≤”。", actual=row.target.norm)


@rule(
    "V17", "增长率疑似写成指数", WARNING, basis="增长率是增加的部分，不是上年为100的指数",
    violates="增长率≥105%", passes="增长率≥5%",
    failing="""
        7.name = 沿线农产品收入增长率
        7.value = ≥105%
    """, found="7 value",
    passing="7.name = 沿线农产品收入增长率",
)  # fmt: skip
def growth_rate_is_no_index(evidence: Evidence) -> Iterator[Observation]:
    """A name ends with 增长率, 增幅 or 增速 and the figure is 100 % or more."""
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or quantity.unit != "%" or quantity.upper < 100 or quantity.high is not None:
            continue
        if evidence.profile.has("growth_rate", row.bare_name):
            to = f"{quantity.op}{plain(quantity.number - 100)}%"
            fix = None if quantity.lead or quantity.tail or quantity.number == 100 else offered(row.row, "value", to)
            what = f"增长率写成了“{row.target.norm}”，像是把上年当成100%"
            yield Observation(row.row, "value", what, f"请核对：是不是“{to}”？", fix=fix, actual=row.target.norm, expected=to)


@rule(
    "V20", "指标值看不明白", ERROR, basis="预算绩效系统：定量指标的指标值为数值",
    violates="20+5万元、8 33.3、20.5.1", passes="≤25万元",
    failing="6.value = ≤20+10万元", found="6 value",
    passing="6.value = ≤30万元",
)  # fmt: skip
def figures_make_a_number(evidence: Evidence) -> Iterator[Observation]:
    """The figures of the value make no number: 20+5, 8 33.3, 20.5.1. None of them is counted."""
    for row in evidence.rows:
        if row.stop == "unclear":
            what = f"“{tidy_value(row.target.norm)}”看不明白是多少"
            yield Observation(row.row, "value", what, "请只写一个数字和单位。", actual=row.target.norm, common="{}看不明白是多少")


def tidy_value(typed: str) -> str:
    """A value for a sentence: without blanks at its ends and line breaks."""
    return " ".join(typed.split())
