"""Read a declaration from a form workbook or a submission file: the file door. Fields are found by their texts."""

import datetime
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import python_calamine

from xlpkg.form import profile as profiles
from xlpkg.form.declaration import FUNDS, HEADER, Declaration, DeclarationError, Indicator, from_header, from_json, indicator
from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.text import norm, number_text
from xlpkg.sheets import layout
from xlpkg.sheets.layout import OPTIONS, Places, address, comparable
from xlpkg.sheets.package import Package, UnreadableError, read_bytes
from xlpkg.sheets.panels import PROFILE_LABEL
from xlpkg.sheets.panels import TEMPLATE_LABEL as FORM_TEMPLATE_LABEL
from xlpkg.sheets.submission import NOT_FILLED, SEAL_LABEL, TEMPLATE_LABEL

Value = str | float | bool | datetime.date | datetime.time | datetime.timedelta
Grid = list[list[Value]]
_SEAL = re.compile(rf"{SEAL_LABEL}[：:]\s*([0-9A-Z]{{4}}-[0-9A-Z]{{4}}-[0-9A-Z]{{4}})")
_TEMPLATE = re.compile(rf"{TEMPLATE_LABEL}[：:]\s*(\S+) (\S+)")


class Source(msgspec.Struct, frozen=True):
    """What was read: the declaration, where its fields stand (None for JSON), the seal printed on a submission,
    and what the user should know about the file."""

    declaration: Declaration
    profile: Profile
    places: Places | None = None
    seal: str | None = None
    notices: tuple[str, ...] = ()


def read(path: Path) -> Source:
    """A declaration from .json, .xlsx or .xlsm. Raises UnreadableError with a sentence for the user."""
    if path.suffix.lower() == ".json":
        return _read_json(path)
    if path.suffix.lower() in (".docx", ".doc", ".txt", ".xls", ".ods", ".pdf"):
        read_bytes(path)
        raise UnreadableError(f"本版本还不能导入{path.suffix.lower()}文件。请用.xlsx、.xlsm或.json文件。")
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
        return Source(declaration, profiles.load(declaration.profile))
    except (DeclarationError, ProfileError) as error:
        raise UnreadableError(f"“{path.name}”：{error}") from None


