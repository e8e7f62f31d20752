"""Whether a workbook is a form of ours, however damaged: our own marks say so, never the names of its sheets."""

import re
from collections.abc import Iterable

from xlpkg.files.document import Table
from xlpkg.files.grid import Grid, as_text
from xlpkg.form.text import comparable
from xlpkg.layout import CHECK_LABEL, OPTIONS, OWN_SHEETS, PROFILE_LABEL, TEMPLATE_LABEL
from xlpkg.reading.foreign.synonyms import Synonyms

_OWN_HEADS = {"序号", "三级指标", CHECK_LABEL}
_DEEPEST_HEAD = 200
_STATUS = re.compile("[^｜]{0,8}　｜　成本合计|白色格由填报人填写|二、绩效指标")
_FIGURE = re.compile(r"-?[\d.]+(?:／[\d.]+)?|未检查|\d{4}-\d\d-\d\d \d\d:\d\d.*|")
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


def use_own_texts(tables: Iterable[Table], synonyms: Synonyms) -> None:
    """Mark as used what our form prints and computes by itself: the panel's labels and figures, section heads, hints."""
    for table in tables:
        for cell in table.cells():
            if synonyms.bare(cell.text) in synonyms.own:
                below = table.at(cell.row + cell.height, cell.column)
                if below is not None and not below.used and _FIGURE.fullmatch(below.text.strip()):
                    below.use()
                cell.use()
            elif _STATUS.match(cell.text):
                cell.use()
