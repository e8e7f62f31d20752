"""A file that is no form of ours: its declaration, and an import report of where each field came from and what was not used."""

import re
from pathlib import Path

import msgspec

from xlpkg.files.document import Document, unplaced
from xlpkg.files.errors import UnreadableError
from xlpkg.files.guard import read_start
from xlpkg.files.kinds import kind_of, refusal
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_header
from xlpkg.form.import_report import ImportReport
from xlpkg.form.profile import Profile
from xlpkg.reading.foreign.fields import FieldReader
from xlpkg.reading.foreign.indicators import indicators
from xlpkg.reading.foreign.projects import first_form
from xlpkg.reading.foreign.rows import RowReader
from xlpkg.reading.foreign.synonyms import Synonyms, known_synonyms

_STATUS = re.compile("[^｜]{0,8}　｜　成本合计|白色格由填报人填写|二、绩效指标")
_FIGURE = re.compile(r"-?[\d.]+(?:／[\d.]+)?|未检查|\d{4}-\d\d-\d\d \d\d:\d\d.*|")


class Imported(msgspec.Struct, frozen=True):
    """What was made of a foreign file."""

    declaration: Declaration
    profile: Profile
    import_report: ImportReport
    notices: tuple[str, ...] = ()


def import_file(path: Path, profile: Profile | None = None) -> Imported:
    """The declaration of a file that is no form of ours. Raises UnreadableError with a sentence."""
    synonyms = known_synonyms()
    return _imported(_document(path, synonyms), synonyms, profile)


def _document(path: Path, synonyms: Synonyms) -> Document:
    kind = kind_of(path)
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
    read_start(path)  # a file that is not there, or a folder, has a sentence of its own
    raise refusal(path)


def _imported(document: Document, synonyms: Synonyms, chosen: Profile | None = None) -> Imported:
    """The declaration of a document, in the form that fits it best or the one named. Raises UnreadableError."""
    document = first_form(document, synonyms)
    rows = RowReader(document, synonyms)
    rows.read()
    if not rows.lines:
        what = f"“{document.file}”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。"
        raise UnreadableError("".join([what, *document.notices]))
    profile = chosen or _fitting(document, rows, synonyms)
    header = FieldReader(document, synonyms, synonyms.exact[profile.id])
    header.read(profile.money_unit)
    items, entries = indicators(rows.lines, profile, synonyms)
    if rows.of_ours or document.ours:
        _use_own_texts(document, synonyms)
    import_report = ImportReport(document.file, (*header.entries, *entries), unplaced(document.everything()))
    return Imported(from_header(profile.id, header.values, items), profile, import_report, tuple(document.notices))


def _use_own_texts(document: Document, synonyms: Synonyms) -> None:
    """Mark as used what our form prints and computes by itself: the panel's labels and figures, section heads, hints."""
    for table in document.tables:
        for cell in table.cells():
            if synonyms.bare(cell.text) in synonyms.own:
                below = table.at(cell.row + cell.height, cell.column)
                if below is not None and not below.used and _FIGURE.fullmatch(below.text.strip()):
                    below.use()
                cell.use()
            elif _STATUS.match(cell.text):
                cell.use()


def _fitting(document: Document, rows: RowReader, synonyms: Synonyms) -> Profile:
    """The form whose categories, labels and columns the document has most of."""
    known = profiles.known()
    labels = {synonyms.bare(p.text.split("：")[0]) for p in document.pieces() if len(p.text) < 200}
    pairs = {(line.texts["l1"], line.texts["l2"]) for line in rows.lines}
    with_standards = any(line.texts.get("standard", "").strip() for line in rows.lines)

    def fit(profile: Profile) -> float:
        placed = [(synonyms.first_level(l1, profile), synonyms.second_level(l2, profile)) for l1, l2 in pairs]
        parents = ((l1, profile.parent.get(l2)) for l1, l2 in placed)
        strange = sum(parent != l1 for l1, parent in parents if l1 or not parent)
        named = sum(l2 in profile.parent for _, l2 in pairs)
        same_columns = with_standards == bool(profile.standards)
        of_its_own = len(labels & synonyms.exact[profile.id]) - 3 * len(profile.further)
        return -30 * strange + 2 * named + of_its_own + 20 * same_columns

    return max(known, key=fit)
