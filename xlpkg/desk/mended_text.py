"""What a repair would write, as text for the clipboard: pasted into its cell it is what 一键修复 would have written."""

import msgspec

from xlpkg.audit.digest import runs
from xlpkg.audit.facts.finding import Finding, Fix
from xlpkg.audit.fix import accept, repairs_of, split_rows
from xlpkg.files.a1 import address
from xlpkg.layout import Places
from xlpkg.reading.source import Source
from xlpkg.writing.changed_cells import changed_cells
from xlpkg.writing.entry import input_texts


class MendedText(msgspec.Struct, frozen=True):
    """A text and the cell to paste it into, "" if the file has none; several cells are parted as spreadsheets do.

    `new_rows` blank rows have to be inserted below the cell's row before.
    """

    cell: str
    text: str
    new_rows: int = 0


def mended_text(finding: Finding, source: Source) -> tuple[MendedText, ...]:
    """The texts of a finding's repair, one for each run of cells side by side; none where it offers nothing."""
    if finding.fix is None:
        return ()
    if source.places is None:
        return (MendedText("", _plain(finding.fix)),)
    if finding.fix.split:
        return (_split(finding, finding.fix, source, source.places),)
    after, _, _ = accept(source.declaration, repairs_of([finding]))
    cells = changed_cells(source.profile, source.declaration, after, source.places)
    return tuple(
        MendedText(address(row, run[0]), "\t".join(cells[row, column] for column in run))
        for row in sorted({row for row, _ in cells})
        for run in runs(sorted(column for line, column in cells if line == row))
    )


def _plain(fix: Fix) -> str:
    if fix.split:
        return "\n".join(f"{row.name}\t{row.value}" for row in fix.split)
    return fix.changes[0].text if len(fix.changes) == 1 else fix.to


def _split(finding: Finding, fix: Fix, source: Source, places: Places) -> MendedText:
    """The rows that take the place of one, in the columns of the form."""
    old = next(i for i in source.declaration.indicators if i.row == finding.row)
    columns = {name: places.columns[name] for name in source.profile.user_columns if name in places.columns}
    first, last = min(columns.values()), max(columns.values())
    lines = []
    for part in split_rows(old, fix):
        texts = input_texts(source.profile, part)
        cells = {column: texts[name].replace("\n", " ") for name, column in columns.items()}
        lines.append("\t".join(cells.get(column, "") for column in range(first, last + 1)))
    return MendedText(address(places.rows[old.row], first), "\n".join(lines), len(lines) - 1)
