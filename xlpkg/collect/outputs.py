"""The tables as files for programs: CSV for Excel and databases, Parquet for many; both streamed, both whole or not there."""

import csv
import json
import re
import shutil
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlpkg.collect import roster
from xlpkg.collect.collection import Collection
from xlpkg.collect.excluded import EXCLUDED
from xlpkg.collect.find import File
from xlpkg.collect.result import FOREIGN, FORM, UNCHANGED, Project
from xlpkg.collect.tables import FIGURE, LINK, MONEY_WAN, NAMES, NUMBER, SHARE, TEXT, TIMES, WORD, YUAN, Row, Table
from xlpkg.files.write import move, refuse_file, temporary_folder
from xlpkg.form.refusal import RefusalError

_ACTS = ("=", "+", "-", "@", "\t", "\r")
_PART = re.compile(r"part-\d{5}\.parquet")
GROUP, _GROUPS = 2048, 256
"""Rows of a row group, and row groups of a part file."""
_DIGITS, _PLACES = 38, 10
_TOO_LARGE = Decimal(10) ** (_DIGITS - _PLACES)


class MissingLibraryError(RefusalError):
    """What it takes to write a format is not installed; the message is a sentence for the user."""


def as_text(text: str) -> str:
    """A text that a spreadsheet program reads from a CSV as a text: an apostrophe before what it would calculate."""
    return f"'{text}" if text.startswith(_ACTS) else text


def write_csv(collection: Collection, folder: Path) -> None:
    """A CSV file (UTF-8 with mark, as Excel reads it) for each table. Raises OSError."""
    with _new_folder(folder) as made:
        files = {t.name: (made / f"{t.name}.csv").open("w", encoding="utf-8-sig", newline="") for t in collection.all_tables}
        try:
            writers = {name: csv.writer(file) for name, file in files.items()}
            for table in collection.all_tables:
                writers[table.name].writerow(table.heads)
            for table, rows in collection.rows():
                for row in rows:
                    writers[table.name].writerow([as_text(v) if isinstance(v, str) else _plain(v) for v in row])
        finally:
            for file in files.values():
                file.close()


