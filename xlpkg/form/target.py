"""What the value cell of an indicator means: the grammar of 指标值. Source: DOMAIN part 6, RULES "Numbers in cells"."""

import re
from decimal import Decimal
from functools import lru_cache

import msgspec

from xlpkg.form import dates, units
from xlpkg.form.dates import TimeLimit
from xlpkg.form.text import NOTE, norm, without_notes

_WORDS_OF_OP = {
    "≥": ["不少于", "不低于", "不小于", "不得少于", "不得低于", "至少", "最少", "大于等于", "大于或等于"],
    "≤": [
        "不超过",
        "不高于",
        "不大于",
        "不多于",
        "不得超过",
        "不得高于",
        "控制在",
        "最多",
        "至多",
        "最高",
        "小于等于",
        "小于或等于",
    ],
    ">": ["超过", "高于", "大于", "多于", "超"],
    "<": ["低于", "少于", "小于"],
    "=": ["达到", "等于", "达"],
    "≈": ["大约", "约", "近"],
}
_OPS = {word: op for op, words in _WORDS_OF_OP.items() for word in words} | {op: op for op in "≥≤=><≈"}
_SUFFIXES = {
    "以上": "≥", "及以上": "≥", "以下": "≤", "及以下": "≤", "以内": "≤", "之内": "≤", "内": "≤", "左右": "≈",
}  # fmt: skip
_LOWER, _UPPER = "≥>", "≤<"

_SYMBOL = "[≥≤=><≈]"
_WORD = "|".join(sorted((w for ws in _WORDS_OF_OP.values() for w in ws), key=len, reverse=True))
_OP = rf"(?:(?P<op>{_SYMBOL}|(?<![不下到表传发签预公民节违履契附邻临抵通直送])(?:{_WORD})(?:了|为)?)\s*(?:{_SYMBOL})?\s*)?"
_NUMBER = r"\d+(?:\.\d+)?"
_WITHIN = r"以?内(?=$|[\s，。；、,;()]|完成|办|支付|拨付|到位|响应|处[理置]|解决|反馈|整改|送达|达|到|发放|报送|修复)|之内"
_SUFFIX = rf"(?:\s*(?P<suffix>及?以[上下]|{_WITHIN}|左右))?"
_QUANTITY = re.compile(
    rf"{_OP}(?P<n>(?:(?<!\w)-)?(?<![A-Za-z\d.第])(?<![A-Za-z\d][-.]){_NUMBER})"
    rf"(?P<wan>[万亿](?=[余多几]))?(?P<more>[余多])?"
    rf"(?:\s*(?P<u1>{units.UNIT})?{dates.RANGE_SIGN}(?P<hi>{_NUMBER})(?!\s*[A-Za-z]))?"
    rf"\s*(?P<unit>{units.UNIT})?{_SUFFIX}"
)
_WHOLE = re.compile(
    rf"{_OP}(?P<n>-?{_NUMBER})(?:{dates.RANGE_SIGN}(?P<hi>{_NUMBER}))?\s*(?P<unit>(?![万亿]?[余多几])[^\d\s()]{{0,10}}?){_SUFFIX}"
)
_UNKNOWN_BEHIND_SIGN = re.compile(rf"(?P<op>{_SYMBOL})\s*(?P<n>-?{_NUMBER})\s*(?P<unit>[^\d\s()A-Za-z][^\d\s()]{{0,9}}?){_SUFFIX}$")
_DIGITS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_NUMERAL = f"[{_DIGITS}]{{1,12}}"
# the patterns of Chinese numerals are compiled by re when first met
_CHINESE = rf"(?P<n>{_NUMERAL})(?P<more>[余多])?(?P<unit>{units.UNIT}){_SUFFIX}$"
_OF_RANK = ("名", "位", "强")
_NOT_COUNTING = tuple("第逐统唯同专另任单之万")
_ABOUT = re.compile("[一二两三四五六七八九]{2}")  # 三四次 is three or four
_TENTHS = rf"{_OP}(?P<n>[一二三四五六七八九])成(?P<half>[半一二三四五六七八九])?{_SUFFIX}"
_PERCENT = rf"{_OP}百分之(?P<n>{_NUMERAL}|{_NUMBER}){_SUFFIX}"

