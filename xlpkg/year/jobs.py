"""One job a function: make, check, mend and submit a later form. Command line and collection call these."""

import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.audit.facts.finding import SAFE, Finding
from xlpkg.audit.seal import seal
from xlpkg.files.write import free, in_place, refuse_target
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError
from xlpkg.reading.read import read
from xlpkg.reading.source import DECLARATION, AnotherFormError, Source
from xlpkg.year import generate
from xlpkg.year.check import YearReport, check
from xlpkg.year.form import MONITORING, NAMES, SELF_EVALUATION, Kind
from xlpkg.year.json_form import to_year_json
from xlpkg.year.profile import following, load
from xlpkg.year.reading import YearSource, read_year, read_years
from xlpkg.year.workbook import build

if TYPE_CHECKING:
    from xlpkg.audit.fix import Agreed

FORMS = (".xlsx", ".xlsm")
SAVED = (*FORMS, ".json")
"""The kinds of file that a later form is saved as."""
_MONTH, _YEAR_END = 7, 12
_MADE = re.compile(r"_(?:申报表(?:（草稿）)?|\d*月?监控表\d*)$")
"""What our own names end in."""


class NoLaterFormError(RefusalError):
    """A file from which the form that is wanted cannot be made; the message is a sentence for the user."""


class Made(msgspec.Struct, frozen=True):
    """A later form that was made, and what the user should know."""

    report: YearReport
    notices: tuple[str, ...]


class YearMended(msgspec.Struct, frozen=True):
    """A mended copy: what was changed (place, rule, what stands there now), and the checks before and after."""

    changes: tuple[tuple[str, str, str], ...]
    before: YearReport
    after: YearReport


def check_year(
    path: Path, checked_copy: Path | None = None, declared: Profile | None = None, style: str = ""
) -> tuple[YearSource, YearReport]:
    """Read and check a later form; with `checked_copy` write a copy with marks and findings. Raises RefusalError, OSError."""
    if checked_copy is not None:
        refuse_target(checked_copy, FORMS, path)
    source = _read(path, declared, style)
    report = check(source.form, source.profile, source.declared)
    if checked_copy is not None:
        build(checked_copy, report, checked=True)
    return source, report


def check_years(path: Path, declared: Profile | None = None) -> tuple[tuple[YearSource, YearReport], ...]:
    """Read and check every later form of a file. Raises RefusalError, OSError."""
    return tuple((s, check(s.form, s.profile, s.declared)) for s in read_years(path, declared))


def make(path: Path, target: Path, kind: Kind, month: int | None = None, declared: Profile | None = None, style: str = "") -> Made:
    """A later form from a declaration or an earlier later form. Raises RefusalError, OSError."""
    refuse_target(target, SAVED, path)
    made = made_of(path, kind, month, declared, style)
    save(target, made.report)
    return made


def made_of(path: Path, kind: Kind, month: int | None = None, declared: Profile | None = None, style: str = "") -> Made:
    """The same without writing it. Raises RefusalError, OSError."""
    return following_form(_earlier(path, declared) or read(path, declared), path.name, kind, month, style)


def following_form(source: Source | YearSource, name: str, kind: Kind, month: int | None = None, style: str = "") -> Made:
    """The form that follows a declaration or an earlier later form that was read; `name` is its file's. Raises RefusalError."""
    earlier = source if isinstance(source, YearSource) else None
    if isinstance(source, YearSource):
        declaration, declared, sealed, notices = source.form.declaration, source.declared, source.form.seal, source.notices
        if source.form.kind == SELF_EVALUATION:
            raise NoLaterFormError(f"“{name}”已经是自评表，请由申报表或监控表生成。")
        if kind == MONITORING and month is not None and month <= source.form.month:
            raise NoLaterFormError(f"“{name}”是1—{source.form.month}月的监控表，新表的月份要在它之后，例如 --month 9。")
        if kind == MONITORING and source.form.month >= _YEAR_END:
            raise NoLaterFormError(f"“{name}”已经是全年的监控表，请由它生成自评表。")
    else:
        if source.kind != DECLARATION:
            raise NoLaterFormError(f"“{name}”不是申报表，不能由它生成{NAMES[kind]}。")
        declaration, declared = source.declaration, source.profile
        if all(i.blank for i in declaration.indicators):
            raise NoLaterFormError(f"“{name}”还没有填指标，不能由它生成{NAMES[kind]}。")
        sealed, notices = _seal_of(source)
    profile = load(style, kind) if style else following(declared, kind)
    if kind == MONITORING:
        last = (9 if earlier.form.month < 9 else _YEAR_END) if earlier is not None else _MONTH
        form = generate.monitoring(declaration, declared, profile, month or last, sealed=sealed)
    else:
        form = generate.evaluation(declaration, declared, profile, sealed=sealed)
    form = generate.knowing(form, earlier.form) if earlier is not None else form
    return Made(check(form, profile, declared), notices)


