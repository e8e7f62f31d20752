"""An old PC: 1366 by 768 points at 100 %. What a clerk needs stands in the window without scrolling sideways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from desktop import Desktop, Window
from forms import HN2015, write_form
from waiting import wait_for
from year_forms import GOOD, judged

from xlpkg.form import profiles
from xlpkg.layout import ENTRY, RESULTS, Layout
from xlpkg.writing.findings import COLUMNS
from xlpkg.writing.macros import BUTTONS, EVALUATION_BUTTONS, MONITORING_BUTTONS, Button
from xlpkg.year.form import MONITORING, SELF_EVALUATION
from xlpkg.year.sheet import Sheet
from xlpkg.year.workbook import build

pytestmark = [pytest.mark.office, pytest.mark.slow]


DRAWN = 30_000
"""Bytes of a picture on which more than a grey window is seen."""


@pytest.fixture
def old_pc() -> Iterator[Callable[[Path], Window]]:
    with Desktop((1366, 768)) as screen, ExitStack() as at_end:

        def opened(form: Path) -> Window:
            window = at_end.enter_context(Window(screen, form))
            window.model.CurrentController.Frame.ContainerWindow.setPosSize(0, 0, 1366, 768, 15)
            return window

        yield opened


def right_edges(window: Window) -> list[int]:
    """The right edge of every button of the sheet in front, on the screen."""
    controller = window.controller
    controls = [shape.Control for shape in controller.ActiveSheet.DrawPage if hasattr(shape, "Control")]
    panes = [controller.getByIndex(n) for n in range(controller.Count)]
    drawn = [next(a for p in panes if (a := p.getControl(control).AccessibleContext)) for control in controls]
    return [context.LocationOnScreen.X + context.Size.Width for context in drawn]


def test_the_form_and_its_findings_stand_in_the_window(old_pc: Callable[[Path], Window], tmp_path: Path) -> None:
    window = old_pc(write_form(tmp_path / "表.xlsm", HN2015))
    controller, layout = window.controller, Layout(profiles.load("hn2015"))
    controller.setActiveSheet(window.model.Sheets.getByName(ENTRY))
    wait_for(lambda: window.desktop.picture(tmp_path / "form.png").stat().st_size > DRAWN)
    lower = controller.getByIndex(controller.Count - 1).VisibleRange
    assert lower.StartColumn == 0 and lower.EndColumn > layout.columns.check, "all columns of the table"
    assert lower.EndRow - layout.head_row >= 6, "rows of indicators on the first screen"
    edges = right_edges(window)
    assert len(edges) == len(BUTTONS) and max(edges) < 1366
    window.model.Sheets.getByName(RESULTS).IsVisible = True  # as after a check
    controller.setActiveSheet(window.model.Sheets.getByName(RESULTS))
    wait_for(lambda: window.desktop.picture(tmp_path / "results.png").stat().st_size > DRAWN)
    results = controller.getByIndex(controller.Count - 1).VisibleRange
    assert results.EndColumn > COLUMNS.at("rule"), "同意, problem and remedy"


@pytest.mark.parametrize(("kind", "buttons"), [(MONITORING, MONITORING_BUTTONS), (SELF_EVALUATION, EVALUATION_BUTTONS)])
def test_the_later_forms_stand_in_the_window(
    kind: str, buttons: tuple[Button, ...], old_pc: Callable[[Path], Window], tmp_path: Path
) -> None:
    report = judged(GOOD[kind])
    build(tmp_path / "表.xlsm", report)
    window = old_pc(tmp_path / "表.xlsm")
    wait_for(lambda: window.desktop.picture(tmp_path / "form.png").stat().st_size > DRAWN)
    assert window.controller.getByIndex(window.controller.Count - 1).VisibleRange.EndColumn > Sheet(report).last
    edges = right_edges(window)
    assert len(edges) == len(buttons) and max(edges) < 1366
