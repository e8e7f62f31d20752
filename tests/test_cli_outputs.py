"""The command line: what the commands write, and what they say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bad_files import Run
from forms import FAULTY, HN2015, changed, with_cells

from xlpkg.audit.check import check
from xlpkg.audit.digest import digest
from xlpkg.audit.facts.finding import SEVERITIES
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json

SAMPLES = Path(__file__).parent.parent / "workbook" / "samples"
REAL = SAMPLES / "network_office.json"

KNOWN = "、".join(profiles.available())


def declared(path: Path) -> Declaration:
    return from_json(path.read_text(encoding="utf-8"))


# --- the checked copy -----------------------------------------------------------------------------------------------


@pytest.fixture
def checked(run: Run, written: Callable[..., Path], tmp_path: Path) -> Any:
    """The checked copy of FAULTY, opened."""
    target = tmp_path / "检查稿.xlsx"
    code, out, err = run("check", written(FAULTY), "-o", target)
    assert (code, err) == (1, "")
    assert out.endswith(f"已写出检查稿：{target}\n")
    return openpyxl.load_workbook(target)


def test_results_are_the_lines_of_the_digest(checked: Any) -> None:
    report = check(FAULTY, profiles.load("hn2015"))
    sheet = checked["检查结果"]
    lines = [[c.value for c in row[:8]] for row in sheet.iter_rows(min_row=4)]
    assert [(line[0], line[3], line[4], line[5], line[7]) for line in lines] == [
        (SEVERITIES[t.severity], t.where, t.what, t.advice, "、".join(t.rules)) for t in digest(report.findings)
    ]
    assert sheet["A2"].value.startswith(f"有错误：错误{report.errors}条，提醒{report.warnings}条")
    assert report.seal in sheet["A2"].value


def test_links_lead_to_the_failing_cells(checked: Any, tmp_path: Path) -> None:
    sheet, shown = checked["检查结果"], openpyxl.load_workbook(tmp_path / "检查稿.xlsx", data_only=True)["检查结果"]
    columns = {"l1": "B", "l2": "C", "name": "D", "value": "F", "standard": "H"}
    for n, line in enumerate(digest(check(FAULTY, profiles.load("hn2015")).findings), 4):
        for finding, letter in zip(line.own, ("C", *"IJKLMN"), strict=False):
            cell = f"{columns[finding.field]}{17 + finding.row}"
            assert checked["填报"][f"D{17 + finding.row}"].value == FAULTY.indicators[finding.row - 1].name
            assert f"CELL(\"address\",'填报'!{cell})" in sheet[f"{letter}{n}"].value
            assert shown[f"{letter}{n}"].value == f"→ {cell}"


def test_marks_are_values_in_hidden_columns(checked: Any) -> None:
    sheet = checked["填报"]
    assert sheet.column_dimensions["K"].hidden
    assert sheet["K18"].value == ";standard=error;"
    assert ";value=error;" in sheet["K22"].value
    assert sheet["K19"].value is None
    assert sheet["L18"].value == "产出指标|数量指标|改造农村公路里程|≥|12|公里|"
    assert sheet["L22"].value == "产出指标|成本指标|改造农村公路费用|≥|110|万元|预算支出标准"


def test_marks_of_header_fields_stand_in_their_rows(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "检查稿.xlsx"
    run("check", written(changed(HN2015, phone="", project="")), "-o", target)
    sheet = openpyxl.load_workbook(target)["填报"]
    assert sheet["K8"].value == ";project=error;"
    assert sheet["L8"].value == f"|{HN2015.department}"
    assert ";phone=" in sheet["K14"].value


def test_activities_stand_side_by_side(checked: Any) -> None:
    sheet = checked["事项对照"]
    assert [c.value for c in sheet[7]] == ["事项", "数量", "质量", "时效", "成本（万元）", "占资金", "平均成本", "还缺什么"]
    rows = {row[0].value: [c.value for c in row] for row in sheet.iter_rows(min_row=4)}
    assert rows["成本合计"][4] == 140
    assert rows["可用资金"][4] == 140
    assert rows["差额"][4] == 0
    amounts = [r[4] for name, r in rows.items() if name not in ("成本合计", "可用资金", "差额") and isinstance(r[4], int | float)]
    assert sum(amounts) == 140
    assert rows["改造农村公路费用"][1:] == ["改造农村公路里程 ≥12公里", "—", "—", 110, 110 / 140, "9.17万元/公里", "质量、时效"]
    assert rows["工程完工时间"][1:] == [None, None, "2024年11月30日前", None, None, None, None]  # of the whole project


def test_checked_copy_is_a_form_again(run: Run, tmp_path: Path, checked: Any) -> None:
    target = tmp_path / "读回.json"
    assert run("convert", tmp_path / "检查稿.xlsx", "-o", target)[0] == 0
    assert declared(target) == FAULTY


def test_checked_copy_of_json_prints_only_json(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    code, out, _ = run("check", written(HN2015), "--json", "-o", tmp_path / "检查稿.xlsx")
    assert (code, out.count("\n")) == (0, 1)
    assert json.loads(out)["status"] == "可报送"
    assert (tmp_path / "检查稿.xlsx").is_file()


# --- new, convert, fix, submit --------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["hn2015", "mof2015", "mof2021"])
def test_new_form_is_blank_and_of_its_profile(run: Run, tmp_path: Path, profile: str) -> None:
    target = tmp_path / "空白 表.xlsx"
    assert run("new", "-p", profile, "-o", target) == (0, f"已生成空白表：{target}\n", "")
    report = json.loads(run("check", target, "--json")[1])
    assert (report["profile"], report["status"], report["filled"]["cells"]) == (profile, "未填完", 0)


def test_new_takes_the_county_form_unless_told(run: Run, tmp_path: Path) -> None:
    run("new", "-o", tmp_path / "表.xlsx")
    assert json.loads(run("check", tmp_path / "表.xlsx", "--json")[1])["profile"] == "hn2015"


@pytest.mark.parametrize("first", [".json", ".xlsx", ".xlsm"])
@pytest.mark.parametrize("second", [".json", ".xlsx"])
def test_convert_there_and_back_loses_nothing(
    run: Run, written: Callable[..., Path], tmp_path: Path, first: str, second: str
) -> None:
    source, target, back = written(FAULTY, f"甲{first}"), tmp_path / f"乙{second}", tmp_path / "丙.json"
    assert run("convert", source, "-o", target) == (0, f"已转换：{target}（11条指标）\n", "")
    assert run("convert", target, "-o", back)[0] == 0
    assert declared(back) == FAULTY


def test_convert_of_a_submission_gives_the_declaration(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    run("submit", written(HN2015), "-o", tmp_path / "申报表.xlsx")
    run("convert", tmp_path / "申报表.xlsx", "-o", tmp_path / "读回.json")
    assert declared(tmp_path / "读回.json") == HN2015


def test_fix_says_what_it_changed(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    source, target = written(with_cells(HN2015, 1, name=" 改造农村公路里程 ")), tmp_path / "改.json"
    before = source.read_bytes()
    code, out, err = run("fix", source, "-o", target)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "第1行“改造农村公路里程”（F09）→ 改造农村公路里程",
        "改了1处，错误0条→0条，提醒0条→0条。",
        f"已写出：{target}（原文件没有改动）",
    ]
    assert declared(target) == HN2015
    assert source.read_bytes() == before


def test_fix_offers_what_needs_a_nod(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    source, target = written(with_cells(HN2015, 3, value="≥100%")), tmp_path / "改.json"
    code, out, _ = run("fix", source, "-o", target)
    assert code == 0
    assert "还有1处可以代为修改，同意的话加 --offered。" in out
    assert declared(target).indicators[2].value == "≥100%"
    code, out, _ = run("fix", source, "-o", target, "--offered")
    assert (code, declared(target)) == (0, HN2015)
    assert out.splitlines()[-2:] == ["改了1处，错误1条→0条，提醒0条→0条。", f"已写出：{target}（原文件没有改动）"]


def test_fixing_twice_is_fixing_once(run: Run, tmp_path: Path) -> None:
    once, twice = tmp_path / "一.json", tmp_path / "二.json"
    run("fix", REAL, "-o", once, "--offered")
    code, out, _ = run("fix", once, "-o", twice, "--offered")
    assert (code, out.splitlines()[0][:4]) == (0, "改了0处")
    assert once.read_bytes() == twice.read_bytes()


def test_submission_of_a_good_declaration(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    source, target = written(HN2015), tmp_path / "申报表.xlsx"
    seal = json.loads(run("check", source, "--json")[1])["seal"]
    assert run("submit", source, "-o", target) == (0, f"已生成申报表：{target}　校验码 {seal}\n", "")
    code, out, err = run("check", target)
    assert (code, err) == (0, "")
    assert out.splitlines()[4] == f"校验码一致（{seal}）：内容与生成时相同。"


def test_submission_with_errors_is_a_draft(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "申报表.xlsx"
    code, out, _ = run("submit", written(FAULTY), "-o", target)
    assert code == 0
    assert out.startswith("已生成草稿（还有2条错误，不得报送）：")
    sheet = openpyxl.load_workbook(target).active
    assert "草　稿" in sheet.oddHeader.center.text
    assert "草稿" in sheet.oddFooter.center.text


def test_submission_has_no_hidden_sheets_and_no_author(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "申报表.xlsx"
    run("submit", written(HN2015), "-o", target)
    book = openpyxl.load_workbook(target)
    assert [(s.title, s.sheet_state) for s in book] == [("申报表", "visible")]
    assert (book.properties.creator, book.properties.lastModifiedBy) in ((None, None), ("", ""))
    assert book.vba_archive is None


def test_tampered_submission_is_told(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "申报表.xlsx"
    run("submit", written(HN2015), "-o", target)
    seal = json.loads(run("check", target, "--json")[1])["seal"]
    book = openpyxl.load_workbook(target)
    (cell,) = [c for row in book.active.iter_rows() for c in row if c.value == HN2015.project]
    cell.value = f"{HN2015.project}工程"
    book.save(target)
    code, out, err = run("check", target)
    assert (code, err) == (1, "")
    report = json.loads(run("check", target, "--json")[1])
    assert report["sealed"] == {"seal": seal, "unchanged": False}
    assert report["seal"] != seal
    assert report["errors"] == 0
    assert out.splitlines()[4] == f"校验码不一致：表上是{seal}，按现在的内容应为{report['seal']}，生成以后内容被改过。"


def test_findings_in_a_submission_name_its_cells(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "申报表.xlsx"
    run("submit", written(FAULTY), "-o", target)
    sheet = openpyxl.load_workbook(target).active
    findings = [f for f in json.loads(run("check", target, "--json")[1])["findings"] if f["row"]]
    assert {f["sheet"] for f in findings} == {"申报表"}
    (cost,) = [f for f in findings if f["field"] == "value" and f["severity"] == "error"]
    assert sheet[cost["cell"]].value == "≥110万元"
