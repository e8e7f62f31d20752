"""The built form as a file: what Excel 2010 and WPS need, read from the XML itself; and the wheel that carries the data."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from xlpkg.audit.check import check
from xlpkg.audit.rules import RULES
from xlpkg.collect.receiver import build_receiver
from xlpkg.form import profiles
from xlpkg.form.declaration import from_json
from xlpkg.layout import CREATED
from xlpkg.writing.build import build, build_addin
from xlpkg.writing.submission import write_submission

ROOT = Path(__file__).parent.parent
REAL = from_json((ROOT / "workbook" / "samples" / "network_office.json").read_text(encoding="utf-8"))
NEWER_THAN_2010 = "XLOOKUP LET TEXTJOIN FILTER UNIQUE SORT SEQUENCE CONCAT IFS SWITCH IFNA XOR DAYS NUMBERVALUE ISFORMULA".split()  # noqa: SIM905 a word list


@pytest.fixture(scope="module", params=["blank hn2015", "blank mof2021", "filled hn2015", "checked hn2015"])
def parts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The XML parts of a built form by name."""
    kind, profile_id = request.param.split()
    path = tmp_path_factory.mktemp("built") / "form.xlsx"
    form = profiles.load(profile_id)
    build(path, form, None if kind == "blank" else REAL, check(REAL, form) if kind == "checked" else None)
    with zipfile.ZipFile(path) as file:
        return {n: file.read(n).decode() for n in file.namelist()}


def test_every_list_is_a_range_or_short(parts: dict[str, str]) -> None:
    sources = [s for xml in parts.values() for s in re.findall(r'type="list".*?<formula1>(.*?)</formula1>', xml)]
    assert len(sources) == 6
    assert all("选项!" in s or len(s) < 255 for s in sources)


def test_nothing_points_nowhere(parts: dict[str, str]) -> None:
    assert not [name for name, xml in parts.items() if "#REF!" in xml]


def test_no_function_is_newer_than_excel_2010(parts: dict[str, str]) -> None:
    formulas = [f for xml in parts.values() for f in re.findall(r"<(?:f|formula1?)\b[^>]*>(.*?)</", xml)]
    assert len(formulas) > 100
    assert not [f for f in formulas if "_xlfn" in f or re.search(rf"\b(?:{'|'.join(NEWER_THAN_2010)})\(", f)]
    assert max(len(f) for f in formulas) < 8192


def test_every_name_is_used(parts: dict[str, str]) -> None:
    names = re.findall(r'<definedName name="([^"]+)"', parts["xl/workbook.xml"])
    assert {n for n in names if not n.startswith("_xlnm.")} == set()


def test_prompts_fit_what_excel_allows(parts: dict[str, str]) -> None:
    for xml in parts.values():
        assert all(len(t) <= 32 for t in re.findall(r'promptTitle="([^"]*)"', xml))
        assert all(len(t) <= 255 for t in re.findall(r'prompt="([^"]*)"', xml))
        assert all(len(t) <= 225 for t in re.findall(r' error="([^"]*)"', xml))


@pytest.mark.parametrize("name", sorted(p.name for p in (ROOT / "workbook").glob("*.xl*")))
def test_committed_workbook_is_current(name: str, tmp_path: Path) -> None:
    kept_file, now_file = ROOT / "workbook" / name, tmp_path / name
    if kept_file.suffix == ".xlam":
        build_addin(now_file)
    elif kept_file.stem == "receiver":
        build_receiver(now_file)
    else:
        build(now_file, profiles.load(kept_file.stem))
    with zipfile.ZipFile(now_file) as now, zipfile.ZipFile(kept_file) as kept:
        assert now.namelist() == kept.namelist()
        assert [n for n in now.namelist() if now.read(n) != kept.read(n)] == []


def test_sheets_stand_in_order_and_the_lists_are_hidden(tmp_path: Path) -> None:
    build(tmp_path / "form.xlsx", profiles.load("hn2015"))
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    assert book.sheetnames == ["填报", "检查结果", "事项对照", "申报表", "导入说明", "填报说明", "选项", "面板计算"]
    empty = ["检查结果", "事项对照", "申报表", "导入说明"]  # shown when there is something to see
    assert [s.title for s in book if s.sheet_state != "visible"] == [*empty, "选项", "面板计算"]


