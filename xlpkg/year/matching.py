"""The rows of a later form and the rows of the declaration that they belong to, where no number says so."""

from collections.abc import Sequence

import msgspec

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.form.text import norm
from xlpkg.year.form import YearRow

_SIMILAR = 90.0


def matched(rows: Sequence[YearRow], evidence: Evidence) -> tuple[YearRow, ...]:
    """The rows with their `ref`: by second level and name, then by the item that the name speaks of, then by a similar name.

    A number that is there already counts; each row of the declaration is taken once.
    """
    known = {r.row for r in evidence.rows}
    found = [r if r.ref in known else msgspec.structs.replace(r, ref=None) for r in rows]
    for same in (_same_name, _same_item, _similar):
        taken = {r.ref for r in found}
        for n, row in enumerate(found):
            if row.ref is not None or not norm(row.name):
                continue
            others = [d for d in evidence.rows if d.row not in taken and same(row, d, evidence)]
            if others and (len(others) == 1 or same is _same_name):
                found[n] = msgspec.structs.replace(row, ref=others[0].row)
                taken.add(others[0].row)
    return tuple(found)


def _same_name(row: YearRow, declared: Row, evidence: Evidence) -> bool:
    return norm(row.name) == declared.name and evidence.profile.l2(row.l2) in (declared.l2, "")


def _same_item(row: YearRow, declared: Row, evidence: Evidence) -> bool:
    return bool(declared.key) and evidence.key(norm(row.name)) == declared.key and evidence.profile.l2(row.l2) == declared.l2


def _similar(row: YearRow, declared: Row, _: Evidence) -> bool:
    from rapidfuzz import fuzz

    return fuzz.ratio(norm(row.name), declared.name) >= _SIMILAR
