"""The later forms of a folder: one a project, out of its latest form; nothing written over; what cannot be used is named."""

from __future__ import annotations

from pathlib import Path

import msgspec
import openpyxl
import pytest
from bad_files import Run
from forms import HN2015, changed, report, write_form
from year_forms import GOOD, judged
from year_forms import changed as changed_later

from xlpkg.later_folder import LIST, make_into
from xlpkg.writing.submission import write_submission
from xlpkg.year.form import MONITORING, SELF_EVALUATION
from xlpkg.year.reading import read_year
from xlpkg.year.workbook import build

BRIDGE = changed(HN2015, project="修复危桥")


def outcomes(folder: Path) -> dict[str, tuple[str, str]]:
    """File → what was written and what is said of it, as the table of the folder has them."""
    rows = openpyxl.load_workbook(folder / LIST).active.iter_rows(min_row=4, values_only=True)
    return {row[0]: (row[3] or "", row[4] or "") for row in rows}


def test_one_a_project_out_of_its_latest_form(run: Run, tmp_path: Path) -> None:
    given, out = tmp_path / "收件", tmp_path / "自评"
    (given / "甲").mkdir(parents=True)
    write_form(given / "甲" / "路.xlsx", HN2015)
    write_submission(given / "甲" / "路_申报表.xlsx", report(HN2015))
    july = changed_later(GOOD[MONITORING], "1 actual = 7公里")
    build(given / "监控.xlsx", judged(july))
    write_form(given / "桥.xlsx", BRIDGE)
    write_form(given / "空白.xlsx", None)
    (given / "坏.xlsx").write_bytes(b"no workbook")
    before = {path: path.read_bytes() for path in given.rglob("*.xlsx")}

    code, said, _ = run("evaluate", given, "-o", out)
    monitored = july.declaration
    bridge, other = (f"{d.unit}-{d.project}_自评表.xlsx" for d in (BRIDGE, monitored))
    found = outcomes(out)
    assert code == 2 and "6个文件，生成绩效自评表" in said and "2份没有用上" in said
    assert found["桥.xlsx"][0] == bridge and found["监控.xlsx"][0] == other
    assert "不是Excel工作簿" in found["坏.xlsx"][1] and "还没有填指标" in found["空白.xlsx"][1]
    assert {path: path.read_bytes() for path in given.rglob("*.xlsx")} == before
    source = read_year(out / other)
    assert source is not None and source.form.kind == SELF_EVALUATION and source.form.rows[0].before == "7公里"
    if monitored.project == HN2015.project:
        assert {found[f"甲/{name}"][1] for name in ("路.xlsx", "路_申报表.xlsx")} == {"与“监控.xlsx”是同一个项目，由那一份生成。"}

    again = make_into([given], out, SELF_EVALUATION)
    assert {line.target for line in again if line.target} == {name.replace(".xlsx", "-2.xlsx") for name in (bridge, other)}


def test_a_submission_counts_before_forms_that_differ_from_it(tmp_path: Path) -> None:
    given = tmp_path / "收件"
    given.mkdir()
    write_form(given / "初稿.xlsx", changed(HN2015, year_goal="另一个目标，改造农村公路9公里。"))
    write_submission(given / "申报.xlsx", report(HN2015))
    lines = {line.file: line for line in make_into([given], tmp_path / "监控", MONITORING, 6)}
    assert lines["申报.xlsx"].target.endswith("_6月监控表.xlsx")
    assert lines["初稿.xlsx"].remark == "与“申报.xlsx”是同一个项目，由那一份生成。"


@pytest.mark.parametrize("kind", [MONITORING, SELF_EVALUATION])
def test_two_that_differ_are_not_guessed_between(kind: str, tmp_path: Path) -> None:
    given = tmp_path / "收件"
    given.mkdir()
    for name, goal in (("一.xlsx", "改造农村公路9公里。"), ("二.xlsx", "改造农村公路12公里。")):
        write_form(given / name, changed(HN2015, year_goal=goal))
    lines = make_into([given], tmp_path / "出", kind)  # type: ignore[arg-type]  # a kind, as parametrize gives it
    assert [line.target for line in lines] == ["", ""]
    assert lines[0].remark.startswith("这个项目有2份内容不同的申报表（“一.xlsx”、“二.xlsx”），不知道以哪份为准，没有生成。")


def test_a_project_that_is_evaluated_gets_nothing_more(tmp_path: Path) -> None:
    given = tmp_path / "收件"
    given.mkdir()
    write_form(given / "申报.xlsx", GOOD[SELF_EVALUATION].declaration)
    build(given / "自评.xlsx", judged(GOOD[SELF_EVALUATION]))
    lines = make_into([given], tmp_path / "出", MONITORING)
    assert {line.remark for line in lines} == {"这个项目已有自评表，没有再生成。"}


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [("没有/出", "文件夹“"), ("表.xlsx", "“表.xlsx”是文件，这里要写文件夹。")],
)
def test_a_folder_that_cannot_be_used(run: Run, tmp_path: Path, folder: str, sentence: str) -> None:
    given = tmp_path / "收件"
    given.mkdir()
    write_form(given / "表.xlsx", HN2015)
    write_form(tmp_path / "表.xlsx", HN2015)
    code, _, said = run("monitor", given, "-o", tmp_path / folder)
    assert code == 2 and said.startswith(sentence)


def test_forms_without_a_name_are_projects_of_their_own(tmp_path: Path) -> None:
    given = tmp_path / "收件"
    given.mkdir()
    for n, rows in enumerate((HN2015.indicators, HN2015.indicators[:5])):
        write_form(given / f"{n}.xlsx", msgspec.structs.replace(changed(HN2015, project=""), indicators=rows))
    assert all(line.target for line in make_into([given], tmp_path / "出", MONITORING))
