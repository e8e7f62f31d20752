"""The units of measure that a target may carry, by family: those of published declarations."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

MONEY = {
    "元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8,
    "万": 10**4, "亿": 10**8,
}  # fmt: skip
_COUNT_WORDS = (
    "次 个 人 名 户 场 家 所 座 处 台 套 辆 件 份 条 项 起 例 期 篇 张 册 本 村 镇 批 班 支 只 头 羽 株 盏 块 间 组 部 宗 "
    "幅 栋 口 眼 根 队 站 枚 具 箱 位 顶 床 棵 页 盆 桶 人次 户次 场次 批次 门次 班次 例次 株次 点位 标箱 课时 学时"
)
_MEASURE_WORDS = (
    "平方公里 平方千米 平方米 立方米 公里 千米 公顷 公斤 千克 千瓦时 千瓦 兆 米 亩 吨 升 分贝 "
    "km kg m2 m3 M2 M3 ㎡ ㎥ m² m³ ℃ 分 星 度"
)
COUNT, MEASURE = _COUNT_WORDS.split(), _MEASURE_WORDS.split()
RATIO = ["%", "‰", "个百分点", "百分点", "百分比", "倍"]
DURATION = ["个工作日", "工作日", "个自然日", "自然日", "个月", "小时", "分钟", "年", "月", "周", "天", "日", "季度", "min", "h"]
UNUSUAL = ["M", "m", "KM", "Km", "Kg", "KG", "T", "t", "L", "W", "kW", "KW", "MW", "kWh", "MB", "GB", "TB", "Mbps", "G", "P"]
"""Latin abbreviations that stand directly behind a figure; units, but none that the form should carry."""

FAMILIES = {
    **dict.fromkeys(DURATION, "duration"),
    **dict.fromkeys(RATIO, "ratio"),
    **dict.fromkeys(MONEY, "money"),
    **{w + u: "measure" for u in MEASURE for w in ("", "万")},
    **{w + u: "count" for u in COUNT for w in ("", "万")},
}
_SUFFIX = "以上|及以上|以下|及以下|以内|之内|左右"
_LETTER = r"[^\W\d_]"  # a range of all Chinese characters would take twenty times as long to compile
_DENOMINATOR = rf"/(?:10{{0,5}})?(?:(?!{_SUFFIX})(?:{_LETTER}|㎡|·|/)){{1,8}}"


def _longest_first(units: Iterable[str]) -> str:
    """An alternation, longest first; single characters as one class, which compiles ten times faster."""
    units = list(units)
    words = sorted((u for u in units if len(u) > 1), key=len, reverse=True)
    return "|".join([*map(re.escape, words), "[" + "".join(u for u in units if len(u) == 1) + "]"])


_PLAIN = _longest_first([*DURATION, *RATIO, *(u for u in MONEY if u.endswith("元"))])
_PER = "(?:·(?:人次|人|户|次|天|日|周|月|年|亩|公里|小时))*"
_MULTIPLE = rf"[万亿](?!(?!{_SUFFIX}|内){_LETTER})"  # 9.6万, but not 200万像素
_COUNTED = f"万?(?:{_longest_first([*COUNT, *MEASURE])})"
_NOT_IN_A_WORD = r"(?:(?<![A-Za-z])|(?![A-Za-z\d]))"
UNIT = rf"(?:(?:{_PLAIN}|{_COUNTED}|{_MULTIPLE}){_NOT_IN_A_WORD}{_PER}(?:{_DENOMINATOR})?)"
"""Pattern of a known unit, longest first (批次 is not 次, 个月 not 月), with its denominators ("元/人·月")."""


def family(unit: str) -> str:
    """count, measure, ratio, money, duration; "other" for a unit nobody knows, "" for none."""
    if not unit:
        return ""
    return FAMILIES.get(unit) or FAMILIES.get(re.split("[/·]", unit, maxsplit=1)[0], "other")


_SAME = {"百分比": "%", "名": "人"}


@cache
def base(unit: str) -> tuple[str, int]:
    """The unit without 万 and the factor to it: 万人次 → (人次, 10000); money is based on 元."""
    if unit in MONEY:
        return "元", MONEY[unit]
    head, slash, rest = unit.partition("/")
    if slash and head in MONEY:
        return "元/" + rest, MONEY[head]
    if unit.startswith("万") and len(head) > 1:
        return unit[1:], 10**4
    return _SAME.get(unit, unit), 1


def in_base(number: Decimal, unit: str) -> Decimal:
    """The number in the unit's base: 1.2 万人次 → 12000."""
    return number * base(unit)[1]
