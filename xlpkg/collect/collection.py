"""From a folder to results, and from results to rows: read what is new, find the versions that count, hand out the tables."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Protocol

from xlpkg.audit.facts.finding import ERROR, SEVERITIES, WARNING
from xlpkg.collect import tables, versions
from xlpkg.collect.executors import Executor, batches_of
from xlpkg.collect.find import File
from xlpkg.collect.later import Chain, Chains, later_problem_rows, year_row
from xlpkg.collect.result import Later, Project, Result
from xlpkg.collect.tables import Row, Statistics, Table
from xlpkg.collect.versions import Version
from xlpkg.year.form import MONITORING, SELF_EVALUATION

Progress = Callable[[int], None]


class Store(Protocol):
    """Keeps the results of files."""

    def missing(self, files: Iterable[File]) -> Iterator[File]: ...
    def keep(self, results: Iterable[tuple[File, str, bytes]]) -> None: ...
    def results(self, files: Iterable[File]) -> Iterator[tuple[File, Result]]: ...
    def close(self) -> None: ...


def examine_all(files: Sequence[File], store: Store, executor: Executor, progress: Progress) -> int:
    """Examine the files that the store has no result of; `progress` is told how many more are done. Returns how many were read."""
    missing = list(store.missing(files))
    progress(len(files) - len(missing))
    for examined in executor.run(batches_of(missing)):
        store.keep(examined)
        progress(len(examined))
    return len(missing)


class Collection:
    """The results of a folder as tables. Holds a line a file, never a file's content: rows are made as they are asked for."""

    def __init__(self, files: Sequence[File], store: Store) -> None:
        self._files, self._store = files, store
        self.unreadable: list[tuple[File, str]] = []
        self._groups: dict[versions.Key, list[Version]] = {}
        self.chains = Chains()
        for n, (file, result) in enumerate(store.results(files)):
            if result.sentence:
                self.unreadable.append((file, result.sentence))
            for part, form in enumerate(result.later):
                self.chains.add((n, part), file, form)
            seen: dict[versions.Key, int] = {}
            for part, project in enumerate(result.projects):
                key = versions.key(file, project)
                seen[key] = seen.get(key, 0) + 1
                if seen[key] > 1:  # twice in one file: two projects
                    key = (*key[:2], f"{key[2]}（{seen[key]}）")
                self._groups.setdefault(key, []).append(versions.version((n, part), file, project))
        self._groups = {k: versions.in_order(v) for k, v in self._groups.items()}
        self._counting = {v[-1].index: v for v in self._groups.values()}
        self.statistics = Statistics()
        further = tables.Further()
        for index, _, project in self._newest():
            further.add(project)
            self.statistics.add(project, self._counting[index][0].passed)
        self._peers = self.statistics.peers()
        self.tables = tables.Tables(further, later=bool(self.chains))
        self._added: list[tuple[Table, list[Row]]] = []

    @property
    def clean(self) -> bool:
        """Every file could be read and no form has to be sent back."""
        passed = self.statistics.count == self.statistics.passed
        return passed and not self.unreadable and not self.chains.returned

    def add(self, table: Table, rows: list[Row]) -> None:
        """A further table, of what is known beside the files."""
        self._added.append((table, rows))

    @property
    def added(self) -> tuple[Table, ...]:
        """The further tables."""
        return tuple(table for table, _ in self._added)

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """Every table that `rows` gives rows of."""
        return *self.tables.all, *self.added

    def first_versions(self) -> Iterator[tuple[File, Project, float]]:
        """The version that counts of every project, and when its first version was changed last (seconds)."""
        for index, file, project in self._newest():
            yield file, project, min(v.changed for v in self._counting[index])

    @property
    def repeated(self) -> int:
        """How many projects have more than one file."""
        return sum(len(v) > 1 for v in self._groups.values())

    def projects(self) -> Iterator[tuple[File, Project]]:
        """The version that counts of every project, by path."""
        return ((file, project) for _, file, project in self._newest())

    def _newest(self) -> Iterator[tuple[tuple[int, int], File, Project]]:
        yield from ((index, file, project) for index, file, project in self._of(sorted(self._counting)))

    def _of(self, indexes: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], File, Project]]:
        """The declarations of these numbers, in this order; a file is asked for once for those of it that follow each other."""
        for n, group in groupby(indexes, key=lambda index: index[0]):
            ((file, result),) = self._store.results([self._files[n]])
            yield from ((index, file, result.projects[index[1]]) for index in group)

    def rows(self) -> Iterator[tuple[Table, list[Row]]]:
        """The rows of every table, a few at a time, always in the same order."""
        for file, project in self.projects():
            yield self.tables.projects, [tables.project_row(file, project, self.tables)]
            yield self.tables.indicators, list(tables.indicator_rows(file, project, self.tables))
            yield tables.COSTS, list(tables.cost_rows(file, project, self._peers))
            if self.tables.foreign:
                yield tables.DOUBTS, list(tables.doubt_rows(file, project))
        for chain in self._chains():
            yield tables.YEAR, [year_row(chain)]
        yield from ((tables.PROBLEMS, rows) for rows in self._problems())
        yield tables.UNREADABLE, [tables.UNREADABLE.row(file=f.name, reason=sentence) for f, sentence in self.unreadable]
        yield from ((tables.VERSIONS, rows) for rows in self._versions())
        yield from self._added

    def _problems(self) -> Iterator[list[Row]]:
        """The rows of 问题清单 a form at a time: the errors of all, then the reminders; each is looked at twice for it."""
        severity = tables.PROBLEMS.keys.index("severity")
        for word in (SEVERITIES[ERROR], SEVERITIES[WARNING]):
            for file, project in self.projects():
                yield [row for row in tables.problem_rows(file, project) if row[severity] == word]
            for chain in self._chains():
                for file, form in chain.forms():
                    yield [row for row in later_problem_rows(file, form, chain) if row[severity] == word]

    def forms(self) -> Iterator[tuple[File, Project | Later]]:
        """The declaration, the monitoring and the self-evaluation that count of every project."""
        yield from self.projects()
        for chain in self._chains():
            yield from chain.forms()

    def _chains(self) -> Iterator[Chain]:
        """Of each project, if the folder has a later form at all, what of its year is there."""
        if not self.chains:
            return
        for key, numbers in self.chains.by_project(self._groups):
            found = self._groups.get(key)
            declared = next((p for _, _, p in self._of([found[-1].index])), None) if found else None
            forms = {kind: self._later(*index) for kind, index in numbers.items()}
            yield Chain(key, declared, forms.get(MONITORING), forms.get(SELF_EVALUATION))

    def _later(self, number: int, part: int) -> tuple[File, Later]:
        ((file, result),) = self._store.results([self._files[number]])
        return file, result.later[part]

    def _versions(self) -> Iterator[list[Row]]:
        """Of each project with several files: a row a file, and below it a row for each cell that it changed."""
        for (year, _, name), found in sorted(self._groups.items()):
            if len(found) < 2:
                continue
            rows: list[Row] = []
            before: Project | None = None
            for v, (_, file, p) in zip(found, self._of([v.index for v in found]), strict=True):
                which = "最后一版" if v is found[-1] else f"第{found.index(v) + 1}版"
                version = {
                    "unit": p.header["unit"], "project": p.header["project"] or name, "year": year, "version": which,
                    "changed": f"{datetime.fromtimestamp(file.changed):%Y-%m-%d %H:%M}", "kind": p.kind, "file": file.name,
                }  # fmt: skip
                differing = list(versions.changes(before, p)) if before else []
                same = "内容与前一版相同" if before and not differing else ""
                rows.append(tables.VERSIONS.row(**version, errors=p.errors, place=same, cell="", before="", after=""))
                rows += [
                    tables.VERSIONS.row(**version, errors=None, place=c.place, cell=c.cell, before=c.before, after=c.after)
                    for c in differing
                ]
                before = p
            yield rows
