"""A declaration from a file: a form workbook, a submission, JSON, or a form that is not ours."""

from pathlib import Path

import msgspec
import python_calamine

from xlpkg import layout
from xlpkg.files.errors import UnreadableError, broken, locked
from xlpkg.files.grid import as_text
from xlpkg.files.kinds import JSON, WORKBOOK, kind_of
from xlpkg.files.ooxml import Package
from xlpkg.files.xlsx import grid, open_book
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, DeclarationError, from_json
from xlpkg.form.fields import STANDARD_FIELDS
from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.text import norm, tidy
from xlpkg.layout import OPTIONS
from xlpkg.reading import own_form
from xlpkg.reading.source import Source


def read(path: Path, profile: Profile | None = None) -> Source:
    """A declaration from a form, a submission or JSON; from any other file as far as it can be understood, with an import report.

    `profile` is the form that a foreign file or a JSON is put into. Raises UnreadableError with a sentence for the user.
    """
    kind = kind_of(path)
    if kind is JSON:
        return _read_json(path, profile)
    return _read_workbook(path, profile) if kind is WORKBOOK else _read_foreign(path, profile)


def rebuild(path: Path, profile: Profile | None = None) -> Source:
    """The content of a form of ours whose sheets, columns or names were damaged, with an import report. Raises UnreadableError."""
    return _read_foreign(path, profile or _own_profile(path))


def _read_foreign(path: Path, profile: Profile | None) -> Source:
    from xlpkg.reading.foreign.importer import import_file

    made = import_file(path, profile)
    return Source(made.declaration, made.profile, None, None, made.notices, made.import_report)


def _read_json(path: Path, profile: Profile | None) -> Source:
    from xlpkg.files.text import read_text

    try:
        declaration = from_json(read_text(path))
        form = profile or profiles.load(declaration.profile)
        return _placed(msgspec.structs.replace(declaration, profile=form.id), form)
    except (DeclarationError, ProfileError) as error:
        raise UnreadableError(f"“{path.name}”：{error}") from None


def _placed(declaration: Declaration, profile: Profile) -> Source:
    """The declaration in its form: standards that the form has no column for move to the notes, what else has no place is named."""
    notices = []
    if "standard" not in profile.user_columns and (moved := [i.row for i in declaration.indicators if norm(i.standard)]):
        label = profile.label("standard")
        rows = [
            msgspec.structs.replace(i, standard="", note="；".join(filter(None, (i.note, f"{label}：{i.standard}"))))
            if i.row in moved else i
            for i in declaration.indicators
        ]  # fmt: skip
        declaration = msgspec.structs.replace(declaration, indicators=tuple(rows))
        notices.append(f"表式“{profile.name}”没有“{label}”一列，{len(moved)}行的{label}移到了备注。")
    fields = (*STANDARD_FIELDS, *declaration.extra)
    lost = [f for f in fields if f not in profile.header and norm(declaration.header(f))]
    for field in lost:
        label = profile.label(field) if field in STANDARD_FIELDS else field
        notices.append(f"表式“{profile.name}”没有“{label}”这一项，“{tidy(declaration.header(field))}”没有地方放。")
    columns = dict.fromkeys(key for i in declaration.indicators for key in i.extra if key not in profile.user_columns)
    notices += [f"表式“{profile.name}”没有“{key}”一列，各行的这一列没有地方放。" for key in columns]
    return Source(declaration, profile, notices=tuple(notices))


def _read_workbook(path: Path, profile: Profile | None) -> Source:
    package = Package(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        try:
            if source := _read_ours(package, book):
                return source
            damage = ""
        except own_form.StructureError as found:
            damage = str(found)
        ours = _is_ours(package, book)
    except python_calamine.PasswordError:
        raise locked(path) from None
    except python_calamine.CalamineError:
        raise broken(path) from None
    if ours:
        raise UnreadableError(f"{damage or _nothing_left(path)}也可以用 xlpkg fix --rebuild 把内容转到新表。")
    try:
        return _read_foreign(path, profile)
    except UnreadableError:
        nothing = f"“{path.name}”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。"
        raise UnreadableError(damage or nothing) from None


def _is_ours(package: Package, book: python_calamine.CalamineWorkbook) -> bool:
    """A form of ours, however damaged."""
    from xlpkg.reading.foreign.own_marks import is_ours

    return is_ours(grid(package, book, name) for name in book.sheet_names)


def _nothing_left(path: Path) -> str:
    what = f"“{path.name}”的“{layout.ENTRY}”表被删除，或表头（一级指标、二级指标、三级指标）被改动，找不到指标"
    return f"{what}。请恢复原来的表头后再试。"


def _read_ours(package: Package, book: python_calamine.CalamineWorkbook) -> Source | None:
    """The form or the submission in a workbook; None where no sheet has its heads. Raises StructureError for a damaged one."""
    for name in _in_order(book.sheet_names):
        sheet = grid(package, book, name)
        head = own_form.head_row(sheet)
        if head is not None and own_form.is_submission(sheet, head):
            return own_form.submission(sheet, head)
        if head is not None:
            sheet.notices += _broken_names(package)
            return own_form.form(sheet, head, _facts(package, book))
    return None


def _own_profile(path: Path) -> Profile | None:
    """The profile that a damaged form names, None if it does not."""
    try:
        package = Package(path)
        facts = _facts(package, open_book(path))
    except (UnreadableError, python_calamine.CalamineError):
        return None
    return own_form.profile_of(facts, path.name) if facts else None


def _in_order(names: list[str]) -> list[str]:
    """The sheets to look at: the form, a submission, then any that is not one of our other sheets."""
    printed = () if OPTIONS in names else (layout.SUBMISSION,)  # within a form the printed page may be out of date
    first = [n for n in (layout.ENTRY, *printed) if n in names]
    return [*first, *(n for n in names if n not in (*first, layout.SUBMISSION, *layout.OWN_SHEETS))]


def _facts(package: Package, book: python_calamine.CalamineWorkbook) -> layout.Facts | None:
    """Profile id and template version from the hidden sheet; None if it was deleted."""
    if OPTIONS not in book.sheet_names:
        return None
    package.cells(OPTIONS)  # refuses a sheet too large for a grid
    rows = book.get_sheet_by_name(OPTIONS).to_python(skip_empty_area=False, nrows=2)
    facts = layout.facts_of([[as_text(v) for v in row] for row in rows])
    if facts is None:
        raise own_form.StructureError(f"“{package.path.name}”的“{OPTIONS}”表被改动，认不出表式。")
    return facts


def _broken_names(package: Package) -> list[str]:
    names = "、".join(package.broken_names())
    return [f"“{package.path.name}”里的名称{names}已失效（#REF!），不影响检查。"] if names else []
