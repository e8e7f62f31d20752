"""The sheet 填报: header fields, live panel, indicator rows with drop-downs, marks. Formulas of Excel 2010 only."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xlpkg import layout
from xlpkg.audit.check import Report
from xlpkg.audit.facts.finding import ERROR, WARNING
from xlpkg.files.a1 import address
from xlpkg.form.declaration import Declaration, Indicator
from xlpkg.form.fields import Column
from xlpkg.form.profile import Profile
from xlpkg.layout import ENTRY, ERROR_COUNT, Places
from xlpkg.writing.faults import words
from xlpkg.writing.formulas import RowFormulas, absolute
from xlpkg.writing.library_lists import SHOWN, LibraryLists
from xlpkg.writing.lists import Options
from xlpkg.writing.marks import marks
from xlpkg.writing.page_setup import row_height, set_up_page, set_width
from xlpkg.writing.panel import agreed, span, write_buttons, write_panel
from xlpkg.writing.style import AMBER, AMBER_INK, GREEN, GREEN_INK, OURS, RED, RED_INK, Formats, room
from xlpkg.writing.sums import Sums
from xlpkg.writing.widths import column_width

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ONE_LINE = 18.0
"""Points that a row of one line needs at most."""
_LEAST_PRINTED = 10
_REFERENCE_WIDTHS = (9, 9, 46, 34)
_KIND_PROMPTS = {
    "number": "只写数字。", "money": "写金额，只填数字。", "date": "写日期，例如 2024年12月31日。", "choice": "请从下拉列表选择。",
    "text": "按表式填写。", "long": "按表式填写。", "phone": "手机号或区号-座机号。",
}  # fmt: skip
_PROMPTS = {
    "l1": ("一级指标", "请从下拉列表选择。"),
    "l2": ("二级指标", "先选一级指标，再从下拉列表选择对应的二级指标。"),
    "name": ("三级指标", "一行写一个指标，不超过25个字。例如：新建公路里程、验收合格率。"),
    "op": ("符号", "至少用≥，最多用≤，正好用=。时间和定性指标留空。"),
    "number": ("指标值", "只写数字，如 220；时间写日期，如 2024年12月31日前；一格只写一个值。"),
    "measure": ("单位", "如 次、个、%、万元；列表里没有的可以直接输入。时间和定性指标留空。"),
    "standard": ("绩效标准", "指标值的依据，请从下拉列表选择。"),
}
_HINTS = {
    "year": "四位数年度，例如 2024。",
    "unit": "填报单位全称，与公章一致。",
    "department": "预算部门（一级预算单位）全称。",
    "project": "与部门预算中的项目名称一致。",
    "budget_wan": "只填数字；全部为上级资金的填 0。",
    "period": "写清起止年月，例如 2024年1月—2024年12月。",
    "long_goal": "项目实施期内要做什么、达到什么效果。",
    "year_goal": "本年度做什么、做多少、效果如何，写出主要数字。",
    "filler": "填表人姓名。",
    "phone": "手机号或区号-座机号。",
}


def write_entry(
    book: "Workbook",
    sheet: "Worksheet",
    profile: Profile,
    declaration: Declaration,
    report: Report,
    options: Options,
    *,
    checked: bool,
    buttons: bool,
    library: LibraryLists | None = None,
) -> tuple[Places, Sums]:
    """Fill the sheet; with `checked` the marks and snapshots of the report are written beside the rows.

    With a `library` the names are offered by the purpose of the money, and what it says of them stands beside the rows.

    Gives where things stand, and what the hidden sheet is to work out.
    """
    formats = Formats(book)
    rows = [i for i in declaration.indicators if not i.blank]
    first = layout.Layout(profile).first_row
    last = first + max(layout.PREPARED_ROWS, len(rows) + 10) - 1
    places = layout.places(profile, {i.row: first + n for n, i in enumerate(rows)})
    table = RowFormulas(profile, last)
    _columns(sheet, formats, table)
    write_panel(sheet, formats, table, report, checked=checked)
    write_buttons(sheet, formats, table, buttons=buttons)
    _header(sheet, formats, table, declaration, options)
    _section(sheet, formats, table, library)
    _table(sheet, formats, table, rows)
    _validation(sheet, table, options, library)
    if library:
        _reference(sheet, formats, table, library)
    if checked:
        _marks(sheet, table, declaration, report, places)
    _colours(sheet, formats, table)
    _print_setup(book, sheet, table)
    return places, table.sums


def _columns(sheet: "Worksheet", formats: Formats, table: RowFormulas) -> None:
    columns = table.columns
    for i, name in enumerate(columns.names):
        set_width(sheet, i, column_width(table.profile, name))
    for column in (columns.marks, columns.snapshot, columns.number):
        set_width(sheet, column, 10, None if column == columns.number else formats["setting"], {"hidden": True})
    sheet.hide_gridlines(2)
    sheet.freeze_panes(layout.FROZEN_ROWS, 0)
    sheet.set_zoom(100)


def _header(sheet: "Worksheet", formats: Formats, table: RowFormulas, declaration: Declaration, options: Options) -> None:
    profile, end = table.profile, table.columns.check
    span(sheet, layout.FIRST_SECTION_ROW, 0, end, "一、基本信息", formats["section"])
    heights: dict[int, float] = {}
    for field, ((row, label_at), (_, value_at), last) in table.layout.header.items():
        span(sheet, row, label_at, label_at + 1, layout.header_label(profile, field), formats["label"])
        span(sheet, row, value_at, last, "", formats["input"])
        text = declaration.header(field)
        if text:
            sheet.write_string(row, value_at, text, formats["input"])
        if rule := _header_rule(profile, field, options):
            sheet.data_validation(row, value_at, row, value_at, rule)
        heights[row] = max(heights.get(row, 0), header_height(profile, field, text))
        sheet.set_row(row, heights[row])
    span(sheet, table.layout.hint_row, 0, end, "", formats["hint"])
    sheet.set_row(table.layout.hint_row, 4)


def header_height(profile: Profile, field: str, text: str) -> float:
    """The height in points that a header field with this text needs."""
    at = layout.Layout(profile)
    (_, label_at), (_, value_at), last = at.header[field]
    widths = [column_width(profile, c) for c in at.columns.names]
    label = (layout.header_label(profile, field), sum(widths[label_at : label_at + 2]))
    value = (text, room("input", sum(widths[value_at : last + 1])))
    return row_height([label, value], least=30 if profile.kind_of(field) == "long" else 17, extra=2)


def _section(sheet: "Worksheet", formats: Formats, table: RowFormulas, library: LibraryLists | None) -> None:
    """The line above the table; with a library the purpose of the money is chosen there."""
    row, end = table.layout.section_row, table.columns.check
    text = "二、绩效指标（一行一个指标，一个指标一个值；行数不够时，在表中间插入行）"
    if library is None:
        span(sheet, row, 0, end, text, formats["section"])
        return
    _, column = library.purpose
    span(sheet, row, 0, column - 2, "二、绩效指标（一行一个指标）", formats["section"])
    sheet.write_string(row, column - 1, layout.PURPOSE_LABEL, formats["label"])
    span(sheet, row, column, end, "", formats["input"])
    if library.chosen:
        sheet.write_string(row, column, library.chosen, formats["input"])
    prompt = "先选资金用途，再选一级、二级指标，三级指标的下拉列表里就是指标库的同类指标。也可以自己写。"
    rule = {"validate": "list", "source": library.purpose_source, "show_error": False, "input_title": "资金用途"}
    sheet.data_validation(row, column, row, column, rule | {"input_message": prompt})
    sheet.set_row(row, 22)


def _reference(sheet: "Worksheet", formats: Formats, table: RowFormulas, library: LibraryLists) -> None:
    """What the library says of each row's indicator, in columns of ours beside the table."""
    first = table.columns.reference
    looks = (formats["ours"], formats["ours"], formats["ours_left"], formats["ours_left"])
    for n, (head, width) in enumerate(zip(layout.REFERENCE_HEADS, _REFERENCE_WIDTHS, strict=True)):
        sheet.set_column(first + n, first + n, width)
        sheet.write_string(table.layout.head_row, first + n, head, formats["label"])
    for row in range(table.layout.first_row, table.last + 1):
        l2, name = table.here("l2", row), table.here("name", row)
        for n, column in enumerate(SHOWN):
            sheet.write_formula(row, first + n, library.shown(column, l2, name), looks[n], "")


