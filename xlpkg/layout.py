"""Where each thing stands in the form workbook: the only place that turns a row and a field into a cell."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from xlpkg.files.a1 import Cell, address
from xlpkg.form.fields import UPPER
from xlpkg.form.profile import Profile

ENTRY, RESULTS, ACTIVITIES, SUBMISSION, GUIDE, OPTIONS = "填报", "检查结果", "事项对照", "申报表", "填报说明", "选项"
DESK = "汇总台"
"""The sheet of the receiver's workbook."""
SCORING, INTAKE, SUMS = "审核表", "导入说明", "面板计算"
LIBRARY, LIBRARY_LISTS = "指标库", "指标库清单"
"""In a form with a library: its sheet, and the hidden one that the drop-downs read."""
OWN_SHEETS = (RESULTS, ACTIVITIES, SCORING, INTAKE, GUIDE, OPTIONS, SUMS, LIBRARY, LIBRARY_LISTS)
"""Our sheets that never hold a declaration."""

PROFILE_LABEL, TEMPLATE_LABEL, PROFILE_TEXT_LABEL = "表式", "表样版本", "表式内容"
PROFILE_TEXT_COLUMN, PROFILE_TEXT_SIZE = 6, 30000
"""On the hidden sheet, row 1: where the text of a profile stands that is not shipped, and how much of it a cell holds."""
CHECK_LABEL = "检查"
SEAL_LABEL, RULES_LABEL, RESULT_LABEL = "校验码", "规则版本", "检查结果"
DATE_LABEL, SIGN_LABEL = "填报日期", "单位负责人签字"
CREATED = datetime(2026, 1, 1)
"""The date in what we build, so that the same form is the same file."""
NOT_FILLED = "—"
"""Stands on a submission where a category was left blank, so that the cell is not taken for a merged one."""

CAPTIONS = {
    "check": "检查", "fix": "一键修复", "next": "下一处", "submit": "生成申报表", "clear": "清除标记", "import": "导入",
    "monitor": "生成监控表", "evaluate": "生成自评表",
}  # fmt: skip
"""Of the form's buttons, by what they do."""
SEND_CAPTION = "生成报送表"
"""Of the button of a later form in the place of 生成申报表."""
PICK_CAPTION = "选指标"
PURPOSE_LABEL = "选资金用途▼"
REFERENCE_HEADS = ("参考符号", "参考单位", "指标解释（参考）", "同类情况（参考）")
"""Of a form with a library: the label of the cell above the table, and the heads of our columns beside it."""
ERROR_COUNT, WARNING_COUNT, CHECKED_AT = 1, 2, 3
"""Rows of the column `marks` in which the checker leaves its counts and the time; beside the number of errors
stand the status and how many rows were checked."""
FROZEN_ROWS = 5
PREPARED_ROWS = 60
LARGEST_FORM = 2000
STATUS_LINE = (3, 0)
_PANEL_ROW = 2
FIRST_SECTION_ROW = 5
_FIRST_FIELD_ROW = FIRST_SECTION_ROW + 1
_LEFT, _RIGHT = (0, 2), (4, 6)  # columns of the label and of the value
_GROUPS = (
    ("year", "unit", "project", "department"),
    ("budget_wan", *UPPER),
    ("period", "long_goal", "year_goal"),
    ("filler", "phone"),
)
"""The header fields as the form shows them; a group begins a new row."""


class Facts(NamedTuple):
    """What the hidden sheet of a form says: the profile's id, the template's version, the text of a profile that is not shipped."""

    profile: str
    template: str
    text: str = ""


def facts_of(rows: Sequence[Sequence[str]]) -> Facts | None:
    """The facts in the first two rows of the hidden sheet; None if they were changed."""
    said = {row[0]: row[1] for row in rows if len(row) > 1}
    if PROFILE_LABEL not in said or TEMPLATE_LABEL not in said:
        return None
    label, *chunks = [*rows[0][PROFILE_TEXT_COLUMN:], ""]
    return Facts(said[PROFILE_LABEL], said[TEMPLATE_LABEL], "".join(chunks) if label == PROFILE_TEXT_LABEL else "")


class HeaderCell(NamedTuple):
    """Where a header field stands: its label, its value (0-based), and the last column of the value's merged cells."""

    label: Cell
    value: Cell
    last: int


