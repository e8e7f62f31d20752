"""Mend what can be mended: safe repairs at once, offered ones with the clerk's nod."""

from collections.abc import Iterable, Iterator

import msgspec

from xlpkg.audit.check import check
from xlpkg.audit.facts.evidence import Evidence
from xlpkg.audit.facts.finding import OFFERED, SAFE, Finding, Fix
from xlpkg.form.declaration import Declaration, Indicator, indicator, split
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm

_ROUNDS = 20


class Change(msgspec.Struct, frozen=True):
    """What was changed where, for people: `place` names the row as it was numbered at that moment."""

    rule: str
    place: str
    to: str


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


def accept(declaration: Declaration, findings: Iterable[Finding]) -> tuple[Declaration, list[Change], list[tuple[Finding, Fix]]]:
    """The declaration with the changes these findings offer, at most one a cell, and what was changed.

    Fixes that split a row are handed back, the lowest row first: `split_rows` gives the rows that replace it.
    """
    row_names = {i.row: norm(i.name) for i in declaration.indicators}
    touched: set[tuple[int | None, str]] = set()
    taken: set[tuple[str, str]] = set()
    done: list[Change] = []
    repairs = [(f, f.fix) for f in findings if f.fix]
    for finding, fix in repairs:
        cells = {(row, field) for row, field, _ in fix.changes}
        arrives = {(text, row_names[row]) for row, field, text in fix.changes if field == "l2" and row is not None}
        if cells and not cells & touched and not arrives & taken:  # two rows of one name cannot go to one category
            touched |= cells
            taken |= arrives
            changed = _with_changes(declaration, fix)
            if changed != declaration:
                declaration = changed
                done.append(Change(finding.rule, finding.place, fix.to))
    names: set[str] = set()
    splits: list[tuple[Finding, Fix]] = []
    for finding, fix in repairs:
        new = {name for name, _ in fix.split}
        if new and finding.row is not None and not new & names and (finding.row, "value") not in touched:
            names |= new
            splits.append((finding, fix))
    return declaration, done, sorted(splits, key=lambda s: -(s[0].row or 0))


def split_rows(i: Indicator, fix: Fix) -> list[Indicator]:
    """The rows that replace an indicator; their numbers are still to be given. Its further columns stay with the first."""
    return [
        indicator(0, i.l1, i.l2, name, value, i.standard, i.note, i.extra if n == 0 else {})
        for n, (name, value) in enumerate(fix.split)
    ]


def _round(declaration: Declaration, profile: Profile, kinds: set[str]) -> tuple[Declaration, list[Change]]:
    """One pass: at most one repair a cell; rows are split when nothing else is left to mend."""
    findings = check(declaration, profile).findings
    repairs = [f for f in (*findings, *_short_standards(declaration, profile)) if f.fix and f.fix.kind in kinds]
    mended, done, splits = accept(declaration, repairs)
    if done:
        return mended, done
    for finding, fix in splits:  # from below, so that the rows above keep their numbers
        declaration = _with_split(declaration, finding.row, fix)
    return declaration, [Change(finding.rule, finding.place, fix.to) for finding, fix in reversed(splits)]


def _short_standards(declaration: Declaration, profile: Profile) -> Iterator[Finding]:
    """Accepted short names of standards (历史) written out (历史标准): no finding, a safe repair all the same."""
    for row in Evidence(declaration, profile).rows:
        typed = norm(row.indicator.standard)
        if typed in profile.standard_names and typed != row.standard:
            fix = Fix(SAFE, row.standard, ((row.row, "standard", row.standard),))
            place = f"第{row.row}行“{row.name}”"
            yield Finding(row.row, "standard", "绩效标准写了简称", "", fix, rule="F03", place=place)


def _with_changes(declaration: Declaration, fix: Fix) -> Declaration:
    for row, field, text in fix.changes:
        if row is None:
            declaration = declaration.with_header(field, text)
            continue
        rows = tuple(_with_cell(i, field, text) if i.row == row else i for i in declaration.indicators)
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