def _seal_of(source: Source) -> tuple[str, tuple[str, ...]]:
    """The 校验码 that a form made from a declaration carries, and what the user should know of it."""
    own = seal(Evidence(source.declaration, source.profile))
    if source.seal is None:
        return "", (*source.notices, "这份表没有校验码，请确认它就是批复的申报表。")
    if source.seal == own:
        return own, source.notices
    said = f"申报表的校验码不一致（表上{source.seal or '没有'}，按内容应为{own}），生成后内容被改过，请核对。"
    return own, (*source.notices, said)


def _earlier(path: Path, declared: Profile | None) -> YearSource | None:
    """The file as a later form, None if it is a declaration."""
    try:
        kind = read(path, declared).kind
    except AnotherFormError as another:
        kind = another.kind
    return read_year(path, declared) if kind in NAMES else None


def submit_year(path: Path, target: Path, declared: Profile | None = None, style: str = "", *, pdf: bool = False) -> YearReport:
    """Write the page that is sent upward; with `pdf` also as PDF. Raises RefusalError, OSError."""
    from xlpkg.year.page import write_submission

    refuse_target(target, (".xlsx",), path)
    if pdf:
        from xlpkg.files.office import refuse_without_office

        refuse_without_office()
    source = _read(path, declared, style)
    report = check(source.form, source.profile, source.declared)
    write_submission(target, report)
    if pdf:
        from xlpkg.files.office import write_pdf

        write_pdf(target, target.with_suffix(".pdf"))
    return report


def mend_year(
    path: Path, target: Path, declared: Profile | None = None, *, offered: bool = False, agreed: "Collection[Agreed]" = ()
) -> YearMended:
    """Write a mended copy: safe repairs, and of those that need a nod the agreed ones, all with `offered`.

    Raises RefusalError, OSError.
    """
    refuse_target(target, SAVED, path)
    source = _read(path, declared, "")
    before = check(source.form, source.profile, source.declared)
    report, changes = mended(before, lambda f: offered or (f.rule, f.row, f.field) in agreed)
    save(target, report)
    return YearMended(changes, before, report)


def mended(report: YearReport, wanted: Callable[[Finding], bool]) -> tuple[YearReport, tuple[tuple[str, str, str], ...]]:
    """The check after the safe repairs and those that are wanted, and what was changed: place, rule, what stands there now."""
    changes: list[tuple[str, str, str]] = []
    for _ in range(3):  # a score that is put right changes the total
        form = report.facts.form
        for finding in report.findings:
            if finding.fix is None or not (finding.fix.kind == SAFE or wanted(finding)):
                continue
            for edit in finding.fix.changes:
                form = (
                    form.with_header(edit.field, edit.text) if edit.row is None else form.with_cell(edit.row, edit.field, edit.text)
                )
            changes.append((finding.place, finding.rule, finding.fix.to))
        if form == report.facts.form:
            break
        report = check(form, report.facts.profile, report.facts.declared)
    return report, tuple(changes)


def later_beside(path: Path, report: YearReport) -> Path:
    """Where a later form is written that was made of a file: beside it, in its kind, under a name that no file has."""
    kind = ".xlsm" if path.suffix.lower() == ".xlsm" else ".xlsx"
    return free(path.with_name(f"{_MADE.sub('', path.stem)}_{word_for(report)}{kind}"))


def word_for(report: YearReport) -> str:
    """What the name of a later form's file says: "7月监控表"."""
    form = report.facts.form
    return f"{form.month}月监控表" if form.kind == MONITORING else "自评表"


def submission_beside(path: Path, report: YearReport) -> Path:
    """Where the page that is sent upward is written: beside the form, under a name that tells a draft."""
    return path.with_name(f"{path.stem}_报送{'（草稿）' if report.errors else ''}.xlsx")


def convert_year(path: Path, target: Path, declared: Profile | None = None) -> YearSource:
    """A later form saved as a workbook or JSON. Raises RefusalError, OSError."""
    refuse_target(target, SAVED, path)
    source = _read(path, declared, "")
    save(target, check(source.form, source.profile, source.declared))
    return source


def save(target: Path, report: YearReport) -> None:
    """A later form as JSON or as a workbook, by the target's suffix; whole or not at all. Raises OSError."""
    if target.suffix.lower() == ".json":
        in_place(target, (to_year_json(report.facts.form) + "\n").encode())
    else:
        build(target, report)


def _read(path: Path, declared: Profile | None, style: str) -> YearSource:
    source = read_year(path, declared, style)
    if source is None:
        raise NoLaterFormError(f"“{path.name}”不是监控表或自评表。")
    return source
