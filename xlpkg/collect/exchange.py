"""The exchange files of all projects that count."""

from pathlib import Path

from xlpkg.collect.collection import Collection
from xlpkg.collect.result import Project
from xlpkg.form import exchange
from xlpkg.form.exchange import FURTHER, Row
from xlpkg.writing.exchange import Exchange, as_sent


def write_exchange(collection: Collection, folder: Path) -> Exchange:
    """Write the files; gives how many projects and misfits they hold. Raises OSError."""
    with Exchange(folder) as files:
        for number, (file, project) in enumerate(collection.projects(), 1):
            files.add(_sent(number, project), "通过" if project.passed else "退回，不要导入", file.name)
    return files


def _sent(number: int, p: Project) -> exchange.Project:
    rows = tuple(
        as_sent(
            Row(
                i.row, i.l1, i.l2, i.name, i.op, i.number, i.unit, i.meaning or i.value, i.standard, i.note,
                **{key: i.extra.get(key, "") for key in FURTHER},
            )
        )
        for i in p.lines
    )  # fmt: skip
    long_goal, year_goal = (p.header.get(field, "") for field in ("long_goal", "year_goal"))
    return exchange.Project(number, p.header["unit"], p.header["project"], p.year, long_goal, year_goal, rows)
