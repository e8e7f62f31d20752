"""The formulas of the entry sheet: totals, counts and status words that work with macros off. Excel 2010 functions only."""

from xlpkg.audit.facts.finding import ERROR, WARNING
from xlpkg.files.a1 import address
from xlpkg.form.fields import TOTAL
from xlpkg.form.profile import Profile
from xlpkg.form.units import MONEY
from xlpkg.layout import Layout


class RowFormulas:
    """Ranges and formulas of the indicator rows, from the first to the last prepared one."""

    def __init__(self, profile: Profile, last: int) -> None:
        self.profile, self.last = profile, last
        self.layout = Layout(profile)
        self.columns = self.layout.columns
        self._first = self.layout.first_row

    def column(self, name: str) -> str:
        """The whole column of the rows, absolute: "$F$18:$F$77"; a blank text for one that the form has not."""
        if name not in self.columns.names:
            return '""'
        letter = address(0, self.columns.index(name))[:-1]
        return f"${letter}${self._first + 1}:${letter}${self.last + 1}"

    def here(self, name: str, row: int) -> str:
        """One cell of a row, its column fixed: "$F18"; a blank text for a column that the form has not."""
        return "$" + address(row, self.columns.index(name)) if name in self.columns.names else '""'

    def blank(self, row: int) -> str:
        return "&".join(self.here(c, row) for c in self.columns.telling) + '=""'

    def count(self, row: int) -> str:
        """The number in 序号: how many rows down to this one are filled; "" for a blank row."""
        letters = [address(0, self.columns.index(c))[:-1] for c in self.columns.telling]
        used = "&".join(f"${c}${self._first}:INDEX({c}:{c},ROW())" for c in letters)
        return f'=IF({self.blank(row)},"",SUMPRODUCT(--({used}<>""))-1)'

    def total(self) -> str:
        """The cost items in the form's money unit; text numbers count, total rows do not. An array formula."""
        unit, money = self.column("measure"), MONEY[self.profile.money_unit]
        factors = "+".join(f'({unit}="{u}")*{n}/{money}' for u, n in MONEY.items() if len(u) <= 2)
        words = (w for name in ("total_row", "unit_cost", "saving") for w in self.profile.words_of(name))
        totals = "".join(f"*{self._without(w)}" for w in words)
        number = f"IFERROR(VALUE({self.column('number')}),0)"
        return f"ROUND(SUMPRODUCT({self._of_cost()}*({factors}){totals}*{number}),6)"

    def _of_cost(self) -> str:
        """1 for the rows of the categories whose money adds up."""
        tests = [f'({self.column("l2")}="{name}")' for name in self.profile.cost_categories]
        return tests[0] if len(tests) == 1 else f"({'+'.join(tests) or '0'})"

    def _without(self, word: str) -> str:
        """1 for names that do not have a word of a word list; ^ and $ tie it to the name's beginning and end."""
        name = self.column("name")
        if word.startswith("^") and word.endswith("$"):
            return f'({name}<>"{word[1:-1]}")'
        if word.startswith("^"):
            return f'(LEFT({name},{len(word) - 1})<>"{word[1:]}")'
        return f'ISERROR(SEARCH("{word}",{name}))'

    def uncounted(self) -> str:
        """Cost rows whose amount the total could not take. An array formula."""
        unit = self.column("measure")
        money = "+".join(f'({unit}="{u}")' for u in MONEY if len(u) <= 2)
        number = f"ISNUMBER(VALUE({self.column('number')}))"
        rate = f'ISERROR(SEARCH("/",{unit}))*({unit}<>"%")'
        return f'SUMPRODUCT({self._of_cost()}*({self.column("name")}<>"")*(1-IFERROR({number}*({money}),0))*{rate})'

    def filled_rows(self) -> str:
        texts = "&".join(self.column(c) for c in self.columns.telling)
        return f'SUMPRODUCT(--({texts}<>""))'

    def filled_cells(self) -> str:
        used = "&".join(self.column(c) for c in self.columns.telling)
        value = "&".join(self.column(c) for c in self.columns.value)
        single = (c for c in self.profile.counted_columns if c != "value")
        cells = "+".join(f'({self.column(c)}<>"")' for c in single)
        return f'SUMPRODUCT(({used}<>"")*({cells}+({value}<>"")))'

    def row_status(self, row: int) -> str:
        """The word in 检查: blanks and plain mistakes by formula; the checker's word if the row is as it was checked."""
        l1, l2, name, op, number, unit = (self.here(c, row) for c in ("l1", "l2", "name", "op", "number", "measure"))
        marks, snapshot = "$" + address(row, self.columns.marks), "$" + address(row, self.columns.snapshot)
        standard = self.here("standard", row) + '=""' if self.profile.demands("standard") != "off" else "FALSE"
        value = "&".join(self.here(c, row) for c in self.columns.value)
        plain = (
            f'IF({name}="","错：缺名称",IF({value}="","错：缺指标值",IF({l1}="","错：缺一级指标",IF({l2}="","错：缺二级指标",'
            f'IF({standard},"错：缺绩效标准",IF(AND({unit}="%",OR({op}="≥",{op}=">"),IFERROR(VALUE({number}),0)>=100,'
            f'ISERROR(SEARCH("增",{name})),ISERROR(SEARCH("提",{name})),ISERROR(SEARCH("升",{name}))),"错：比率超100%",'
            f'IF(AND({self._is_cost(l2)},OR({op}="≥",{op}=">")),"错：成本应为≤",'
            f'IF(AND(ISNUMBER(VALUE({number})),{unit}=""),"错：缺单位","已填"))))))))'
        )
        failing = {s: f'ISNUMBER(SEARCH("={s};",{marks}))' for s in (ERROR, WARNING)}
        word = f'IF({failing[ERROR]},"错：见检查结果",IF({failing[WARNING]},"提：见检查结果","通过"))'
        return f'IF({self.blank(row)},"",IF({snapshot}="",{plain},IF({snapshot}={self.joined(row)},{word},"未复查")))'

    def _is_cost(self, cell: str) -> str:
        tests = [f'{cell}="{name}"' for name in self.profile.cost_categories]
        return tests[0] if len(tests) == 1 else f"OR({','.join(tests) or 'FALSE'})"

    def sum_of(self, key: str) -> str:
        """The numbers of a further column added up; texts that are numbers count. An array formula."""
        return f"ROUND(SUMPRODUCT(IFERROR(VALUE({self.column(key)}),0)),6)"

    def amount(self, field: str) -> str:
        """A money field as a number in the form's unit: 1,160.50 and 140万元 count; 元 and 亿元 are converted."""
        return amount(self.profile, absolute(self.layout.header[field].value))

    def funds(self) -> str:
        """The money available: the form's total where it is filled in, else its parts added up."""
        parts = "+".join(map(self.amount, self.profile.parts_of(TOTAL))) or "0"
        if TOTAL not in self.profile.money_fields:
            return parts
        total = self.amount(TOTAL)
        return f"IF({total}<>0,{total},{parts})"

    def joined(self, row: int) -> str:
        """The row's input cells as the snapshot joins them."""
        return '&"|"&'.join(self.here(c, row) for c in self.columns.checked)


def absolute(cell: tuple[int, int]) -> str:
    letter = address(0, cell[1])[:-1]
    return f"${letter}${cell[0] + 1}"


def amount(profile: Profile, cell: str) -> str:
    """A money field's cell as a number in the form's unit."""
    bare = cell
    for mark in ("亿元", "万元", "元", "亿", "万", ",", " "):
        bare = f'SUBSTITUTE({bare},"{mark}","")'
    form = MONEY[profile.money_unit]
    factor = (
        f'IF(ISNUMBER(SEARCH("亿",{cell})),{10**8}/{form},IF(ISNUMBER(SEARCH("万",{cell})),{10**4}/{form},'
        f'IF(ISNUMBER(SEARCH("元",{cell})),1/{form},1)))'
    )
    return f"IFERROR(VALUE({bare})*{factor},0)"
