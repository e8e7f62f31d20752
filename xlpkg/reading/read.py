"""A declaration from a file: a form workbook, a submission, JSON, or a form that is not ours."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xlpkg import layout
from xlpkg.files.errors import UnreadableError
from xlpkg.files.grid import Grid, as_text
from xlpkg.files.kinds import JSON, WORD, WORKBOOK, kind_of
from xlpkg.files.ooxml import Package
from xlpkg.files.xlsx import Workbook
from xlpkg.form import profiles
from xlpkg.form.blanks import left_blank
from xlpkg.form.declaration import LONGEST_TEXT, Declaration, DeclarationError, from_json
from xlpkg.form.fields import STANDARD_FIELDS, UPPER
from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.text import norm, tidy
from xlpkg.layout import OPTIONS
from xlpkg.reading import own_form
from xlpkg.reading.source import LATER_FACTS, LATER_NAMES, AnotherFormError, Source

if TYPE_CHECKING:
    from xlpkg.files.look import Look
    from xlpkg.form.library import Library


def read(path: Path, profile: Profile | None = None) -> Source:
    """A declaration from a form, a submission or JSON; from any other file as far as it can be understood, with an import report.

    `profile` is the form that a foreign file or a JSON is put into. Raises UnreadableError with a sentence for the user.
    """
    found = read_all(path, profile)
    return found[0] if len(found) == 1 else _first_of(found, path)


def read_all(path: Path, profile: Profile | None = None) -> tuple[Source, ...]:
    """Every declaration of a file: a list, a document with several forms, or a form with several filled sheets holds more than one.

    `profile` is as for `read`. Raises UnreadableError with a sentence for the user.
    """
    kind = kind_of(path)
    if kind is JSON:
        return (_read_json(path, profile),)
    if kind is WORD:
        return _read_word(path, profile)
    return _read_workbook(path, profile) if kind is WORKBOOK else _read_foreign(path, profile)


def rebuild(path: Path, profile: Profile | None = None) -> Source:
    """The content of a form of ours whose sheets, columns or names were damaged, with an import report. Raises UnreadableError."""
    return _read_foreign(path, profile or _own_profile(path))[0]


def name_of(source: Source) -> str:
    """What a source is called beside others of its file: its project, else its sheet."""
    return tidy(source.declaration.project) or (source.places.sheet if source.places else "") or "没有写项目名称"


def _first_of(found: tuple[Source, ...], path: Path) -> Source:
    names = "、".join(f"“{name_of(s)}”" for s in found[1:])
    what = f"“{path.name}”里有{len(found)}份表，这里只处理第一份“{name_of(found[0])}”；还有{names}。"
    where = f"它在“{found[0].places.sheet}”表。" if found[0].places else ""
    advice = "全部取出：xlpkg convert 文件 -o 文件夹。"
    return msgspec.structs.replace(found[0], notices=(what + where + advice, *found[0].notices))


def _read_foreign(path: Path, profile: Profile | None) -> tuple[Source, ...]:
    from xlpkg.reading.foreign.importer import import_all

    found = import_all(path, profile)
    for source in found:
        _refuse_too_long(source, path)
    return found


def _refuse_too_long(source: Source, path: Path) -> None:
    """Raises UnreadableError for a text that no cell of Excel holds: it would be lost when the form is written."""
    declaration, profile = source.declaration, source.profile
    texts = [(profile.label(f), declaration.header(f)) for f in profile.header]
    for i in declaration.indicators:
        texts += [(f"第{i.row}行", text) for text in (i.l1, i.l2, i.name, i.value, i.standard, i.note, *i.extra.values())]
    for place, text in texts:
        if len(text) > LONGEST_TEXT:
            what = f"“{path.name}”：“{place}”有{len(text)}个字，超过Excel一格最多{LONGEST_TEXT}个字，请缩短。"
            raise UnreadableError(what)


def _read_word(path: Path, profile: Profile | None) -> tuple[Source, ...]:
    """A submission of ours as a Word document, else another's form."""
    from xlpkg.files.docx import read_word
    from xlpkg.reading.foreign.importer import import_document
    from xlpkg.reading.word_submission import submission

    document = read_word(path)
    try:
        source = submission(document, path)
    except own_form.StructureError as damage:
        document.notices.append(str(damage))
        source = None
    return (source,) if source is not None else import_document(document, profile)


def _read_json(path: Path, profile: Profile | None) -> Source:
    from xlpkg.files.text import LARGEST_JSON, read_text

    try:
        text = read_text(path, LARGEST_JSON)
        if later := re.search(rf'"kind"\s*:\s*"({"|".join(LATER_NAMES)})"', text):
            raise _another_form(path, later[1])
        declaration = from_json(text)
        if len(declaration.indicators) > layout.LARGEST_FORM:
            raise UnreadableError(f"“{path.name}”超过{layout.LARGEST_FORM}行指标，不像一张申报表，没有读入。")
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
    present = _present(declaration, profile)
    blank = [] if present is None else [profile.label(key) for key in _demanded(profile) if key not in present]
    if blank:
        notices.append(f"这份数据来自另一种表，本表式还要填：{'、'.join(blank)}。")
    return Source(declaration, profile, notices=tuple(notices), present=present)


_FOOT = ("filler", "phone")
_ALWAYS = ("year", "project", "budget_wan", "year_goal")