def _header_rule(profile: Profile, field: str, options: Options) -> dict[str, object]:
    """The prompt of a header field, and its list where it has one; {} for a field without either."""
    found = profile.further.get(field)
    hint = _HINTS.get(field, "") if found is None else getattr(found, "hint", "") or _KIND_PROMPTS[profile.kind_of(field)]
    if not hint:
        return {}
    rule: dict[str, object] = {"validate": "any", "input_title": profile.label(field)[:30], "input_message": hint[:255]}
    if profile.kind_of(field) == "choice":
        message = f"“{profile.label(field)}”只能从下拉列表选择。"
        rule |= _list(options.choices[field], "stop", message)
    return rule


def _list(source: str, error_type: str, message: str) -> dict[str, object]:
    return {"validate": "list", "source": source, "error_type": error_type, "error_title": "请核对", "error_message": message}


def _table(sheet: "Worksheet", formats: Formats, table: RowFormulas, rows: list[Indicator]) -> None:
    columns = table.columns
    heads = [{"header": layout.column_label(table.profile, c), "header_format": formats["head"]} for c in columns.names]
    heads[0]["formula"], heads[-1]["formula"] = table.count(), table.row_status()  # a row that Excel adds gets them
    sheet.add_table(
        table.layout.head_row, 0, table.last, columns.check,
        {"columns": heads, "name": "绩效指标表", "style": None, "autofilter": True},
    )  # fmt: skip
    sheet.set_row(table.layout.head_row, 20)
    first = table.layout.first_row
    for row in range(first, table.last + 1):
        n = row - first
        item = rows[n] if n < len(rows) else None
        sheet.write_formula(row, 0, table.count(), formats["ours"], n + 1 if item else "")
        texts = input_texts(table.profile, item) if item else dict.fromkeys(columns.filled_in, "")
        for name in columns.filled_in:
            text = texts[name]
            cell_format = formats[_look(table.profile, name)]
            if text:
                sheet.write_string(row, columns.index(name), text, cell_format)
            else:
                sheet.write_blank(row, columns.index(name), None, cell_format)
        sheet.write_formula(row, columns.check, table.row_status(), formats["ours"], "")
        if (height := indicator_height(table.profile, texts)) > ONE_LINE:
            sheet.set_row(row, height)  # a row without a height of its own grows with what is typed
    sheet.ignore_errors({"number_stored_as_text": f"A1:{address(table.last, columns.check)}"})