_RATE = re.compile(rf"{_OP}(?P<n>{_NUMBER})(?P<unit>/10{{0,5}}[万千]?人?)")  # 230/10万, of an illness
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?: \d{3})+(?!\d)")
_BETWEEN = re.compile(
    rf"^({_NUMBER})\s*({units.UNIT})?[≤<]\s*[^\d≤<≥>]{{1,8}}([≤<])\s*({_NUMBER})\s*({units.UNIT})$"
)  # 5台≤数量≤8台
_EMPTY = re.compile("[/\\-—–_·.…。\\s]*|无|略|同上|[≥≤=><]")
_CLAUSE = re.compile("[，,；;。、\n]")
_TOTAL = ("共", "合计", "总计", "累计")
_FROM_TO = re.compile("(?:提高|提升|增加|增长|扩大|降低|下降|降|减少|上升|缩短|压减|压降|控制)?(?:至|到)?")
_AND = re.compile("(?:且|并且|并|同时|，|,|、|；|;)?")
_TRAILING = "。；，、.;, "
_LEAD_PUNCTUATION = " \0，,；;。、:：\n"


class Quantity(msgspec.Struct, frozen=True):
    """One figure: sign, number (and the other end of a range), unit as written and its family.

    `lead` is the prose before it, `tail` the prose behind it; `unit` "" means none was written.
    """

    op: str
    number: Decimal
    high: Decimal | None
    unit: str
    family: str
    lead: str = ""
    tail: str = ""
    note: bool = False
    total: bool = False

    @property
    def upper(self) -> Decimal:
        """The number, or the larger end of a range (whichever way round it was written)."""
        return self.number if self.high is None else max(self.number, self.high)

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """The number, or both ends of a range, in the unit's base (万人 → 人)."""
        ends = (self.number,) if self.high is None else (self.number, self.high)
        return tuple(units.in_base(n, self.unit) for n in ends)

    @property
    def base_unit(self) -> str:
        return units.base(self.unit)[0]

    @property
    def amount(self) -> Decimal | None:
        """Money in 元, the larger end of a range; None if it is no money or money per something."""
        if self.family != "money" or "/" in self.unit:
            return None
        return units.in_base(self.upper, self.unit)

    def written(self) -> str:
        """Sign, number and unit as the form should carry them: "≥220次", "2000-3000人"."""
        number = plain(self.number) if self.high is None else f"{plain(self.number)}-{plain(self.high)}"
        return self.op + number + _FULL_UNIT.get(self.unit, self.unit)


_FULL_UNIT = {"万": "万元", "亿": "亿元", "百分比": "%"}


class Target(msgspec.Struct, frozen=True):
    """A value cell as read.

    kind: quantity | range | pair (≥ a 且 ≤ b) | bare (number without a unit) | date | multi (several figures or
    limits) | qualitative | unmeasurable | placeholder | empty. `quantities` has one member for quantity, range and
    bare, two for a pair, none or several for multi. `limits` are the dates named, relative ones included.
    """

    raw: str
    norm: str
    kind: str
    quantities: tuple[Quantity, ...] = ()
    limits: tuple[TimeLimit, ...] = ()
    notes: str = ""
    explained: bool = False  # other figures stand beside the value: 24小时×365天; 4次，每季度1次

    @property
    def single(self) -> Quantity | None:
        """The figure of a value that has exactly one (bare, quantity or range); None otherwise."""
        return self.quantities[0] if len(self.quantities) == 1 and self.kind != "multi" else None

    @property
    def canonical(self) -> str:
        """The value in the writing of the form; what means the same reads the same ("不少于12场" → "≥12场")."""
        quantity = self.single
        if quantity and not quantity.lead and not quantity.tail and not self.limits and not self.explained:
            return quantity.written() + self.notes
        return self.norm.rstrip(_TRAILING)


