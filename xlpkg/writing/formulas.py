"""The formulas of the entry sheet: totals, counts and status words that work with macros off. Excel 2010 functions only."""

from xlpkg import layout
from xlpkg.audit.facts.finding import ERROR, WARNING
from xlpkg.files.a1 import address
from xlpkg.form.profile import Profile
from xlpkg.form.units import MONEY
from xlpkg.layout import FIRST_ROW, HEADER_CELLS


class RowFormulas:
    """Ranges and formulas of the indicator rows, from the first to the last prepared one."""

    def __init__(self, profile: Profile, last: int) -> None:
        self.profile, self.last = profile, last
        self.columns = layout.columns(profile)

    def column(self, name: str) -> str:
        """The whole column of the rows, absolute: "$F$18:$F$77"."""
        letter = address(0, self.columns.index(name))[:-1]
        return f"${letter}${FIRST_ROW + 1}:${letter}${self.last + 1}"

    def here(self, name: str, row: int) -> str:
        """One cell of a row, its column fixed: "$F18"."""
        return "$" + address(row, self.columns.index(name))

    def blank(self, row: int) -> str:
        return "&".join(self.here(c, row) for c in self.columns.telling) + '=""'

    def count(self, row: int) -> str:
        """The number in 序号: how many rows down to this one are filled; "" for a blank row."""
        letters = [address(0, self.columns.index(c))[:-1] for c in self.columns.telling]
        used = "&".join(f"${c}${FIRST_ROW}:INDEX({c}:{c},ROW())" for c in letters)
        return f'=IF({self.blank(row)},"",SUMPRODUCT(--({used}<>""))-1)'

    def total(self) -> str:
        """The cost items in the form's money unit; text numbers count, total rows do not. An array formula."""
        unit, money = self.column("measure"), MONEY[self.profile.money_unit]
        factors = "+".join(f'({unit}="{u}")*{n}/{money}' for u, n in MONEY.items() if len(u) <= 2)
        lexicon = self.profile.lexicon
        words = (w for patterns in (lexicon.total_row, lexicon.unit_cost, lexicon.saving) for w in patterns.split("|"))
        totals = "".join(f"*{self._without(w)}" for w in words)
        number = f"IFERROR(VALUE({self.column('number')}),0)"
        return f'ROUND(SUMPRODUCT(({self.column("l2")}="{self.profile.cost_l2}")*({factors}){totals}*{number}),6)'

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
        return (
            f'SUMPRODUCT(({self.column("l2")}="{self.profile.cost_l2}")*({self.column("name")}<>"")'
            f"*(1-IFERROR({number}*({money}),0))*{rate})"
        )

    def filled_rows(self) -> str:
        texts = "&".join(self.column(c) for c in self.columns.telling)
        return f'SUMPRODUCT(--({texts}<>""))'

    def filled_cells(self) -> str:
        used = "&".join(self.column(c) for c in self.columns.telling)
        value = "&".join(self.column(c) for c in ("op", "number", "measure"))
        single = (c for c in self.columns.checked if c not in ("op", "number", "measure"))
        cells = "+".join(f'({self.column(c)}<>"")' for c in single)
        return f'SUMPRODUCT(({used}<>"")*({cells}+({value}<>"")))'

    def row_status(self, row: int) -> str:
        """The word in 检查: blanks and plain mistakes by formula; the checker's word if the row is as it was checked."""
        l1, l2, name, op, number, unit = (self.here(c, row) for c in self.columns.checked[:6])
        marks, snapshot = "$" + address(row, self.columns.marks), "$" + address(row, self.columns.snapshot)
        standard = self.here("standard", row) + '=""' if self.profile.standards else "FALSE"
        value = f"{op}&{number}&{unit}"
        plain = (
            f'IF({name}="","错：缺名称",IF({value}="","错：缺指标值",IF({l1}="","错：缺一级指标",IF({l2}="","错：缺二级指标",'
            f'IF({standard},"错：缺绩效标准",IF(AND({unit}="%",OR({op}="≥",{op}=">"),IFERROR(VALUE({number}),0)>=100,'
            f'ISERROR(SEARCH("增",{name})),ISERROR(SEARCH("提",{name})),ISERROR(SEARCH("升",{name}))),"错：比率超100%",'
            f'IF(AND({l2}="{self.profile.cost_l2}",OR({op}="≥",{op}=">")),"错：成本应为≤",'
            f'IF(AND(ISNUMBER(VALUE({number})),{unit}=""),"错：缺单位","已填"))))))))'
        )
        failing = {s: f'ISNUMBER(SEARCH("={s};",{marks}))' for s in (ERROR, WARNING)}
        word = f'IF({failing[ERROR]},"错：见检查结果",IF({failing[WARNING]},"提：见检查结果","通过"))'
        return f'IF({self.blank(row)},"",IF({snapshot}="",{plain},IF({snapshot}={self.joined(row)},{word},"未复查")))'

    def joined(self, row: int) -> str:
        """The row's input cells as the snapshot joins them."""
        return '&"|"&'.join(self.here(c, row) for c in self.columns.checked)


def absolute(cell: tuple[int, int]) -> str:
    letter = address(0, cell[1])[:-1]
    return f"${letter}${cell[0] + 1}"


def amount(profile: Profile, field: str) -> str:
    """A money field as a number in the form's unit: 1,160.50 and 140万元 count; 元 and 亿元 are converted."""
    cell = absolute(HEADER_CELLS[field][1])
    bare = cell
    for mark in ("亿元", "万元", "元", "亿", "万", ",", " "):
        bare = f'SUBSTITUTE({bare},"{mark}","")'
    form = MONEY[profile.money_unit]
    factor = (
        f'IF(ISNUMBER(SEARCH("亿",{cell})),{10**8}/{form},IF(ISNUMBER(SEARCH("万",{cell})),{10**4}/{form},'
        f'IF(ISNUMBER(SEARCH("元",{cell})),1/{form},1)))'
    )
    return f"IFERROR(VALUE({bare})*{factor},0)"