def _read_workbook(path: Path) -> Source:
    package = Package(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise UnreadableError(f"“{path.name}”设有打开密码。请在Excel里取消密码，保存后再试。") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise UnreadableError(f"“{path.name}”不完整或已损坏，打不开。请重新复制或下载，或用Excel打开后另存为.xlsx再试。") from None
    preferred = [n for n in (layout.ENTRY, layout.SUBMISSION) if n in book.sheet_names]
    others = [n for n in book.sheet_names if n not in (*layout.OWN_SHEETS, *preferred)]
    for name in (*preferred, *others):
        part = package.sheet_part(name)
        package.part(part)
        sheet = book.get_sheet_by_name(name)
        grid: Grid = sheet.to_python(skip_empty_area=False)
        header_row = _header_row(grid)
        if header_row is not None:
            reader = _Sheet(package, part, name, grid, header_row, lambda s=sheet: s.merged_cell_ranges or [])
            if reader.is_form:
                return reader.form(_options(book, path))
            return reader.submission()
    if layout.ENTRY in book.sheet_names or layout.OPTIONS in book.sheet_names:
        raise UnreadableError(
            f"“{path.name}”的“{layout.ENTRY}”表被删除，或表头（一级指标、二级指标、三级指标、指标值）被改动，找不到指标。请恢复原来的表头后再试。"
        )
    raise UnreadableError(f"“{path.name}”里没有绩效目标申报表：找不到“一级指标、二级指标、三级指标、指标值”的表头。")


def _header_row(grid: Grid) -> int | None:
    """The row in which the three indicator columns stand side by side."""
    for n, row in enumerate(grid[:200]):
        texts = {comparable(v) for v in row if isinstance(v, str) and v}
        if len({"一级指标", "二级指标", "三级指标"} & texts) >= 2 and any(t.startswith("指标值") or t == "三级指标" for t in texts):
            return n
    return None


def _options(book: python_calamine.CalamineWorkbook, path: Path) -> tuple[str, str] | None:
    """Profile id and template version from the hidden sheet; None if it is gone."""
    if OPTIONS not in book.sheet_names:
        return None
    rows: Grid = book.get_sheet_by_name(OPTIONS).to_python(skip_empty_area=False, nrows=3)
    facts = {str(r[0]): _text(r[1]) for r in rows if len(r) > 1}
    if PROFILE_LABEL not in facts:
        raise UnreadableError(f"“{path.name}”的“{OPTIONS}”表被改动，认不出表式。请用新表重新填写。")
    return facts[PROFILE_LABEL], facts.get(FORM_TEMPLATE_LABEL, "")


class _Sheet:
    """One sheet with the indicator table, as a grid of values."""

    def __init__(
        self, package: Package, part: str, name: str, grid: Grid, header_row: int,
        merged: Callable[[], Sequence[tuple[tuple[int, int], tuple[int, int]]]],
    ) -> None:  # fmt: skip
        self.package, self.name, self.grid, self.header_row, self.merged = package, name, grid, header_row, merged
        self.file = package.path.name
        self.notices: list[str] = []
        self._read_raw(part)
        self.heads = {comparable(_text(v)): c for c, v in enumerate(grid[header_row]) if _text(v)}

    @property
    def is_form(self) -> bool:
        """A form has sign, number and unit in columns of their own; a submission one column for the whole value."""
        return "指标值及单位" not in self.heads

    def _read_raw(self, part: str) -> None:
        """What calamine does not show: error values, formulas without a result, percentages."""
        percent: set[int] | None = None
        self.errors: dict[tuple[int, int], str] = {}
        self.formulas: dict[tuple[int, int], bool] = {}
        for row, column, attributes, content in self.package.cells(part):
            if b't="e"' in attributes:
                shown = re.search(rb"<v>([^<]*)</v>", content or b"")
                self.errors[row, column] = shown[1].decode() if shown else "#N/A"
            if b"<f" in content:
                self.formulas[row, column] = b"<v>" in content and b"<v></v>" not in content
            if b" t=" not in attributes and isinstance(self._at(row, column), float):
                if percent is None:
                    percent = self.package.percent_styles()
                style = re.search(rb'\bs="(\d+)"', attributes)
                if style and int(style[1]) in percent:
                    value = self._at(row, column)
                    assert isinstance(value, float)
                    self.grid[row][column] = number_text(round(value * 100, 12)) + "%"

    def _at(self, row: int, column: int) -> Value:
        if row < len(self.grid) and column < len(self.grid[row]):
            return self.grid[row][column]
        return ""

    def _cell(self, row: int, column: int, what: str) -> str:
        """An input cell's text. Raises UnreadableError for an error value or a formula without a result."""
        place = address(row, column)
        if (row, column) in self.errors:
            shown = self.errors[row, column]
            raise UnreadableError(f"“{self.name}”表{place}（{what}）是错误值“{shown}”，请改成文字或数字后再试。")
        calculated = self.formulas.get((row, column))
        if calculated is False:
            raise UnreadableError(f"“{self.name}”表{place}（{what}）是公式，还没有计算结果。请用Excel打开保存一次，或直接填写结果后再试。")
        text = _text(self._at(row, column))
        if calculated:
            self.notices.append(f"“{self.name}”表{place}（{what}）是公式，按计算结果“{text}”读取。")
        return text

    def form(self, facts: tuple[str, str] | None) -> Source:
        profile = self._profile(facts)
        if facts and facts[1] != profile.template:
            age = "较新" if facts[1] > profile.template else "较旧"
            advice = "请升级本工具" if facts[1] > profile.template else "请用新表样重新生成后填写"
            raise UnreadableError(
                f"“{self.file}”的表样版本（{facts[1]}）比本工具的（{profile.template}）{age}，{advice}。"
            )
        columns = self._columns(profile, ("l1", "l2", "name", "op", "number", "measure", "standard", "note"), optional=("note",))
        header, cells = self._header(profile, HEADER, lambda f: layout.header_label(profile, f))
        missing = [f for f in HEADER if f not in cells]
        if missing:
            names = "、".join(f"“{layout.header_label(profile, f)}”" for f in missing)
            raise UnreadableError(f"“{self.file}”的“{self.name}”表里找不到{names}这一项，可能被删除或改名。请恢复原来的文字后再试。")
        rows, lines = self._rows(profile, columns, ("op", "number", "measure"))
        names = self.package.broken_names()
        if names:
            self.notices.append(f"“{self.file}”里的名称{'、'.join(names)}已失效（#REF!），不影响检查。")
        total = layout.comparable(f"成本合计（{profile.money_unit}）")
        panel = next(((r + 1, c) for r, row in enumerate(self.grid[: self.header_row]) for c, v in enumerate(row)
                      if isinstance(v, str) and comparable(v) == total), layout.PANEL["total"])  # fmt: skip
        cells = {f: address(*c) for f, c in cells.items()}
        places = Places(self.name, cells, columns, lines, self.header_row, address(*panel))
        return Source(from_header(profile.id, header, rows), profile, places, None, tuple(self.notices))

    def submission(self) -> Source:
        texts = [v for row in self.grid for v in row if isinstance(v, str)]
        template = next((m for v in texts if (m := _TEMPLATE.search(v))), None)
        seal = next((m[1] for v in texts if (m := _SEAL.search(v))), None)
        profile = self._profile((template[1], template[2]) if template else None)
        columns = self._columns(profile, ("l1", "l2", "name", "value", "standard"))
        header, cells = self._submission_header(profile)
        rows, lines = self._rows(profile, columns, ("value",), printed=True)
        places = Places(self.name, {f: address(*c) for f, c in cells.items()}, columns, lines, self.header_row, address(self.header_row, 0))
        return Source(from_header(profile.id, header, rows), profile, places, seal, tuple(self.notices))

    def _profile(self, facts: tuple[str, str] | None) -> Profile:
        if facts is None:
            known = [profiles.load(i) for i in profiles.available()]
            texts = {comparable(_text(v)).partition("：")[0] for row in self.grid[: self.header_row] for v in row}
            scores = {p.id: sum(comparable(p.label(f)) in texts for f in ("unit", "project", "department", "year_goal")) for p in known}
            best = max(known, key=lambda p: scores[p.id])
            if not scores[best.id]:
                raise UnreadableError(f"“{self.file}”没有写明表式，表头也不是已知的申报表。")
            return best
        try:
            return profiles.load(facts[0])
        except ProfileError as error:
            raise UnreadableError(f"“{self.file}”：{error}") from None

    def _columns(self, profile: Profile, names: Sequence[str], optional: Sequence[str] = ()) -> dict[str, int]:
        labels = {name: comparable(profile.label(name)) for name in names}
        missing = [n for n in names if labels[n] not in self.heads and n not in optional]
        if missing:
            heads = "、".join(f"“{profile.label(n)}”" for n in missing)
            row = self.header_row + 1
            raise UnreadableError(f"“{self.file}”的“{self.name}”表第{row}行表头里找不到{heads}这一列，可能被删除或改名。请恢复原来的表头后再试。")
        return {n: self.heads[labels[n]] for n in names if labels[n] in self.heads}

    def _header(
        self, profile: Profile, fields: Sequence[str], label: Callable[[str], str]
    ) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
        """Header texts by field, each from the cell to the right of its label's cells."""
        wanted = {comparable(label(f)): f for f in fields}
        found: dict[str, tuple[int, int]] = {}
        width = max((len(r) for r in self.grid), default=0)
        for r, row in enumerate(self.grid[: self.header_row]):
            labels = {c: wanted[t] for c, v in enumerate(row) if isinstance(v, str) and (t := comparable(v)) in wanted}
            for c, field in labels.items():
                found.setdefault(field, self._right_of(r, c, min([k for k in labels if k > c], default=width)))
        header = {f: self._cell(*cell, profile.label(f)) for f, cell in found.items()}
        return header, found

    def _right_of(self, row: int, column: int, end: int) -> tuple[int, int]:
        """The value's cell: the first filled one right of a label and before the next, else where the form has it."""
        for c in range(column + 1, end):
            if _text(self._at(row, c)) or (row, c) in self.errors or (row, c) in self.formulas:
                return row, c
        merged = next((right for (top, left), (_, right) in self.merged() if (top, left) == (row, column)), column + 1)
        return row, merged + 1 if merged != column + 1 else column + 2

    def _submission_header(self, profile: Profile) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
        fields = [f for f in HEADER if f not in ("year", "unit", "filler", "phone") and not f.startswith("upper_funds.")]
        header, cells = self._header(profile, [*fields, "upper_funds"], profile.label)
        funds = header.pop("upper_funds", "")
        funds_cell = cells.pop("upper_funds", None)
        for level in FUNDS:
            match = re.search(rf"{re.escape(profile.label(level))}[：:](.*)", funds)
            header[f"upper_funds.{level}"] = match[1].strip() if match else ""
            if funds_cell:
                cells[f"upper_funds.{level}"] = funds_cell
        before, after = (re.escape(p) for p in profile.title.split("{year}"))
        inline = {
            "year": rf"{before}(.*?){after}",
            "unit": rf"{re.escape(profile.label('unit'))}[：:]\s*(.*)",
            "filler": rf"{re.escape(profile.label('filler'))}[：:]\s*(.*?)\s*{re.escape(profile.label('phone'))}[：:]",
            "phone": rf"{re.escape(profile.label('phone'))}[：:]\s*(.*)",
        }
        for r, row in enumerate(self.grid):
            for c, value in enumerate(row):
                for field, pattern in inline.items():
                    if isinstance(value, str) and field not in cells and (match := re.match(f".*?{pattern}" if field == "phone" else pattern, value)):
                        header[field], cells[field] = match[1].strip(), (r, c)
        return header, cells

    def _rows(
        self, profile: Profile, columns: dict[str, int], value: Sequence[str], *, printed: bool = False
    ) -> tuple[list[Indicator], dict[int, int]]:
        """The indicator rows below the header and their sheet rows; merged category cells count for each row."""
        found: list[tuple[int, dict[str, str]]] = []
        for r in range(self.header_row + 1, len(self.grid)):
            if printed and _text(self._at(r, 0)).startswith(profile.label("filler")):
                break
            texts = {n: self._cell(r, c, profile.label(n)) for n, c in columns.items()}
            if not any(norm(texts[n]) for n in ("name", *value, "standard")):
                continue
            found.append((r, texts))
            if len(found) > layout.LARGEST_FORM:
                raise UnreadableError(f"“{self.file}”的“{self.name}”表超过{layout.LARGEST_FORM}行指标，可能粘贴了多余内容，请删去后再试。")
        if any(not t[n] for _, t in found for n in ("l1", "l2", "standard") if n in t):
            self._fill_merged(found, columns)
        rows, lines = [], {}
        for number, (r, texts) in enumerate(found, 1):
            l1, l2 = ("" if texts[n] == NOT_FILLED else texts[n] for n in ("l1", "l2"))
            typed = "".join(texts[n] for n in value)
            rows.append(indicator(number, l1, l2, texts["name"], typed, texts.get("standard", ""), texts.get("note", "")))
            lines[number] = r
        return rows, lines

    def _fill_merged(self, found: list[tuple[int, dict[str, str]]], columns: dict[str, int]) -> None:
        for (top, left), (bottom, right) in self.merged():
            for name in ("l1", "l2", "standard"):
                if name in columns and left <= columns[name] <= right and bottom > top > self.header_row:
                    text = _text(self._at(top, columns[name]))
                    for r, texts in found:
                        if top <= r <= bottom and not texts[name]:
                            texts[name] = text


def _text(value: Value) -> str:
    """A cell's value as Excel shows it: dates in Chinese, numbers with 15 digits, TRUE and FALSE."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    return str(value)
