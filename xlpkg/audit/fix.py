"""Mend what can be mended: safe repairs at once, offered ones with the clerk's nod."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from xlpkg.audit.check import check
from xlpkg.audit.facts.evidence import Evidence
from xlpkg.audit.facts.finding import OFFERED, SAFE, Finding, Fix, safe
from xlpkg.form.declaration import Declaration, Indicator, indicator, split
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm

_ROUNDS = 20
Agreed = tuple[str, int | None, str]
"""A finding whose offer the clerk agreed to: rule, row, field."""


class Change(msgspec.Struct, frozen=True):
    """What was changed where, for people: `place` names the row as it was numbered at that moment."""

    rule: str
    place: str
    to: str


class Repair(msgspec.Struct, frozen=True):
    """A fix, with the rule and the place under which it is reported; `row` is the one that the fix splits."""

    rule: str
    place: str
    row: int | None
    fix: Fix

    @property
    def change(self) -> Change:
        """The repair as it is reported once it is made."""
        return Change(self.rule, self.place, self.fix.to)


def mend(declaration: Declaration, profile: Profile, *, offered: bool = False) -> tuple[Declaration, list[Change]]:
    """The declaration with its safe repairs, and the offered ones if asked for, and what was changed.

    Mending twice is mending once. Rows are numbered anew after a split.
    """
    kinds = (SAFE, OFFERED) if offered else (SAFE,)
    changes: list[Change] = []
    for kind in kinds:
        for _ in range(_ROUNDS):
            mended, done = _round(declaration, profile, {SAFE, kind})
            if not done:
                break
            declaration = mended
            changes += done
    return declaration, changes


def mend_agreed(
    declaration: Declaration, profile: Profile, agreed: Collection[Agreed]
) -> tuple[Declaration, list[Change], list[Repair]]:
    """The declaration with its safe repairs, then with the offers that were agreed to, and what was changed.

    Repairs that split a row are handed back, as `accept` does.
    """
    declaration, changes = mend(declaration, profile)
    wanted = [f for f in check(declaration, profile).findings if f.fix and f.fix.kind == OFFERED]
    declaration, accepted, splits = accept(declaration, repairs_of(f for f in wanted if (f.rule, f.row, f.field) in agreed))
    return declaration, [*changes, *accepted], splits


def repairs_of(findings: Iterable[Finding]) -> list[Repair]:
    """What the findings offer to mend."""
    return [Repair(f.rule, f.place, f.row, f.fix) for f in findings if f.fix]


def accept(declaration: Declaration, repairs: Iterable[Repair]) -> tuple[Declaration, list[Change], list[Repair]]:
    """The declaration with the changes of these repairs, at most one a cell, and what was changed.

    Repairs that split a row are handed back, the lowest row first: `split_rows` gives the rows that replace it.
    """
    repairs = list(repairs)
    row_names = {i.row: norm(i.name) for i in declaration.indicators}
    touched: set[tuple[int | None, str]] = set()
    taken: set[tuple[str, str]] = set()
    done: list[Change] = []
    for repair in repairs:
        edits = repair.fix.changes
        cells = {(edit.row, edit.field) for edit in edits}
        arrives = {(edit.text, row_names[edit.row]) for edit in edits if edit.field == "l2" and edit.row is not None}
        if cells and not cells & touched and not arrives & taken:  # two rows of one name cannot go to one category
            touched |= cells
            taken |= arrives
            changed = _with_changes(declaration, repair.fix)
            if changed != declaration:
                declaration = changed
                done.append(repair.change)
    names: set[str] = set()
    splits: list[Repair] = []
    for repair in repairs:
        new = {row.name for row in repair.fix.split}
        if new and not new & names and (repair.row, "value") not in touched:
            names |= new
            splits.append(repair)
    return declaration, done, sorted(splits, key=lambda repair: -(repair.row or 0))


def with_splits(declaration: Declaration, splits: Iterable[Repair]) -> Declaration:
    """The declaration with the rows of these repairs split: from below, so that the rows above keep their numbers."""
    for repair in splits:
        declaration = _with_split(declaration, repair.row, repair.fix)
    return declaration


def split_rows(i: Indicator, fix: Fix) -> list[Indicator]:
    """The rows that replace an indicator; their numbers are still to be given. Its further columns stay with the first."""
    return [
        indicator(0, i.l1, i.l2, new.name, new.value, i.standard, i.note, i.extra if n == 0 else {})
        for n, new in enumerate(fix.split)
    ]


def _round(declaration: Declaration, profile: Profile, kinds: set[str]) -> tuple[Declaration, list[Change]]:
    """One pass: at most one repair a cell; rows are split when nothing else is left to mend."""
    report = check(declaration, profile)
    repairs = (*repairs_of(report.findings), *_short_standards(report.evidence))
    mended, done, splits = accept(declaration, [r for r in repairs if r.fix.kind in kinds])
    if done:
        return mended, done
    return with_splits(declaration, splits), [repair.change for repair in reversed(splits)]


def _short_standards(evidence: Evidence) -> Iterator[Repair]:
    """Accepted short names of standards (历史) written out (历史标准): nothing is wrong with them, so no rule speaks of them."""
    for row in evidence.rows:
        typed = norm(row.indicator.standard)
        if typed in evidence.profile.standard_names and typed != row.standard:
            yield Repair("F03", row.place, row.row, safe(row.row, "standard", row.standard))


def _with_changes(declaration: Declaration, fix: Fix) -> Declaration:
    for edit in fix.changes:
        if edit.row is None:
            declaration = declaration.with_header(edit.field, edit.text)
            continue
        rows = tuple(_with_cell(i, edit.field, edit.text) if i.row == edit.row else i for i in declaration.indicators)
        declaration = msgspec.structs.replace(declaration, indicators=rows)
    return declaration


def _with_cell(i: Indicator, field: str, text: str) -> Indicator:
    if field == "value":
        op, number, unit = split(text)
        return msgspec.structs.replace(i, op=op, number=number, unit=unit)
    if field in i.__struct_fields__:
        return msgspec.structs.replace(i, **{field: text})
    return msgspec.structs.replace(i, extra={**i.extra, field: text})


def _with_split(declaration: Declaration, row: int | None, fix: Fix) -> Declaration:
    rows: list[Indicator] = []
    for i in declaration.indicators:
        rows += split_rows(i, fix) if i.row == row else [i]
    return msgspec.structs.replace(declaration, indicators=numbered(rows))


def numbered(rows: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """The rows with their numbers from 1 on."""
    return tuple(msgspec.structs.replace(i, row=n) for n, i in enumerate(rows, 1))
