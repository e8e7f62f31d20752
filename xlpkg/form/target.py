"""What the value cell of an indicator means: the grammar of 指标值. Worked cells: tests/data/grammar.json."""

import re
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

import msgspec

from xlpkg.form import dates, units
from xlpkg.form.blanks import left_blank
from xlpkg.form.dates import TimeLimit
from xlpkg.form.figures import CLAUSE, WHOLE, figures, grouped
from xlpkg.form.quantity import NUMBER, SIGN, SIGN_NAMES, SYMBOL, WORD, Quantity, quantity, sign_of
from xlpkg.form.text import NOTE, norm, without_notes

Kind = Literal[
    "quantity", "range", "pair", "bare", "date", "multi", "qualitative", "unmeasurable", "placeholder", "empty", "no_figure",
    "unclear",
]  # fmt: skip
"""pair: ≥ a 且 ≤ b; bare: a number without a unit; multi: several figures or time limits; no_figure: sign and unit alone (≥%);
unclear: figures that make no number (20+5, 8 33.3)."""

PLACEHOLDER = re.compile(
    r"(?<!\d)\*|\*(?!\d)|××|(?<![A-WYZa-wyz])[Xx]{2,}(?![A-Za-z])|__|○○|〇〇|[≥≤=><][×X?？]|(?<![\dA-Za-z])[×X](?=[年月日次个人户场家亩%万元])"
)
"""Marks that a template leaves for a figure: ≥**人, ××个, __次."""
_LOWER, _UPPER = ("≥", ">"), ("≤", "<")
_RATE = rf"{SIGN}(?P<n>{NUMBER})(?P<unit>/10{{0,5}}[万千]?人?)"  # 230/10万, of an illness
_BETWEEN = rf"^({NUMBER})\s*({units.UNIT})?[≤<]\s*[^\d≤<≥>]{{1,8}}([≤<])\s*({NUMBER})\s*({units.UNIT})$"  # 5台≤数量≤8台
_FULL_WIDTH_THOUSANDS = rf"(?:{SYMBOL}|{WORD})?\d{{1,3}}(?:，\d{{3}})+(?:\.\d+)?[^\d，]*"
_CUT = r"\d[^\w%‰]*$"  # of a figure's lead: the figure is cut out of 20+5万元
_SUM = r"[\d\s+\-*×/.,:()]+|[\d.]+[xXeE][\d.]+"
_FAIR_SUM = r"\d+(?:\.\d+)?[:：/]\d+(?:\.\d+)?(?:-\d+:\d+)?"  # 1:1.5, 3/4, 9:00-17:00
_PER = r"(/[^\W\d_]{1,3})[*.×](?=[^\W\d_])"  # 元/人*月
_TIMES = ("×", "*")  # 7×24小时; but of money 20×5万元 is not clear
_FROM_TO = "(?:提高|提升|增加|增长|扩大|降低|下降|降|减少|上升|缩短|压减|压降|控制)?(?:至|到)?"
_AND = "(?:且|并且|并|同时|，|,|、|；|;)?"
_TRAILING = "。；，、.;, "


class Target(msgspec.Struct, frozen=True, dict=True):
    """A value cell as read.

    `quantities` has one member for a quantity, a range and a bare number, two for a pair, none or several for multi. `limits` are
    the dates named, relative ones included. `explained`: other figures stand beside the value (24小时×365天; 4次，每季度1次).
    """

    raw: str
    norm: str
    kind: Kind
    quantities: tuple[Quantity, ...] = ()
    limits: tuple[TimeLimit, ...] = ()
    notes: str = ""
    explained: bool = False

    @cached_property
    def single(self) -> Quantity | None:
        """The figure of a value that has exactly one (bare, quantity or range); None otherwise."""
        return self.quantities[0] if len(self.quantities) == 1 and self.kind != "multi" else None

    @cached_property
    def canonical(self) -> str:
        """The value in the writing of the form; what means the same reads the same ("不少于12场" → "≥12场")."""
        figure = self.single
        if figure and not figure.lead and not figure.tail and not self.limits and not self.explained:
            return figure.written() + self.notes
        return self.norm.rstrip(_TRAILING)


_MOST_DIGITS = 18
_TOO_LONG = rf"(?<![\d.])\d{{{_MOST_DIGITS + 1}}}"
"""More digits than any figure of a form has: a slip of the keyboard, and too large to be reckoned with."""


@lru_cache(maxsize=4096)
def parse(raw: str, unmeasurable: re.Pattern[str]) -> Target:
    """Read a value cell; `unmeasurable` finds the words that say that it depends.

    Never raises: what is not understood is qualitative.
    """
    text = norm(raw)
    if left_blank(text.rstrip(_TRAILING)) or text.strip(_TRAILING + "()") in SIGN_NAMES:
        return Target(raw, text, "empty")
    plain = re.sub(_PER, r"\1·", text) if "/" in text else text
    if PLACEHOLDER.search(plain):
        return Target(raw, text, "placeholder")
    body = without_notes(plain)
    notes = "".join(NOTE.findall(text)) if body != plain else ""
    if not body:
        body, notes = text.strip("()〔〕【】[] "), ""
    body = grouped(_thousands_in_full_width(body.rstrip(_TRAILING)))
    if len(body) > _MOST_DIGITS and re.search(_TOO_LONG, body):
        return Target(raw, text, "unclear")
    if "/" in body and (rate := re.fullmatch(_RATE, body)):
        figure = Quantity(op=sign_of(rate.groupdict()), number=Decimal(rate["n"]), high=None, unit=rate["unit"], family="ratio")
        return Target(raw, text, "quantity", quantities=(figure,), notes=notes)

    body = _as_pair(body)
    rest, limits = dates.explicit(body)
    if limits and not re.match(SYMBOL, body) and dates.only_finishing(rest):
        return Target(raw, text, "date" if len(limits) == 1 else "multi", limits=tuple(limits), notes=notes)
    whole = WHOLE.fullmatch(body)
    if whole and not whole["unit"]:
        return Target(raw, text, "bare", quantities=(quantity(whole, ""),), notes=notes)
    told = figures(rest)
    if told:
        return _with_figures(raw, text, rest, limits, notes, told)
    if not re.search(r"\d", text):
        if unmeasurable.search(text):
            return Target(raw, text, "unmeasurable")
        if _is_unit(body):
            return Target(raw, text, "no_figure")
    elif _is_sum(body, notes):
        return Target(raw, text, "unclear")
    return _without_figures(raw, text, rest, limits)


