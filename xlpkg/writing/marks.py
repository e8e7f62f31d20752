"""The checker's marks: per sheet row the failing fields, a snapshot of what was checked and its number, in three hidden columns."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from xlpkg.audit.check import Report
from xlpkg.audit.facts.finding import ERROR, WARNING
from xlpkg.files.a1 import Cell, cell_of
from xlpkg.form.profile import Profile
from xlpkg.layout import Layout, Places


class Mark(msgspec.Struct, frozen=True):
    """What stands beside one sheet row: ";value=error;name=warning;", the row's texts as its formula joins them, its number.

    Rows of the header have no number.
    """

    failing: str
    snapshot: str
    number: int | None = None


def marks(report: Report, places: Places, shown: Callable[[int, int], str]) -> dict[int, Mark]:
    """Sheet row (0-based) → its mark. `shown` gives what a formula of the sheet sees in a cell, joined with &."""
    failing: dict[int, dict[str, str]] = {}
    for finding in report.findings:
        row = _row(finding.row, finding.field, places)
        if row is None or finding.severity not in (ERROR, WARNING):
            continue
        fields = failing.setdefault(row, {})
        if fields.get(finding.field) != ERROR:
            fields[finding.field] = finding.severity
    profile = report.evidence.profile
    checked = [c for c in profile.user_columns if c != "note"]
    snapshots = {row: _joined(shown(row, places.columns[c]) for c in checked) for row in places.rows.values()}
    for row, cells in header_rows(profile, places.header).items():
        snapshots[row] = _joined(shown(*cell) for cell in cells.values())
    numbers = {row: number for number, row in enumerate(sorted(places.rows.values()), 1)}
    return {row: Mark(_words(failing.get(row, {})), snapshot, numbers.get(row)) for row, snapshot in snapshots.items()}


def header_rows(profile: Profile, header: Mapping[str, str]) -> dict[int, dict[str, Cell]]:
    """The header fields that share a sheet row, in order: their cells by field, by row."""
    rows: dict[int, dict[str, Cell]] = {}
    for field in Layout(profile).header:
        if field in header:
            cell = cell_of(header[field])
            rows.setdefault(cell[0], {})[field] = cell
    return rows


def _row(row: int | None, field: str, places: Places) -> int | None:
    if row is not None:
        return places.rows[row]
    return cell_of(places.header[field])[0] if field in places.header else None


def _words(fields: Mapping[str, str]) -> str:
    return ";" + "".join(f"{field}={severity};" for field, severity in fields.items()) if fields else ""


def _joined(texts: Iterable[str]) -> str:
    return "|".join(texts)
