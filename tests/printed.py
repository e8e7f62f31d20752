"""Submissions as they are printed, and what is said of one that was altered."""

from __future__ import annotations

from pathlib import Path

from forms import HN2015

from xlpkg.audit.check import Report, check
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration
from xlpkg.jobs import check_file
from xlpkg.writing.submission import write_submission


def judged(d: Declaration) -> Report:
    return check(d, profiles.load(d.profile))


def printed(path: Path, d: Declaration = HN2015) -> Path:
    write_submission(path, judged(d))
    return path


def differences(path: Path) -> list[str]:
    """Of a submission that counts as unchanged only where there are none."""
    (done,) = check_file(path)
    assert done.unchanged == (not done.differences)
    return list(done.differences)
