"""Next year's declaration out of a self-evaluation: what was achieved stands in the notes as the historical basis."""

from pathlib import Path

import msgspec

from xlpkg.audit.check import check
from xlpkg.audit.forward import carry_forward
from xlpkg.files.write import in_place, refuse_target
from xlpkg.form.declaration import Declaration, to_json
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm, tidy
from xlpkg.year.form import SELF_EVALUATION, YearForm
from xlpkg.year.reading import read_year

_LOWER = "M12"


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
    lower = (f for f in check(declaration, source.declared).findings if f.rule == _LOWER)
    return Forwarded(declaration, tuple(f"{f.message}。{f.suggestion}（S24）" for f in lower))


def with_achievements(declaration: Declaration, evaluated: YearForm) -> Declaration:
    """The declaration with last year's actual value in the note of each row, behind last year's target."""
    by_ref = {r.ref if evaluated.compared else r.row: tidy(r.actual) for r in evaluated.rows if norm(r.actual)}
    rows = tuple(
        msgspec.structs.replace(i, note=f"{i.note}{'，' if i.note else ''}完成{by_ref[i.row]}") if i.row in by_ref else i
        for i in declaration.indicators
    )
    return msgspec.structs.replace(declaration, indicators=rows)