class Words(msgspec.Struct, frozen=True):
    """The word lists (patterns) of a profile that the grammar needs."""

    placeholder: str
    unmeasurable: str


def plain(number: Decimal) -> str:
    """A number without exponent and trailing zeros: 1160.50 → "1160.5"."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def parse(raw: str, words: Words) -> Target:
    """Read a value cell. Never raises: what is not understood is qualitative."""
    text = norm(raw)
    if _EMPTY.fullmatch(text.strip(_TRAILING + "()")):
        return Target(raw, text, "empty")
    if re.search(words.placeholder, text):
        return Target(raw, text, "placeholder")
    body, notes = without_notes(text), "".join(NOTE.findall(text))
    if not body:
        body, notes = text.strip("()〔〕【】[] "), ""
    body = _grouped(_thousands_in_full_width(body.rstrip(_TRAILING)))
    if rate := _RATE.fullmatch(body):
        quantity = Quantity(op=_op(rate), number=Decimal(rate["n"]), high=None, unit=rate["unit"], family="ratio")
        return Target(raw, text, "quantity", quantities=(quantity,), notes=notes)

    body = _BETWEEN.sub(r"≥\1\2且\3\4\5", body)
    rest, limits = dates.explicit(body)
    if limits and not re.match(_SYMBOL, body) and dates.only_finishing(rest):
        return Target(raw, text, "date" if len(limits) == 1 else "multi", limits=tuple(limits), notes=notes)
    bare = _WHOLE.fullmatch(body)
    if bare and not bare["unit"]:
        return Target(raw, text, "bare", quantities=(_quantity(bare, ""),), notes=notes)
    told = figures(rest)
    found = _values(told)
    loose = bool(found) and _has_loose_figure(rest)
    if len(found) > 1 or loose:
        return Target(raw, text, "pair" if _is_pair(found) else "multi", quantities=tuple(found), limits=tuple(limits), notes=notes)
    if found:
        kind = "quantity" if found[0].high is None else "range"
        return Target(raw, text, kind, quantities=tuple(found), limits=tuple(limits), notes=notes, explained=len(told) > 1)
    if not re.search(r"\d", text) and re.search(words.unmeasurable, text):
        return Target(raw, text, "unmeasurable")
    return _without_figures(raw, text, rest, limits)


def _has_loose_figure(text: str) -> bool:
    """A clause is nothing but a figure without a unit, beside others: 1,2000人次, where the comma is misplaced."""
    return any((m := _WHOLE.fullmatch(clause.strip())) is not None and not m["unit"] for clause in _CLAUSE.split(text))


def _without_figures(raw: str, text: str, rest: str, limits: list[TimeLimit]) -> Target:
    """A value of dates or words only; two deadlines are several values."""
    if len(limits) > 1:
        return Target(raw, text, "multi", limits=tuple(limits))
    if limits and (limits[0].names_month or dates.only_finishing(rest)):
        return Target(raw, text, "date", limits=tuple(limits))
    clauses = [c for c in _CLAUSE.split(rest) if c]
    by_word = [limit for c in clauses if (limit := dates.relative(c))]
    if len(by_word) > 1:
        return Target(raw, text, "multi", limits=tuple(by_word))
    if by_word and len(clauses) == 1:
        return Target(raw, text, "date", limits=tuple(by_word))
    return Target(raw, text, "qualitative", limits=tuple(limits))


def figures(text: str) -> list[Quantity]:
    """Every figure with a unit in running text from which dates and notes were taken out, in order.

    Units are known ones, or, where a clause is nothing but sign, number and unit, whatever stands there.
    """
    found: list[Quantity] = []
    lead = ""
    for clause in _CLAUSE.split(_grouped(text)):
        in_clause = _in_clause(clause)
        for i, quantity in enumerate(in_clause):
            before = lead + quantity.lead if i == 0 else quantity.lead
            found.append(msgspec.structs.replace(quantity, lead=_stripped_lead(before)))
        lead = "" if in_clause else lead + clause + "、"
    if found and _stripped_lead(lead):
        found[-1] = msgspec.structs.replace(found[-1], tail=found[-1].tail + lead.strip(_LEAD_PUNCTUATION))
    return found


def _in_clause(clause: str) -> list[Quantity]:
    stripped = clause.strip(" \0")
    whole = _WHOLE.fullmatch(stripped)
    if whole and whole["unit"]:
        known = re.match(units.UNIT, whole["unit"])
        latin = re.match("[A-Za-z]+", whole["unit"])
        signed = whole["op"] in _WORDS_OF_OP
        if (known and known[0] == whole["unit"]) or (not known and (signed or not latin or latin[0] in units.UNUSUAL)):
            return [_quantity(whole, whole["unit"])]
    flags = {"note": stripped.startswith("每"), "total": stripped.startswith(_TOTAL)}
    found: list[Quantity] = []
    at = 0
    for match in _QUANTITY.finditer(stripped):
        unit = match["unit"] or ""
        if unit == "年" and len(match["n"]) == 4:
            continue  # a year of which something is told: 2023年决算
        if not unit and match["u1"]:
            continue
        if unit in _OF_RANK and stripped[: match.start()].endswith("前"):
            continue  # 前3名 is a rank
        if not unit:
            unknown = _UNKNOWN_BEHIND_SIGN.match(stripped, match.start())
            if not unknown:
                continue
            match, unit = unknown, unknown["unit"]
        quantity = _quantity(match, unit)
        found.append(msgspec.structs.replace(quantity, lead=stripped[at : match.start()], **flags))
        at = match.end()
    if found:
        found[-1] = msgspec.structs.replace(found[-1], tail=stripped[at:].strip(_LEAD_PUNCTUATION))
        return found
    return [msgspec.structs.replace(q, **flags) for q in _in_chinese(stripped) or _behind_latin(stripped)]


def _behind_latin(clause: str) -> list[Quantity]:
    """16排CT1台: where nothing else is a figure, one that touches Latin letters counts if a counting unit ends the clause."""
    match = re.search(rf"(?<![A-Za-z\d])(?!^)[A-Za-z]+(?P<n>\d+)(?P<unit>{units.UNIT})$", clause)
    if not match or units.family(match["unit"]) != "count":
        return []
    return [
        Quantity(op="", number=Decimal(match["n"]), high=None, unit=match["unit"], family="count", lead=clause[: match.start("n")])
    ]


def _in_chinese(clause: str) -> list[Quantity]:
    """百分之九十, 九成以上, 十二次, 组织演练十二次 (三俗, 一体化, 四好农村路 are none)."""
    if not set(_DIGITS) & set(clause):
        return []
    for pattern, factor in ((_PERCENT, 1), (_TENTHS, 10)):
        match = re.search(pattern, clause)
        if match and (pattern is _PERCENT or match.end() == len(clause)):
            number = _numeral(match["n"])
            if number is not None:
                half = _numeral(match["half"].replace("半", "五")) or 0 if factor == 10 and match["half"] else 0
                lead, tail = clause[: match.start()], clause[match.end() :]
                return [
                    Quantity(
                        op=_op(match), number=number * factor + half, high=None, unit="%", family="ratio", lead=lead, tail=tail
                    )
                ]
    match = re.search(_CHINESE, clause)
    if not match:
        return []
    lead = clause[: match.start()]
    op_word = re.search(f"(?:{_SYMBOL}|{_WORD})$", lead)
    op = ""
    if op_word:
        op, lead = _OPS[op_word[0]], lead[: op_word.start()]
    if lead and (units.family(match["unit"]) != "count" or lead.endswith(_NOT_COUNTING)):
        return []
    number, high = _numeral(match["n"]), None
    if lower := re.search(rf"({_NUMERAL}){dates.RANGE_SIGN}$", lead):  # 三到五场
        lead = lead[: lower.start()]
        number, high = _numeral(lower[1]), number
    if number is None or (lower and high is None):
        return []
    op = _SUFFIXES.get(match["suffix"] or "", ">" if match["more"] else op)
    return [Quantity(op=op, number=number, high=high, unit=match["unit"], family=units.family(match["unit"]), lead=lead)]


def _numeral(text: str) -> Decimal | None:
    if text[0].isdigit():
        return Decimal(text)
    if text in ("百", "一百"):
        return Decimal(100)
    if _ABOUT.search(text):
        return None
    import cn2an

    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except ValueError:
        return None


def _op(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("suffix"):
        return _SUFFIXES[groups["suffix"]]
    if groups.get("more"):
        return ">"
    return _OPS[groups["op"].rstrip("了为")] if groups.get("op") else ""


def _quantity(match: re.Match[str], unit: str) -> Quantity:
    groups = match.groupdict()
    unit = (groups.get("wan") or "") + unit
    known = "%" if unit == "百分比" else unit
    number, high = Decimal(groups["n"]), Decimal(groups["hi"]) if groups.get("hi") else None
    first_unit = groups.get("u1")
    if first_unit and high is not None and units.base(first_unit)[0] == units.base(unit)[0] and first_unit != unit:
        number = number * units.base(first_unit)[1] / units.base(unit)[1]
    elif not first_unit and high is not None and number > high and number >= 1000 and units.base(unit)[1] == 10**4:
        number = number / 10**4  # 8000-1.2万人
    return Quantity(op=_op(match), number=number, high=high, unit=known, family=units.family(known))


def _values(found: list[Quantity]) -> list[Quantity]:
    """The figures that are the value: notes (每…) step back behind others, a total before its parts."""
    totals = [q for q in found if q.total]
    if totals:
        return totals[:1]
    values = [q for q in found if not q.note] or found[:1]
    values = [values[0], *(q for q in values[1:] if not _explains(q, values[0]))] if values else []
    if len(values) == 2 and re.search("[由从]$", values[0].lead) and _FROM_TO.fullmatch(values[1].lead):
        lead = f"由{values[0].written()}{values[1].lead}"
        return [msgspec.structs.replace(values[1], lead=lead, op=values[1].op or "=")]
    return values


def _explains(quantity: Quantity, value: Quantity) -> bool:
    """A factor (24小时×365天) or a rate per the value's own unit (2期，100人次/期) is no second value."""
    return quantity.lead.startswith(("×", "*")) or (bool(value.unit) and quantity.unit.endswith("/" + value.unit))