def input_texts(profile: Profile, item: Indicator) -> dict[str, str]:
    """What stands in the input cells of an indicator's row; a form without columns for sign or unit has the value in one cell."""
    whole = not {"op", "measure"} <= set(profile.user_columns)
    value = (
        {"op": "", "number": item.value, "measure": ""} if whole else {"op": item.op, "number": item.number, "measure": item.unit}
    )
    texts = {"l1": item.l1, "l2": item.l2, "name": item.name, **value, "standard": item.standard, "note": item.note, **item.extra}
    return {column: texts.get(column, "") for column in profile.user_columns}


def indicator_height(profile: Profile, texts: Mapping[str, str]) -> float:
    """The height of an indicator's row, in points: Excel does not fit wrapped rows of a file that it did not write."""
    return row_height(((t, room(_look(profile, c), column_width(profile, c))) for c, t in texts.items()), least=ONE_LINE, extra=3)


def _look(profile: Profile, column: str) -> str:
    """The style of a column's cells."""
    return "input" if column in ("name", "note", "l2") or profile.kind_of(column) == "long" else "input_center"


def _validation(sheet: "Worksheet", table: RowFormulas, options: Options, library: LibraryLists | None) -> None:
    sources = {
        "l1": (options.l1, "stop", "一级指标只能从下拉列表选择。"),
        "l2": (options.children(f"$B{table.layout.first_row + 1}"), "stop", "二级指标要与一级指标对应，请从下拉列表选择。"),
        "op": (options.operators, "stop", "符号只能是 =、≥、>、≤、<；时间和定性指标留空。"),
        "measure": (options.units, "information", "这个单位不在常用单位里，请确认。"),
        "standard": (options.standards, "stop", "绩效标准只能从下拉列表选择。"),
    }
    sources |= {
        c.key: (options.choices[c.key], "stop", f"“{c.label}”只能从下拉列表选择。") for c in table.profile.columns if c.choices
    }
    for name in table.columns.checked:
        title, prompt = _prompt(table.profile, name)
        column = table.columns.index(name)
        rule: dict[str, object] = {"validate": "any", "input_title": title, "input_message": prompt}
        if name in sources:
            rule |= _list(*sources[name])
        elif name == "name" and library:
            rule |= {
                "validate": "list",
                "source": library.names_source(table.here("l2", table.layout.first_row)),
                "show_error": False,
            }
        sheet.data_validation(table.layout.first_row, column, table.last, column, rule)


def _prompt(profile: Profile, column: str) -> tuple[str, str]:
    """The title and the text beside a cell of a column."""
    found = profile.further.get(column)
    if found is None:
        return _PROMPTS[column]
    hint = getattr(found, "hint", "") or _KIND_PROMPTS[profile.kind_of(column)]
    total = f"各行合计应为{found.total}。" if isinstance(found, Column) and found.total is not None else ""
    return found.label[:30], (hint + total)[:255]


