"""The form and the submission in a real LibreOffice: drop-downs, live totals, marks, print, and what a save does to the seal."""

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from forms import GOOD_FORMS
from office import Document, Office

from xlpkg.audit.check import check
from xlpkg.cli import main
from xlpkg.files.a1 import address
from xlpkg.form import profiles
from xlpkg.layout import ENTRY, STATUS_LINE, Layout
from xlpkg.reading.read import read
from xlpkg.writing.build import build

pytestmark = pytest.mark.office
SAMPLES = Path(__file__).parent.parent / "workbook" / "samples"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """blank.xlsx, filled.xlsx, checked.xlsx and draft.xlsx of the real form; final.xlsx of a form without errors."""
    folder = tmp_path_factory.mktemp("forms")
    real, clean = str(SAMPLES / "network_office.json"), str(SAMPLES / "network_office_corrected.json")
    assert main(["new", "-o", str(folder / "blank.xlsx")]) == 0
    assert main(["convert", real, "-o", str(folder / "filled.xlsx")]) == 0
    assert main(["check", real, "-o", str(folder / "checked.xlsx")]) == 1
    assert main(["submit", real, "-o", str(folder / "draft.xlsx")]) == 0
    assert main(["submit", clean, "-o", str(folder / "final.xlsx")]) == 0
    return folder


def fill(form: Document, row: int, *texts: str) -> None:
    """Type one indicator row: l1, l2, name, sign, number, unit, standard."""
    for column, text in zip("BCDEFGH", texts, strict=True):
        form.type_in(ENTRY, f"{column}{row}", text)


@pytest.mark.parametrize("profile_id", profiles.shipped())
def test_second_level_drop_down_follows_first_level(office: Office, tmp_path: Path, profile_id: str) -> None:
    assert main(["new", "-p", profile_id, "-o", str(tmp_path / "blank.xlsx")]) == 0
    form_profile = profiles.load(profile_id)
    layout = Layout(form_profile)
    first = layout.first_row

    def cell(column: str, row: int) -> str:
        return address(first + row, layout.columns.index(column))

    with office.open(tmp_path / "blank.xlsx") as form:
        assert form.evaluate_list(ENTRY, cell("l1", 0)) == [c.name for c in form_profile.tree]
        for row, category in zip((0, 20, 59), form_profile.tree, strict=False):
            form.type_in(ENTRY, cell("l1", row), category.name)
            assert form.evaluate_list(ENTRY, cell("l2", row)) == [n.name for n in category.l2]
        assert form.evaluate_list(ENTRY, cell("op", 0)) == list(form_profile.operators)
        assert form.evaluate_list(ENTRY, cell("measure", 59)) == list(form_profile.units)
        if form_profile.standards:
            assert form.evaluate_list(ENTRY, cell("standard", 9)) == [s.name for s in form_profile.standards]
        for column in form_profile.columns:
            if column.choices:
                assert form.evaluate_list(ENTRY, cell(column.key, 30)) == list(column.choices)
        for field in form_profile.fields:
            if field.choices:
                assert form.evaluate_list(ENTRY, address(*layout.header[field.key].value)) == list(field.choices)


@pytest.mark.parametrize("profile_id", profiles.shipped())
def test_the_panel_of_a_full_form_is_full_and_says_what_the_check_says(office: Office, tmp_path: Path, profile_id: str) -> None:
    profile = profiles.load(profile_id)
    report = check(GOOD_FORMS[profile_id], profile)
    build(tmp_path / "form.xlsx", profile, GOOD_FORMS[profile_id])
    panel = {key: address(*cell.value) for key, cell in Layout(profile).panel.items()}
    with office.open(tmp_path / "form.xlsx") as form:
        form.recalculate()
        said = {key: form.value(ENTRY, cell) for key, cell in panel.items()}
        status = str(form.value(ENTRY, address(*STATUS_LINE)))
    cost = report.cost.summary()
    assert said["filled"] == f"{report.filled}／{report.needed}" and report.filled == report.needed
    assert [Decimal(str(said[key])) for key in ("total", "funds", "difference")] == [
        Decimal(cost[key] or 0) for key in ("total", "funds", "difference")
    ]
    assert said["counts"] == "待检查" and status.startswith("待检查") and "两数相等" in status and "应为" not in status


def test_running_total_follows_a_cost_and_converts_units(office: Office, files: Path) -> None:
    with office.open(files / "filled.xlsx") as form:
        form.recalculate()
        assert [form.value(ENTRY, c) for c in ("A3", "C3", "D3")] == [140, 140, 0]
        form.type_in(ENTRY, "F54", "25")  # 网络舆情管理 20万元 → 25万元
        form.recalculate()
        assert [form.value(ENTRY, c) for c in ("A3", "C3", "D3")] == [145, 140, -5]
        form.type_in(ENTRY, "G54", "元")
        form.type_in(ENTRY, "C9", "0.015亿元")
        form.type_in(ENTRY, "G9", "1,000")
        form.recalculate()
        assert [form.value(ENTRY, c) for c in ("A3", "C3", "D3")] == [120.0025, 1150, 1029.9975]


def test_total_rows_and_unreadable_costs_are_not_added(office: Office, files: Path) -> None:
    with office.open(files / "blank.xlsx") as form:
        form.type_in(ENTRY, "C9", "40")
        fill(form, 18, "产出指标", "成本指标", "会议费", "≤", "30", "万元", "历史标准")
        fill(form, 19, "产出指标", "成本指标", "项目总成本", "≤", "40", "万元", "历史标准")
        fill(form, 20, "产出指标", "成本指标", "差旅费", "", "不超过3万元", "", "历史标准")
        form.recalculate()
        assert form.value(ENTRY, "A3") == 30
        status = form.value(ENTRY, "A4")
        assert status == (
            "未填完，基本信息还有9处没填；其余待检查　｜　"
            "成本合计30万元，可用资金40万元，还有10万元没有写进成本（有1行成本没有按“数字＋金额单位”填写，未计入）"
        )


