"""What people type with macros off, and what the panel makes of it: the inputs on which earlier panels were wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from forms import GOOD_FORMS, HN2015, with_cells
from office import Document, Office

from xlpkg.audit.check import check
from xlpkg.files.a1 import address
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration
from xlpkg.layout import ENTRY, STATUS_LINE, Layout
from xlpkg.writing.build import build

pytestmark = pytest.mark.office
COST = ("产出指标", "成本指标", "新设备", "≤", "7", "万元", "计划标准")
LOCALES = ("zh-CN", "en-US")


class Panel:
    """An open form of any profile: type into rows and fields by name, read what the panel says."""

    def __init__(self, document: Document, profile_id: str = "hn2015") -> None:
        self.document, self.profile = document, profiles.load(profile_id)
        self.layout = Layout(self.profile)
        self.columns = self.layout.columns
        self.sheet = document.model.Sheets.getByName(ENTRY)

    def row(self, n: int, **texts: str) -> None:
        """Type into the n-th row below the heads."""
        for name, text in texts.items():
            self.document.set(ENTRY, address(self.layout.head_row + n, self.columns.index(name)), text)

    def field(self, field: str, text: str) -> None:
        self.document.set(ENTRY, address(*self.layout.header[field].value), text)

    def insert(self, n: int) -> None:
        self.document.insert_rows(ENTRY, self.layout.head_row + n + 1)

    def delete(self, n: int) -> None:
        self.document.delete_rows(ENTRY, self.layout.head_row + n + 1)

    def move(self, source: int, target: int) -> None:
        """Cut a row and insert it above another one."""
        self.insert(target)
        source += self.layout.head_row + (source >= target)
        area = self.sheet.getCellRangeByPosition(0, source, self.columns.number, source)
        self.sheet.moveRange(self.sheet.getCellByPosition(0, self.layout.head_row + target).CellAddress, area.RangeAddress)
        self.delete(source - self.layout.head_row)

    def says(self, key: str) -> str | float | None:
        return self.document.value(ENTRY, address(*self.layout.panel[key].value))

    def status(self) -> str:
        return str(self.document.value(ENTRY, address(*STATUS_LINE)))

    def word(self, n: int) -> str:
        return str(self.document.value(ENTRY, address(self.layout.head_row + n, self.columns.check)) or "")


def opened(
    office: Office, folder: Path, declaration: Declaration = HN2015, *, checked: bool = False, locale: str = "zh-CN"
) -> Panel:
    """A form of the declaration, opened and nothing else."""
    office.use_locale(locale)
    profile = profiles.load(declaration.profile)
    build(folder / "表.xlsx", profile, declaration, check(declaration, profile) if checked else None)
    return Panel(office.open(folder / "表.xlsx"), declaration.profile)


@pytest.mark.parametrize("profile_id", profiles.shipped())
def test_a_cost_counts_wherever_it_stands(office: Office, tmp_path: Path, profile_id: str) -> None:
    panel = opened(office, tmp_path, GOOD_FORMS[profile_id])
    with panel.document:
        cost, unit = panel.profile.cost_categories[0], panel.profile.money_unit
        texts = {"l1": panel.profile.parent[cost], "l2": cost, "name": "新设备", "op": "≤", "number": "7", "measure": unit}
        before = panel.says("total")
        assert isinstance(before, float)
        found = []
        for row in (1, 4):
            panel.insert(row)
            panel.row(row, **texts)
            found.append(panel.says("total"))
        panel.row(16, **texts)
        panel.move(16, 1)
        found.append(panel.says("total"))
        panel.row(80, **texts)  # below the table
        found.append(panel.says("total"))
        assert found == [before + 7 * n for n in (1, 2, 3, 4)] and "成本超出28" in panel.status()


def test_an_inserted_row_shows_its_faults_in_the_panel(office: Office, tmp_path: Path) -> None:
    panel = opened(office, tmp_path)
    with panel.document:
        panel.insert(4)
        panel.row(4, name="新设备")
        assert panel.status().startswith("未填完，先看第4行：缺指标值") and panel.says("counts") == "1处，待检查"
        panel.row(4, l1="产出指标", l2="成本指标", op="≥", number="7", measure="万元", standard="计划标准")
        assert panel.status().startswith("有错误，先看第4行：成本应为≤")
        assert panel.says("filled") == "73／73"


DATES = ("2024年12月31日", "2024-12-31", "2024/12/31", "12月31日", "2024.12.31", "2024年12月31日前", "12:30", "及时")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_date_has_no_unit_and_a_figure_has_one(office: Office, tmp_path: Path, locale: str) -> None:
    panel = opened(office, tmp_path, locale=locale)
    with panel.document:
        found = {}
        for typed in (*DATES, "100", "0.9", "1,160", "７", "-5"):
            panel.row(4, op="", number=typed, measure="")
            found[typed] = panel.word(4)
        left_to_the_check = dict.fromkeys([*DATES, "-5"], "已填")
        assert found == {**left_to_the_check, **dict.fromkeys(["100", "0.9", "1,160", "７"], "错：缺单位")}


COSTS = {
    ("≤", "20", "万元"): 20, ("", "≤20万元", ""): 20, ("", "20万元", ""): 20, ("≤", "≤20万元", "万元"): 20,
    ("≤", "200000", "元"): 20, ("≤", "20万", "元"): 20, ("", "0.002亿元", ""): 20, ("≤", "1,160", "万元"): 1160,
    ("≤", "1，160", "万元"): 1160,
    ("≤", "２０．５", "万元"): 20.5, ("≤", "20 ", "万元 "): 20, ("≤", "\u300020\n", "万元"): 20,
    **{("≤", typed, "万元"): None for typed in ("3/4", "20.5.1", "(20)", "1e2", "2024-1-1", "12:30", "1,16", "20-30", "二十")},
    ("≤", "20", ""): None, ("", "不超过20万元", ""): None,
}  # fmt: skip
FUNDS = {
    "1，160": 1160, "1,160.50": 1160.5, "140\n": 140, "\u3000140\u3000": 140, "１４０": 140, "1400000元": 140, "0.014亿": 140,
    **dict.fromkeys(("约140", "≤140", "一百四十", "140（含上年结转20）", "人民币140万元", "140千元", "￥140"), None),
    **dict.fromkeys(("1-4", "12.5.1", "2024/1/1", "(20)", "5%"), None),
}  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
def test_a_cost_is_counted_as_the_check_reads_it_or_named(office: Office, tmp_path: Path, locale: str) -> None:
    panel = opened(office, tmp_path, locale=locale)
    with panel.document:
        found = {}
        for op, number, unit in COSTS:
            panel.row(6, op=op, number=number, measure=unit)  # 修复危桥费用 ≤30万元
            named = "（有1行成本没有按“数字＋金额单位”填写，未计入）" in panel.status()
            found[op, number, unit] = (panel.says("total"), named)
        assert found == {typed: (110 + (counted or 0), counted is None) for typed, counted in COSTS.items()}


@pytest.mark.parametrize("locale", LOCALES)
def test_funds_are_read_as_the_check_reads_them_or_named(office: Office, tmp_path: Path, locale: str) -> None:
    panel = opened(office, tmp_path, locale=locale)
    with panel.document:
        found = {}
        for typed in FUNDS:
            panel.field("budget_wan", typed)
            status = panel.status()
            named = "（“年度本级预算金额”写的不是数字，未计入）" in status
            found[typed] = (panel.says("funds"), named, "可用资金还不知道" in status)
        unknown = ("—", True, True)
        assert found == {typed: unknown if funds is None else (funds, False, False) for typed, funds in FUNDS.items()}


CHANGES = (
    "blank unit", "another budget", "a row less", "an emptied row", "the last row less", "a row more", "order", "case",
)  # fmt: skip


@pytest.mark.parametrize("edit", CHANGES)
def test_any_change_after_a_check_is_told(office: Office, tmp_path: Path, edit: str) -> None:
    declaration = with_cells(HN2015, 1, value="≥12km")
    panel = opened(office, tmp_path, declaration, checked=True)
    with panel.document:
        assert panel.status().startswith("可报送") and "有改动" not in str(panel.says("checked"))
        if edit == "blank unit":
            panel.field("unit", "")
        elif edit == "another budget":
            panel.field("budget_wan", "150")
        elif edit in ("a row less", "the last row less"):
            panel.delete(6 if edit == "a row less" else 11)
        elif edit == "an emptied row":
            panel.row(6, **dict.fromkeys(panel.columns.checked, ""))
        elif edit == "a row more":
            panel.insert(3)
            panel.row(3, **dict(zip(panel.columns.checked, COST, strict=True)))
        elif edit == "order":
            panel.move(4, 1)
        else:
            panel.row(1, measure="KM")
        assert panel.status().startswith("有改动，请重新检查") and str(panel.says("checked")).endswith("（有改动）")


def test_a_note_and_a_blank_are_no_change(office: Office, tmp_path: Path) -> None:
    panel = opened(office, tmp_path, checked=True)
    with panel.document:
        before = panel.status()
        panel.row(3, note="见附件")
        panel.row(15, name=" ", number="\n")
        assert panel.status() == before and panel.says("filled") == "68／68"


def test_a_status_is_unfilled_only_if_something_is_empty(office: Office, tmp_path: Path) -> None:
    panel = opened(office, tmp_path)
    with panel.document:
        panel.row(3, op="≥")  # 工程验收合格率 ≥100%
        assert panel.status().startswith("有错误，先看第3行：比率超100%；其余待检查")
        panel.row(3, op="=")
        panel.row(9, op="≥", number=" ", measure="")
        assert panel.status().startswith("未填完，先看第9行：缺指标值；其余待检查")


def test_a_stray_category_and_rows_far_below_are_named(office: Office, tmp_path: Path) -> None:
    panel = opened(office, tmp_path)
    with panel.document:
        panel.row(6, l2="成本指标 ")
        assert panel.says("total") == 140
        panel.row(6, l2="成本类")
        assert panel.says("total") == 110 and "（有1行的二级指标不在可选范围，金额未计入）" in panel.status()
        panel.row(300, name="远处")
        assert "（有1行写在表格下面太远的地方，未计入）" in panel.status()
