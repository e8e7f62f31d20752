"""Run the rules over a declaration and report, sorted as the sheet reads."""

from collections.abc import Callable, Iterable, Iterator

from xlpkg.audit.facts.cost import Cost
from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.finding import ERROR, SEVERITIES, Finding, Observation, Verdict, status
from xlpkg.audit.rules import RETIRED, RULES
from xlpkg.audit.seal import seal
from xlpkg.form.declaration import Declaration, cell
from xlpkg.form.library import Library
from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.text import norm

_GROUPS = "CFVXBMR"
_FIELDS = ("l1", "l2", "name", "value", "standard")
_IN_ORDER = sorted(RULES, key=lambda code: (_GROUPS.index(code[0]), code))


class Report(Verdict, frozen=True, kw_only=True):
    """The verdict over a declaration."""

    evidence: Evidence
    cost: Cost


def check(
    declaration: Declaration, profile: Profile, present: frozenset[str] | None = None, library: Library | None = None
) -> Report:
    """Every finding of the profile's rule set; of a foreign source, `present` are the fields and columns that it has.

    With a `library`, what differs from it is found as well, and proposals name its indicators.
    Raises ProfileError if the profile overrides a rule that is none.
    """
    evidence = Evidence(declaration, profile, present)
    found = _findings(evidence)
    if library is not None:
        found = _with_library(found, evidence, library.fitted(profile))
    findings = tuple(sorted(found, key=_reading_order(profile)))
    filled, needed = _filled(evidence)
    return Report(
        evidence=evidence,
        findings=findings,
        cost=evidence.cost,
        status=status(findings, incomplete=_incomplete(evidence, findings)),
        filled=filled,
        needed=needed,
        seal=seal(evidence),
    )


def severities(profile: Profile) -> dict[str, str]:
    """Rule code → severity under the profile's overrides, for the rules that are on."""
    for code, severity in profile.rules.items():
        if code not in (*RULES, *RETIRED):
            raise ProfileError(f"表式“{profile.id}”的rules写了“{code}”，没有这条规则。")
        if severity not in (*SEVERITIES, "off"):
            allowed = "、".join((*SEVERITIES, "off"))
            raise ProfileError(f"表式“{profile.id}”的rules.{code}写了“{severity}”，只能是{allowed}。")
    active = {code: profile.rules.get(code, RULES[code].severity) for code in _IN_ORDER}
    return {code: severity for code, severity in active.items() if severity != "off"}


def _findings(evidence: Evidence) -> Iterator[Finding]:
    rows = {r.row: r for r in evidence.rows}
    for code, severity in severities(evidence.profile).items():
        for seen in RULES[code].check(evidence):
            own_severity = seen.severity if code not in evidence.profile.rules else ""
            place = _place(seen, rows, evidence.profile)
            yield Finding.of(seen, rule=code, severity=own_severity or severity, place=place)


def _with_library(findings: Iterable[Finding], evidence: Evidence, library: Library) -> Iterator[Finding]:
    """The findings with the library's proposals, and its own."""
    from xlpkg.audit.library import CODES, advised, observed

    yield from (advised(finding, evidence, library) for finding in findings)
    rows = {r.row: r for r in evidence.rows}
    for code, seen in observed(evidence, library):
        yield Finding.of(seen, rule=code, severity=CODES[code][1], place=_place(seen, rows, evidence.profile))


def _place(seen: Observation, rows: dict[int, Row], profile: Profile) -> str:
    if seen.row is not None:
        return rows[seen.row].place
    if seen.field == "cost":
        return "成本合计"
    return profile.label(seen.field if seen.field in profile.header else "indicators")


def _reading_order(profile: Profile) -> Callable[[Finding], tuple[int, int, int, str]]:
    """The order in which the sheet is read: header, costs, the table as a whole and its categories, the rows from left to right."""
    header = _numbered(profile.header)
    categories = _numbered((*profile.l1_names, *profile.parent))
    columns = _numbered((*_FIELDS, *(c.key for c in profile.columns)))

    def place(finding: Finding) -> tuple[int, int, int, str]:
        if finding.row is not None:
            return 3, finding.row, columns[finding.field], finding.rule
        if finding.field in header:
            return 0, header[finding.field], 0, finding.rule
        if finding.field == "cost":
            return 1, 0, 0, finding.rule
        return 2, categories.get(finding.field, -1), 0, finding.rule

    return place


def _numbered(names: Iterable[str]) -> dict[str, int]:
    """Name → its number; a name that comes again keeps its first number."""
    return {name: n for n, name in enumerate(dict.fromkeys(names))}


def _incomplete(evidence: Evidence, findings: Iterable[Finding]) -> bool:
    codes = [f.rule for f in findings if f.severity == ERROR]
    return not evidence.rows or (bool(codes) and all(code.startswith("C") for code in codes))


def _filled(evidence: Evidence) -> tuple[int, int]:
    profile = evidence.profile
    header = [evidence.declaration.header(f) for f in profile.counted_fields]
    cells = [r.typed if f == "value" else cell(r.indicator, f) for r in evidence.rows for f in profile.counted_columns]
    texts = [*header, *cells]
    return sum(map(bool, map(norm, texts))), len(texts)
