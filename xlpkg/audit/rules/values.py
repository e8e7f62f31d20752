"""Group V, the figure and its sign: one figure, written as such, on the right side of its bound."""

import re
from collections.abc import Iterator
from decimal import Decimal

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import ERROR, INFO, OFFERED, WARNING, Edit, Fix, NewRow, Observation, offered, safe
from xlpkg.audit.rules.registry import rule
from xlpkg.form import dates
from xlpkg.form.numbers import plain
from xlpkg.form.quantity import Quantity
from xlpkg.form.text import norm, prose

_SIGNS = frozenset("≥≤=><≈")
_FLIPPED = {"≥": "≤", ">": "<", "≤": "≥", "<": ">"}
_CHINESE_DIGITS = frozenset("零〇一二两三四五六七八九十百千万亿")


def _with_sign(row: Row, quantity: Quantity, sign: str) -> Fix | None:
    """The value with another sign; only where the sign is written as one."""
    typed = norm(row.typed)
    if quantity.op not in typed:
        return None
    to = typed.replace(quantity.op, sign, 1)
    return offered(row.row, "value", to)


@rule(
    "V01", "比率超过100%", ERROR, basis="比率最高为100%",
    violates="≥100%、299%", passes="=100%；旅游收入增长率≥105%",
    failing="9.value = ≥100%", found="9 value",
    passing="9.value = =100%",
)  # fmt: skip
def rate_is_within_100(evidence: Evidence) -> Iterator[Observation]:
    """A rate is above 100 %, or at least 100 %, and neither its name nor the words before it speak of growth."""
    for row in evidence.readable:
        for quantity in row.target.quantities:
            n = quantity.upper
            if quantity.unit != "%" or not (n > 100 or (quantity.op in ("≥", ">") and n >= 100)):
                continue
            if evidence.profile.has("growth", row.name) or evidence.profile.has("growth", quantity.lead):
                continue
            what = f"比率最高是100%，不能写成“{row.target.norm}”"
            if n == 100 and quantity.high is None:
                fix = offered(row.row, "value", "=100%") if not quantity.lead else None
                suggestion = "请改为“=100%”。"
            else:
                fix, suggestion = None, "请核对数字（如“299%”是不是“≥99%”），比率最高写“=100%”。"
            yield Observation(row.row, "value", what, suggestion, fix=fix, actual=f"{plain(n)}%", expected="100%")
            break


@rule(
    "V02", "模板占位符未替换", ERROR, basis="预算绩效系统：含*、_的指标值不符合规范",
    violates="≥**人", passes="≥500人",
    failing="8.value = ≥**人", found="8 value",
    passing="8.value = ≥500人",
)  # fmt: skip
def placeholders_are_replaced(evidence: Evidence) -> Iterator[Observation]:
    """The value still has a placeholder of the template: *, ××, XX, __, ○○."""
    for row in evidence.rows:
        if row.stop == "placeholder":
            what = f"“{row.target.norm}”里还留着模板符号"
            yield Observation(row.row, "value", what, "请换成实际数字。", actual=row.target.norm)


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
            what = f"一格里写了{len(parts)}个指标值（{'、'.join(parts)}）"
            split = _split(evidence, row)
            proposal = "：" + "；".join(f"“{new.name} {new.value}”" for new in split) if split else ""
            fix = Fix(OFFERED, f"拆成{len(split)}行{proposal}", split=split) if split else None
            yield Observation(row.row, "value", what, f"一行只能有一个指标值，建议拆成{len(parts)}行{proposal}。", fix=fix)


