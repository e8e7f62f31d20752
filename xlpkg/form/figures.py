"""The figures of a text: in digits, in Chinese numerals, with known units or at the end of a clause with any unit.

The patterns of rarer writings are texts here: `re` compiles them when they are first needed, which most forms never do.
"""

import re
from decimal import Decimal

import msgspec

from xlpkg.form import units, words
from xlpkg.form.dates import RANGE_SIGN
from xlpkg.form.quantity import NUMBER, SIGN, SIGN_NAMES, SIGNS, SUFFIX, SYMBOL, WORD, Quantity, quantity, sign_of

WHOLE = re.compile(
    rf"{SIGN}(?P<n>-?{NUMBER})(?:{RANGE_SIGN}(?P<hi>{NUMBER}))?\s*(?P<unit>(?![万亿]?[余多几])[^\d\s()]{{0,10}}?){SUFFIX}"
)
"""A text that is one figure with any unit, or without one."""
_WITH_KNOWN_UNIT = (
    rf"{SIGN}(?P<n>(?:(?<!\w)-)?(?<![A-Za-z\d.第])(?<![A-Za-z\d][-.]){NUMBER})"
    r"(?P<wan>[万亿](?=[余多几]))?(?P<more>[余多])?"
    rf"(?:\s*(?P<u1>{units.UNIT})?{RANGE_SIGN}(?P<hi>{NUMBER})(?!\s*[A-Za-z]))?"
    rf"\s*(?P<unit>{units.UNIT})?{SUFFIX}"
)
_BEHIND_A_SIGN = rf"(?P<op>{SYMBOL})\s*(?P<n>-?{NUMBER})\s*(?P<unit>[^\d\s()A-Za-z][^\d\s()]{{0,9}}?){SUFFIX}$"
_BEHIND_LATIN = rf"(?<![A-Za-z\d])(?!^)[A-Za-z]+(?P<n>\d+)(?P<unit>{units.UNIT})$"
_CHINESE_DIGITS = frozenset("零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟")
_NUMERAL = f"[{''.join(sorted(_CHINESE_DIGITS))}]{{1,12}}"
_CHINESE = rf"(?P<n>{_NUMERAL})(?P<more>[余多])?(?P<unit>{units.UNIT}){SUFFIX}$"
_TENTHS = rf"{SIGN}(?P<n>[一二三四五六七八九])成(?P<half>[半一二三四五六七八九])?{SUFFIX}"
_PERCENT = rf"{SIGN}百分之(?P<n>{_NUMERAL}|{NUMBER}){SUFFIX}"
_SIGN_AT_END = rf"(?:{SYMBOL}|{WORD})$"
_FROM_AT_END = rf"({_NUMERAL}){RANGE_SIGN}$"  # 三到五场
_ABOUT = "[一二两三四五六七八九]{2}"  # 三四次 is three or four
_NUMERAL_WITH_UNIT = f"{_NUMERAL}(?:余|多)?(?:{units.UNIT}|成(?:以|$|[，。；]))"
_THOUSANDS = r"(?<![\d.])\d{1,3}(?: \d{3})+(?!\d)"
_DIGIT = re.compile(r"\d")

CLAUSE = re.compile("[，,；;。、\n]")
_LONGEST_DENOMINATOR = 3
_PUNCTUATION = " \0，,；;。、:：\n"
_OF_RANK = ("名", "位", "强")
_NOT_COUNTING, _TOTAL = words.of("not_counting"), words.of("sum_of_others")


def figures(text: str) -> list[Quantity]:
    """Every figure with a unit in running text from which dates and notes were taken out, in order.

    Units are known ones, or, where a clause is nothing but sign, number and unit, whatever stands there.
    """
    found: list[Quantity] = []
    lead = ""
    for clause in CLAUSE.split(grouped(text)):
        in_clause = _in_clause(clause)
        for i, figure in enumerate(in_clause):
            before = (lead + figure.lead if i == 0 else figure.lead).strip(_PUNCTUATION)
            found.append(msgspec.structs.replace(figure, lead=before) if before != figure.lead else figure)
        lead = "" if in_clause else lead + clause + "、"
    if found and (rest := lead.strip(_PUNCTUATION)):
        found[-1] = msgspec.structs.replace(found[-1], tail=found[-1].tail + rest)
    return found


def has_figure(text: str) -> bool:
    """The text has a digit, or a Chinese numeral with a known unit behind it."""
    if _DIGIT.search(text):
        return True
    return not _CHINESE_DIGITS.isdisjoint(text) and bool(re.search(_NUMERAL_WITH_UNIT, text))


def grouped(text: str) -> str:
    """12 000人次 is one number, its thousands parted by blanks."""
    return re.sub(_THOUSANDS, lambda m: m[0].replace(" ", ""), text) if " " in text else text


