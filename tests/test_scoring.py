"""The 审核表: points proposed from the findings, the reviewer's lines left open, the sheet in checked copies only."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from forms import HN2015, MOF2021
from office import Office
from oletools.olevba import VBA_Parser

from xlpkg.audit.check import Report, check
from xlpkg.audit.facts.finding import Finding
from xlpkg.audit.rules import RULES
from xlpkg.audit.scoring import Score, lines_of_rules, scores
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json
from xlpkg.form.profile import Profile, ProfileError, Scoring
from xlpkg.layout import SCORING
from xlpkg.reading.read import read
from xlpkg.writing.build import build
from xlpkg.writing.macros import CODE_NAMES

SAMPLES = Path(__file__).parent.parent / "workbook" / "samples"
REAL = from_json((SAMPLES / "network_office.json").read_text(encoding="utf-8"))
FORM = profiles.load("hn2015")
FULL = {
    "规范完整性": 10, "明确清晰性": 10, "目标相关性": 15, "指标科学性": 15,
    "绩效合理性": 15, "资金匹配性": 15, "实现可能性": 10, "条件充分性": 10,
}  # fmt: skip
OPEN = {"目标相关性", "绩效合理性", "实现可能性", "条件充分性"}
PATTERNS = {
    "规范完整性": r"C\d\d|F09|F10|F11|F14|F15|F17",
    "明确清晰性": r"[MR]\d\d",
    "指标科学性": r"F0[1-8]|F12|F13|F16|[VX]\d\d",
    "资金匹配性": r"B\d\d",
}


def counted(findings: tuple[Finding, ...], line: str, severity: str) -> Counter[str]:
    """Rule → findings of this severity that count for a line, by the patterns above."""
    return Counter(f.rule for f in findings if f.severity == severity and re.fullmatch(PATTERNS.get(line, "-"), f.rule))


def expected_points(report: Report, line: str) -> Decimal | None:
    """A line's points, reckoned here."""
    errors, warnings = (sum(counted(report.findings, line, s).values()) for s in ("error", "warning"))
    return None if line in OPEN else Decimal(max(0, FULL[line] * 2 - errors * 4 - warnings)) / 2


def by_line(report: Report) -> dict[str, Score]:
    return {score.line: score for score in scores(report)}


def with_scheme(**changes: Any) -> Profile:
    """hn2015 with another scheme."""
    return msgspec.structs.replace(FORM, scoring=msgspec.structs.replace(FORM.scoring, **changes))


def with_rules(line: str, *rules: str) -> Profile:
    """hn2015 with other rules on one line of the scheme."""
    lines = (msgspec.structs.replace(at, rules=rules) if at.name == line else at for at in FORM.scoring.lines)
    return with_scheme(lines=tuple(lines))


# --- points -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", sorted(p.stem for p in SAMPLES.glob("*.json")))
def test_points_follow_from_the_findings(sample: str) -> None:
    declaration = from_json((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))
    report = check(declaration, profiles.load(declaration.profile))
    assert {s.line: (s.full, s.points) for s in scores(report)} == {
        n: (full, expected_points(report, n)) for n, full in FULL.items()
    }


def test_the_real_form_has_lines_in_between_and_at_the_bottom() -> None:
    found = by_line(check(REAL, FORM))
    assert found["指标科学性"].points == 0 < (found["资金匹配性"].points or 0) < 15
    assert found["指标科学性"].grade == "差"


def test_each_finding_counts_once_and_names_its_rule() -> None:
    report = check(REAL, FORM)
    for line, score in by_line(report).items():
        errors, warnings = counted(report.findings, line, "error"), counted(report.findings, line, "warning")
        assert (score.errors, score.warnings) == (sum(errors.values()), sum(warnings.values()))
        assert [(t.rule, t.errors, t.warnings) for t in score.taken] == [
            (rule, errors[rule], warnings[rule]) for rule in sorted(errors | warnings)
        ]
    assert sum(s.errors for s in scores(report)) == report.errors
    assert sum(s.warnings for s in scores(report)) == report.warnings


