"""What the labels of a foreign form say: labels in cells or in running text, their values beside, below or behind the colon."""

import re
from collections.abc import Iterator

import msgspec

from xlpkg.files.document import USED, Cell, Document, Piece, Table
from xlpkg.form import money
from xlpkg.form.blanks import of_template
from xlpkg.form.text import norm
from xlpkg.reading.foreign.amounts import is_amount, levels_of
from xlpkg.reading.foreign.synonyms import GOALS, Synonyms

TITLE = re.compile(r"[^\n]*绩效[^\n]{0,16}(?:表|书|文本)[^\n]*|[^\n]*20\d\d年[^\n]{0,30}绩效目标[和及](?:绩效)?指标")
_SUM = re.compile("合计|总计|小计|金额|总额")
_LONG, _YEARS = re.compile("中期|长期|实施期|总目标|全周期|三年"), re.compile("年度|当年|本年|20\\d\\d")
_HEADING = re.compile("[一二三四五六七八九十]+、")
_GLUED = re.compile(r"\s*(\D{2,14}?)\s*(\d[\d,.]*\s*(?:万元|亿元|元|万)?)\s*")
_MONEY = "money."
_FAR_UP, _LONGEST_LABEL = 4, 60
_PLAIN_TEXT = ("unit", "department", "project")


class Fact(msgspec.Struct, eq=False):
    """A label and its value.

    `field` is what the label names: one of synonyms.FIELDS, or "money." and one of synonyms.MONEY. `rank` says how good the
    label is, the lower the better. `group` are the texts left of a label of money and above its value, which may name the unit
    of money. `long_term` is money of the medium term.
    """

    field: str
    label: str
    text: str
    where: str
    value: Piece
    span: tuple[int, int]
    label_piece: Piece
    label_span: tuple[int, int]
    rank: int
    group: tuple[str, ...] = ()
    long_term: bool = False

    def use(self) -> None:
        """Label and value are in the declaration."""
        self.label_piece.use(*self.label_span)
        self.value.use(*self.span)

    def use_label(self) -> None:
        """The label has been understood, whatever becomes of its value."""
        self.label_piece.use(*self.label_span)


