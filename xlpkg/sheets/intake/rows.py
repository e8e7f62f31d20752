"""The indicator rows of a foreign form: the heads of its columns, however they are called and wherever they stand."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from xlpkg.form.declaration import Indicator, indicator
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.sheets.intake.document import Cell, Document, Entry, Table
from xlpkg.sheets.intake.vocabulary import Vocabulary

_VALUE = ("op", "number", "measure")
_PLACED = ("l1", "l2", "name", "value", "op", "number", "measure", "standard", "note")
_DOTS = re.compile(r"[….·\s]*")
_NUMBERED = re.compile(r"^\s*(?:指标|目标)\s*\d{1,2}\s*[：:.、]\s*")
_ORDINAL = re.compile(r"^\s*(?:[（(]\d{1,2}[)）]|\d{1,2}[.、．](?!\d)|[①-⑳])\s*")
_LEAST_GUESSED = 3
_MANY_STANDARDS = 0.3
_SIGN = re.compile("[≥≤=><＝＞＜≧≦⩾⩽﹥﹤]{1,2}|定性|正向|反向")


class Heads(msgspec.Struct):
    """The columns of a table below one row of heads: column → place. `blocks` is where the blocks' names stand, if anywhere."""

    row: int
    places: dict[str, int]
    ignored: tuple[int, ...]
    dropped: tuple[int, ...]
    guessed: bool = False


class Line(msgspec.Struct):
    """A row as it was read: its texts by column, the cells they came from, and what was done to them."""

    table: Table
    row: int
    texts: dict[str, str]
    block: str
    where: str
    sure: str
    done: list[str]


