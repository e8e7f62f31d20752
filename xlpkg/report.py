"""What the command line prints of a report: JSON for programs, text for people."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlpkg.audit.check import severities
from xlpkg.audit.digest import Line, digest, head, remedy, sections
from xlpkg.audit.facts.cost import Cost
from xlpkg.audit.facts.finding import SEVERITIES, Finding
from xlpkg.audit.rules import RULES
from xlpkg.audit.rules.registry import VERSION, is_older
from xlpkg.form.money import in_unit
from xlpkg.form.profile import Profile
from xlpkg.jobs import Checked
from xlpkg.reading.source import Source


def as_json(path: Path, done: Checked) -> dict[str, Any]:
    """One object a declaration of a file; a submission has "sealed", "differences" and "rules" besides."""
    source, report = done.source, done.report
    places = source.places
    data: dict[str, Any] = {
        "file": str(path),
        "profile": source.profile.id,
        "status": report.status,
        "errors": report.errors,
        "warnings": report.warnings,
        "infos": report.infos,
        "cost": report.cost.summary(),
        "filled": {"cells": report.filled, "of": report.needed},
        "seal": report.seal,
    }
    if source.seal is not None:
        data["sealed"] = {"seal": source.seal or None, "unchanged": done.unchanged}
        data["differences"] = list(done.differences)
        data["rules"] = source.rules or None
    data["findings"] = [
        {
            "rule": f.rule, "severity": f.severity, "row": f.row, "field": f.field,
            "sheet": places.sheet if places else None,
            "cell": places.cell(f.row, f.field) if places else None,
            "message": f.message, "suggestion": f.suggestion,
            "actual": f.actual or None, "expected": f.expected or None, "difference": f.difference or None,
            "fix": {"kind": f.fix.kind, "to": f.fix.to} if f.fix else None,
        }
        for f in report.findings
    ]  # fmt: skip
    return data


def as_text(path: Path, done: Checked) -> str:
    """The report as people read it: totals, what the 校验码 shows, then one line for each sentence."""
    source, report = done.source, done.report
    lines = [
        f"{path.name}　{report.status}　错误{report.errors}条，提醒{report.warnings}条，提示{report.infos}条",
        *money_lines(report.cost),
        f"已填{report.filled}／{report.needed}；校验码 {report.seal}",
    ]
    if source.seal is not None:
        lines += seal_lines(done)
    told = digest(report.findings)
    lines.append(head(told))
    for _, of_it in sections(told):
        lines += [_printed(line, source) for line in of_it]
    return "\n".join(lines)


def seal_lines(done: Checked) -> Iterator[str]:
    """What the 校验码 of a submission shows, and in what the sheet is not as it would be printed."""
    printed, now = done.source.seal, done.report.seal
    count = len(done.differences)
    if not printed:
        yield "表上没有校验码，可能被删去，不能证明内容没有改过。"
    elif printed != now:
        yield f"校验码不一致：表上是{printed}，按现在的内容应为{now}，生成以后内容被改过。"
    elif count:
        yield f"不一致：校验码（{printed}）对得上，但看到的与按内容打印的有{count}处不同，生成以后表面被改过。"
    else:
        yield f"校验码一致（{printed}）：内容与生成时相同。"
    if printed == now and is_older(done.source.rules):
        yield f"这份表是用旧规则（{done.source.rules}）检查的，现在的规则是{VERSION}，以这次的检查结果为准。"
    yield from (f"  不一致 {difference}" for difference in done.differences)


def money_lines(cost: Cost) -> Iterator[str]:
    """The costs against the funds, and what each item takes of them."""

    def shown(amount: Decimal | None) -> str:
        return "？" if amount is None else in_unit(amount, cost.unit) + cost.unit

    funds = f"可用资金{shown(cost.funds)}（本级{shown(cost.budget)}，上级{shown(cost.upper_sum)}）"
    yield f"成本合计{shown(cost.total)}，{funds}，差额{shown(cost.difference)}"
    if cost.items:
        shares = ((item, cost.share(item.amount)) for item in cost.items)
        parts = (f"{i.name} {shown(i.amount)}" + (f"（{share:.1%}）" if share is not None else "") for i, share in shares)
        yield "成本构成：" + "、".join(parts)


def _printed(line: Line[Finding], source: Source) -> str:
    """A line of the digest: severity, rules, where, what, how to mend; the cell where there is only one."""
    first = line.first
    cell = source.places.cell(first.row, first.field) if source.places and len(line.findings) == 1 else None
    offer = remedy(line)
    told = all(f.fix is None or f.fix.to.split("：")[-1] in line.advice for f in line.findings)
    shown = f"【{offer.partition('：')[0] if told else offer}】" if offer else ""
    place = f"（{cell}）" if cell else ""
    return f"  {SEVERITIES[line.severity]} {'、'.join(line.rules)} {line.where}{place}：{line.what}。{line.advice}{shown}"


def rules_as_json(profile: Profile) -> list[dict[str, str]]:
    """The rules that are on in a profile, in the order of the registry."""
    return [
        {
            "code": code, "name": RULES[code].name, "severity": severity, "condition": RULES[code].condition,
            "violates": RULES[code].violates, "passes": RULES[code].passes, "basis": RULES[code].basis,
        }
        for code, severity in severities(profile).items()
    ]  # fmt: skip


def rules_as_markdown(profile: Profile) -> str:
    """A table for the bureau's manual."""
    lines = ["| 规则 | 级别 | 名称 | 不对的例子 | 对的例子 | 依据 |", "|---|---|---|---|---|---|"]
    for r in rules_as_json(profile):
        cells = (r["code"], SEVERITIES[r["severity"]], r["name"], r["violates"], r["passes"], r["basis"])
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines)


def rules_as_text(profile: Profile) -> str:
    """One line a rule."""
    return "\n".join(
        f"{r['code']}　{SEVERITIES[r['severity']]}　{r['name']}　×{r['violates']}　√{r['passes']}" for r in rules_as_json(profile)
    )
