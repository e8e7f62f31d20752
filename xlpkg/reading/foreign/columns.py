"""The heads of a table of indicators, however they are called and wherever they stand: which column holds what."""

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from xlpkg.files.document import Cell, Document, Table
from xlpkg.form.text import norm
from xlpkg.form.units import FAMILIES
from xlpkg.form.words import SIGNS_BEFORE, alternatives
from xlpkg.reading.foreign.synonyms import Synonyms

_PLACED = ("l1", "l2", "name", "value", "op", "number", "measure", "standard", "note")
_OUR_ORDER = ("l1", "l2", "name", "op", "number", "measure", "standard", "note")
_SHORT_ORDER = ("name", "value", "standard", "note")
_LEAST_GUESSED = 3
_SIGN = re.compile("[≥≤=><＝＞＜≧≦⩾⩽﹥﹤═﹦]{1,2}|定性|正向|反向|" + alternatives(SIGNS_BEFORE))
_SOME_YEAR = re.compile(r"(?:预计|预期)?(?:20\d\d|前|上|去|当|本)年|实施期|中期|长期|年度|全?周期")
_ONE_YEAR = re.compile(r"(?:预计|预期)?(?:20\d\d|前|上|去|当|本)年度?(?:目标|计划|实际|完成|实现|预期)?值?$")
_EARLIER = re.compile("前年|前一年|上年|上一年|去年|历史|实际|(?<!预期)完成(?!目标)")
_PART_OF_YEAR = re.compile(r"半年|季度|1[-—~至]\d月|\d月底")
_YEAR = re.compile(r"20\d\d")
_BLOCK_WORDS = (
    ("year", re.compile(r"(?:预计|预期)?(?:本年|年度|当年|全年|20\d\d年)")),
    ("long", re.compile("实施期|中期|长期|中长期|总目标|三年|全?周期|总体")),
)
_MOST_SIGNS, _FAR_UP, _LONGEST_HEAD, _LONGEST_BLOCK = 0.5, 6, 30, 12
_GOALS = {"long_goal": "long", "year_goal": "year"}


class TableHead(msgspec.Struct):
    """The head of a table, from row `top` to row `row`: `places` says in which column of the table each of our columns stands.

    `ignored` are columns that hold nothing of ours (序号), `dropped` those that are none of the standard columns; `heads` are
    the heads of these, and of the notes, by column. A head that was `guessed` has no texts of its own.
    """

    row: int
    places: dict[str, int]
    ignored: tuple[int, ...]
    dropped: tuple[int, ...]
    guessed: bool = False
    top: int = -1
    heads: dict[int, Cell] = {}