@pytest.mark.parametrize("declaration", [HN2015, MOF2021], ids=lambda d: d.profile)
def test_a_clean_form_gets_full_points(declaration: Declaration) -> None:
    report = check(declaration, profiles.load(declaration.profile))
    assert (report.errors, report.warnings) == (0, 0)
    for score in scores(report):
        assert (score.points, score.grade) == ((None, "") if score.line in OPEN else (score.full, "优"))
        assert score.taken == ()


def test_never_below_zero() -> None:
    found = scores(check(REAL, with_scheme(error=Decimal(1000), warning=Decimal(1000))))
    assert {s.points for s in found} == {None, Decimal(0)}


def test_the_reviewers_lines_are_open() -> None:
    for declaration in (REAL, Declaration("hn2015")):
        assert {s.line for s in scores(check(declaration, FORM)) if (s.points, s.grade) == (None, "")} == OPEN


@pytest.mark.parametrize(
    ("deduction", "grade"),
    [("1", "优"), ("1.001", "良"), ("2", "良"), ("2.001", "中"), ("4", "中"), ("4.001", "差"), ("99", "差")],
)
def test_grades_begin_at_their_share(deduction: str, grade: str) -> None:
    """One error on a line of ten points costs so much: a form without a phone number."""
    report = check(msgspec.structs.replace(HN2015, phone=""), with_scheme(error=Decimal(deduction)))
    assert by_line(report)["规范完整性"].errors == 1
    assert by_line(report)["规范完整性"].grade == grade


# --- the scheme -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile_id", profiles.available())
def test_every_rule_counts_for_one_line(profile_id: str) -> None:
    profile = profiles.load(profile_id)
    named = [rule for line in profile.scoring.lines for rule in line.rules]
    assert len(named) == len(set(named))
    assert set(lines_of_rules(profile)) == set(RULES)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (with_rules("资金匹配性", "B", "Q"), "scoring.lines写了“Q”，没有这条或这组规则"),
        (with_rules("资金匹配性", "B", "V"), "scoring.lines把“V”写了2次，一条规则只能计入一行"),
        (with_rules("资金匹配性", "B02"), "scoring.lines没有写规则“B01”计入哪一行"),
    ],
)
def test_a_scheme_that_fits_the_rules_badly_is_refused(form: Profile, sentence: str) -> None:
    with pytest.raises(ProfileError, match=sentence):
        scores(check(HN2015, form))


def test_a_scheme_is_read_from_a_profile_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('extends = "hn2015"\nid = "own"\n[scoring]\nwarning = 0.25\n', encoding="utf-8")
    scheme = profiles.read(tmp_path / "own.toml").scoring
    assert scheme == Scoring(Decimal(2), Decimal("0.25"), FORM.scoring.lines, FORM.scoring.grades)


