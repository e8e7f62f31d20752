"""The jobs of the window for a file that may be a later form: what is written beside it, told in a sentence.

A declaration is handed on to the jobs for declarations.
"""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from xlpkg import beside
from xlpkg.beside import Outcome, form_beside
from xlpkg.files.write import free
from xlpkg.form.profile import Profile
from xlpkg.reading.source import LATER_NAMES, AnotherFormError
from xlpkg.year import jobs
from xlpkg.year.form import MONITORING, SELF_EVALUATION, Kind

if TYPE_CHECKING:
    from xlpkg.audit.fix import Agreed


def monitoring(path: Path, profile: Profile | None = None) -> Outcome:
    """The monitoring out of a declaration or an earlier monitoring. Raises RefusalError, OSError."""
    return _made(path, MONITORING, profile)


def evaluation(path: Path, profile: Profile | None = None) -> Outcome:
    """The self-evaluation out of a declaration or a monitoring. Raises RefusalError, OSError."""
    return _made(path, SELF_EVALUATION, profile)


def checked_copy(path: Path, profile: Profile | None = None) -> Outcome:
    """A copy with marks and the list of findings. Raises RefusalError, OSError."""

    def later() -> Outcome:
        target = free(path.with_name(f"{path.stem}_检查稿.xlsx"))
        _, report = jobs.check_year(path, target, profile)
        counts = f"错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条，校验码 {report.seal}。"
        return Outcome(counts, (f"检查稿：{target.name}（在原文件旁边）",), target)

    return _either(lambda: beside.checked_copy(path, profile), later)


def mended_copy(path: Path, agreed: "Collection[Agreed]" = (), profile: Profile | None = None) -> Outcome:
    """A copy with the safe repairs and those that were agreed to. Raises RefusalError, OSError."""

    def later() -> Outcome:
        target = form_beside(path, "修改后")
        done = jobs.mend_year(path, target, profile, agreed=agreed)
        changes = (f"{place} → {text}" for place, _, text in done.changes)
        counts = f"改了{len(done.changes)}处，错误{done.before.errors}条→{done.after.errors}条。"
        return Outcome(counts, (*changes, f"修改后的表：{target.name}（原文件没有改动）"), target)

    return _either(lambda: beside.mended_copy(path, agreed, profile), later)


def submission(path: Path, profile: Profile | None = None) -> Outcome:
    """The page that is sent upward; a draft as long as there are errors. Raises RefusalError, OSError."""

    def later() -> Outcome:
        _, report = jobs.check_year(path, declared=profile)
        target = jobs.submission_beside(path, report)
        jobs.submit_year(path, target, profile)
        name = LATER_NAMES[report.facts.form.kind]
        word = f"{name}草稿（还有{report.errors}条错误，不得报送）" if report.errors else name
        return Outcome(f"已生成{word}：{target.name}，校验码 {report.seal}", (), target)

    return _either(lambda: beside.submission(path, profile), later)


def next_year(path: Path, profile: Profile | None = None) -> Outcome:
    """The declaration of the next year. Raises RefusalError, OSError."""

    def later() -> Outcome:
        from xlpkg.year.forward import next_declaration

        target = form_beside(path, "下年")
        done = next_declaration(path, target, declared=profile)
        advice = "预算金额、资金是上年的数，请逐项核对；上年的完成值写在备注。"
        return Outcome(f"已生成{done.declaration.year}年的表：{target.name}（原文件没有改动）", (advice, *done.lower), target)

    return _either(lambda: beside.next_year(path, profile), later)


def _made(path: Path, kind: Kind, profile: Profile | None) -> Outcome:
    made = jobs.made_of(path, kind, declared=profile)
    target = jobs.later_beside(path, made.report)
    jobs.save(target, made.report)
    rows = len(made.report.facts.form.rows)
    advice = "目标值和资金是申报时的，白色格由填报人填写，得分自动计算。"
    return Outcome(f"已生成{LATER_NAMES[kind]}：{target.name}（{rows}条指标）", (*made.notices, advice), target)


def _either(declaration: Callable[[], Outcome], later: Callable[[], Outcome]) -> Outcome:
    try:
        return declaration()
    except AnotherFormError as another:
        if another.kind not in LATER_NAMES:
            raise
    return later()
