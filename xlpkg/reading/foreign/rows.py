"""The indicator rows of a foreign form, below the heads of their columns."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from xlpkg.files.document import Cell, Document, Table
from xlpkg.form.text import comparable, norm
from xlpkg.reading.foreign.columns import HeadReader, TableHead
from xlpkg.reading.foreign.synonyms import Synonyms

_VALUE = ("op", "number", "measure")
_DOTS = re.compile(r"[….·\s]*")
_NUMBERED = re.compile(r"^\s*(?:指标|目标)\s*\d{1,2}\s*[：:.、]\s*")
_ORDINAL = re.compile(r"^\s*(?:[（(]\d{1,2}[)）]|\d{1,2}[.、．](?!\d)|[①-⑳])\s*")
_DOUBT = "请核对"
_MEANING = ("name", "value", *_VALUE)
_COLUMN_BEHIND = re.compile(r"第\d+格$|(?<![A-Z])[A-Z]{1,3}(?=\d+$)")
_SUM = re.compile("合计|总计|小计|总分")
_NUMBER_OF_ROW = re.compile(r"\d{1,3}|[一二三四五六七八九十]{1,3}")
_NAME_AND_VALUE = re.compile(r"([^≥≤=＝><＞＜\d]{2,}?)[\s:：]*([≥≤=＝><＞＜].+)", re.DOTALL)
_A_VALUE = re.compile(r"[≥≤=><]|\d")
_SIGNED = re.compile(r"(?<![≥≤=><])[≥≤=><]+\s*\d")
_SECOND = re.compile(r"[^\d.]\s*2[.、．](?!\d)|②|[（(]2[)）]")
_MANY_STANDARDS = 0.3


class Line(msgspec.Struct):
    """A row as it was read: its texts by column, and what was done to them.

    `others` are its cells in columns that are none of the standard ones, each with the head of its column.
    """

    table: Table
    row: int
    texts: dict[str, str]
    block: str
    where: str
    sure: str
    done: list[str]
    others: tuple[tuple[Cell, Cell], ...] = ()
    note_head: str = ""


class RowReader:
    """Reads the indicator rows of a document into `lines`."""

    def __init__(self, document: Document, synonyms: Synonyms, year: str = "") -> None:
        self._document, self._synonyms = document, synonyms
        self.lines: list[Line] = []
        self.heads: list[str] = []  # of all columns that are none of the standard ones
        self._heads = HeadReader(document, synonyms, year)
        self._l1 = self._l2 = ""  # the categories above: they hold on the next page of a table as well

    @property
    def of_ours(self) -> bool:
        """The table is one of our form's: it has our columns 序号 and 检查."""
        return self._heads.own

    @property
    def with_heads(self) -> bool:
        """There are heads of indicators, whether indicators stand below or not."""
        return any(self._heads.of_table(table) for table in self._document.tables)

    def read(self) -> None:
        """Find the tables of indicators and their rows; what is found is marked as used."""
        before: tuple[TableHead, int] | None = None
        block = ""
        for table in self._document.tables:
            heads = self._heads.of_table(table)
            if not heads and before and self._goes_on(table, *before):
                heads = [msgspec.structs.replace(before[0], row=-1, top=-1, guessed=False)]
            for n, head in enumerate(heads):
                self.heads += [c.text for c in head.heads.values()]
                end = heads[n + 1].top if n + 1 < len(heads) else len(table.rows)
                block = self._body(table, head, end, block if head.row == -1 else self._block_above(table, head))
                before = head, self._width(table, head.row + 1) or self._width(table, head.row)
        if not self.lines:
            for table in self._document.tables:
                if guessed := self._heads.guess(table):
                    self._body(table, guessed, len(table.rows), "")
        years = {line.block for line in self.lines}
        if "year" in years and "long" in years:
            self._leave_out([line for line in self.lines if line.block == "long"])
        self._standards_or_notes()

    def _goes_on(self, table: Table, head: TableHead, width: int) -> bool:
        """A table without heads, as wide as the one before, with categories or blanks in their columns: its next page."""
        if not table.rows or self._width(table, 0) != width:
            return False
        columns = [head.places[level] for level in ("l1", "l2") if level in head.places]
        known = {*self._categories_so_far(), ""}
        texts = [self._synonyms.category(c.text) for column in columns if (c := table.at(0, column)) is not None]
        return all(text in known or self._synonyms.levels(text) for text in texts)

    def _categories_so_far(self) -> set[str]:
        """The categories of the rows so far, misspelt ones as well."""
        return {line.texts[level] for line in self.lines for level in ("l1", "l2")}

    @staticmethod
    def _width(table: Table, row: int) -> int:
        return len(table.rows[row]) if row < len(table.rows) else 0

    def _block_above(self, table: Table, head: TableHead) -> str:
        """The block that a table's head names to its left, or a row above it."""
        top = max(head.top, 0)
        for cell in (*table.distinct(top), *(table.distinct(top - 1) if top else ())):
            if block := self._synonyms.block(cell.text):
                return block
        return ""

    def _body(self, table: Table, head: TableHead, end: int, block: str) -> str:
        """Read the rows below a head; gives the block in which the last one stands."""
        for row in range(head.row + 1, end):
            cells = table.distinct(row)
            if not any(c.text.strip() for c in cells):
                continue
            edge = min(head.places.values())
            first = next((c for c in cells if c.text.strip() and c.column + c.width > edge), cells[0])
            if self._ends(first, head):
                break
            if self._is_section(first, head) or self._alone(cells, first, head):
                category = self._synonyms.category(first.text)
                if self._synonyms.levels(first.text) == {"l2"}:
                    self._l2 = category
                else:
                    self._l1, self._l2 = category, ""
                first.use()
                continue
            if self._is_apart(table, row, first, head):
                continue
            block = self._block_of(cells, head) or block
            texts, done = self._texts(table, row, head)
            if row == head.row + 1 and self._goes_on_above(table, row, head, texts):
                continue
            if above := self._category(table, row, head, "l1"):
                self._l2 = "" if above != self._l1 else self._l2
                self._l1 = above
            self._l2 = self._category(table, row, head, "l2") or self._l2
            done += self._taken_off(table, row, head)
            if _holds_several(texts) and _parted(texts) == [texts]:
                done.append(f"{_DOUBT}：一格里像是写了几条")
            doubted = row in table.doubted or any(_DOUBT in d for d in done)
            sure = "低" if head.guessed else "中" if doubted else "高"
            if _DOTS.fullmatch(texts.get("name", "")) and all(_DOTS.fullmatch(texts.get(k, "")) for k in ("value", "number", "op")):
                self._use(table, row, head, [k for k in ("l1", "l2") if self._synonyms.levels(self._category(table, row, head, k))])
                if not texts.get("standard", "").strip():
                    continue
            self._use(table, row, head, tuple(head.places))
            for part in _parted(texts):
                what = [*done, "一格里写了几条，已按行拆开"] if part is not texts else done
                whole = {**part, "l1": self._l1, "l2": self._l2}
                line = Line(table, row, whole, block, self._where(table, row), sure, what, self._others(table, row, head))
                if "note" in head.places and head.places["note"] in head.heads:
                    line.note_head = head.heads[head.places["note"]].text
                self.lines.append(line)
        return block

    @staticmethod
    def _others(table: Table, row: int, head: TableHead) -> tuple[tuple[Cell, Cell], ...]:
        """The row's own cells in columns with heads that are none of the standard ones."""
        cells = ((head.heads[c], table.at(row, c)) for c in head.dropped if c in head.heads)
        return tuple((h, cell) for h, cell in cells if cell is not None and cell.row == row and cell.text.strip())

    def _is_section(self, first: Cell, head: TableHead) -> bool:
        """A category that stands alone over the columns of names and values: 一、产出指标."""
        return self._spans(first, head, "name", "value", "number") and bool(self._synonyms.levels(first.text))

    def _alone(self, cells: Sequence[Cell], first: Cell, head: TableHead) -> bool:
        """A category that stands alone in a row of a table without columns of categories: （一）数量指标."""
        with_columns = "l1" in head.places or "l2" in head.places
        return (
            not with_columns
            and bool(self._synonyms.levels(first.text))
            and not any(c.text.strip() for c in cells if c is not first)
        )

    def _is_apart(self, table: Table, row: int, first: Cell, head: TableHead) -> bool:
        """A row that is no indicator and is not used: a note over all columns, 审核意见 beside its text, 合计."""
        if self._heads.own or first.row != row or first.column >= head.places.get("name", 1):
            return False
        if self._spans(first, head):
            return True
        synonyms, text = self._synonyms, first.text
        if synonyms.levels(text) or synonyms.block(text) or synonyms.category(text) in self._categories_so_far():
            return False
        name = table.at(row, head.places["name"]) if "name" in head.places else None
        if name is not None and name.row == row and self._spans(name, head, "name", "value", "number"):
            return True
        values = (table.at(row, head.places[k]) for k in ("name", "value", "number") if k in head.places)
        return _SUM.fullmatch(synonyms.bare(text)) is not None or not any(c is not None and c.text.strip() for c in values)

    @staticmethod
    def _spans(cell: Cell, head: TableHead, *keys: str) -> bool:
        """The cell covers these columns, as far as the table has them, and more than one."""
        columns = [head.places[k] for k in keys if k in head.places]
        return cell.width > 1 and bool(columns) and cell.column <= min(columns) and cell.column + cell.width > max(columns)

    def _goes_on_above(self, table: Table, row: int, head: TableHead, texts: dict[str, str]) -> bool:
        """The first row of a page holds only the rest of a value that the page cut."""
        own = {k for k, text in texts.items() if text.strip()} | {k for k in ("l1", "l2") if self._category(table, row, head, k)}
        if not self.lines or head.row != -1 or own != {"value"}:
            return False
        line = self.lines[-1]
        line.texts["value"] = line.texts.get("value", "").rstrip() + texts["value"].strip()
        line.sure, line.done = "中", [*line.done, f"{_DOUBT}：值接到下一页“{texts['value'].strip()}”"]
        self._use(table, row, head, tuple(head.places))
        return True

    def _ends(self, cell: Cell, head: TableHead) -> bool:
        """The table ended above: the row begins, left of the names, with the label of a field below the table."""
        if cell.column >= head.places.get("name", 1):
            return False
        if self._synonyms.begins_field(cell.text):
            return True
        is_label = bool(self._synonyms.field(cell.text))
        return is_label and not self._synonyms.levels(cell.text) and not self._synonyms.block(cell.text)

    def _block_of(self, cells: Sequence[Cell], head: TableHead) -> str:
        """The block that a cell beside the columns names; "" if none does."""
        for cell in cells:
            if cell.column not in head.places.values() and (block := self._synonyms.block(cell.text)):
                cell.use()
                return block
        return ""

    def _texts(self, table: Table, row: int, head: TableHead) -> tuple[dict[str, str], list[str]]:
        """The row's texts by column; blanks at the ends are as typed, empty lines are not."""
        done: list[str] = []
        texts: dict[str, str] = {}
        merged: dict[str, str] = {}
        for key, column in head.places.items():
            cell = table.at(row, column)
            text = cell.text.strip("\n") if cell is not None else ""
            if cell is not None and cell.row != row and key in (*_MEANING, "note"):
                merged[key] = text  # merged downwards: it belongs to the row above
                text = ""
            texts[key] = text
        if any(texts.get(key, "").strip() for key in _MEANING):
            # the row is an indicator of its own: the merged texts are its as well
            shared = {key: text for key, text in merged.items() if text.strip() and key != "note"}
            texts |= shared
            done += [f"{_DOUBT}：合并的格“{text.strip()}”各行都填" for text in shared.values()]
        name = texts.get("name", "")
        bare = _NUMBERED.sub("", name)
        bare = bare if bare != name else _ORDINAL.sub("", name)
        if bare != name:
            if bare.strip():
                done.append(f"去掉编号“{name[: len(name) - len(bare)].strip()}”")
            texts["name"] = bare
        if norm(texts.get("op", "")) == "定性":
            texts["op"] = ""
        if not any(k in head.places for k in ("value", "number")) and texts.get("name", "").strip():
            both = _NAME_AND_VALUE.fullmatch(texts["name"])
            texts |= {"name": both[1], "value": both[2]} if both else {}
            done.append(f"{_DOUBT}：名称和指标值写在一格" + ("，已分开" if both else ""))
        return texts, done

    def _category(self, table: Table, row: int, head: TableHead, level: str) -> str:
        """A category as typed, without its enumeration and points; "" if the row has none of its own."""
        cell = table.at(row, head.places[level]) if level in head.places else None
        return self._synonyms.category(cell.text) if cell is not None else ""

    def _taken_off(self, table: Table, row: int, head: TableHead) -> list[str]:
        """What stands behind a category and is no part of it: 数量指标（必填）."""
        found = []
        for level in ("l1", "l2"):
            cell = table.at(row, head.places[level]) if level in head.places else None
            if cell is not None and cell.row == row and self._synonyms.levels(cell.text):
                behind = comparable(norm(cell.text)).replace("\n", "").partition(self._synonyms.category(cell.text))[2]
                if behind.strip():
                    found.append(f"“{behind.strip()}”没有放入")
        return found

    def _use(self, table: Table, row: int, head: TableHead, columns: Iterable[str]) -> None:
        """Mark the row's cells in these columns as used, and the number of the row."""
        for key in columns:
            cell = table.at(row, head.places[key]) if key in head.places else None
            if cell is not None:
                cell.use()
        for column in head.ignored:
            cell = table.at(row, column)
            if cell is not None and (self._heads.own or _NUMBER_OF_ROW.fullmatch(cell.text.strip())):
                cell.use()

    @staticmethod
    def _where(table: Table, row: int) -> str:
        cell = next((c for c in table.distinct(row) if c.row == row and c.text.strip()), None)
        place = cell.where if cell is not None else table.name
        return _COLUMN_BEHIND.sub("", place)

    def _leave_out(self, lines: Sequence[Line]) -> None:
        """Leave out the rows of the long term beside rows of the year: the form has no place for them."""
        kept = [line for line in self.lines if line not in lines]
        for line in lines:
            for cell in line.table.distinct(line.row):
                if cell.row == line.row and not any(cell in k.table.distinct(k.row) for k in kept if k.table is line.table):
                    cell.left = cell.text
        self.lines = kept

    def _standards_or_notes(self) -> None:
        """A column of standards that holds explanations is read as notes."""
        texts = [norm(line.texts["standard"]) for line in self.lines if line.texts.get("standard", "").strip()]
        known = sum(text in self._synonyms.standards for text in texts)
        if texts and known < _MANY_STANDARDS * len(texts):
            for line in self.lines:
                if text := line.texts.pop("standard", "").strip():
                    note = line.texts.get("note", "").strip()
                    line.texts["note"] = "；".join(filter(None, (note, f"依据：{text}")))
                    line.done.append("依据写进备注")


def _holds_several(texts: dict[str, str]) -> bool:
    """The name or the value of a row holds more than one: 1.培训人数 2.培训场次, ≥200人 ≥4场."""
    return len(_SIGNED.findall(norm(texts.get("value", "")))) > 1 or bool(_SECOND.search(texts.get("name", "")))


def _parted(texts: dict[str, str]) -> list[dict[str, str]]:
    """A row whose name and value hold several indicators, one a line, as rows; else the row itself."""
    lines = {key: [t.strip() for t in text.split("\n") if t.strip()] for key, text in texts.items()}
    names, values = lines.get("name", []), lines.get("value") or lines.get("number") or []
    numbered = sum(bool(_NUMBERED.match(n) or _ORDINAL.match(n)) for n in names) >= len(names) - 1
    figures = all(_A_VALUE.match(norm(v)) for v in values)
    if len(names) < 2 or len(names) != len(values) or not (numbered or figures):
        return [texts]
    parts = [{k: ts[n] if len(ts) == len(names) else texts[k] for k, ts in lines.items()} for n in range(len(names))]
    return [{**part, "name": _ORDINAL.sub("", _NUMBERED.sub("", part["name"]))} for part in parts]