def _split(evidence: Evidence, row: Row) -> tuple[NewRow, ...]:
    """Rows for a cell in which each figure has words of its own; () where a name would be missing or taken."""
    if row.category != evidence.profile.roles.quantity and not evidence.is_cost(row):
        return ()
    parts = []
    for quantity in row.target.quantities:
        if evidence.is_cost(row) and quantity.amount is None:
            return ()
        name = evidence.profile.pattern("leading_verb").sub("", quantity.lead)
        if not prose(name) or not _SIGNS.isdisjoint(name) or quantity.tail:
            return ()
        parts.append(NewRow(name, quantity.written()))
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
    """The cell has one figure and prose of two or more characters before it that is no operator or period word."""
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or (row.category == evidence.profile.roles.time and quantity.family == "duration"):
            continue
        lead = quantity.lead.replace("\0", "")
        if prose(evidence.profile.pattern("neutral_lead").sub("", lead)):
            value, name = quantity.written(), evidence.profile.pattern("leading_verb").sub("", lead) or lead
            name = name.rpartition("等")[2] if len(name.rpartition("等")[2]) >= 2 else name
            what = "指标值里混有文字"
            suggestion = f"指标值只写“{value}”，文字请移到指标名称（如“{name}”）。"
            fix = _moved_to_the_name(evidence, row, name, value) if not quantity.tail else None
            yield Observation(row.row, "value", what, suggestion, fix=fix, actual=row.target.norm, expected=value)


def _moved_to_the_name(evidence: Evidence, row: Row, words: str, value: str) -> Fix | None:
    """The words of a value behind the row's name, in brackets, so that the row keeps its item; the figure alone as the value."""
    name = row.name if words in row.name else f"{row.name}（{words}）" if row.name else words
    if (name != row.name and evidence.has_name(row.category, name)) or not _SIGNS.isdisjoint(words):
        return None
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
            what = f"区间“{row.target.norm}”的上下限写反了"
            fix = None
            if quantity and low != high:
                to = quantity.op + plain(high) + "-" + plain(low) + quantity.unit
                fix = offered(row.row, "value", to) if not quantity.lead and not quantity.tail else None
            suggestion = f"请小数在前：“{fix.to}”。" if fix else "请小数在前、大数在后。"
            yield Observation(row.row, "value", what, suggestion, fix=fix, actual=plain(low), expected=plain(high))


@rule(
    "V07", "成本指标用了“≥”", ERROR, basis="成本是反向指标，写上限",
    violates="≥82万元", passes="≤82万元",
    failing="6.value = ≥30万元", found="6 value",
    passing="6.value = =30万元",
)  # fmt: skip
def cost_is_an_upper_limit(evidence: Evidence) -> Iterator[Observation]:
    """A cost row's money has the sign ≥ or >, and the row is neither a saving nor a standard of aid."""
    for row in evidence.costs:
        quantity = row.quantity
        if evidence.profile.has("saving", row.name) or evidence.profile.has("floor_price", row.bare_name):
            continue
        if quantity and quantity.family == "money" and quantity.op in ("≥", ">"):
            suggestion = "请把“≥”改为“≤”。"
            fix = _with_sign(row, quantity, "≤")
            what = f"成本是上限，写成了“{row.target.norm}”"
            yield Observation(row.row, "value", what, suggestion, fix=fix, actual=quantity.op, expected="≤")


@rule(
    "V08", "正反向指标方向写反", ERROR, basis="指标方向：正向指标≥，反向指标≤",
    violates="合格率≤90%；投诉率≥2%", passes="合格率≥90%；投诉率≤2%",
    failing="3.value = ≤98%", found="3 value",
    passing="3.value = ≥98%",
)  # fmt: skip
def sign_fits_the_direction(evidence: Evidence) -> Iterator[Observation]:
    """A positive rate has ≤ or <, or a negative measure has ≥ or > (≥0 included).

    A name is a negative measure if that is what it ends with: 安全事故起数, not 事故应急演练次数.
    """
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or quantity.op not in _FLIPPED or (quantity.lead and evidence.profile.has("falling", quantity.lead)):
            continue
        name = row.bare_name
        positive = evidence.profile.has("positive_rate", name)
        negative = (
            not positive and evidence.profile.has("negative_measure", name) and not evidence.profile.has("counteracting", name)
        )
        rising = quantity.op in ("≥", ">")
        ceiling = quantity.number == 100 and evidence.is_cost(row)  # 预算执行率≤100%
        if (positive and not rising and not ceiling) or (negative and rising):
            exact = (negative and quantity.number == 0) or (positive and quantity.unit == "%" and quantity.number >= 100)
            sign = "=" if exact else _FLIPPED[quantity.op]
            what = f"{'越高越好' if positive else '越低越好'}的指标写成了“{row.target.norm}”"
            suggestion = f"请把“{quantity.op}”改为“{sign}”。"
            yield Observation(
                row.row, "value", what, suggestion, fix=_with_sign(row, quantity, sign), actual=quantity.op, expected=sign
            )


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
            fix = offered(row.row, "value", to)
            what = f"“{row.target.norm}”是日期的内部编号"
            yield Observation(row.row, "value", what, f"应为“{to}”，请确认。", fix=fix, actual=row.target.norm, expected=to)


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
    """The figure is 0 or below, and the name measures nothing bad (accidents, hidden dangers) nor a side cost."""
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or not row.name or quantity.upper > 0 or row.category in evidence.profile.side_costs:
            continue
        if not any(evidence.profile.has(words, row.bare_name) for words in ("negative_measure", "bad_thing")):
            what = f"指标值是{plain(quantity.upper)}{quantity.unit}"
            yield Observation(row.row, "value", what, "请确认，是不是漏填或四舍五入成了0。", actual=plain(quantity.upper))


