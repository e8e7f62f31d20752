"""The line of facts below a submission: 校验码, result of the check, versions. Whether it is that of the content."""

import re

from xlpkg.audit.check import READY, REMINDERS
from xlpkg.form.text import norm
from xlpkg.layout import RESULT_LABEL, RULES_LABEL, SEAL_LABEL, TEMPLATE_LABEL

_FACTS = re.compile(rf"{SEAL_LABEL}[：:]\S+[\s　]+{RESULT_LABEL}[：:]")
_TEMPLATE = re.compile(rf"({TEMPLATE_LABEL}[：:]\s*\S+) [^\s　]+")
_RESULT = re.compile(rf"{RESULT_LABEL}[：:](\S+?)[（(]错误(\d+)条[，,]提醒(\d+)条[）)]")


def is_facts(text: str) -> bool:
    """The text is such a line."""
    return _FACTS.match(text) is not None


def agree(text: str, printed: str, *, same_rules: bool) -> bool:
    """The line says what would be printed; what a check said with other rules is not held against it.

    A form may have had more warnings than its print: those of how a thing was written, and of the notes.
    """
    if not same_rules:
        return RULES_LABEL in text and len(text) < 2 * len(printed)
    found, wanted = _RESULT.search(text), _RESULT.search(printed)
    if found is None or wanted is None:
        return unversioned(text) == unversioned(printed)
    more = int(found[3]) - int(wanted[3])
    status = REMINDERS if more > 0 and wanted[1] == READY else wanted[1]
    as_found = wanted.re.sub(f"{RESULT_LABEL}：{status}（错误{wanted[2]}条，提醒{found[3]}条）", printed)
    return more >= 0 and unversioned(text) == unversioned(as_found)


def unversioned(text: str) -> str:
    """A line without the template's version, which an older page names differently."""
    return norm(_TEMPLATE.sub(r"\1", text))
