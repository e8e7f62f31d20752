"""The header fields of a foreign form: labels in cells or in running text, their values beside, below or behind the colon."""

import re
from decimal import Decimal

import msgspec

from xlpkg.form import money
from xlpkg.form.declaration import FUNDS
from xlpkg.form.text import norm
from xlpkg.sheets.intake.document import GONE, Cell, Document, Entry, Piece, Table
from xlpkg.sheets.intake.vocabulary import Vocabulary

_TITLE = re.compile(r"[^\n]*绩效[^\n]{0,12}(?:表|书)[^\n]*")
_YEAR = re.compile(r"(20\d\d)\s*年?度?")
_YEAR_ALONE = re.compile(r"\s*[（(]?\s*(20\d\d)\s*年?度?\s*[）)]?\s*")
_MONEY = ("元", "万元", "亿元", "百元", "千元")
_CODE = re.compile(r"^\s*[（(\[【]?\s*(\d{3,12})\s*[)）\]】]?\s*[-—、.．]?\s*(?=\D)")
_AMOUNTS = ("budget_wan", "central", "province", "city")


class Found(msgspec.Struct):
    """A header value: its text as typed, where it stood, how sure, what was done to it, and how good its label was."""

    text: str
    where: str
    sure: str
    rank: int
    piece: Piece
    span: tuple[int, int]
    done: str = ""