def test_status_words_and_counts_come_by_formula(office: Office, files: Path) -> None:
    with office.open(files / "blank.xlsx") as form:
        form.recalculate()
        assert [form.value(ENTRY, c) for c in ("E3", "G3", "I3", "J18")] == ["0／13", "10处，待检查", "未检查", ""]
        rows = {
            18: ("产出指标", "质量指标", "合格率", "≥", "100", "%", "历史标准"),
            19: ("产出指标", "成本指标", "会议费", "≥", "3", "万元", "历史标准"),
            20: ("产出指标", "数量指标", "会议次数", "≥", "3", "", "历史标准"),
            21: ("产出指标", "时效指标", "完成时间", "", "2024年12月31日前", "", "计划标准"),
            22: ("产出指标", "数量指标", "会议次数", "", "", "", ""),
            23: ("", "", "", "", "3", "次", ""),
        }
        for row, texts in rows.items():
            fill(form, row, *texts)
        form.recalculate()
        words = [form.value(ENTRY, f"J{row}") for row in rows]
        assert words == ["错：比率超100%", "错：成本应为≤", "错：缺单位", "已填", "错：缺指标值", "错：缺名称"]
        assert form.value(ENTRY, "E3") == "24／43"
        assert form.value(ENTRY, "G3") == "15处，待检查"
        assert [form.value(ENTRY, f"A{row}") for row in rows] == [1, 2, 3, 4, 5, 6]


def test_inserted_and_deleted_rows_keep_count_total_and_drop_downs(office: Office, files: Path, tmp_path: Path) -> None:
    with office.open(files / "filled.xlsx") as form:
        form.delete_rows(ENTRY, 54, 1)  # 网络舆情管理 20万元
        form.insert_rows(ENTRY, 30, 2)
        fill(form, 31, "产出指标", "成本指标", "新增事项", "≤", "7", "万元", "计划标准")
        form.recalculate()
        assert form.value(ENTRY, "A3") == 127
        assert form.value(ENTRY, "A32") == 14
        assert form.evaluate_list(ENTRY, "C31") == ["数量指标", "质量指标", "时效指标", "成本指标"]
        form.save_as(tmp_path / "moved.xlsx")
    source = read(tmp_path / "moved.xlsx")
    assert [i.name for i in source.declaration.indicators][12:14] == ["新增事项", "舆情处置完成率"]
    assert source.places is not None and source.places.cell(13, "value") == "F31"


def test_marks_of_a_checked_copy_go_stale_when_a_row_is_edited(office: Office, files: Path) -> None:
    with office.open(files / "checked.xlsx") as form:
        form.recalculate()
        assert [form.value(ENTRY, f"J{row}") for row in (18, 19, 20)] == ["通过", "错：见检查结果", "提：见检查结果"]
        assert form.value(ENTRY, "G3") == "17／57"
        form.type_in(ENTRY, "F19", "500")
        form.type_in(ENTRY, "G19", "条")
        form.recalculate()
        assert form.value(ENTRY, "J19") == "未复查"
        form.type_in(ENTRY, "F20", "")
        form.recalculate()
        assert form.value(ENTRY, "J20") == "错：缺指标值"
        assert str(form.value(ENTRY, "I3")).endswith("（有改动）")


@pytest.mark.parametrize("name", ["filled", "draft", "final"])
def test_seal_survives_a_save_in_libreoffice(
    office: Office, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    main(["check", str(files / f"{name}.xlsx")])
    before = capsys.readouterr().out
    with office.open(files / f"{name}.xlsx") as document:
        document.recalculate()
        document.save_as(tmp_path / f"{name}.xlsx")
    main(["check", str(tmp_path / f"{name}.xlsx")])
    assert capsys.readouterr().out == before
    if name != "filled":
        assert "校验码一致" in before


def pages(pdf: Path) -> list[str]:
    """The text of each page of a PDF without blanks."""
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    return ["".join(page.split()) for page in text.split("\f")[:-1]]


def test_draft_says_so_on_every_page(office: Office, files: Path, tmp_path: Path) -> None:
    with office.open(files / "draft.xlsx") as document:
        document.pdf(tmp_path / "draft.pdf")
    printed = pages(tmp_path / "draft.pdf")
    assert len(printed) == 2
    for number, page in enumerate(printed, 1):
        assert "草稿" in page and "（还有17条错误，不得报送）" in page
        assert "三级指标" in page and "绩效标准" in page
        assert f"第{number}页，共2页" in page and "校验码：3CP5-MYMQ-ZZ4Z" in page
    sizes = subprocess.run(["pdfinfo", str(tmp_path / "draft.pdf")], capture_output=True, text=True, check=True).stdout
    assert "(A4)" in sizes


def test_final_is_no_draft_and_no_row_is_split(office: Office, files: Path, tmp_path: Path) -> None:
    with office.open(files / "final.xlsx") as document:
        document.pdf(tmp_path / "final.pdf")
    printed = "".join(pages(tmp_path / "final.pdf"))
    assert "草" not in printed and "检查结果：" in printed
    for indicator in read(files / "final.xlsx").declaration.indicators:
        start = indicator.name[:4]
        assert start in printed


@pytest.mark.slow
def test_submit_makes_a_pdf(files: Path, tmp_path: Path) -> None:
    assert main(["submit", str(files / "filled.xlsx"), "-o", str(tmp_path / "申报 表.xlsx"), "--pdf"]) == 0
    assert "2023年度项目支出预算绩效目标申报表" in pages(tmp_path / "申报 表.pdf")[0]
