"""The hidden sheet 面板计算: each row of the table is read here by plain formulas, and the panel of 填报 adds up what they say.

Row n of this sheet reads the n-th row from the heads of the table on, whatever row that is: a row that was inserted, moved, sorted
or typed below the table counts, and no formula can be lost with a row of the user's. A text counts as an amount only where the
check reads the same amount in it; every other one is named as not counted. Excel 2010 functions only, no array formulas.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xlpkg.files.a1 import address
from xlpkg.form.profile import Profile
from xlpkg.form.units import MONEY
from xlpkg.layout import ENTRY, ERROR_COUNT, LARGEST_FORM, SUMS, Layout
from xlpkg.writing.faults import fault, left_blank
from xlpkg.writing.figures import DIGITS, MONEY_OF_HEADER, SIGNS, narrowed, stripped, trimmed, without_blanks

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_SPARE = 40
"""Rows below the table that are read as well: people type on where the table ends."""


class Sums:
    """Where each thing stands on the sheet, and its formulas; `last` is the last prepared row of 填报 (0-based).

    In a formula ¤ stands for its row, § for the row above, «name» for a list that stands on the sheet.
    """

    def __init__(self, profile: Profile, last: int) -> None:
        self.profile, self.layout = profile, Layout(profile)
        self.count = last - self.layout.head_row + _SPARE
        self._formulas: dict[str, str] = {}
        self._lists: dict[str, Sequence[str | float]] = {}
        self._of_header: dict[str, dict[str, str]] = {}
        self._rows()
        self._header()

    # --- what others ask --------------------------------------------------------------------------------------------

    def column(self, name: str) -> str:
        """A column of the rows as another sheet names it: 面板计算!$F$2:$F$101."""
        letter = self._letter(name)
        return f"{SUMS}!${letter}$2:${letter}${self.count + 1}"

    def field(self, field: str, what: str) -> str:
        """A cell of a header field as another sheet names it: `text`, `amount`, 1 if it is `blank` or `bad`."""
        row = list(self._of_header).index(field) + 2
        return f"{SUMS}!${self._header_letter(what)}${row}"

    def of_header(self, what: str) -> str:
        """A column of the header fields as another sheet names it."""
        letter = self._header_letter(what)
        return f"{SUMS}!${letter}$2:${letter}${len(self._of_header) + 1}"

    def whole_column(self, name: str) -> str:
        """A column of the sheet from top to bottom: $F:$F."""
        letter = self._letter(name)
        return f"${letter}:${letter}"

    @property
    def overflow(self) -> str:
        """How many named rows stand so far below the table that they are not read."""
        return f"{SUMS}!${self._header_letter('overflow')}$2"

    # --- places -----------------------------------------------------------------------------------------------------

    def _letter(self, name: str) -> str:
        return address(0, list(self._formulas).index(name))[:-1]

    def at(self, name: str) -> str:
        """A column's cell in the row of the formula."""
        return f"${self._letter(name)}¤"

    def text(self, name: str) -> str:
        """What stands in a user's column, blanks at its ends aside; a blank text where the form has no such column."""
        return self.at(name) if name in self._formulas else '""'

    def listed(self, name: str, texts: Sequence[str | float]) -> str:
        """A list that formulas look into; never an empty one, since every text has a blank text in it."""
        self._lists[name] = texts or ["\u2014\u2014\u2014"]
        return f"«{name}»"

    def name_has(self, name: str, *word_lists: str, anchored: bool = True) -> str:
        """Whether the row's name has a word of the form's lists; not `anchored`: also elsewhere than at its end."""
        words = [word for word_list in word_lists for word in self.profile.words_of(word_list)]
        words = words if anchored else [word.strip("^$") for word in words]
        said = f'"^"&{without_blanks(self.text("name"))}&"$"' if anchored else self.text("name")
        return f"(SUMPRODUCT(--ISNUMBER(FIND({self.listed(name, words)},{said})))>0)"

    def is_one(self, name: str, texts: Iterable[str], cell: str) -> str:
        """Whether a text is one of a list."""
        return f"(SUMPRODUCT(--({self.listed(name, list(dict.fromkeys(texts)))}={cell}))>0)"

    def _add(self, name: str, formula: str) -> None:
        self._formulas[name] = formula

    def _column_of_entry(self, column: int) -> str:
        letter, head = address(0, column)[:-1], self.layout.head_row + 1
        return f"${letter}${head}:${letter}${head + LARGEST_FORM}"

    def _entry(self, column: int) -> str:
        """The cell of 填报 that the row of the formula reads."""
        return f"INDEX({ENTRY}!{self._column_of_entry(column)},ROW())"

    # --- the rows ---------------------------------------------------------------------------------------------------

    def _rows(self) -> None:
        columns = self.layout.columns
        for name in columns.checked:
            self._add(name, f'IFERROR({trimmed(self._entry(columns.index(name)))},"#")')
        used = "&".join(map(self.text, columns.telling))
        self._add("used", f'IF({used}="",0,1)')
        letter = address(0, len(self._formulas))[:-1]
        self._add("row", f'IF({self.at("used")}=1,COUNT(${letter}$1:${letter}§)+1,"")')
        self._amounts()
        value = "&".join(map(self.text, columns.value))
        cells = [f'({self.text(c)}<>"")' for c in self.profile.counted_columns if c != "value"]
        self._add("filled", f'{self.at("used")}*({"+".join(cells)}+({value}<>""))')
        self._add("fault", fault(self, value))
        self._state()

    def _amounts(self) -> None:
        """The figure and the unit of the value written together, and what it counts for."""
        text, at = self.text, self.at
        self._add("typed", narrowed(text("number")))
        self._add("unsigned", _unsigned(at("typed")))
        unit = f'SUBSTITUTE({text("measure")},"％","%")'
        number = _unsigned(at("unsigned"))
        self._figure("", f'{number}&IF(RIGHT({at("unsigned")},LEN({unit}))={unit},"",{unit})')
        measure = f"TRIM({at('rest')})"
        factors = self.listed("元", [float(n) for n in MONEY.values()])
        self._add("factor", f"SUMPRODUCT(({self.listed('金额单位', list(MONEY))}={measure})*{factors})")
        op = text("op")
        self._add("sign", f'OR({op}="",{self.is_one("符号", SIGNS, op)})')
        l2 = without_blanks(text("l2"))
        costs = [spelling for spelling, name in self.profile.l2_names.items() if name in self.profile.cost_categories]
        self._add("cost", f"IF(AND({at('used')}=1,{self.is_one('成本类', costs, l2)}),1,0)")
        known = self.is_one("二级指标", self.profile.l2_names, l2)
        self._add("stray", f'IF(AND({at("used")}=1,{at("factor")}>0,{l2}<>"",NOT({known})),1,0)')
        self._add("whole", self.name_has("总成本", "total_row"))
        self._add("each", self.name_has("不合计", "unit_cost", "saving"))
        counts = f'AND({at("cost")}=1,{at("figure")}<>"",{at("factor")}>0,NOT({at("each")}),{at("sign")})'
        amount = f"{at('figure')}*{at('factor')}/{MONEY[self.profile.money_unit]}"
        self._add("item", f'IF(AND({counts},NOT({at("whole")})),{amount},"")')
        self._add("total", f'IF(AND({counts},{at("whole")}),{amount},"")')
        rate = f'{measure}="%",ISNUMBER(FIND("元/",{at("value")}))'
        read = f"COUNT({at('item')},{at('total')})>0"
        self._add("unread", f"IF(AND({at('cost')}=1,NOT(OR({at('each')},{read},{rate}))),1,0)")
        for column in self.profile.columns:
            if column.total is not None:
                self._figure(f"{column.key}.", narrowed(without_blanks(text(column.key))))
                rest, figure, own = (at(f"{column.key}.{c}") for c in ("rest", "figure", "value"))
                self._add(f"{column.key}.bad", f'IF(AND({at("used")}=1,OR({figure}="",{rest}<>""),NOT({left_blank(own)})),1,0)')

    def _figure(self, prefix: str, value: str) -> None:
        """Columns that take a text apart: the text, what stands behind its figure, the figure's digits, its number or ""."""
        at = {name: f"{prefix}{name}" for name in ("value", "rest", "digits", "figure")}
        self._add(at["value"], value)
        text = self.at(at["value"])
        self._add(at["rest"], stripped(text, DIGITS))
        rest = self.at(at["rest"])
        self._add(at["digits"], f'IF(RIGHT({text},LEN({rest}))={rest},LEFT({text},LEN({text})-LEN({rest})),"")')
        self._add(at["figure"], _number(self.at(at["digits"])))

    def _state(self) -> None:
        """Whether a row is as it was checked, and its word for 检查."""
        columns, at = self.layout.columns, self.at
        joined = '&"|"&'.join(self._entry(columns.index(c)) for c in columns.checked)
        snapshot = f'{self._entry(columns.snapshot)}&""'
        self._add("joined", f'IFERROR({joined},"#")')
        self._add("snapshot", snapshot)
        self._add("edited", f'IF({at("used")}=1,IF(EXACT({at("snapshot")},{at("joined")}),0,1),IF({at("snapshot")}="",0,1))')
        moved = f"IF({self._entry(columns.number)}={at('row')},0,1)"
        self._add("changed", f"IF(OR({at('used')}=0,{at('edited')}=1),{at('edited')},{moved})")
        marks = self._entry(columns.marks)
        checked = f"{ENTRY}!${address(0, columns.marks)[:-1]}${ERROR_COUNT + 1}"
        said = [f'ISNUMBER(FIND("={severity};",{marks}))' for severity in ("error", "warning")]
        judged = f'IF({said[0]},"错：见检查结果",IF({said[1]},"提：见检查结果","通过"))'
        open_word = f'IF({at("fault")}<>"","错："&{at("fault")},IF({checked}="","已填","未复查"))'
        same = f'AND({at("edited")}=0,{at("snapshot")}<>"")'
        self._add("word", f'IF({at("used")}=0,"",IF({same},{judged},{open_word}))')

    # --- the header -------------------------------------------------------------------------------------------------

    def _header(self) -> None:
        snapshot = self.layout.columns.snapshot
        in_row: dict[int, list[str]] = {}
        for cell in self.layout.header.values():
            in_row.setdefault(cell.value[0], []).append(f"{ENTRY}!{_absolute(cell.value)}")
        here = {what: f"${self._header_letter(what)}¤" for what in _HEADER}
        for field, cell in self.layout.header.items():
            cells = {"field": f'"{field}"', "text": f'IFERROR({trimmed(f"{ENTRY}!{_absolute(cell.value)}")},"#")'}
            cells["blank"] = f'IF({stripped(here["text"], "/-—–_.·… ")}="",1,0)'
            if field in self.profile.money_fields:
                cells |= self._money(field, here)
            if of_row := in_row.pop(cell.value[0], None):
                joined = '&"|"&'.join(of_row)
                kept = f"{ENTRY}!{_absolute((cell.value[0], snapshot))}"
                cells["changed"] = f'IFERROR(IF(EXACT({kept}&"",{joined}),0,1),1)'
            self._of_header[field] = cells
        names = f"{ENTRY}!{self._column_of_entry(self.layout.columns.index('name'))}"
        below = f"INDEX({names},{self.count + 2}):INDEX({names},ROWS({names}))"
        next(iter(self._of_header.values()))["overflow"] = f'IFERROR(SUMPRODUCT(--(TRIM({below})<>"")),0)'

    def _money(self, field: str, here: dict[str, str]) -> dict[str, str]:
        """The columns that read a source of money: `amount` is a number or "", `bad` 1 for what is not counted."""
        form = MONEY[self.profile.money_unit]
        typed = narrowed(here["text"])
        negative = f'LEFT({here["typed"]})="-"'
        bare = f'IF(ISNUMBER(FIND(LEFT({here["typed"]}),"+-")),TRIM(MID({here["typed"]},2,99)),{here["typed"]})'
        units = self.listed("表头单位", list(MONEY_OF_HEADER))
        factors = self.listed("表头单位的元", [float(MONEY[u]) for u in MONEY_OF_HEADER])
        unit = f"TRIM({here['rest']})"
        factor = f'IF({unit}="",{form},SUMPRODUCT(({units}={unit})*{factors}))'
        signed = f"IF({negative},-1,1)"
        own_level = field == "budget_wan"
        blank = "0" if not own_level else '""'
        refused = "FALSE" if own_level else negative
        value, rest = here["value"], here["rest"]
        read = f'IF(OR({here["number"]}="",{factor}=0,{refused}),"",{signed}*{here["number"]}*{factor}/{form})'
        return {
            "typed": typed,
            "value": bare,
            "rest": stripped(value, DIGITS),
            "digits": f'IF(RIGHT({value},LEN({rest}))={rest},LEFT({value},LEN({value})-LEN({rest})),"")',
            "number": _number(here["digits"]),
            "amount": f"IF({left_blank(here['text'])},{blank},{read})",
            "bad": f'IF(AND({here["amount"]}="",NOT({left_blank(here["text"])})),1,0)',
        }

    def _header_letter(self, what: str) -> str:
        return address(0, len(self._formulas) + 1 + _HEADER.index(what))[:-1]

    # --- writing ----------------------------------------------------------------------------------------------------

    def write(self, sheet: "Worksheet") -> None:
        """Fill the sheet. Results are left to the program that opens it: LibreOffice works out formulas without one."""
        first_list = len(self._formulas) + len(_HEADER) + 2
        places = {}
        for column, (name, texts) in enumerate(self._lists.items(), first_list):
            letter = address(0, column)[:-1]
            places[f"«{name}»"] = f"${letter}$2:${letter}${len(texts) + 1}"
            sheet.write_string(0, column, name)
            for row, text in enumerate(texts, 1):
                if isinstance(text, str):
                    sheet.write_string(row, column, text)
                else:
                    sheet.write_number(row, column, text)
        for column, (name, formula) in enumerate(self._formulas.items()):
            sheet.write_string(0, column, name)
            pieces = _placed(formula, places)
            for row in range(1, self.count + 1):
                sheet.write_formula(row, column, "=" + pieces.replace("¤", str(row + 1)).replace("§", str(row)), None, "")
        for n, what in enumerate(_HEADER, len(self._formulas) + 1):
            sheet.write_string(0, n, what)
            for row, cells in enumerate(self._of_header.values(), 1):
                if what in cells:
                    sheet.write_formula(row, n, "=" + _placed(cells[what], places).replace("¤", str(row + 1)), None, "")


