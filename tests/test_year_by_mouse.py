"""A year of a project with real clicks: declaration, submission, July's monitoring, self-evaluation; what was changed is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from desktop import Desktop, Window
from forms import write_form
from open_forms import SAMPLES
from waiting import wait_for

from xlpkg.form.declaration import from_json
from xlpkg.layout import RESULTS
from xlpkg.year.jobs import check_year
from xlpkg.year.reading import read_year

pytestmark = [pytest.mark.office, pytest.mark.slow]
ROADS = from_json((SAMPLES / "rural_roads.json").read_text(encoding="utf-8"))


def opened(window: Window, names: int) -> None:
    wait_for(lambda: len(window.office.documents()) == names)


def test_the_year_of_a_project_by_mouse(desktop: Desktop, tmp_path: Path) -> None:
    with Window(desktop, write_form(tmp_path / "农村公路.xlsm", ROADS)) as window:
        window.press("生成申报表")
        wait_for(lambda: (tmp_path / "农村公路_申报表.xlsx").exists())
        opened(window, 2)
    with Window(desktop, tmp_path / "农村公路.xlsm") as window:
        window.press("生成监控表")
        wait_for(lambda: (tmp_path / "农村公路_7月监控表.xlsm").exists())
        opened(window, 2)
    july = tmp_path / "农村公路_7月监控表.xlsm"
    source = read_year(july)
    assert source is not None and source.form.seal, "the 校验码 of the declaration goes along"
    with Window(desktop, july) as window:
        cell = str(source.cell(1, "actual"))
        desktop.click(*window.place(cell))
        desktop.do("type", "20")
        desktop.do("key", "Return")
        wait_for(lambda: window.document.value(source.sheet, cell) in (20, "20"))
        window.press("检查")
        wait_for(lambda: "校验码" in str(window.document.value(RESULTS, "A2")))
        desktop.picture(tmp_path / "july.png")
        window.press("生成自评表")
        wait_for(lambda: (tmp_path / "农村公路_自评表.xlsm").exists())
        opened(window, 2)
    evaluation = tmp_path / "农村公路_自评表.xlsm"
    last = read_year(evaluation)
    assert last is not None and last.form.rows[0].before == "20" and last.form.seal == source.form.seal
    with Window(desktop, evaluation) as window:
        target = str(last.cell(2, "target"))
        window.document.model.Sheets.getByName(last.sheet).unprotect("")
        window.document.type_in(last.sheet, target, "≥1座")  # a target changed, as by a person who takes the protection off
        window.press("检查")
        wait_for(lambda: "校验码" in str(window.document.value(RESULTS, "A2")))
        desktop.picture(tmp_path / "january.png")
        window.document.save_as(tmp_path / "改了目标.xlsx")
    _, report = check_year(tmp_path / "改了目标.xlsx")
    assert ("S19", 2) in {(f.rule, f.row) for f in report.findings}
