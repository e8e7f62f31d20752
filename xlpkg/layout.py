"""Where each thing stands in the form workbook: the only place that turns a row and a field into a cell."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from xlpkg.files.a1 import address
from xlpkg.form.declaration import HEADER
from xlpkg.form.profile import Profile

ENTRY, RESULTS, ACTIVITIES, SUBMISSION, GUIDE, OPTIONS = "填报", "检查结果", "事项对照", "申报表", "填报说明", "选项"
DESK = "汇总台"
"""The sheet of the receiver's workbook."""
SCORING, INTAKE = "审核表", "导入说明"
OWN_SHEETS = (RESULTS, ACTIVITIES, SCORING, INTAKE, GUIDE, OPTIONS)
"""Our sheets that never hold a declaration."""

PROFILE_LABEL, TEMPLATE_LABEL = "表式", "表样版本"
CHECK_LABEL = "检查"
SEAL_LABEL, RULES_LABEL, RESULT_LABEL = "校验码", "规则版本", "检查结果"
CREATED = datetime(2026, 1, 1)
"""The date in what we build, so that the same form is the same file."""
NOT_FILLED = "—"
"""Stands on a submission where a category was left blank, so that the cell is not taken for a merged one."""

_COLUMNS = ("number_of_row", "l1", "l2", "name", "op", "number", "measure", "standard", "note", "check")
ERROR_COUNT, WARNING_COUNT, CHECKED_AT = 1, 2, 3
"""Rows of the column `marks` in which the checker leaves its counts and the time."""
TABLE_HEADER_ROW = 16  # 0-based: row 17 on the sheet
FIRST_ROW = TABLE_HEADER_ROW + 1
FROZEN_ROWS = 5
PREPARED_ROWS = 60
LARGEST_FORM = 2000

PANEL = {"total": (2, 0), "funds": (2, 2), "difference": (2, 3), "filled": (2, 4), "counts": (2, 6)}
"""The figures of the panel; the time of the last check stands in the last two columns."""
STATUS_LINE = (3, 0)

# field → (row, column) of its label and of its value; 0-based
HEADER_CELLS: Mapping[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "year": ((6, 0), (6, 2)),
    "unit": ((6, 4), (6, 6)),
    "project": ((7, 0), (7, 2)),
    "department": ((7, 4), (7, 6)),
    "budget_wan": ((8, 0), (8, 2)),
    "upper_funds.central": ((8, 4), (8, 6)),
    "upper_funds.province": ((9, 0), (9, 2)),
    "upper_funds.city": ((9, 4), (9, 6)),
    "period": ((10, 0), (10, 2)),
    "long_goal": ((11, 0), (11, 2)),
    "year_goal": ((12, 0), (12, 2)),
    "filler": ((13, 0), (13, 2)),
    "phone": ((13, 4), (13, 6)),
}
WIDE_FIELDS = ("period", "long_goal", "year_goal")
MONEY_FIELDS = tuple(f for f in HEADER if f == "budget_wan" or f.startswith("upper_funds."))


class Columns(msgspec.Struct, frozen=True):
    """The columns of the indicator rows, from A on; two hidden ones for the checker's marks follow."""

    names: tuple[str, ...]

    def index(self, name: str) -> int:
        return self.names.index(name)

    @property
    def filled_in(self) -> tuple[str, ...]:
        """The columns of the user, from left to right."""
        return self.names[1:-1]

    @property
    def checked(self) -> tuple[str, ...]:
        """The columns whose contents are checked: all of the user but the notes."""
        return self.names[1:-2]

    @property
    def telling(self) -> tuple[str, ...]:
        """The columns of which one is filled in every row that counts: categories alone are no indicator."""
        return self.names[3:-2]

    @property
    def check(self) -> int:
        """The last column: status words."""
        return len(self.names) - 1

    @property
    def marks(self) -> int:
        return len(self.names)

    @property
    def snapshot(self) -> int:
        return len(self.names) + 1


_ALL = Columns(_COLUMNS)
_WITHOUT_STANDARD = Columns(tuple(c for c in _COLUMNS if c != "standard"))


def columns(profile: Profile) -> Columns:
    """The columns of a form; one whose profile has no performance standards has no column for them."""
    return _ALL if profile.standards else _WITHOUT_STANDARD


def printed_columns(profile: Profile) -> tuple[str, ...]:
    """The columns of the submission sheet."""
    return ("l1", "l2", "name", "value", "standard") if profile.standards else ("l1", "l2", "name", "value")


class Places(msgspec.Struct, frozen=True):
    """Where a form's fields stand in one particular workbook: findings are linked to these cells."""

    sheet: str
    header: dict[str, str]
    columns: dict[str, int]
    rows: dict[int, int]
    header_row: int
    cost: str

    def cell(self, row: int | None, field: str) -> str | None:
        """The cell of a finding ("F31"); None where the workbook has no cell for it."""
        if row is not None:
            column = self.columns.get("value" if field == "value" and "number" not in self.columns else _COLUMN.get(field, field))
            line = self.rows.get(row)
            return None if column is None or line is None else address(line, column)
        if field in self.header:
            return self.header[field]
        if field == "cost":
            return self.cost
        return address(self.header_row, self.columns["l1"])


_COLUMN = {"value": "number"}


def places(profile: Profile, row_numbers: Mapping[int, int]) -> Places:
    """The places of a form as it is built; `row_numbers` maps an indicator's number to its sheet row (0-based)."""
    return Places(
        sheet=ENTRY,
        header={field: address(*value) for field, (_, value) in HEADER_CELLS.items()},
        columns={name: i for i, name in enumerate(columns(profile).names)},
        rows=dict(row_numbers),
        header_row=TABLE_HEADER_ROW,
        cost=address(*PANEL["total"]),
    )


def column_label(profile: Profile, column: str) -> str:
    """The header text of a column."""
    ours = {"number_of_row": "序号", "check": CHECK_LABEL}
    return ours.get(column) or profile.label(column)


def header_label(profile: Profile, field: str) -> str:
    """The label of a header field; money fields name their unit."""
    label = profile.label(field)
    if field.startswith("upper_funds."):
        label = f"上级资金：{label}"
    return f"{label}（{profile.money_unit}）" if field in MONEY_FIELDS else label
