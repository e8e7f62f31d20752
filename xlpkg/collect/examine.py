"""Read one file with all guards, check it with the receiver's rules, and keep what the tables need."""

import traceback
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlpkg.as_printed import differences
from xlpkg.audit.check import Report, check
from xlpkg.audit.facts.evidence import Evidence, Row
from xlpkg.audit.facts.items import Items
from xlpkg.audit.facts.value_parts import value_parts
from xlpkg.collect.later import examine_later
from xlpkg.collect.result import FOREIGN, FORM, SUBMISSION, Doubt, Item, Line, Problem, Project, Result
from xlpkg.files.errors import UnreadableError
from xlpkg.files.kinds import PACKED, TEXT_TABLE, WORKBOOK, kind_of
from xlpkg.files.ooxml import Package
from xlpkg.form.fields import STANDARD_FIELDS, UPPER
from xlpkg.form.profile import Profile
from xlpkg.form.refusal import RefusalError
from xlpkg.form.text import norm, tidy
from xlpkg.layout import DESK, Places
from xlpkg.reading.read import holds_anything, name_of, read_all
from xlpkg.reading.source import DECLARATION, LATER_NAMES, AnotherFormError, Source
from xlpkg.writing.import_report import SURE, lines

_SHEETS_OF_OUTPUT = ({"项目汇总", "未能读取", "重复与版本"}, {DESK})
_FIELDS = ("l1", "l2", "name", "value", "standard", "op", "measure")
_COUNTED = ("count", "measure")


def examine(path: Path, profile: Profile | None = None) -> Result:
    """Everything that is kept of a file. Never raises: what cannot be read gets a sentence."""
    if sentence := _not_read(path):
        return Result(sentence=sentence)
    try:
        try:
            sources = read_all(path, profile)
        except AnotherFormError as another:
            if another.kind not in LATER_NAMES:
                raise
            return Result(later=examine_later(path, profile))
        if sources[0].import_report is not None and is_output(path):
            return Result()
        later = examine_later(path, profile) if any(source.kind in LATER_NAMES for source in sources) else ()
        filled = [source for source in sources if holds_anything(source)]
        if not filled and not later:
            return Result(sentence=f"“{path.name}”是空白表，什么都没有填，没有汇总。")
        judged = [source for source in filled if source.kind == DECLARATION]
        sheets = {s.places.sheet for s in judged if s.places}
        projects = tuple(_project(s, check(s.declaration, s.profile, s.present), sheets) for s in judged)
        others = [f"“{name_of(s)}”{s.notices[-1]}" for s in filled if s.kind not in (DECLARATION, *LATER_NAMES)]
        return Result(projects, f"“{path.name}”：{'；'.join(others)}没有汇总。" if others else "", later)
    except RefusalError as refusal:
        return Result() if is_output(path) else Result(sentence=str(refusal))
    except OSError as error:
        return Result(sentence=f"“{path.name}”打不开：{error.strerror or error}。请检查文件和权限。")
    except Exception as error:  # one file must never stop the others
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        return Result(sentence=f"“{path.name}”读取时程序出错（{type(error).__name__}，{where}），请把文件交给信息员。")


def _not_read(path: Path) -> str:
    """Why a file is not even opened, as a sentence; "" for a kind of file that holds forms."""
    kind = kind_of(path)
    if path.is_dir():
        link = path.is_symlink()
        return f"“{path.name}”是{'链接到别处的' if link else '打不开的'}文件夹，里面的文件没有汇总。请把文件复制到收件的文件夹里。"
    if path.exists() and not path.is_file():
        return f"“{path.name}”不是普通文件，没有汇总。"
    if kind is WORKBOOK or (kind is not None and kind.foreign and kind is not TEXT_TABLE):
        return ""
    if kind is PACKED:
        return f"“{path.name}”是压缩包，没有汇总。请先解压，再汇总一次。"
    return f"“{path.name}”不是本工具的填报表或申报表，没有汇总。请单位改报填报表或申报表（.xlsx）。"


def is_output(path: Path) -> bool:
    """The workbook is one that the consolidation wrote, or the receiver's own."""
    try:
        names = set(Package(path).sheet_names)
    except UnreadableError:
        return False
    return any(sheets <= names for sheets in _SHEETS_OF_OUTPUT)


