"""A monitoring or self-evaluation that the window shows: read and checked, with the same things to say as of a declaration."""

from datetime import datetime
from pathlib import Path

import msgspec

from xlpkg.audit.facts.finding import Finding
from xlpkg.desk import texts
from xlpkg.desk.findings import Group, Tick, groups, tick_of
from xlpkg.desk.mended_text import MendedText
from xlpkg.desk.opened import Opened, open_file
from xlpkg.form.profile import Profile
from xlpkg.reading.source import LATER_NAMES, AnotherFormError
from xlpkg.year.check import YearReport
from xlpkg.year.jobs import check_year
from xlpkg.year.reading import YearSource
from xlpkg.year.report import figures


class OpenedLater(msgspec.Struct, frozen=True):
    """A later form as it was when it was last saved."""

    path: Path
    source: YearSource
    report: YearReport
    groups: tuple[Group, ...]
    at: datetime

    @property
    def verdict(self) -> str:
        """The sentence that says whether the form can be sent."""
        report = self.report
        said = texts.verdict(report.status, report.errors, report.warnings, report.infos)
        return f"{LATER_NAMES[report.facts.form.kind]}　{said}"

    @property
    def facts(self) -> str:
        """执行率 and points, how much is filled in, the seal, and when this was looked at."""
        report = self.report
        return texts.facts(figures(report), report.filled, report.needed, report.seal, self.at)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know of the file itself."""
        return self.source.notices

    @property
    def foreign(self) -> bool:
        """A later form is not taken in: it is filled in where it was made."""
        return False

    def mended(self, finding: Finding) -> tuple[MendedText, ...]:
        """What a finding's repair would write, and where."""
        changes = finding.fix.changes if finding.fix else ()
        return tuple(MendedText(self.source.cell(edit.row, edit.field) or "", edit.text) for edit in changes)

    def agreed(self, ticks: set[Tick]) -> set[tuple[str, int | None, str]]:
        """The findings whose ticks still stand, as `mend_year` wants them."""
        return {(f.rule, f.row, f.field) for f in self.report.findings if f.fix and tick_of(f) in ticks}


def open_any(path: Path, profile: Profile | None = None) -> Opened | OpenedLater:
    """Read and check a file, whatever of the three forms it is. Raises RefusalError, OSError."""
    try:
        return open_file(path, profile)
    except AnotherFormError as another:
        if another.kind not in LATER_NAMES:
            raise
    source, report = check_year(path, declared=profile)
    return OpenedLater(path, source, report, groups(report, source if source.sheet else None), datetime.now())
