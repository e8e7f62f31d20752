"""A bureau's first year: half of what it holds is not ours, and everything is counted, with the doubtful said to be so."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from forms import HN2015, changed
from layouts import of_the_county
from province_layouts import LAYOUTS, WRITERS, as_list, write
from test_province_layouts import form_for

from xlpkg.audit.check import check
from xlpkg.collect.consolidate import Order, collect
from xlpkg.collect.result import FOREIGN
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration
from xlpkg.form.money import parse
from xlpkg.writing.build import build
from xlpkg.writing.submission import write_submission

pytestmark = pytest.mark.slow
OURS, FOREIGN_FILES, LISTS, IN_LIST = 28, 30, 2, 5
NO_BUDGET = ("upper funds alone",)


class Sent(NamedTuple):
    """A project that some file holds; `foreign` says that the file is not ours."""

    declaration: Declaration
    foreign: bool


def project(base: Declaration, n: int) -> Declaration:
    """One of the projects, told from all others by its name and its money."""
    unit = f"云溪县第{n % 20}局"
    return changed(base, project=f"第{n}号工程", unit=unit, department=unit, budget=str(Decimal(1000 + 37 * n) / 100))


def fill(folder: Path) -> list[Sent]:
    """Sixty files: ours as forms and submissions, forms in ten layouts and three kinds of files, two lists of five projects."""
    sent: list[Sent] = []
    for n in range(OURS):
        declaration = project(HN2015, n)
        path = folder / f"本级{n}.xlsx"
        if n % 2:
            write_submission(path, check(declaration, profiles.load(declaration.profile)))
        else:
            build(path, profiles.load(declaration.profile), declaration)
        sent.append(Sent(declaration, False))
    kinds = list(WRITERS)
    for n in range(FOREIGN_FILES):
        layout = [*LAYOUTS, "county"][n % (len(LAYOUTS) + 1)]
        kind = kinds[n // (len(LAYOUTS) + 1) % len(kinds)]
        if layout == "county":
            declaration = project(changed(HN2015, central="0", province="0", city="0"), 100 + n)
            of_the_county(declaration, folder / f"外来{n}.docx")
        else:
            declaration = project(form_for(layout), 100 + n)
            write(layout, declaration, folder / f"外来{n}{kind}")
            declaration = changed(declaration, budget="0") if layout in NO_BUDGET else declaration
        sent.append(Sent(declaration, True))
    for n in range(LISTS):
        several = [project(form_for("one goal"), 200 + 10 * n + k) for k in range(IN_LIST)]
        as_list(several, folder / f"清单{n}.xlsx")
        sent += [Sent(d, True) for d in several]
    return sent


@pytest.fixture(scope="module")
def tray(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Sent], openpyxl.Workbook]:
    folder = tmp_path_factory.mktemp("收件箱")
    sent = fill(folder)
    assert len(list(folder.iterdir())) == OURS + FOREIGN_FILES + LISTS == 60
    target = folder.parent / "汇总.xlsx"
    collect(Order(str(folder), target), lambda *_: None)
    return sent, openpyxl.load_workbook(target)


def lines(book: openpyxl.Workbook, name: str, head: str) -> list[dict[str, Any]]:
    """The lines of a sheet as dicts, below the row that begins with a head."""
    rows = list(book[name].iter_rows(values_only=True))
    top = next(n for n, row in enumerate(rows) if head in row)
    return [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :] if any(v is not None for v in row)]


def test_every_project_is_counted_once_with_its_money(tray: tuple[list[Sent], openpyxl.Workbook]) -> None:
    sent, book = tray
    found = {row["项目"]: row for row in lines(book, "项目汇总", "项目")}
    assert sorted(found) == sorted(s.declaration.project for s in sent)
    for s in sent:
        row = found[s.declaration.project]
        assert (row["种类"] == FOREIGN) == s.foreign, row
        money = parse(str(row["本级"] or 0), "万元")
        assert money == parse(s.declaration.budget, "万元"), row


def test_the_totals_are_those_of_the_projects(tray: tuple[list[Sent], openpyxl.Workbook]) -> None:
    sent, book = tray
    total = sum((parse(s.declaration.budget, "万元") or Decimal() for s in sent), Decimal())
    rows = lines(book, "项目汇总", "项目")
    assert sum(Decimal(str(row["本级"] or 0)) for row in rows) == total / 10000
    for unit in {s.declaration.unit for s in sent}:
        own = [s for s in sent if s.declaration.unit == unit]
        assert sum(row["单位"] == unit for row in rows) == len(own)


def test_the_doubtful_is_listed(tray: tuple[list[Sent], openpyxl.Workbook]) -> None:
    sent, book = tray
    doubts = lines(book, "外来表待核对", "项目")
    names = {s.declaration.project for s in sent if s.foreign}
    assert {row["项目"] for row in doubts} <= names
    assert {row["项目"] for row in doubts} & {s.declaration.project for s in sent if s.foreign}