def _project(source: Source, report: Report, sheets: Collection[str]) -> Project:
    evidence, profile, places, cost = report.evidence, source.profile, source.places, report.cost
    outputs = [c.name for c in profile.tree]
    fields = dict.fromkeys((*STANDARD_FIELDS, *profile.header))
    rows = evidence.rows
    return Project(
        kind=FOREIGN if source.import_report else FORM if source.seal is None else SUBMISSION,
        profile=profile.id,
        money_unit=profile.money_unit,
        header={f: tidy(source.declaration.header(f)) for f in fields},
        header_cells={f: places.cell(None, f) or "" for f in profile.header} if places else {},
        sheet=places.sheet if places else "",
        year=str(evidence.year or norm(source.declaration.year)),
        budget=evidence.budget,
        upper=tuple(evidence.upper_funds.get(f) for f in UPPER),
        other=_other(evidence),
        funds=cost.funds,
        cost=cost.total,
        difference=cost.difference,
        groups=_groups(rows, outputs),
        status=report.status,
        seal=report.seal,
        sealed=source.seal or "",
        lines=tuple(_line(r, places) for r in rows),
        items=_items(evidence),
        problems=tuple(
            Problem(
                f.rule, f.severity, f.row, f.place, (places.cell(f.row, f.field) or "") if places else "", f.what, f.suggestion,
                f.fix.to if f.fix else "", f.actual, f.common, f.advice, f.part_of, f.aside,
            )
            for f in report.findings
        ),
        notices=source.notices,
        labels=_labels(profile),
        further=tuple(f.key for f in profile.fields),
        further_columns=tuple(c.key for c in profile.columns),
        doubts=_doubts(source),
        differences=differences(source, report, sheets) if source.look is not None else (),
        rules=source.rules,
        **_as_list(profile, str(evidence.year or norm(source.declaration.year))),
    )  # fmt: skip


def _as_list(profile: Profile, year: str) -> dict[str, Any]:
    """Title and columns of a form that is published as a list."""
    if profile.layout != "list":
        return {}
    figures = tuple(c.key for c in profile.columns if c.kind == "number")
    listed = tuple(c for c in profile.user_columns if c != "note")
    return {"list_title": profile.title.format(year=year), "listed": listed, "listed_figures": figures}


def _doubts(source: Source) -> tuple[Doubt, ...]:
    """What of a foreign form nobody can be sure of, and what found no place."""
    report = source.import_report
    if report is None:
        return ()
    left, filled = lines(report, source.profile)
    return tuple(Doubt(x.place, x.text, x.source, x.sure, x.remark) for x in (*filled, *left) if x.sure != SURE)


def _labels(profile: Profile) -> dict[str, str]:
    """What the form calls its fields and columns."""
    return {key: profile.label(key) for key in (*profile.header, *profile.user_columns, "value")}


def _other(evidence: Evidence) -> Decimal | None:
    """Money that is neither local nor of an upper level; None for a form that has none."""
    amounts = [a for a in evidence.cost.other if a is not None]
    return sum(amounts, Decimal(0)) if evidence.cost.other else None


def _groups(rows: tuple[Row, ...], levels: list[str]) -> tuple[int, int, int]:
    """How many indicators stand under output, benefit and satisfaction."""

    def number(word: str) -> int:
        return sum(word in r.l1 for r in rows if r.l1 in levels)

    return number("产出"), number("效益"), number("满意")


def _line(row: Row, places: Places | None) -> Line:
    i = row.indicator
    op, number, unit = value_parts(row)
    cells = {f: places.cell(row.row, f) or "" for f in (*_FIELDS, *i.extra)} if places else {}
    return Line(
        row.row, row.l1, row.l2, row.typed_name, op, number, unit, tidy(i.value), row.standard, tidy(i.note),
        row.target.canonical, {f: c for f, c in cells.items() if c}, (norm(i.op), norm(i.number), norm(i.unit)),
        {k: tidy(v) for k, v in i.extra.items()},
    )  # fmt: skip


def _items(evidence: Evidence) -> tuple[Item, ...]:
    """The cost rows that add up, each with the quantity that it pays for where there is exactly one."""
    by_row = {r.row: r for r in evidence.rows}
    items = evidence.once(Items)
    found = []
    for cost in evidence.cost.items:
        row = by_row[cost.row]
        quantity, each, unit = "", None, ""
        delivered = items.quantities_of(row) if row.name else ()
        single = delivered[0].quantity if len(delivered) == 1 else None
        payers = items.costs_of(delivered[0]) if len(delivered) == 1 else ()
        if single is not None:
            quantity = delivered[0].target.norm
            count = max(single.numbers)
            if count > 0 and single.unit and "/" not in single.unit and single.family in _COUNTED and len(payers) == 1:
                each, unit = round(cost.amount / count, 2), single.base_unit
        found.append(
            Item(cost.row, tidy(row.indicator.name), row.key, cost.amount, evidence.cost.share(cost.amount), quantity, each, unit)
        )
    return tuple(found)
