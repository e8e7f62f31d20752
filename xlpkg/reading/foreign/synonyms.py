"""What other forms call the fields and columns: the labels of every profile and the other names that the profiles list."""

import re
from functools import cache

from xlpkg.form import profiles
from xlpkg.form.profile import Profile
from xlpkg.form.text import comparable, norm, without_notes

_COLUMNS = ("l1", "l2", "name", "value", "op", "number", "measure", "standard", "note")
_ENUMERATION = re.compile(r"^(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\)?[.、．:：)]|[①-⑳])\s*")
_POINTS = re.compile(r"\(?\d+(?:\.\d+)?分\)?$")
_CONTINUED = re.compile(r"\((?:续表?|接上页)\)$|续表?$")
_YEAR_BEFORE = re.compile(r"^20\d\d年度?|^20\d\d")
_GAP = r"[\s\u3000]*"
_OTHER_LABEL = re.compile(
    rf"(?:(?:[ \t\u3000]{{2,}}|\n){_GAP}[^\W\d_]{{2,8}}|[ \t\u3000][^\W\d_]{{2,4}})(?:[（(][^（()）\n]*[）)])?{_GAP}[：:]"
)
"""A label that no profile knows, behind a gap: 审核人：."""
_GOALS = ("long_goal", "year_goal")


class Synonyms:
    """Labels → what they mean, over all profiles; built once.

    `exact` are the labels of each profile, by its id; `standards` the names of standards; `own` what our form prints by itself.
    """

    def __init__(self, known: tuple[Profile, ...]) -> None:
        aliases = known[0].aliases
        self.exact = {p.id: {self.bare(p.label(f)) for f in _LABELLED} for p in known}
        self._fields: dict[str, str] = {}
        self._rank: dict[str, int] = {}
        for field in (*_LABELLED, *_OTHER_FIELDS):
            names = [p.label(field) for p in known] if field in _LABELLED else []
            for rank, name in enumerate([*names, *aliases.fields.get(field, ())]):
                self._fields.setdefault(self.bare(name), field)
                self._rank.setdefault(self.bare(name), rank)
        self._columns: dict[str, str] = {}
        for column in (*_COLUMNS, *aliases.columns):
            names = [p.label(column) for p in known] if column in _COLUMNS else []
            for name in (*names, *aliases.columns.get(column, ())):
                self._columns.setdefault(self.bare(name), column)
        self._levels: dict[str, set[str]] = {}
        for level, name in ((level, a) for p in known for level, names in (("l1", p.l1_names), ("l2", p.l2_names)) for a in names):
            self._levels.setdefault(name, set()).add(level)
            self._levels.setdefault(name.removesuffix(_INDICATOR), set()).add(level)
        self._other_levels = {a: l2 for l2, names in aliases.categories.items() for a in names}
        self._blocks = {self.bare(n): kind for kind, names in aliases.blocks.items() for n in names}
        self._blocks |= {self.bare(p.label("indicators")): "year" for p in known}
        self.standards = {a for p in known for a in p.standard_names}
        self.own = {self.bare(n) for n in aliases.own}
        inline = sorted(self._fields, key=len, reverse=True)
        pattern = "|".join(_GAP.join(map(re.escape, name)) for name in inline)
        self._inline = re.compile(rf"(?<![\w（(])({pattern}){_GAP}(?:[（(][^（()）]*[）)])?{_GAP}[：:]")

    @staticmethod
    def bare(text: str) -> str:
        """A label as it is compared: without blanks, colon, enumeration and what stands in brackets."""
        label = comparable(without_notes(norm(text))).replace("\n", "").replace("：", ":")
        return _ENUMERATION.sub("", label).removeprefix("其中").lstrip(":")

    def field(self, text: str) -> str:
        """The header field that a label names, "" if it is none."""
        return self._fields.get(self.bare(text), "") if len(text) <= _LONGEST_LABEL else ""

    def rank(self, text: str) -> int:
        """Which of several labels of one field counts: the lower the better."""
        return self._rank.get(self.bare(text), 0)

    def column(self, text: str) -> str:
        """The column that a head names, "" if it is none."""
        if len(text) > _LONGEST_LABEL:
            return ""
        bare = self.bare(text)
        return self._columns.get(bare) or self._columns.get(_YEAR_BEFORE.sub("", bare), "")

    def levels(self, text: str, *, whole: bool = False) -> set[str]:
        """The levels ("l1", "l2") on which the text is a category in one of the forms; 成本指标 is one on both.

        With `whole` only names that end in 指标 count: 服务对象满意度 may be an indicator's name as well.
        """
        bare = self.category(text)
        if whole and not bare.endswith("指标"):
            return set()
        return self._levels.get(bare) or ({"l2"} if bare in self._other_levels else set())

    def category(self, text: str) -> str:
        """A category's name without enumeration and points: "1.产出指标（50分）", "产出指标（续）" → "产出指标"."""
        bare = _ENUMERATION.sub("", comparable(norm(text)).replace("\n", "")) if text else ""
        return _CONTINUED.sub("", _POINTS.sub("", bare))

    def first_level(self, text: str, profile: Profile) -> str:
        """A form's own name for a first-level category, its ending left out or not; what was typed if it has none."""
        typed = profile.l1(text)
        return profile.l1_names.get(typed + _INDICATOR, typed) if typed else typed

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

    def inline(self, text: str) -> list[tuple[str, int, int, int]]:
        """(field, start, start of the value, end) of every "label：value" in a text.

        A value ends before the next label, also before one that no profile knows; but the lines of a goal belong to it.
        """
        found = list(self._inline.finditer(text))
        places = []
        for match, end in zip(found, [*(m.start() for m in found[1:]), len(text)], strict=False):
            field = self._fields[self.bare(match[1])]
            other = None if field in _GOALS else _OTHER_LABEL.search(text, match.end(), end)
            places.append((field, match.start(), match.end(), other.start() if other else end))
        return places

    def begins_field(self, text: str, *fields: str) -> bool:
        """The text begins with a label and a colon; of one of some fields, if they are named."""
        match = self._inline.match(text.strip())
        return match is not None and (not fields or self._fields[self.bare(match[1])] in fields)


def money_unit(label: str) -> str:
    """The unit of money that a label names in brackets: 财政拨款（万元） → "万元"; "" if it names none."""
    match = re.search(r"[（(](?:金额)?(?:单位)?[：:]?(?:人民币)?([百千万亿]?元)[）)]", label.replace(" ", ""))
    return match[1] if match else ""


_INDICATOR = "指标"
_LABELLED = (
    "year", "unit", "department", "project", "budget_wan", "upper_funds", "central", "province", "city", "period", "long_goal",
    "year_goal", "filler", "phone",
)  # fmt: skip
_OTHER_FIELDS = ("period_start", "period_end", "money_unit", "to_sign")
_LONGEST_LABEL = 60


@cache
def known_synonyms() -> Synonyms:
    """The synonyms of all profiles."""
    return Synonyms(profiles.known())
