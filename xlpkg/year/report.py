"""What the command line prints of a later form: JSON for programs, text for people."""

from pathlib import Path
from typing import Any

from xlpkg.audit.digest import Line, digest, head, remedy, sections
from xlpkg.audit.facts.finding import SEVERITIES, Finding
from xlpkg.form.numbers import plain
from xlpkg.year import points as arithmetic
from xlpkg.year.check import YearReport, severities
from xlpkg.year.form import NAMES, SELF_EVALUATION
from xlpkg.year.profile import YearProfile
from xlpkg.year.reading import YearSource
from xlpkg.year.rules import YEAR_RULES


def as_json(path: Path, source: YearSource, report: YearReport) -> dict[str, Any]:
    """One object a file with the keys of a declaration's report, the `kind` and the figures of the form."""
    facts = report.facts
    form = facts.form
    data: dict[str, Any] = {
        "file": str(path),
        "kind": form.kind,
        "profile": source.declared.id,
        "style": source.profile.id,
        "status": report.status,
        "errors": report.errors,
        "warnings": report.warnings,
        "infos": report.infos,
        "cost": facts.evidence.cost.summary(),
        "execution": {
            "rate": None if facts.rate is None else plain(arithmetic.rounded(facts.rate * 100)) + "%",
            "expected": None if facts.execution_expected is None else plain(facts.execution_expected),
        },
        "filled": {"cells": report.filled, "of": report.needed},
        "seal": report.seal,
    }
    if form.kind == SELF_EVALUATION:
        data["total"] = None if facts.total is None else plain(facts.total)
        data["scores"] = [
            {"row": r.row.row, "score": r.row.score, "expected": None if r.expected is None else [plain(p) for p in r.expected]}
            for r in facts.rows
        ]
    if source.seal is not None:
        data["sealed"] = {"seal": source.seal or None, "unchanged": source.seal == report.seal}
    data["findings"] = [
        {
            "rule": f.rule, "severity": f.severity, "row": f.row, "field": f.field, "sheet": source.sheet or None,
            "cell": source.cell(f.row, f.field) if source.sheet else None, "message": f.message, "suggestion": f.suggestion,
            "actual": f.actual or None, "expected": f.expected or None, "difference": f.difference or None,
            "fix": {"kind": f.fix.kind, "to": f.fix.to} if f.fix else None,
        }
        for f in report.findings
    ]  # fmt: skip
    return data


def as_text(path: Path, source: YearSource, report: YearReport) -> str:
    """The report as people read it: totals, then one line for each sentence."""
    form = report.facts.form
    name = NAMES[form.kind]
    lines = [f"{path.name}　{name}　{report.status}　错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条"]
    lines.append(figures(report))
    lines.append(f"已填{report.filled}／{report.needed}；校验码 {report.seal}")
    if source.seal is not None and source.seal != report.seal:
        said = f"表上是{source.seal}，" if source.seal else "表上没有校验码，"
        lines.append(f"校验码不一致：{said}按现在的内容应为{report.seal}，生成以后内容被改过。")
    told = digest(report.findings)
    lines.append(head(told))
    lines += [_printed(line, source) for _, of_it in sections(told) for line in of_it]
    return "\n".join(lines)


def figures(report: YearReport) -> str:
    """执行率 and, of a self-evaluation, the points added up."""
    facts = report.facts
    rate = "？" if facts.rate is None else plain(arithmetic.rounded(facts.rate * 100)) + "%"
    if facts.form.kind == SELF_EVALUATION:
        return f"执行率{rate}，各项得分之和{'？' if facts.total is None else plain(facts.total)}"
    return f"1—{facts.form.month}月执行率{rate}"


def _printed(line: Line[Finding], source: YearSource) -> str:
    """A line of the digest: severity, rules, where, what, how to mend; the cell where there is only one."""
    cell = source.cell(line.first.row, line.first.field) if source.sheet and len(line.findings) == 1 else None
    offer = remedy(line)
    place = f"（{cell}）" if cell else ""
    text = f"{line.where}{place}：{line.what}。{line.advice}" if line.where else f"{line.what}{place}。{line.advice}"
    return f"  {SEVERITIES[line.severity]} {'、'.join(line.rules)} {text}{f'【{offer}】' if offer else ''}"


def rules_as_text(profile: YearProfile) -> str:
    """The rules of a kind of form, one line a rule."""
    lines = []
    for code, severity in severities(profile).items():
        rule = YEAR_RULES[code]
        lines.append(f"{code}　{SEVERITIES[severity]}　{rule.name}　×{rule.violates}　√{rule.passes}")
    return "\n".join(lines)


def rules_as_json(profile: YearProfile) -> list[dict[str, str]]:
    """The rules of a kind of form, as the catalogue has them."""
    return [
        {
            "code": code, "name": YEAR_RULES[code].name, "severity": severity, "condition": YEAR_RULES[code].condition,
            "violates": YEAR_RULES[code].violates, "passes": YEAR_RULES[code].passes, "basis": YEAR_RULES[code].basis,
        }
        for code, severity in severities(profile).items()
    ]  # fmt: skip
