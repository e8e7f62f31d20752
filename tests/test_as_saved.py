"""A submission that was merely saved, by whatever program, or printed by an older version: nothing differs."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from bad_files import ENTRY_PART, edited, with_part
from forms import HN2015, changed, good, of_rows
from office import Office
from printed import differences, printed

from xlpkg.form import profiles
from xlpkg.jobs import check_file
from xlpkg.writing import submission as page_of

LONG = changed(HN2015, year_goal=HN2015.year_goal * 20, long_goal=HN2015.long_goal * 9)
MANY = of_rows(HN2015, [i for n in range(6) for i in HN2015.indicators])
GOOD = {"one page": HN2015, "long goals": LONG, "several pages": MANY, "a draft": changed(HN2015, budget="1"),
        **{p: good(p) for p in profiles.available()}}  # fmt: skip


@pytest.mark.parametrize("which", GOOD)
def test_as_written_or_saved_by_openpyxl_nothing_differs(which: str, tmp_path: Path) -> None:
    path = printed(tmp_path / "表.xlsx", GOOD[which])
    assert differences(path) == []
    assert differences(edited(path, tmp_path / "存.xlsx", lambda book: None)) == []


@pytest.mark.office
@pytest.mark.parametrize("which", GOOD)
def test_saved_by_libreoffice_nothing_differs(which: str, tmp_path: Path, office: Office) -> None:
    with office.open(printed(tmp_path / "表.xlsx", GOOD[which])) as document:
        document.save_as(tmp_path / "存.xlsx")
    assert differences(tmp_path / "存.xlsx") == []


def test_widths_and_heights_do_not_count_where_all_is_seen(tmp_path: Path) -> None:
    def wider(book: Any) -> None:
        for column in book.active.column_dimensions.values():
            column.width *= 1.4
        for row in book.active.row_dimensions.values():
            row.height = (row.height or 15) * 1.3

    assert differences(edited(printed(tmp_path / "表.xlsx"), tmp_path / "宽.xlsx", wider)) == []


def test_two_submissions_in_one_workbook_are_no_further_sheets(tmp_path: Path) -> None:
    first, second = printed(tmp_path / "1.xlsx"), printed(tmp_path / "2.xlsx", changed(HN2015, project="修复危桥"))
    with zipfile.ZipFile(second) as book:
        theirs = book.read(ENTRY_PART).decode(), book.read("xl/sharedStrings.xml").decode()
    strings = re.findall(r"<si>(.*?)</si>", theirs[1], re.DOTALL)
    sheet = re.sub(r't="s"><v>(\d+)</v>', lambda m: f't="inlineStr"><is>{strings[int(m[1])]}</is>', theirs[0])
    both = tmp_path / "两份.xlsx"
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(both, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            for part, before, after in (
                ("xl/workbook.xml", b"</sheets>", b'<sheet name="x" sheetId="2" r:id="rId77"/></sheets>'),
                ("xl/_rels/workbook.xml.rels", b"</Relationships>",
                 b'<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
                 b'Target="worksheets/sheet2.xml"/></Relationships>'),
            ):  # fmt: skip
                text = text.replace(before, after) if name == part else text
            new.writestr(name, text)
        new.writestr("xl/worksheets/sheet2.xml", sheet)
    assert [(d.unchanged, d.differences) for d in check_file(both)] == [(True, ()), (True, ())]


def test_what_excel_adds_when_it_saves_is_no_difference(tmp_path: Path) -> None:
    """As Excel and WPS save: printer settings, sounds switched off, black by the theme, font names in codes."""
    whole = printed(tmp_path / "表.xlsx")
    office = "http://schemas.openxmlformats.org/officeDocument/2006"
    relations = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/relationships/printerSettings" Target="../printerSettings/printerSettings1.bin"/></Relationships>'
    )

    def sheet(xml: str) -> str:
        xml = xml.replace("<sheetFormatPr ", '<sheetFormatPr baseColWidth="10" ')
        xml = xml.replace("&amp;C&amp;9", "&amp;C&amp;&quot;宋体,常规&quot;&amp;9")
        xml = re.sub(r'<row (r="\d+")', r'<row \1 spans="1:6"', xml)
        return xml.replace("<pageMargins", '<phoneticPr fontId="1" type="noConversion"/><pageMargins', 1)

    def strings(xml: str) -> str:
        return xml.replace("</si>", '<phoneticPr fontId="1" type="noConversion"/></si>')

    def black(xml: str) -> str:
        return xml.replace('<color rgb="FF000000"/>', '<color theme="1"/>')

    saved = with_part(whole, tmp_path / "1.xlsx", ENTRY_PART, sheet)
    saved = with_part(saved, tmp_path / "2.xlsx", "xl/sharedStrings.xml", strings)
    saved = with_part(saved, tmp_path / "3.xlsx", "xl/styles.xml", black)
    with zipfile.ZipFile(saved, "a") as book:
        book.writestr("xl/worksheets/_rels/sheet1.xml.rels", relations)
        book.writestr("xl/printerSettings/printerSettings1.bin", b"x")
        book.writestr("xl/calcChain.xml", "<calcChain/>")
    assert differences(saved) == []


def test_an_older_page_of_other_widths_and_breaks_is_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_of, "_LEAST_WIDTHS", {"l1": 14.0, "l2": 16.0, "name": 30.0, "value": 12.0, "standard": 9.0})
    monkeypatch.setattr(page_of, "_PAGE_POINTS", 500.0)
    older = printed(tmp_path / "旧.xlsx", MANY)
    monkeypatch.undo()
    assert differences(older) == []
