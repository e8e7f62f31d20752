"""Rows of a text with tabs, with the cells put back that browsers and OCR leave out: a merged cell stands only in its first row."""

import re
from collections.abc import Sequence

import msgspec

from xlpkg.files.document import Cell, Piece, Table
from xlpkg.form.text import norm
from xlpkg.reading.foreign.amounts import is_amount
from xlpkg.reading.foreign.facts import TITLE
from xlpkg.reading.foreign.synonyms import GOALS, Synonyms, money_unit
from xlpkg.reading.foreign.text_lines import LEAST_HEADS, Line

_FOOT = ("filler", "phone", "to_sign")
_PART_OF_VALUES = re.compile(r"(?:20\d\d|上|本|当|去|前)年.*值|(?:预期|实际|计划).*值|符号|数值|单位")
_SUM = re.compile("合计|总计|小计|金额|总额")
_SIGNS_AND_DIGITS = set("≥≤=＝><＞＜0123456789")


class _Row(msgspec.Struct):
    """A line of a text as cells: the column in which each begins, how wide the wider ones are.

    Columns that are `merged` belong to the row above.
    """

    number: int
    texts: list[str]
    starts: list[int]
    widths: dict[int, int] = {}
    merged: set[int] = set()
    doubted: bool = False

    def move(self, lead: int, *, merged: bool = False) -> None:
        """Put the cells `lead` columns further right."""
        self.starts = [start + lead for start in self.starts]
        if merged:
            self.merged |= set(range(lead))