class Header:
    """The header of a document; `values` are texts by field, `entries` tell where each came from."""

    def __init__(self, document: Document, words: Vocabulary, labels_of_form: set[str]) -> None:
        self._document, self._words, self._known = document, words, labels_of_form
        self._found: dict[str, Found] = {}
        self._rejected: list[Found] = []
        self.values: dict[str, str] = {}
        self.entries: list[Entry] = []

    def read(self, money_unit: str) -> None:
        """Find every field; amounts are put into the form's money unit."""
        for table in self._document.tables:
            for cell in table.cells():
                if not cell.taken:
                    self._cell(table, cell)
        for piece in self._document.pieces():
            if not piece.taken:
                self._running_text(piece)
        for piece in self._document.pieces():
            if not piece.taken:
                self._title(piece)
        self._settle(money_unit)

    def _cell(self, table: Table, cell: Cell) -> None:
        """A cell that is a label: its value stands to the right, or below where the right is another label."""
        field = self._words.field(cell.text)
        if not field or (field == "year" and _TITLE.fullmatch(cell.text.strip())):
            return
        right = table.at(cell.row, cell.column + cell.width)
        below = table.at(cell.row + cell.height, cell.column)
        value = next((c for c in (right, below) if c is not None and not self._labels(c)), None)
        if right is not None and right is value and not right.text.strip() and below is not None and not self._labels(below):
            beyond = table.at(cell.row, right.column + right.width)
            if below.text.strip() and beyond is None and field.endswith("goal"):
                value = below
        if field == "upper_funds":
            cell.take()
            if value is right and value is not None and not self._words.inline(value.text):
                self._all_upper_funds(value)
            return
        cell.take()
        if value is not None:
            self._offer(field, cell.text, value, 0, len(value.text))

    def _labels(self, cell: Cell) -> bool:
        """The cell is a label of its own, or a head of a column."""
        text = cell.text
        return bool(self._words.field(text) or self._words.column(text) or self._words.levels(text))

    def _all_upper_funds(self, value: Cell) -> None:
        """One figure for all upper funds: 0 means none of each; any other cannot be parted."""
        if norm(value.text).removesuffix("万元").removesuffix("元") in ("0", "0.0", "0.00"):
            value.take()
            for field in ("central", "province", "city"):
                self._found.setdefault(field, Found("0", value.where, "中", 0, value, (0, 0), "上级资金合计为0，三级都填0"))

    def _running_text(self, piece: Piece) -> None:
        for field, start, begin, end in self._words.inline(piece.text):
            if GONE in piece.left[start:begin]:
                continue
            piece.take(start, begin)
            self._offer(field, piece.text[start:begin], piece, begin, end)

    def _offer(self, field: str, label: str, piece: Piece, start: int, end: int) -> None:
        """A value for a field: the better label wins, the first of equals; what loses stays unplaced unless it is the same."""
        text = piece.text[start:end]
        if field == "money_unit" and not any(norm(text).startswith(u) for u in _MONEY):
            return
        if field == "to_sign":
            return
        known = self._words.bare(label) in self._known
        found = Found(text, piece.where, "高" if known else "中", self._words.rank(label), piece, (start, end))
        held = self._found.get(field)
        if held is None or (not held.text.strip() and text.strip()) or (text.strip() and found.rank < held.rank):
            self._found[field] = found
            found, held = held, found  # type: ignore[assignment]  # the loser goes on
        if found is not None and held is not None and norm(found.text) == norm(held.text):
            found.piece.take(*found.span)

    def _title(self, piece: Piece) -> None:
        """The title with the year; a year in a line of its own."""
        for line in re.finditer(r"[^\n]+", piece.text):
            title = _TITLE.fullmatch(line[0].strip())
            alone = _YEAR_ALONE.fullmatch(line[0])
            if not title and not alone:
                continue
            year = _YEAR.search(norm(line[0]))
            if year and "year" not in self._found:
                self._found["year"] = Found(year[1], piece.where, "高", 0, piece, line.span())
            if not year or self._found["year"].text == year[1]:
                piece.take(*line.span())

    def _settle(self, money_unit: str) -> None:
        unit = self._found.pop("money_unit", None)
        typed_unit = next((u for u in sorted(_MONEY, key=len, reverse=True) if unit and norm(unit.text).startswith(u)), "")
        if unit:
            start = unit.span[0]
            unit.piece.take(start, start + len(typed_unit) + len(unit.text) - len(unit.text.lstrip()))
        self._join_period()
        for field, found in self._found.items():
            if not found.text.strip():
                continue
            text = self._cleaned(field, found)
            if field in _AMOUNTS:
                text = _in_form_unit(text, typed_unit, money_unit, found)
            self.values[f"upper_funds.{field}" if field in FUNDS else field] = text
            self.entries.append(Entry(field, text, found.where, found.sure, found.done))
        if "year" not in self.values:
            self._guess_year()

    def _cleaned(self, field: str, found: Found) -> str:
        """The text as typed, without blanks that the form put around it; a code before a name is left in the list."""
        start, end = found.span
        text = found.text
        if field in ("unit", "department", "project") and (code := _CODE.match(text)) and text[code.end() :].strip():
            found.piece.take(start + code.end(), end)
            found.done = f"编码“{code[1]}”没有放入"
            return text[code.end() :].strip()
        if end:
            found.piece.take(start, end)
        return text.strip() if not isinstance(found.piece, Cell) or (start, end) != (0, len(found.piece.text)) else text.strip("\n")

    def _join_period(self) -> None:
        """计划开始日期 and 计划完成日期 make the period."""
        start, end = self._found.pop("period_start", None), self._found.pop("period_end", None)
        if not start and not end:
            return
        if "period" in self._found and self._found["period"].text.strip():
            return
        texts = [f.text.strip() for f in (start, end) if f and f.text.strip()]
        for found in (start, end):
            if found:
                found.piece.take(*found.span)
        first = start or end
        assert first
        if texts:
            self._found["period"] = Found("—".join(texts), first.where, "中", 0, first.piece, (0, 0), "由开始和结束日期合成")

    def _guess_year(self) -> None:
        years = re.findall(r"20\d\d", norm(self.values.get("period", "")))
        if len(set(years)) == 1:
            found = self._found["period"]
            self.values["year"] = years[0]
            self.entries.append(Entry("year", years[0], found.where, "低", "表上没有写年度，按实施期推断"))


def _in_form_unit(text: str, typed: str, unit: str, found: Found) -> str:
    """An amount that the source gives in another unit, in the form's: "226,145,100.00" 元 → "22614.51"."""
    bare = norm(text).replace(" ", "")
    amount = money.parse(text, typed if typed in ("元", "万元", "亿元") else unit)
    if not typed or typed == unit or amount is None or any(u in bare for u in "元万亿"):
        return text
    found.done = f"由{typed}换算为{unit}"
    if typed in ("百元", "千元"):
        yuan = Decimal(bare.replace(",", "")) * (100 if typed == "百元" else 1000)
        return money.in_unit(yuan, unit)
    return money.in_unit(amount, unit)
