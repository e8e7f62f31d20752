"""A later form from a file: our workbook or submission, JSON, or a foreign 监控表 or 自评表 in Word or Excel."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from xlpkg.audit.facts.evidence import Evidence
from xlpkg.files.a1 import address
from xlpkg.files.document import Cell, Document, Table
from xlpkg.files.errors import UnreadableError
from xlpkg.files.grid import as_text
from xlpkg.files.kinds import JSON, WORKBOOK, kind_of
from xlpkg.files.xlsx import Workbook
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, DeclarationError, from_json
from xlpkg.form.fields import TOTAL
from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.text import norm, tidy
from xlpkg.layout import SEAL_LABEL
from xlpkg.reading.foreign.importer import document_of, import_document
from xlpkg.reading.foreign.projects import projects_of
from xlpkg.reading.foreign.synonyms import known_synonyms
from xlpkg.reading.source import Source
from xlpkg.year import heads
from xlpkg.year.form import CAUSES, MONITORING, NAMES, SELF_EVALUATION, Kind, Money, YearForm, YearRow
from xlpkg.year.json_form import from_year_json, is_year_json
from xlpkg.year.matching import matched
from xlpkg.year.profile import YearProfile, following, load
from xlpkg.year.sheet import SEAL_OF_DECLARATION
from xlpkg.year.workbook import DECLARATION_LABEL, FACT_LABELS, FACTS

_POINTS_IN_LABEL = re.compile(r"[(（]?(\d{1,3}(?:\.\d)?)分")
_CODE = "([0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4})"
_SEAL_OF_DECLARATION = re.compile(rf"{SEAL_OF_DECLARATION}[：:]\s*{_CODE}")
_SEAL = re.compile(rf"(?<!申报表){SEAL_LABEL}[：:]\s*{_CODE}")
_STYLE = re.compile(r"版式：(\S+) \S+　表式：(\S+)")
_ADJUSTED = re.compile(r"(.+?)\s*调整为(.+?)（(.*)）", re.DOTALL)
_OF_A_ROW = ("actual", "forecast", "why", "chance", "note", "points", "score", "adjusted", "basis", "before", "before_chance")
_LONGEST = 2000
_TALLEST_HEAD = 3
"""Rows that a head takes at most; a taller cell at the left says what the block is called."""


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
    reader = _Reader(document, declared)
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
    reader = _Reader(document, declared)
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


class _Reader:
    """Reads the tables of a document: funds, result, rows, total, each found by its labels and heads."""

    def __init__(self, document: Document, declared: Profile) -> None:
        self._declared = declared
        self.rows: list[YearRow] = []
        self.cells: dict[tuple[int | None, str], str] = {}
        self.sheet = ""
        self.month: int | None = None
        self.seal = ""
        self._texts: dict[str, str] = {}
        self._funds: dict[str, Money] = {}
        for table in document.tables:
            self._table(table)
        for table in document.tables:
            self._money(table)
            self._result(table)
        for piece in document.pieces():
            if match := _SEAL_OF_DECLARATION.search(piece.text):
                self.seal = match[1].upper()

    def form(self, kind: Kind, style: str, declaration: Declaration, rows: tuple[YearRow, ...]) -> YearForm:
        """The form with what was read, over a declaration."""
        form = YearForm(kind, style, declaration, funds=self._funds or {TOTAL: Money()}, rows=rows)
        return msgspec.structs.replace(form, **self._texts)

    # --- the indicators ---------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        if self.rows:
            return
        for row in range(len(table.rows)):
            columns, depth = self._heads(table, row)
            if columns:
                self.sheet = table.name
                self._body(table, row + depth, columns)
                return

    def _heads(self, table: Table, row: int) -> tuple[dict[str, int], int]:
        """The columns of a row of heads, and how many rows the heads take; nothing if it is none."""
        depth = 2 if self._has_second_row(table, row) else 1
        columns: dict[str, int] = {}
        for n in range(len(table.rows[row])):
            upper, lower = table.at(row, n), table.at(row + depth - 1, n)
            if upper is not None and upper.height > _TALLEST_HEAD:
                continue  # what the block is called, at its left
            key = (heads.indicator_column(lower.text) if lower else "") or (heads.indicator_column(upper.text) if upper else "")
            if key and key not in columns:
                columns[key] = n
                if key == "actual" and upper is not None:
                    self.month = heads.month_of(upper.text) or self.month
        if "converted" in columns:  # points × share of the whole
            columns["score"] = columns.pop("converted")
            columns["points"] = columns.get("share", columns.get("points", -1))
        enough = {"name", "target"} <= set(columns) and ("l1" in columns or "l2" in columns)
        return (columns, depth) if enough and ("actual" in columns or "score" in columns) else ({}, 0)

    @staticmethod
    def _has_second_row(table: Table, row: int) -> bool:
        """The heads go on in the row below: some of them are merged over both, others have heads below them."""
        both = [(c, table.at(row + 1, n)) for n, c in enumerate(table.rows[row]) if c is not None and c.text.strip()]
        both = [(c, below) for c, below in both if c.height <= _TALLEST_HEAD]
        lower = [below for c, below in both if c is not below and below is not None]
        return any(c is below for c, below in both) and any(heads.indicator_column(below.text) for below in lower)

    def _body(self, table: Table, first: int, columns: Mapping[str, int]) -> None:
        for row in range(first, len(table.rows)):
            cells = table.distinct(row)
            texts = [c.text.strip() for c in cells if c.text.strip() and (c.row == row or c.height <= _TALLEST_HEAD)]
            if not texts:
                continue
            if heads.TOTAL.fullmatch(heads.plain_head(texts[0])):
                self._total(table, row, columns)
                continue
            if heads.END.fullmatch(norm(texts[0])) and len(texts) <= 3:
                self._behind(table, row)
                continue
            if len(self.rows) < _LONGEST and (read := self._row(table, row, columns)):
                self.rows.append(read)

    def _row(self, table: Table, row: int, columns: Mapping[str, int]) -> YearRow | None:
        found = {key: cell for key, n in columns.items() if (cell := table.at(row, n)) is not None}
        said = {key: tidy(cell.text) for key, cell in found.items()}
        name, target = found.get("name"), said.get("target", "")
        if name is None or not said["name"] or name.width > 2 or name is found.get("actual"):
            return None
        if not target and not said.get("actual") and not said.get("points"):
            return None
        number = len(self.rows) + 1
        for key, cell in found.items():
            self._place(table, number, key, cell)
        ref = said.get("ref", "")
        causes = tuple(c for c in CAUSES if _ticked(said.get(f"cause.{c}", "")))
        if chances := [k.removeprefix("chance.") for k, text in said.items() if k.startswith("chance.") and _ticked(text)]:
            said["chance"] = "、".join(chances)
        if "why" not in columns:
            said["why"] = said.get("note", "")
        said["points"] = said.get("points", "").removesuffix("%")
        op, unit = (norm(said.get(k, "")) for k in ("op", "measure"))
        whole = (op if op in self._declared.operators else "") + target + ("" if target.endswith(unit) else unit)
        if adjusted := _ADJUSTED.fullmatch(whole):
            whole, said["adjusted"], said["basis"] = adjusted.groups()
        return YearRow(
            row=number, ref=int(ref) if ref.isdigit() else None,
            l1=self._declared.l1(_without_points(said.get("l1", ""))), l2=self._declared.l2(_without_points(said.get("l2", ""))),
            name=said["name"], target=whole if target else "", causes=causes, **{k: said.get(k, "") for k in _OF_A_ROW},
        )  # fmt: skip

    def _total(self, table: Table, row: int, columns: Mapping[str, int]) -> None:
        score = table.at(row, columns["score"]) if "score" in columns else None
        first = table.distinct(row)[0]
        if score is not None and score is not first:
            self._texts["total"] = tidy(score.text)
            self._place(table, None, "total", score)
        for cell in table.distinct(row)[1:]:
            grade = norm(cell.text).removeprefix("等级").lstrip("：: ")
            if grade in heads.GRADES:
                self._texts["grade"] = grade
                self._place(table, None, "grade", cell)

    def _behind(self, table: Table, row: int) -> None:
        """A text below the table, right of its label."""
        cells = table.distinct(row)
        label = norm(cells[0].text)
        fields = {
            "评价结论": "conclusion", "存在": "problems", "偏差": "problems", "改进": "measures", "相关建议": "measures",
        }  # fmt: skip
        field = next((f for word, f in fields.items() if label.startswith(word)), "")
        if field and len(cells) > 1:
            self._texts[field] = tidy(cells[1].text)
            self._place(table, None, field, cells[1])

    # --- funds and result -------------------------------------------------------------------------------------------

    def _money(self, table: Table) -> None:
        if self._funds:
            return
        for row in range(len(table.rows)):
            columns: dict[str, int] = {}
            for n, cell in enumerate(table.rows[row]):
                key = heads.money_column(cell.text) if cell is not None else ""
                if cell is not None and key and (key not in columns or (key == "adjusted" and "调整" in cell.text)):
                    columns[key] = n
            if "executed" in columns and not {"adjusted", "initial"} & set(columns):  # sources side by side, and their sum
                texts = (norm(c.text) if c is not None else "" for c in table.rows[row])
                whole = next((n for n, text in enumerate(texts) if heads.SUM_OF_SOURCES.fullmatch(text)), None)
                columns |= {} if whole is None else {"adjusted": whole}
            if "executed" in columns and ("adjusted" in columns or "initial" in columns):
                self._sources(table, row, columns)
                return

    def _sources(self, table: Table, head: int, columns: Mapping[str, int]) -> None:
        first = min(columns.values())
        for row in range(head + 1, len(table.rows)):
            labels = [c for c in table.distinct(row) if c.column < first and c.text.strip() and c is not table.at(head, c.column)]
            label = norm(labels[-1].text).rstrip("：:") if labels else ""
            if row == head + 1 and (not labels or not norm(label).strip("-—/0123456789.")):  # one row of figures without a label
                label = heads.WHOLE
            if not heads.SOURCE.fullmatch(label) or self._heads(table, row)[0]:
                if "原因" in label and TOTAL in self._funds:
                    self._reason(table, row, first)
                return
            source = self._source(label)
            if source in self._funds:
                continue
            cells = {k: c for k, n in columns.items() if (c := table.at(row, n)) is not None}
            said = {k: "" if _dash(c.text) else tidy(c.text) for k, c in cells.items()}
            self._funds[source] = Money(**{k: said.get(k, "") for k in Money.__struct_fields__})
            for key, cell in cells.items():
                self._place(table, None, f"funds.{source}.{key}", cell)
            if source == TOTAL:
                self._of_the_rate(table, head, said, cells)

    def _reason(self, table: Table, row: int, first: int) -> None:
        cell = next((c for c in table.distinct(row) if c.column >= first), None)
        if cell is not None:
            self._funds[TOTAL] = msgspec.structs.replace(self._funds[TOTAL], reason=tidy(cell.text))
            self._place(table, None, "funds.total.reason", cell)

    def _of_the_rate(self, table: Table, head: int, said: Mapping[str, str], cells: Mapping[str, Cell]) -> None:
        """The points of the 执行率: in a column, or in the label of the block."""
        label = "".join(c.text for c in table.distinct(head))
        match = _POINTS_IN_LABEL.search(norm(label))
        self._texts["execution_points"] = said.get("points", "") or (match[1] if match else "")
        self._texts["execution_score"] = said.get("score", "")
        for key, field in (("points", "execution_points"), ("score", "execution_score")):
            if key in cells:
                self._place(table, None, field, cells[key])

    def _source(self, label: str) -> str:
        """The key of a source of money: the total, one of the declaration's, or its label."""
        bare = re.sub(r"^其中[:：]?", "", label).strip()
        if bare == label and heads.TOTAL_SOURCE.fullmatch(label):
            return TOTAL
        fields = {norm(self._declared.label(f)): f.rpartition(".")[2] for f in self._declared.money_fields}
        return fields.get(bare, bare.replace(".", "．"))

    def _result(self, table: Table) -> None:
        """完成情况: below its head, which stands beside that of the goal."""
        if "result" in self._texts:
            return
        for row in range(len(table.rows)):
            cells = table.distinct(row)
            if not any(heads.GOAL.fullmatch(heads.plain_head(c.text)) for c in cells):
                continue
            for cell in cells:
                if heads.RESULT.fullmatch(heads.plain_head(cell.text)):
                    below = table.at(row + cell.height, cell.column)
                    if below is not None:
                        self._texts["result"] = tidy(below.text)
                        self._place(table, None, "result", below)
                        return

    def _place(self, table: Table, row: int | None, key: str, cell: Cell) -> None:
        if cell.where.startswith("“"):
            self.cells.setdefault((row, key), address(cell.row, cell.column))


def _without_points(text: str) -> str:
    """产出指标(50分) → 产出指标."""
    return re.sub(r"[(（]\s*[\d.]+\s*分?\s*[)）]", "", text)


def _ticked(text: str) -> bool:
    return text.strip() not in ("", "×", "否", "0")


def _dash(text: str) -> bool:
    return norm(text) in ("-", "—", "/", "——", "－", "--")
