"""Row heights in the open form: where a text that was written needs more lines than a row shows, the row is made higher."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.audit.digest import runs
from xlpkg.files.a1 import Cell
from xlpkg.writing.entry import ONE_LINE, header_height, indicator_height

if TYPE_CHECKING:
    from xlpkg.live.open_form import Form

_MOST_RUNS = 4
"""Runs of high rows that are fitted one by one; more of them in one go, with the rows between."""


def fit_rows(form: "Form", cells: Mapping[Cell, str]) -> None:
    """Fit the rows of these texts; rows of one line stay as they are, and so do rows of the user that are not written."""
    profile, places = form.source.profile, form.places
    names = {column: name for name, column in places.columns.items()}
    texts: dict[int, dict[str, str]] = {}
    for (row, column), text in cells.items():
        if row > places.header_row and column in names:
            texts.setdefault(row, {})[names[column]] = text
    high = runs(sorted(row for row, said in texts.items() if indicator_height(profile, said) > ONE_LINE))
    for run in high if len(high) <= _MOST_RUNS else [[high[0][0], high[-1][-1]]]:
        form.sheet.range((run[0] + 1, 1), (run[-1] + 1, 1)).rows.autofit()
    heights: dict[int, list[tuple[str, str]]] = {}
    for field, place in layout.Layout(profile).header.items():
        if text := cells.get(place.value, ""):
            heights.setdefault(place.value[0], []).append((field, text))
    for row, said in heights.items():
        least, needed = (max(header_height(profile, f, t) for f, t in texts) for texts in ([(f, "") for f, _ in said], said))
        if needed > least:
            form.sheet.range((row + 1, 1)).row_height = needed  # merged cells are not fitted by any program