@rule(
    "V14", "中文数字等写法", INFO, basis="指标值用阿拉伯数字，不加千位逗号",
    violates="十二次、百分之九十、1,160万元", passes="12次、90%、1160万元",
    failing="8.value = 六千人", found="8 value",
    passing="8.value = 6000人",
)  # fmt: skip
def figures_are_arabic(evidence: Evidence) -> Iterator[Observation]:
    """The value's one figure is a Chinese numeral, 百分之…, or has thousands commas."""
    for row in evidence.readable:
        typed, quantity = row.typed, row.quantity
        if not quantity or quantity.lead or quantity.tail or row.target.limits or row.target.explained:
            continue
        number = plain(quantity.number)
        chinese = not _CHINESE_DIGITS.isdisjoint(typed.replace(quantity.unit, "")) and number not in norm(typed)
        commas = re.search(r"\d[,，]\d{3}", typed)
        if chinese or (commas and Decimal(number) >= 1000):
            to = row.target.canonical
            if to != norm(typed) or commas:
                fix = safe(row.row, "value", to)
                yield Observation(
                    row.row,
                    "value",
                    f"“{tidy_value(typed)}”的数字写法不规范",
                    f"请写成“{to}”。",
                    fix=fix,
                    actual=typed,
                    expected=to,
                )


@rule(
    "V16", "没有比较符", INFO, basis="预算绩效系统：请先选择计算符号",
    violates="10辆、1年", passes="=10辆、≥10辆",
    failing="1.value = 12公里", found="1 value",
    passing="1.value = =12公里",
)  # fmt: skip
def figure_has_a_sign(evidence: Evidence) -> Iterator[Observation]:
    """A single figure under quantity, quality, cost or satisfaction has no sign; it is read as =."""
    roles, profile = evidence.profile.roles, evidence.profile
    signed = (roles.quantity, roles.quality, *profile.cost_categories)
    for row in evidence.readable:
        quantity = row.quantity
        if not quantity or not quantity.unit or quantity.op or quantity.high is not None:
            continue
        if row.category in signed or profile.parent.get(row.category) == roles.satisfaction:
            sign = "≤" if evidence.is_cost(row) else "="
            to = sign + row.target.canonical
            whole = not (quantity.lead or quantity.tail or row.target.explained)
            fix = offered(row.row, "value", to) if whole else None
            what = f"“{row.target.norm}”没有比较符，按“=”处理"
            yield Observation(row.row, "value", what, "如为最低要求请加“≥”，如为上限请加“≤”。", fix=fix)


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
            what = f"增长率写成了“{row.target.norm}”，像是以上年为100%的指数"
            yield Observation(row.row, "value", what, f"请核对：是否应为“{to}”？", fix=fix, actual=row.target.norm, expected=to)


def tidy_value(typed: str) -> str:
    """A value for a sentence: without blanks at its ends and line breaks."""
    return " ".join(typed.split())