_HEADER = ("field", "text", "blank", "typed", "value", "rest", "digits", "number", "amount", "bad", "changed", "overflow")
"""The columns of the header fields, which stand right of those of the rows."""


def _placed(formula: str, places: dict[str, str]) -> str:
    for name, place in places.items():
        formula = formula.replace(name, place)
    return formula


def _unsigned(cell: str) -> str:
    """The text without a sign of comparison at its beginning."""
    return f'IF(ISNUMBER(FIND(LEFT({cell}),"{"".join(s for s in SIGNS if len(s) == 1)}")),TRIM(MID({cell},2,99)),{cell})'


def _number(digits: str) -> str:
    """The number of digits with at most one point and commas only between thousands; "" for anything else."""
    bare = f'SUBSTITUTE({digits},",","")'
    in_thousands = f'{digits}=TEXT(INT(VALUE({bare})),"#,##0")&MID({bare},FIND(".",{bare}&"."),16)'
    one_point = f'LEN({bare})-LEN(SUBSTITUTE({bare},".",""))<2'
    plain = f'{bare}<>"",LEN({bare})<16,LEFT({bare})<>".",RIGHT({bare})<>".",{one_point},OR({bare}={digits},{in_thousands})'
    return f'IFERROR(IF(AND({plain}),VALUE({bare}),""),"")'


def _absolute(cell: tuple[int, int]) -> str:
    letter = address(0, cell[1])[:-1]
    return f"${letter}${cell[0] + 1}"
