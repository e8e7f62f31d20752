"""Workbooks whose XML another program wrote in another way: the same content, the same declaration, or a refusal; never half."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_files import BROKEN, ENTRY_PART, Run, as_read, edited, in_process, refused, with_part
from forms import HN2015
from good_files import foreign_workbook, own_form, submission

from xlpkg.files.xlsx import Workbook
from xlpkg.reading.read import read

pytestmark = pytest.mark.slow

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def prefixed(xml: str) -> str:
    xml = re.sub(r"<(/?)(\w+)(?=[\s>/])", r"<\1s:\2", xml)
    return re.sub(r'xmlns="([^"]+)"', r'xmlns:s="\1"', xml, count=1)


def single_quoted(xml: str) -> str:
    return re.sub(r"<[^<>]+>", lambda tag: tag[0].replace("'", "&apos;").replace('"', "'"), xml)


def without_addresses(xml: str) -> str:
    """Rows and cells follow one another; the gaps are filled with empty ones."""

    def row(found: re.Match[str]) -> str:
        cells, column = "", 0
        for cell in re.finditer(r'<c r="([A-Z]+)\d+"([^>]*?)(/>|>.*?</c>)', found[3], re.DOTALL):
            at = 0
            for letter in cell[1]:
                at = at * 26 + ord(letter) - 64
            cells += "<c/>" * (at - column - 1) + f"<c{cell[2]}{cell[3]}"
            column = at
        return f"<row{found[2]}>{cells}</row>"

    rows = re.findall(r'<row r="(\d+)"', xml)
    assert rows == [str(n) for n in range(1, len(rows) + 1)]
    return re.sub(r'<row r="(\d+)"([^>]*?)>(.*?)</row>', row, xml, flags=re.DOTALL)


def commented(xml: str) -> str:
    xml = xml.replace("</v>", "<!----></v>")
    return xml.replace("<sheetData>", '<sheetData><!-- <row r="9"><c r="A9"><v>1</v></c></row> -->')


def lines_between(xml: str) -> str:
    return xml.replace("<c ", "<c\n").replace("<row ", "<row\t")


def references(xml: str) -> str:
    return re.sub(r' r="([A-Z])', lambda m: f' r="&#{ord(m[1])};', xml)


def small_letters(xml: str) -> str:
    return re.sub(r'<c r="[A-Z]+', lambda m: m[0].lower(), xml)


WRITINGS = [prefixed, single_quoted, without_addresses, commented, lines_between, references, small_letters]


def with_backslashes(source: Path, target: Path) -> Path:
    """As a program on Windows writes it that does not know the rules of zip."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename.replace("/", "\\"), old.read(info))
    return target


@pytest.mark.parametrize("writing", WRITINGS, ids=lambda w: w.__name__)
@pytest.mark.parametrize("maker", [own_form, submission], ids=lambda m: m.__name__)
def test_the_same_content_written_in_another_way(
    folder: Path, bad: Path, maker: Callable[..., None], writing: Callable[[str], str]
) -> None:
    maker(HN2015, folder / "原.xlsx")
    with_part(folder / "原.xlsx", bad, ENTRY_PART, writing)
    assert read(bad) == read_of(folder / "原.xlsx", bad)


def read_of(original: Path, bad: Path) -> object:
    return read(original.replace(original.with_name(f"好{bad.name}")))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"])
@pytest.mark.parametrize("writing", [prefixed, single_quoted], ids=lambda w: w.__name__)
def test_other_parts_in_another_way(run: Run, bad: Path, form: Path, part: str, writing: Callable[[str], str]) -> None:
    edited(form, bad, lambda book: None)
    with_part(bad, bad, part, writing)
    assert as_read(run, bad) == HN2015


def test_names_of_parts_with_backslashes(run: Run, bad: Path, form: Path) -> None:
    with_backslashes(form, bad)
    assert as_read(run, bad) == HN2015


def test_percentages_and_formulas_are_seen_in_any_writing(folder: Path, bad: Path, form: Path) -> None:
    def edit(book: object) -> None:
        sheet = book["填报"]  # type: ignore[index]  # openpyxl's workbook, which the helper hands over as an object
        sheet["F19"], sheet["F19"].number_format = 0.95, "0%"
        sheet["F20"] = "=1+1"

    edited(form, bad, edit)
    plain = Workbook(bad).grid("填报")
    with_part(bad, folder / "乙.xlsx", ENTRY_PART, prefixed)
    other = Workbook(folder / "乙.xlsx").grid("填报")
    assert (plain.shown(18, 5), plain.formulas[19, 5]) == ("95%", False)
    assert (other.shown(18, 5), other.formulas) == ("95%", plain.formulas)


@pytest.mark.parametrize("address", ["ABCD5", "A0", "A", "5", "R1C1", ""])
def test_addresses_that_no_sheet_has(run: Run, bad: Path, form: Path, address: str) -> None:
    with_part(form, bad, ENTRY_PART, lambda xml: xml.replace('<c r="C8"', f'<c r="{address}"'))
    refused(run, bad, BROKEN)


def test_two_parts_of_one_name(run: Run, bad: Path, form: Path) -> None:
    """Who reads which of them nobody knows."""
    bad.write_bytes(form.read_bytes())
    with zipfile.ZipFile(bad, "a") as package:
        package.writestr(ENTRY_PART.upper(), package.read(ENTRY_PART))
    refused(run, bad, BROKEN)


STRAY = {
    "single quotes": "<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>x</t></is></c></row>",
    "prefix": f'<x:row xmlns:x="{MAIN}" r="1048576"><x:c r="XFD1048576" t="str"><x:v>x</x:v></x:c></x:row>',
    "another line": '<row r="1048576"><c\nr="XFD1048576" t="str"><v>x</v></c></row>',
    "no address": '<row r="1048576"><c t="str"><v>x</v></c></row>',
    "small letters": '<row r="1048576"><c r="xfd1048576" t="str"><v>x</v></c></row>',
    "a reference": '<row r="1048576"><c r="&#88;FD1048576" t="str"><v>x</v></c></row>',
}


@pytest.mark.parametrize("stray", STRAY.values(), ids=STRAY)
@pytest.mark.parametrize("maker", [own_form, submission, foreign_workbook], ids=lambda m: m.__name__)
def test_a_stray_cell_is_seen_in_any_writing(folder: Path, bad: Path, maker: Callable[..., None], stray: str) -> None:
    """In a process of its own: calamine's dense grid of 16384 times 1048576 cells would end it."""
    maker(HN2015, folder / "原.xlsx")
    with_part(folder / "原.xlsx", bad, ENTRY_PART, lambda xml: xml.replace("</sheetData>", stray + "</sheetData>"))
    answer = in_process("check", bad, memory=1 << 30)
    assert answer.code == 2
    assert answer.err.endswith("附近有零散内容，离表格太远。请删去多余的行和列后再试。\n") and answer.err.count("\n") == 1


def test_a_stray_empty_cell_is_nothing(run: Run, bad: Path, form: Path) -> None:
    stray = '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    with_part(form, bad, ENTRY_PART, lambda xml: xml.replace("</sheetData>", stray))
    assert as_read(run, bad) == HN2015