def _in_clause(clause: str) -> list[Quantity]:
    """The figures of a clause: it is one as a whole, has some with known units, or else one in words or behind Latin letters."""
    text = clause.strip(" \0")
    whole = WHOLE.fullmatch(text)
    if whole and whole["unit"] and _is_unit(whole["unit"], signed=whole["op"] in SIGN_NAMES):
        return [quantity(whole, whole["unit"])]
    has_digit = _DIGIT.search(text) is not None
    found = (has_digit and _with_known_units(text)) or _in_chinese(text) or (has_digit and _behind_latin(text)) or []
    note, total = text.startswith("每"), text.startswith(_TOTAL)
    return [msgspec.structs.replace(figure, note=note, total=total) for figure in found] if note or total else found


def _is_unit(text: str, *, signed: bool) -> bool:
    """What stands behind the number of a whole clause is its unit: a known one, or any word, a Latin one only behind a sign."""
    if text in units.FAMILIES:
        return True
    if known := re.match(units.UNIT, text):
        return known[0] == text
    latin = re.match("[A-Za-z]+", text)
    return signed or not latin or latin[0] in units.UNUSUAL


def _with_known_units(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    at = 0
    for match in re.finditer(_WITH_KNOWN_UNIT, text):
        unit = _without_prose(match["unit"] or "")
        if unit == "年" and len(match["n"]) == 4:
            continue  # a year of which something is told: 2023年决算
        if not unit and match["u1"]:
            continue
        if unit in _OF_RANK and text[: match.start()].endswith("前"):
            continue  # 前3名 is a rank
        if not unit:
            unknown = re.compile(_BEHIND_A_SIGN).match(text, match.start())
            if not unknown:
                continue
            match, unit = unknown, unknown["unit"]
        found.append(msgspec.structs.replace(quantity(match, unit), lead=text[at : match.start()]))
        at = match.end() if unit == (match["unit"] or "") or not match["unit"] else match.start("unit") + len(unit)
    if found:
        found[-1] = msgspec.structs.replace(found[-1], tail=text[at:].strip(_PUNCTUATION))
    return found


def _without_prose(unit: str) -> str:
    """元/人给补助对象兑付 is 元/人: a long denominator ends with the unit that it begins with."""
    head, slash, each = unit.partition("/")
    if len(each) <= _LONGEST_DENOMINATOR or each in units.FAMILIES or not (known := re.match(units.UNIT, each)):
        return unit
    return head + slash + known[0]


def _behind_latin(text: str) -> list[Quantity]:
    """16排CT1台: where nothing else is a figure, one that touches Latin letters counts if a counting unit ends the clause."""
    match = re.search(_BEHIND_LATIN, text)
    if not match or units.family(match["unit"]) != "count":
        return []
    return [
        Quantity(op="", number=Decimal(match["n"]), high=None, unit=match["unit"], family="count", lead=text[: match.start("n")])
    ]


def _in_chinese(text: str) -> list[Quantity]:
    """百分之九十, 九成以上, 十二次, 组织演练十二次 (三俗, 一体化, 四好农村路 are none)."""
    if _CHINESE_DIGITS.isdisjoint(text):
        return []
    return _percent(text) or _tenths(text) or _counted_in_chinese(text)


def _percent(text: str) -> list[Quantity]:
    """百分之九十以上."""
    match = re.search(_PERCENT, text) if "百分之" in text else None
    number = _numeral(match["n"]) if match else None
    return [] if match is None or number is None else [_rate(text, match, number)]


def _tenths(text: str) -> list[Quantity]:
    """九成五以上; only at the end of the clause (三成员 is none)."""
    match = re.search(_TENTHS, text) if "成" in text else None
    tens = _numeral(match["n"]) if match else None
    if match is None or tens is None or match.end() != len(text):
        return []
    ones = _numeral(match["half"].replace("半", "五")) if match["half"] else None
    return [_rate(text, match, tens * 10 + (ones or 0))]


def _rate(text: str, match: re.Match[str], number: Decimal) -> Quantity:
    lead, tail = text[: match.start()], text[match.end() :]
    return Quantity(op=sign_of(match.groupdict()), number=number, high=None, unit="%", family="ratio", lead=lead, tail=tail)


def _counted_in_chinese(text: str) -> list[Quantity]:
    """十二次, 不超过三次, 三到五场, at the end of the clause."""
    match = re.search(_CHINESE, text)
    if not match:
        return []
    lead, sign, family = text[: match.start()], "", units.family(match["unit"])
    if word := re.search(_SIGN_AT_END, lead):
        sign, lead = SIGNS[word[0]], lead[: word.start()]
    if lead and (family != "count" or lead.endswith(_NOT_COUNTING)):
        return []
    number, high = _numeral(match["n"]), None
    if lower := re.search(_FROM_AT_END, lead):
        lead = lead[: lower.start()]
        number, high = _numeral(lower[1]), number
    if number is None or (lower and high is None):
        return []
    sign = words.SIGNS_BEHIND.get(match["suffix"] or "", ">" if match["more"] else sign)
    return [Quantity(op=sign, number=number, high=high, unit=match["unit"], family=family, lead=lead)]


def _numeral(text: str) -> Decimal | None:
    """A numeral in digits or Chinese; None for what is none, or says two numbers at once."""
    if text[0].isdigit():
        return Decimal(text)
    if text in ("百", "一百"):
        return Decimal(100)
    if re.search(_ABOUT, text):
        return None
    import cn2an

    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except ValueError:
        return None
