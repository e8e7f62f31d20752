"""What other forms call the fields and columns: the labels of every profile and the other names that the profiles list."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from xlpkg.form import profiles
from xlpkg.form.fields import TOTAL
from xlpkg.form.profile import Profile
from xlpkg.form.text import comparable, norm, without_notes

FIELDS = (
    "year", "unit", "department", "project", "period", "period_start", "period_end", "long_goal", "goal", "year_goal", "filler",
    "phone", "money_unit", "to_sign", "other",
)  # fmt: skip
"""What labels name: header fields, and what is made into one (`goal`: one goal of whatever term); `other` has no place."""
MONEY = ("own", "fiscal", "total", "upper", "central", "province", "city", "other", "carried", "part", "long")
"""What sources of money are: the budget of the form's own level, all public money, the total, the levels above, money that is
none of these, parts of the public money, and money of the medium term."""
GOALS = ("long_goal", "goal", "year_goal")
_COLUMNS = ("l1", "l2", "name", "value", "op", "number", "measure", "standard", "note")
_ENUMERATION = re.compile(r"^(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\)?[.、．:：)]|[①-⑳]|[★*☆◆●■·]+)\s*")
_BEHIND = re.compile(r"\s*(?:\(?\d+(?:\.\d+)?(?:[-~—至]\d+)?%?\)?分\)?|\([^()]*\)(?:分)?|续表?|等)$")
_YEAR_BEFORE = re.compile(r"^(?:20\d\d年度?|20\d\d)")
_PREFIXES = (
    "项目",
    "专项",
    "专项资金",
    "财政支出",
    "单位已有的",
    "业务",
    "本项目",
    "该项目",
    "申报",
    "项目支出",
    "年度",
    "本年度",
    "当年",
    "本年",
    "全年",
)
_ENDINGS = ("小计", "合计", "安排", "金额", "情况", "投入", "安排数", "数", "名称", "全称")
_SHORTEST_REST = 4
_NUMBERED_GOAL = re.compile(r"(.{2,}目标)\s*[（(]?(?:\d|[一二三四五六七八九])[)）]?")
_OF_A_LEVEL = re.compile(
    r"(中央|国家|省|自治区|兵团|市州|地市|市|州|盟|县区|区县|县|区|旗|本|同)(?:本?级)?(?:财政)?"
    r"(?:预算内?|专项|统筹|衔接|补助|转移支付|拨款|拨付|配套|投入|安排|下达|资金|经费)+(?:金额|数额?|额)?"
)
"""Money of a level in words that no profile lists: 自治区财政补助资金, 省级统筹经费."""
_LEVELS = {
    "中央": "central", "国家": "central", "省": "province", "自治区": "province", "兵团": "province",
    "市州": "city", "地市": "city", "市": "city", "州": "city", "盟": "city",
}  # fmt: skip
_TARGET_HEAD = re.compile(
    r"(?:20\d\d年?度?|[本当全]?年度?|预期|预计|计划|绩效|指标|目标|实现|达到|设定|申报|年初|实施期|中期|长期)*"
    r"(?:目标|指标|设定|实现|计划|绩效|预期)(?:20\d\d年)?(?:实现|完成|达到)?(?:数?值|数)(?:及单位)?"
)
"""The head of a column of targets in words that no profile lists: 2024年绩效指标预期值."""
_GAP = r"[\s\u3000]*"
_OTHER_LABEL = re.compile(
    rf"(?:(?:[ \t\u3000]{{2,}}|\n){_GAP}[^\W\d_]{{2,8}}|[ \t\u3000][^\W\d_]{{2,4}})(?:[（(][^（()）\n]*[）)])?{_GAP}[：:]"
)
"""A label that no profile knows, behind a gap: 审核人：."""
_MONEY_UNIT = re.compile(r"[（(](?:金额)?(?:单位)?[：:]?(?:人民币)?([百千万亿]?元)[）)]")
_INDICATOR = "指标"
_STANDARD_LABELS = ("year", "unit", "department", "project", "period", "long_goal", "year_goal", "filler", "phone")
_LONGEST_LABEL = 60


class Inline(NamedTuple):
    """A "label：value" in a running text: what the label names, where it begins, where the value begins and ends."""

    field: str
    start: int
    begin: int
    end: int


class Synonyms:
    """Labels → what they mean, over all profiles; built once.

    `exact` are the labels of each profile, by its id; `standards` the names of standards; `own` what our form prints by itself.
    """

    def __init__(self, known: tuple[Profile, ...]) -> None:
        self.exact = {p.id: {self.bare(p.label(f)) for f in (*p.header, *p.user_columns)} for p in known}
        self._rank: dict[str, int] = {}
        self._money = self._merged((p.aliases.money for p in known), MONEY)
        for p in known:
            self._add(self._money, "own", p.label("budget_wan"))
            for key in ("upper_funds", "central", "province", "city"):
                self._add(self._money, key.removesuffix("_funds"), p.label(key))
            for fund in p.funds:
                self._add(self._money, "total" if fund.key == TOTAL else "other", fund.label, *fund.aliases)
        self._fields = self._merged((p.aliases.fields for p in known), FIELDS)
        self._columns = self._merged((p.aliases.columns for p in known), (*_COLUMNS, *sorted(known[0].aliases.columns)))
        for p in known:
            for field in _STANDARD_LABELS:
                self._add(self._fields, field, p.label(field))
            for part in p.fields:
                self._add(self._fields, "other", part.label, *part.aliases)
            for column in _COLUMNS:
                self._add(self._columns, column, p.label(column))
            for further in p.columns:
                self._add(self._columns, "further", further.label, *further.aliases)
        self._levels: dict[str, set[str]] = {}
        for level, name in ((level, a) for p in known for level, names in (("l1", p.l1_names), ("l2", p.l2_names)) for a in names):
            self._levels.setdefault(name, set()).add(level)
            self._levels.setdefault(name.removesuffix(_INDICATOR), set()).add(level)
        self._first_levels = {a: l1 for p in known for l1, names in p.aliases.first_level.items() for a in names}
        self._other_levels = {a: l2 for p in known for l2, names in p.aliases.categories.items() for a in names}
        self._blocks = {self.bare(n): kind for p in known for kind, names in p.aliases.blocks.items() for n in names}
        self._blocks |= {self.bare(p.label("indicators")): "year" for p in known}
        self.standards = {a for p in known for a in p.standard_names}
        self.own = {self.bare(n) for p in known for n in p.aliases.own}
        inline = sorted({*self._fields, *self._money}, key=len, reverse=True)
        pattern = "|".join(_GAP.join(map(re.escape, name)) for name in inline)
        self._inline = re.compile(rf"(?<![\w（(])({pattern}){_GAP}(?:[（(][^（()）]*[）)])?{_GAP}[：:]")

    def _merged(self, tables: Iterable[Mapping[str, tuple[str, ...]]], keys: Iterable[str]) -> dict[str, str]:
        """Name → key, over all profiles; the earlier key has a name that several list, and its place says how good it is."""
        all_tables = list({id(table): table for table in tables}.values())
        found: dict[str, str] = {}
        for key in dict.fromkeys(keys):
            for table in all_tables:
                for rank, name in enumerate(table.get(key, ())):
                    found.setdefault(_whole(name), key)
                    self._rank.setdefault(_whole(name), rank)
        return found

    @staticmethod
    def _add(table: dict[str, str], key: str, *names: str) -> None:
        """The names mean this, unless they mean something already."""
        for name in names:
            table.setdefault(_whole(name), key)

    @staticmethod
    def bare(text: str) -> str:
        """A label as it is compared: without blanks, colon, enumeration and what stands in brackets."""
        return _bare(text) if len(text) <= _LONGEST_LABEL else _bare.__wrapped__(text)

    def _look_up(self, text: str, names: Mapping[str, str], *, shorten: bool = True) -> str:
        """What a label names, also without a word before it (业务主管部门) or behind it (财政拨款小计)."""
        if len(text) > _LONGEST_LABEL or not text.strip():
            return ""
        bare = self.bare(text)
        found = names.get(_whole(text)) or names.get(bare)
        if found or not shorten:
            return found or ""
        with_year, bare = bare, _YEAR_BEFORE.sub("", bare)
        rests = ["年度" + bare] if bare != with_year else []  # 2026年度目标
        rests.append(bare)
        if bare.startswith(_PREFIXES):  # few labels are: most texts are done after two looks
            rests += [bare.removeprefix(p) for p in _PREFIXES]
        if bare.endswith(_ENDINGS):
            rests += [bare.removesuffix(e) for e in _ENDINGS]
        if "专项" in bare:
            rests.append(bare.replace("专项", "项目", 1))
        return next((names[r] for r in rests if len(r) >= _SHORTEST_REST and r in names), "")

    def field(self, text: str) -> str:
        """What a label of a header field names (FIELDS), "" if it is none; goals may be numbered (年度绩效目标2)."""
        found = self._look_up(text, self._fields)
        if not found and (numbered := _NUMBERED_GOAL.fullmatch(text.strip().rstrip(":："))):
            found = self._look_up(numbered[1], self._fields)
            return found if found in GOALS else ""
        return found

    def money(self, text: str) -> str:
        """Which money a label names (MONEY), "" if it is none."""
        if found := self._look_up(text, self._money):
            return found
        of_level = _OF_A_LEVEL.fullmatch(self.bare(text)) if len(text) <= _LONGEST_LABEL else None
        return _LEVELS.get(of_level[1], "own") if of_level else ""

    def is_label(self, text: str) -> bool:
        """The text is the label of a field or of money, the head of a column, a category or the name of a block."""
        return bool(self.field(text) or self.money(text) or self.column(text) or self.levels(text, whole=True) or self.block(text))

    def rank(self, text: str) -> int:
        """Which of several labels of one field counts: the lower the better."""
        return self._rank.get(_whole(text), self._rank.get(self.bare(text), 0))

    def column(self, text: str) -> str:
        """The column that a head names, "" if it is none; "further" for one that some profile has beside the standard ones."""
        if len(text) > _LONGEST_LABEL:
            return ""
        whole, bare = _whole(text), self.bare(text)
        found = self._columns.get(whole) or self._columns.get(bare) or self._columns.get(_YEAR_BEFORE.sub("", bare), "")
        return found or ("value" if _TARGET_HEAD.fullmatch(bare) else "")

    def levels(self, text: str, *, whole: bool = False) -> set[str]:
        """The levels ("l1", "l2") on which the text is a category in one of the forms; 成本指标 is one on both.

        With `whole` only names that end in 指标 count: 服务对象满意度 may be an indicator's name as well.
        """
        bare = self.category(text)
        if whole and not bare.endswith("指标"):
            return set()
        levels = set(self._levels.get(bare, ()))
        if bare in self._first_levels:
            levels.add("l1")
        if not levels and bare in self._other_levels:
            levels.add("l2")
        return levels

    def category(self, text: str) -> str:
        """A category's name without enumeration, points and brackets: "1.产出指标（50分）", "数量指标（必填）" → "数量指标"."""
        bare = comparable(norm(text)).replace("\n", "") if text else ""
        bare = _ENUMERATION.sub("", bare).strip("★*☆※▲")
        while (shorter := _BEHIND.sub("", bare)) != bare and shorter:
            bare = shorter
        return bare

    def first_level(self, text: str, profile: Profile) -> str:
        """A form's own name for a first-level category, its ending left out or not; what was typed if it has none."""
        typed = profile.l1(text)
        if not typed or typed in profile.l1_names:
            return typed
        return profile.l1_names.get(typed + _INDICATOR) or profile.l1_names.get(self._first_levels.get(typed, typed), typed)

    def second_level(self, text: str, profile: Profile) -> str:
        """A form's own name for a second-level category of another form; what was typed if it has none.

        A first-level name with only one second level under it (满意度指标) means that one.
        """
        typed = profile.l2(text)
        if typed in profile.parent:
            return typed
        meant = self._other_levels.get(typed, typed)
        meant = typed + _INDICATOR if typed + _INDICATOR in profile.l2_names else meant
        under = next((c.l2 for c in profile.tree if c.name == meant), ())
        meant = under[0].name if len(under) == 1 else profile.l2(meant)
        return meant if meant in profile.parent else typed

    def block(self, text: str) -> str:
        """ "year" or "long" if the text names a block of indicators, else ""."""
        return self._blocks.get(self.bare(text), "")

    def inline(self, text: str) -> list[Inline]:
        """Every "label：value" in a text; money has its name behind "money.".

        A value ends before the next label, also before one that no profile knows; but the lines of a goal belong to it.
        """
        found = list(self._inline.finditer(text))
        places = []
        for match, end in zip(found, [*(m.start() for m in found[1:]), len(text)], strict=False):
            name = self.bare(match[1])
            field = self._fields.get(name) or f"money.{self._money[name]}"
            other = None if field in GOALS else _OTHER_LABEL.search(text, match.end(), end)
            places.append(Inline(field, match.start(), match.end(), other.start() if other else end))
        return places

    def begins_field(self, text: str, *fields: str) -> bool:
        """The text begins with a label and a colon; of one of some fields, if they are named."""
        match = self._inline.match(text.strip())
        return match is not None and (not fields or self._fields.get(self.bare(match[1])) in fields)


@lru_cache(maxsize=1 << 15)
def _bare(text: str) -> str:
    label = comparable(without_notes(norm(text))).replace("\n", "").replace("：", ":").strip(":")
    return _ENUMERATION.sub("", label).removeprefix("其中").lstrip(":").strip("★*☆※▲")


@lru_cache(maxsize=1 << 15)
def _whole(text: str) -> str:
    """A label as it is compared, with its brackets but for a unit of money: 县（区）级资金（万元） → "县(区)级资金"."""
    label = _MONEY_UNIT.sub("", comparable(norm(text)).replace("\n", "").replace("：", ":").strip(":"))
    return _ENUMERATION.sub("", label).removeprefix("其中").lstrip(":")


def money_unit(label: str) -> str:
    """The unit of money that a label names in brackets: 财政拨款（万元） → "万元"; "" if it names none."""
    match = _MONEY_UNIT.search(label.replace(" ", ""))
    return match[1] if match else ""


@cache
def known_synonyms() -> Synonyms:
    """The synonyms of all profiles."""
    return Synonyms(profiles.known())
