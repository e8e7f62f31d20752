"""What a rule reports, and what it offers to mend."""

import msgspec

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = {ERROR: "错误", WARNING: "提醒", INFO: "提示"}
SAFE, OFFERED = "safe", "offered"


class Fix(msgspec.Struct, frozen=True):
    """A repair. `safe` changes writing, not meaning; `offered` needs the clerk's nod.

    `changes` are (row, field, new text) with field l1, l2, name, value, standard or a header field (row None);
    `split` replaces the row by rows with these (name, value).
    """

    kind: str
    to: str
    changes: tuple[tuple[int | None, str, str], ...] = ()
    split: tuple[tuple[str, str], ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """One thing an auditor would name.

    `row` counts the indicators from 1, None for the whole form; `what` is the sentence without the place, the same
    for every row with the same problem; `actual`, `expected`, `difference` are set where numbers are compared.
    """

    row: int | None
    field: str
    what: str
    suggestion: str
    fix: Fix | None = None
    actual: str = ""
    expected: str = ""
    difference: str = ""
    rule: str = ""
    severity: str = ""
    place: str = ""

    @property
    def message(self) -> str:
        """Where and what, in one sentence."""
        return f"{self.place}：{self.what}" if self.place else self.what