def _marks(sheet: "Worksheet", table: RowFormulas, declaration: Declaration, report: Report, places: Places) -> None:
    """The checker's marks and snapshots, over the texts as they stand in the cells."""
    columns = table.columns
    texts = {places.rows[i.row]: input_texts(table.profile, i) for i in declaration.indicators if i.row in places.rows}
    header = {cell.value: declaration.header(field) for field, cell in table.layout.header.items()}

    def shown(row: int, column: int) -> str:
        return texts[row].get(columns.names[column], "") if row in texts else header[row, column]

    for row, mark in marks(report, places, shown).items():
        if mark.failing:
            sheet.write_string(row, columns.marks, mark.failing)
        sheet.write_string(row, columns.snapshot, mark.snapshot)
        if mark.number is not None:
            sheet.write_number(row, columns.number, mark.number)


def _colours(sheet: "Worksheet", formats: Formats, table: RowFormulas) -> None:
    red, amber = formats.conditional(RED, RED_INK), formats.conditional(AMBER, AMBER_INK)
    green, grey = formats.conditional(GREEN, GREEN_INK), formats.conditional(OURS, "#6B7280")
    first, last, columns = table.layout.first_row, table.last, table.columns
    marks, snapshot = "$" + address(first, columns.marks), "$" + address(first, columns.snapshot)
    spans: dict[str, tuple[int, int]] = {}
    for c in columns.checked:
        if c == columns.value[0]:
            spans["value"] = (columns.index(c), columns.index(columns.value[-1]))
        spans[c] = (columns.index(c), columns.index(c))
    for field, (left, right) in spans.items():
        if field in columns.value:
            continue  # they are marked together, as the value
        for severity, colour in ((ERROR, red), (WARNING, amber)):
            criteria = f'=AND(EXACT({snapshot},{table.joined(first)}),ISNUMBER(SEARCH(";{field}={severity};",{marks})))'
            _when(sheet, first, left, last, right, criteria, colour)
    check = table.here("check", first)
    for word, key in words(table.profile).items():
        if key in spans:
            _when(sheet, first, spans[key][0], last, spans[key][1], f'={check}="错：{word}"', red)
    for prefix, colour in (("错", red), ("提", amber), ("未", amber), ("通", green), ("已", grey)):
        _when(sheet, first, columns.check, last, columns.check, f'=LEFT({check},1)="{prefix}"', colour)
    cells = {f: cell.value for f, cell in table.layout.header.items()}
    for field, (row, column) in cells.items():
        joined = '&"|"&'.join(absolute(cell) for cell in cells.values() if cell[0] == row)
        unchanged = f"EXACT({absolute((row, columns.snapshot))},{joined})"
        for severity, colour in ((ERROR, red), (WARNING, amber)):
            mark = f'ISNUMBER(SEARCH(";{field}={severity};",{absolute((row, columns.marks))}))'
            _when(sheet, row, column, row, column, f"=AND({unchanged},{mark})", colour)
    _colour_counts(sheet, table, red, green)
    row, column = table.layout.panel["difference"].value
    here = absolute((row, column))
    _when(sheet, row, 0, row, column, f"={absolute(agreed(table))}", green)
    _when(sheet, row, 0, row, column, f"=N({here})<0", red)


def _colour_counts(sheet: "Worksheet", table: RowFormulas, red: "Format", green: "Format") -> None:
    """Errors of the last check are red; none of a form that holds something, and was not changed since, is green."""
    row, column = table.layout.panel["counts"].value
    marks = absolute((ERROR_COUNT, table.columns.marks))
    rows = absolute((ERROR_COUNT, table.columns.number))
    said = absolute(table.layout.panel["checked"].value)
    right = f'=AND(ISNUMBER({marks}),N({marks})=0,N({rows})>0,ISERROR(SEARCH("有改动",{said})))'
    _when(sheet, row, column, row, column, f"=N({marks})>0", red)
    _when(sheet, row, column, row, column, right, green)


def _when(sheet: "Worksheet", top: int, left: int, bottom: int, right: int, criteria: str, cell_format: "Format") -> None:
    sheet.conditional_format(top, left, bottom, right, {"type": "formula", "criteria": criteria, "format": cell_format})


def _print_setup(book: "Workbook", sheet: "Worksheet", table: RowFormulas) -> None:
    """Print down to the last filled row, and a few rows at least (LibreOffice knows no such area and prints all prepared rows)."""
    set_up_page(sheet, head=table.layout.head_row)
    first, last = table.layout.first_row, table.last
    used = f"{ENTRY}!{absolute((first, 1))}:{absolute((last, table.columns.check - 1))}"
    rows = f'MAX({first + _LEAST_PRINTED},SUMPRODUCT(MAX(({used}<>"")*ROW({used}))))'
    area = f"OFFSET({ENTRY}!$A$1,0,0,IFERROR({rows},{last + 1}),{table.columns.check + 1})"
    book.define_name(f"{ENTRY}!_xlnm.Print_Area", f"={area}")
