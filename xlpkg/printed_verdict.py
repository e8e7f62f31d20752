"""What a submission prints of its check: read back from the line below the table, and held against what there can be."""

import re
from collections.abc import Iterable, Iterator

from xlpkg.audit.check import ERRORS, INCOMPLETE, READY, REMINDERS, Report
from xlpkg.audit.rules.registry import VERSION
from xlpkg.files.look import page_text
from xlpkg.layout import RESULT_LABEL, RULES_LABEL, SEAL_LABEL, TEMPLATE_LABEL
from xlpkg.reading.source import Source
from xlpkg.writing.submission import NO_ERRORS, WITH_ERRORS, Verdict

_VERDICT = re.compile(
    rf"{SEAL_LABEL}[：:].*?{RESULT_LABEL}[：:]\s*(\S+?)"
    rf"\s*{RULES_LABEL}[：:]\s*(\S+)\s*{TEMPLATE_LABEL}[：:]\s*\S+ (\S+)",
    re.DOTALL,
)
_WITH_COUNTS = re.compile(r"(\S+?)[（(]错误(\d{1,4})条，提醒(\d{1,4})条[）)]")
_STATUSES = {READY: (False, False), REMINDERS: (False, True), ERRORS: (True, None), INCOMPLETE: (None, None)}
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
        if not _may_be(verdict.result):
            yield f"{RESULT_LABEL}“{verdict.result}”不是检查会给出的结果。"
        elif verdict.rules == VERSION and errors and not verdict.draft and self._source.seal == self._report.seal:
            yield f"{RESULT_LABEL}写着没有错误，按内容检查有{errors}条错误。"


def _may_be(result: str) -> bool:
    """A check may end so: as today's sheets say it, or with the counts that older ones have."""
    if result in (NO_ERRORS, WITH_ERRORS):
        return True
    older = _WITH_COUNTS.fullmatch(result)
    there = _STATUSES.get(older[1]) if older else None
    counts = (int(older[2]) > 0, int(older[3]) > 0) if older else ()
    return there is not None and all(a is None or a == b for a, b in zip(there, counts, strict=True))


def _printed(texts: Iterable[str]) -> Verdict | None:
    """What the check said, as the line below the table has it; None if it is gone or was broken up."""
    for text in texts:
        if found := _VERDICT.fullmatch(text):
            older = _WITH_COUNTS.fullmatch(found[1])
            draft = int(older[2]) > 0 if older else found[1] == WITH_ERRORS
            return Verdict(found[1], draft, found[2], found[3])
    return None