# --- the sheet --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["xlsx", "xlsm"])
def checked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checked copy of the real form."""
    path: Path = tmp_path_factory.mktemp("scoring") / f"检查稿.{request.param}"
    build(path, FORM, REAL, check(REAL, FORM))
    return path


def test_the_sheet_stands_after_the_activities(checked: Path) -> None:
    book = openpyxl.load_workbook(checked)
    assert book.sheetnames == ["填报", "检查结果", "事项对照", "审核表", "申报表", "导入说明", "填报说明", "选项", "面板计算"]


def test_the_sheet_shows_the_scores(checked: Path) -> None:
    report = check(REAL, FORM)
    sheet = openpyxl.load_workbook(checked, data_only=True)[SCORING]
    found = scores(report)
    shown = {row[1].value: [c.value for c in row[2:]] for row in sheet["A7:G14"]}
    assert list(shown) == list(FULL)
    for score in found:
        question, full, points, grade, basis = shown[score.line]
        assert (question, full, points, grade or "") == (score.question, score.full, score.points, score.grade)
        assert (basis == "由审核人填写") == (score.line in OPEN)
    assert "比率超过100% 错误7条；" in shown["指标科学性"][4]
    assert [sheet[f"A{row}"].value for row in (7, 9, 11, 13)] == [
        "完整性审核\n（20分）", "相关性审核\n（30分）", "适当性审核\n（30分）", "可行性审核\n（20分）",
    ]  # fmt: skip
    assert {"A7:A8", "A9:A10", "A11:A12", "A13:A14"} <= {str(r) for r in sheet.merged_cells.ranges}


def test_the_total_is_a_formula_with_its_result(checked: Path) -> None:
    formulas, values = (openpyxl.load_workbook(checked, data_only=shown)[SCORING] for shown in (False, True))
    assert formulas["E15"].value == "=SUM(E7:E14)"
    assert values["D15"].value == 50
    assert values["E15"].value == sum(s.points or 0 for s in scores(check(REAL, FORM)))


def test_the_head_says_whose_form_it_is_and_that_a_person_decides(checked: Path) -> None:
    report = check(REAL, FORM)
    sheet = openpyxl.load_workbook(checked)[SCORING]
    assert sheet["A1"].value == "绩效目标审核表（建议）"
    assert "每条错误减2分，每条提醒减0.5分" in sheet["A2"].value and "由审核人决定" in sheet["A2"].value
    assert [sheet[c].value for c in ("B3", "F3", "B4", "F4")] == [REAL.project, REAL.year, REAL.unit, report.seal]
    assert [sheet[c].value for c in ("A16", "B16", "A17", "B17")] == ["审核意见", None, "审核人签字", None]


def test_it_prints_on_one_page_wide_a4_upright(checked: Path) -> None:
    sheet = openpyxl.load_workbook(checked)[SCORING]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight in (None, 1)


def test_a_checked_copy_is_read_back_as_the_form(checked: Path) -> None:
    source = read(checked)
    assert source.places and source.places.sheet == "填报"
    assert check(source.declaration, source.profile).seal == check(REAL, FORM).seal


@pytest.mark.parametrize("declaration", [None, REAL], ids=["blank", "filled"])
@pytest.mark.parametrize("kind", ["xlsx", "xlsm"])
def test_a_form_that_was_not_checked_has_no_such_sheet(tmp_path: Path, declaration: Declaration | None, kind: str) -> None:
    build(tmp_path / f"form.{kind}", FORM, declaration)
    assert openpyxl.load_workbook(tmp_path / f"form.{kind}").sheetnames == list(CODE_NAMES)


@pytest.mark.parametrize("is_checked", [True, False])
def test_the_modules_are_those_of_the_sheets(tmp_path: Path, is_checked: bool) -> None:
    path = tmp_path / "form.xlsm"
    build(path, FORM, REAL, check(REAL, FORM) if is_checked else None)
    expected = {*CODE_NAMES.values(), *(["Scoring"] if is_checked else [])}
    parser = VBA_Parser(str(path))
    modules = {name.removesuffix(".cls") for _, _, name, _ in parser.extract_macros() if name.endswith(".cls")}
    parser.close()
    with zipfile.ZipFile(path) as package:
        sheets = [package.read(n).decode() for n in package.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n)]
    assert modules - {"ThisWorkbook"} == expected
    assert {m[1] for xml in sheets for m in re.finditer(r'codeName="(\w+)"', xml)} == expected


def test_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    typed = msgspec.structs.replace(REAL, project="=1+1", unit="很长的单位名称" * 4000)
    build(tmp_path / "form.xlsx", FORM, typed, check(typed, FORM))
    sheet = openpyxl.load_workbook(tmp_path / "form.xlsx")[SCORING]
    assert (sheet["B3"].value, sheet["B3"].data_type, sheet["B4"].value) == ("=1+1", "s", typed.unit)
    assert sheet.row_dimensions[4].height <= 409


@pytest.mark.office
def test_grade_and_total_follow_what_the_reviewer_types(office: Office, checked: Path) -> None:
    before = sum(s.points or 0 for s in scores(check(REAL, FORM)))
    with office.open(checked) as form:
        assert form.value(SCORING, "F9") in (None, "")
        form.set(SCORING, "E9", 12)
        form.set(SCORING, "E7", 10)
        form.recalculate()
        assert [form.value(SCORING, c) for c in ("F9", "F7")] == ["良", "优"]
        kept = by_line(check(REAL, FORM))["规范完整性"].points or 0
        assert [form.value(SCORING, c) for c in ("D15", "E15")] == [65, float(before + 22 - kept)]