def _plain(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


class _new_folder:  # noqa: N801 a context manager
    """A folder whose files take the place of the old ones when all are complete, one by one.

    The folder itself is not exchanged: on Windows one with an open file in it cannot be renamed.
    """

    def __init__(self, target: Path) -> None:
        self._target = target.resolve()

    def __enter__(self) -> Path:
        self._made = temporary_folder(self._target)
        return self._made

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._take_over()
        finally:
            shutil.rmtree(self._made, ignore_errors=True)

    def _take_over(self) -> None:
        new = {path.relative_to(self._made) for path in self._made.rglob("*") if path.is_file()}
        for name in sorted(new):
            (self._target / name).parent.mkdir(parents=True, exist_ok=True)
            move(self._made / name, self._target / name)
        for path in sorted(self._target.rglob("*"), reverse=True):
            if path.is_file() and path.relative_to(self._target) not in new:
                path.unlink()  # of an earlier run that had more


def refuse_folder(folder: Path) -> None:
    """Raises RefusalError where a folder holds files that are not ours: they would be lost."""
    refuse_file(folder)
    names = {*NAMES, *roster.NAMES, EXCLUDED.name}
    for path in folder.rglob("*") if folder.exists() else ():
        inside = path.relative_to(folder)
        csv_of_ours = len(inside.parts) == 1 and path.suffix == ".csv" and path.stem in names
        part_of_ours = len(inside.parts) == 2 and inside.parts[0] in names and _PART.fullmatch(path.name)
        if not csv_of_ours and not part_of_ours and not (path.is_dir() and inside.parts[0] in names and len(inside.parts) == 1):
            raise RefusalError(f"“{folder.name}”里有别的文件（{inside}）。请换一个空文件夹。")


def write_parquet(collection: Collection, folder: Path) -> None:
    """A dataset for each table, in part files of many row groups; money as decimals. Raises OSError, MissingLibraryError."""
    try:
        import pyarrow
    except ImportError:
        raise MissingLibraryError("--parquet 需要pyarrow，这里没有。请用审核端的安装包，或者用 --csv。") from None

    number = pyarrow.decimal128(_DIGITS, _PLACES)
    kinds = {NUMBER: pyarrow.int64(), **dict.fromkeys((TEXT, WORD, LINK, FIGURE), pyarrow.string())}
    kinds |= dict.fromkeys((MONEY_WAN, YUAN, SHARE, TIMES), number)
    with _new_folder(folder) as made:
        parts = {t.name: _Parts(made / t.name, t, [kinds[c.kind] for c in t.columns], number) for t in collection.all_tables}
        try:
            for table, rows in collection.rows():
                parts[table.name].add(rows)
        finally:
            for part in parts.values():
                part.close()


class _Parts:
    """The part files of one table; it holds no more than a row group."""

    def __init__(self, folder: Path, table: Table, kinds: list[Any], number: Any) -> None:
        import pyarrow

        self._folder, self._kinds, self._number = folder, kinds, number
        self._schema = pyarrow.schema(list(zip(table.heads, kinds, strict=True)))
        self._rows: list[Row] = []
        self._groups = 0
        self._writer: Any = None
        folder.mkdir()

    def add(self, rows: list[Row]) -> None:
        self._rows += rows
        while len(self._rows) >= GROUP:
            self._write(self._rows[:GROUP])
            del self._rows[:GROUP]

    def _write(self, rows: list[Row]) -> None:
        import pyarrow
        from pyarrow import parquet

        if self._groups % _GROUPS == 0:
            self._end()
            name = self._folder / f"part-{self._groups // _GROUPS:05}.parquet"
            self._writer = parquet.ParquetWriter(name, self._schema)
        columns = list(zip(*rows, strict=True)) or [()] * len(self._kinds)
        arrays = [
            pyarrow.array([_exact(v) for v in values] if kind == self._number else values, kind)
            for kind, values in zip(self._kinds, columns, strict=True)
        ]
        self._writer.write_table(pyarrow.Table.from_arrays(arrays, schema=self._schema))
        self._groups += 1

    def close(self) -> None:
        """Write what is left; a table without rows has one file without rows."""
        if self._rows or not self._groups:
            self._write(self._rows)
        self._end()

    def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _exact(value: Decimal | None) -> Decimal | None:
    """A number as the column holds it; None for one of more digits than a column can have."""
    if value is None or abs(value) >= _TOO_LARGE:
        return None
    exponent = value.as_tuple().exponent
    return round(value, _PLACES) if isinstance(exponent, int) and exponent < -_PLACES else value


def json_lines(collection: Collection) -> Iterable[str]:
    """One JSON object a project, then one a file that could not be read."""
    for file, project in collection.projects():
        yield json.dumps(_object(file, project), ensure_ascii=False)
    for file, sentence in collection.unreadable:
        yield json.dumps({"file": file.name, "unreadable": sentence}, ensure_ascii=False)


def _object(file: File, p: Project) -> dict[str, Any]:
    def shown(amount: Decimal | None) -> str | None:
        return None if amount is None else f"{amount:f}"

    return {
        "file": file.name, "kind": p.kind, "profile": p.profile, "department": p.header["department"], "unit": p.header["unit"],
        "project": p.header["project"], "year": p.year, "passed": p.passed, "errors": p.errors, "warnings": p.warnings,
        "seal": p.seal, "sealed": p.sealed or None, "unchanged": None if p.kind in (FORM, FOREIGN) else p.unchanged == UNCHANGED,
        "differences": list(p.differences), "rules": p.rules or None,
        "yuan": {"budget": shown(p.budget), "funds": shown(p.funds), "cost": shown(p.cost), "difference": shown(p.difference)},
        "indicators": [
            {"row": i.row, "l1": i.l1, "l2": i.l2, "name": i.name, "op": i.op, "number": i.number, "unit": i.unit, "value": i.value,
             "standard": i.standard} for i in p.lines
        ],
        "findings": [
            {"rule": f.rule, "severity": f.severity, "row": f.row, "cell": f.cell or None, "message": f"{f.place}：{f.what}",
             "suggestion": f.suggestion} for f in p.problems
        ],
    }  # fmt: skip
