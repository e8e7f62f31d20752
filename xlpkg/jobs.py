"""One job a function: check, mend, convert, carry forward, submit a file. Command line, buttons and window call these.

`profile` is the form that a foreign file or a JSON is read as; a form of ours says itself what it is.
"""

import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xlpkg.audit.check import Report, check
from xlpkg.files.write import TargetError, in_place, refuse_target
from xlpkg.form.declaration import Declaration, to_json
from xlpkg.form.import_report import ImportReport
from xlpkg.form.library import Library, LibraryRow, with_picked
from xlpkg.form.profile import Profile
from xlpkg.reading.read import name_of, read, read_all, rebuild
from xlpkg.reading.source import DECLARATION, AnotherFormError, Source

if TYPE_CHECKING:
    from xlpkg.audit.fix import Agreed, Change
    from xlpkg.audit.forward import Moved

FORMS = (".xlsx", ".xlsm")
SAVED = (".json", *FORMS)
"""The kinds of file that a declaration is saved as."""


class Checked(msgspec.Struct, frozen=True):
    """A file that was read and checked; `differences` say in what a submission is not as it would be printed."""

    source: Source
    report: Report
    differences: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """False for a submission whose content is not what its 校验码 says, or whose looks are not those of its content."""
        return self.source.seal is None or (self.source.seal == self.report.seal and not self.differences)


class Mended(msgspec.Struct, frozen=True):
    """A mended copy: what was changed, and the checks before and after."""

    source: Source
    changes: "tuple[Change, ...]"
    before: Report
    after: Report

    @property
    def offers(self) -> int:
        """How many findings of the mended copy still offer a repair."""
        return sum(f.fix is not None for f in self.after.findings)


class CarriedForward(msgspec.Struct, frozen=True):
    """Last year's form carried forward: the new declaration, and the texts whose years were moved."""

    source: Source
    declaration: Declaration
    moved: "tuple[Moved, ...]"


def check_file(
    path: Path, checked_copy: Path | None = None, profile: Profile | None = None, library: Library | None = None
) -> tuple[Checked, ...]:
    """Read and check every declaration of a file; with `checked_copy`, for a file with one, write a copy with marks and results.

    A `library` is asked beside the rules; without one that which the form carries.
    Of a foreign file only what its form has is demanded. Raises RefusalError, OSError.
    """
    if checked_copy is not None:
        refuse_target(checked_copy, FORMS, path)
    sources = [_judged(source, path) for source in read_all(path, profile)]
    if checked_copy is not None and len(sources) > 1:
        names = "、".join(f"“{name_of(s)}”" for s in sources)
        what = f"“{path.name}”里有{len(sources)}份表（{names}），不能写成一份检查稿"
        raise TargetError(f"{what}。请先分成一份一表：导入它，或用 xlpkg convert 文件 -o 文件夹。")
    sheets = {s.places.sheet for s in sources if s.places}
    done = tuple(_checked(s, sheets, library or s.library) for s in sources)
    if checked_copy is not None:
        from xlpkg.writing.build import build

        (source, _), report = _with_left_behind(done[0].source, path), done[0].report
        done = (msgspec.structs.replace(done[0], source=source),)
        build(checked_copy, source.profile, source.declaration, report, source.import_report, source.notices, source.library)
    return done


def _checked(source: Source, sheets: Collection[str], library: Library | None) -> Checked:
    report = check(source.declaration, source.profile, source.present, library)
    if source.look is None:
        return Checked(source, report)
    from xlpkg.as_printed import differences

    return Checked(source, report, differences(source, report, sheets))


def _judged(source: Source, path: Path) -> Source:
    """The source, if it is a declaration. Raises AnotherFormError."""
    if source.kind != DECLARATION:
        sentence = f"“{path.name}”：{source.notices[-1]}" if source.notices else f"“{path.name}”不是申报表。"
        raise AnotherFormError(sentence, source.kind)
    return source


def fix_file(
    path: Path, target: Path, *, offered: bool = False, agreed: "Collection[Agreed]" = (), profile: Profile | None = None
) -> Mended:
    """Write a mended copy: safe repairs, and of those that need a nod the agreed ones, all with `offered`.

    Raises RefusalError, OSError.
    """
    from xlpkg.audit.fix import mend, mend_agreed, with_splits

    refuse_target(target, SAVED, path)
    source = _judged(read(path, profile), path)
    if agreed and not offered:
        declaration, changes, splits = mend_agreed(source.declaration, source.profile, agreed)
        declaration = with_splits(declaration, splits)
        changes += [split.change for split in splits]
    else:
        declaration, changes = mend(source.declaration, source.profile, offered=offered)
    source, came_from = _with_left_behind(source, path)
    save(target, source.profile, declaration, came_from, source.library)
    before, after = (check(d, source.profile, source.present, source.library) for d in (source.declaration, declaration))
    return Mended(source, tuple(changes), before, after)


