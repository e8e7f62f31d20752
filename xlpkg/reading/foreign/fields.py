"""The header fields of a foreign form: labels in cells or in running text, their values beside, below or behind the colon."""

import re
from decimal import Decimal

import msgspec

from xlpkg.files.document import USED, Cell, Document, Piece, Table
from xlpkg.form import money
from xlpkg.form.dates import CHINESE_DIGITS
from xlpkg.form.fields import FUNDS
from xlpkg.form.import_report import Entry
from xlpkg.form.text import norm
from xlpkg.reading.foreign.synonyms import Synonyms, money_unit

_TITLE = re.compile(r"[^\n]*绩效[^\n]{0,12}(?:表|书)[^\n]*")
_YEAR = re.compile(r"(20\d\d)\s*年?度?")
_CHINESE_YEAR = re.compile("二[〇零○0O][〇零○0O一二三四五六七八九]{2}(?=年)")
_YEARS_APART = re.compile(r"20\d\d年?度?\s*[-—–~～至到]+\s*20\d\d")
_YEAR_ALONE = re.compile(r"\s*[（(]?\s*(20\d\d)\s*年?度?\s*[）)]?\s*")
_UNIT_OF_MONEY = re.compile(r"\s*(?:人民币)?([百千万亿]?元)")
_PHONE = re.compile(r"(?<![\d-])(?:0\d{2,3}-?\d{7,8}|1\d{10}|\d{7,8})(?![\d-])")
_UNIT_BEHIND = re.compile(r"\s*[（(]([万亿]?元)[)）]\s*$")
_CODE = re.compile(r"^\s*[（(\[【]?\s*(\d{3,12})\s*[)）\]】]?\s*[-—、.．]?\s*(?=\D)")
_CODE_BEHIND = re.compile(r"(?<=[^\W\d_])(?:[ \u3000]{2,}\d{3,12}|[ \u3000]*[（(]\d{3,12}[)）])$")
_SEAL = re.compile(r"\s*[（(](?:单位)?(?:公章|盖章|签章|章)[)）]\s*$")
_AMOUNTS = ("budget_wan", "central", "province", "city")
_GOALS = ("long_goal", "year_goal")
_SUM = re.compile("合计|总计|小计|金额|总额")
_TOTAL = re.compile("总额|项目资金|预算金额|申请资金")
_LONG, _YEARS = re.compile("中期|长期|实施期|总目标"), re.compile("年度|当年|本年")
_FAR_UP, _OF_LONG_TERM, _LONGEST_AMOUNT = 4, 1000, 12


class Found(msgspec.Struct):
    """A header value: its text as typed, where it stood, how sure, what was done to it, and how good its label was."""

    text: str
    where: str
    sure: str
    rank: int
    piece: Piece
    span: tuple[int, int]
    done: str = ""
    money: str = ""  # the unit of money that the label names


