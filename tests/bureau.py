"""A bureau's in-tray: forms and submissions of many units in nested folders, some damaged, repeated, tampered with, or old."""

import os
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from forms import HN2015, MOF2015, MOF2021, changed, with_cells, with_row
from openpyxl.cell import MergedCell

from xlpkg.audit.check import Report, check
from xlpkg.collect import workbook as sheets
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json
from xlpkg.reading.read import read
from xlpkg.writing.build import build
from xlpkg.writing.submission import write_submission

DATA = Path(__file__).parent / "data"
OLD = DATA / "forms" / "2026.1.xlsx"
NOON = 1_790_000_000


class Sent(NamedTuple):
    """A file of the tray; `declaration` is None where it cannot be read, `tampered` says that its seal no longer fits."""

    path: Path
    declaration: Declaration | None
    sealed: bool = False
    tampered: bool = False
    counts: bool = True

    @property
    def report(self) -> Report:
        assert self.declaration
        return check(self.declaration, profiles.load(self.declaration.profile))


def declarations(count: int, rnd: random.Random, county: str = "云溪县") -> Iterator[Declaration]:
    """So many different projects of a third as many units; of realistic sizes, one in three with an error or two."""
    samples = [from_json(p.read_text(encoding="utf-8")) for p in sorted((DATA / "cases").glob("*.json"))]
    for n in range(count):
        base = rnd.choice(samples if n % 2 else [HN2015, MOF2015, MOF2021])
        money = Decimal(rnd.randrange(100, 99999)) / 100
        if n % 2 == 0:
            profile = profiles.load(base.profile)
            standard = "计划标准" if profile.standards else ""
            base = with_row(base, profile.roles.quantity, f"组织培训{n}", f"≥{rnd.randrange(2, 90)}次", standard)
            base = changed(base, central=str(rnd.randrange(90)), budget=str(money))
        if n % 3 == 0:
            base = with_cells(base, 1, name="")
        unit = f"{county}第{n // 3}局"
        yield changed(base, unit=unit, department=unit, project=f"项目{n}号" if n % 7 else f"=项目{n}号")


def fill(folder: Path, count: int, seed: int = 1, county: str = "云溪县") -> list[Sent]:
    """Fill a folder with so many files; returns what is in it."""
    rnd = random.Random(seed)
    sent: list[Sent] = []
    for n, declaration in enumerate(declarations(count * 17 // 20, rnd, county)):
        place = folder / f"第{n // 40}股" / declaration.unit
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"申报 {n}#表.xlsx"
        report = check(declaration, profiles.load(declaration.profile))
        if n % 10 == 9:
            _damaged(path, declaration, n // 10)
            sent.append(Sent(path, None))
        elif n % 3 == 1:
            write_submission(path, report)
            tampered = n % 4 == 0
            if tampered:
                _tampered(path, declaration.indicators[0].name)
            sent.append(Sent(path, read(path).declaration, sealed=True, tampered=tampered))
        else:
            build(path, report.evidence.profile, declaration)
            sent.append(Sent(path, declaration))
        _dated(path, n)
    readable = [s for s in sent if s.declaration]
    for n in range(count - len(sent)):
        if n % 5 == 4:
            old = folder / "往年" / f"旧表{n}.xlsx"
            old.parent.mkdir(exist_ok=True)
            declaration = _old(old, f"往年项目{n}")
            _dated(old, 10_000 + n)
            sent.append(Sent(old, declaration))
            continue
        before = readable[2 * n]
        assert before.declaration
        path = before.path.with_name(f"再报 {n}.xlsx")
        later = changed(before.declaration, phone=f"0734-{5000000 + n}")
        build(path, profiles.load(later.profile), later)
        _dated(path, 20_000 + n)
        sent[sent.index(before)] = before._replace(counts=False)
        sent.append(Sent(path, later))
    return sent


def _old(path: Path, project: str) -> Declaration:
    """A form of an older template; only the fields of its first lines are filled in."""
    book = openpyxl.load_workbook(OLD)
    texts = {"项目支出名称": project, "单位名称": "云溪县档案馆", "预算部门": "云溪县档案馆"}
    header = {"项目支出名称": "project", "单位名称": "unit", "预算部门": "department"}
    filled: dict[str, str] = {}
    for row in book["填报"].iter_rows(max_row=16):
        for cell in row:
            label = str(cell.value).rstrip("：")
            if label in texts:
                right = next(c for c in row[cell.column :] if not isinstance(c, MergedCell))
                right.value = filled[header[label]] = texts[label]
    assert "project" in filled
    book.save(path)
    return changed(read(OLD).declaration, **filled)


def _dated(path: Path, minutes: int) -> None:
    os.utime(path, (NOON + 60 * minutes,) * 2)


def _tampered(path: Path, name: str) -> None:
    """The name of an indicator in a sealed sheet is typed over."""
    found = False
    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == name:
                cell.value = f"{name}（改）"
                found = True
    assert found
    book.save(path)


def _damaged(path: Path, declaration: Declaration, way: int) -> None:
    """A file that cannot be read, in one of several ways."""
    build(path, profiles.load(declaration.profile), declaration)
    data = path.read_bytes()
    if way % 5 == 0:
        path.write_bytes(data[: len(data) // 2])
    elif way % 5 == 1:
        path.write_bytes(b"")
    elif way % 5 == 2:
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    elif way % 5 == 3:
        openpyxl.Workbook().save(path)
    else:
        book = openpyxl.load_workbook(path)
        del book["填报"]
        book.save(path)


def quiet(now: int, of: int) -> None:
    """No progress to show."""


def rows(book: openpyxl.Workbook, name: str) -> list[dict[str, Any]]:
    """The lines of a sheet of the collected workbook, by their heads."""
    sheet = book[name]
    heads = [c.value for c in sheet[sheets.HEAD_ROW + 1]]
    body = sheet.iter_rows(min_row=sheets.FIRST_ROW + 1, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in body if any(v is not None for v in row)]


def content(folder: Path) -> dict[str, bytes]:
    """The files below a folder, whole."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
