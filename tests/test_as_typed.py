"""Names are shown as people typed them: the full-width brackets of a project stay what they are in everything that goes out."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import docx
import openpyxl
from forms import HN2015, changed, with_cells

from xlpkg.cli import main
from xlpkg.form import profiles
from xlpkg.writing.build import build

UNIT, PROJECT, ITEM = "云溪县交通运输局（本级）", "农村公路（第２期）", "改造农村公路里程（三级路）"
TYPED = with_cells(changed(HN2015, unit=UNIT, department=UNIT, project=f"　{PROJECT}"), 1, name=ITEM)


def texts_of(path: Path) -> str:
    """Every text of a workbook or a Word file, and what an archive says of its files."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(n).decode("utf-8-sig") for n in archive.namelist() if n.endswith((".csv", ".txt")))
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(p.text for p in document.paragraphs), *cells])
    book = openpyxl.load_workbook(path, data_only=True)
    return "\n".join(str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row if v is not None)


def test_names_go_out_as_they_were_typed(tmp_path: Path) -> None:
    tray, out = tmp_path / "in", tmp_path / "out"
    for folder in (tray, out):
        folder.mkdir()
    profile = profiles.load("hn2015")
    build(tray / "早.xlsx", profile, changed(TYPED, project="农村公路(第2期)", phone="0734-5210002"))  # the same project
    build(tray / "晚.xlsx", profile, TYPED)
    build(tray / "退.xlsx", profile, with_cells(changed(TYPED, project="危桥（第3期）"), 1, value=""))
    os.utime(tray / "早.xlsx", (1000, 1000))
    (tmp_path / "名单.csv").write_text(f"单位,项目\n{UNIT},农村公路(第2期)\n{UNIT},村道（第４期）\n", encoding="utf-8")
    wanted = {"-o": "汇总.xlsx", "--letters": "信", "--publish": "公开", "--archive": "档.zip"}
    where = [word for option, name in wanted.items() for word in (option, str(out / name))]
    assert main(["collect", str(tray), *where, "--roster", str(tmp_path / "名单.csv")]) == 1
    book = openpyxl.load_workbook(out / "汇总.xlsx")
    projects = [[cell.value for cell in row[:3]] for row in book["项目汇总"].iter_rows(min_row=5)]
    assert projects == [[UNIT, UNIT, PROJECT], [UNIT, UNIT, "危桥（第3期）"]], "two versions are one project"
    made = {path.name: texts_of(path) for path in out.rglob("*") if path.suffix in (".xlsx", ".docx", ".zip")}
    assert len(made) == 6, sorted(made)
    for name, said in made.items():
        bare = said.replace("农村公路(第2期)", "", 1) if name == "汇总.xlsx" else said  # the earlier version is shown as it is
        assert "(" not in bare.replace("(万元)", ""), (name, [line for line in bare.split("\n") if "(" in line])
    assert ITEM in made["汇总.xlsx"] and f"第1行“{ITEM}”" in made[next(n for n in made if "危桥" in n)]
    assert "村道（第４期）" in made[next(n for n in made if n.startswith("催报函"))]