def test_guide_has_every_rule_with_its_examples(tmp_path: Path) -> None:
    build(tmp_path / "form.xlsx", profiles.load("hn2015"))
    guide = openpyxl.load_workbook(tmp_path / "form.xlsx")["填报说明"]
    rows = {r[0].value: tuple(c.value for c in r[2:5]) for r in guide.iter_rows() if r[0].value in RULES}
    assert rows == {code: (rule.name, rule.violates, rule.passes) for code, rule in RULES.items()}


def test_submission_carries_no_person_no_macro_no_hidden_sheet(tmp_path: Path) -> None:
    write_submission(tmp_path / "sub.xlsx", check(REAL, profiles.load("hn2015")))
    book = openpyxl.load_workbook(tmp_path / "sub.xlsx")
    assert (book.sheetnames, book.properties.creator, book.properties.lastModifiedBy) == (["申报表"], None, None)
    with zipfile.ZipFile(tmp_path / "sub.xlsx") as file:
        assert not [n for n in file.namelist() if "vba" in n.lower() or "custom" in n.lower() or "printerSettings" in n]
    sheet = book["申报表"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == (9, "portrait", None)
    assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$10:$10"
    assert all(sheet.row_dimensions[r].height for r in range(1, sheet.max_row + 1))
    merged = {str(r) for r in sheet.merged_cells.ranges}
    assert {"A1:F1", "A11:A30", "B11:B30", "C11:C22"} <= merged


def test_submission_is_the_printed_page_of_a_checked_copy(tmp_path: Path) -> None:
    """One drawer: the file sent upward and the sheet of a checked copy look the same."""
    profile = profiles.load("hn2015")
    report = check(REAL, profile)
    write_submission(tmp_path / "sub.xlsx", report)
    build(tmp_path / "checked.xlsx", profile, REAL, report)

    def drawn(name: str, sheet: int) -> str:
        """The sheet but for what numbers of other parts it names, and whether it is the one in front."""
        with zipfile.ZipFile(tmp_path / name) as file:
            xml = file.read(f"xl/worksheets/sheet{sheet}.xml").decode()
        return re.sub(r' s="[0-9]+"|<v>[0-9]+</v>| tabSelected="1"', "", xml)

    assert drawn("sub.xlsx", 1) == drawn("checked.xlsx", 5)
    for part in ('orientation="portrait"', "<oddHeader>&amp;C&amp;14", "<rowBreaks", "mergeCell ", 'paperSize="9"'):
        assert part in drawn("sub.xlsx", 1)


def test_every_cell_of_merged_cells_has_their_borders(tmp_path: Path) -> None:
    """Read from the XML: openpyxl gives the cells below and beside the first one borders of its own."""
    write_submission(tmp_path / "sub.xlsx", check(REAL, profiles.load("hn2015")))
    with zipfile.ZipFile(tmp_path / "sub.xlsx") as file:
        styles = dict(re.findall(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"', file.read("xl/worksheets/sheet1.xml").decode()))
    for column in "ABC":
        assert len({styles[f"{column}{row}"] for row in range(11, 23)}) == 1


def test_same_content_is_the_same_file(tmp_path: Path) -> None:
    for name in ("one.xlsx", "other.xlsx"):
        write_submission(tmp_path / name, check(REAL, profiles.load("hn2015")))
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "other.xlsx").read_bytes()
    assert openpyxl.load_workbook(tmp_path / "one.xlsx").properties.created == CREATED


@pytest.mark.slow
def test_wheel_carries_the_profiles_and_works_unpacked(tmp_path: Path) -> None:
    source = tmp_path / "source"  # setuptools leaves a build folder behind
    for name in ("xlpkg", "workbook", "macros"):
        shutil.copytree(ROOT / name, source / name)
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
        wheel.extractall(tmp_path / "site")
    assert {"xlpkg/workbook/profiles/hn2015.toml", "xlpkg/workbook/hn2015.xlsx", "xlpkg/macros/README.md"} <= set(names)
    run = subprocess.run(
        [sys.executable, "-m", "xlpkg", "check", str(ROOT / "workbook" / "samples" / "rural_roads.json")],
        capture_output=True, text=True, cwd=tmp_path / "site", env={"PYTHONPATH": str(tmp_path / "site")}, encoding="utf-8",
    )  # fmt: skip
    assert run.returncode == 0 and "成本合计1160.5万元，可用资金1160.5万元（本级860.5万元，上级300万元），差额0万元" in run.stdout