class RowsOfText:
    """Tables and paragraphs of a text whose rows are lines with tabs."""

    def __init__(self, lines: Sequence[Line], synonyms: Synonyms) -> None:
        self._synonyms = synonyms
        self.tables: list[Table] = []
        self.paragraphs: list[Piece] = []
        self._rows: list[_Row] = []
        for number, line in lines:
            if "\t" in line or self._belongs_below(line):
                texts = line.split("\t")
                self._rows.append(_Row(number, texts, list(range(len(texts)))))
            elif line.strip():
                if TITLE.fullmatch(line.strip()) and self._has_indicators():
                    self._finish()  # the title of another form
                self.paragraphs.append(Piece(line, f"第{number}行", len(self.tables)))
        self._finish()

    def _has_indicators(self) -> bool:
        return any(self._synonyms.levels(text) for row in self._rows for text in row.texts)

    def _belongs_below(self, line: str) -> bool:
        """A line without tabs that is the only cell of a row: a goal below its label, money below the total, a category."""
        if not self._rows or not line.strip() or self._synonyms.begins_field(line):
            return False
        above = self._rows[-1].texts
        synonyms = self._synonyms
        if (synonyms.block(line) or synonyms.levels(line, whole=True)) and not synonyms.field(line):
            return True  # 年度绩效指标 above its heads, （一）数量指标 above its rows
        if len(above) < 2:
            return False
        if synonyms.field(above[-1]) in GOALS and not synonyms.is_label(line):
            return True
        first = synonyms.money(above[0]) or money_unit(above[0])
        return bool(first) and bool(synonyms.money(line.strip().rstrip("0123456789.,万元 ").rstrip(":：")))

    # --- finding the missing cells --------------------------------------------------------------------------------------

    def _finish(self) -> None:
        if not self._rows:
            return
        rows = self._rows
        heads = [n for n, row in enumerate(rows) if self._is_head(row.texts)]
        for head, end in zip(heads, [*heads, len(rows)][1:], strict=True):
            self._indicators(head, next((n for n in range(head + 1, end) if self._is_foot(rows[n].texts[0])), end))
        self._header(rows[: heads[0]] if heads else rows)
        self.tables.append(self._table())
        self._rows = []

    def _is_head(self, texts: Sequence[str]) -> bool:
        """The row has the heads of indicators; 符号 | 数值 | 单位 alone is the second row of one."""
        keys = [key for text in texts if (key := self._synonyms.column(text))]
        return len(keys) >= LEAST_HEADS and not {"op", "number", "measure", "value", "last_year", "actual"}.issuperset(keys)

    def _is_foot(self, text: str) -> bool:
        """The text names a field that stands below the table."""
        return self._synonyms.field(text) in _FOOT or self._synonyms.begins_field(text, *_FOOT)

    def _indicators(self, head: int, end: int) -> None:
        """The rows below a head: merged categories stand only in their first row."""
        rows = self._rows
        columns = [self._synonyms.column(text) for text in _stripped(rows[head].texts)]
        padded = len(rows[head].texts) > len(columns) or any(len(rows[n].texts) > len(columns) for n in range(head + 1, end))
        for n in range(head, end):
            if padded:
                rows[n].texts = _stripped(rows[n].texts)
                rows[n].starts = rows[n].starts[: len(rows[n].texts)]
        if any(not rows[n].texts[0].strip() for n in range(head + 1, end)):
            return  # blank cells hold the places of the merged ones
        body = head + 1
        if body < end and (at := self._split_head(rows[head], rows[body])) >= 0:
            columns[at : at + 1] = [self._synonyms.column(text) or "value" for text in rows[body].texts]
            body += 1
        for row in rows[body:end]:
            if (at := self._sum_of_list(rows[head].texts, row.texts)) >= 0:
                row.starts = [*range(len(row.texts) - 1), at]
                continue
            lead, certain = self._lead(row.texts, columns)
            row.move(lead)
            row.doubted = not certain

    def _sum_of_list(self, heads: Sequence[str], texts: Sequence[str]) -> int:
        """The column of money, if the row is one of sums in a list of projects: a department and its amount alone; else -1."""
        synonyms = self._synonyms
        at = next((n for n, text in enumerate(heads) if synonyms.money(text)), -1)
        listed = any(synonyms.field(text) == "project" for text in heads)
        alone = 1 < len(texts) <= at + 1 and bool(texts[-1].strip()) and is_amount(texts[-1])
        return at if listed and alone and not any(synonyms.levels(text) for text in texts) else -1

    def _split_head(self, upper: _Row, lower: _Row) -> int:
        """指标值 over 2023年实际值 | 2024年预期值: the place of the head that is as wide as the row below, -1 if there is none."""
        synonyms, wide = self._synonyms, len(lower.texts)
        keys = [synonyms.column(text) for text in upper.texts]
        at = next((n for n, key in enumerate(keys) if key in ("value", "number")), -1)
        all_heads = all(_PART_OF_VALUES.search(norm(text)) or synonyms.column(text) for text in lower.texts)
        if at < 0 or wide < 2 or wide >= len(upper.texts) or not all_heads:
            return -1
        upper.widths = {at: wide}
        upper.starts = [n if n <= at else n - 1 + wide for n in range(len(upper.texts))]
        lower.move(at)
        lower.merged = set(range(len(upper.texts) - 1 + wide)) - set(lower.starts)
        return at

    def _lead(self, cells: list[str], columns: list[str]) -> tuple[int, bool]:
        """How many columns stand before a short row's first cell: those before its category or the names; is that certain?"""
        lack = len(columns) - len(cells)
        level = _level(cells[0], cells[1] if len(cells) > 1 else "", self._synonyms) if lack > 0 else ""
        if level:
            return (min(columns.index(level), lack), True) if level in columns else (0, False)
        names = max((n for n, column in enumerate(columns) if column in ("l1", "l2")), default=-1) + 1
        if lack > names and not _SIGNS_AND_DIGITS & set(cells[1] if len(cells) > 1 else ""):
            return 0, True  # 审核意见 | 同意
        return max(min(names, lack), 0), lack in (0, names)

    def _header(self, rows: Sequence[_Row]) -> None:
        """The rows above the indicators: goals below their labels, money below its total, heads in two rows."""
        group: _Row | None = None
        for n, row in enumerate(rows):
            above = rows[n - 1] if n else None
            if group is not None and self._below_the_total(row, group):
                row.move(1, merged=True)
                continue
            group = row if self._begins_money(row) else None
            if above is not None and (lead := self._below_goals(row, above)):
                row.move(lead, merged=True)
            elif above is not None and not (n > 1 and self._two_rows_of_heads(rows[n - 2], above, row)):
                self._amounts_below_heads(above, row)

    def _begins_money(self, row: _Row) -> bool:
        """项目资金（万元） | 年度资金总额 | 100."""
        first, second = row.texts[0], row.texts[1] if len(row.texts) > 1 else ""
        second = second.split(":")[0].split("：")[0]
        return bool(self._synonyms.money(first) or money_unit(first)) and bool(self._synonyms.money(second))

    def _below_the_total(self, row: _Row, group: _Row) -> bool:
        first = row.texts[0].strip()
        label = first.rstrip("0123456789.,万元 ").rstrip(":：")
        inline = any(i.field.startswith("money.") for i in self._synonyms.inline(first))
        money = not first or inline or bool(self._synonyms.money(label))
        return money and len(row.texts) < len(group.texts)

    def _below_goals(self, row: _Row, above: _Row) -> int:
        """How many columns are missing before a goal that stands below its label; 0 if none or if it is none."""
        labels = [self._synonyms.field(text) for text in above.texts]
        if len(row.texts) >= len(labels) or not all(f in (*GOALS, "other") for f in labels) or labels[0] == "long_goal":
            return 0
        if (labels[-1] not in GOALS and labels[-1] != "other") or self._synonyms.is_label(row.texts[0]):
            return 0
        return len(labels) - len(row.texts)

    def _amounts_below_heads(self, heads: _Row, row: _Row) -> None:
        """资金构成 | 中央 | 省级 over amounts: the first head is merged downwards. Amounts that fit no heads stand apart."""
        if len(row.texts) < 2 or not all(is_amount(t) and t.strip() for t in row.texts):
            return
        of_money = [bool(self._synonyms.money(t)) or bool(_SUM.fullmatch(t.strip())) for t in heads.texts]
        if sum(of_money[1:]) < 2 or len(row.texts) == len(heads.texts):
            return
        if len(row.texts) == len(heads.texts) - 1:
            row.move(1, merged=True)
        else:
            row.move(max(heads.starts) + 2)

    def _two_rows_of_heads(self, upper: _Row, lower: _Row, row: _Row) -> bool:
        """资金情况 | 总额 | 财政资金 | 其他 over 中央 | 省级 | 本级 over amounts: one head is as wide as the row below."""
        synonyms = self._synonyms
        if len(row.texts) < 2 or not all(is_amount(t) and t.strip() for t in row.texts) or len(lower.texts) < 2:
            return False
        if not all(synonyms.money(t) for t in lower.texts):
            return False
        for lead in (0, 1):
            split = [n for n, t in enumerate(upper.texts) if n >= lead and synonyms.money(t) in ("fiscal", "upper")]
            if len(split) == 1 and len(row.texts) == len(upper.texts) - lead - 1 + len(lower.texts):
                wide, at = len(lower.texts), split[0]
                upper.widths = {at: wide}
                upper.starts = [n if n <= at else n - 1 + wide for n in range(len(upper.texts))]
                columns = set(range(len(upper.texts) - 1 + wide))
                lower.move(at)
                lower.merged = columns - set(lower.starts)
                row.move(lead)
                row.merged = set(range(lead))
                return True
        return False

    # --- building ---------------------------------------------------------------------------------------------------------

    def _table(self) -> Table:
        name = "文本" if not self.tables else f"文本第{len(self.tables) + 1}部分"
        grid: list[list[Cell | None]] = []
        for r, row in enumerate(self._rows):
            width = max((s + row.widths.get(n, 1) for n, s in enumerate(row.starts)), default=0)
            line: list[Cell | None] = [None] * max(width, max(row.merged, default=-1) + 1)
            for n, (text, start) in enumerate(zip(row.texts, row.starts, strict=True)):
                wide = row.widths.get(n, 1)
                line[start : start + wide] = [Cell(text, f"第{row.number}行第{n + 1}列", r, start, 1, wide)] * wide
            for column in row.merged:
                upper = grid[-1][column] if grid and column < len(grid[-1]) else None
                if upper is not None and line[column] is None:
                    upper.height = r - upper.row + 1
                    line[column] = upper
            grid.append(line)
        return Table(name, grid, (r for r, row in enumerate(self._rows) if row.doubted))


def _stripped(texts: list[str]) -> list[str]:
    """The texts without blank ones at the end."""
    last = max((n for n, text in enumerate(texts) if text.strip()), default=0)
    return texts[: last + 1]


def _level(text: str, beside: str, synonyms: Synonyms) -> str:
    """The level of a category, "" if the text is none; 成本指标 is of the first one if one of the second stands beside it."""
    levels = synonyms.levels(text, whole=True)
    if levels == {"l1", "l2"}:
        return "l1" if "l2" in synonyms.levels(beside) else "l2"
    return next(iter(levels), "")
