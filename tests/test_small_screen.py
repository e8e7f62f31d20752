"""An old PC: 1366 by 768 points at 100 %. What a clerk needs stands in the window without scrolling sideways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desktop import Desktop, Window
from forms import HN2015, write_form
from waiting import wait_for

from xlpkg.form import profiles
from xlpkg.layout import ENTRY, RESULTS, Layout
from xlpkg.writing.findings import COLUMNS

pytestmark = [pytest.mark.office, pytest.mark.slow]


DRAWN = 30_000
"""Bytes of a picture on which more than a grey window is seen."""


@pytest.fixture
def old_pc(tmp_path: Path) -> Iterator[Window]:
    with Desktop((1366, 768)) as screen, Window(screen, write_form(tmp_path / "表.xlsm", HN2015)) as window:
        window.model.CurrentController.Frame.ContainerWindow.setPosSize(0, 0, 1366, 768, 15)
        yield window


def test_the_form_and_its_findings_stand_in_the_window(old_pc: Window, tmp_path: Path) -> None:
    controller, layout = old_pc.controller, Layout(profiles.load("hn2015"))
    controller.setActiveSheet(old_pc.model.Sheets.getByName(ENTRY))
    wait_for(lambda: old_pc.desktop.picture(tmp_path / "form.png").stat().st_size > DRAWN)
    lower = controller.getByIndex(controller.Count - 1).VisibleRange
    assert lower.StartColumn == 0 and lower.EndColumn > layout.columns.check, "all columns of the table"
    assert lower.EndRow - layout.head_row >= 6, "rows of indicators on the first screen"
    old_pc.model.Sheets.getByName(RESULTS).IsVisible = True  # as after a check
    controller.setActiveSheet(old_pc.model.Sheets.getByName(RESULTS))
    wait_for(lambda: old_pc.desktop.picture(tmp_path / "results.png").stat().st_size > DRAWN)
    results = controller.getByIndex(controller.Count - 1).VisibleRange
    assert results.EndColumn > COLUMNS.at("rule"), "同意, problem and remedy"
