"""The marks of a check in a later form: per sheet row the failing fields, in a hidden column that the colours follow."""

from collections.abc import Mapping

from xlpkg.audit.facts.finding import ERROR, WARNING
from xlpkg.year.check import YearReport
from xlpkg.year.sheet import shown_as

SAID_ROW = 1
"""The row (0-based) of a form with buttons in which the last check's sentence stands."""


def mark(field: str, severity: str) -> str:
    """What stands beside a row in which a field fails."""
    return f";{field}={severity};"


def marks_of(report: YearReport, rows: Mapping[tuple[int | None, str], int]) -> dict[int, str]:
    """Sheet row (0-based) → its mark; `rows` says in which sheet row a field of a row of the form stands."""
    worst: dict[tuple[int, str], str] = {}
    for finding in report.findings:
        field = shown_as(finding.field)
        row = rows.get((finding.row, field))
        if row is not None and finding.severity in (ERROR, WARNING) and worst.get((row, field)) != ERROR:
            worst[row, field] = finding.severity
    found: dict[int, str] = {}
    for (row, field), severity in worst.items():
        found[row] = found.get(row, "") + mark(field, severity)
    return found
