"""A library of indicators from declarations that passed: like ones together, with what their units usually aim at."""

import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xlpkg.collect.collection import Collection
from xlpkg.collect.consolidate import Order, gathered
from xlpkg.collect.tables import INDICATORS, PROJECTS
from xlpkg.files.errors import UnreadableError
from xlpkg.files.grid import Grid
from xlpkg.files.xlsx import Workbook
from xlpkg.form import numbers
from xlpkg.form.library import LEAST_PEERS, Library, LibraryRow
from xlpkg.form.profile import Profile
from xlpkg.form.text import comparable, norm

_PURPOSE = "资金用途"
_PLACE = re.compile(r"^.{1,10}?(?:特别行政区|自治区|自治州|自治县|自治旗|新区|开发区|省|市|州|盟|县|区|旗)(?=.{2})")
_OFFICE = re.compile(r"(?:委员会办公室|委员会|办公室|总局|管理局|局|厅)$")
_MANY = 10
"""Of so many figures the outermost tenths are not usual."""


class Seen(NamedTuple):
    """An indicator of a declaration that passed."""

    owner: str
    purpose: str
    year: str
    l1: str
    l2: str
    name: str
    op: str
    number: str
    unit: str
    standard: str


class Built(NamedTuple):
    """A library, of how many projects and indicators it was made, and how many projects did not pass."""

    library: Library
    projects: int
    indicators: int
    held_back: int

    def summary(self) -> str:
        """A sentence for the terminal."""
        back = f"；退回的{self.held_back}个项目没有用" if self.held_back else ""
        usual = sum(row.median is not None for row in self.library.rows)
        made = f"{self.projects}个项目、{self.indicators}条指标，归并成{len(self.library.rows)}条，其中{usual}条有同类数值"
        return f"用了{made}{back}。“{_PURPOSE}”按预算部门填，请改成实际用途。"


def build_library(source: str, target: Path, profile: Profile | None, progress: Callable[[int, int], None]) -> Built:
    """The library of a folder, or of the workbook of a consolidation. Raises UnreadableError, RefusalError, OSError."""
    if Path(source).is_file():
        seen, passed, held_back = _of_workbook(Path(source))
    else:
        collection = gathered(Order(source, workbook=target, profile=profile, cache=Path(":memory:")), progress)
        seen, passed, held_back = _of_collection(collection)
    if not seen:
        raise UnreadableError(f"“{Path(source).name}”里没有通过的项目，做不成指标库。")
    return Built(Library(tuple(grouped(seen))), passed, len(seen), held_back)


def _of_collection(collection: Collection) -> tuple[list[Seen], int, int]:
    seen: list[Seen] = []
    passed = held_back = 0
    for _, p in collection.projects():
        if not p.passed:
            held_back += 1
            continue
        passed += 1
        said = next((p.header[key] for key in p.further if p.labels.get(key) == _PURPOSE and p.header.get(key)), "")
        purpose = said or kind_of_office(p.header["department"] or p.header["unit"])
        owner = norm(p.header["unit"] or p.header["project"])
        seen += [Seen(owner, purpose, p.year, i.l1, i.l2, norm(i.name), i.op, i.number, i.unit, i.standard) for i in p.lines]
    return seen, passed, held_back


def _of_workbook(path: Path) -> tuple[list[Seen], int, int]:
    """The sheets 项目汇总 and 指标明细 of a consolidation; what a person took out of them does not count."""
    book = Workbook(path)
    if not {PROJECTS.name, INDICATORS.name} <= set(book.names):
        raise UnreadableError(f"“{path.name}”不是汇总工作簿：没有“{PROJECTS.name}”和“{INDICATORS.name}”两张表。")
    projects = {
        (r["文件"], r["单位"], r["项目"]): r for r in _table(book.grid(PROJECTS.name), PROJECTS.heads)
    }  # fmt: skip
    good = {key for key, r in projects.items() if r["状态"] == "通过"}
    seen = []
    for r in _table(book.grid(INDICATORS.name), INDICATORS.heads):
        key = r["文件"], r["单位"], r["项目"]
        if key in good:
            project = projects[key]
            purpose = project.get(_PURPOSE, "") or kind_of_office(project["预算部门"] or r["单位"])
            owner = norm(r["单位"] or r["项目"])
            parts = (r["计算符号"], r["年度指标值"], r["计量单位"], r["绩效标准"])
            seen.append(Seen(owner, purpose, r["年度"], r["一级指标"], r["二级指标"], norm(r["三级指标名称"]), *parts))
    return seen, len(good), len(projects) - len(good)


def _table(grid: Grid, heads: Iterable[str]) -> Iterator[dict[str, str]]:
    wanted = set(heads)
    for n, line in enumerate(grid.values):
        found = {grid.shown(n, c): c for c in range(len(line))}
        if wanted <= found.keys():
            for row in range(n + 1, len(grid.values)):
                texts = {head: grid.shown(row, c) for head, c in found.items() if head}
                if any(texts.values()):
                    yield texts
            return


def kind_of_office(name: str) -> str:
    """What an office is for, without the place: 云溪县交通运输局 → 交通运输."""
    bare = _PLACE.sub("", name)
    return _OFFICE.sub("", bare) or bare or name


def grouped(seen: Iterable[Seen]) -> Iterator[LibraryRow]:
    """One row for all indicators of a second level, name and unit; those that most units have come first."""
    groups: dict[tuple[str, str, str], list[Seen]] = {}
    for one in seen:
        if one.name and one.l2:
            groups.setdefault((one.l2, comparable(one.name), one.unit), []).append(one)
    rows = [_row(group) for group in groups.values()]
    order = {l2: n for n, l2 in enumerate(dict.fromkeys(row.l2 for row in rows))}
    yield from sorted(rows, key=lambda r: (r.purpose, order[r.l2], -r.count, r.name))


def _row(group: list[Seen]) -> LibraryRow:
    first = group[0]
    figures = sorted(n for one in group if (n := numbers.parse(one.number)) is not None)
    owners = len({one.owner for one in group})
    usual = figures if owners >= LEAST_PEERS else []
    cut = len(usual) // 10 if len(usual) >= _MANY else 0
    years = sorted({one.year[:4] for one in group if one.year})
    return LibraryRow(
        purpose=_most(one.purpose for one in group), l1=first.l1, l2=first.l2, name=_most(one.name for one in group),
        op=_most(one.op for one in group).replace("定性", ""), unit=first.unit, standard=_most(one.standard for one in group),
        shared="个性", count=owners,
        low=usual[cut] if usual else None, high=usual[-1 - cut] if usual else None,
        median=Decimal(statistics.median(usual)) if usual else None,
        years="—".join(dict.fromkeys((years[0], years[-1]))) if years else "",
    )  # fmt: skip


def _most(texts: Iterable[str]) -> str:
    """The most frequent text, the first of equally frequent ones; "" counts only where there is nothing else."""
    counts = Counter(text for text in texts if text)
    return counts.most_common(1)[0][0] if counts else ""
