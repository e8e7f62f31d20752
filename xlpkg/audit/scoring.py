"""The 审核表: points proposed from the findings, line by line; what only a person can judge is left open."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from xlpkg.audit.check import Report
from xlpkg.audit.facts.finding import ERROR, WARNING, Finding
from xlpkg.audit.rules import RULES
from xlpkg.form.profile import Profile, ProfileError, Scoring, ScoringLine


class Taken(msgspec.Struct, frozen=True):
    """A rule that took points from a line, and for how many findings."""

    rule: str
    errors: int
    warnings: int


class Score(msgspec.Struct, frozen=True):
    """A line of the 审核表; `points` is None and `grade` "" where a person decides."""

    block: str
    line: str
    question: str
    full: Decimal
    points: Decimal | None
    grade: str
    errors: int
    warnings: int
    taken: tuple[Taken, ...]


def scores(report: Report) -> tuple[Score, ...]:
    """The lines of the profile's scheme in their order. Raises ProfileError for a scheme that fits the rules badly."""
    profile = report.evidence.profile
    line_of = lines_of_rules(profile)
    found: dict[str, list[Finding]] = {line.name: [] for line in profile.scoring.lines}
    for finding in report.findings:
        found[line_of[finding.rule]].append(finding)
    return tuple(_score(line, found[line.name], profile.scoring) for line in profile.scoring.lines)


def lines_of_rules(profile: Profile) -> dict[str, str]:
    """Rule code → name of the one line that it counts for; a code goes before its group. Raises ProfileError."""
    named = [(rule, line.name) for line in profile.scoring.lines for rule in line.rules]
    known = {*RULES, *(code[0] for code in RULES)}
    for rule, times in Counter(rule for rule, _ in named).items():
        if rule not in known:
            raise ProfileError(f"表式“{profile.id}”的scoring.lines写了“{rule}”，没有这条或这组规则。")
        if times > 1:
            raise ProfileError(f"表式“{profile.id}”的scoring.lines把“{rule}”写了{times}次，一条规则只能计入一行。")
    lines = dict(named)
    for code in RULES:
        if code not in lines and code[0] not in lines:
            raise ProfileError(f"表式“{profile.id}”的scoring.lines没有写规则“{code}”计入哪一行。")
    return {code: lines.get(code) or lines[code[0]] for code in RULES}


def _score(line: ScoringLine, findings: Sequence[Finding], scheme: Scoring) -> Score:
    errors, warnings = _count(findings, ERROR), _count(findings, WARNING)
    full = Decimal(line.full)
    points = max(Decimal(0), full - errors * scheme.error - warnings * scheme.warning) if line.rules else None
    grade = "" if points is None else _grade(points, full, scheme)
    return Score(
        block=line.block,
        line=line.name,
        question=line.question,
        full=full,
        points=points,
        grade=grade,
        errors=errors,
        warnings=warnings,
        taken=_taken(findings),
    )


def _taken(findings: Sequence[Finding]) -> tuple[Taken, ...]:
    """The rules with an error or a warning, in the order of their codes."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity in (ERROR, WARNING):
            by_rule.setdefault(finding.rule, []).append(finding)
    return tuple(Taken(rule, _count(group, ERROR), _count(group, WARNING)) for rule, group in sorted(by_rule.items()))


def _grade(points: Decimal, full: Decimal, scheme: Scoring) -> str:
    """The best grade whose share of the full points is reached."""
    reached = [grade for grade in scheme.grades if points * 100 >= full * grade.from_percent]
    return max(reached, key=lambda grade: grade.from_percent).name if reached else ""


def _count(findings: Sequence[Finding], severity: str) -> int:
    return sum(finding.severity == severity for finding in findings)
