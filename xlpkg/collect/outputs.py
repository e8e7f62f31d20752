"""The tables as files for programs: CSV for Excel and databases, Parquet for many; both streamed, both whole or not there."""

import csv
import json
import shutil
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlpkg.collect.find import File
from xlpkg.collect.gather import Collection
from xlpkg.collect.result import Project
from xlpkg.collect.tables import LINK, MONEY_WAN, NUMBER, SHARE, TABLES, TEXT, TIMES, YUAN, Row, Table
from xlpkg.form.refusal import RefusalError

_ACTS = ("=", "+", "-", "@", "\t", "\r")
_CHUNK = 20_000
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
        files = {t.name: (made / f"{t.name}.csv").open("w", encoding="utf-8-sig", newline="") for t in TABLES}
        try:
            writers = {name: csv.writer(file) for name, file in files.items()}
            for table in TABLES:
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
    """A folder that takes the place of the old one when it is complete."""

    def __init__(self, target: Path) -> None:
        self._target, self._made = target, target.with_name(f".~{target.name}")

    def __enter__(self) -> Path:
        shutil.rmtree(self._made, ignore_errors=True)
        self._made.mkdir(parents=True)
        return self._made

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            shutil.rmtree(self._made, ignore_errors=True)
            return
        old = self._target.with_name(f".~{self._target.name}-old")
        shutil.rmtree(old, ignore_errors=True)
        if self._target.exists():
            self._target.rename(old)
        self._made.rename(self._target)
        shutil.rmtree(old, ignore_errors=True)


def refuse_folder(folder: Path) -> None:
    """Raises RefusalError where a folder holds files that are not ours: they would be lost."""
    if folder.exists() and (
        not folder.is_dir() or any(p.suffix not in (".csv", ".parquet") for p in folder.rglob("*") if p.is_file())
    ):
        raise RefusalError(f"“{folder.name}”里有别的文件。请换一个空文件夹。")


def write_parquet(collection: Collection, folder: Path) -> None:
    """A dataset for each table, in part files of some ten thousand rows; money as decimals. Raises OSError, MissingLibraryError."""
    try:
        import pyarrow
    except ImportError:
        raise MissingLibraryError("--parquet 需要安装：pip install xlpkg[collect]。") from None
    from pyarrow import parquet

    number = pyarrow.decimal128(_DIGITS, _PLACES)
    kinds = {TEXT: pyarrow.string(), LINK: pyarrow.string(), NUMBER: pyarrow.int64()}
    kinds |= dict.fromkeys((MONEY_WAN, YUAN, SHARE, TIMES), number)
    with _new_folder(folder) as made:
        waiting: dict[str, list[Row]] = {t.name: [] for t in TABLES}
        parts = dict.fromkeys(waiting, 0)

        def flush(table: Table) -> None:
            schema = pyarrow.schema([(c.head, kinds[c.kind]) for c in table.columns])
            columns = list(zip(*waiting[table.name], strict=True)) or [()] * len(table.columns)
            arrays = [
                pyarrow.array([_exact(v) for v in values] if kinds[c.kind] == number else values, kinds[c.kind])
                for c, values in zip(table.columns, columns, strict=True)
            ]
            (made / table.name).mkdir(exist_ok=True)
            name = made / table.name / f"part-{parts[table.name]:05}.parquet"
            parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), name)
            parts[table.name] += 1
            waiting[table.name] = []

        for table, rows in collection.rows():
            waiting[table.name] += rows
            if len(waiting[table.name]) >= _CHUNK:
                flush(table)
        for table in TABLES:
            if waiting[table.name] or not parts[table.name]:
                flush(table)


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
        "seal": p.seal, "sealed": p.sealed or None, "unchanged": None if not p.sealed else p.sealed == p.seal,
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
