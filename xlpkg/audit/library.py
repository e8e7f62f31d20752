"""What a library of indicators has to say of a declaration: what differs from like units, and what could be written."""

from collections.abc import Iterator

import msgspec

from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import INFO, WARNING, Finding, Observation
from xlpkg.form.library import LEAST_PEERS, Library, LibraryRow, in_unit, is_same_measure
from xlpkg.form.numbers import plain

CODES = {"L01": ("单位与指标库不同", WARNING), "L02": ("指标值不在同类的常见范围", INFO)}
"""The library's own findings: code → name and severity. They are there only where a library is."""
_ADVISED = ("M01", "M02", "M05", "V05")
"""Findings of values that say too little: the library knows what can be written."""
_ALIKE = 60
_MOST_NAMED = 2


def observed(evidence: Evidence, library: Library) -> Iterator[tuple[str, Observation]]:
    """(code, observation) of the rows whose indicator is in the library; `library` is fitted to the form."""
    for row in evidence.named:
        known = library.named(row.name, row.category)
        quantity = row.quantity
        if not known or quantity is None or not quantity.unit:
            continue
        with_units = [k for k in known if k.unit]
        same = [k for k in with_units if is_same_measure(k.unit, quantity.unit)]
        if with_units and not same:
            theirs = "、".join(dict.fromkeys(f"“{k.unit}”" for k in with_units))
            yield "L01", Observation(
                row.row, "value", f"单位“{quantity.unit}”与指标库的{theirs}不同", "请核对单位；确实应当不同的，可以不改。",
                actual=quantity.unit, expected=with_units[0].unit,
            )  # fmt: skip
        usual = [k for k in same if k.count >= LEAST_PEERS and k.low is not None and k.high is not None]
        if usual and not any(_within(row, k) for k in usual):
            yield "L02", Observation(
                row.row, "value", f"“{row.target.canonical}”不在常见范围里（{usual[0].peers}）",
                "请核对有没有多写、少写一位；情况特殊的，可以不改。", actual=row.target.canonical, expected=_span(usual[0]),
            )  # fmt: skip


def _within(row: Row, known: LibraryRow) -> bool:
    assert row.quantity is not None
    ends = (row.quantity.number,) if row.quantity.high is None else (row.quantity.number, row.quantity.high)
    counted = [in_unit(n, row.quantity.unit, known.unit) for n in ends]
    return any(n is not None and known.low is not None and known.high is not None and known.low <= n <= known.high for n in counted)


def _span(known: LibraryRow) -> str:
    return f"{plain(known.low)}—{plain(known.high)}{known.unit}" if known.low is not None and known.high is not None else ""


def advised(finding: Finding, evidence: Evidence, library: Library) -> Finding:
    """A finding of a value that says too little, with what the library has instead."""
    if finding.rule not in _ADVISED or finding.row is None:
        return finding
    row = next(r for r in evidence.rows if r.row == finding.row)
    proposed = [known for known in _like(row, library) if known.name != row.name][:_MOST_NAMED]
    if not proposed:
        return finding
    said = f"{finding.suggestion}指标库里的同类指标有{'、'.join(known.shown for known in proposed)}。"
    # one line for many rows stays one line: what is said of all of them does not change
    return msgspec.structs.replace(finding, suggestion=said, advice=finding.advice or finding.suggestion)


def _like(row: Row, library: Library) -> list[LibraryRow]:
    """The indicators of the row's second level with names like its own; else those for the purpose that was chosen."""
    from rapidfuzz import fuzz, process

    of_level = [known for known in library.rows if known.l2 == row.category]
    best = process.extract(row.bare_name, [k.name for k in of_level], scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST_NAMED + 1)
    if best:
        return list({k.name: k for k in (of_level[n] for _, _, n in best)}.values())
    return [known for known in of_level if library.chosen and known.purpose == library.chosen]
