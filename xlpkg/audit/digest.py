"""What people read of a check: one sentence one line, whatever the number of rows; 必须改 first, 请核对, then 提示.

Terminal, 检查结果, letters and window take the same lines; `check --json` keeps every finding by itself.
"""

from collections.abc import Iterable, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec

from xlpkg.audit.facts.finding import ERROR, INFO, OFFERED, SAFE, UNTIDY, WARNING, Finding

SECTIONS = {ERROR: "必须改", WARNING: "请核对", INFO: "提示"}
"""Severity → what its lines are headed with, in the order in which they are read."""
_FIX_WORDS = {SAFE: "可直接修改", OFFERED: "同意后修改"}
_SHOWN = 3
_ROOM = 40  # characters of what is offered


class Told(Protocol):
    """What a line is made of: a finding, or the record of one."""

    @property
    def rule(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def row(self) -> int | None: ...
    @property
    def place(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def suggestion(self) -> str: ...
    @property
    def actual(self) -> str: ...
    @property
    def common(self) -> str: ...
    @property
    def advice(self) -> str: ...
    @property
    def part_of(self) -> tuple[tuple[str, int | None], ...]: ...
    @property
    def aside(self) -> str: ...


T = TypeVar("T", bound=Told)


class Line(msgspec.Struct, Generic[T], frozen=True):
    """One thing to do: `where`, `what` and `advice` make its sentences; `rules` are the codes of the findings that it stands for.

    `own` are the findings of the line's own rule, in reading order; `findings` are these and those that tell the same story.
    """

    severity: str
    rules: tuple[str, ...]
    where: str
    what: str
    advice: str
    own: tuple[T, ...]
    findings: tuple[T, ...]

    @property
    def first(self) -> T:
        return self.own[0]

    @property
    def text(self) -> str:
        """The line as it is printed, without severity and rules."""
        return f"{self.where}：{self.what}。{self.advice}" if self.where else f"{self.what}。{self.advice}"


def digest(findings: Iterable[T]) -> list[Line[T]]:
    """The lines of some findings, which come in reading order; no finding is left out."""
    findings = list(findings)
    homes = _homes(findings)
    groups: dict[tuple[str, ...], list[T]] = {}
    guests: dict[tuple[str, ...], list[T]] = {}
    for n, finding in enumerate(findings):
        home = homes.get(n)
        (groups if home is None else guests).setdefault(_key(finding if home is None else findings[home]), []).append(finding)
    order = list(SECTIONS)
    lines = [_line(group, guests.get(key, [])) for key, group in groups.items()]
    return sorted(lines, key=lambda line: order.index(line.severity))


def sections(lines: Sequence[Line[T]]) -> list[tuple[str, list[Line[T]]]]:
    """Heading and lines of each section that has some: “必须改5件（17处）”."""
    found = []
    for severity, heading in SECTIONS.items():
        of_it = [line for line in lines if line.severity == severity]
        number = sum(f.severity == severity for line in of_it for f in line.findings)
        if of_it:
            found.append((f"{heading}{len(of_it)}件" + (f"（{number}处）" if number > len(of_it) else ""), of_it))
    return found


def remedy(line: Line[Finding]) -> str:
    """What can be changed for the clerk: "同意后修改：=100%"; "" where nothing can. Of many texts the first few are named."""
    fixes = [f.fix for f in line.findings if f.fix]
    if not fixes:
        return ""
    kind = OFFERED if any(fix.kind == OFFERED for fix in fixes) else SAFE
    texts = list(dict.fromkeys(fix.to for fix in fixes))
    if kind == SAFE and len(texts) > 1:
        return _FIX_WORDS[kind]
    shown = texts[:1]
    for text in texts[1:_SHOWN]:
        if len("；".join((*shown, text))) <= _ROOM:
            shown.append(text)
    more = f"等{len(texts)}种" if len(texts) > len(shown) else ""
    return f"{_FIX_WORDS[kind]}：{'；'.join(shown)}{more}"


def head(lines: Sequence[Line[Finding]]) -> str:
    """How much is left to do: 要改5件（17处），其中4件可以代为修改；请核对18件，提示8件。"""
    said = []
    for severity, word in ((ERROR, "要改"), (WARNING, "请核对"), (INFO, "提示")):
        of_it = [line for line in lines if line.severity == severity]
        number = sum(f.severity == severity for line in of_it for f in line.findings)
        if severity == ERROR or of_it:
            said.append(f"{word}{len(of_it)}件" + (f"（{number}处）" if number > len(of_it) else ""))
        if severity == ERROR and (mended := sum(any(f.fix for f in line.findings) for line in of_it)):
            said[-1] += f"，其中{mended}件可以代为修改"
    return "；".join(said) + "。"


def _homes(findings: Sequence[T]) -> dict[int, int]:
    """Which findings tell the same story as another: their number → the number of the other, which is told no less loudly."""
    order = list(SECTIONS)
    known: dict[tuple[str, int | None], int] = {}
    for n, finding in enumerate(findings):
        known.setdefault((finding.rule, finding.row), n)
    homes: dict[int, int] = {}
    for n, finding in enumerate(findings):
        for place in finding.part_of:
            home = known.get(place)
            if home is not None and home != n and order.index(findings[home].severity) <= order.index(finding.severity):
                homes[n] = home
                break
    return {n: _last(n, homes) for n in homes}


def _last(n: int, homes: dict[int, int]) -> int:
    """The end of a chain of homes."""
    seen = {n}
    while n in homes and homes[n] not in seen:
        n = homes[n]
        seen.add(n)
    return n


def _key(finding: Told) -> tuple[str, ...]:
    """Findings with one key are one line."""
    text = finding.common or finding.what
    rule = "" if text == UNTIDY else finding.rule
    return finding.severity, rule, text, finding.advice or finding.suggestion


def _line(group: list[T], guests: list[T]) -> Line[T]:
    whats = list(dict.fromkeys(f.what for f in group))
    suggestions = list(dict.fromkeys(f.suggestion for f in group))
    first = group[0]
    what = whats[0] if len(whats) == 1 else first.common.replace("{}", _named(f.actual for f in group))
    one_advice = len(suggestions) == 1 and (len(whats) == 1 or not first.advice)
    advice = suggestions[0] if one_advice else first.advice or first.suggestion
    asides = [aside for aside in dict.fromkeys(f.aside for f in guests) if aside]
    return Line(
        severity=first.severity,
        rules=tuple(dict.fromkeys(f.rule for f in (*group, *guests))),
        where=_where(group, guests),
        what="；".join((what, *asides[:_SHOWN])),
        advice=advice,
        own=tuple(group),
        findings=(*group, *guests),
    )


def _named(texts: Iterable[str]) -> str:
    """“A”“B”“C” of some texts; of many the first few."""
    distinct = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    shown = "".join(f"“{text}”" for text in distinct[:_SHOWN])
    return f"{shown}等" if len(distinct) > _SHOWN else shown


def _where(group: Sequence[Told], guests: Sequence[Told]) -> str:
    """The rows of a line in a sentence: 第3行“巡检次数”, 第14、16—20行; header fields by their labels."""
    rows = sorted({f.row for f in group if f.row is not None})
    heads = list(dict.fromkeys(f.place for f in group if f.row is None))
    if not rows:
        rows = sorted({f.row for f in guests if f.row is not None})
        heads = [] if rows else heads
    if len(rows) == 1 and not heads:
        return next(f.place for f in (*group, *guests) if f.row == rows[0])
    return "、".join((*heads, *((rows_text(rows),) if rows else ())))


def rows_text(rows: Sequence[int]) -> str:
    """第14、16—20行 of ascending numbers of rows."""
    return "第" + "、".join(str(r[0]) if len(r) == 1 else f"{r[0]}—{r[-1]}" for r in runs(rows)) + "行"


def runs(rows: Iterable[int]) -> list[list[int]]:
    """Ascending numbers in runs of neighbours: 3, 4, 5, 9 → [3, 4, 5], [9]."""
    found: list[list[int]] = []
    for row in rows:
        if found and found[-1][-1] == row - 1:
            found[-1].append(row)
        else:
            found.append([row])
    return found