class FieldReader:
    """Reads the header fields of a document: `values` are texts by field, `entries` say where each came from."""

    def __init__(self, document: Document, synonyms: Synonyms, labels_of_form: set[str]) -> None:
        self._document, self._synonyms, self._known = document, synonyms, labels_of_form
        self._found: dict[str, Found] = {}
        self.values: dict[str, str] = {}
        self.entries: list[Entry] = []

    def read(self, unit_of_money: str) -> None:
        """Find every field; amounts are put into the form's money unit."""
        for table in self._document.tables:
            for cell in table.cells():
                if not cell.used:
                    self._cell(table, cell)
        self._paragraphs()
        goals = [found.piece for field, found in self._found.items() if field in _GOALS]
        for piece in self._document.pieces():
            if not piece.used and not any(piece is goal for goal in goals):
                self._running_text(piece)
        for piece in self._document.pieces():
            if not piece.used:
                self._title(piece)
        self._settle(unit_of_money)

    def _cell(self, table: Table, cell: Cell) -> None:
        """A cell that is a label: its value stands to the right, or below where the right is another label."""
        field = self._synonyms.field(cell.text)
        if not field or (field == "year" and _TITLE.fullmatch(cell.text.strip())):
            return
        value = self._value_of(table, cell, field)
        if field == "to_sign" and value is not None and value.text.strip():
            return  # a signature and its label are listed together as not used
        if field == "upper_funds":
            cell.use()
            if value is not None and value.row == cell.row and not self._synonyms.inline(value.text):
                self._all_upper_funds(value)
            return
        if value is None or field not in _AMOUNTS or _is_amount(value.text):
            cell.use()
            if value is not None:
                self._offer(field, cell.text, value, 0, len(value.text), _OF_LONG_TERM * self._of_long_term(table, cell))

    def _value_of(self, table: Table, cell: Cell, field: str) -> Cell | None:
        """The cell that holds a label's value: to its right, below where the right is another label, beyond a blank one."""
        right = table.at(cell.row, cell.column + cell.width)
        below = table.at(cell.row + cell.height, cell.column)
        while right is not None and field in _AMOUNTS and _SUM.fullmatch(self._synonyms.bare(right.text)):
            right = table.at(cell.row, right.column + right.width)  # 资金总额 | 合计 | 140
        value = next((c for c in (right, below) if c is not None and not self._labels(c)), None)
        if right is None or right is not value or right.text.strip():
            return value
        beyond = table.at(cell.row, right.column + right.width)
        if beyond is None and field in _GOALS and below is not None and not self._labels(below) and below.text.strip():
            return below
        return beyond if beyond is not None and beyond.text.strip() and not self._labels(beyond) else value

    def _of_long_term(self, table: Table, cell: Cell) -> bool:
        """The label stands in the block of the medium term, whose money is not the year's."""
        for row in range(cell.row, max(cell.row - _FAR_UP, -1), -1):
            above = table.at(row, cell.column)
            if above is not None and (_LONG.search(above.text[:20]) or _YEARS.search(above.text[:20])):
                return not _YEARS.search(above.text[:20])
        return False

    def _paragraphs(self) -> None:
        """A goal's label that is a paragraph of its own: the goal is what follows, up to the next label."""
        paragraphs = self._document.paragraphs
        for n, label in enumerate(paragraphs):
            field = self._synonyms.field(label.text.strip().rstrip(":："))
            if field not in _GOALS or field in self._found or label.used:
                continue
            goal: list[Piece] = []
            for piece in paragraphs[n + 1 :]:
                text = piece.text.strip()
                heading = self._synonyms.field(text) or self._synonyms.block(text) or self._synonyms.begins_field(text)
                if heading or _TITLE.fullmatch(text) or re.match("[一二三四五六七八九十]+、", text):
                    break
                goal.append(piece)
            if goal:
                for piece in (label, *goal):
                    piece.use()
                self._found[field] = Found("\n".join(p.text for p in goal), goal[0].where, "中", 0, goal[0], (0, 0))

    def _labels(self, cell: Cell) -> bool:
        """The cell is a label of its own, or a head of a column."""
        text = cell.text
        synonyms = self._synonyms
        return bool(synonyms.field(text) or synonyms.column(text) or synonyms.levels(text) or synonyms.block(text))

    def _all_upper_funds(self, value: Cell) -> None:
        """One figure for all upper funds: 0 means none of each; any other cannot be divided among the three."""
        if norm(value.text).removesuffix("万元").removesuffix("元") in ("0", "0.0", "0.00"):
            value.use()
            for field in ("central", "province", "city"):
                self._found.setdefault(field, Found("0", value.where, "中", 0, value, (0, 0), "上级资金合计为0，三级都填0"))

    def _running_text(self, piece: Piece) -> None:
        """The fields that a text names by label and colon."""
        for field, start, begin, end in self._synonyms.inline(piece.text):
            value = piece.text[begin:end]
            signed = field == "to_sign" and value.strip(" 　_＿")
            if USED in piece.left[start:begin] or signed or (field in _AMOUNTS and not _is_amount(value)):
                continue
            piece.use(start, begin)
            self._offer(field, piece.text[start:begin], piece, begin, end)

    def _offer(self, field: str, label: str, piece: Piece, start: int, end: int, worse: int = 0) -> None:
        """A value for a field: the better label wins, the first of equals; the other stays unused unless it is the same."""
        text = piece.text[start:end]
        if field == "to_sign" or (field == "money_unit" and not _UNIT_OF_MONEY.match(text)):
            return
        known = self._synonyms.bare(label) in self._known
        rank = self._synonyms.rank(label) + worse
        found = Found(text, piece.where, "高" if known else "中", rank, piece, (start, end), money=money_unit(label))
        if field == "budget_wan" and _TOTAL.search(self._synonyms.bare(label)) and not known:
            found.sure, found.done = "低", "表上写的是总额，如含上级资金，请改为本级预算金额"
        held = self._found.setdefault(field, found)
        if held is found:
            return
        loser = found
        if text.strip() and (not held.text.strip() or found.rank < held.rank):
            self._found[field], loser = found, held
        if norm(held.text) == norm(found.text):
            loser.piece.use(*loser.span)

    def _title(self, piece: Piece) -> None:
        """The title with the year; a year in a line of its own."""
        for line in re.finditer(r"[^\n]+", piece.text):
            title = _TITLE.fullmatch(line[0].strip())
            alone = _YEAR_ALONE.fullmatch(line[0])
            if not title and not alone:
                continue
            year = _YEAR.search(_in_figures(norm(line[0])))
            if year and "year" not in self._found:
                sure, doubt = ("低", "标题里有几个年份，取第一个") if _YEARS_APART.search(norm(line[0])) else ("高", "")
                self._found["year"] = Found(year[1], piece.where, sure, 0, piece, line.span(), doubt)
            if not year or self._found["year"].text == year[1]:
                piece.use(*line.span())

    def _settle(self, unit_of_money: str) -> None:
        """Put what was found into `values` and `entries`."""
        unit = self._found.pop("money_unit", None)
        named = _UNIT_OF_MONEY.match(unit.text) if unit else None
        typed_unit = named[1] if named else ""
        if unit and named:
            unit.piece.use(unit.span[0], unit.span[0] + named.end())
        self._join_period()
        self._split_filler()
        for field, found in self._found.items():
            if not found.text.strip():
                continue
            text = self._cleaned(field, found)
            if field in _AMOUNTS:
                text = _in_form_unit(text, found.money or typed_unit, unit_of_money, found)
            self.values[f"upper_funds.{field}" if field in FUNDS else field] = text
            self.entries.append(Entry(field, text, found.where, found.sure, found.done))
        if "year" not in self.values:
            self._guess_year()

    def _cleaned(self, field: str, found: Found) -> str:
        """The text as typed, without blanks that the form put around it; a code before a name stays unused."""
        start, end = found.span
        text = found.text
        if field in ("unit", "department", "project") and (code := _CODE.match(text)) and text[code.end() :].strip():
            found.piece.use(start + code.end(), end)
            found.done = f"编码“{code[1]}”没有放入"
            return text[code.end() :].strip()
        if field in ("unit", "department") and (seal := _SEAL.search(text)):
            text = text[: seal.start()]
        if field in ("unit", "department") and (code := _CODE_BEHIND.search(text.rstrip())):
            found.piece.use(start, start + code.start())
            found.done = f"编码“{code[0].strip()}”没有放入"
            return text[: code.start()].strip()
        text = text.strip("_＿")
        if field in _AMOUNTS:
            text = _bare_amount(text)
        if end:
            found.piece.use(start, end)
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
                found.piece.use(*found.span)
        first = start or end
        assert first
        if texts:
            self._found["period"] = Found("—".join(texts), first.where, "中", 0, first.piece, (0, 0), "由开始和结束日期合成")

    def _split_filler(self) -> None:
        """联系人及电话：张敏 0734-5210001 are two fields."""
        filler, phone = self._found.get("filler"), self._found.get("phone")
        number = _PHONE.search(filler.text) if filler else None
        if filler and number and not (phone and phone.text.strip()):
            filler.piece.use(*filler.span)
            self._found["phone"] = Found(number[0], filler.where, "中", 0, filler.piece, (0, 0), "由填表人一格分出")
            name = re.sub(r"[（(]\s*[)）]", "", filler.text.replace(number[0], "")).strip(" \u3000,，、/;；:：")
            self._found["filler"] = Found(name, filler.where, "中", 0, filler.piece, (0, 0), "分出电话")

    def _guess_year(self) -> None:
        """The year of a period that lies in one year."""
        years = re.findall(r"20\d\d", norm(self.values.get("period", "")))
        if len(set(years)) == 1:
            found = self._found["period"]
            self.values["year"] = years[0]
            self.entries.append(Entry("year", years[0], found.where, "低", "表上没有写年度，按实施期推断"))


def _in_figures(text: str) -> str:
    """Years in Chinese numerals as figures: 二〇二四年 → 2024年."""
    return _CHINESE_YEAR.sub(lambda m: re.sub("[○O]", "0", m[0]).translate(CHINESE_DIGITS), text)


def _bare_amount(text: str) -> str:
    """An amount without the sign of the currency, notes behind it and brackets around its unit: ¥386.5（万元） → 386.5万元."""
    return re.sub(r"[（(][^（()）]*[)）]\s*$", "", _UNIT_BEHIND.sub(r"\1", text)).strip().lstrip("¥￥").rstrip("整")


def _is_amount(text: str) -> bool:
    """A figure with or without its unit, or a blank; no prose, no head of a column."""
    bare = norm(_bare_amount(text)).replace(" ", "")
    return (
        money.left_blank(bare)
        or money.parse(bare, "万元") is not None
        or (len(bare) <= _LONGEST_AMOUNT and bool(re.search(r"\d", bare)))
    )


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
