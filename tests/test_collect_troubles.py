"""What people send and have on their disks: nothing stops the run, nothing is lost, nothing that was sent is passed over."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
from forms import HN2015, changed, with_cells

from xlpkg.audit.check import check
from xlpkg.cli import main
from xlpkg.collect.consolidate import Done, Order, collect
from xlpkg.collect.examine import examine
from xlpkg.collect.find import File, digest
from xlpkg.collect.letters import letter
from xlpkg.collect.versions import changes
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration
from xlpkg.reading.read import read
from xlpkg.writing.build import build
from xlpkg.writing.submission import write_submission

pytestmark = pytest.mark.slow

PROFILE = profiles.load("hn2015")
FAULTY = with_cells(HN2015, 1, standard="")


@pytest.fixture
def tray(tmp_path: Path) -> Path:
    """A folder for what is sent."""
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def sent(path: Path, declaration: Declaration = HN2015, **header: str) -> Path:
    build(path, PROFILE, changed(declaration, **header))
    return path


def gathered(tray: Path, **outputs: Path) -> Done:
    return collect(Order(str(tray), tray.parent / "汇总.xlsx", **outputs), lambda now, of: None)


def unread(done: Done) -> dict[str, str]:
    return {file.name: sentence for file, sentence in done.collection.unreadable}


# --- what is sent ---------------------------------------------------------------------------------------------------


def test_whatever_is_no_form_is_named(tray: Path) -> None:
    for name in (
        "照片.jpg",
        "打包.zip",
        "老表.xlsb",
        "无扩展名",
        "数据.json",
        "Thumbs.db",
        ".隐藏.xlsx",
        "~$表.xlsx",
        "退回意见书-某局.docx",
    ):
        (tray / name).write_bytes(b"x")
    build(tray / "空白.xlsx", PROFILE)
    sent(tray / "退回意见书修改后的申报表.xlsx")
    done = gathered(tray)
    assert sorted(unread(done)) == ["打包.zip", "数据.json", "无扩展名", "照片.jpg", "空白.xlsx", "老表.xlsb"]
    assert unread(done)["打包.zip"] == "“打包.zip”是压缩包，没有汇总。请先解压，再汇总一次。"
    assert unread(done)["空白.xlsx"] == "“空白.xlsx”是空白表，什么都没有填，没有汇总。"
    assert done.collection.statistics.count == 1


def test_folders_that_are_not_entered_are_named(tray: Path, tmp_path: Path) -> None:
    sent(tray / "甲.xlsx")
    (tmp_path / "别处").mkdir()
    (tray / "链接").symlink_to(tmp_path / "别处")
    (tray / "圈").symlink_to(tray)
    os.mkfifo(tray / "管道.xlsx")
    (tray / "断链.xlsx").symlink_to(tmp_path / "没有.xlsx")
    told = unread(gathered(tray))
    assert sorted(told) == ["圈", "断链.xlsx", "管道.xlsx", "链接"]
    assert told["链接"] == "“链接”是链接到别处的文件夹，里面的文件没有汇总。请把文件复制到收件的文件夹里。"
    assert told["管道.xlsx"] == "“管道.xlsx”不是普通文件，没有汇总。"


def test_names_of_other_systems_and_huge_files(tray: Path) -> None:
    sent(tray / "甲.xlsx")
    Path(os.fsdecode(os.fsencode(str(tray)) + b"/" + "乙.xlsx".encode("gb18030"))).write_bytes((tray / "甲.xlsx").read_bytes())
    with (tray / "扫描.pdf").open("wb") as file:
        file.truncate(60 << 30)
    with (tray / "大.xlsx").open("wb") as file:
        file.truncate(60 << 30)
    done = gathered(tray)
    assert sorted(unread(done)) == ["大.xlsx", "扫描.pdf"]
    assert {row["文件"] for row in rows(tray.parent / "汇总.xlsx", "重复与版本")} == {"甲.xlsx", "乙.xlsx"}


def rows(book: Path, sheet: str) -> list[dict[str, object]]:
    table = openpyxl.load_workbook(book)[sheet]
    names = [str(c.value) for c in table[4]]
    return [dict(zip(names, line, strict=True)) for line in table.iter_rows(min_row=5, values_only=True) if line[0]]


def test_our_own_output_is_not_collected(tray: Path) -> None:
    sent(tray / "甲.xlsx", FAULTY)
    for _ in range(2):
        assert (
            main(["collect", str(tray), "-o", str(tray / "汇总.xlsx"), "--csv", str(tray / "表"), "--letters", str(tray / "书")])
            == 1
        )
    (tray / "汇总.xlsx").rename(tray / "上周的汇总.xlsx")
    done = gathered(tray)
    assert (done.collection.statistics.count, sorted(unread(done))) == (
        1,
        [f"表/{p.name}" for p in sorted((tray / "表").iterdir())],
    )


def test_a_file_that_could_not_be_read_is_read_again(tray: Path) -> None:
    sent(tray / "甲.xlsx")
    (tray / "乙.xlsx").symlink_to(tray / "晚到.xlsx")
    assert sorted(unread(gathered(tray))) == ["乙.xlsx"]
    sent(tray / "晚到.xlsx", project="危桥")
    done = gathered(tray)
    assert (unread(done), done.collection.statistics.count) == ({}, 2)
    assert gathered(tray).read == 0


def test_a_file_that_cannot_be_opened_has_no_lasting_digest(tray: Path) -> None:
    (tray / "甲.xlsx").mkdir()
    with pytest.raises(OSError, match="no regular file"):
        digest(File("甲.xlsx", str(tray / "甲.xlsx"), 1, "1", 0.0))


def test_a_name_without_end_comes_to_an_end() -> None:
    rnd = hashlib.sha256(b"1").hexdigest() * 500  # it took hours
    report = check(with_cells(with_cells(HN2015, 2, name=rnd), 5, name=rnd[::-1]), PROFILE)
    assert {f.row for f in report.findings if f.rule == "F14"} == {2, 5}


def test_blanks_in_end_tags_come_to_an_end(tray: Path) -> None:
    path = sent(tray / "甲.xlsx")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    part = "xl/worksheets/sheet1.xml"
    extra = b"".join(b'<row r="%d"><c r="A%d" t="n"><v>1</v></c ></row>' % (n, n) for n in range(500, 4500))
    parts[part] = parts[part].replace(b"</sheetData>", extra + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    assert examine(path).projects  # it took minutes


# --- seals ----------------------------------------------------------------------------------------------------------


def test_a_submission_whose_seal_was_taken_off_is_sent_back(tray: Path) -> None:
    source = read(sent(tray / "甲.xlsx"))
    report = check(source.declaration, source.profile)
    write_submission(tray / "申报表.xlsx", report)
    (tray / "甲.xlsx").unlink()
    assert gathered(tray).collection.statistics.passed == 1
    book = openpyxl.load_workbook(tray / "申报表.xlsx")
    for row in book["申报表"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and "校验码" in cell.value:
                cell.value = cell.value.replace(report.seal, "")
    book.save(tray / "申报表.xlsx")
    done = gathered(tray)
    ((_, project),) = done.collection.projects()
    assert (project.kind, project.unchanged, project.passed) == ("申报表", "缺校验码", False)
    sent_back = letter(project)
    assert sent_back and sent_back.rows[0][1] == "校验码"
    assert main(["check", str(tray / "申报表.xlsx")]) == 1


# --- what is written ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--csv", "--parquet"])
def test_a_folder_with_files_of_the_user_is_refused(tray: Path, tmp_path: Path, option: str) -> None:
    (tmp_path / "台账").mkdir()
    theirs = tmp_path / "台账" / f"我的台账.{option[2:]}"
    theirs.write_text("x", encoding="utf-8")
    assert main(["collect", str(tray), option, str(tmp_path / "台账")]) == 2
    assert theirs.exists()


def test_letters_that_were_edited_or_are_not_ours_stay(tray: Path, tmp_path: Path) -> None:
    sent(tray / "甲.xlsx", FAULTY)
    folder = tmp_path / "书"
    folder.mkdir()
    (folder / "退回意见书模板.docx").write_bytes(b"x")
    gathered(tray, letters=folder)
    (made,) = (p for p in folder.glob("*.docx") if "模板" not in p.name)
    made.write_bytes(b"edited")
    gathered(tray, letters=folder)
    assert sorted(p.name for p in folder.glob("*.docx")) == sorted(["退回意见书模板.docx", made.name, f"{made.stem}-2.docx"])
    sent(tray / "甲.xlsx")
    gathered(tray, letters=folder)
    assert sorted(p.name for p in folder.glob("*.docx")) == sorted(["退回意见书模板.docx", made.name])


def test_long_names_of_units_and_projects(tray: Path, tmp_path: Path) -> None:
    sent(tray / "甲.xlsx", FAULTY, unit="局" * 90, project="工程" * 900)
    done = gathered(tray, letters=tmp_path / "书")
    (made,) = (tmp_path / "书").glob("*.docx")
    assert done.letters == 1 and len(made.name.encode()) < 255
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["退回意见书"]
    assert max(d.height or 0 for d in sheet.row_dimensions.values()) <= 409


def test_links_lead_to_folders_and_sheets_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "in #1 50% & 收件"
    folder.mkdir()
    path = sent(folder / "甲.xlsx", FAULTY)
    book = openpyxl.load_workbook(path)
    book["填报"].title = "a'b #1"
    book.save(path)
    collect(Order(str(folder), tmp_path / "汇总.xlsx"), lambda now, of: None)
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["问题清单"]
    (link,) = {c.hyperlink.target for row in sheet.iter_rows() for c in row if c.hyperlink and not c.hyperlink.location}
    places = {c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink and c.hyperlink.location}
    assert link.replace("\\", "/") == "in%20%231%2050%25%20&%20收件/甲.xlsx"
    assert places and all(place.startswith("'a''b #1'!") for place in places)


def test_json_alone_leaves_nothing(tray: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(tray / "甲.xlsx")
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    assert main(["collect", str(tray), "--json"]) == 0
    assert list((tmp_path / "cwd").iterdir()) == []


# --- versions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["E21", "F21", "G21", "E18", "F18", "G18", "E26", "F26", "G26"])
def test_a_change_of_sign_figure_or_unit_names_its_cell(tray: Path, cell: str) -> None:
    form = with_cells(with_cells(HN2015, 4, value="2024年11月30日前"), 9, value="健全机制")
    old, new = sent(tray / "甲.xlsx", form), tray / "乙.xlsx"
    for path, text in ((old, "起"), (new, "末")):
        book = openpyxl.load_workbook(old)
        book["填报"][cell] = {"E": "≥", "F": "9", "G": "个"}[cell[0]] if path == old else text
        book.save(path)
    (before,), (after,) = examine(old).projects, examine(new).projects
    assert before and after
    (change,) = changes(before, after)
    assert change.cell == cell


# --- tables ---------------------------------------------------------------------------------------------------------


def test_ranges_and_words_in_the_table_of_indicators(tray: Path) -> None:
    (project,) = examine(sent(tray / "甲.xlsx", with_cells(with_cells(HN2015, 1, value="10-12公里"), 9, value="健全"))).projects
    assert project
    assert [(i.op, i.number, i.unit) for i in (project.lines[0], project.lines[8])] == [("", "10-12", "公里"), ("定性", "", "")]


def test_like_costs_without_a_quantity_are_compared_as_a_whole(tray: Path) -> None:
    for n, amount in enumerate(("5", "6", "50")):
        cost = with_cells(with_cells(HN2015, 6, name="电信网络服务费", value=f"≤{amount}万元"), 2, name="修复危桥座数")
        sent(tray / f"{n}.xlsx", cost, unit=f"第{n}局", department=f"第{n}局")
    gathered(tray)
    found = [r for r in rows(tray.parent / "汇总.xlsx", "成本分项") if r["成本项目"] == "电信网络服务费"]
    assert [(r["同类"], r["同类中位数（元）"], r["为中位数的倍数"]) for r in found] == [
        ("电信网络服务（总额）", 60000, round(n / 6, 2)) for n in (5, 6, 50)
    ]  # fmt: skip