def _is_pair(found: list[Quantity]) -> bool:
    """≥ a 且 ≤ b: a lower and an upper bound of one thing."""
    if len(found) != 2:
        return False
    low, high = found
    bounds = {low.op and low.op in _LOWER, high.op and high.op in _LOWER}
    uppers = {low.op and low.op in _UPPER, high.op and high.op in _UPPER}
    return (
        bounds == uppers == {True, False} and low.base_unit == high.base_unit and not low.tail and bool(_AND.fullmatch(high.lead))
    )


def _stripped_lead(lead: str) -> str:
    return lead.strip(_LEAD_PUNCTUATION)


def _thousands_in_full_width(text: str) -> str:
    """1，160万元 is one number where the whole cell is one."""
    if "，" in text and re.fullmatch(rf"(?:{_SYMBOL}|{_WORD})?\d{{1,3}}(?:，\d{{3}})+(?:\.\d+)?[^\d，]*", text):
        return text.replace("，", "")
    return text


def _grouped(text: str) -> str:
    """12 000人次 is one number, its thousands parted by blanks."""
    return _THOUSANDS.sub(lambda m: m[0].replace(" ", ""), text) if " " in text else text


def has_figure(text: str) -> bool:
    """The text has a digit, or a Chinese numeral with a known unit behind it."""
    if re.search(r"\d", text):
        return True
    return bool(set(_DIGITS) & set(text)) and bool(re.search(f"{_NUMERAL}(?:余|多)?(?:{units.UNIT}|成(?:以|$|[，。；]))", text))


def prose(text: str) -> bool:
    """At least two Chinese characters."""
    return sum("\u3400" <= c <= "\u9fff" for c in text) >= 2
