"""The formulas of the entry sheet, which work with macros off: what it shows is worked out on the hidden sheet 面板计算."""

from xlpkg.audit.facts.finding import ERROR
from xlpkg.files.a1 import address
from xlpkg.form.fields import TOTAL
from xlpkg.form.profile import Profile
from xlpkg.layout import CHECKED_AT, ERROR_COUNT, SUMS, WARNING_COUNT
from xlpkg.writing.faults import MISSING
from xlpkg.writing.sums import Sums


class RowFormulas:
    """Formulas in and about the indicator rows, of which `last` is the last prepared one (0-based)."""

    def __init__(self, profile: Profile, last: int) -> None:
        self.profile, self.last = profile, last
        self.sums = Sums(profile, last)
        self.layout = self.sums.layout
        self.columns = self.layout.columns

    def here(self, name: str, row: int) -> str:
        """One cell of a row, its column fixed: "$F18"."""
        return "$" + address(row, self.columns.index(name))

    def count(self) -> str:
        """The number in 序号: how many rows down to this one are filled; "" for a blank row."""
        number = self._of_this_row("row")
        return f'=IF({number}="","",{number})'

    def row_status(self) -> str:
        """The word in 检查: blanks and plain mistakes; the checker's word if the row is as it was checked."""
        return f'={self._of_this_row("word")}&""'

    def _of_this_row(self, name: str) -> str:
        """What the hidden sheet says of the row in which the formula stands. The same text in every row."""
        head = absolute((self.layout.head_row, 0))
        return f"INDEX({SUMS}!{self.sums.whole_column(name)},ROW()-ROW({head})+1)"

    def joined(self, row: int) -> str:
        """The row's input cells as the snapshot joins them."""
        return '&"|"&'.join(self.here(c, row) for c in self.columns.checked)