class Columns(msgspec.Struct, frozen=True):
    """The columns of the indicator rows, from A on; three hidden ones for the checker's marks follow."""

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
        return tuple(c for c in self.filled_in if c != "note")

    @property
    def telling(self) -> tuple[str, ...]:
        """The columns of which one is filled in every row that counts: categories alone are no indicator."""
        return tuple(c for c in self.checked if c not in ("l1", "l2"))

    @property
    def value(self) -> tuple[str, ...]:
        """The columns that make up the value: sign, figure and unit, as far as the form has them."""
        return tuple(c for c in self.filled_in if c in ("op", "number", "measure"))

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

    @property
    def number(self) -> int:
        """The row's number when it was checked."""
        return len(self.names) + 2

    @property
    def reference(self) -> int:
        """The first of the columns in which a form with a library shows what the library says of the row's indicator."""
        return len(self.names) + 3


class Layout:
    """Where the parts of a profile's form stand, as it is built: 0-based rows and columns."""

    def __init__(self, profile: Profile) -> None:
        self.columns = Columns(("number_of_row", *profile.user_columns, "check"))
        end = self.columns.check
        self.header: dict[str, HeaderCell] = {}
        row = _FIRST_FIELD_ROW
        for line in _lines(profile):
            wide = is_wide(profile, line[0])
            for field, (label, value) in zip(line, (_LEFT, _RIGHT), strict=False):
                self.header[field] = HeaderCell((row, label), (row, value), end if wide or value > _LEFT[1] else _RIGHT[0] - 1)
            row += 1
        self.hint_row, self.section_row, self.head_row, self.first_row = row, row + 1, row + 2, row + 3
        self.purpose_column = 4  # in a form with a library the purpose is chosen above the table
        middle = (4, 6) if end > 7 else (4, 5)
        starts = {
            "total": 0,
            "funds": 2,
            "difference": 3,
            "filled": middle[0],
            "counts": middle[1],
            "checked": max(end - 1, middle[1] + 1),
        }
        ends = [*list(starts.values())[1:], end + 1]
        self.panel = {
            key: HeaderCell((_PANEL_ROW - 1, at), (_PANEL_ROW, at), after - 1)
            for (key, at), after in zip(starts.items(), ends, strict=True)
        }
        """The figures above the form: label, value and last column of each."""


def _lines(profile: Profile) -> Iterator[list[str]]:
    """The header fields by rows of the form: wide ones alone, the others two by two within their group."""
    line: list[str] = []
    group = -1
    for field, its_group in _with_groups(profile):
        wide = is_wide(profile, field)
        if line and (wide or its_group != group or len(line) == 2):
            yield line
            line = []
        group = its_group
        line.append(field)
        if wide:
            yield line
            line = []
    if line:
        yield line


def in_form_order(profile: Profile) -> list[str]:
    """The header fields as the form shows them."""
    return [field for field, _ in _with_groups(profile)]


def _with_groups(profile: Profile) -> Iterator[tuple[str, int]]:
    """The header fields as the form shows them, with the number of their group; further ones follow the field they name."""
    own_group = len(_GROUPS)
    number = {f: n for n, group in enumerate(_GROUPS) for f in group}
    after = {f.key: f.after for f in profile.fields} | {f.key: UPPER[-1] for f in profile.funds}
    waiting = [f for f in profile.header if f not in number]
    for n, group in enumerate(_GROUPS):
        if n == len(_GROUPS) - 1:
            yield from ((f, own_group) for f in waiting if not after[f])
        for field in group:
            if field in profile.header:
                yield field, n
            yield from ((f, n) for f in _followers(field, waiting, after))


def _followers(field: str, waiting: Sequence[str], after: Mapping[str, str]) -> Iterator[str]:
    """The further fields that follow one, and those that follow these."""
    for follower in (f for f in waiting if after[f] == field):
        yield follower
        yield from _followers(follower, waiting, after)


def is_wide(profile: Profile, field: str) -> bool:
    """The field has a row of the form to itself."""
    return field == "period" or profile.kind_of(field) == "long"


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
    layout = Layout(profile)
    return Places(
        sheet=ENTRY,
        header={field: address(*cell.value) for field, cell in layout.header.items()},
        columns={name: i for i, name in enumerate(layout.columns.names)},
        rows=dict(row_numbers),
        header_row=layout.head_row,
        cost=address(*layout.panel["total"].value),
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
    return f"{label}（{profile.money_unit}）" if profile.kind_of(field) == "money" else label