def rebuild_file(path: Path, target: Path, profile: Profile | None = None) -> Source:
    """The content of a damaged form in a fresh one. Raises RefusalError, OSError."""
    refuse_target(target, SAVED, path)
    source = rebuild(path, profile)
    save(target, source.profile, source.declaration, source.import_report)
    return source


def convert_file(path: Path, target: Path, profile: Profile | None = None) -> Source:
    """A file of any kind that can be read, saved as a form or JSON. Raises RefusalError, OSError."""
    refuse_target(target, SAVED, path)
    source, came_from = _with_left_behind(read(path, profile), path)
    save(target, source.profile, source.declaration, came_from, source.library)
    return source


def pick_file(path: Path, target: Path, rows: Sequence[LibraryRow], profile: Profile | None = None) -> Source:
    """Write a copy of a declaration with indicators of a library below its own; their figures are left to the clerk.

    Raises RefusalError, OSError.
    """
    refuse_target(target, SAVED, path)
    source, came_from = _with_left_behind(_judged(read(path, profile), path), path)
    save(target, source.profile, with_picked(source.declaration, source.profile, rows), came_from, source.library)
    return source


def carry_forward_file(last: Path, target: Path, year: int | None = None, profile: Profile | None = None) -> CarriedForward:
    """Last year's file as a form for another year, the next one if none is named. Raises RefusalError, OSError."""
    from xlpkg.audit.forward import carry_forward

    refuse_target(target, SAVED, last)
    source, came_from = _with_left_behind(read(last, profile), last)
    declaration, moved = carry_forward(source.declaration, source.profile, year)
    save(target, source.profile, declaration, came_from, source.library)
    return CarriedForward(source, declaration, tuple(moved))


def submit_file(path: Path, target: Path, *, pdf: bool = False, docx: bool = False, profile: Profile | None = None) -> Checked:
    """Write the submission of a file, a draft as long as there are errors; with `pdf` and `docx` also as PDF and for Word.

    Raises RefusalError, OSError.
    """
    from xlpkg.writing.submission import write_submission, write_word

    refuse_target(target, (".xlsx",), path)
    if docx:
        refuse_target(target.with_suffix(".docx"), (".docx",), path)
    if pdf:
        from xlpkg.files.office import refuse_without_office

        refuse_without_office()
        refuse_target(target.with_suffix(".pdf"), (".pdf",))
    source = _judged(read(path, profile), path)
    report = check(source.declaration, source.profile)
    with tempfile.TemporaryDirectory() as folder:  # all of them or none: LibreOffice may fail
        sheet = Path(folder, target.name)
        write_submission(sheet, report)
        if pdf:
            from xlpkg.files.office import write_pdf

            write_pdf(sheet, sheet.with_suffix(".pdf"))
        if docx:
            write_word(sheet.with_suffix(".docx"), report)
        for made in sorted(Path(folder).iterdir()):
            in_place(target.with_suffix(made.suffix), made.read_bytes())
    return Checked(source, report)


def submission_beside(form: Path, report: Report) -> Path:
    """Where the submission of a form is written: beside it, under a name that tells a draft."""
    return form.with_name(f"{form.stem}_申报表{'（草稿）' if report.errors else ''}.xlsx")


def new_form(target: Path, profile: Profile, library: Library | None = None) -> None:
    """A blank form, its indicators to be chosen from a library if there is one. Raises RefusalError, OSError."""
    from xlpkg.writing.build import build

    refuse_target(target, FORMS)
    build(target, profile, library=library)


def _with_left_behind(source: Source, path: Path) -> tuple[Source, ImportReport | None]:
    """What stands in a form of ours besides the declaration is not in a copy: named in the notices and in the copy's report.

    The copy of a foreign file has its import report.
    """
    from xlpkg.reading.left_behind import hidden_rows, left_behind

    left = left_behind(path, source)
    said = [f"没有带到新文件：{where}“{text}”，需要的请自己带过去。" for text, where in left]
    told = msgspec.structs.replace(source, notices=(*source.notices, *hidden_rows(path, source), *said))
    if source.import_report is None and left:
        return told, ImportReport(path.name, (), left)
    return told, source.import_report


def save(
    target: Path,
    profile: Profile,
    declaration: Declaration,
    import_report: ImportReport | None = None,
    library: Library | None = None,
) -> None:
    """A declaration as JSON or as a form, by the target's suffix; whole or not at all. Raises OSError."""
    if target.suffix.lower() == ".json":
        in_place(target, (to_json(declaration) + "\n").encode())
    else:
        from xlpkg.writing.build import build

        build(target, profile, declaration, import_report=import_report, library=library)


def rows_of(source: Source) -> int:
    """How many indicators a source holds; blank rows are none."""
    return sum(not i.blank for i in source.declaration.indicators)
