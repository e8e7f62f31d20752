"""The indicator rows of a foreign form, below heads that were found."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from xlpkg.files.document import Cell, Document, Table
from xlpkg.form.declaration import Indicator, indicator
from xlpkg.form.import_report import Entry
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm
from xlpkg.reading.foreign.columns import SIGN_WORDS, HeadReader, Heads
from xlpkg.reading.foreign.synonyms import Vocabulary

_VALUE = ("op", "number", "measure")
_DOTS = re.compile(r"[….·\s]*")
_NUMBERED = re.compile(r"^\s*(?:指标|目标)\s*\d{1,2}\s*[：:.、]\s*")
_ORDINAL = re.compile(r"^\s*(?:[（(]\d{1,2}[)）]|\d{1,2}[.、．](?!\d)|[①-⑳])\s*")
_DOUBT = "请核对"
_MEANING = ("name", "value", *_VALUE)
_SUM = re.compile("合计|总计|小计|总分")
_NUMBER_OF_ROW = re.compile(r"\d{1,3}|[一二三四五六七八九十]{1,3}")
_NO_UNIT = ("—", "-", "/", "无")
_NAME_AND_VALUE = re.compile(r"([^≥≤=＝><＞＜\d]{2,}?)[\s:：]*([≥≤=＝><＞＜].+)", re.DOTALL)
_A_VALUE = re.compile(r"[≥≤=><]|\d")
_MANY_STANDARDS = 0.3


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
        self._reader = HeadReader(document, words)
        self._l1 = self._l2 = ""  # the categories above: they go on where a table does

    @property
    def of_ours(self) -> bool:
        """The table is one of our form's: it has our columns 序号 and 检查."""
        return self._reader.own

    def read(self) -> None:
        """Find the tables of indicators and their rows; what is found is marked as taken."""
        before: tuple[Heads, int] | None = None
        block = ""
        for table in self._document.tables:
            heads = self._reader.of_table(table)
            if not heads and before and self._goes_on(table, *before):
                heads = [Heads(-1, before[0].places, before[0].ignored, before[0].dropped)]
            for n, head in enumerate(heads):
                end = heads[n + 1].top if n + 1 < len(heads) else len(table.rows)
                block = self._body(table, head, end, block if head.row == -1 else self._block_above(table, head))
                before = head, self._width(table, head.row + 1) or self._width(table, head.row)
        if not self.lines:
            for table in self._document.tables:
                if guessed := self._reader.guess(table):
                    self._body(table, guessed, len(table.rows), "")
        years = {line.block for line in self.lines}
        if "year" in years and "long" in years:
            self._set_aside([line for line in self.lines if line.block == "long"])
        self._standards_or_notes()

    def _goes_on(self, table: Table, head: Heads, width: int) -> bool:
        """A table without heads, as wide as the one before, with categories or blanks in their columns: its next page."""
        if not table.rows or self._width(table, 0) != width:
            return False
        columns = [head.places[level] for level in ("l1", "l2") if level in head.places]
        known = {*self._words_of_lines(), ""}
        texts = [self._words.category(c.text) for column in columns if (c := table.at(0, column)) is not None]
        return all(text in known or self._words.levels(text) for text in texts)

    def _words_of_lines(self) -> set[str]:
        """The categories of the rows so far, misspelt ones as well."""
        return {line.texts[level] for line in self.lines for level in ("l1", "l2")}

    @staticmethod
    def _width(table: Table, row: int) -> int:
        return len(table.rows[row]) if row < len(table.rows) else 0

    def _block_above(self, table: Table, head: Heads) -> str:
        """The block that a table's head names to its left, or a row above it."""
        top = max(head.top, 0)
        for cell in (*table.distinct(top), *(table.distinct(top - 1) if top else ())):
            if block := self._words.block(cell.text):
                return block
        return ""

    def _body(self, table: Table, head: Heads, end: int, block: str) -> str:
        for row in range(head.row + 1, end):
            cells = table.distinct(row)
            if not any(c.text.strip() for c in cells):
                continue
            edge = min(head.places.values())
            first = next((c for c in cells if c.text.strip() and c.column + c.width > edge), cells[0])
            if self._ends(first, head):
                break
            if self._is_section(first, head):
                self._l1, self._l2 = self._words.category(first.text), ""
                first.take()
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
            sure = "低" if head.guessed else "中" if any(_DOUBT in d for d in done) else "高"
            if _DOTS.fullmatch(texts.get("name", "")) and not any(texts.get(k, "").strip() for k in ("value", "number", "op")):
                self._take(table, row, head, [k for k in ("l1", "l2") if self._words.levels(self._category(table, row, head, k))])
                if not texts.get("standard", "").strip():
                    continue
            self._take(table, row, head, tuple(head.places))
            for part in _parted(texts):
                told = [*done, "一格里写了几条，已按行拆开"] if part is not texts else done
                line = Line(table, row, {**part, "l1": self._l1, "l2": self._l2}, block, self._where(table, row), sure, told)
                self.lines.append(line)
        return block

    def _is_section(self, first: Cell, head: Heads) -> bool:
        """A category that stands alone over the columns of names and values: 一、产出指标."""
        return self._spans(first, head, "name", "value", "number") and bool(self._words.levels(first.text))

    def _is_apart(self, table: Table, row: int, first: Cell, head: Heads) -> bool:
        """A row that is no indicator: a note over all columns, 审核意见 beside its text, 合计; it stays without a place."""
        if self._reader.own or first.row != row or first.column >= head.places.get("name", 1):
            return False
        if self._spans(first, head):
            return True
        if (
            self._words.levels(first.text)
            or self._words.block(first.text)
            or self._words.category(first.text) in self._words_of_lines()
        ):
            return False
        name = table.at(row, head.places["name"]) if "name" in head.places else None
        if name is not None and name.row == row and self._spans(name, head, "name", "value", "number"):
            return True
        values = (table.at(row, head.places[k]) for k in ("name", "value", "number") if k in head.places)
        return _SUM.fullmatch(self._words.bare(first.text)) is not None or not any(c is not None and c.text.strip() for c in values)

    @staticmethod
    def _spans(cell: Cell, head: Heads, *keys: str) -> bool:
        """The cell covers these columns, as far as the table has them, and more than one."""
        columns = [head.places[k] for k in keys if k in head.places]
        return cell.width > 1 and bool(columns) and cell.column <= min(columns) and cell.column + cell.width > max(columns)

    def _goes_on_above(self, table: Table, row: int, head: Heads, texts: dict[str, str]) -> bool:
        """The first row of a page holds but the rest of a value that the page cut."""
        own = {k for k, text in texts.items() if text.strip()} | {k for k in ("l1", "l2") if self._category(table, row, head, k)}
        if not self.lines or head.row != -1 or own != {"value"}:
            return False
        line = self.lines[-1]
        line.texts["value"] = line.texts.get("value", "").rstrip() + texts["value"].strip()
        line.sure, line.done = "中", [*line.done, f"{_DOUBT}：值接到下一页“{texts['value'].strip()}”"]
        self._take(table, row, head, tuple(head.places))
        return True

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
        texts: dict[str, str] = {}
        merged: dict[str, str] = {}
        for key, column in head.places.items():
            cell = table.at(row, column)
            text = cell.text.strip("\n") if cell is not None else ""
            if cell is not None and cell.row != row and key in (*_MEANING, "note"):
                merged[key] = text  # merged downwards: it belongs to the row above
                text = ""
            texts[key] = text
        if any(texts.get(key, "").strip() for key in _MEANING):  # but for a row of its own it holds as well
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
            if cell is not None and (self._reader.own or _NUMBER_OF_ROW.fullmatch(cell.text.strip())):
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
            value = texts.get("value", "") or _joined(*(texts.get(k, "") for k in _VALUE))
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

    @staticmethod
    def _satisfaction(profile: Profile) -> str:
        """The second level under 满意度指标."""
        return next((c.l2[0].name for c in profile.tree if c.name == profile.roles.satisfaction), "")

    def _placed(self, line: Line, profile: Profile) -> tuple[str, str, list[str]]:
        """First and second level as our form names them, and what was done."""
        done = list(line.done)
        l1, typed = self._words.first_level(line.texts["l1"], profile), profile.l2(line.texts["l2"])
        l2 = self._words.second_level(typed, profile)
        if l2 != typed:
            done.append(f"“{typed}”归入“{l2}”")
        if l2 == self._satisfaction(profile) and l1 == profile.roles.benefit:
            done.append(f"“{l1}”下的“{l2}”归入“{profile.parent[l2]}”")
            l1 = profile.parent[l2]
        if not l1 and l2 in profile.parent:
            l1 = profile.parent[l2]
            done.append(f"一级指标按“{l2}”补为“{l1}”")
        if not l2 and l1 in profile.l1_names.values():
            under = [c for c in profile.tree if c.name == l1]
            if len(under[0].l2) == 1:
                l2 = under[0].l2[0].name
                done.append(f"二级指标按“{l1}”补为“{l2}”")
        return l1, l2, done


def _joined(op: str, number: str, measure: str) -> str:
    """A value of three columns written together; a sign or a unit that stands in two of them counts once."""
    bare_sign, bare_unit = norm(op), norm(measure)
    op = SIGN_WORDS.get(bare_sign, op)
    if bare_sign and norm(number).startswith(norm(op)):
        op = ""
    if bare_unit in _NO_UNIT or (bare_unit and norm(number).endswith(bare_unit)):
        measure = ""
    return op + number + measure


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