class HeadReader:
    """Reads the heads of a document's tables; `own` says whether one of them is that of a form of ours.

    `year` is the form's year: of several columns of values the one that counts.
    """

    def __init__(self, document: Document, synonyms: Synonyms, year: str) -> None:
        self._document, self._synonyms, self._year = document, synonyms, year
        self.own = False

    def of_table(self, table: Table) -> list[TableHead]:
        """The heads of a table from top to bottom: one a page, or one a block."""
        found: list[TableHead] = []
        for row in range(len(table.rows)):
            if (not found or row > found[-1].row) and (head := self._head(table, row)):
                found.append(head)
        return found

    def _head(self, table: Table, row: int) -> TableHead | None:
        cells = table.distinct(row)
        named = [(c, self._synonyms.column(c.text)) for c in cells if c.text.strip()]
        keys = [key for _, key in named if key]
        levels = sum(key in ("l1", "l2", "name") for key in set(keys))
        if levels < 2 and not ("name" in keys and "value" in keys):
            return None
        if cells and cells[0].row != row and all(c.row != row for c, key in named if key):
            return None  # a head that is merged downwards counts once
        self.own = self.own or keys.count("own") > 1 or (self._document.ours and "own" in keys)
        return self._placed(table, row, self._second_row(table, row))

    def _second_row(self, table: Table, row: int) -> list[tuple[Cell, Cell | None]]:
        """The cells of a head; one that the row below splits (指标值 over 符号, 数值) stands with each of its parts."""
        heads = table.distinct(row)
        below = table.distinct(row + 1) if row + 1 < len(table.rows) else []
        parts_below = [c for c in below if c.row == row + 1 and c.text.strip()]
        ends = self._ends(heads, len(table.rows[row + 1]) if below else 0)
        wide = [h for h in heads if sum(h.column <= c.column < ends.get(h.column, 0) for c in parts_below) > 1]
        inside = [c for c in parts_below if any(h.column <= c.column < ends[h.column] for h in wide)]
        if not wide or len(inside) != len(parts_below) or not all(map(self._may_split, inside)):
            return [(h, None) for h in heads]
        found: list[tuple[Cell, Cell | None]] = []
        for head in heads:
            parts = [c for c in inside if head in wide and head.column <= c.column < ends[head.column]]
            covered = any(h.column < head.column < ends[h.column] for h in wide)
            found += [(head, part) for part in parts] or ([] if covered else [(head, None)])
        return found

    @staticmethod
    def _ends(heads: Sequence[Cell], width: int) -> dict[int, int]:
        """The column behind each head with a text; the blank cells that follow one that was not merged belong to it.

        So do the places behind the last one, up to the width of the row below.
        """
        ends: dict[int, int] = {}
        last = -1
        for head in heads:
            if head.text.strip():
                last = head.column
            if last >= 0:
                ends[last] = head.column + head.width
        if last >= 0:
            ends[last] = max(ends[last], width)
        return ends

    def _may_split(self, cell: Cell) -> bool:
        """The text names a column, a block or a year: it may stand in a second row of heads."""
        text = cell.text
        return bool(self._synonyms.column(text) or self._synonyms.block(text) or _SOME_YEAR.match(self._synonyms.bare(text)))

    def _placed(self, table: Table, row: int, heads: Sequence[tuple[Cell, Cell | None]]) -> TableHead:
        groups: list[dict[str, int]] = [{}]
        ignored: list[int] = []
        dropped: list[int] = []
        signs: list[int] = []
        block_of: list[str] = [""]
        keys = (self._key(part or head, head if part is not None else None) for head, part in heads)
        years_alone = not {"value", "number"} & set(keys)
        repeated = sum(self._synonyms.column(head.text) == "name" for head, _ in heads) > 1
        for head, part in heads:
            cell = part or head
            key = self._key(cell, head if part is not None else None, years_alone=years_alone)
            if not key and (self._synonyms.block(cell.text) or not cell.text.strip()):
                if self._synonyms.block(cell.text) and not self._heads_a_text(table, row, cell):
                    cell.use()
                ignored.append(cell.column)
                continue
            block = self._block_over(table, row, cell, head)
            if key in groups[-1] and key in ("name", "value", "number", "l2") and (block or repeated):
                groups.append({})
                block_of.append("")
            if key == "op":
                signs.append(cell.column)
            if key in _PLACED and key not in groups[-1]:
                groups[-1][key] = cell.column
                block_of[-1] = block_of[-1] or block or (self._block_far_above(table, row, cell) if repeated else "")
                for piece in (head, cell) if key != "op" else ():
                    piece.use()
            elif key == "own":
                ignored.append(cell.column)
                cell.use()
            else:
                dropped.append(cell.column)
        year = next((n for n, block in enumerate(block_of) if block == "year"), len(groups) - 1)
        places: dict[str, int] = {}
        for group in (groups[year], groups[0], *groups):  # a column that only one block has holds for both
            places = {**group, **places}
        for n, group in enumerate(groups):
            if n != year and len(groups) > 1:
                dropped += [c for key, c in group.items() if places.get(key) != c]
        if self.own:
            blank = [h.column for h, _ in heads if not h.text.strip()]
            places |= self._renamed(places, sorted({*dropped, *blank}))
        known = self._by_content(table, row, places, dropped)
        places |= known
        for head, part in heads:
            if (part or head).column in known.values():
                (part or head).use()
        if "op" not in places and not signs:
            signs += [c for c in dropped if self._share_of_signs(table, row, c, empty=0) >= _MOST_SIGNS]
        last = max((part.row for _, part in heads if part is not None), default=row)
        places = self._number_column(table, last, places, [*signs, *(c for k, c in places.items() if k == "op")])
        for head, part in heads:
            if (part or head).column == places.get("op"):
                head.use()
                (part or head).use()
        left = tuple(sorted((set(dropped) | set(signs)) - set(places.values())))
        named = {(part or head).column: part or head for head, part in heads}
        kept = {c: named[c] for c in (*left, *(places[k] for k in ("note",) if k in places)) if c in named}
        return TableHead(last, places, tuple(ignored), left, top=row, heads=kept)

    def _key(self, cell: Cell, above: Cell | None, *, years_alone: bool = False) -> str:
        """The column that a head names; a value of another year, or one that came about, is no target.

        With `years_alone` a head that says no more than a year (2025年, 本年目标) names a value.
        """
        key = self._synonyms.column(cell.text)
        if above is not None and not key and self._synonyms.column(above.text) in ("value", "number"):
            key = "value"
        if not key and years_alone and not self._synonyms.block(cell.text) and _ONE_YEAR.match(self._synonyms.bare(cell.text)):
            key = "value"
        if key in ("value", "number"):
            bare = self._synonyms.bare(cell.text)
            years = _YEAR.findall(bare)
            if _EARLIER.search(bare) or _PART_OF_YEAR.search(norm(cell.text)) or (years and self._year and self._year not in years):
                return "last_year"
        return key

    def _by_content(self, table: Table, row: int, places: dict[str, int], unknown: Sequence[int]) -> dict[str, int]:
        """The columns of categories, standards and units whose heads nobody knows (指标类型), by what stands below."""
        found: dict[str, int] = {}
        for key, known in (("standard", self._synonyms.standards), ("measure", FAMILIES)):
            for column in unknown if key not in places else ():
                texts = [norm(c.text) for r in range(row + 1, len(table.rows)) if (c := table.at(r, column)) and c.text.strip()]
                if sum(t in known for t in texts) * 2 > len(texts):
                    found.setdefault(key, column)
        for level in ("l1", "l2"):
            for column in unknown if level not in places else ():
                below = {c.text for r in range(row + 1, len(table.rows)) if (c := table.at(r, column)) and c.text.strip()}
                categories = sum(level in self._synonyms.levels(t) for t in below)
                if column not in found.values() and categories * 2 > len(below):
                    found.setdefault(level, column)
        return found

    def _heads_a_text(self, table: Table, row: int, cell: Cell) -> bool:
        """Below 年度目标 stands the goal itself, not a block of indicators."""
        below = table.at(row + 1, cell.column)
        return bool(self._synonyms.field(cell.text)) and below is not None and len(below.text) > _LONGEST_BLOCK

    @staticmethod
    def _renamed(places: dict[str, int], unknown: Sequence[int]) -> dict[str, int]:
        """In a form of ours, columns whose heads were renamed: as many as are missing between two that are known."""
        found: dict[str, int] = {}
        order = ["value" if c == "number" and "value" in places else c for c in _OUR_ORDER]
        known = [("", -1), *sorted(((k, c) for k, c in places.items() if k in order), key=lambda p: p[1]), ("", 10**6)]
        for (left, first), (right, last) in pairwise(known):
            start = order.index(left) + 1 if left else 0
            missing = order[start : order.index(right) if right else len(order)]
            between = [c for c in unknown if first < c < last]
            if len(between) == len(missing):
                found |= dict(zip(missing, between, strict=True))
        return found

    def _block_over(self, table: Table, row: int, cell: Cell, head: Cell) -> str:
        """The block that stands above a head: 中期目标, 年度目标; or in the head itself (年度指标值)."""
        above = table.at(row - 1, cell.column) if row else None
        if above is not None and above is not cell and (block := self._synonyms.block(above.text)):
            return block
        texts = [self._synonyms.bare(c.text) for c in (cell, head)]
        if self._year and any(_YEAR.search(t) and self._year not in t for t in texts):
            return ""
        return next((block for text in texts for block, pattern in _BLOCK_WORDS if pattern.match(text)), "")

    def _block_far_above(self, table: Table, row: int, cell: Cell) -> str:
        """The block in whose columns a head stands, by the goals above it: 中期目标（2024—2026年） beside 年度目标."""
        for upper in range(row - 1, max(row - _FAR_UP, 0) - 1, -1):
            above = table.at(upper, cell.column)
            if above is None or len(above.text) > _LONGEST_HEAD:
                continue
            if kind := self._synonyms.block(above.text) or _GOALS.get(self._synonyms.field(above.text), ""):
                return kind
        return ""

    def _number_column(self, table: Table, row: int, places: dict[str, int], signs: Sequence[int]) -> dict[str, int]:
        """A column 指标值 beside one of signs or units holds only the figure; 指标性质 without signs is not of signs."""
        best = max(signs, key=lambda column: self._share_of_signs(table, row, column), default=None)
        if best is not None and self._share_of_signs(table, row, best) >= _MOST_SIGNS:
            places = {**places, "op": best}
        else:
            places = {k: v for k, v in places.items() if k != "op"}
        if "value" in places and ("op" in places or "measure" in places):
            places = {("number" if k == "value" else k): v for k, v in places.items()}
        return places

    @staticmethod
    def _share_of_signs(table: Table, row: int, column: int, empty: float = 1) -> float:
        """Which share of a column's texts are signs; `empty` for an empty column."""
        below = [c.text.strip() for r in range(row + 1, len(table.rows)) if (c := table.at(r, column)) and c.text.strip()]
        signs = sum(bool(_SIGN.fullmatch(norm(t))) and norm(t) not in ("正向", "反向") for t in below)
        return signs / len(below) if below else empty

    def guess(self, table: Table) -> TableHead | None:
        """A table without heads: the columns where the categories stand, and what follows them in the order of our form."""
        found: dict[str, list[int]] = {"l1": [], "l2": []}
        first = len(table.rows)
        for cell in table.cells():
            for level in self._synonyms.levels(cell.text):
                found[level].append(cell.column)
                first = min(first, cell.row)
        if not found["l2"] or sum(map(len, found.values())) < _LEAST_GUESSED:
            return None
        places = {level: max(set(columns), key=columns.count) for level, columns in found.items() if columns}
        if found["l2"].count(places["l2"]) * 2 < len(found["l2"]):
            return None  # the categories are heads of columns
        left = list(range(places["l2"] + 1, max(map(len, table.rows))))
        columns = ("name", "op", "number", "measure", "standard", "note") if len(left) >= len(_PLACED) - 3 else _SHORT_ORDER
        places |= dict(zip(columns, left, strict=False))
        return TableHead(first - 1, places, (), tuple(left[len(columns) :]), guessed=True)
