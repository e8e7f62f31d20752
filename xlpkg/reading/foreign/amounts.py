"""Amounts of money as foreign forms write them: with a sign of the currency, in another unit, several levels in one cell."""

import re
from decimal import Decimal
from typing import NamedTuple

from xlpkg.form import money
from xlpkg.form.blanks import left_blank
from xlpkg.form.text import norm
from xlpkg.form.units import MONEY

_UNITS = {
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
}
"""元 in a unit of money that no form of ours has."""
_UNIT_BEHIND = re.compile(r"\s*[（(]([万亿]?元)[)）]\s*$")
_NOTE_BEHIND = re.compile(r"[（(][^（()）]*[)）]\s*$")
_OWN_UNIT = re.compile("元|万|亿")
_FIGURE = r"\d[\d,，]*(?:\.\d+)?"
_LEVEL = re.compile(
    r"(中央|国家|省本?级|自治区本?级?|省|兵团|市本?级|市州级|地市级|州级|市|县本?级|区本?级|本级|县|区"
    r"|(?:年度|项目|资金)*(?:总额|合计|共计|总计|总投资|总预算|总投入))"
    rf"(?:财政|预算内|专项|补助|衔接|转移支付|资金|拨款|安排|配套|下达|投入)*[：:\s]*({_FIGURE})\s*(万元|亿元|元|万|亿)?"
)
_TOTAL = re.compile("总额|合计|共计|总计|总投资|总预算|总投入")
_NAMES = {
    "中央": "central", "国家": "central", "省": "province", "自": "province", "兵": "province",
    "市": "city", "地": "city", "州": "city",
}  # fmt: skip
_PROSE = re.compile(rf"(中央|国家|省级|省|自治区|市级)[^\d]*?({_FIGURE})\s*(万元|亿元|元|万|亿)?\s*")
_LEVEL_BEHIND = re.compile(
    rf"({_FIGURE})\s*(万元|亿元|元|万|亿)?\s*"
    r"[（(](中央|国家|省级?|自治区|市级?)(?:财政|资金|补助|专项)*[)）]"
)
_WHOLE = re.compile(rf"\s*({_FIGURE})\s*(万元|亿元|元|万|亿)?\s*[（(,，;；。、\s]*其中[：:]?")
_NOTHING_ELSE = re.compile(r"(?:其他|其余|另)[^\d]{0,6}(?:无|没有|0(?:万元)?)$")
_BETWEEN = re.compile(r"[\s,，、;；。.＋+/：:]*(?:其中|上级资金|合计)?[\s,，、;；。.＋+/：:]*")
_LONGEST_AMOUNT = 14


class Level(NamedTuple):
    """Money of a level in a text ("central", "province", "city", "own", or the "total"): as typed, with its unit, and its place."""

    level: str
    text: str
    start: int
    end: int


def bare_amount(text: str) -> str:
    """An amount without the sign of the currency, notes behind it and brackets around its unit: ¥386.5（万元） → 386.5万元."""
    return _NOTE_BEHIND.sub("", _UNIT_BEHIND.sub(r"\1", text)).strip().lstrip("¥￥").rstrip("整").strip()


def is_amount(text: str) -> bool:
    """A figure with or without its unit, or a blank; no prose, no head of a column."""
    bare = norm(bare_amount(text)).replace(" ", "")
    if left_blank(bare) or money.parse(bare, "万元") is not None:
        return True
    return len(bare) <= _LONGEST_AMOUNT and bool(re.search(r"\d", bare)) and not levels_of(text)


def own_unit(text: str) -> bool:
    """The amount names its unit itself."""
    return bool(_OWN_UNIT.search(norm(text)))


def in_yuan(text: str, unit: str) -> Decimal | None:
    """An amount in 元; `unit` counts where the text names none. None for what is no plain amount."""
    bare = bare_amount(text)
    if unit in MONEY or own_unit(bare):
        return money.parse(bare, unit if unit in MONEY else "万元")
    plain = money.parse(bare, "元")
    return plain * _UNITS[unit] if plain is not None and unit in _UNITS else None


def levels_of(text: str) -> tuple[Level, ...]:
    """The levels that a text names with their money: 中央：0 省级：62 市级：0, 省级62万, 中央衔接资金（少数民族发展）50.

    A figure before 其中 is the total: 320万元（其中：中央280万元，县级40万元）. Nothing if the text holds anything else with
    figures: then nobody can say what they are.
    """
    if (whole := _WHOLE.match(text)) and (parts := levels_of(text[whole.end() :])) and "total" not in {p.level for p in parts}:
        first = Level("total", whole[1] + (whole[2] or ""), whole.start(), whole.end())
        return (first, *(Level(p.level, p.text, p.start + whole.end(), p.end + whole.end()) for p in parts))
    found = [Level(_level(m[1]), m[2] + (m[3] or ""), m.start(), m.end()) for m in _LEVEL.finditer(text)]
    rest = text
    for level in reversed(found):
        rest = rest[: level.start] + " " + rest[level.end :]
    rest = _NOTHING_ELSE.sub("", rest.rstrip(" 。；;"))
    if found and _BETWEEN.fullmatch(re.sub(r"[（(）)]", "", rest)) and len({x.level for x in found}) == len(found):
        return tuple(found)
    behind = _LEVEL_BEHIND.fullmatch(text.strip())
    if behind:
        start = len(text) - len(text.lstrip())
        return (Level(_level(behind[3]), behind[1] + (behind[2] or ""), start, start + behind.end()),)
    prose = _PROSE.fullmatch(text.strip())
    if prose and len(re.findall(r"\d+", prose[0])) <= 2:
        start = len(text) - len(text.lstrip())
        return (Level(_level(prose[1]), prose[2] + (prose[3] or ""), start, start + prose.end()),)
    return ()


def _level(word: str) -> str:
    if _TOTAL.search(word):
        return "total"
    return _NAMES.get(word, _NAMES.get(word[:1], "own"))
