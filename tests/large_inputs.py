"""Inputs under 5 MB that are large in one respect: each must end soon, in little memory."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import xlsxwriter
import xlwt
from bad_files import ENTRY_PART
from forms import HN2015, with_cells
from good_files import HEADS, open_document, own_form, submission
from layouts import LAYOUTS

from xlpkg.form.declaration import Declaration, to_json

ROWS = [[i.l1, i.l2, i.name, i.value, i.standard] for i in HN2015.indicators]
TITLE = [["项目名称", HN2015.project, "填报单位", HN2015.unit], HEADS]


def _made(write: Callable[[Declaration, Path], None], suffix: str = ".xlsx", d: Declaration = HN2015) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"表{suffix}")
        write(d, path)
        return path.read_bytes()


def _changed(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content.decode()) if info.filename == part else content)
    return made.getvalue()


def _workbook(
    fill: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None], rows: list[list[str]] | None = None
) -> bytes:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    sheet = book.add_worksheet("表")
    for r, row in enumerate([*TITLE, *(ROWS if rows is None else rows)]):
        for c, text in enumerate(row):
            sheet.write_string(r, c, text)
    fill(book, sheet)
    book.close()
    return data.getvalue()


def _stray(row: int, column: int) -> bytes:
    return _workbook(lambda book, sheet: sheet.write_string(row, column, "x") and None)


def _dense(rows: int, columns: int, text: str = "绩效{r}") -> bytes:
    def fill(book: object, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for r in range(40, rows):
            for c in range(columns):
                sheet.write_string(r, c, text.format(r=r, c=c))

    return _workbook(fill)


def _merged(count: int, area: str) -> bytes:
    cells = "".join(f'<mergeCell ref="{area.format(n=n)}"/>' for n in range(1, count + 1))
    merged = f'<mergeCells count="{count}">{cells}</mergeCells>'
    data = _workbook(lambda book, sheet: None)
    return _changed(data, ENTRY_PART, lambda xml: xml.replace("</sheetData>", f"</sheetData>{merged}"))


def _form_with(change: Callable[[str], str], write: Callable[[Declaration, Path], None] = own_form) -> bytes:
    return _changed(_made(write), ENTRY_PART, change)


def _with_merges(xml: str) -> str:
    cells = "".join(f'<mergeCell ref="A{n}:H{n + 70}"/>' for n in range(18, 100_018))
    return xml.replace("<mergeCells ", f"<mergeCells>{cells}</mergeCells><mergeCells ", 1)


def _sheets(count: int) -> bytes:
    def fill(book: xlsxwriter.Workbook, _: object) -> None:
        for n in range(count):
            sheet = book.add_worksheet()
            for r, row in enumerate([*TITLE, *ROWS]):
                sheet.write_row(r, 0, [f"{t}{n}" if t == HN2015.project else t for t in row])

    return _workbook(fill)


def _formats(count: int) -> bytes:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for n in range(count):
            sheet.write_number(20 + n % 1000, 6 + n // 1000, n / 7, book.add_format({"num_format": f'0.{"0" * (n % 25)}"个{n}"'}))

    return _workbook(fill)


def _format(code: str) -> bytes:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        look = book.add_format({"num_format": code})
        for r in range(2, 2000):
            sheet.write_number(r, 3, r / 7, look)

    return _workbook(fill)


def _comments(count: int) -> bytes:
    def fill(_: object, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for n in range(count):
            sheet.write_comment(n, 8, f"请核对{n}")

    return _workbook(fill)


def _word(fill: Callable[[object], None]) -> bytes:
    document = docx.Document()
    fill(document)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def _word_xml(xml: str) -> bytes:
    return _changed(
        _made(LAYOUTS["county"][0], ".docx"), "word/document.xml", lambda old: old.replace("<w:sectPr", xml + "<w:sectPr", 1)
    )


def _nested(deep: int) -> str:
    return "<w:tbl><w:tr><w:tc><w:p/>" * deep + "</w:tc></w:tr></w:tbl>" * deep


def _open_document(row: str) -> bytes:
    return _changed(_made(open_document, ".ods"), "content.xml", lambda xml: xml.replace("</table:table>", f"{row}</table:table>"))


def _row_of(cell: str, rows: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'


def _text_cell(text: str, repeated: int = 1) -> str:
    start = f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
    return f"{start}<text:p>{text}</text:p></table:table-cell>"


def _older(rows: int, columns: int) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for r, row in enumerate([*TITLE, *ROWS]):
        for c, text in enumerate(row):
            sheet.write(r, c, text)
    for r in range(40, rows):
        for c in range(columns):
            sheet.write(r, c, r * c)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _json(**fields: object) -> bytes:
    return json.dumps({**json.loads(to_json(HN2015)), **fields}, ensure_ascii=False).encode()


def _many_rows(count: int, name: str) -> list[dict[str, object]]:
    rows = json.loads(to_json(HN2015))["indicators"]
    return [{**rows[n % len(rows)], "row": n + 1, "name": name.format(n=n)} for n in range(count)]


def _many_costs(count: int) -> list[dict[str, object]]:
    """Costs and quantities of as many activities."""
    rows = json.loads(to_json(HN2015))["indicators"]
    return [
        {**rows[4 if n % 2 else 0], "name": f"第{n // 2}片区改造农村公路" + ("费用" if n % 2 else "里程")} for n in range(count)
    ]


def _rows(count: int, name: str) -> list[list[str]]:
    return [[*ROWS[n % len(ROWS)][:2], name.format(n=n), *ROWS[n % len(ROWS)][3:]] for n in range(count)]


LONG = "绩效目标" * 8_000
WORDS = "改造农村公路12公里，修复危桥3座；" * 1_700
SIGNS = "（" * 32_000
FIGURES = "1" * 32_000
MIXED = "".join(f"第{n}项完成{n}个、" for n in range(1_900))
TEXT = _made(LAYOUTS["lines"][0], ".txt").decode()

LARGE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "a stray cell within the limit": lambda: (".xlsx", _stray(3_000, 90)),
    "a stray cell beyond the limit": lambda: (".xlsx", _stray(100_000, 900)),
    "a full sheet": lambda: (".xlsx", _dense(4_000, 50)),
    "a full sheet of figures": lambda: (".xlsx", _dense(4_000, 50, "{r}{c}")),
    "a full sheet of labels": lambda: (".xlsx", _dense(4_000, 50, "项目名称：{r}")),
    "a very full sheet": lambda: (".xlsx", _dense(14_000, 50, "x")),
    "merges of one row": lambda: (".xlsx", _merged(100_000, "F{n}:H{n}")),
    "merges that overlap": lambda: (".xlsx", _merged(100_000, "A1:J1000")),
    "merges of everything": lambda: (".xlsx", _merged(100_000, "A1:XFD1048576")),
    "merges in a form": lambda: (".xlsx", _form_with(_with_merges)),
    "merges in a submission": lambda: (".xlsx", _form_with(_with_merges, submission)),
    "many sheets": lambda: (".xlsx", _sheets(200)),
    "many formats": lambda: (".xlsx", _formats(20_000)),
    "a long format": lambda: (".xlsx", _format('"个"' + "0" * 50_000)),
    "a format of many parts": lambda: (".xlsx", _format('0"个";' * 10_000)),
    "many comments": lambda: (".xlsx", _comments(50_000)),
    "many hidden columns": lambda: (
        ".xlsx",
        _form_with(lambda x: x.replace("<cols>", "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 90_000)),
    ),
    "many rows": lambda: (".xlsx", _workbook(lambda b, s: None, _rows(5_000, "改造农村公路里程{n}"))),
    "many equal rows": lambda: (".xlsx", _workbook(lambda b, s: None, _rows(5_000, "改造农村公路里程"))),
    "long names": lambda: (".xlsx", _workbook(lambda b, s: None, _rows(100, "改造农村公路里程" * 3_000 + "{n}"))),
    "2000 rows in a form": lambda: (".xlsx", _made(own_form, d=_long_form(2_000, "改造农村公路里程{n}"))),
    "2000 equal rows in a form": lambda: (".xlsx", _made(own_form, d=_long_form(2_000, "改造农村公路里程"))),
    "a form with styled rows": lambda: (
        ".xlsx",
        _form_with(
            lambda x: x.replace(
                "</sheetData>",
                "".join(
                    f'<row r="{r}">' + "".join(f'<c r="{c}{r}" s="1"/>' for c in "ABCDEFGHIJ") + "</row>"
                    for r in range(200, 60_000)
                )
                + "</sheetData>",
            )
        ),
    ),
    **{
        f"{name} in a cell": (
            lambda text=text: (
                ".xlsx",
                _form_with(lambda x: x.replace('<c r="C12"', f'<c r="C12" t="str"><v>{text}</v></c><c r="XX12"', 1)),
            )
        )
        for name, text in (("a long text", LONG), ("long brackets", SIGNS), ("a long figure", FIGURES))
    },
    **{
        f"{name} as a {field}": (lambda text=text, field=field: (".json", _json(**{field: text})))
        for name, text in (
            ("a long text", LONG),
            ("words", WORDS),
            ("brackets", SIGNS),
            ("a figure", FIGURES),
            ("clauses", MIXED),
            ("blanks", " " * 32_000),
        )
        for field in ("year_goal", "project", "budget_wan", "period", "year", "unit")
    },
    **{
        f"{name} as an indicator's {field}": (
            lambda text=text, field=field: (
                ".json",
                _json(indicators=[{**r, field: text} if r["row"] == 2 else r for r in _many_rows(11, "修复危桥{n}")]),
            )
        )
        for name, text in (
            ("a long text", LONG),
            ("words", WORDS),
            ("brackets", SIGNS),
            ("a figure", FIGURES),
            ("clauses", MIXED),
            ("blanks", " " * 32_000),
        )
        for field in ("name", "value", "standard", "l2", "note")
    },
    "many indicators": lambda: (".json", _json(indicators=_many_rows(20_000, "改造农村公路里程{n}"))),
    "many equal indicators": lambda: (".json", _json(indicators=_many_rows(20_000, "改造农村公路里程"))),
    "many long indicators": lambda: (".json", _json(year_goal=WORDS, indicators=_many_rows(2_000, "改造{n}" + MIXED[:700]))),
    "many long equal indicators": lambda: (".json", _json(year_goal=MIXED, indicators=_many_rows(2_000, MIXED[:700]))),
    "many costs": lambda: (".json", _json(year_goal=MIXED, indicators=_many_costs(2_000))),
    "many further fields": lambda: (".json", _json(extra={f"field{n}": "x" for n in range(100_000)})),
    "lists in lists": lambda: (".json", b"[" * 4_000_000),
    "a long paragraph": lambda: (".docx", _word_xml(f"<w:p><w:r><w:t>{LONG}</w:t></w:r></w:p>")),
    "many paragraphs": lambda: (".docx", _word_xml("<w:p><w:r><w:t>项目名称：改造农村公路</w:t></w:r></w:p>" * 60_000)),
    "many runs": lambda: (".docx", _word_xml("<w:p>" + "<w:r><w:t>标</w:t></w:r>" * 300_000 + "</w:p>")),
    "many empty tables": lambda: (".docx", _word_xml("<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" * 50_000)),
    "tables in tables": lambda: (".docx", _word_xml(_nested(40))),
    "many tables in tables": lambda: (".docx", _word_xml(_nested(40) * 1_000)),
    "a table of wide cells": lambda: (
        ".docx",
        _word_xml(
            "<w:tbl>"
            + ("<w:tr>" + '<w:tc><w:tcPr><w:gridSpan w:val="200"/></w:tcPr><w:p/></w:tc>' * 20 + "</w:tr>") * 1_000
            + "</w:tbl>"
        ),
    ),
    "a table of many cells": lambda: (
        ".docx",
        _word_xml(
            "<w:tbl>" + ("<w:tr>" + "<w:tc><w:p><w:r><w:t>绩效</w:t></w:r></w:p></w:tc>" * 20 + "</w:tr>") * 5_000 + "</w:tbl>"
        ),
    ),
    "repeated cells": lambda: (".ods", _open_document(_row_of(_text_cell("x", 16_000), 60))),
    "cells repeated beyond the limit": lambda: (".ods", _open_document(_row_of(_text_cell("x", 16_000), 1_000_000))),
    "many repeated rows": lambda: (".ods", _open_document(_row_of(_text_cell("绩效", 5), 100) * 800)),
    "hidden repeated rows": lambda: (
        ".ods",
        _open_document(
            '<table:table-row table:visibility="collapse" table:number-rows-repeated="1000000">'
            "<table:table-cell/></table:table-row>" * 300
        ),
    ),
    "blanks written as a number": lambda: (".ods", _open_document(_row_of(_text_cell('<text:s text:c="99999999"/>' * 5_000)))),
    "spans in spans": lambda: (".ods", _open_document(_row_of(_text_cell("<text:span>" * 900 + "x" + "</text:span>" * 900)) * 300)),
    "an older workbook of many cells": lambda: (".xls", _older(10_000, 25)),
    "many lines": lambda: (".txt", (TEXT + "项目名称：改造农村公路\n" * 80_000).encode()),
    "lines of a table": lambda: (".txt", (TEXT + "| 产出指标 | 数量指标 | 里程 | ≥12公里 | 计划标准 |\n" * 20_000).encode()),
    "short lines": lambda: (".txt", (TEXT + "公里\n" * 300_000).encode()),
    "one long line": lambda: (".txt", (TEXT + LONG).encode()),
    "a line of tabs": lambda: (".txt", (TEXT + "\t" * 3_000_000).encode()),
    "lines of tabs": lambda: (".txt", (TEXT + ("a" + "\t" * 50 + "\n") * 60_000).encode()),
    "one line of labels": lambda: (".txt", (TEXT + "项目名称：甲，" * 100_000).encode()),
    "blank lines": lambda: (".txt", (TEXT + "\n" * 4_000_000).encode()),
}


def _long_form(count: int, name: str) -> Declaration:
    rows = [with_cells(HN2015, n % 11 + 1, name=name.format(n=n)).indicators[n % 11] for n in range(count)]
    from forms import of_rows

    return of_rows(HN2015, rows)
