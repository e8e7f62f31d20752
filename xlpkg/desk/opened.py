"""The file that the window shows: read and checked, and what is said of it above the list."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec

from xlpkg.audit.check import Report
from xlpkg.audit.facts.finding import Finding
from xlpkg.desk import texts
from xlpkg.desk.findings import Group, Tick, groups, tick_of
from xlpkg.desk.mended_text import MendedText, mended_text
from xlpkg.form.profile import Profile
from xlpkg.jobs import check_file
from xlpkg.reading.source import Source
from xlpkg.report import money_lines, seal_lines
from xlpkg.writing.import_report import verdict as import_verdict


class Opened(msgspec.Struct, frozen=True):
    """A file as it was when it was last saved."""

    path: Path
    source: Source
    report: Report
    groups: tuple[Group, ...]
    at: datetime
    projects: int = 1
    """How many the file holds; the first is shown."""
    doubts: tuple[str, ...] = ()
    """Why a submission is not as it was when it was made."""

    @property
    def verdict(self) -> str:
        """The sentence that says whether the form can be sent."""
        report = self.report
        return texts.verdict(report.status, report.errors, report.warnings, report.infos)

    @property
    def facts(self) -> str:
        """Money, how much is filled in, the seal, and when this was looked at."""
        report = self.report
        money = next(iter(money_lines(report.cost)))
        return texts.facts(money, report.filled, report.needed, report.seal, self.at)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know of the file itself."""
        source = self.source
        said = [texts.several(self.projects)] if self.projects > 1 else []
        said += source.notices
        said += self.doubts
        if source.import_report:
            said += [import_verdict(source.import_report), texts.FOREIGN]
        return tuple(said)

    @property
    def foreign(self) -> bool:
        """Whether the file is no form of ours."""
        return self.source.import_report is not None

    def mended(self, finding: Finding) -> tuple[MendedText, ...]:
        """What a finding's repair would write."""
        return mended_text(finding, self.source)

    def agreed(self, ticks: set[Tick]) -> set[tuple[str, int | None, str]]:
        """The findings whose ticks still stand, as `fix_file` wants them."""
        return {(f.rule, f.row, f.field) for f in self.report.findings if f.fix and tick_of(f) in ticks}


def open_file(path: Path, profile: Profile | None = None) -> Opened:
    """Read and check a file. Raises RefusalError, OSError."""
    every = check_file(path, profile=profile)
    done = every[0]
    doubts = () if done.unchanged else tuple(map(str.strip, seal_lines(done)))
    return Opened(path, done.source, done.report, groups(done.report, done.source.places), datetime.now(), len(every), doubts)


def path_of(text: str) -> Path | None:
    """The path in a text that was typed or pasted: in quotes, or as an address of a file; None if there is none."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "").strip("\"'“”")
    if line.startswith("file:"):
        address = urlsplit(line)
        server = f"//{address.netloc}" if address.netloc not in ("", "localhost") else ""
        line = url2pathname(server + address.path)
    return Path(line).expanduser().absolute() if line else None
