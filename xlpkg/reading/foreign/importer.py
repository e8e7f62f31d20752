"""A file that is no form of ours: its declarations, and import reports of where each field came from and what was not used."""

from pathlib import Path

import msgspec

from xlpkg.files.document import Document, unplaced
from xlpkg.files.errors import UnreadableError, too_many_cells
from xlpkg.files.guard import MOST_FILLED, read_start
from xlpkg.files.kinds import kind_of, refusal
from xlpkg.form.declaration import Declaration, from_header
from xlpkg.form.fields import Field, Fund
from xlpkg.form.import_report import ImportReport
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.reading.foreign.facts import Fact, FactReader
from xlpkg.reading.foreign.fields import FieldReader, year_of
from xlpkg.reading.foreign.fitting import field_of, fitting
from xlpkg.reading.foreign.form_kind import NAMES, kind_of_form
from xlpkg.reading.foreign.indicators import further_column, indicators
from xlpkg.reading.foreign.own_marks import use_own_texts
from xlpkg.reading.foreign.projects import projects_of
from xlpkg.reading.foreign.rows import RowReader
from xlpkg.reading.foreign.synonyms import Synonyms, known_synonyms
from xlpkg.reading.source import DECLARATION, Source


def import_all(path: Path, profile: Profile | None = None) -> tuple[Source, ...]:
    """The declarations of a file that is no form of ours, one or more. Raises UnreadableError with a sentence."""
    return import_document(document_of(path, known_synonyms()), profile)


def import_document(document: Document, profile: Profile | None = None) -> tuple[Source, ...]:
    """The declarations of a document that was read. Raises UnreadableError with a sentence."""
    synonyms = known_synonyms()
    parts = projects_of(document, synonyms)
    if len(parts) == 1:
        return (_imported(parts[0], synonyms, profile),)
    found: list[Source] = []
    for part in parts:
        try:
            found.append(_imported(part, synonyms, profile))
        except UnreadableError as error:
            if found:
                found[-1] = msgspec.structs.replace(found[-1], notices=(*found[-1].notices, str(error)))
    if not found:
        raise _no_form(document)
    return tuple(found)


def document_of(path: Path, synonyms: Synonyms) -> Document:
    """A file as tables and paragraphs. Raises UnreadableError, also for one with more cells than a form or a list of forms has."""
    document = _document(path, synonyms)
    count = sum(bool(cell.text) for table in document.tables for cell in table.cells())
    if count > MOST_FILLED:
        raise too_many_cells(path.name, count)
    return document


def _document(path: Path, synonyms: Synonyms) -> Document:
    """A file of any kind as tables and paragraphs. Raises UnreadableError with a sentence."""
    kind = kind_of(path, read_start(path))  # a file that is not there, or a folder, has a sentence of its own
    match kind.reader if kind else "":
        case "word":
            from xlpkg.files.docx import read_word

            return read_word(path)
        case "text":
            from xlpkg.reading.foreign.text import read_plain

            return read_plain(path, synonyms)
        case "form" | "workbook":
            from xlpkg.reading.foreign.worksheets import read_worksheets

            return read_worksheets(path)
        case "older_word":
            from xlpkg.reading.foreign.old_word import read_older_word

            return read_older_word(path)
    raise refusal(path)


def _no_form(document: Document, *, with_heads: bool = False) -> UnreadableError:
    what = f"“{document.file}”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。"
    if with_heads:
        what = f"“{document.file}”里有指标的表头，下面没有写一行指标，可能是空白表。"
    return UnreadableError("".join([what, *document.notices]))


def _imported(document: Document, synonyms: Synonyms, chosen: Profile | None = None) -> Source:
    """The declaration of a document, in the form that fits it best or the one named. Raises UnreadableError."""
    year = year_of(document)
    rows = RowReader(document, synonyms, year)
    rows.read()
    if not rows.lines:
        raise _no_form(document, with_heads=rows.with_heads)
    document.ours = document.ours or rows.of_ours
    facts = FactReader(document, synonyms).read()
    profile = chosen or fitting(facts, rows.lines, rows.heads, synonyms)
    kind, shown = kind_of_form(document, rows.lines, synonyms, year)
    items, entries = indicators(rows.lines, profile, synonyms)
    fields = FieldReader(document, facts, profile, synonyms)
    fields.read()
    if document.ours:
        use_own_texts(document.tables, synonyms)
    declaration = from_header(profile.id, fields.values, items)
    fitted = () if document.ours else _fitted(profile, declaration, chosen=chosen is not None)
    import_report = ImportReport(document.file, (*fields.entries, *entries), unplaced(document.everything()), fitted)
    present = _present(facts, rows, profile, synonyms) | {k for k in profile.header if norm(declaration.header(k))}
    notices = list(document.notices)
    if kind != DECLARATION:
        notices.append(f"这是{NAMES[kind]}（“{shown}”），不是项目支出绩效目标申报表：只读入其中的目标，不按申报表检查。")
    return Source(declaration, profile, None, None, tuple(notices), import_report, present, kind)


def _fitted(profile: Profile, declaration: Declaration, *, chosen: bool) -> tuple[str, ...]:
    """Which form was taken, unless it was chosen; what it asks for that the source does not say."""
    lines = [] if chosen else [f"按最接近的表式“{profile.name}”读入；不对时用 -p 另选，现在是 -p {profile.id}。"]
    blank = [profile.label(f) for f in profile.counted_fields if not norm(declaration.header(f))]
    lines += [f"这个表式还要填：{'、'.join(blank)}。"] if blank else []
    return tuple(lines)


def _present(facts: list[Fact], rows: RowReader, profile: Profile, synonyms: Synonyms) -> frozenset[str]:
    """The fields and columns of the form that the source has, filled or not."""
    labels = {synonyms.bare(f.label) for f in facts}
    found = {field_of(f) for f in facts}
    found |= {"total"} if any(f.field == "money.total" for f in facts) else set()
    parts: tuple[Field | Fund, ...] = (*profile.fields, *profile.funds)
    found |= {p.key for p in parts if labels & {synonyms.bare(n) for n in (p.label, *p.aliases)}}
    found |= {key for line in rows.lines for key in line.texts}
    found |= {"number", "op", "measure"}
    found |= {key for head in rows.heads if (key := further_column(head, profile, synonyms))}
    return frozenset(found & {*profile.header, *profile.user_columns, "upper_funds"})
