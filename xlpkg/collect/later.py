"""The later forms of a folder: each read and checked, and per project the chain declared, monitored, evaluated."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import msgspec

from xlpkg.audit.facts.finding import SEVERITIES
from xlpkg.collect import tables, versions
from xlpkg.collect.find import File
from xlpkg.collect.result import CHANGED, GONE, UNCHANGED, UNSEALED, Later, LaterLine, Problem, Project
from xlpkg.form import numbers
from xlpkg.form.numbers import plain
from xlpkg.form.profile import Profile
from xlpkg.form.text import norm, tidy
from xlpkg.year import points as arithmetic
from xlpkg.year.check import YearReport
from xlpkg.year.facts import Facts, RowFacts
from xlpkg.year.form import MONITORING, NAMES, SELF_EVALUATION
from xlpkg.year.jobs import check_years
from xlpkg.year.reading import YearSource
from xlpkg.year.rules import YEAR_RULES

Index = tuple[int, int]
"""The number of a file, and which of its later forms."""
_MISSING = {"declared": "申报表", MONITORING: "监控表", SELF_EVALUATION: "自评表"}


def examine_later(path: Path, profile: Profile | None = None) -> tuple[Later, ...]:
    """What is kept of the later forms of a file. Raises RefusalError, OSError."""
    return tuple(_kept(source, report) for source, report in check_years(path, profile))


def _kept(source: YearSource, report: YearReport) -> Later:
    facts, form = report.facts, report.facts.form
    declaration = form.declaration
    chances = [norm(r.chance) for r in form.rows]
    return Later(
        kind=form.kind, form_name=NAMES[form.kind],
        header={f: tidy(declaration.header(f)) for f in ("unit", "project", "department")},
        year=str(facts.evidence.year or norm(declaration.year)), month=form.month, sheet=source.sheet, declared_seal=form.seal,
        compared=form.compared, budget=facts.budget, executed=facts.executed, rate=facts.rate,
        chances=(chances.count("确定能"), chances.count("有可能"), sum("不可能" in c for c in chances)),
        total=numbers.parse(form.total), computed=_computed(facts), grade=norm(form.grade),
        unchanged=_unchanged(source, report), seal=report.seal, sealed=source.seal or "", lines=tuple(map(_line, facts.rows)),
        problems=tuple(
            Problem(
                f.rule, f.severity, f.row, f.place, (source.cell(f.row, f.field) or "") if source.sheet else "", f.what,
                f.suggestion, f.fix.to if f.fix else "",
            )
            for f in report.findings
        ),
    )  # fmt: skip


def _computed(facts: Facts) -> Decimal | None:
    """The sum of the points as they are given; None for a form without points."""
    return facts.total if facts.is_evaluation else None


def _unchanged(source: YearSource, report: YearReport) -> str:
    if source.seal is None:
        return UNSEALED
    return GONE if not source.seal else UNCHANGED if source.seal == report.seal else CHANGED


def _line(facts: RowFacts) -> LaterLine:
    r = facts.row
    return LaterLine(
        r.row, r.l2, norm(r.name), norm(r.target), facts.target.canonical, tidy(r.actual), facts.achieved.number, facts.grows
    )


class Chain(msgspec.Struct, frozen=True):
    """What of a project's year is there: the declaration, the last monitoring, the self-evaluation."""

    key: versions.Key
    declared: Project | None
    monitoring: tuple[File, Later] | None
    evaluation: tuple[File, Later] | None

    @property
    def who(self) -> dict[str, str]:
        """Unit, project and year as they were typed in the first form that is there."""
        year, unit, project = self.key
        first = self.declared or next((form for _, form in self.forms()), None)
        header = first.header if first else {}
        return {"unit": header.get("unit") or unit, "project": header.get("project") or project, "year": year}

    def forms(self) -> Iterator[tuple[File, Later]]:
        """The later forms that are there."""
        yield from (form for form in (self.monitoring, self.evaluation) if form is not None)


class Chains:
    """Which files hold the later forms that count: of each kind the newest of a project. Falsy without any."""

    def __init__(self) -> None:
        self._found: dict[versions.Key, dict[str, tuple[int, float, str, Index, bool]]] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, index: Index, file: File, form: Later) -> None:
        """A later form; a later month goes before a later date."""
        key = (form.year, norm(form.header["unit"]), norm(form.header["project"]) or file.name)
        kinds = self._found.setdefault(key, {})
        new = (form.month, file.changed, file.name, index, form.passed)
        kinds[form.kind] = max(new, kinds.get(form.kind, new))

    def count(self, kind: str) -> int:
        """How many projects have a form of a kind."""
        return sum(kind in kinds for kinds in self._found.values())

    @property
    def returned(self) -> int:
        """How many of the forms that count have to be corrected."""
        return sum(not passed for kinds in self._found.values() for *_, passed in kinds.values())

    def by_project(self, declared: Mapping[versions.Key, object]) -> Iterator[tuple[versions.Key, dict[str, Index]]]:
        """Every project, declared or not, with the files of its later forms by kind.

        A foreign form that names its unit in another way goes to the one declared project of its year and name.
        """
        by_name: dict[tuple[str, str], list[versions.Key]] = {}
        for key in declared:
            by_name.setdefault((key[0], key[2]), []).append(key)
        found: dict[versions.Key, dict[str, Index]] = {key: {} for key in declared}
        for key, kinds in self._found.items():
            alike = by_name.get((key[0], key[2]), [])
            home = key if key in found or len(alike) != 1 else alike[0]
            found.setdefault(home, {}).update({kind: n for kind, (*_, n, _) in kinds.items()})
        yield from sorted(found.items())


