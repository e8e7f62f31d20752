"""Groups X and M, the time limits: when something is done, and whether the year holds it."""

import re
from collections.abc import Iterator
from decimal import Decimal

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import WARNING, Observation
from xlpkg.audit.facts.items import alike
from xlpkg.audit.rules.registry import rule
from xlpkg.form import dates
from xlpkg.form.dates import TimeLimit
from xlpkg.form.text import without_notes

_DURATION_IN_WORDS = "半年|半个?月|[一二两三]个半?月|[一二两三]年半?内|[一二两三]周内|[一二两三]日内"
_ONE_YEAR = (("年", Decimal(1)), ("个月", Decimal(12)))
_ANY_YEAR = 2023  # for the length of a month where the form has no year
_BY_MONTH = re.compile("月份?(?![底末初上中下旬\\d])")


@rule(
    "X05", "完成时间超出本年度", WARNING, basis="年度指标一般应在当年完成",
    violates="2025年3月31日前（2024年度表，实施期至2025年）", passes="2024年12月31日前",
    failing="""
        period = 2024年1月—2025年12月
        4.value = 2025年3月31日前
    """, found="4 value",
    passing="period = 2024年1月—2025年12月",
)  # fmt: skip
def limit_is_within_the_year(evidence: Evidence) -> Iterator[Observation]:
    """A time limit names another year than the form's, though one inside the implementation period."""
    year, period = evidence.year, evidence.period
    if year is None or period is None or year not in period:
        return
    for row, limits in evidence.once(dated_rows):
        years = [y for limit in limits for y in (limit.year, limit.last_year) if y]
        ends = [y for y in years if y != year]
        if ends and all(y in period for y in years):
            what = f"“{row.target.norm}”超出本表的{year}年度"
            yield Observation(
                row.row, "value", what, "请写本年做到哪一步。", actual=row.target.norm, expected=str(year),
                common=f"{{}}超出本表的{year}年度",
            )  # fmt: skip


def time_rows(evidence: Evidence) -> list[Row]:
    """The rows under time whose value can be read."""
    return [r for r in evidence.readable if r.category == evidence.profile.roles.time]


def dated_rows(evidence: Evidence) -> list[tuple[Row, list[TimeLimit]]]:
    """The rows under time whose value can be read, each with the dates that it names, those in brackets aside."""
    rows = evidence.once(time_rows)
    limits = {text: dates.explicit(without_notes(text))[1] for text in {row.target.norm for row in rows}}
    return [(row, limits[row.target.norm]) for row in rows]


@rule(
    "X08", "服务期跨年度", WARNING, basis="年度预算只列本年度的费用",
    violates="电信网络服务1年、10月份完成购置", passes="电信网络服务1年、1月份完成购置",
    failing="""
        budget_wan = 150
        + 成本指标 | 沿线群众出行服务费 | ≤10万元
        + 数量指标 | 沿线群众出行服务时间 | =1年
        + 时效指标 | 沿线群众出行服务 | 10月份完成购置
    """, found="13 value",
    passing="""
        budget_wan = 150
        + 成本指标 | 沿线群众出行服务费 | ≤10万元
        + 数量指标 | 沿线群众出行服务时间 | =1年
        + 时效指标 | 沿线群众出行服务 | 1月份完成购置
    """,
)  # fmt: skip
def service_ends_with_the_year(evidence: Evidence) -> Iterator[Observation]:
    """A service of one year is bought in February or later, so that it runs into the next year."""
    threshold = evidence.profile.limits.similar_names
    bought = [
        (row, limit)
        for row, limits in evidence.once(dated_rows)
        if evidence.profile.has("buying", row.target.norm + row.name)
        for limit in limits
    ]
    for row in evidence.under(evidence.profile.roles.quantity):
        quantity = row.quantity
        if not quantity or (quantity.unit, quantity.upper) not in _ONE_YEAR:
            continue
        for other, limit in bought:
            month = limit.first.month if limit.first else 0
            if month >= 2 and alike(row.key, other.key, threshold):
                what = f"服务买“{row.target.norm}”，第{other.row}行{month}月才买，服务期到下一年"
                yield Observation(
                    row.row, "value", what, "请说明这笔钱是否全部在本年支付。", actual=row.target.norm,
                    common="服务买{}，年中才买，服务期到下一年",
                )  # fmt: skip
                break


@rule(
    "X09", "完成时限含糊或不统一", WARNING, basis="时效指标写具体日期",
    violates="12月前完成", passes="2023年12月31日前",
    failing="4.value = 11月前", found="4 value",
    passing="4.value = 11月底前",
)  # fmt: skip
def limits_are_exact_and_alike(evidence: Evidence) -> Iterator[Observation]:
    """A limit may mean two days (12月前), or the form mixes 本年度内, N月前 and N月份."""
    manners: dict[str, str] = {}
    for row, limits in evidence.once(dated_rows):
        text = row.target.norm
        if row.target.kind != "date":
            continue
        if any(limit.vague for limit in limits):
            limit = next(limit for limit in limits if limit.vague)
            manners.setdefault("before", text)
            _, late, early = limit.span(evidence.year or _ANY_YEAR)
            days = "或".join(f"{day.month}月{day.day}日前" for day in (early, late) if day)
            yield Observation(
                row.row, "value", f"“{text}”可以看成{days}", "请写具体日期，如“12月31日前”。", actual=text,
                part_of=((("X09", None)),), common="{}看不出是月初前还是月底前", aside=f"“{text}”看不出是月初前还是月底前",
            )  # fmt: skip
        elif not limits:
            manners.setdefault("within", text)
        elif _BY_MONTH.search(text) and not any(limit.year for limit in limits):
            manners.setdefault("month", text)
    if len(manners) > 1:
        what = "完成时间写法不一：" + "".join(f"“{text}”" for text in manners.values())
        yield Observation(None, evidence.profile.roles.time, what, "建议都写“12月31日前”这样的日期。")


@rule(
    "M04", "时效指标没有期限", WARNING, basis="时效指标反映及时程度",
    violates="及时、按期完成", passes="2024年11月30日前；≤24小时；及时率≥98%",
    failing="4.value = 及时完成", found="4 value",
    passing="4.value = ≤24小时",
)  # fmt: skip
def time_indicator_has_a_limit(evidence: Evidence) -> Iterator[Observation]:
    """A time indicator's value is neither a date (be it in brackets), a span, a rate nor a frequency (每季度1次)."""
    for row in evidence.once(time_rows):
        families = {q.family for q in row.target.quantities}
        if row.target.limits or row.target.kind in ("date", "bare") or families & {"duration", "ratio", "money"}:
            continue
        if re.search(_DURATION_IN_WORDS, row.target.norm) or dates.explicit(row.target.norm)[1]:
            continue
        if not (families and evidence.profile.has("frequency", row.target.norm)):
            what = f"“{row.target.norm}”没有写时间"
            yield Observation(
                row.row, "value", what, "请写完成日期、办理时长或及时率。", actual=row.target.norm, common="{}没有写时间"
            )
