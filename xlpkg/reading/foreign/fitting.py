"""Which form a foreign document fits best: by the fields that it has, its columns, and its categories."""

from collections.abc import Iterable, Sequence

from xlpkg.form import profiles
from xlpkg.form.fields import FUNDS, STANDARD_FIELDS, Field, Fund
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.reading.foreign.amounts import levels_of
from xlpkg.reading.foreign.facts import Fact
from xlpkg.reading.foreign.indicators import further_column
from xlpkg.reading.foreign.rows import Line
from xlpkg.reading.foreign.synonyms import Synonyms

_FIELD_OF = {
    "period_start": "period", "period_end": "period", "goal": "year_goal", "money.own": "budget_wan", "money.fiscal": "budget_wan",
    "money.total": "budget_wan", "money.central": "upper_funds.central", "money.province": "upper_funds.province",
    "money.city": "upper_funds.city",
}  # fmt: skip
_CHOSEN_WITHOUT_ASKING = "万元"


def field_of(fact: Fact) -> str:
    """The header field of our forms that a label is about; of one that none has, "" or what it names."""
    return _FIELD_OF.get(fact.field, fact.field)


def fitting(facts: Sequence[Fact], lines: Sequence[Line], heads: Iterable[str], synonyms: Synonyms) -> Profile:
    """The form that fits best. Forms in 元 are never chosen without being asked for: an amount would change its meaning."""
    known = [p for p in profiles.known() if p.money_unit == _CHOSEN_WITHOUT_ASKING and p.kind == "declaration"]
    labels = {synonyms.bare(f.label) for f in facts}
    filled = _filled(facts)
    named_fields = {field_of(f) for f in facts} | {"total"}
    pairs = {(line.texts["l1"], line.texts["l2"]) for line in lines}
    with_standards = any(line.texts.get("standard", "").strip() for line in lines)
    further_heads = set(heads)

    def strange_choice(field: Field) -> bool:
        """What stands at the field is none of its choices: it is another form's field of this name."""
        names = {synonyms.bare(n) for n in (field.label, *field.aliases)}
        said = {norm(f.text) for f in facts if synonyms.bare(f.label) in names} - {""}
        return bool(field.choices and said) and not said & set(map(norm, field.choices))

    def fit(profile: Profile) -> float:
        placed = [(synonyms.first_level(l1, profile), synonyms.second_level(l2, profile)) for l1, l2 in pairs]
        strange = sum(profile.parent.get(l2) != l1 for l1, l2 in placed if l1 or l2 not in profile.parent)
        named = sum(l2 in profile.parent for _, l2 in pairs)
        lost = sum(field in STANDARD_FIELDS and field not in profile.header for field in filled)
        unasked = sum(field not in named_fields for field in profile.counted_fields)
        parts: tuple[Field | Fund, ...] = (*profile.fields, *profile.funds)
        own_fields = {f.key: {synonyms.bare(n) for n in (f.label, *f.aliases)} for f in parts}
        there = sum(bool(names & labels) for names in own_fields.values()) - sum(map(strange_choice, profile.fields))
        columns = {further_column(head, profile, synonyms) for head in further_heads} - {""}
        absent = len(profile.columns) - len(columns)
        of_its_own = len(labels & synonyms.exact[profile.id])
        same_columns = with_standards == bool(profile.standards)
        return (
            -30 * strange + named - 100 * lost + of_its_own + 3 * there - 2 * (len(own_fields) - there) - unasked
            + 6 * len(columns) - 3 * absent + 20 * same_columns
        )  # fmt: skip

    return max(known, key=fit)


def _filled(facts: Sequence[Fact]) -> set[str]:
    """The header fields of ours that the source says something about; 0 says nothing."""
    written = [f for f in facts if f.text.strip() and f.text.strip(" 0.元万") and not f.long_term]
    found = {field_of(f) for f in written}
    found |= {f"upper_funds.{level.level}" for f in written if f.field.startswith("money.") for level in levels_of(f.text)}
    if any(f.field == "money.upper" and not levels_of(f.text) for f in written):
        found |= {f"upper_funds.{level}" for level in FUNDS}  # a form with places for it, though a person must say which
    if any(f.field == "goal" for f in written) and any(f.field == "year_goal" for f in written):
        found.add("long_goal")
    return found
