"""Whether a workbook is a form of ours, however damaged: our own marks say so, never the names of its sheets."""

from collections.abc import Iterable

from xlpkg.files.grid import Grid, as_text
from xlpkg.form.text import comparable
from xlpkg.layout import CHECK_LABEL, OPTIONS, OWN_SHEETS, PROFILE_LABEL, TEMPLATE_LABEL

_OWN_HEADS = {"序号", "三级指标", CHECK_LABEL}
_DEEPEST_HEAD = 200
_BESIDE = {*OWN_SHEETS} - {OPTIONS}


def is_ours(sheets: Iterable[Grid]) -> bool:
    """A form of ours, however damaged: our hidden lists or our table's heads stand in it; sheets' names prove nothing."""
    return any(_has_our_lists(s) if s.sheet == OPTIONS else _has_our_table(s) for s in sheets if s.sheet not in _BESIDE)


def _has_our_lists(sheet: Grid) -> bool:
    return bool({as_text(row[0]) for row in sheet.values[:2] if row} & {PROFILE_LABEL, TEMPLATE_LABEL})


def _has_our_table(sheet: Grid) -> bool:
    return any(
        {comparable(value) for value in row if isinstance(value, str) and value} >= _OWN_HEADS
        for row in sheet.values[:_DEEPEST_HEAD]
    )
