"""Every kind of file that we write, as Excel and Word would look at it: two audits, each shown to find a file broken on purpose."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import ooxml_audit
import pytest
from bureau import fill
from ooxml_audit import audit
from openxml_audit import FileFormat, OpenXmlValidator
from year_forms import GOOD as YEAR_FORMS
from year_forms import changed, judged

from xlpkg.audit.check import check
from xlpkg.collect.consolidate import Order, collect
from xlpkg.collect.receiver import build_receiver
from xlpkg.form import profiles
from xlpkg.form.declaration import from_json
from xlpkg.writing.build import build, build_addin
from xlpkg.writing.submission import write_submission
from xlpkg.year.form import MONITORING, SELF_EVALUATION
from xlpkg.year.page import write_submission as write_later_submission
from xlpkg.year.workbook import build as build_later

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
REAL = from_json((ROOT / "workbook/samples/network_office.json").read_text(encoding="utf-8"))
GOOD = from_json((ROOT / "workbook/samples/network_office_corrected.json").read_text(encoding="utf-8"))


def blank_form(path: Path) -> None:
    build(path, profiles.load(path.stem))


def checked_copy(path: Path) -> None:
    build(path, profiles.load(REAL.profile), REAL, check(REAL, profiles.load(REAL.profile)))


def draft(path: Path) -> None:
    write_submission(path, check(REAL, profiles.load(REAL.profile)))


def submission(path: Path) -> None:
    write_submission(path, check(GOOD, profiles.load(GOOD.profile)))


def collected(path: Path) -> None:
    fill(path.parent / "in", 24)
    collect(Order(str(path.parent / "in"), workbook=path), lambda now, of: None)


def letter(path: Path) -> None:
    fill(path.parent / "in", 8)
    collect(Order(str(path.parent / "in"), letters=path.parent / "letters"), lambda now, of: None)
    next(iter(sorted((path.parent / "letters").glob("*.docx")))).rename(path)


def later_form(path: Path) -> None:
    kind = MONITORING if path.stem == "monitoring" else SELF_EVALUATION
    build_later(path, judged(changed(YEAR_FORMS[kind], "1 actual = =7公里\n2 actual = 已开展")), checked=True)


def later_submission(path: Path) -> None:
    write_later_submission(path, judged(YEAR_FORMS[MONITORING]))


WRITTEN: dict[str, Callable[[Path], None]] = {
    **{f"{name}.{kind}": blank_form for name in profiles.available() for kind in ("xlsx", "xlsm")},
    "checked.xlsx": checked_copy,
    "checked.xlsm": checked_copy,
    "draft.xlsx": draft,
    "submission.xlsx": submission,
    "collected.xlsx": collected,
    "addin.xlam": build_addin,
    "receiver.xlsm": build_receiver,
    "letter.docx": letter,
    **{f"{kind}.{suffix}": later_form for kind in (MONITORING, SELF_EVALUATION) for suffix in ("xlsx", "xlsm")},
    "later_submission.xlsx": later_submission,
}


def of_the_schema(path: Path) -> list[str]:
    """What openxml-audit says, in the words of Microsoft's own schema."""
    return [str(error) for error in OpenXmlValidator(file_format=FileFormat.OFFICE_2019, max_errors=10).validate(str(path)).errors]


@pytest.mark.parametrize("name", WRITTEN)
def test_both_audits_find_nothing_in_what_we_write(name: str, tmp_path: Path) -> None:
    WRITTEN[name](tmp_path / name)
    assert audit(tmp_path / name) == []
    if not (name.endswith(".xlsm") and name.replace(".xlsm", ".xlsx") in WRITTEN):  # the same sheets, looked at already
        assert of_the_schema(tmp_path / name) == []


def test_the_schema_audit_finds_nothing_in_a_form_with_macros(tmp_path: Path) -> None:
    blank_form(tmp_path / "hn2015.xlsm")
    assert of_the_schema(tmp_path / "hn2015.xlsm") == []


