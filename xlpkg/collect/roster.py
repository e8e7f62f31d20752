"""Who has reported and who has not: a roster held against the projects that count, and the reminders that follow."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

import msgspec

from xlpkg.collect.find import REMINDER, File
from xlpkg.collect.letters import Letter, Named
from xlpkg.collect.result import Project
from xlpkg.collect.tables import LINK, WORD, Column, Row, Table
from xlpkg.form.text import comparable
from xlpkg.reading.roster import Expected

_ALIKE = 80
"""Out of 100: so alike are names that may be one unit; a person decides."""
_CODE = re.compile(r"^[0-9A-Za-z.]+[-－—_、 ]+(?=\D)")
_FIGURES = re.compile("[0-9一二三四五六七八九十]+")
_UNIT, _PROJECT = Column("unit", "单位", width=30), Column("project", "项目", width=30)
_DUE = Column("due", "截止日期", WORD, 14)
MISSING = Table(
    "未报送", "名单里有、没有收到的。名称不完全相同的不算已报，相近的写在“说明”里，请核对。",
    (
        _UNIT, _PROJECT, Column("contact", "联系人", WORD, 10), Column("phone", "电话", WORD, 15), _DUE,
        Column("remark", "说明", width=60),
    ),
)  # fmt: skip
LATE = Table(
    "迟报", "第一次收到的文件，修改时间晚于截止日期。修改时间可能因复制、转存而变，请核对。",
    (_UNIT, _PROJECT, _DUE, Column("sent", "文件修改时间", WORD, 21), Column("file", "文件", LINK, 40)),
)  # fmt: skip
BEYOND = Table(
    "名单以外", "收到了、名单里没有的。可能是单位或项目的名称写法不同，请核对。",
    (_UNIT, _PROJECT, Column("file", "文件", LINK, 40), Column("remark", "说明", width=60)),
)  # fmt: skip
NAMES = tuple(t.name for t in (MISSING, LATE, BEYOND))


class Received(msgspec.Struct, frozen=True):
    """A project that came: whose it is, in which file it counts, and when its first version was written."""

    unit: str
    project: str
    file: str
    first: float


class Standing(msgspec.Struct, frozen=True):
    """How things stand: lines of the roster that nothing came for, late ones, and what came beside the roster."""

    missing: tuple[tuple[Expected, str], ...]
    late: tuple[tuple[Expected, Received], ...]
    beyond: tuple[tuple[Received, str], ...]
    expected: int
    with_due: bool

    def tables(self) -> Iterator[tuple[Table, list[Row]]]:
        """The sheets."""
        yield (
            MISSING,
            [
                MISSING.row(unit=e.unit, project=e.project, contact=e.contact, phone=e.phone, due=_shown(e.due), remark=remark)
                for e, remark in self.missing
            ],
        )
        if self.with_due:
            yield (
                LATE,
                [
                    LATE.row(unit=e.unit, project=r.project, due=_shown(e.due), sent=_moment(r.first), file=r.file)
                    for e, r in self.late
                ],
            )
        yield BEYOND, [BEYOND.row(unit=r.unit, project=r.project, file=r.file, remark=why) for r, why in self.beyond]

    def summary(self) -> str:
        """A sentence for the terminal."""
        late = f"，迟报{len(self.late)}项" if self.with_due else ""
        came = self.expected - len(self.missing)
        return f"名单{self.expected}项：已报{came}项，未报{len(self.missing)}项{late}；名单以外{len(self.beyond)}项。"


def received(file: File, project: Project, first: float) -> Received:
    """What is known of a project that counts."""
    return Received(project.header["unit"], project.header["project"], file.name, first)


def compare(
    roster: Sequence[Expected], came: Sequence[Received], unread: Sequence[str], excluded: Sequence[str], due: date | None
) -> Standing:
    """Hold the roster against what came.

    `unread` and `excluded` are the names of files that do not count; `due` is for all lines that name none.
    """
    if due is not None:
        roster = [e if e.due else msgspec.structs.replace(e, due=due) for e in roster]
    by_unit: dict[str, list[Received]] = {}
    for r in came:
        by_unit.setdefault(_key(r.unit), []).append(r)
    named: set[Received] = set()
    missing, late = [], []
    for e in roster:
        of_unit = by_unit.get(_key(e.unit), [])
        found = [r for r in of_unit if not e.project or _key(r.project) == _key(e.project)]
        named.update(found)
        if not found:
            missing.append((e, of_unit))
        elif e.due is not None:
            late += [(e, r) for r in found if datetime.fromtimestamp(r.first).date() > e.due]
    units = {_key(e.unit) for e in roster}
    beyond = [r for r in came if r not in named]
    strangers = [r.unit for r in beyond if _key(r.unit) not in units]
    gone = [e for e, _ in missing]
    return Standing(
        missing=tuple((e, _remark(e, of_unit, strangers, unread, excluded)) for e, of_unit in missing),
        late=tuple(late),
        beyond=tuple((r, _why(r, gone, units)) for r in beyond),
        expected=len(roster),
        with_due=any(e.due for e in roster),
    )


def _key(name: str) -> str:
    """A name without its code (“501001-交通局”), blanks and the kind of brackets."""
    return comparable(_CODE.sub("", name.strip()))


def _remark(
    e: Expected, of_unit: Sequence[Received], strangers: Sequence[str], unread: Sequence[str], excluded: Sequence[str]
) -> str:
    """What may explain that nothing came; a hint only, the line stays missing."""
    said = []
    if of_unit:
        others = _alike(e.project, [r.project for r in of_unit])
        said.append(f"这个单位报了名称相近的项目“{others}”，请核对" if others else f"这个单位另外报了{len(of_unit)}个项目")
    elif alike := _alike(e.unit, strangers):
        said.append(f"收到单位名称相近的“{alike}”，请核对")
    for files, what in ((excluded, "收到的文件已剔除"), (unread, "收到的文件未能读取")):
        said += [f"{what}：{name}" for name in files if _key(e.unit) in comparable(name)]
    return "；".join(said)


def _why(r: Received, missing: Sequence[Expected], units: set[str]) -> str:
    """What may explain that a project is not on the roster: a line that nothing came for has nearly its name."""
    if not r.unit:
        return "表上没有填单位"
    if _key(r.unit) in units:
        alike = _alike(r.project, [e.project for e in missing if _key(e.unit) == _key(r.unit)])
        return f"名单里有相近的项目“{alike}”，请核对" if alike else "单位在名单里，项目不在"
    alike = _alike(r.unit, [e.unit for e in missing])
    return f"名单里有相近的单位“{alike}”，请核对" if alike else ""


def _alike(name: str, others: Sequence[str]) -> str:
    """The name that is most like this one, "" if none is very much so; 第一小学 and 第二小学 are not alike."""
    from rapidfuzz import fuzz, process

    others = [other for other in others if _FIGURES.findall(other) == _FIGURES.findall(name)]
    found = process.extractOne(_key(name), [_key(o) for o in others], scorer=fuzz.ratio, score_cutoff=_ALIKE) if name else None
    return others[found[2]] if found else ""


def reminders(standing: Standing) -> Iterator[Named]:
    """A letter to each unit that something is missing of, and the words of its file's name."""
    by_unit: dict[str, list[Expected]] = {}
    for e, _ in standing.missing:
        by_unit.setdefault(e.unit, []).append(e)
    for unit, lines in by_unit.items():
        projects = [e.project for e in lines if e.project]
        what = f"下列{len(projects)}个项目的" if projects else ""
        days = sorted({e.due for e in lines if e.due})
        until = f"报送截止日期为{'、'.join(_long(day) for day in days)}，" if days else ""
        listed = "".join(f"\n{n}. {name}" for n, name in enumerate(projects, 1))
        yield (
            (REMINDER, unit),
            Letter(
                to=f"{unit}：",
                opening=f"截至{_long(date.today())}，没有收到你单位{what}项目支出绩效目标申报表。{until}请尽快填报，"
                "检查没有错误后生成申报表报送；已经报送的，请与我们联系核对。" + listed,
                title="项目支出绩效目标" + REMINDER,
            ),
        )


def _shown(day: date | None) -> str:
    return day.isoformat() if day else ""


def _long(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M}"
