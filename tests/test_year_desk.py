"""The window with a monitoring or a self-evaluation: the same list, and what its buttons write beside the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from year_forms import DECLARATION, DECLARED, GOOD, changed, judged

from xlpkg import beside_later
from xlpkg.desk.opened_later import OpenedLater, open_any
from xlpkg.writing.build import build as build_form
from xlpkg.year.form import MONITORING, SELF_EVALUATION
from xlpkg.year.reading import read_year
from xlpkg.year.workbook import build


def opened(tmp_path: Path, kind: str, change: str) -> OpenedLater:
    path = tmp_path / "表.xlsx"
    build(path, judged(changed(GOOD[kind], change)))
    found = open_any(path)
    assert isinstance(found, OpenedLater)
    return found


def test_the_list_and_what_can_be_pasted(tmp_path: Path) -> None:
    shown = opened(tmp_path, SELF_EVALUATION, "execution_score = 9\ntotal = 98.6\n1 actual = ≥12.3公里")
    assert shown.verdict.startswith("绩效自评表") and "各项得分之和98.6" in shown.facts
    (group,) = shown.groups
    assert [(i.cell, i.findings[0].rule) for i in group.items] == [("H6", "S04"), ("E12", "S13")]
    assert [(m.cell, m.text) for m in shown.mended(group.items[1].findings[0])] == [("E12", "12.3公里")]


def test_what_the_buttons_write(tmp_path: Path) -> None:
    shown = opened(tmp_path, SELF_EVALUATION, "execution_score = 9\ntotal = 98.6")
    assert beside_later.checked_copy(shown.path).written.name == "表_检查稿.xlsx"
    assert beside_later.submission(shown.path).written.name == "表_报送（草稿）.xlsx"
    mended = beside_later.mended_copy(shown.path, {("S04", None, "execution_score"), ("S15", None, "total")})
    again = read_year(mended.written)
    assert again is not None and again.form == GOOD[SELF_EVALUATION]
    assert beside_later.next_year(mended.written).written.name == "表_修改后_下年.xlsx"


@pytest.mark.parametrize(("make", "kind"), [(beside_later.monitoring, MONITORING), (beside_later.evaluation, SELF_EVALUATION)])
def test_the_later_forms_come_out_of_a_declaration(make: object, kind: str, tmp_path: Path) -> None:
    build_form(tmp_path / "申报.xlsx", DECLARED, DECLARATION)
    outcome = make(tmp_path / "申报.xlsx")  # type: ignore[operator]  # a function, as parametrize gives it
    source = read_year(outcome.written)
    assert source is not None and source.form.kind == kind
    assert [r.target for r in source.form.rows] == [r.target for r in GOOD[kind].rows]
    assert beside_later.checked_copy(tmp_path / "申报.xlsx").written.is_file()
