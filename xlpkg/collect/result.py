"""What is kept of one file: flat records of texts and numbers, so that it can be stored, sent and tabulated."""

from decimal import Decimal

import msgspec

from xlpkg.audit.rules.registry import is_older

SUBMISSION, FORM, FOREIGN = "申报表", "填报表", "外来表"
"""The kinds of files that are counted; one that is foreign was read from another's form, its doubts are listed."""
UNCHANGED, CHANGED, GONE, UNSEALED = "一致", "不一致", "缺校验码", "无"


class Line(msgspec.Struct, frozen=True, array_like=True):
    """An indicator row: categories as the profile names them, other texts as typed, the value's parts, and the cells they stand in.

    `meaning` is the same for values that differ only in writing; `typed` is what stands in the cells of sign, number and unit,
    `extra` in those of further columns.
    """

    row: int
    l1: str
    l2: str
    name: str
    op: str
    number: str
    unit: str
    value: str
    standard: str
    note: str
    meaning: str
    cells: dict[str, str]
    typed: tuple[str, str, str]
    extra: dict[str, str] = {}


class Item(msgspec.Struct, frozen=True, array_like=True):
    """A cost row: the amount in 元, its share of the funds, and what one `unit` of what it delivers costs (元, None if unknown)."""

    row: int
    name: str
    key: str
    amount: Decimal
    share: Decimal | None
    quantity: str
    each: Decimal | None
    unit: str


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """A finding with its cell, as the digest takes it."""

    rule: str
    severity: str
    row: int | None
    place: str
    cell: str
    what: str
    suggestion: str
    proposal: str
    actual: str = ""
    common: str = ""
    advice: str = ""
    part_of: tuple[tuple[str, int | None], ...] = ()
    aside: str = ""


class Doubt(msgspec.Struct, frozen=True, array_like=True):
    """Something of a foreign form that was read without being sure, or that found no place (`sure` is blank)."""

    place: str
    text: str
    where: str
    sure: str
    remark: str


class Project(msgspec.Struct, frozen=True, array_like=True):
    """A declaration that was read and checked. Amounts in 元, None where the form has none that is valid.

    The texts of `header` are shown as they were typed (blanks aside); who compares them takes their normal forms.
    `labels` are what the form calls its fields and columns; `further` and `further_columns` name those that only it has.
    `differences` say in what a submission is not as it would be printed; `rules` is the version that it was checked with.
    A form that is published as a list has its title in `list_title`, its columns in `listed`, and which of them hold numbers.
    """

    kind: str
    profile: str
    money_unit: str
    header: dict[str, str]
    header_cells: dict[str, str]
    sheet: str
    year: str
    budget: Decimal | None
    upper: tuple[Decimal | None, ...]
    other: Decimal | None
    funds: Decimal | None
    cost: Decimal
    difference: Decimal | None
    groups: tuple[int, int, int]
    status: str
    seal: str
    sealed: str
    lines: tuple[Line, ...]
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    notices: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    further: tuple[str, ...] = ()
    further_columns: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    differences: tuple[str, ...] = ()
    rules: str = ""
    list_title: str = ""
    listed: tuple[str, ...] = ()
    listed_figures: tuple[str, ...] = ()

    @property
    def form_name(self) -> str:
        """What people call the form."""
        return "项目支出绩效目标申报表"

    def count(self, severity: str) -> int:
        return sum(p.severity == severity for p in self.problems)

    @property
    def errors(self) -> int:
        return self.count("error")

    @property
    def warnings(self) -> int:
        return self.count("warning")

    @property
    def unchanged(self) -> str:
        """Whether a submission is as it was when it was made; a form carries no seal."""
        if self.kind in (FORM, FOREIGN):
            return UNSEALED
        if not self.sealed:
            return GONE
        return UNCHANGED if self.sealed == self.seal and not self.differences else CHANGED

    @property
    def checked_with_older_rules(self) -> bool:
        """A submission as it was made, but by an older version of the rules."""
        return self.unchanged == UNCHANGED and is_older(self.rules)

    @property
    def passed(self) -> bool:
        """No error, and not changed since it was sealed."""
        return not self.errors and self.intact

    @property
    def intact(self) -> bool:
        """A form, or a submission with the seal of its content."""
        return self.unchanged in (UNCHANGED, UNSEALED)


class LaterLine(msgspec.Struct, frozen=True, array_like=True):
    """A row of a later form: what its target means, and the actual figure in the target's unit, None where it is none."""

    row: int
    l2: str
    name: str
    target: str
    meaning: str
    actual: str
    number: Decimal | None
    grows: bool


class Later(msgspec.Struct, frozen=True, array_like=True):
    """A monitoring or self-evaluation that was read and checked. `form_name` is what people call it; amounts are in 元.

    `declared_seal` is the 校验码 of the declaration that it was made from, "" for a foreign form. `compared`: its own check
    compared it with the declaration already. `chances` counts 确定能, 有可能, 完全不可能. `unchanged` is as of a declaration.
    """

    kind: str
    form_name: str
    header: dict[str, str]
    year: str
    month: int
    sheet: str
    declared_seal: str
    compared: bool
    budget: Decimal | None
    executed: Decimal | None
    rate: Decimal | None
    chances: tuple[int, int, int]
    total: Decimal | None
    computed: Decimal | None
    grade: str
    unchanged: str
    seal: str
    sealed: str
    lines: tuple[LaterLine, ...]
    problems: tuple[Problem, ...]
    differences: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        return sum(p.severity == "error" for p in self.problems)

    @property
    def passed(self) -> bool:
        """No error, and not changed since it was sealed."""
        return not self.errors and self.unchanged in (UNCHANGED, UNSEALED)


class Result(msgspec.Struct, frozen=True, array_like=True):
    """What became of a file: its projects, its later forms, or the sentence that says why it could not be read.

    None of them for an output of ours.
    """

    projects: tuple[Project, ...] = ()
    sentence: str = ""
    later: tuple[Later, ...] = ()


_ENCODE, _DECODE = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Result)


def encode(result: Result) -> bytes:
    """A result as bytes; Decimals keep every digit."""
    return _ENCODE.encode(result)


def decode(data: bytes) -> Result:
    """The result of `encode`."""
    return _DECODE.decode(data)
