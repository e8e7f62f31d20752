"""The jobs whose result is written beside the file, under a name that no file has, and told in a sentence.

What the start files of the Windows kit and the window do.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xlpkg import jobs
from xlpkg.converting import convert_into, summary
from xlpkg.files.write import free, refuse_open
from xlpkg.form.library import LibraryRow
from xlpkg.form.profile import Profile
from xlpkg.reading.read import read_all

if TYPE_CHECKING:
    from xlpkg.audit.fix import Agreed

_WITH_BUTTONS = ".xlsm"


class Outcome(msgspec.Struct, frozen=True):
    """What came of a job: a sentence for the user, further lines, and the file that was written."""

    sentence: str
    lines: tuple[str, ...]
    written: Path

    @property
    def text(self) -> str:
        """The sentence, and under it the lines."""
        return "".join((self.sentence, *(f"\n　　{line}" for line in self.lines)))


def checked_copy(path: Path, profile: Profile | None = None) -> Outcome:
    """A copy with marks and the list of findings. Raises RefusalError, OSError."""
    target = free(path.with_name(f"{path.stem}_检查稿.xlsx"))
    (done,) = jobs.check_file(path, target, profile)
    report = done.report
    changed = "" if done.unchanged else "校验码不一致，生成以后被改动过。"
    counts = f"错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条，校验码 {report.seal}。{changed}"
    return Outcome(counts, (*done.differences[:5], f"检查稿：{target.name}（在原文件旁边）"), target)


def mended_copy(path: Path, agreed: "Collection[Agreed]" = (), profile: Profile | None = None) -> Outcome:
    """A copy with the safe repairs and those that were agreed to. Raises RefusalError, OSError."""
    target = form_beside(path, "修改后")
    done = jobs.fix_file(path, target, agreed=agreed, profile=profile)
    changes = (f"{change.place} → {change.to}" for change in done.changes)
    counts = f"改了{len(done.changes)}处，错误{done.before.errors}条→{done.after.errors}条。"
    return Outcome(counts, (*changes, f"修改后的表：{target.name}（原文件没有改动）"), target)


def submission(path: Path, profile: Profile | None = None) -> Outcome:
    """The submission in the place of an earlier one; a draft as long as there are errors. Raises RefusalError, OSError."""
    target = jobs.submission_beside(path, jobs.check_file(path, profile=profile)[0].report)
    report = jobs.submit_file(path, target, profile=profile).report
    word = f"草稿（还有{report.errors}条错误，不得报送）" if report.errors else "申报表"
    return Outcome(f"已生成{word}：{target.name}，校验码 {report.seal}", (), target)


def taken_in(path: Path, profile: Profile | None = None) -> Outcome:
    """A foreign file as a form of ours, a list of several projects as a folder of forms. Raises RefusalError, OSError."""
    if len(read_all(path, profile)) > 1:
        folder = free(path.with_name(f"{path.stem}_填报表"))
        return Outcome(summary(convert_into([path], folder, profile)), (f"在文件夹：{folder.name}",), folder)
    target = form_beside(path, "填报表")
    source = jobs.convert_file(path, target, profile)
    left = len(source.import_report.unplaced) if source.import_report else 0
    more = f"有{left}处没有放入，见“导入说明”。" if left else ""
    return Outcome(f"已导入{jobs.rows_of(source)}条指标。{more}", (f"填报表：{target.name}",), target)


def next_year(path: Path, profile: Profile | None = None) -> Outcome:
    """The form carried forward to the next year. Raises RefusalError, OSError."""
    target = form_beside(path, "下年")
    done = jobs.carry_forward_file(path, target, profile=profile)
    moved = [f"{f'第{m.row}行' if m.row else done.source.profile.label(m.field)}：{m.before} → {m.after}" for m in done.moved]
    return Outcome(
        f"已生成{done.declaration.year}年的表：{target.name}（原文件没有改动）",
        ("预算金额、资金是上年的数，请逐项核对；上年的指标值写在备注。", *moved),
        target,
    )


def with_indicators(path: Path, rows: Sequence[LibraryRow], profile: Profile | None = None) -> Outcome:
    """A copy with indicators of a library below its own. Raises RefusalError, OSError."""
    target = form_beside(path, "加指标")
    jobs.pick_file(path, target, rows, profile)
    return Outcome(
        f"填入{len(rows)}条指标，请在新表里填指标值。",
        (*(known.shown for known in rows), f"新表：{target.name}（原文件没有改动）"),
        target,
    )


def blank_form(target: Path, profile: Profile) -> Outcome:
    """A blank form where the user wants it. Raises RefusalError, OSError."""
    refuse_open(target)
    jobs.new_form(target, profile)
    return Outcome(f"已生成空白表：{target.name}", (), target)


def form_beside(path: Path, word: str) -> Path:
    """A free name for a form beside a file; with buttons if the file has them."""
    kind = _WITH_BUTTONS if path.suffix.lower() == _WITH_BUTTONS else ".xlsx"
    return free(path.with_name(f"{path.stem}_{word}{kind}"))
