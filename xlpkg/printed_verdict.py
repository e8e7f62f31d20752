"""What a submission prints of its check: read back from the line below the table, and held against what there can be."""

import re
from collections.abc import Iterable, Iterator

from xlpkg.audit.check import Report
from xlpkg.audit.facts.finding import ERRORS, INCOMPLETE, READY, REMINDERS
from xlpkg.audit.rules.registry import VERSION
from xlpkg.files.look import page_text
from xlpkg.layout import RESULT_LABEL, RULES_LABEL, SEAL_LABEL, TEMPLATE_LABEL
from xlpkg.reading.source import Source
from xlpkg.writing.submission import NO_ERRORS, Verdict

_VERDICT = re.compile(
    rf"{SEAL_LABEL}[：:].*?{RESULT_LABEL}[：:]\s*"
    rf"(?:(\S+?)\s*[（(]错误(\d{{1,4}})条，提醒(\d{{1,4}})条[）)]|{NO_ERRORS})"
    rf"\s*{RULES_LABEL}[：:]\s*(\S+)\s*{TEMPLATE_LABEL}[：:]\s*\S+ (\S+)",
    re.DOTALL,
)
_STATUSES = {
    READY: (False, False),
    REMINDERS: (False, True),
    ERRORS: (True, None),
    INCOMPLETE: (None, None),
    NO_ERRORS: (False, None),
}
"""Whether there are errors and warnings where a check ends so; None where both may be."""


class PrintedVerdict:
    """What the check said is taken as it is printed: a submission does not show all that it rested on.

    `own_line` is the line below the table as it would be printed now, `said` what stands in the place of it, and in 页眉 and 页脚.
    """

    def __init__(self, source: Source, report: Report, texts: Iterable[str]) -> None:
        self._source, self._report = source, report
        self.verdict = _printed(texts) or Verdict.of(report)
        seal = source.seal or ""
        self.own_line = Verdict.of(report).line(source.profile, report.seal)
        self.said = {
            self.own_line: self.verdict.line(source.profile, seal),
            "页眉": page_text(self.verdict.header),
            "页脚": page_text(self.verdict.footer(source.profile, seal)),
        }

    def wanted(self, text: str) -> str:
        """What stands on this submission where the page of today has this text."""
        return self.said.get(text, text)

    def faults(self) -> Iterator[str]:
        """The printed result must be one that there is, and must not hide the errors that the content has."""
        verdict, errors = self.verdict, self._report.errors
        there = _STATUSES.get(verdict.status)
        counts = (verdict.errors > 0, verdict.warnings > 0)
        possible = there is not None and all(a is None or a == b for a, b in zip(there, counts, strict=True))
        if not possible:
            yield f"{RESULT_LABEL}“{verdict.status}”和错误{verdict.errors}条、提醒{verdict.warnings}条对不上。"
        elif verdict.rules == VERSION and errors and not verdict.errors and self._source.seal == self._report.seal:
            yield f"{RESULT_LABEL}写着没有错误，按内容检查有{errors}条错误。"


def _printed(texts: Iterable[str]) -> Verdict | None:
    """What the check said, as the line below the table has it; None if it is gone or was broken up."""
    for text in texts:
        if found := _VERDICT.fullmatch(text):
            return Verdict(found[1] or NO_ERRORS, int(found[2] or 0), int(found[3] or 0), found[4], found[5])
    return None