class FactReader:
    """Reads the labels of a document, but for those in the tables of indicators, which are used already."""

    def __init__(self, document: Document, synonyms: Synonyms) -> None:
        self._document, self._synonyms = document, synonyms
        self._values: set[int] = set()  # pieces that are the value of a label
        self._table_of = {id(cell): table for table in document.tables for cell in table.cells()}
        self.facts: list[Fact] = []

    def read(self) -> list[Fact]:
        """Every label with its value, in the order of the source."""
        for table in self._document.tables:
            for cell in table.cells():
                if not cell.used and id(cell) not in self._values:
                    self._cell(table, cell)
        self._paragraphs()
        for piece in self._document.pieces():
            if not piece.used and id(piece) not in self._values:
                self._running_text(piece)
        return self.facts

    # --- labels in cells ----------------------------------------------------------------------------------------------

    def _cell(self, table: Table, cell: Cell) -> None:
        """A cell that is a label: its value stands to the right, or below where the right is another label."""
        synonyms, text = self._synonyms, cell.text
        source, field = synonyms.money(text), synonyms.field(text)
        if field == "year" and TITLE.fullmatch(text.strip()):
            return
        if source and not (field and self._amount_beside(table, cell) is None):
            self._money(table, cell, source)
        elif field:
            value = self._value_of(table, cell, field)
            if field in _PLAIN_TEXT and value is not None and money.parse(value.text, "元") is not None:
                return  # 项目支出 | 2
            self._add(field, cell, value)

    def _add(self, field: str, label: Cell, value: Cell | None) -> None:
        if value is not None:
            self._values.add(id(value))
        shown = value if value is not None else label
        text = value.text if value is not None and not of_template(value.text) else ""
        span = (0, len(text))
        rank = self._synonyms.rank(label.text)
        self.facts.append(Fact(field, label.text, text, shown.where, shown, span, label, (0, len(label.text)), rank))

    def _value_of(self, table: Table, cell: Cell, field: str) -> Cell | None:
        """The cell that holds a label's value: to its right, below where the right is another label, beyond a blank one."""
        right = table.at(cell.row, cell.column + cell.width)
        below = table.at(cell.row + cell.height, cell.column)
        value = next((c for c in (right, below) if c is not None and not self._is_label(c)), None)
        if right is None or right is not value or right.text.strip():
            return value
        if field in GOALS and below is not None and not self._is_label(below) and len(below.text.strip()) > 1:
            rest = self._rest_of_row(table, right)
            return below if not rest or self._both_below(table, cell, rest[0]) else self._beyond(table, right) or value
        return self._beyond(table, right) or value

    def _beyond(self, table: Table, blank: Cell) -> Cell | None:
        """The text behind a blank cell, if nothing or a label follows it in the row: else it may be a label that nobody knows."""
        rest = self._rest_of_row(table, blank)
        if not rest or self._is_label(rest[0]) or (len(rest) > 1 and not self._is_label(rest[1])):
            return None
        return rest[0]

    def _both_below(self, table: Table, goal: Cell, other: Cell) -> bool:
        """Two goals' labels in a row, their texts below them: 实施期目标 | | 年度目标 | ."""
        below = table.at(goal.row + 1, other.column)
        behind = self._rest_of_row(table, other)
        return self._synonyms.field(other.text) in GOALS and not behind and below is not None and not self._is_label(below)

    @staticmethod
    def _rest_of_row(table: Table, cell: Cell) -> list[Cell]:
        return [c for c in table.distinct(cell.row) if c.column > cell.column and c.text.strip()]

    def _is_label(self, cell: Cell) -> bool:
        """The cell is a label of its own, a head of a column, or begins with a label and a colon."""
        return self._synonyms.is_label(cell.text) or bool(self._synonyms.levels(cell.text)) or self._begins_with_label(cell.text)

    def _begins_with_label(self, text: str) -> bool:
        places = self._synonyms.inline(text) if len(text) < _LONGEST_LABEL else []
        return bool(places) and not text[: places[0].start].strip()

    # --- money in cells -----------------------------------------------------------------------------------------------

    def _amount_beside(self, table: Table, cell: Cell) -> Cell | None:
        """The amount of a label: beside it, behind the head 合计 or 金额, or below it."""
        right = table.at(cell.row, cell.column + cell.width)
        while right is not None and _SUM.fullmatch(self._synonyms.bare(right.text)):
            right = table.at(cell.row, right.column + right.width)  # 资金总额 | 合计 | 140
        if right is not None and levels_of(right.text):
            return right
        if right is not None and not self._is_label(right):
            if self._says_money(right.text):
                return right
            if right.text.strip():
                return None
        below = table.at(cell.row + cell.height, cell.column)
        if below is not None and not self._is_label(below) and below.text.strip() and self._says_money(below.text):
            return below
        return right if right is not None and not self._is_label(right) else None

    @staticmethod
    def _says_money(text: str) -> bool:
        return is_amount(text) or bool(levels_of(text))

    def _money(self, table: Table, cell: Cell, source: str) -> None:
        value = self._amount_beside(table, cell)
        if value is None:
            right = table.at(cell.row, cell.column + cell.width)
            if source == "upper" and right is not None and self._begins_with_label(right.text):
                cell.use()  # 上级资金 | 中央：  省级：  市级：
            return
        self._add(_MONEY + source, cell, value)
        fact = self.facts[-1]
        fact.group = tuple(self._around(table, cell, value))
        fact.long_term = self._of_long_term(table, cell)

    def _around(self, table: Table, label: Cell, value: Cell) -> Iterator[str]:
        """What stands left of a label and above a value, nearest first: there the unit of money may be named."""
        column = label.column - 1
        while column >= 0:
            left = table.at(label.row, column)
            if left is not None:
                yield self._text_from_above(table, left)[:_LONGEST_LABEL]
                column = left.column
            column -= 1
        for row in range(value.row - 1, max(value.row - _FAR_UP * 2, -1), -1):
            above = table.at(row, value.column)
            if above is not None and len(above.text) <= _LONGEST_LABEL:
                yield above.text

    @staticmethod
    def _text_from_above(table: Table, cell: Cell) -> str:
        """A cell's text, or, where it is blank as below a label that was not merged, the text above it."""
        row = cell.row
        while not cell.text.strip() and row > 0 and cell.row - row < _FAR_UP * 2:
            row -= 1
            above = table.at(row, cell.column)
            if above is not None and above.text.strip():
                return above.text
        return cell.text

    def _of_long_term(self, table: Table, cell: Cell) -> bool:
        """The label stands in the block of the medium term, whose money is not the year's."""
        if self._synonyms.money(cell.text) == "long":
            return True
        totals = [c for c in table.distinct(cell.row) if c.column < cell.column and self._synonyms.money(c.text) == "total"]
        if totals and self._beside_the_years(table, totals[-1]):
            return True
        begins_a_block = self._synonyms.money(cell.text) == "total"
        for row in range(cell.row, max(cell.row - (1 if begins_a_block else _FAR_UP), -1), -1):
            above = table.at(row, cell.column)
            if above is None or not self._synonyms.money(above.text):
                continue
            text = self._synonyms.bare(above.text)
            if _LONG.search(text) or self._beside_the_years(table, above):
                return True
            if _YEARS.search(text):
                return False
        return False

    def _beside_the_years(self, table: Table, cell: Cell) -> bool:
        """项目资金总额 | 3000 | 年度资金总额 | 1500, beside or below it: the first is that of all years."""
        right = table.at(cell.row, cell.column + cell.width)
        if self._synonyms.money(cell.text) != "total" or _YEARS.search(self._synonyms.bare(cell.text)):
            return False
        if right is None or self._is_label(right):
            return False  # 项目资金 | 年度资金总额 | 1500
        others = [c for c in table.distinct(cell.row) if c.column > cell.column]
        others += [below] if (below := table.at(cell.row + cell.height, cell.column)) is not None and below is not cell else []
        return any(self._synonyms.money(c.text) == "total" and _YEARS.search(self._synonyms.bare(c.text)) for c in others)

    # --- running text -------------------------------------------------------------------------------------------------

    def _paragraphs(self) -> None:
        """A goal's label that is a paragraph of its own: the goal is what follows, up to the next label."""
        paragraphs = self._document.paragraphs
        for n, label in enumerate(paragraphs):
            field = self._synonyms.field(label.text.strip().rstrip(":："))
            if field not in GOALS or label.used:
                continue
            goal: list[Piece] = []
            for piece in paragraphs[n + 1 :]:
                text = piece.text.strip()
                heading = self._synonyms.field(text) or self._synonyms.block(text) or self._synonyms.begins_field(text)
                if heading or TITLE.fullmatch(text) or _HEADING.match(text) or piece.tables != label.tables:
                    break
                goal.append(piece)
            if goal:
                whole = Piece("\n".join(p.text for p in goal), goal[0].where)
                for piece in goal:
                    piece.use()
                self._values |= {id(label), *map(id, goal)}
                spans = (0, len(whole.text)), (0, len(label.text))
                rank = self._synonyms.rank(label.text)
                self.facts.append(Fact(field, label.text, whole.text, whole.where, whole, spans[0], label, spans[1], rank))

    def _running_text(self, piece: Piece) -> None:
        """The fields that a text names by label and colon, or money by a label with its amount behind it: 上级资金16."""
        table = self._table_of.get(id(piece))
        group = tuple(self._around(table, piece, piece)) if table is not None and isinstance(piece, Cell) else ()
        glued = _GLUED.fullmatch(piece.text)
        if glued and (source := self._synonyms.money(glued[1])):
            rank = self._synonyms.rank(glued[1])
            found = (piece.where, piece, glued.span(2), piece, glued.span(1), rank, group)
            self.facts.append(Fact(_MONEY + source, glued[1], glued[2], *found))
            return
        for place in self._synonyms.inline(piece.text):
            if USED in piece.left[place.start : place.begin]:
                continue
            value = piece.text[place.begin : place.end]
            if place.field.startswith(_MONEY) and not self._says_money(value):
                continue
            label = piece.text[place.start : place.begin]
            fact = Fact(
                place.field, label, value, piece.where, piece, (place.begin, place.end), piece, (place.start, place.begin),
                self._synonyms.rank(label), group,
            )  # fmt: skip
            fact.long_term = bool(_LONG.search(norm(label)))
            self.facts.append(fact)
