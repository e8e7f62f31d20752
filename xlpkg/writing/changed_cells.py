"""Which cells of a form change with its declaration: what a repair writes into an open form, or the clerk pastes into it."""

from xlpkg.files.a1 import Cell, cell_of
from xlpkg.form.declaration import Declaration
from xlpkg.form.profile import Profile
from xlpkg.layout import Places
from xlpkg.writing.entry import input_texts

VALUE = ("op", "number", "measure")
"""The columns that make up a value."""


def changed_cells(profile: Profile, before: Declaration, after: Declaration, places: Places) -> dict[Cell, str]:
    """Cell (0-based) → new text. Both have the same rows; sign, number and unit are one value and change together."""
    cells = {
        cell_of(places.header[field]): after.header(field)
        for field in profile.header
        if field in places.header and after.header(field) != before.header(field)
    }
    for old, new in zip(before.indicators, after.indicators, strict=True):
        was, texts = input_texts(profile, old), input_texts(profile, new)
        value_changes = any(was[name] != texts[name] for name in VALUE if name in texts)
        for name, text in texts.items():
            if name in places.columns and (text != was[name] or (value_changes and name in VALUE)):
                cells[places.rows[old.row], places.columns[name]] = text
    return cells
