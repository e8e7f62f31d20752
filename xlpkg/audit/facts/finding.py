"""What a rule observes, what it offers to mend, and the finding that the check makes of it."""

import msgspec

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = {ERROR: "错误", WARNING: "提醒", INFO: "提示"}
SAFE, OFFERED = "safe", "offered"
UNTIDY, MENDED_AT_ONCE = "空格、标点或符号的写法不规范", "用“一键修复”（xlpkg fix）可以一次改好。"
"""What is said of every repair of writing alone, whatever rule finds it."""


class Edit(msgspec.Struct, frozen=True):
    """A new text for one cell: of an indicator, or of a header field where `row` is None."""

    row: int | None
    field: str
    text: str


class NewRow(msgspec.Struct, frozen=True):
    """One of the rows that replace a row; it keeps the categories and the standard."""

    name: str
    value: str


class Fix(msgspec.Struct, frozen=True):
    """A repair. `safe` changes writing, not meaning; `offered` needs the clerk's nod.

    `to` tells people what will stand there. A repair either has `changes` of cells, or `split` replaces the row by others.
    """

    kind: str
    to: str
    changes: tuple[Edit, ...] = ()
    split: tuple[NewRow, ...] = ()


def safe(row: int | None, field: str, to: str) -> Fix:
    """A repair of one cell's writing."""
    return Fix(SAFE, to, (Edit(row, field, to),))


def offered(row: int | None, field: str, to: str) -> Fix:
    """A repair of one cell that needs the clerk's nod."""
    return Fix(OFFERED, to, (Edit(row, field, to),))


class Observation(msgspec.Struct, frozen=True):
    """What a rule says of one thing in the form.

    `row` counts the indicators from 1, None for the whole form; `what` is the sentence without the place, the same for every row
    with the same problem; `actual`, `expected`, `difference` are set where something is compared. `severity` is set only where
    it is not that of the rule.

    What people read has one line a sentence: `common` is what is said of several rows together where their sentences differ,
    `{}` in it stands for their `actual` texts; `advice` likewise for their suggestions. `part_of` names findings (rule, row) one
    of which tells the same story: this one then stands in its line, with `aside` added to the sentence.
    """

    row: int | None
    field: str
    what: str
    suggestion: str
    fix: Fix | None = None
    actual: str = ""
    expected: str = ""
    difference: str = ""
    severity: str = ""
    common: str = ""
    advice: str = ""
    part_of: tuple[tuple[str, int | None], ...] = ()
    aside: str = ""


class Finding(Observation, frozen=True, kw_only=True):
    """One thing an auditor would name: an observation with its rule, severity and place."""

    rule: str
    severity: str
    place: str

    @classmethod
    def of(cls, seen: Observation, *, rule: str, severity: str, place: str) -> "Finding":
        """What a rule observed, as a finding."""
        told = msgspec.structs.asdict(seen) | {"rule": rule, "severity": severity, "place": place}
        return cls(**told)

    @property
    def message(self) -> str:
        """Where and what, in one sentence."""
        return f"{self.place}：{self.what}" if self.place else self.what


READY, REMINDERS, ERRORS, INCOMPLETE = "可报送", "有提醒", "有错误", "未填完"


class Verdict(msgspec.Struct, frozen=True):
    """What every check has to say, of whatever form.

    `status` is 可报送, 有提醒, 有错误 or 未填完 (nothing wrong but blanks); `filled` of `needed` cells have a text.
    """

    findings: tuple[Finding, ...]
    status: str
    filled: int
    needed: int
    seal: str

    def count(self, severity: str) -> int:
        return sum(f.severity == severity for f in self.findings)

    @property
    def errors(self) -> int:
        return self.count(ERROR)

    @property
    def warnings(self) -> int:
        return self.count(WARNING)

    @property
    def infos(self) -> int:
        return self.count(INFO)


def status(findings: tuple[Finding, ...], *, incomplete: bool) -> str:
    """The status of a check; `incomplete`: nothing is wrong but blanks."""
    if incomplete:
        return INCOMPLETE
    if any(f.severity == ERROR for f in findings):
        return ERRORS
    return REMINDERS if any(f.severity == WARNING for f in findings) else READY
