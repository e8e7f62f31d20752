"""Next year's declaration out of a self-evaluation: what was achieved stands in the notes as the historical basis."""

from pathlib import Path

import msgspec

from xlpkg.audit.forward import carry_forward
from xlpkg.files.write import in_place, refuse_target
from xlpkg.form.declaration import Declaration, to_json
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm, tidy
from xlpkg.year.achievement import achieved, aim_of, read
from xlpkg.year.form import SELF_EVALUATION, YearForm
from xlpkg.year.matching import matched
from xlpkg.year.profile import YearProfile
from xlpkg.year.reading import read_year


class Forwarded(msgspec.Struct, frozen=True):
    """Next year's declaration, and a sentence for each target that lies below what was achieved (S24)."""

    declaration: Declaration
    lower: tuple[str, ...]


def next_declaration(path: Path, target: Path, year: int | None = None, declared: Profile | None = None) -> Forwarded:
    """Write next year's form out of a self-evaluation. Raises RefusalError, OSError."""
    from xlpkg.writing.build import build

    refuse_target(target, (".json", ".xlsx", ".xlsm"), path)
    source = read_year(path, declared)
    if source is None or source.form.kind != SELF_EVALUATION:
        raise RefusalError(f"“{path.name}”是监控表，全年的完成值还没有。请由申报表或自评表生成下年的表。")
    declaration, _ = carry_forward(source.form.declaration, source.declared, year)
    declaration = with_achievements(declaration, source.form)
    if target.suffix.lower() == ".json":
        in_place(target, (to_json(declaration) + "\n").encode())
    else:
        build(target, source.declared, declaration)
    return Forwarded(declaration, lower_than_achieved(declaration, source.form, source.declared, source.profile))


def with_achievements(declaration: Declaration, evaluated: YearForm) -> Declaration:
    """The declaration with last year's actual value in the note of each row, behind last year's target."""
    by_ref = {r.ref if evaluated.compared else r.row: tidy(r.actual) for r in evaluated.rows if norm(r.actual)}
    rows = tuple(
        msgspec.structs.replace(i, note=f"{i.note}{'，' if i.note else ''}完成{by_ref[i.row]}") if i.row in by_ref else i
        for i in declaration.indicators
    )
    return msgspec.structs.replace(declaration, indicators=rows)


def lower_than_achieved(declaration: Declaration, evaluated: YearForm, declared: Profile, profile: YearProfile) -> tuple[str, ...]:
    """S24: a sentence for each target of a later declaration that lies below what was achieved, if a figure is compared."""
    from xlpkg.audit.facts.evidence import Evidence

    evidence = Evidence(declaration, declared)
    by_row = {r.row: r for r in evidence.rows}
    found = []
    for row in matched([msgspec.structs.replace(r, ref=None) for r in evaluated.rows], evidence):
        if row.ref is None:
            continue
        indicator = by_row[row.ref]
        aim = aim_of(indicator.target)
        got = achieved(read(indicator.typed, declared), row.actual, declared, profile, evidence.year)
        if aim is None or aim.low is None or got.number is None or got.number <= aim.low or not indicator.standard:
            continue
        if indicator.standard == declared.standard_roles.history:
            target = norm(indicator.typed)
            found.append(
                f"第{row.ref}行“{indicator.name}”：上年完成{norm(row.actual)}，今年目标{target}低于它，历史标准请核对（S24）。"
            )
    return tuple(found)