class Rows:
    """The indicators of a document; `entries` tell where each came from."""

    def __init__(self, document: Document, words: Vocabulary) -> None:
        self._document, self._words = document, words
        self.lines: list[Line] = []
        self.entries: list[Entry] = []
        self._own = False

    @property
    def of_ours(self) -> bool:
        """The table is one of our form's: it has our columns 序号 and 检查."""
        return self._own

    def read(self) -> None:
        """Find the tables of indicators and their rows; what is found is marked as taken."""
        before: tuple[Heads, int] | None = None
        block = ""
        for table in self._document.tables:
            heads = self._heads(table)
            if not heads and before and self._goes_on(table, before[1]):
                heads = [Heads(-1, before[0].places, before[0].ignored, before[0].dropped)]
            for n, head in enumerate(heads):
                end = heads[n + 1].row if n + 1 < len(heads) else len(table.rows)
                block = self._body(table, head, end, block if head.row == -1 else self._block_above(table, head))
                before = head, self._width(table, head.row + 1) or self._width(table, head.row)
        if not self.lines:
            for table in self._document.tables:
                if guessed := self._guess(table):
                    self._body(table, guessed, len(table.rows), "")
        years = {line.block for line in self.lines}
        if "year" in years and "long" in years:
            self._set_aside([line for line in self.lines if line.block == "long"])
        self._standards_or_notes()

    def _goes_on(self, table: Table, width: int) -> bool:
        """A table without heads of as many columns as the one before: its next page."""
        return bool(table.rows) and self._width(table, 0) == width

    @staticmethod
    def _width(table: Table, row: int) -> int:
        return len(table.rows[row]) if row < len(table.rows) else 0

    # --- heads ------------------------------------------------------------------------------------------------------

    def _heads(self, table: Table) -> list[Heads]:
        """The rows of heads of a table, from above."""
        return [h for row in range(len(table.rows)) if (h := self._head(table, row))]

    def _head(self, table: Table, row: int) -> Heads | None:
        cells = table.distinct(row)
        named = [(c, self._words.column(c.text)) for c in cells if c.text.strip()]
        keys = [key for _, key in named if key]
        levels = sum(key in ("l1", "l2", "name") for key in set(keys))
        if levels < 2 and not ("name" in keys and "value" in keys):
            return None
        if cells and cells[0].row != row and all(c.row != row for c, key in named if key):
            return None  # heads that are merged downwards count once
        self._own = self._own or "own" in keys
        return self._columns(table, row, cells)

    def _columns(self, table: Table, row: int, cells: Sequence[Cell]) -> Heads:
        groups: list[dict[str, int]] = [{}]
        ignored: list[int] = []
        dropped: list[int] = []
        block_of: list[str] = [""]
        for cell in cells:
            key = self._words.column(cell.text)
            if not key and (self._words.block(cell.text) or not cell.text.strip()):
                if self._words.block(cell.text):
                    cell.take()
                ignored.append(cell.column)
                continue
            if key in groups[-1] and key in ("name", "value", "number", "l2") and self._block_over(table, row, cell):
                groups.append({})
                block_of.append("")
            if key in _PLACED and key not in groups[-1]:
                groups[-1][key] = cell.column
                block_of[-1] = block_of[-1] or self._block_over(table, row, cell)
                cell.take()
            elif key == "own":
                ignored.append(cell.column)
                cell.take()
            else:
                dropped.append(cell.column)
        year = next((n for n, block in enumerate(block_of) if block == "year"), len(groups) - 1)
        places = {**groups[0], **groups[year]} if len(groups) > 1 else groups[0]
        for n, group in enumerate(groups):
            if n != year and len(groups) > 1:
                dropped += [c for key, c in group.items() if places.get(key) != c]
        if self._own:
            blank = [c.column for c in cells if not c.text.strip()]
            places |= self._renamed(places, sorted({*dropped, *blank}))
        places = self._number_column(table, row, places)
        return Heads(row, places, tuple(ignored), tuple(sorted(set(dropped) - set(places.values()))))

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

    def _block_over(self, table: Table, row: int, cell: Cell) -> str:
        """The block that stands above a head: 中期目标, 年度目标; or in the head itself (年度指标值)."""
        above = table.at(row - 1, cell.column) if row else None
        if above is not None and above is not cell and (block := self._words.block(above.text)):
            return block
        text = self._words.bare(cell.text)
        return next((kind for kind, word in _BLOCK_WORDS if text.startswith(word)), "")

    def _number_column(self, table: Table, row: int, places: dict[str, int]) -> dict[str, int]:
        """A column 指标值 beside one for the sign or the unit holds only the figure; 指标性质 that holds no signs is none."""
        if "op" in places:
            below = [c.text.strip() for r in range(row + 1, len(table.rows)) if (c := table.at(r, places["op"])) and c.text.strip()]
            signs = sum(bool(_SIGN.fullmatch(t)) and t not in ("正向", "反向") for t in below)
            if 2 * signs < len(below):
                places = {k: v for k, v in places.items() if k != "op"}
        if "value" in places and ("op" in places or "measure" in places):
            places = {("number" if k == "value" else k): v for k, v in places.items()}
        return places

    def _guess(self, table: Table) -> Heads | None:
        """A table without heads: the columns where the categories stand, and what follows them in the order of our form."""
        found: dict[str, list[int]] = {"l1": [], "l2": []}
        first = len(table.rows)
        for cell in table.cells():
            for level in self._words.levels(cell.text):
                found[level].append(cell.column)
                first = min(first, cell.row)
        if not found["l2"] or sum(map(len, found.values())) < _LEAST_GUESSED:
            return None
        places = {level: max(set(columns), key=columns.count) for level, columns in found.items() if columns}
        left = list(range(places["l2"] + 1, max(map(len, table.rows))))
        columns = ("name", "op", "number", "measure", "standard", "note") if len(left) >= len(_PLACED) - 3 else _SHORT_ORDER
        places |= dict(zip(columns, left, strict=False))
        return Heads(first - 1, places, (), tuple(left[len(columns) :]), guessed=True)

    # --- rows -------------------------------------------------------------------------------------------------------

    def _block_above(self, table: Table, head: Heads) -> str:
        """The block that a table's head names to its left, or a row above it."""
        for cell in (*table.distinct(head.row), *(table.distinct(head.row - 1) if head.row else ())):
            if block := self._words.block(cell.text):
                return block
        return ""

    def _body(self, table: Table, head: Heads, end: int, block: str) -> str:
        l1 = l2 = ""
        for row in range(head.row + 1, end):
            cells = table.distinct(row)
            if not any(c.text.strip() for c in cells):
                continue
            first = next((c for c in cells if c.text.strip()), None)
            if first is not None and self._ends(first, head):
                break
            block = self._block_of(cells, head) or block
            texts, done = self._texts(table, row, head)
            if above := self._category(table, row, head, "l1"):
                l2 = "" if above != l1 else l2
                l1 = above
            l2 = self._category(table, row, head, "l2") or l2
            sure = "低" if head.guessed else "高"
            if _DOTS.fullmatch(texts.get("name", "")) and not any(texts.get(k, "").strip() for k in ("value", "number", "op")):
                self._take(table, row, head, [k for k in ("l1", "l2") if self._words.levels(self._category(table, row, head, k))])
                if not texts.get("standard", "").strip():
                    continue
            self._take(table, row, head, tuple(head.places))
            self.lines.append(Line(table, row, {**texts, "l1": l1, "l2": l2}, block, self._where(table, row), sure, done))
        return block

    def _ends(self, cell: Cell, head: Heads) -> bool:
        """The row is none of the table's any more: it begins, left of the names, with the label of a field below the table."""
        if cell.column >= head.places.get("name", 1):
            return False
        if self._words.begins_field(cell.text):
            return True
        is_label = bool(self._words.field(cell.text))
        return is_label and not self._words.levels(cell.text) and not self._words.block(cell.text)

    def _block_of(self, cells: Sequence[Cell], head: Heads) -> str:
        for cell in cells:
            if cell.column not in head.places.values() and (block := self._words.block(cell.text)):
                cell.take()
                return block
        return ""

    def _texts(self, table: Table, row: int, head: Heads) -> tuple[dict[str, str], list[str]]:
        """The row's texts by column; blanks at the ends are as typed, empty lines are not."""
        done: list[str] = []
        texts = {}
        for key, column in head.places.items():
            cell = table.at(row, column)
            text = cell.text.strip("\n") if cell is not None else ""
            if cell is not None and cell.row != row and key in ("name", "value", "op", "number", "measure", "note"):
                text = ""  # merged downwards: it belongs to the row above
            texts[key] = text
        name = texts.get("name", "")
        bare = _NUMBERED.sub("", name)
        bare = bare if bare != name else _ORDINAL.sub("", name)
        if bare != name:
            if bare.strip():
                done.append(f"去掉编号“{name[: len(name) - len(bare)].strip()}”")
            texts["name"] = bare
        if norm(texts.get("op", "")) == "定性":
            texts["op"] = ""
        return texts, done

    def _category(self, table: Table, row: int, head: Heads, level: str) -> str:
        """A category as typed, without its enumeration and points; "" if the row has none of its own."""
        cell = table.at(row, head.places[level]) if level in head.places else None
        return self._words.category(cell.text) if cell is not None else ""

    def _take(self, table: Table, row: int, head: Heads, columns: Iterable[str]) -> None:
        for key in columns:
            cell = table.at(row, head.places[key]) if key in head.places else None
            if cell is not None:
                cell.take()
        for column in head.ignored:
            cell = table.at(row, column)
            if cell is not None and self._own:
                cell.take()

    @staticmethod
    def _where(table: Table, row: int) -> str:
        cell = next((c for c in table.distinct(row) if c.row == row and c.text.strip()), None)
        place = cell.where if cell is not None else table.name
        return re.sub(r"第\d+格$|[A-Z]+(?=\d+$)", "", place)

    def _set_aside(self, lines: Sequence[Line]) -> None:
        """Rows of the long term beside rows of the year: the form has no place for them."""
        kept = [line for line in self.lines if line not in lines]
        for line in lines:
            for cell in line.table.distinct(line.row):
                if cell.row == line.row and not any(cell in k.table.distinct(k.row) for k in kept if k.table is line.table):
                    cell.left = cell.text
        self.lines = kept

    def _standards_or_notes(self) -> None:
        """A column of standards that holds explanations is taken as notes."""
        texts = [norm(line.texts["standard"]) for line in self.lines if line.texts.get("standard", "").strip()]
        known = sum(text in self._words.standards for text in texts)
        if texts and known < _MANY_STANDARDS * len(texts):
            for line in self.lines:
                if text := line.texts.pop("standard", "").strip():
                    note = line.texts.get("note", "").strip()
                    line.texts["note"] = "；".join(filter(None, (note, f"依据：{text}")))
                    line.done.append("依据写进备注")

    # --- indicators -------------------------------------------------------------------------------------------------

    def indicators(self, profile: Profile) -> tuple[Indicator, ...]:
        """The rows as indicators of a form; an entry each."""
        found: list[Indicator] = []
        for line in self.lines:
            l1, l2, done = self._placed(line, profile)
            texts = line.texts
            value = texts.get("value", "") or "".join(texts.get(k, "") for k in _VALUE)
            if texts.get("measure") == "%" and texts.get("number", "").endswith("%"):
                value = texts.get("op", "") + texts["number"]
            note, standard = texts.get("note", ""), texts.get("standard", "")
            if standard.strip() and not profile.standards:
                label = profile.label("standard")
                note, standard = "；".join(filter(None, (note, f"{label}：{standard.strip()}"))), ""
                done = [*done, f"{label}写进备注"]
            item = indicator(len(found) + 1, l1, l2, texts.get("name", ""), value, standard, note)
            found.append(item)
            shown = "／".join(t.strip() for t in (l2, item.name, item.value, standard) if t.strip())
            sure = "中" if line.sure == "高" and not (l1 and l2) else line.sure
            self.entries.append(Entry(f"第{item.row}行", shown, line.where, sure, "；".join(done)))
        return tuple(found)

    def _placed(self, line: Line, profile: Profile) -> tuple[str, str, list[str]]:
        """First and second level as our form names them, and what was done."""
        done = list(line.done)
        l1, typed = profile.l1(line.texts["l1"]), profile.l2(line.texts["l2"])
        l2 = self._words.second_level(typed, profile)
        if l2 != typed:
            done.append(f"“{typed}”归入“{l2}”")
        if not l1 and l2 in profile.parent:
            l1 = profile.parent[l2]
            done.append(f"一级指标按“{l2}”补为“{l1}”")
        if not l2 and l1 in profile.l1_names.values():
            under = [c for c in profile.tree if c.name == l1]
            if len(under[0].l2) == 1:
                l2 = under[0].l2[0].name
                done.append(f"二级指标按“{l1}”补为“{l2}”")
        return l1, l2, done


_OUR_ORDER = ("l1", "l2", "name", "op", "number", "measure", "standard", "note")
_SHORT_ORDER = ("name", "value", "standard", "note")
_BLOCK_WORDS = (("year", "本年度"), ("year", "年度"), ("year", "当年"), ("long", "实施期"), ("long", "中期"), ("long", "长期"))