# --- broken on purpose ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A form, a consolidated workbook and a letter, as bytes."""
    folder = tmp_path_factory.mktemp("good")
    checked_copy(folder / "form.xlsm")
    collected(folder / "collected.xlsx")
    letter(folder / "letter.docx")
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}


def broken(good: bytes, part: str, old: str, new: str) -> bytes:
    """The package with a text of a part replaced once; a part replaced by nothing is left out."""
    out, done = BytesIO(), False
    with zipfile.ZipFile(BytesIO(good)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if re.fullmatch(part, name) and not done:
                if not old:
                    done = True
                    continue
                changed = re.sub(old, new, data.decode(), count=1, flags=re.DOTALL)
                done = changed != data.decode()
                data = changed.encode()
            after.writestr(name, data)
    assert done, f"nothing like {old} in {part}"
    return out.getvalue()


SHEET, STYLES, BOOK = r"xl/worksheets/sheet\d+\.xml", "xl/styles.xml", "xl/workbook.xml"
LONG = "x" * 300
MERGES_LAST = r"(<mergeCells.*?</mergeCells>)(.*)(<dataValidations.*?</dataValidations>)"
FAULTS = (
    ("form.xlsm", SHEET, "</sheetData>", "", "no XML"),
    ("form.xlsm", r"\[Content_Types\].xml", r'<Override PartName="/xl/worksheets/sheet1.xml"[^>]*>', "", "no content type"),
    ("form.xlsm", "xl/sharedStrings.xml", "", "", "which is not there|part that is not there"),
    ("form.xlsm", r"xl/_rels/workbook.xml.rels", 'Id="rId1"', 'Id="rId2"', "two relationships of one id"),
    ("form.xlsm", SHEET, 'r:id="rId1"', 'r:id="rId99"', "rId99 is no relationship"),
    ("form.xlsm", STYLES, r'<fonts count="\d+"', '<fonts count="1"', "styles: fonts count"),
    ("form.xlsm", STYLES, r'(<cellXfs.*?)fontId="\d+"', r'\1fontId="999"', "styles: fontId 999"),
    ("form.xlsm", SHEET, r'(<c r="[A-Z]+\d+" )s="\d+"', r'\1s="9999"', r"style 9999"),
    ("form.xlsm", SHEET, r'dxfId="\d+"', 'dxfId="999"', "format 999 of a conditional format"),
    ("form.xlsm", SHEET, r't="s"><v>\d+<', 't="s"><v>99999<', "shared string 99999"),
    ("form.xlsm", SHEET, r'(<c r="[A-Z]+\d+"(?: s="\d+")?)( t="s")?><v>\d+<', r"\1><v>abc<", "“abc” is no number"),
    ("form.xlsm", SHEET, MERGES_LAST, r"\3\2\1", "order of elem"),
    ("form.xlsm", SHEET, r'<row r="3"', '<row r="1"', "row 1 after"),
    ("form.xlsm", SHEET, r'(<row r="\d+"[^>]*)>', r'\1 ht="500" customHeight="1">', "height of row|no XML"),
    ("form.xlsm", SHEET, r'<c r="B(\d+)"', r'<c r="A\1"', "out of order"),
    ("form.xlsm", SHEET, r'(<mergeCell ref="[A-Z]+)(\d+)(:[A-Z]+)\d+"/>', r'\1\2\3\2"/><mergeCell ref="A1:Z200"/>', "merged areas"),
    ("form.xlsm", BOOK, '<sheet name="[^"]*"', '<sheet name="a:b"', "sheet name “a:b”"),
    ("form.xlsm", BOOK, r"(<definedName [^>]*>)[^<]*<", r"\1#REF!<", "#REF!"),
    ("collected.xlsx", BOOK, '_xlnm._FilterDatabase', "_other", "filter without its name"),
    ("form.xlsm", SHEET, r"<f>[^<]*</f>", "<f>XLOOKUP(1,A:A,B:B)</f>", "XLOOKUP"),
    ("form.xlsm", SHEET, r"<f>[^<]*</f>", f'<f>"{LONG}"</f>', "a text of more than 255 characters"),
    ("form.xlsm", SHEET, r"<f>[^<]*</f>", f"<f>{'(' * 70}1{')' * 70}</f>", "70 levels"),
    ("form.xlsm", SHEET, r"<f>[^<]*</f>", "<f>SUM(A1</f>", r"SUM\(A1"),
    ("form.xlsm", SHEET, r"(<dataValidation [^>]*type=\"list\"[^>]*>)<formula1>[^<]*", rf'\1<formula1>"{LONG}"', "list too long"),
    ("form.xlsm", SHEET, r'promptTitle="[^"]*"', f'promptTitle="{LONG}"', "promptTitle too long"),
    ("form.xlsm", SHEET, r'(<dataValidation [^>]*sqref=")[^"]*"', r'\1A1:Z300"', "validations"),
    ("form.xlsm", r"xl/tables/table1.xml", r'(<tableColumn id="1" name=")[^"]*"', r'\1别的"', "head “别的”"),
    ("form.xlsm", r"xl/tables/table1.xml", r'(<tableColumn id="1" name="([^"]*)".*?id="2" name=")[^"]*"', r'\1\2"', "columns"),
    ("collected.xlsx", SHEET, r'(<hyperlink ref="[A-Z]+\d+") r:id="rId\d+"', r'\1 location="没有!A1"', "link to the sheet 没有"),
    ("collected.xlsx", SHEET, r'(<hyperlink ref="[A-Z]+\d+") r:id="rId\d+"', r"\1", "link without a target"),
    ("form.xlsm", SHEET, r"<oddFooter>[^<]*<", f"<oddFooter>{LONG}<", "oddFooter too long"),
    ("letter.docx", r"word/styles.xml", "", "", "which is not there|part that is not there"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "part", "old", "new", "says"), FAULTS, ids=lambda value: str(value)[:30])
def test_our_audit_finds_a_file_broken_on_purpose(
    samples: dict[str, bytes], name: str, part: str, old: str, new: str, says: str
) -> None:
    assert audit(samples[name]) == []
    found = audit(broken(samples[name], part, old, new))
    assert [line for line in found if re.search(says, line)], found


@pytest.mark.parametrize(
    ("name", "part", "old", "new"),
    [
        ("form.xlsm", SHEET, MERGES_LAST, r"\3\2\1"),
        ("form.xlsm", SHEET, r't="s"><v>\d+<', 't="s"><v>99999<'),
        ("letter.docx", "word/document.xml", "<w:body>", "<w:body><w:nothing/>"),
    ],
    ids=["order of elements", "shared string", "unknown element"],
)
def test_the_schema_audit_finds_a_file_broken_on_purpose(
    samples: dict[str, bytes], tmp_path: Path, name: str, part: str, old: str, new: str
) -> None:
    (tmp_path / name).write_bytes(broken(samples[name], part, old, new))
    assert of_the_schema(tmp_path / name)


def test_each_check_is_shown_to_find_something() -> None:
    """A check that no broken file needs would be a check that cannot fail."""
    checks = {check.__name__ for check in (*ooxml_audit.OF_PACKAGES, *ooxml_audit.OF_WORKBOOKS)}
    shown = {
        "content_types": "no content type", "relations_lead_somewhere": "no relationship", "styles": "styles: fontId",
        "texts": "no number",
        "rows_and_cells_in_order": "out of order", "merges": "merged areas", "names": "sheet name", "formulas": "XLOOKUP",
        "validations": "list too long", "tables": "columns", "links": "link without", "page_texts": "oddFooter too long",
    }  # fmt: skip
    assert checks == set(shown)
    assert all(any(words in fault[4] for fault in FAULTS) for words in shown.values())
