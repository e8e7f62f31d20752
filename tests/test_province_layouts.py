"""Published layouts: a declaration in any of them, in any kind of file, comes back; lists give all their projects."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from forms import MOF2015, MOF2021, changed
from hypothesis import given, settings
from hypothesis import strategies as st
from province_layouts import LAYOUTS, WRITERS, as_list, wanted, write

from xlpkg.form.declaration import Declaration
from xlpkg.form.money import parse
from xlpkg.reading.read import read, read_all
from xlpkg.reading.source import Source

pytestmark = pytest.mark.slow

KINDS = pytest.mark.parametrize("kind", WRITERS)
LAYOUT = pytest.mark.parametrize("layout", LAYOUTS)
PERIOD = "2024-01-01至2024-12-31"


def form_for(layout: str) -> Declaration:
    """A good declaration of the framework that the layout is of."""
    base = MOF2021 if layout == "long head" else MOF2015
    base = changed(base, year="2024", period=PERIOD, central="0", province="0", city="0")
    return msgspec.structs.replace(
        base, indicators=tuple(msgspec.structs.replace(i, standard="", note="") for i in base.indicators)
    )


def through(layout: str, declaration: Declaration, folder: Path, kind: str) -> Source:
    path = folder / f"表{kind}"
    write(layout, declaration, path)
    return read(path)


def amount(text: str) -> Decimal | str:
    """Amounts are equal as amounts; a blank is 0: who receives nothing from above writes either."""
    return parse(text or "0", "万元") or text


def compare(layout: str, declaration: Declaration, source: Source) -> None:
    found, should = source.declaration, wanted(layout, declaration)
    f = found.upper_funds
    said = {
        "year": found.year, "unit": found.unit, "department": found.department, "project": found.project,
        "budget_wan": found.budget, "central": f.central, "province": f.province, "city": f.city, "period": found.period,
        "long_goal": found.long_goal, "year_goal": found.year_goal, "filler": found.filler, "phone": found.phone,
    }  # fmt: skip
    money = ("budget_wan", "central", "province", "city")
    assert {k: amount(v) if k in money else v for k, v in said.items()} == {
        k: amount(v) if k in money else v for k, v in should.items()
    }
    rows = [(i.l1, source.profile.l2(i.l2), i.name, i.value) for i in found.indicators]
    assert rows == [(i.l1, source.profile.l2(i.l2), i.name, i.value) for i in declaration.indicators]


@KINDS
@LAYOUT
def test_a_declaration_comes_back(layout: str, kind: str, tmp_path: Path) -> None:
    declaration = form_for(layout)
    compare(layout, declaration, through(layout, declaration, tmp_path, kind))


names = st.text(st.sampled_from("甲乙丙丁渠路桥校院站网2024年110报警120急救1000亩·"), min_size=2, max_size=12).map(
    lambda t: f"{t}工程"
)
goals = st.text(st.sampled_from("建成改善保障完成，。；0123456789个处、%"), min_size=3, max_size=40).map(lambda t: f"完成{t}任务")
money = st.decimals(min_value=1, max_value=99999, places=2).map(str)


@LAYOUT
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_content_comes_back(layout: str, data: st.DataObject) -> None:
    upper = {key: data.draw(st.sampled_from(["0", "62", "118.5"])) for key in ("central", "province", "city")}
    if layout not in ("levels in two rows", "long head"):
        upper = {}
    declaration = changed(
        form_for(layout), project=data.draw(names), unit=data.draw(names), department=data.draw(names), budget=data.draw(money),
        year_goal=data.draw(goals), long_goal=data.draw(goals), **upper,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        compare(layout, declaration, through(layout, declaration, Path(folder), data.draw(st.sampled_from(list(WRITERS)))))


# --- lists ----------------------------------------------------------------------------------------------------------


def listed(*names: str) -> list[Declaration]:
    base = form_for("one goal")
    return [changed(base, project=name, budget=f"{n * 11}.5", year_goal=f"目标{n}") for n, name in enumerate(names, 1)]


def test_every_project_of_a_list_comes_out(tmp_path: Path) -> None:
    projects = listed("村组干部报酬", "2024年道路养护", "12345热线运行")
    as_list(projects, tmp_path / "清单.xlsx")
    found = read_all(tmp_path / "清单.xlsx")
    assert [s.declaration.project for s in found] == [d.project for d in projects]
    assert [amount(s.declaration.budget) for s in found] == [amount(d.budget) for d in projects]
    assert [s.declaration.year_goal for s in found] == [d.year_goal for d in projects]
    assert {s.declaration.unit for s in found} == {projects[0].unit}
    for source, declaration in zip(found, projects, strict=True):
        rows = [(i.l1, i.l2, i.name, i.value) for i in source.declaration.indicators]
        assert rows == [(i.l1, source.profile.l2(i.l2), i.name, i.value) for i in declaration.indicators]
    assert not any("合计行" in notice for s in found for notice in s.notices)


def test_a_sum_that_is_none_is_told(tmp_path: Path) -> None:
    as_list(listed("甲工程", "乙工程"), tmp_path / "清单.xlsx", total="999,000.00")
    first, _ = read_all(tmp_path / "清单.xlsx")
    assert any("和各项目之和340000不相等" in notice for notice in first.notices)
