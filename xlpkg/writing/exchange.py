"""The exchange files of a budget system: CSV, UTF-8 with mark; written whole or not at all, texts exactly as they are."""

import csv
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import msgspec

from xlpkg.audit.check import Report
from xlpkg.audit.facts.finding import SEVERITIES
from xlpkg.audit.facts.value_parts import value_parts
from xlpkg.files.write import TargetError, move, refuse_file, temporary_folder
from xlpkg.form import exchange
from xlpkg.form.exchange import FURTHER, QUALITATIVE, Misfit, Project, Row

GOALS, INDICATORS, PROJECTS, MISFITS = "PM_PERF_GOAL_INFO", "PM_PERF_INDICATOR", "项目对照", "导入前要改"
"""The files: the system's two tables, which code is which project, and what the system will not take in."""
_HEADS = {
    PROJECTS: ["pro_code", "代码来源", "单位", "项目名称", "年度", "状态", "文件"],
    MISFITS: ["pro_code", "单位", "项目名称", "级别", "代码", "位置", "什么问题", "怎么改"],
}
NAMES = (GOALS, INDICATORS, PROJECTS, MISFITS)


def refuse_exchange(folder: Path) -> None:
    """Raises TargetError where the files cannot be written."""
    refuse_file(folder)
    if not folder.absolute().parent.is_dir():
        raise TargetError(f"文件夹“{folder.parent}”不存在，请先建好。")


class Exchange:
    """The files of one export, for a with block: they take the place of older ones when all are complete. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tables = exchange.system()
        self._files: dict[str, IO[str]] = {}
        self._writers: dict[str, Any] = {}
        self.projects = self.misfits = 0

    def __enter__(self) -> "Exchange":
        heads = {
            GOALS: [c.name for c in self._tables.goals], INDICATORS: [c.name for c in self._tables.indicators], **_HEADS,
        }  # fmt: skip
        with ExitStack() as at_end:
            self._made = temporary_folder(self._folder)
            at_end.callback(shutil.rmtree, self._made, ignore_errors=True)
            for name in NAMES:
                file = at_end.enter_context((self._made / f"{name}.csv").open("w", encoding="utf-8-sig", newline=""))
                self._files[name], self._writers[name] = file, csv.writer(file)
                self._writers[name].writerow(heads[name])
            self._at_end = at_end.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._at_end:
            for file in self._files.values():
                file.close()
            if kind is None:
                self._folder.mkdir(exist_ok=True)
                for name in NAMES:
                    move(self._made / f"{name}.csv", self._folder / f"{name}.csv")

    def add(self, project: Project, state: str, file: str) -> list[Misfit]:
        """Write a project; gives what the system will not take in of it."""
        self.projects += 1
        source = "表中的代码" if project.own_code else "临时编号，请换成系统里的项目代码"
        self._writers[GOALS].writerow(exchange.goal_cells(project, self._tables))
        self._writers[INDICATORS].writerows(exchange.indicator_cells(project, self._tables))
        who = [project.unit, project.project]
        self._writers[PROJECTS].writerow([project.code, source, *who, project.year, state, file])
        found = list(exchange.misfits(project, self._tables))
        self.misfits += sum(m.stops for m in found)
        self._writers[MISFITS].writerows(
            [project.code, *who, SEVERITIES[m.severity], m.code, m.place, m.what, m.advice] for m in found
        )
        return found


def write_exchange(folder: Path, report: Report, file: str) -> list[Misfit]:
    """The exchange files of one declaration; gives what the system will not take in. Raises OSError."""
    state = f"草稿，还有{report.errors}条错误" if report.errors else "没有错误"
    with Exchange(folder) as files:
        return files.add(of_report(report), state, file)


def of_report(report: Report) -> Project:
    """What a checked declaration sends."""
    declaration = report.evidence.declaration
    rows = []
    for row in report.evidence.in_form_order:
        i, parts = row.indicator, value_parts(row)
        value = row.typed if row.stop else row.target.canonical
        further = {key: i.extra.get(key, "") for key in FURTHER}
        rows.append(as_sent(Row(row.row, row.l1, row.l2, i.name, *parts, value, row.standard, i.note, **further)))
    year = str(report.evidence.year or declaration.year)
    d = declaration
    return Project(1, d.unit, d.project, year, d.long_goal, d.year_goal, tuple(rows))


def as_sent(row: Row) -> Row:
    """An indicator as it is sent: a value that is no number is a text, a range has no sign."""
    if not row.number:
        return msgspec.structs.replace(row, op=QUALITATIVE if row.value else "")
    return msgspec.structs.replace(row, op="") if "-" in row.number[1:] else row


def lines(found: Sequence[Misfit]) -> Iterator[str]:
    """What is said of it on the terminal, one line each."""
    for m in found:
        yield f"  {SEVERITIES[m.severity]} {m.code} {m.place}：{m.what}。{m.advice}"
