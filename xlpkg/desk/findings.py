"""The findings in the order in which they are to be dealt with: what the list of the window shows, line by line."""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from xlpkg.audit.digest import Line, digest
from xlpkg.audit.facts.finding import INFO, OFFERED, SEVERITIES, Finding
from xlpkg.desk import texts

Tick = tuple[str, str, str]
"""The clerk's nod to a repair: rule, place and what would be written."""


class Judged(Protocol):
    """A report of a declaration or of a later form."""

    @property
    def findings(self) -> tuple[Finding, ...]: ...
    def count(self, severity: str) -> int: ...


class Cells(Protocol):
    """Where things stand in a workbook."""

    def cell(self, row: int | None, field: str) -> str | None: ...


class Item(msgspec.Struct, frozen=True):
    """A line of the list: a sentence over one or more rows, and what can be mended; `parts` are its rows if there are several.

    `key` is the same for the same sentence in the next check; `cell` is "" where there is none or more than one.
    """

    key: str
    where: str
    cell: str
    what: str
    advice: str
    findings: tuple[Finding, ...]
    parts: tuple["Item", ...] = ()

    @property
    def offered(self) -> tuple[Finding, ...]:
        """The findings whose repair needs a nod."""
        return tuple(f for f in self.findings if f.fix and f.fix.kind == OFFERED)


class Group(msgspec.Struct, frozen=True):
    """What must be mended, what should be looked at, or the hints, which are folded away."""

    severity: str
    title: str
    folded: bool
    items: tuple[Item, ...]


def groups(report: Judged, places: Cells | None) -> tuple[Group, ...]:
    """The findings of a report: errors first, then warnings, then hints; a group without lines is left out."""
    lines = digest(report.findings)
    found = {severity: tuple(_item(line, places) for line in lines if line.severity == severity) for severity in SEVERITIES}
    return tuple(
        Group(severity, texts.group(severity, len(items), report.count(severity)), severity == INFO, items)
        for severity, items in found.items()
        if items
    )


def _item(line: Line[Finding], places: Cells | None) -> Item:
    first = line.first
    key = f"{first.rule}/{first.field}/{line.what}/{line.advice}/{first.place if first.row is None else ''}"
    several = len(line.findings) > 1
    return Item(
        key,
        line.where,
        "" if several else _cell(first, places),
        line.what,
        line.advice,
        line.findings,
        tuple(_parts(line, key, places)) if several else (),
    )


def _parts(line: Line[Finding], key: str, places: Cells | None) -> Iterator[Item]:
    for finding in line.findings:
        part = f"{key}/{finding.rule}/{finding.row}/{finding.field}/{finding.what}"
        yield Item(part, finding.place, _cell(finding, places), finding.what, finding.suggestion, (finding,))


def _cell(finding: Finding, places: Cells | None) -> str:
    return (places.cell(finding.row, finding.field) or "") if places else ""


def tick_of(finding: Finding) -> Tick:
    """What a tick stands for: rule, place and what would be written. It is gone when the form says something else."""
    return finding.rule, finding.place, finding.fix.to if finding.fix else ""
