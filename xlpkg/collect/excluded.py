"""Files that a person keeps out of the totals, each with a reason."""

from collections.abc import Iterable, Iterator, Sequence

from xlpkg.collect.find import File
from xlpkg.collect.result import Result
from xlpkg.collect.tables import LINK, Column, Row, Table
from xlpkg.form.refusal import RefusalError

EXCLUDED = Table(
    "剔除", "审核人剔除、没有计入汇总的文件和理由。", (Column("file", "文件", LINK, 60), Column("reason", "理由", width=60))
)
Exclusion = tuple[str, str]
"""A file, by its path within the folder or its name alone, and the reason."""


def split(files: Sequence[File], exclusions: Sequence[Exclusion]) -> tuple[list[File], list[File], list[Row]]:
    """The files that count, those that do not, and the rows of the sheet 剔除.

    Raises RefusalError for a name that no file has or several have, and for a missing reason.
    """
    out: dict[str, str] = {}
    for name, reason in exclusions:
        if not reason.strip():
            raise RefusalError(f"剔除“{name}”要写理由：--exclude 文件 理由。")
        plain = name.replace("\\", "/").removeprefix("./")
        found = [f.name for f in files if f.name == plain] or [f.name for f in files if f.base == plain]
        if len(found) != 1:
            what = f"有{len(found)}个“{name}”，请写出它在文件夹里的路径" if found else f"收件的文件夹里没有“{name}”"
            raise RefusalError(f"要剔除的文件找不准：{what}。")
        out[found[0]] = reason.strip()
    rows = [EXCLUDED.row(file=name, reason=reason) for name, reason in sorted(out.items())]
    return [f for f in files if f.name not in out], [f for f in files if f.name in out], rows


def named(excluded: Iterable[tuple[File, Result]]) -> Iterator[str]:
    """The excluded files with the units that they are of."""
    for file, result in excluded:
        units = dict.fromkeys(unit for p in result.projects if (unit := p.header["unit"]))
        yield f"{file.name}（{'、'.join(units)}）" if units else file.name
