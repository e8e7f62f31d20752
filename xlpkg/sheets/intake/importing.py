"""A foreign file taken in: its declaration, and an account of where each field came from and what found no place."""

from pathlib import Path

import msgspec

from xlpkg.form import profile as profiles
from xlpkg.form.declaration import Declaration, from_header
from xlpkg.form.profile import Profile
from xlpkg.sheets.intake.document import Account, Document, unplaced
from xlpkg.sheets.intake.header import Header
from xlpkg.sheets.intake.rows import Rows
from xlpkg.sheets.intake.vocabulary import Vocabulary, vocabulary
from xlpkg.sheets.package import UnreadableError, read_bytes

WORD, WORKBOOKS, OLDER_WORD = (".docx", ".docm"), (".xlsx", ".xlsm", ".xls", ".ods"), (".doc", ".wps")
KINDS = (*WORD, ".xls", ".ods", ".txt", *OLDER_WORD)
"""What is taken in by its kind alone; .xlsx and .xlsm are tried as forms of ours first."""
_NO_WAY = {
    ".et": "WPS表格专用格式。请用WPS打开，另存为.xlsx后再试。",
    ".pdf": "PDF。请向原单位要Word或Excel文件；只有PDF的，用WPS或Word打开转成.docx并核对文字后再试；扫描件只能照着填写。",
    ".ofd": "OFD版式文件。请向原单位要Word或Excel文件后再试。",
    ".rtf": "RTF文档。请用Word打开，另存为.docx后再试。",
}


class Import(msgspec.Struct, frozen=True):
    """What was made of a foreign file."""

    declaration: Declaration
    profile: Profile
    account: Account
    notices: tuple[str, ...] = ()


def take_in(path: Path, profile_id: str | None = None) -> Import:
    """The declaration of a file that is no form of ours. Raises UnreadableError with a sentence."""
    words = vocabulary()
    return understand(_document(path, words), words, profile_id)


def _document(path: Path, words: Vocabulary) -> Document:
    kind = path.suffix.lower()
    if kind in WORD:
        from xlpkg.sheets.intake.word import read_word

        return read_word(path)
    if kind == ".txt":
        from xlpkg.sheets.intake.plain import read_plain

        return read_plain(path, words)
    if kind in WORKBOOKS:
        from xlpkg.sheets.intake.worksheets import read_worksheets

        return read_worksheets(path)
    if kind in OLDER_WORD:
        from xlpkg.sheets.intake.office import read_older_word

        return read_older_word(path)
    read_bytes(path)
    raise refusal(path)


def refusal(path: Path) -> UnreadableError:
    """The sentence for a kind of file that cannot be read, and how to get one that can."""
    return UnreadableError(
        f"“{path.name}”是{_NO_WAY.get(path.suffix.lower(), '不能导入的文件。请用.docx、.xlsx、.xls或.txt文件。')}"
    )


def understand(document: Document, words: Vocabulary, profile_id: str | None = None) -> Import:
    """The declaration of a document, in the form that fits it best or the one named. Raises UnreadableError."""
    rows = Rows(document, words)
    rows.read()
    if not rows.lines:
        raise UnreadableError(f"“{document.file}”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。")
    profile = profiles.load(profile_id) if profile_id else _fitting(document, rows, words)
    header = Header(document, words, words.exact[profile.id])
    header.read(profile.money_unit)
    items = rows.indicators(profile)
    own = [p for p in document.pieces() if words.bare(p.text) in words.own]
    for piece in own:
        piece.take()
    account = Account(document.file, (*header.entries, *rows.entries), unplaced(document.pieces()))
    return Import(from_header(profile.id, header.values, items), profile, account, tuple(document.notices))


def _fitting(document: Document, rows: Rows, words: Vocabulary) -> Profile:
    """The form whose categories, labels and columns the document has most of."""
    known = [profiles.load(i) for i in profiles.available()]
    labels = {words.bare(p.text.split("：")[0]) for p in document.pieces() if len(p.text) < 200}
    pairs = {(line.texts["l1"], line.texts["l2"]) for line in rows.lines}
    with_standards = any(line.texts.get("standard", "").strip() for line in rows.lines)

    def fit(profile: Profile) -> float:
        strange = sum(profile.parent.get(words.second_level(l2, profile)) != profile.l1(l1) for l1, l2 in pairs)
        return -20 * strange + len(labels & words.exact[profile.id]) + 4 * (with_standards == bool(profile.standards))

    return max(known, key=fit)
