"""The file door: a declaration from a form workbook, a submission file or JSON."""

import re
from pathlib import Path
from typing import cast

import msgspec
import python_calamine

from xlpkg.form import profile as profiles
from xlpkg.form.declaration import Declaration, DeclarationError, from_json
from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.text import norm, number_text
from xlpkg.sheets import interpret, layout
from xlpkg.sheets.grid import Area, Grid, Value, as_text
from xlpkg.sheets.interpret import Source
from xlpkg.sheets.layout import OPTIONS, PROFILE_LABEL, TEMPLATE_LABEL
from xlpkg.sheets.package import Package, UnreadableError, read_bytes

_LATER = (".docx", ".doc", ".txt", ".ods", ".pdf")


def read(path: Path) -> Source:
    """A declaration from .json, .xlsx or .xlsm. Raises UnreadableError with a sentence for the user."""
    kind = path.suffix.lower()
    if kind == ".json":
        return _read_json(path)
    if kind in _LATER:
        read_bytes(path)
        raise UnreadableError(f"本版本还不能导入{kind}文件。请用.xlsx、.xlsm或.json文件。")
    return _read_workbook(path)


def _read_json(path: Path) -> Source:
    read_bytes(path)
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableError(f"“{path.name}”不是文本文件，请另存为UTF-8编码的.json再试。")
    try:
        declaration = from_json(text)
        profile = profiles.load(declaration.profile)
        return _without_standards(declaration, profile) if not profile.standards else Source(declaration, profile)
    except (DeclarationError, ProfileError) as error:
        raise UnreadableError(f"“{path.name}”：{error}") from None


def _without_standards(declaration: Declaration, profile: Profile) -> Source:
    """For a form that has no column for standards: they move to the notes, so that none is lost."""
    moved = [i.row for i in declaration.indicators if norm(i.standard)]
    if not moved:
        return Source(declaration, profile)
    label = profile.label("standard")
    rows = [
        msgspec.structs.replace(i, standard="", note="；".join(filter(None, (i.note, f"{label}：{i.standard}"))))
        if i.row in moved else i
        for i in declaration.indicators
    ]  # fmt: skip
    notice = f"表式“{profile.name}”没有“{label}”一列，{len(moved)}行的{label}移到了备注。"
    return Source(msgspec.structs.replace(declaration, indicators=tuple(rows)), profile, notices=(notice,))


def _read_workbook(path: Path) -> Source:
    package = Package(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        names = book.sheet_names
        for name in _in_order(names):
            grid = _grid(package, book, name)
            head = interpret.head_row(grid)
            if head is not None and interpret.is_submission(grid, head):
                return interpret.submission(grid, head)
            if head is not None:
                grid.notices += _broken_names(package)
                return interpret.form(grid, head, _facts(package, book))
    except python_calamine.PasswordError:
        raise package.locked() from None
    except python_calamine.CalamineError:
        raise package.broken() from None
    if layout.ENTRY in names or OPTIONS in names:
        what = f"“{path.name}”的“{layout.ENTRY}”表被删除，或表头（一级指标、二级指标、三级指标）被改动，找不到指标"
        raise UnreadableError(f"{what}。请恢复原来的表头后再试。")
    raise UnreadableError(f"“{path.name}”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标”的表头。")


def _in_order(names: list[str]) -> list[str]:
    """The sheets to look at: the form, a submission, then any that is not one of our other sheets."""
    printed = () if OPTIONS in names else (layout.SUBMISSION,)  # within a form the printed page may be out of date
    first = [n for n in (layout.ENTRY, *printed) if n in names]
    return [*first, *(n for n in names if n not in (*first, layout.SUBMISSION, *layout.OWN_SHEETS))]


def _grid(package: Package, book: python_calamine.CalamineWorkbook, name: str) -> Grid:
    cells = package.guarded_cells(name)
    sheet = book.get_sheet_by_name(name)
    values = cast(list[list[Value]], sheet.to_python(skip_empty_area=False))
    errors: dict[tuple[int, int], str] = {}
    formulas: dict[tuple[int, int], bool] = {}
    percent: set[int] | None = None
    for row, column, attributes, content in cells:
        if b't="e"' in attributes:
            shown = re.search(rb"<v>([^<]*)</v>", content)
            errors[row, column] = shown[1].decode() if shown else "#N/A"
        if b"<f" in content:
            formulas[row, column] = b"<v>" in content and (b"<v></v>" not in content or b't="str"' in attributes)
        if (b" t=" not in attributes or b't="n"' in attributes) and row < len(values) and column < len(values[row]):
            value, style = values[row][column], re.search(rb'\bs="(\d+)"', attributes)
            if isinstance(value, float) and style:
                percent = package.percent_styles() if percent is None else percent
                if int(style[1]) in percent:
                    values[row][column] = number_text(round(value * 100, 12)) + "%"
    return Grid(name, package.path.name, values, errors, formulas, lambda *_: cast(list[Area], sheet.merged_cell_ranges or []))


def _facts(package: Package, book: python_calamine.CalamineWorkbook) -> tuple[str, str] | None:
    """Profile id and template version from the hidden sheet; None if it was deleted."""
    if OPTIONS not in book.sheet_names:
        return None
    package.guarded_cells(OPTIONS)
    rows = book.get_sheet_by_name(OPTIONS).to_python(skip_empty_area=False, nrows=2)
    facts = {as_text(r[0]): as_text(r[1]) for r in rows if len(r) > 1}
    if PROFILE_LABEL not in facts or TEMPLATE_LABEL not in facts:
        raise UnreadableError(f"“{package.path.name}”的“{OPTIONS}”表被改动，认不出表式。请用新表重新填写。")
    return facts[PROFILE_LABEL], facts[TEMPLATE_LABEL]


def _broken_names(package: Package) -> list[str]:
    names = "、".join(package.broken_names())
    return [f"“{package.path.name}”里的名称{names}已失效（#REF!），不影响检查。"] if names else []
