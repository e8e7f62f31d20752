"""A later form from a file: our workbook or submission, JSON, or a foreign 监控表 or 自评表 in Word or Excel."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.files.document import Document
from xlpkg.files.errors import UnreadableError
from xlpkg.files.grid import as_text
from xlpkg.files.kinds import JSON, WORKBOOK, kind_of
from xlpkg.files.xlsx import Workbook
from xlpkg.form import profiles
from xlpkg.form.declaration import DeclarationError, from_json
from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.text import norm
from xlpkg.layout import SEAL_LABEL
from xlpkg.reading.foreign.importer import document_of, import_document
from xlpkg.reading.foreign.projects import projects_of
from xlpkg.reading.foreign.synonyms import known_synonyms
from xlpkg.reading.source import Source
from xlpkg.year.form import MONITORING, NAMES, SELF_EVALUATION, Kind, YearForm
from xlpkg.year.json_form import from_year_json, is_year_json
from xlpkg.year.matching import matched
from xlpkg.year.profile import YearProfile, following, load
from xlpkg.year.table_reader import CODE, Reader
from xlpkg.year.workbook import DECLARATION_LABEL, FACT_LABELS, FACTS

_SEAL = re.compile(rf"(?<!申报表){SEAL_LABEL}[：:]\s*{CODE}")
_STYLE = re.compile(r"版式：(\S+) \S+　表式：(\S+)")


class YearSource(msgspec.Struct, frozen=True):
    """What was read of a file: the form with its profiles; where things stand, for a workbook; what the user should know.

    `seal` is the 校验码 printed on a submission of ours, None for other files.
    """

    form: YearForm
    profile: YearProfile
    declared: Profile
    notices: tuple[str, ...] = ()
    sheet: str = ""
    cells: Mapping[tuple[int | None, str], str] = {}
    foreign: bool = False
    seal: str | None = None

    def cell(self, row: int | None, field: str) -> str | None:
        """The cell of a finding; None where the file has none for it."""
        return self.cells.get((row, field)) or self.cells.get((row, "name"))


def read_year(path: Path, declared: Profile | None = None, style: str = "") -> YearSource | None:
    """A later form from a file, None for a file that holds none; of several the first, and a notice that there are more.

    Raises RefusalError with a sentence.
    """
    found = read_years(path, declared, style)
    if len(found) < 2:
        return next(iter(found), None)
    names = "、".join(f"“{norm(s.form.declaration.project)}”" for s in found)
    said = f"这个文件里有{len(found)}份表（{names}），这里说的只是第一份。要处理别的，请分成一份一个文件。"
    return msgspec.structs.replace(found[0], notices=(said, *found[0].notices))


def read_years(path: Path, declared: Profile | None = None, style: str = "") -> tuple[YearSource, ...]:
    """Every later form of a file; of a foreign one there may be several. Raises RefusalError with a sentence."""
    if kind_of(path) is JSON:
        found = _read_json(path, declared, style)
        return (found,) if found else ()
    if kind_of(path) is WORKBOOK and (facts := _facts(path)) is not None:
        return (read_ours(document_of(path, known_synonyms()), facts),)
    parts = projects_of(document_of(path, known_synonyms()), known_synonyms())
    sources = [(part, source) for part in parts for source in import_document(part, declared) if source.kind in NAMES]
    return tuple(_read_foreign(part, source, style) for part, source in sources)


def _read_json(path: Path, declared: Profile | None, style: str) -> YearSource | None:
    from xlpkg.files.text import LARGEST_JSON, read_text

    text = read_text(path, LARGEST_JSON)
    if not is_year_json(text):
        return None
    try:
        form = from_year_json(text, style, declared)
        profile = declared or profiles.load(form.declaration.profile)
        return YearSource(_refs_found(form, profile), load(style or form.style, form.kind), profile)
    except (DeclarationError, ProfileError) as error:
        raise UnreadableError(f"“{path.name}”：{error}") from None


class OwnFacts(msgspec.Struct, frozen=True):
    """What the hidden sheet of our workbook says."""

    kind: Kind
    style: str
    seal: str
    month: int
    declaration: str


def _facts(path: Path) -> OwnFacts | None:
    """The hidden sheet of a workbook of ours; None for any other."""
    book = Workbook(path)
    if FACTS not in book.names:
        return None
    return own_facts([[as_text(value) for value in row] for row in book.first_rows(FACTS, len(FACT_LABELS) + 1)])


def own_facts(rows: Sequence[Sequence[str]]) -> OwnFacts | None:
    """What the rows of the hidden sheet say; None where they were changed."""
    said = {row[0]: row[1:] for row in rows if row}
    values = {key: said.get(label, [""])[0] for key, label in FACT_LABELS.items()}
    if values["kind"] not in NAMES or not values["month"].isdigit():
        return None
    kind: Kind = MONITORING if values["kind"] == MONITORING else SELF_EVALUATION
    return OwnFacts(kind, values["style"], values["seal"], int(values["month"]), "".join(said.get(DECLARATION_LABEL, [])))


def read_ours(document: Document, facts: OwnFacts) -> YearSource:
    """A later form of ours out of its sheet and what its hidden sheet says. Raises UnreadableError."""
    try:
        profile = load(facts.style, facts.kind)
        declaration = from_json(facts.declaration)
        declared = profiles.load(declaration.profile)
    except (DeclarationError, ProfileError) as error:
        raise UnreadableError(f"“{document.file}”的隐藏表“{FACTS}”被改动：{error}") from None
    reader = Reader(document, declared)
    if not reader.rows:
        raise UnreadableError(f"“{document.file}”里找不到指标的表头，可能被删去或改名。请恢复表头，或由申报表重新生成。")
    rows = matched(reader.rows, Evidence(declaration, declared))
    form = reader.form(facts.kind, profile.id, declaration, rows)
    funds = {source: msgspec.structs.replace(money, rate="") for source, money in form.funds.items()}  # a formula prints it
    form = msgspec.structs.replace(form, compared=True, month=facts.month, seal=facts.seal, funds=funds)
    waiting = facts.kind == SELF_EVALUATION and not form.total and all(norm(r.actual) for r in form.rows)
    notices = tuple(n for n in document.notices if waiting and "没有存下计算结果" in n)
    return YearSource(form, profile, declared, notices, reader.sheet, reader.cells)


def _read_foreign(document: Document, source: Source, style: str) -> YearSource:
    kind: Kind = MONITORING if source.kind == MONITORING else SELF_EVALUATION
    printed = next((m for p in document.pieces() if (m := _STYLE.search(p.text))), None)
    declared, profile = _printed_profiles(printed, kind) or (source.profile, following(source.profile, kind))
    if style:
        profile = load(style, kind)
    reader = Reader(document, declared)
    if not reader.rows:
        raise UnreadableError(f"“{document.file}”是{NAMES[kind]}，没有读出一行指标。请核对表头，或改用由申报表生成的表。")
    form = reader.form(kind, profile.id, source.declaration, tuple(reader.rows))
    form = msgspec.structs.replace(form, compared=False, month=reader.month or (7 if kind == MONITORING else 12), seal=reader.seal)
    notices = tuple(n for n in source.notices if "不按申报表检查" not in n)
    if printed is None:
        notices = (*notices, f"这是{NAMES[kind]}，不是由本工具生成的：按表上的目标检查，没有与申报表比较。")
    seals = [m[1].upper() for p in document.pieces() if (m := _SEAL.search(p.text))]
    own = (seals[0] if seals else "") if printed else None
    return YearSource(form, profile, declared, notices, reader.sheet, reader.cells, printed is None, own)


def _printed_profiles(printed: re.Match[str] | None, kind: Kind) -> tuple[Profile, YearProfile] | None:
    """The profiles that a submission of ours names; None for another file, or where they are not known here."""
    try:
        return (profiles.load(printed[2]), load(printed[1], kind)) if printed else None
    except ProfileError:
        return None


def _refs_found(form: YearForm, declared: Profile) -> YearForm:
    """The form with the rows of its declaration found for rows that name none."""
    if not form.compared or all(r.ref is not None for r in form.rows):
        return form
    rows = matched(form.rows, Evidence(form.declaration, declared))
    return msgspec.structs.replace(form, rows=rows)