def _thousands_in_full_width(text: str) -> str:
    """1，160万元 is one number where the whole cell is one."""
    may_be_one = "，" in text and re.search(r"\d，\d{3}", text)
    return text.replace("，", "") if may_be_one and re.fullmatch(_FULL_WIDTH_THOUSANDS, text) else text


def _as_pair(text: str) -> str:
    """5台≤数量≤8台 as ≥5台且≤8台."""
    return re.sub(_BETWEEN, r"≥\1\2且\3\4\5", text) if text.count("≤") + text.count("<") > 1 else text


def _with_figures(raw: str, text: str, rest: str, limits: list[TimeLimit], notes: str, told: list[Quantity]) -> Target:
    found = _values(told)
    if len(found) > 1 or _has_loose_figure(rest):
        return Target(raw, text, "pair" if _is_pair(found) else "multi", quantities=tuple(found), limits=tuple(limits), notes=notes)
    if re.search(_CUT, found[0].lead) and not (found[0].family != "money" and found[0].lead.endswith(_TIMES)):
        return Target(raw, text, "unclear")
    kind: Kind = "quantity" if found[0].high is None else "range"
    return Target(raw, text, kind, quantities=tuple(found), limits=tuple(limits), notes=notes, explained=len(told) > 1)


def _is_unit(text: str) -> bool:
    """A sign and a unit, or a unit alone: ≥%, 万元."""
    return re.fullmatch(units.UNIT, re.sub(f"^(?:{SYMBOL}|{WORD})", "", text).strip()) is not None


def _is_sum(text: str, notes: str) -> bool:
    """Figures and marks that make no number, with a unit or without one: 20+5, 20.5.1万元, (20)万元."""
    bare = re.sub(f"(?:{units.UNIT})$", "", text.lstrip("".join(SIGN_NAMES))).strip()
    if not bare:
        return bool(re.search(r"\d", notes))
    return bool(re.fullmatch(_SUM, bare)) and not re.fullmatch(_FAIR_SUM, bare)


def _has_loose_figure(text: str) -> bool:
    """A clause is nothing but a figure without a unit, beside others: 1,2000人次, where the comma is misplaced."""
    clauses = CLAUSE.split(text)
    wholes = map(WHOLE.fullmatch, map(str.strip, clauses)) if len(clauses) > 1 else ()
    return any(whole and not whole["unit"] for whole in wholes)


def _without_figures(raw: str, text: str, rest: str, limits: list[TimeLimit]) -> Target:
    """A value of dates or words only; two deadlines are several values."""
    if len(limits) > 1:
        return Target(raw, text, "multi", limits=tuple(limits))
    if limits and (limits[0].names_month or dates.only_finishing(rest)):
        return Target(raw, text, "date", limits=tuple(limits))
    clauses = [c for c in CLAUSE.split(rest) if c]
    by_word = [limit for c in clauses if (limit := dates.relative(c))]
    if len(by_word) > 1:
        return Target(raw, text, "multi", limits=tuple(by_word))
    if by_word and len(clauses) == 1:
        return Target(raw, text, "date", limits=tuple(by_word))
    return Target(raw, text, "qualitative", limits=tuple(limits))


def _values(found: list[Quantity]) -> list[Quantity]:
    """The figures that are the value: a total (共120名) stands for its parts, and 每村1名 counts only if it is alone."""
    if len(found) == 1:
        return found
    totals = [q for q in found if q.total]
    if totals:
        return totals[:1]
    values = [q for q in found if not q.note] or found[:1]
    values = [values[0], *(q for q in values[1:] if not _explains(q, values[0]))]
    if len(values) == 2 and values[0].lead.endswith(("由", "从")) and re.fullmatch(_FROM_TO, values[1].lead):
        lead = f"由{values[0].written()}{values[1].lead}"
        return [msgspec.structs.replace(values[1], lead=lead, op=values[1].op or "=")]
    return values


def _explains(figure: Quantity, value: Quantity) -> bool:
    """A factor (24小时×365天) or a rate per the value's own unit (2期，100人次/期) is no second value."""
    return figure.lead.startswith(("×", "*")) or (bool(value.unit) and figure.unit.endswith("/" + value.unit))


def _is_pair(found: list[Quantity]) -> bool:
    """≥ a 且 ≤ b: a lower and an upper bound of one thing."""
    if len(found) != 2:
        return False
    low, high = found
    opposite = (low.op in _LOWER and high.op in _UPPER) or (low.op in _UPPER and high.op in _LOWER)
    return opposite and low.base_unit == high.base_unit and not low.tail and bool(re.fullmatch(_AND, high.lead))
