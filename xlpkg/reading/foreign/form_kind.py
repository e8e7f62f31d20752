"""What kind of form a document is, by its title and its columns: a declaration, or one of the forms that come later in the year."""

import re
from collections.abc import Iterator, Sequence

from xlpkg.files.document import Document
from xlpkg.form.text import norm
from xlpkg.reading.foreign.rows import Line
from xlpkg.reading.foreign.synonyms import Synonyms
from xlpkg.reading.source import DECLARATION, LATER_NAMES

NAMES = {**LATER_NAMES, "department": "部门整体支出绩效目标表"}
"""What the kinds are called that are no declaration of a project."""
_TITLES = (
    ("self_evaluation", re.compile(r"自评|绩效评价.{0,6}表|目标完成情况.{0,4}表|评价得分")),
    ("monitoring", re.compile(r"监控|跟踪|监测.{0,6}表")),
    ("department", re.compile(r"整体支出|(?:部门|单位)[（(]?(?:单位)?[)）]?整体|整体绩效")),
)
_DECLARED = "申报"
_WHOLE = re.compile("(?:年度|部门|单位|本部门)*整体(?:支出|绩效|预算)")
_OF_PERFORMANCE = re.compile("绩效|目标|自评|监控")
_SCORED, _UNDER_WAY = re.compile("得分|实际完成|全年完成|完成值|偏差"), re.compile("执行|可能性|预计完成|完成目标")
_YEAR, _EARLIER = re.compile(r"20\d\d"), re.compile("前年|前一年|上年|上一年|去年|历史")
_LONGEST_TITLE, _TITLE_ROWS = 60, 3


def kind_of_form(document: Document, lines: Sequence[Line], synonyms: Synonyms, year: str) -> tuple[str, str]:
    """The kind and the title or heads that show it; what came about in an earlier year than the form's shows nothing."""
    for text in _titles(document, synonyms):
        for kind, pattern in _TITLES:
            declared = kind != "department" and _DECLARED in text
            if pattern.search(norm(text)) and _OF_PERFORMANCE.search(text) and not declared:
                return kind, text.strip()
    if whole := _of_whole_department(document, synonyms):
        return "department", whole
    filled = [
        [h.text for h, _ in line.others if synonyms.column(h.text) == "actual" and not _is_earlier(h.text, year)] for line in lines
    ]
    if lines and sum(map(bool, filled)) * 2 > len(lines):
        heads = list(dict.fromkeys(head for heads in filled for head in heads))
        shown = "、".join(norm(h) for h in heads[:3])
        if any(_SCORED.search(h) for h in heads):
            return "self_evaluation", shown
        if any(_UNDER_WAY.search(h) for h in heads):
            return "monitoring", shown
    return DECLARATION, ""


def _of_whole_department(document: Document, synonyms: Synonyms) -> str:
    """A label that speaks of all that a department spends, in a form that names no project; "" if there is none."""
    texts = [c.text for table in document.tables for c in table.cells() if 0 < len(c.text) <= _LONGEST_TITLE]
    if any(synonyms.field(t) == "project" or any(i.field == "project" for i in synonyms.inline(t)) for t in texts):
        return ""
    return next((norm(t) for t in texts if _WHOLE.match(norm(t))), "")


def _is_earlier(head: str, year: str) -> bool:
    """The head speaks of a year before the form's."""
    years = _YEAR.findall(head)
    return bool(_EARLIER.search(head) or (year and years and max(years) < year))


def _titles(document: Document, synonyms: Synonyms) -> Iterator[str]:
    """The lines that may be the title: the first paragraphs, the first rows of the first table."""
    texts = [p.text for p in document.paragraphs if p.tables == 0]
    for table in document.tables[:1]:
        for row in range(min(_TITLE_ROWS, len(table.rows))):
            cells = [c for c in table.distinct(row) if c.text.strip()]
            texts += [c.text for c in cells if len(cells) == 1 or c is cells[0]]
    for text in texts:
        for line in text.split("\n"):
            if 0 < len(line.strip()) <= _LONGEST_TITLE and not synonyms.inline(line) and not synonyms.field(line):
                yield line
