"""A foreign file imported: its declaration, and an import report of where each field came from and what found no place."""

import re
from pathlib import Path

import msgspec

from xlpkg.files.document import Document, unplaced
from xlpkg.files.errors import UnreadableError
from xlpkg.files.guard import read_start
from xlpkg.files.kinds import kind_of, refusal
from xlpkg.form import profile as profiles
from xlpkg.form.declaration import Declaration, from_header
from xlpkg.form.import_report import ImportReport
from xlpkg.form.profile import Profile
from xlpkg.reading.foreign.fields import Header
from xlpkg.reading.foreign.projects import first_form
from xlpkg.reading.foreign.rows import Rows
from xlpkg.reading.foreign.synonyms import Vocabulary, vocabulary

_STATUS = re.compile("[^｜]{0,8}　｜　成本合计|白色格由填报人填写|二、绩效指标")
_FIGURE = re.compile(r"-?[\d.]+(?:／[\d.]+)?|未检查|\d{4}-\d\d-\d\d \d\d:\d\d.*|")


class Import(msgspec.Struct, frozen=True):
    """What was made of a foreign file."""

    declaration: Declaration
    profile: Profile
    import_report: ImportReport
    notices: tuple[str, ...] = ()


def import_file(path: Path, profile_id: str | None = None) -> Import:
    """The declaration of a file that is no form of ours. Raises UnreadableError with a sentence."""
    words = vocabulary()
    return understand(_document(path, words), words, profile_id)


def _document(path: Path, words: Vocabulary) -> Document:
    kind = kind_of(path)
    match kind.reader if kind else "":
        case "word":
            from xlpkg.files.docx import read_word

            return read_word(path)
        case "text":
            from xlpkg.reading.foreign.text import read_plain

            return read_plain(path, words)
        case "form" | "workbook":
            from xlpkg.reading.foreign.worksheets import read_worksheets

            return read_worksheets(path)
        case "older_word":
            from xlpkg.reading.foreign.old_word import read_older_word

            return read_older_word(path)
    read_start(path)  # a file that is not there, or a folder, has a sentence of its own
    raise refusal(path)


def understand(document: Document, words: Vocabulary, profile_id: str | None = None) -> Import:
    """The declaration of a document, in the form that fits it best or the one named. Raises UnreadableError."""
    document = first_form(document, words)
    rows = Rows(document, words)
    rows.read()
    if not rows.lines:
        what = f"“{document.file}”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。"
        raise UnreadableError("".join([what, *document.notices]))
    profile = profiles.load(profile_id) if profile_id else _fitting(document, rows, words)
    header = Header(document, words, words.exact[profile.id])
    header.read(profile.money_unit)
    items = rows.indicators(profile)
    if rows.of_ours or document.ours:
        _take_our_own(document, words)
    import_report = ImportReport(document.file, (*header.entries, *rows.entries), unplaced(document.everything()))
    return Import(from_header(profile.id, header.values, items), profile, import_report, tuple(document.notices))


def _take_our_own(document: Document, words: Vocabulary) -> None:
    """What our form prints and computes by itself is no content: the panel's labels and figures, section heads, hints."""
    for table in document.tables:
        for cell in table.cells():
            if words.bare(cell.text) in words.own:
                below = table.at(cell.row + cell.height, cell.column)
                if below is not None and not below.taken and _FIGURE.fullmatch(below.text.strip()):
                    below.take()
                cell.take()
            elif _STATUS.match(cell.text):
                cell.take()


def _fitting(document: Document, rows: Rows, words: Vocabulary) -> Profile:
    """The form whose categories, labels and columns the document has most of."""
    known = [profiles.load(i) for i in profiles.available()]
    labels = {words.bare(p.text.split("：")[0]) for p in document.pieces() if len(p.text) < 200}
    pairs = {(line.texts["l1"], line.texts["l2"]) for line in rows.lines}
    with_standards = any(line.texts.get("standard", "").strip() for line in rows.lines)

    def fit(profile: Profile) -> float:
        parents = ((profile.parent.get(words.second_level(l2, profile)), words.first_level(l1, profile)) for l1, l2 in pairs)
        strange = sum(above != l1 for above, l1 in parents if l1 or not above)
        named = sum(l2 in profile.parent for _, l2 in pairs)
        return -30 * strange + 2 * named + len(labels & words.exact[profile.id]) + 20 * (with_standards == bool(profile.standards))

    return max(known, key=fit)
