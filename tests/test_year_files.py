"""Later forms as files: workbook, submission, foreign tables, and what the command line does with them."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import openpyxl
import pytest
from forms import GOOD_FORMS
from year_forms import DECLARED, GOOD, changed, judged, year_profile

from xlpkg.cli import main
from xlpkg.form import profiles
from xlpkg.form.declaration import UpperFunds, to_json
from xlpkg.year import generate
from xlpkg.year.check import check
from xlpkg.year.form import MONITORING, SELF_EVALUATION
from xlpkg.year.json_form import to_year_json
from xlpkg.year.page import write_submission
from xlpkg.year.profile import following, load
from xlpkg.year.reading import YearSource, read_year
from xlpkg.year.workbook import build

ADJUSTED = "1 adjusted = ≥11公里\n1 basis = 云财预〔2024〕18号\nfunds.total.adjusted = 141\nfunds.total.reason = 追加1万元"


def read(path: Path) -> YearSource:
    source = read_year(path)
    assert source is not None
    return source


@pytest.mark.parametrize("kind", GOOD)
def test_a_workbook_gives_its_form_back(kind: str, tmp_path: Path) -> None:
    form = changed(GOOD[kind], ADJUSTED + "\n2 before = 1座\n2 before_chance = 有可能\nproblems = 资金到位较晚")
    build(tmp_path / "form.xlsx", judged(form))
    source = read(tmp_path / "form.xlsx")
    assert source.form == form and source.declared == DECLARED and not source.notices
    build(tmp_path / "checked.xlsx", judged(form), checked=True)
    assert read(tmp_path / "checked.xlsx").form == form


@pytest.mark.parametrize("style", ["evaluation", "evaluation_sc", "evaluation_transfer"])
def test_every_layout_of_a_self_evaluation_comes_back(style: str, tmp_path: Path) -> None:
    profile = load(style, SELF_EVALUATION)
    form = msgspec.structs.replace(GOOD[SELF_EVALUATION], style=style)
    build(tmp_path / "form.xlsx", judged(form, profile))
    again = read(tmp_path / "form.xlsx").form
    shown = {c.key for c in profile.money_columns}
    for column in ("initial", "adjusted", "executed", "forecast", "reason"):
        if column not in shown:
            form = form.with_header(f"funds.total.{column}", "").with_header(f"funds.budget_wan.{column}", "")
    assert again == form


@pytest.mark.parametrize("kind", GOOD)
def test_a_submission_is_unchanged_until_a_cell_is_changed(kind: str, tmp_path: Path) -> None:
    report = judged(changed(GOOD[kind], ADJUSTED))
    path = tmp_path / "sent.xlsx"
    write_submission(path, report)
    source = read(path)
    assert source.seal == report.seal == judged(source.form, source.profile).seal
    assert not source.foreign and not source.form.compared and source.form.seal == report.facts.form.seal
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 1
    cell = source.cell(2, "actual")
    assert cell and book.active is not None
    book.active[cell] = "4座"
    book.save(path)
    assert main(["check", str(path)]) == 1
    again = read(path)
    assert again.seal != judged(again.form, again.profile).seal


def edited(kind: str, tmp_path: Path, cells: dict[tuple[int | None, str], str | float]) -> Path:
    """The workbook of a good form in which somebody typed."""
    path = tmp_path / "typed.xlsx"
    build(path, judged(GOOD[kind]))
    source = read(path)
    book = openpyxl.load_workbook(path)
    for (row, field), text in cells.items():
        cell = source.cell(row, field)
        assert cell
        book[source.sheet][cell] = text
    book.save(path)
    return path


def test_findings_name_the_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = edited(MONITORING, tmp_path, {(2, "actual"): "已开展"})
    assert main(["check", "--json", str(path), "-o", str(tmp_path / "checked.xlsx")]) == 1
    data = json.loads(capsys.readouterr().out)
    (finding,) = data["findings"]
    assert (data["kind"], finding["rule"], finding["row"], finding["field"]) == (MONITORING, "K07", 2, "actual")
    book = openpyxl.load_workbook(path)
    assert book[finding["sheet"]][finding["cell"]].value == "已开展"
    results = openpyxl.load_workbook(tmp_path / "checked.xlsx")["检查结果"]
    assert any(finding["cell"] in str(c.value) and "HYPERLINK" in str(c.value) for c in results["C"])


def test_a_dropped_row_and_a_changed_target_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = edited(MONITORING, tmp_path, {(3, "target"): "≥95%", (3, "forecast"): "95%"})
    book = openpyxl.load_workbook(path)
    sheet = book["绩效运行监控表"]
    row = next(c.row for c in sheet["C"] if c.value == "公路设计使用年限")
    for cell in sheet[row]:
        if not isinstance(cell, openpyxl.cell.cell.MergedCell):
            cell.value = None
    book.save(path)
    assert main(["check", "--json", str(path)]) == 1
    found = {(f["rule"], f["row"], f["field"]) for f in json.loads(capsys.readouterr().out)["findings"]}
    assert found == {("K15", 3, "target"), ("K16", None, "rows")}


def test_the_year_of_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declaration, sent = tmp_path / "declaration.json", tmp_path / "sent.xlsx"
    declaration.write_text(to_json(GOOD[MONITORING].declaration), encoding="utf-8")
    assert main(["submit", str(declaration), "-o", str(sent)]) == 0
    july, september = tmp_path / "july.json", tmp_path / "september.json"
    assert main(["monitor", str(sent), "-o", str(july)]) == 0
    form = read(july).form
    assert form.seal and form.month == 7 and [r.target for r in form.rows] == [r.target for r in GOOD[MONITORING].rows]
    july.write_text(to_year_json(changed(form, "1 actual = 7公里\n1 chance = 有可能\n" + ADJUSTED)), encoding="utf-8")
    assert main(["monitor", str(july), "-o", str(september)]) == 0
    later = read(september).form
    assert later.month == 9 and later.rows[0].before == "7公里" and later.rows[0].adjusted == "≥11公里"
    assert main(["monitor", str(july), "--month", "6", "-o", str(september)]) == 2
    evaluation = tmp_path / "evaluation.json"
    assert main(["evaluate", str(july), "-o", str(evaluation)]) == 0
    form = read(evaluation).form
    assert (form.rows[0].before, form.rows[0].before_chance) == ("7公里", "有可能")
    assert form.seal == later.seal and form.money.adjusted == "141" and form.money.reason == "追加1万元"
    assert sum(int(r.points) for r in form.rows) == 90
    assert main(["evaluate", str(evaluation), "-o", str(tmp_path / "again.json")]) == 2
    evaluation.write_text(to_year_json(GOOD[SELF_EVALUATION]), encoding="utf-8")
    assert main(["new", "--from", str(evaluation), "-o", str(tmp_path / "next.json")]) == 0
    capsys.readouterr()
    following = json.loads((tmp_path / "next.json").read_text(encoding="utf-8"))
    assert following["year"] == 2025 and following["indicators"][0]["note"] == "上年（2024年）：≥12公里，完成12.3公里"


def test_next_years_target_below_what_was_achieved_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "evaluation.json"
    path.write_text(to_year_json(GOOD[SELF_EVALUATION]), encoding="utf-8")
    assert main(["new", "--from", str(path), "-o", str(tmp_path / "next.xlsx")]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "S24" in line]
    assert [line[:3] for line in lines] == ["第7行", "第11"]  # the two rows with a historical standard


def test_mending_puts_points_total_and_signs_right(tmp_path: Path) -> None:
    path = tmp_path / "evaluation.json"
    wrong = changed(GOOD[SELF_EVALUATION], "8 score = 8\n1 actual = ≥12.3公里\nexecution_score = 9\ntotal = 80\ngrade = 良")
    path.write_text(to_year_json(wrong), encoding="utf-8")
    assert main(["fix", "--offered", str(path), "-o", str(tmp_path / "mended.json")]) == 0
    assert read(tmp_path / "mended.json").form == GOOD[SELF_EVALUATION]


@pytest.mark.parametrize("kind", GOOD)
def test_other_commands_refuse_a_later_form_with_a_sentence(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "form.xlsx"
    build(path, judged(GOOD[kind]))
    assert main(["fix", "--rebuild", str(path), "-o", str(tmp_path / "x.xlsx")]) in (0, 2)
    assert main(["convert", str(path), "-o", str(tmp_path / "form.json")]) == 0
    assert read(tmp_path / "form.json").form == GOOD[kind]
    assert main(["check", str(path)]) == 0
    assert "可报送" in capsys.readouterr().out


def test_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--kind", "self_evaluation", "--json"]) == 0
    assert [r["code"] for r in json.loads(capsys.readouterr().out)] == [f"S{n:02}" for n in range(1, 24)]


def test_a_form_of_sichuan_takes_its_declared_weights_and_asks_for_a_low_rate() -> None:
    profile = load("evaluation_sc", SELF_EVALUATION)
    form = changed(GOOD[SELF_EVALUATION], "funds.total.executed = 120\nexecution_score = 8.57\ntotal = 98.17")
    assert ("S11", None, "funds.total.reason") in [(f.rule, f.row, f.field) for f in judged(form, profile).findings]
    assert not judged(form, year_profile(SELF_EVALUATION)).findings


@pytest.mark.parametrize("profile_id", profiles.shipped())
def test_every_declaration_has_its_later_forms(profile_id: str, tmp_path: Path) -> None:
    declaration, declared = GOOD_FORMS[profile_id], profiles.load(profile_id)
    for kind, make in ((MONITORING, generate.monitoring), (SELF_EVALUATION, generate.evaluation)):
        profile = following(declared, kind)
        form = make(declaration, declared, profile)
        build(tmp_path / f"{kind}.xlsx", check(form, profile, declared))
        assert read(tmp_path / f"{kind}.xlsx").form == form
        assert form.money.initial and not form.money.adjusted
        rules = {f.rule for f in check(form, profile, declared).findings}
        assert rules == ({"K01", "K06", "K10", "K11"} if kind == MONITORING else {"S01", "S13", "S16"})


def test_the_budget_may_be_that_of_the_own_level_alone() -> None:
    form = changed(GOOD[MONITORING], "funds.total.initial = 100\nfunds.budget_wan.initial = 100")
    declaration = msgspec.structs.replace(form.declaration, budget="100", upper_funds=UpperFunds(province="40"))
    for initial, found in (("100", []), ("140", []), ("120", ["K17"])):
        changed_form = changed(form, f"funds.total.initial = {initial}\nfunds.budget_wan.initial =")
        report = judged(msgspec.structs.replace(changed_form, declaration=declaration))
        assert [f.rule for f in report.findings if f.rule == "K17"] == found


def test_a_layout_without_a_first_budget_has_the_money_in_the_budget_of_the_year(tmp_path: Path) -> None:
    profile = load("evaluation_transfer", SELF_EVALUATION)
    form = generate.evaluation(GOOD[SELF_EVALUATION].declaration, DECLARED, profile)
    assert (form.money.initial, form.money.adjusted) == ("", "140")
    build(tmp_path / "form.xlsx", judged(form, profile))
    assert read(tmp_path / "form.xlsx").form == form


def test_a_damaged_form_does_not_keep_the_others_from_being_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged, good = tmp_path / "damaged.xlsx", tmp_path / "good.xlsx"
    for path in (damaged, good):
        build(path, judged(GOOD[MONITORING]))
    book = openpyxl.load_workbook(damaged)
    book["申报内容"]["B6"] = "{"
    book.save(damaged)
    assert main(["check", str(damaged), str(good)]) == 2
    said = capsys.readouterr()
    assert "隐藏表“申报内容”被改动" in said.err and "good.xlsx　绩效运行监控表　可报送" in said.out