def _present(declaration: Declaration, profile: Profile) -> frozenset[str] | None:
    """The fields and columns that the form behind a JSON seems to have; None if all of the profile's.

    JSON does not say. Published forms have no line for who filled them in; where both its fields are blank the declaration comes
    from such a form, and what else is blank there (a second goal, the period) may be none of its fields. Likewise a column of
    standards that is blank in every row. What every form has is demanded always, and all of a form whose head is hardly filled in
    or has no other gap: there the blanks are blanks.
    """
    rows = [i for i in declaration.indicators if not i.blank]
    if not rows:
        return None
    parts = frozenset((*profile.header, *profile.user_columns))
    missing: set[str] = set()
    blank = {f for f in profile.header if left_blank(declaration.header(f))}
    foot, upper = set(profile.header) & set(_FOOT), set(profile.header) & set(UPPER)
    head = blank - foot - upper - set(_ALWAYS) | (upper if upper <= blank else set())
    if foot and foot <= blank and head and len(blank & set(_ALWAYS)) <= len(_ALWAYS) // 2:
        missing |= blank - set(_ALWAYS)
    if all(left_blank(i.standard) for i in rows):
        missing.add("standard")
    return parts - missing if missing & set(_demanded(profile)) else None


def _demanded(profile: Profile) -> list[str]:
    return [key for key in (*profile.header, *profile.user_columns) if profile.demands(key) != "off"]


def _read_workbook(path: Path, profile: Profile | None) -> tuple[Source, ...]:
    book = Workbook(path)
    if LATER_FACTS in book.names:
        raise _another_form(path, next((k for k, name in LATER_NAMES.items() if name in book.names), "self_evaluation"))
    try:
        if found := _read_ours(book):
            return found
        damage = ""
    except own_form.StructureError as found:
        damage = str(found)
    if _is_ours(book):
        raise UnreadableError(f"{damage or _nothing_left(path)}也可以用 xlpkg fix --rebuild 把内容转到新表。")
    del book  # a large one is read anew
    try:
        return _read_foreign(path, profile)
    except UnreadableError as nothing:
        raise UnreadableError(damage or str(nothing)) from None


def _another_form(path: Path, kind: str) -> AnotherFormError:
    return AnotherFormError(f"“{path.name}”是{LATER_NAMES[kind]}，不是申报表，不能这样处理。", kind)


def _is_ours(book: Workbook) -> bool:
    """A form of ours, however damaged."""
    from xlpkg.reading.foreign.own_marks import is_ours

    return is_ours(book.grid(name) for name in book.names)


def _nothing_left(path: Path) -> str:
    what = f"“{path.name}”的“{layout.ENTRY}”表被删除，或表头（一级指标、二级指标、三级指标）被改动，找不到指标"
    return f"{what}。请恢复原来的表头后再试。"


def _read_ours(book: Workbook) -> tuple[Source, ...]:
    """The forms or submissions in a workbook that bear our marks; blank ones behind a filled one do not count.

    Nothing where no sheet does. Raises StructureError for a damaged one.
    """
    found: list[Source] = []
    facts = _facts(book)
    for name in _in_order(book.names):
        sheet = book.grid(name)
        head = own_form.head_row(sheet)
        if head is None:
            continue
        if own_form.is_submission(sheet, head):
            if own_form.bears_our_marks(sheet, head):
                found.append(msgspec.structs.replace(own_form.submission(sheet, head), look=_look(book, sheet)))
        elif facts is not None or own_form.has_our_heads(sheet, head):
            if not found:
                sheet.notices += _broken_names(book.package)
            library = _library(book, sheet) if not found else None
            found.append(msgspec.structs.replace(own_form.form(sheet, head, facts), library=library))
    filled = [s for s in found if holds_anything(s)]
    return tuple(filled or found[:1])


def _library(book: Workbook, entry: Grid) -> "Library | None":
    """The library that a form carries, with the purpose that is chosen in it."""
    if layout.LIBRARY not in book.names:
        return None
    from xlpkg.reading.library_file import chosen_purpose, of_sheet

    found = of_sheet(book.grid(layout.LIBRARY))
    return found and msgspec.structs.replace(found, chosen=chosen_purpose(entry))


def _look(book: Workbook, sheet: Grid) -> "Look":
    from xlpkg.files.look import look_of

    return look_of(book, sheet)


def holds_anything(source: Source) -> bool:
    """Something is filled in: an indicator, or a header field other than the year."""
    declaration = source.declaration
    return bool(declaration.indicators) or any(norm(declaration.header(f)) for f in source.profile.header if f != "year")


def _own_profile(path: Path) -> Profile | None:
    """The profile that a damaged form names, None if it does not."""
    try:
        facts = _facts(Workbook(path))
    except UnreadableError:
        return None
    return own_form.profile_of(facts, path.name) if facts else None


def _in_order(names: list[str]) -> list[str]:
    """The sheets to look at: the form, a submission, then any that is not one of our other sheets."""
    printed = () if OPTIONS in names else (layout.SUBMISSION,)  # within a form the printed page may be out of date
    first = [n for n in (layout.ENTRY, *printed) if n in names]
    return [*first, *(n for n in names if n not in (*first, layout.SUBMISSION, *layout.OWN_SHEETS))]


def _facts(book: Workbook) -> layout.Facts | None:
    """Profile id and template version from the hidden sheet; None if it was deleted."""
    if OPTIONS not in book.names:
        return None
    facts = layout.facts_of([[as_text(v) for v in row] for row in book.first_rows(OPTIONS, 2)])
    if facts is None:
        raise own_form.StructureError(f"“{book.package.path.name}”的“{OPTIONS}”表被改动，认不出表式。")
    return facts


def _broken_names(package: Package) -> list[str]:
    names = "、".join(package.broken_names())
    return [f"“{package.path.name}”里的名称{names}已失效（#REF!），不影响检查。"] if names else []