def year_row(chain: Chain) -> tables.Row:
    """The row of 全年对照."""
    declared = chain.declared
    monitored, evaluated = (form[1] if form else None for form in (chain.monitoring, chain.evaluation))
    there = {"declared": declared, MONITORING: monitored, SELF_EVALUATION: evaluated}
    chances = monitored.chances if monitored else (None, None, None)
    return tables.YEAR.row(
        **chain.who, declared="" if declared is None else "通过" if declared.passed else "退回",
        funds=tables.wan(declared.funds) if declared else None,
        month=f"1—{monitored.month}月" if monitored else "", monitored_rate=_share(monitored),
        sure=chances[0], maybe=chances[1], never=chances[2], monitoring_errors=monitored.errors if monitored else None,
        budget=tables.wan(evaluated.budget) if evaluated else None, executed=tables.wan(evaluated.executed) if evaluated else None,
        rate=_share(evaluated), total=_text(evaluated.total if evaluated else None),
        computed=_text(evaluated.computed if evaluated else None), grade=evaluated.grade if evaluated else "",
        evaluation_errors=evaluated.errors if evaluated else None,
        missing="、".join(name for key, name in _MISSING.items() if there[key] is None),
        remark="；".join(what for _, form in chain.forms() for what, _ in against(form, chain)),
        monitoring_file=chain.monitoring[0].name if chain.monitoring else "",
        file=chain.evaluation[0].name if chain.evaluation else "",
    )  # fmt: skip


def _share(form: Later | None) -> Decimal | None:
    return None if form is None or form.rate is None else arithmetic.rounded(form.rate, Decimal("0.0001"))


def _text(number: Decimal | None) -> str:
    return "" if number is None else plain(number)


def against(form: Later, chain: Chain) -> Iterator[tuple[str, str]]:
    """What of a later form is not as in the declaration and the monitoring of the folder: (what, rule).

    A form that was compared with its declaration when it was checked is asked only whether it is the same declaration.
    """
    name, declared = form.form_name, chain.declared
    if declared is not None:
        if form.declared_seal and form.declared_seal != declared.seal:
            yield f"{name}依据的申报表（校验码{form.declared_seal}）不是收到的这份（{declared.seal}）", ""
        if not form.compared:
            yield from _rows(form, declared)
    if form.kind == SELF_EVALUATION and chain.monitoring is not None and not form.compared:
        before = {(x.l2, x.name): x for x in chain.monitoring[1].lines}
        for line in form.lines:
            then = before.get((line.l2, line.name))
            if then and then.grows and then.number is not None and line.number is not None and line.number < then.number:
                yield f"{name}第{line.row}行“{line.name}”完成{line.actual}，监控时已有{then.actual}", "S22"


def _rows(form: Later, declared: Project) -> Iterator[tuple[str, str]]:
    """Targets that are not the declared ones, declared indicators that are missing."""
    codes = ("K15", "K16") if form.kind == MONITORING else ("S19", "S20")
    there = {line.name: line for line in form.lines}
    for line in declared.lines:
        name = norm(line.name)
        found = there.get(name)
        if found is None:
            yield f"{form.form_name}缺申报的第{line.row}行“{name}”", codes[1]
        elif found.meaning != line.meaning and "调整为" not in found.target:
            yield f"{form.form_name}第{found.row}行“{name}”目标{found.target}，申报{line.value}", codes[0]


def later_problem_rows(file: File, form: Later, chain: Chain) -> Iterator[tables.Row]:
    """The rows of 问题清单 of a later form, errors and reminders."""
    who = chain.who
    if form.unchanged in (GONE, CHANGED):
        what = (
            "表上没有校验码，不能证明内容没有改过"
            if form.unchanged == GONE
            else f"校验码与内容不符（表上{form.sealed}，应为{form.seal}）"
        )
        yield tables.PROBLEMS.row(
            **who, severity="错误", rule="", rule_name="校验码", place=form.form_name, cell="", what=what,
            advice="请重新检查、生成后再报。", file=file.name,
        )  # fmt: skip
    for what, rule in against(form, chain):
        yield tables.PROBLEMS.row(
            **who, severity="错误" if rule else "提醒", rule=rule, rule_name=YEAR_RULES[rule].name if rule else "与申报表对照",
            place=form.form_name, cell="", what=what, advice="请核对；经批准调整的，附批准文件。", file=file.name,
        )  # fmt: skip
    sheet = form.sheet.replace("'", "''")
    for p in form.problems:
        if p.severity == "info":
            continue
        advice = f"{p.suggestion}（可改为：{p.proposal}）" if p.proposal and p.proposal not in p.suggestion else p.suggestion
        yield tables.PROBLEMS.row(
            **who, severity=SEVERITIES[p.severity], rule=p.rule, rule_name=YEAR_RULES[p.rule].name,
            place=f"{form.form_name}：{p.place}", cell=f"{file.name}#'{sheet}'!{p.cell}" if p.cell else "", what=p.what,
            advice=advice, file=file.name,
        )  # fmt: skip
