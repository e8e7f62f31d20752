"""Run the rules over a later form and report, sorted as the sheet reads."""

from collections.abc import Iterator

from xlpkg.audit.facts.finding import ERROR, SEVERITIES, Finding, Observation, Verdict, status
from xlpkg.audit.seal import code_of, seal
from xlpkg.form.blanks import left_blank
from xlpkg.form.numbers import plain
from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.text import norm
from xlpkg.year.facts import Facts
from xlpkg.year.form import SELF_EVALUATION, YearForm
from xlpkg.year.profile import YearProfile
from xlpkg.year.rules import YEAR_RULES, kind_of

_HEADER = ("funds", "execution_score", "execution_points", "result")
_BEHIND = ("points", "rows", "execution", "total", "grade", "conclusion", "problems", "measures")
_COLUMNS = (
    "l1",
    "l2",
    "name",
    "target",
    "adjusted",
    "basis",
    "actual",
    "forecast",
    "points",
    "score",
    "causes",
    "why",
    "chance",
    "note",
)


class YearReport(Verdict, frozen=True, kw_only=True):
    """The verdict over a later form; its `seal` is over the content and the declaration's own."""

    facts: Facts


def check(form: YearForm, profile: YearProfile, declared: Profile) -> YearReport:
    """Every finding of the rules of the form's kind. Raises ProfileError if the profile overrides a rule that is none."""
    facts = Facts(form, profile, declared)
    findings = tuple(sorted(_findings(facts), key=_order))
    filled, needed = _filled(facts)
    return YearReport(
        facts=facts,
        findings=findings,
        status=status(findings, incomplete=_incomplete(facts, findings)),
        filled=filled,
        needed=needed,
        seal=content_seal(facts),
    )


def severities(profile: YearProfile) -> dict[str, str]:
    """Rule code → severity for the rules of the form's kind that are on."""
    for code, severity in profile.rules.items():
        if code not in YEAR_RULES or severity not in (*SEVERITIES, "off"):
            raise ProfileError(f"版式“{profile.id}”的rules.{code}写了“{severity}”，没有这条规则或这个级别。")
    active = {c: profile.rules.get(c, r.severity) for c, r in sorted(YEAR_RULES.items()) if kind_of(c) == profile.kind}
    return {code: severity for code, severity in active.items() if severity != "off"}


def _findings(facts: Facts) -> Iterator[Finding]:
    for code, severity in severities(facts.profile).items():
        for seen in YEAR_RULES[code].check(facts):
            own = seen.severity if code not in facts.profile.rules else ""
            yield Finding.of(seen, rule=code, severity=own or severity, place=_place(facts, seen))


def _place(facts: Facts, seen: Observation) -> str:
    if seen.row is not None:
        name = norm(next(r.row.name for r in facts.rows if r.row.row == seen.row))
        return f"第{seen.row}行“{name}”" if name else f"第{seen.row}行"
    if seen.field.startswith("funds."):
        return facts.profile.labels["funds"]
    return facts.label(seen.field)


def _order(finding: Finding) -> tuple[int, int, int, str]:
    """The order in which the sheet is read: funds, result, rows from left to right, total."""
    if finding.row is not None:
        return 1, finding.row, _COLUMNS.index(finding.field) if finding.field in _COLUMNS else len(_COLUMNS), finding.rule
    head = finding.field.partition(".")[0]
    if head in _HEADER:
        return 0, _HEADER.index(head), 0, finding.rule
    return 2, _BEHIND.index(head) if head in _BEHIND else 0, 0, finding.rule


def _filled(facts: Facts) -> tuple[int, int]:
    form = facts.form
    columns = ("actual", "score") if form.kind == SELF_EVALUATION else ("actual", "chance")
    texts = [form.money.executed, *(getattr(r, column) for r in form.rows for column in columns)]
    texts += [form.result, form.total] if form.kind == SELF_EVALUATION else []
    return sum(bool(norm(text)) for text in texts), len(texts)


def _incomplete(facts: Facts, findings: tuple[Finding, ...]) -> bool:
    errors = [f for f in findings if f.severity == ERROR]
    return not facts.rows or (bool(errors) and all(_is_blank(facts, f) for f in errors))


def _is_blank(facts: Facts, finding: Finding) -> bool:
    """The finding is about a cell in which nothing stands yet."""
    form = facts.form
    if finding.row is not None:
        row = next(r for r in form.rows if r.row == finding.row)
        return finding.field != "why" and not norm(str(getattr(row, finding.field)))
    return finding.field in ("result", "total", "execution_score", "funds.total.executed") and not norm(form.header(finding.field))


def content_seal(facts: Facts) -> str:
    """校验码 of a later form: twelve characters over its content and the declaration's own."""
    return code_of(_records(facts))


def _records(facts: Facts) -> Iterator[tuple[str, ...]]:
    form = facts.form
    yield form.kind, form.style, form.seal or seal(facts.evidence), str(form.month) if form.kind != SELF_EVALUATION else ""

    def amount(text: str) -> str:
        found = facts.amount(text)
        return plain(found) if found is not None else "" if left_blank(text) else norm(text)

    for source, row in form.funds.items():
        if not row.blank:
            yield source, amount(row.initial), amount(row.adjusted), amount(row.executed), amount(row.forecast), norm(row.reason)
    yield tuple(norm(t) for t in (form.execution_points, form.execution_score, form.result, form.total, form.grade))
    yield tuple(norm(t) for t in (form.conclusion, form.problems, form.measures))
    for r in form.rows:
        texts = (
            r.l2,
            r.name,
            r.target,
            r.actual,
            r.forecast,
            ",".join(r.causes),
            r.why,
            r.chance,
            r.points,
            r.score,
            r.adjusted,
            r.basis,
        )
        yield tuple(map(norm, texts))
