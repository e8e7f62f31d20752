"""The same project sent twice: which version counts, and what was changed from one to the next, cell by cell."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

from xlpkg.collect.find import File
from xlpkg.collect.result import SUBMISSION, Line, Project
from xlpkg.form.text import norm

_FIELDS = ("l1", "l2", "name", "value", "standard", "note")
Key = tuple[str, str, str]


class Change(msgspec.Struct, frozen=True):
    """A cell that differs; `cell` is that of the newer version, `place` says it in words. A row that came or went has one."""

    place: str
    cell: str
    before: str
    after: str


def key(file: File, project: Project) -> Key:
    """What makes two files one project: year, unit and project name; a form without a name is a project of its own."""
    name = norm(project.header["project"])
    return project.year, norm(project.header["unit"]), name or file.name


class Version(msgspec.Struct, frozen=True):
    """What is known of a declaration without its content; `index` is the number of its file and its own in the file."""

    index: tuple[int, int]
    name: str
    changed: float
    kind: str
    seal: str
    intact: bool
    passed: bool


def version(index: tuple[int, int], file: File, project: Project) -> Version:
    return Version(index, file.name, file.changed, project.kind, project.seal, project.intact, project.passed)


def in_order(versions: Sequence[Version]) -> list[Version]:
    """From the oldest to the one that counts: the newest by date; of several with its content, the sealed submission."""
    by_date = sorted(versions, key=lambda v: (v.changed, v.name))
    newest = by_date[-1]
    same = [v for v in by_date if v.seal == newest.seal]
    counts = max(same, key=lambda v: (v.kind == SUBMISSION and v.intact, v.changed, v.name))
    return [*(v for v in by_date if v is not counts), counts]


def changes(old: Project, new: Project) -> Iterator[Change]:
    """What differs between two versions, as the sheet reads. Rows that only moved are no change."""
    labels = {**old.labels, **new.labels}
    for field in {**new.header, **old.header}:
        before, after = old.header.get(field, ""), new.header.get(field, "")
        if norm(before) != norm(after):
            yield Change(labels.get(field, field), new.header_cells.get(field, ""), before, after)
    pairs, gone, come = _pairs(old.lines, new.lines)
    for one, other in pairs:
        for field in (*_FIELDS, *dict.fromkeys((*new.further_columns, *old.further_columns))):
            if field == "note" and old.kind != new.kind:  # a submission carries no notes
                continue
            a, b = _text(one, field), _text(other, field)
            if norm(a) != norm(b) and not (field == "value" and one.meaning == other.meaning):
                label = "指标值" if field == "value" else labels.get(field, field)
                yield Change(f"第{other.row}行“{other.name}”{label}", _cell(one, other, field), a, b)
    for line in gone:
        yield Change(f"原第{line.row}行“{line.name}”", "", _whole(line), "（已删除）")
    for line in come:
        yield Change(f"第{line.row}行“{line.name}”", line.cells.get("name", ""), "（新增）", _whole(line))


def _cell(before: Line, after: Line, field: str) -> str:
    """The cell that differs; of a value in three cells the one of sign, number or unit that does, if it is one alone."""
    if field != "value" or "op" not in after.cells:
        return after.cells.get(field, "")
    parts = zip(("op", "value", "measure"), before.typed, after.typed, strict=True)
    differing = [after.cells.get(part, "") for part, a, b in parts if a != b]
    return differing[0] if len(differing) == 1 else after.cells.get("value", "")


def _text(line: Line, field: str) -> str:
    return line.extra.get(field, "") if field not in _FIELDS else str(getattr(line, field))


def _whole(line: Line) -> str:
    return "／".join(filter(None, (line.l2, line.name, line.value, line.standard)))


def _pairs(old: Sequence[Line], new: Sequence[Line]) -> tuple[list[tuple[Line, Line]], list[Line], list[Line]]:
    """Rows of the two versions that are the same row: equal, or of one name and category, or the most alike of the others."""
    pairs: list[tuple[Line, Line]] = []
    left, right = list(old), list(new)
    for same in (_content, lambda r: (r.l2, norm(r.name)), lambda r: norm(r.name), lambda r: (r.l2, norm(r.value))):
        waiting: dict[object, list[Line]] = {}
        for line in left:
            waiting.setdefault(same(line), []).append(line)
        rest = []
        for line in right:
            partners = waiting.get(same(line))
            if partners:
                pairs.append((partners.pop(0), line))
            else:
                rest.append(line)
        left, right = sorted((r for group in waiting.values() for r in group), key=lambda r: r.row), rest
    for line in list(right):
        close = [(SequenceMatcher(None, _whole(line), _whole(o)).ratio(), -o.row, o) for o in left]
        best = max(close, key=lambda c: c[:2], default=None)
        if best and best[0] >= 0.5:
            pairs.append((best[2], line))
            left.remove(best[2])
            right.remove(line)
    return sorted(pairs, key=lambda p: p[1].row), left, right


def _content(line: Line) -> object:
    return line.l1, line.l2, norm(line.name), line.meaning, line.standard
