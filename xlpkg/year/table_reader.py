"""The tables of a later form, ours or another office's: funds, result, rows, total, each found by its labels and heads."""

import re
from collections.abc import Mapping

import msgspec

from xlpkg.files.a1 import address
from xlpkg.files.document import Cell, Document, Table
from xlpkg.form.declaration import Declaration
from xlpkg.form.fields import TOTAL
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm, tidy
from xlpkg.year import heads
from xlpkg.year.form import CAUSES, Kind, Money, YearForm, YearRow
from xlpkg.year.sheet import SEAL_OF_DECLARATION

_POINTS_IN_LABEL = re.compile(r"[(（]?(\d{1,3}(?:\.\d)?)分")
CODE = "([0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4})"
"""A 校验码, as a pattern."""
_SEAL_OF_DECLARATION = re.compile(rf"{SEAL_OF_DECLARATION}[：:]\s*{CODE}")
_ADJUSTED = re.compile(r"(.+?)\s*调整为(.+?)（(.*)）", re.DOTALL)
_OF_A_ROW = ("actual", "forecast", "why", "chance", "note", "points", "score", "adjusted", "basis", "before", "before_chance")
_LONGEST = 2000
_TALLEST_HEAD = 3
"""Rows that a head takes at most; a taller cell at the left says what the block is called."""


class Reader:
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