class PanelFormulas:
    """What the panel above the table says, from the hidden sheet and from what the checker left."""

    def __init__(self, table: RowFormulas) -> None:
        self.profile, self.layout, self.sums = table.profile, table.layout, table.sums
        columns = table.columns
        counts = (ERROR_COUNT, WARNING_COUNT, CHECKED_AT)
        self._errors, self._warnings, self._stamp = (absolute((row, columns.marks)) for row in counts)
        self._status, self._rows = (absolute((ERROR_COUNT, column)) for column in (columns.snapshot, columns.number))
        self._total, self._funds, self._difference = (
            absolute(self.layout.panel[k].value) for k in ("total", "funds", "difference")
        )

    def total(self) -> str:
        """The cost items added up, or, in a form without items, the largest total row; in the form's money unit."""
        item, total = self.sums.column("item"), self.sums.column("total")
        return f"=ROUND(IF(COUNT({item})=0,MAX({total}),SUM({item})),6)"

    def funds(self) -> str:
        """The money available: the form's total where it says one, else its parts added up; — where a part is not known."""
        parts = [self.sums.field(f, "amount") for f in self.profile.parts_of(TOTAL)]
        added = f'IF(COUNT({",".join(parts)})<{len(parts)},"—",ROUND({"+".join(parts)},6))' if parts else '"—"'
        if TOTAL not in self.profile.money_fields:
            return f"={added}"
        whole = self.sums.field(TOTAL, "amount")
        return f"=IF(N({whole})<>0,ROUND({whole},6),{added})"

    def difference(self) -> str:
        return f'=IF(ISNUMBER({self._funds}),ROUND({self._funds}-{self._total},6),"—")'

    def filled(self) -> str:
        """已填 n／m, as the check counts it."""
        fields, columns = self.profile.counted_fields, self.profile.counted_columns
        header = "+".join(f'({self.sums.field(f, "text")}<>"")' for f in fields) or "0"
        rows = self.sums.column("used")
        return f'=({header}+SUM({self.sums.column("filled")}))&"／"&({len(fields)}+{len(columns)}*SUM({rows}))'

    def counts(self) -> str:
        """Errors and warnings of the last check; before it how many places a formula can name, and that the rest is not checked."""
        known = f"{self._known()}"
        return f'=IF({self._errors}="",IF({known}=0,"待检查",{known}&"处，待检查"),{self._errors}&"／"&{self._warnings})'

    def checked(self) -> str:
        return f'=IF({self._stamp}="","未检查",{self._stamp}&IF({self.stale()},"（有改动）",""))'

    def stale(self) -> str:
        """Whether anything that counts was changed since the check: a row, their number or order, the header."""
        changed, rows = self.sums.column("changed"), f"SUM({self.sums.column('used')})"
        return f"SUM({changed})+SUM({self.sums.of_header('changed')})+IF({rows}={self._rows},0,1)>0"

    def status(self) -> str:
        """The line below the panel: what is to be done, and the money; what is left to the check is said."""
        rows, fault = f"SUM({self.sums.column('used')})", self.sums.column("fault")
        blanks = f'COUNTIF({fault},"{MISSING}*")-COUNTIF({fault},"{MISSING}单位")-COUNTIF({fault},"{MISSING}?级指标")'
        faults = f'COUNTIF({fault},"?*")'
        others = f"{faults}-({blanks})+{self._over()}"
        first = f'MATCH("?*",{fault},0)'
        header = f'IF({self._blanks()}=0,"","，基本信息还有"&{self._blanks()}&"处没填")'
        place = f'IF({faults}=0,{header},"，先看第"&INDEX({self.sums.column("row")},{first})&"行："&INDEX({fault},{first}))'
        unchecked = (
            f'IF({rows}=0,"未填写",IF({others}>0,"有错误"&{place}&"；其余待检查",'
            f'IF({self._known()}>0,"未填完"&{place}&"；其余待检查","待检查")))'
        )
        checked = f'IF({self.stale()},"有改动，请重新检查",{self._status})'
        status = f'IF({self._errors}="",{unchecked},{checked})&"　｜　"&{self._money()}{self._not_counted()}{self._totals()}'
        return f'=IFERROR({status},"表的结构被改动，算不出合计")'

    def agree(self) -> str:
        """Whether costs and funds are the same sum and nothing was left out of it."""
        return f"AND(ISNUMBER({self._difference}),{self._total}>0,{self._difference}=0,{self._left_out()}=0)"

    def _known(self) -> str:
        """How many places a formula knows to be wrong: blanks of the header, rows with a fault."""
        return f'({self._blanks()}+COUNTIF({self.sums.column("fault")},"?*"))'

    def _blanks(self) -> str:
        """How many fields of the header are blank that may not be."""
        blanks = [self.sums.field(f, "blank") for f in self.profile.header if self.profile.demands(f) == ERROR]
        return f"({'+'.join(blanks) or '0'})"

    def _over(self) -> str:
        """1 if the costs exceed the funds for sure."""
        own = self.sums.field("budget_wan", "amount") if "budget_wan" in self.profile.header else "0"
        sure = f"{self._left_out()}=0,N({self._funds})<>0,N({own})>=0"
        return f"IF(AND(ISNUMBER({self._funds}),{sure},N({self._difference})<0),1,0)"

    def _left_out(self) -> str:
        return f"(SUM({self.sums.column('unread')})+SUM({self.sums.column('stray')})+{self.sums.overflow})"

    def _money(self) -> str:
        unit, difference = self.profile.money_unit, self._difference
        compared = (
            f'IF({difference}=0,"两数相等",IF({difference}>0,"还有"&{difference}&"{unit}没有写进成本",'
            f'"成本超出"&-{difference}&"{unit}"))'
        )
        known = f'"，可用资金"&{self._funds}&"{unit}，"&{compared}'
        return f'"成本合计"&{self._total}&"{unit}"&IF(ISNUMBER({self._funds}),{known},"，可用资金还不知道")'

    def _not_counted(self) -> str:
        """What is not in these sums, each kind named."""
        said = [
            (f"SUM({self.sums.column('unread')})", "行成本没有按“数字＋金额单位”填写，未计入"),
            (f"SUM({self.sums.column('stray')})", "行的二级指标不在可选范围，金额未计入"),
            (self.sums.overflow, "行写在表格下面太远的地方，未计入"),
        ]
        texts = "".join(f'&IF({number}>0,"（有"&{number}&"{words}）","")' for number, words in said)
        for field in self.profile.money_fields:
            words = f"（“{self.profile.label(field)}”写的不是数字，未计入）"
            texts += f'&IF({self.sums.field(field, "bad")}=1,"{words}","")'
        return texts

    def _totals(self) -> str:
        """Columns that the form wants to add up to a sum, where they do not."""
        texts = ""
        for column in self.profile.columns:
            if column.total is not None:
                total = f"ROUND(SUM({self.sums.column(f'{column.key}.figure')}),6)"
                bad = f"SUM({self.sums.column(f'{column.key}.bad')})"
                right = f"{total}={column.total}"
                right = f"OR({right},{total}={column.or_total})" if column.or_total is not None else right
                said = f'"　｜　{column.label}合计"&{total}&"，应为{column.total}"'
                texts += f'&IF(AND({right},{bad}=0),"",{said}&IF({bad}=0,"","（有"&{bad}&"格不是数字，未计入）"))'
        return texts


def absolute(cell: tuple[int, int]) -> str:
    letter = address(0, cell[1])[:-1]
    return f"${letter}${cell[0] + 1}"
