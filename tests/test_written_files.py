"""What cannot be written, and what must stay a text in what is written."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from bad_files import (
    DENIED,
    Run,
    in_process,
)
from forms import HN2015, changed, with_cells
from layouts import LAYOUTS

from xlpkg.form.declaration import to_json
from xlpkg.writing.submission import SUBMISSION

pytestmark = pytest.mark.slow

# --- what is written ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["~$出.xlsx", ".~lock.出.xlsx#"], ids=["Excel", "LibreOffice"])
@pytest.mark.parametrize("command", ["convert", "fix", "submit"])
def test_output_is_open_elsewhere(run: Run, folder: Path, form: Path, lock: str, command: str) -> None:
    target = folder / "出.xlsx"
    target.write_bytes(b"theirs")
    (folder / lock).touch()
    assert run(command, form, "-o", target) == (2, "", "“出.xlsx”正在别的程序里打开，请关闭后再试。\n")
    assert target.read_bytes() == b"theirs"


@pytest.mark.parametrize(
    "command",
    [
        "check 表.xlsx -o", "fix 表.xlsx -o", "submit 表.xlsx -o", "convert 表.xlsx -o", "new -o", "new --from 表.xlsx -o",
        "collect 收件 -o", "doctor -o", "kit -o",
    ],
)  # fmt: skip
def test_output_is_a_folder(run: Run, folder: Path, form: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = {"doctor -o": "出.txt", "kit -o": "出.zip"}.get(command, "出.xlsx")
    _received(folder, form)
    (folder / name).mkdir()
    monkeypatch.chdir(folder)
    assert run(*command.split(), name) == (2, "", f"“{name}”是文件夹，请写一个文件名。\n")
    assert sorted(p.name for p in folder.iterdir()) == sorted(["表.xlsx", "收件", name])


@pytest.mark.parametrize("command", ["check", "fix", "submit", "convert", "new --from"])
@pytest.mark.parametrize("name", ["表.xlsx", "另名.xlsx"])
def test_output_is_the_input(run: Run, folder: Path, form: Path, command: str, name: str) -> None:
    """Also under another name of the same file."""
    source = folder / "表.xlsx"
    source.write_bytes(form.read_bytes())
    (folder / "另名.xlsx").hardlink_to(source)
    assert run(*command.split(), source, "-o", folder / name) == (2, "", "输出文件不能就是原文件，请换一个文件名。\n")
    assert source.read_bytes() == form.read_bytes()


@pytest.mark.parametrize("option", ["--letters", "--csv", "--parquet"])
def test_output_folder_is_a_file(run: Run, folder: Path, form: Path, option: str) -> None:
    received = _received(folder, form)
    assert run("collect", received, option, folder / "表.xlsx") == (2, "", "“表.xlsx”是文件，请写文件夹。\n")
    assert (folder / "表.xlsx").read_bytes() == form.read_bytes()


def test_what_was_sent_is_never_written_over_by_the_consolidation(run: Run, folder: Path, form: Path) -> None:
    received = _received(folder, form)
    answer = run("collect", received, "-o", received / "甲.xlsx")
    assert answer == (2, "", "“甲.xlsx”是收到的文件，不能当作输出，请换一个文件名。\n")
    assert (received / "甲.xlsx").read_bytes() == form.read_bytes()
    for _ in range(2):  # its own workbook of the last time it may
        assert run("collect", received, "-o", received / "汇总.xlsx").code == 0


@pytest.mark.parametrize("there", ["open elsewhere", "a folder"])
def test_the_pdf_is_looked_at_before_anything_is_written(run: Run, folder: Path, form: Path, there: str) -> None:
    pdf = folder / "出.pdf"
    if there == "a folder":
        pdf.mkdir()
    else:
        pdf.write_bytes(b"theirs")
        (folder / ".~lock.出.pdf#").touch()
    sentence = "“出.pdf”是文件夹，请写一个文件名。\n" if there == "a folder" else "“出.pdf”正在别的程序里打开，请关闭后再试。\n"
    assert run("submit", form, "-o", folder / "出.xlsx", "--pdf") == (2, "", sentence)
    assert not (folder / "出.xlsx").exists()


def test_two_at_once_write_the_same_file(folder: Path, form: Path) -> None:
    """Whoever comes last has the file; it is whole, and nothing lies beside it."""
    target = folder / "出.xlsx"
    command = [sys.executable, "-m", "xlpkg", "submit", str(form), "-o", str(target)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(p.communicate()[1], p.returncode) for p in started] == [(b"", 0)] * 4
    assert [p.name for p in folder.iterdir()] == ["出.xlsx"]
    assert openpyxl.load_workbook(target).sheetnames == [SUBMISSION]


def _received(folder: Path, form: Path) -> Path:
    """A folder 收件 with one form, and the form beside it."""
    received = folder / "收件"
    received.mkdir()
    shutil.copy(form, received / "甲.xlsx")
    shutil.copy(form, folder / "表.xlsx")
    return received


@pytest.mark.parametrize("name", ["x.xlsx", "x.json"])
def test_folder_that_cannot_be_written(run: Run, form: Path, name: str) -> None:
    assert run("convert", form, "-o", f"/sys/{name}") == (2, "", DENIED + "\n")
    assert not Path("/sys", name).exists()


def test_folder_that_takes_no_files(run: Run, form: Path) -> None:
    """/proc answers "No such file or directory" although the folder is there."""
    code, out, err = run("submit", form, "-o", "/proc/x.xlsx")
    assert (code, out) == (2, "")
    assert err == DENIED + "\n"


def test_folder_that_is_not_there(run: Run, folder: Path, form: Path) -> None:
    target = folder / "没有" / "表.xlsx"
    assert run("convert", form, "-o", target) == (2, "", f"文件夹“{target.parent}”不存在，请先建好。\n")


FULL = "磁盘写不下这么大的文件，没有写出文件。请腾出空间后再试。\n"


@pytest.mark.parametrize("largest_file", [512, 1024])
@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("convert", "出.xlsx"), ("convert", "出.xlsm"), ("convert", "出.json"), ("check", "出.xlsx"), ("submit", "出.xlsx"),
        ("fix", "出.xlsx"),
    ],
)  # fmt: skip
def test_full_disk(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Path, command: str, name: str, largest_file: int
) -> None:
    """The old file stays, nothing lies beside it, nothing is left where temporary files are made."""
    target, temporary = folder / name, tmp_path / "temporary"
    target.write_bytes(b"before")
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    before = sorted(folder.rglob("*"))
    assert in_process(command, form, "-o", target, largest_file=largest_file) == (2, "", FULL)
    assert target.read_bytes() == b"before"
    assert sorted(folder.rglob("*")) == before
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("largest_file", [512, 1024])
def test_full_disk_while_collecting(tmp_path: Path, form: Path, largest_file: int) -> None:
    received, out = tmp_path / "收件", tmp_path / "汇总"
    received.mkdir()
    out.mkdir()
    shutil.copy(form, received)
    answer = in_process("collect", received, "-o", out / "汇总.xlsx", largest_file=largest_file)
    assert answer == (2, "", "磁盘已满，没有汇总完。请腾出空间后再汇总一次，已经读过的不必重读。\n")
    assert list(out.iterdir()) == []


def test_path_with_chinese_and_blanks(folder: Path, form: Path) -> None:
    place = folder / "二〇二四年 预算 （最终）"
    place.mkdir()
    source, target = place / "申报 表①.xlsx", place / "检查 稿.xlsx"
    source.write_bytes(form.read_bytes())
    answer = in_process("check", source, "-o", target)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("申报 表①.xlsx　可报送")
    assert answer.out.endswith(f"已写出检查稿：{target}\n")
    assert openpyxl.load_workbook(target)["填报"]["C8"].value == HN2015.project


def test_path_longer_than_excel_opens(run: Run, folder: Path, form: Path) -> None:
    place = folder.joinpath("长" * 60, "名" * 60, "字" * 60)
    place.mkdir(parents=True)
    source, target = place / f"{'表' * 60}.xlsx", place / f"{'出' * 60}.xlsx"
    source.write_bytes(form.read_bytes())
    assert len(str(source)) > 259
    assert run("check", source).code == 0
    assert run("convert", source, "-o", target) == (2, "", "输出文件的路径超过259个字符，Excel打不开，请改短。\n")
    assert not target.exists()


def test_file_name_longer_than_the_disk_allows(run: Run, folder: Path) -> None:
    assert run("check", folder / f"{'表' * 100}.xlsx") == (2, "", "文件名或路径太长，请改短后再试。\n")


def test_a_text_that_no_cell_holds_is_refused_not_lost(run: Run, folder: Path) -> None:
    source = folder / "表.txt"
    LAYOUTS["lines"][0](changed(HN2015, year_goal="改造公路" * 10_000), source)
    sentence = "“表.txt”：“本年度绩效目标”有40000个字，超过Excel一格最多32767个字，请缩短。\n"
    assert run("convert", source, "-o", folder / "出.xlsx") == (2, "", sentence)
    assert not (folder / "出.xlsx").exists()


def test_signs_that_no_xml_takes_fall_away(run: Run, folder: Path) -> None:
    source, target, letters = folder / "表.txt", folder / "出.xlsx", folder / "退回"
    LAYOUTS["lines"][0](changed(HN2015, project="修\x07复\x1b危桥\ufffe", budget="1"), source)
    assert run("convert", source, "-o", target).code == 0
    assert openpyxl.load_workbook(target)["填报"]["C8"].value == "修复危桥"
    assert run("collect", folder, "--letters", letters).code == 1
    assert len(list(letters.glob("*修复危桥*.docx"))) == 1


def test_no_text_becomes_markup_or_a_link_elsewhere(run: Run, folder: Path) -> None:
    """In forms, submissions, letters and tables; also from names of files and sheets."""
    texts = ["<b>甲</b>", "&amp;&lt;", "]]>", "_x0041_", "http://x.cn/甲", "mailto:a@b.c", "\\\\x\\y", "&C&G&Z"]
    declaration = changed(HN2015, **dict(zip(("unit", "department", "project", "period"), texts[4:], strict=True)), budget="1")
    for row, text in enumerate(texts, 1):
        declaration = with_cells(declaration, row, name=text)
    received = folder / "收件"
    received.mkdir()
    source = folder / "甲.json"
    source.write_text(to_json(declaration), encoding="utf-8")
    for name in ("http:甲#b.xlsx", "mailto:a@b.c.xlsx"):
        assert run("convert", source, "-o", received / name).code == 0
    assert run("submit", source, "-o", received / "=1+1.xlsx").code == 0
    assert run("collect", received, "-o", folder / "汇总.xlsx", "--letters", folder / "退回", "--csv", folder / "csv").code == 1
    for path in (*received.iterdir(), folder / "汇总.xlsx"):
        book = openpyxl.load_workbook(path)
        cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
        assert {*texts} <= {c.value for c in cells} and not [c for c in cells if c.value in texts and c.data_type != "s"]
        links = [c.hyperlink.target for c in cells if c.hyperlink and c.hyperlink.target]
        assert all(unquote(link).startswith("收件\\") for link in links), links
    for path in (folder / "退回").iterdir():
        with zipfile.ZipFile(path) if path.suffix == ".docx" else nullcontext() as package:
            assert not package or "http://x.cn" not in package.read("word/_rels/document.xml.rels").decode()


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "{=1}", "http://x.cn"]


def test_text_that_begins_like_a_formula_is_a_text_everywhere(run: Run, folder: Path) -> None:
    fields = ("unit", "department", "project", "period", "long_goal", "year_goal", "filler", "phone")
    declaration = changed(HN2015, **dict(zip(fields, FORMULAS, strict=True)))
    for row, text in enumerate(FORMULAS, 1):
        declaration = with_cells(declaration, row, name=text, value=text)
    source, form, checked, submission = (folder / n for n in ("甲.json", "表.xlsx", "检查稿.xlsx", "申报表.xlsx"))
    source.write_text(to_json(declaration), encoding="utf-8")
    assert run("convert", source, "-o", form).code == 0
    assert run("check", source, "-o", checked).code in (0, 1)
    assert run("submit", source, "-o", submission).code == 0
    for path, sheet in ((form, "填报"), (checked, "填报"), (submission, SUBMISSION)):
        book = openpyxl.load_workbook(path)
        cells = [c for row in book[sheet].iter_rows() for c in row if c.value in FORMULAS]
        assert {(c.data_type, c.hyperlink) for c in cells} == {("s", None)}
        typed = Counter(c.value for c in cells)
        assert min(typed[text] for text in FORMULAS) >= 2 and typed[declaration.project] >= 3
        formulas = {c.value for s in book for row in s.iter_rows() for c in row if c.data_type == "f"}
        assert not formulas & {*FORMULAS}
        assert run("check", path).code in (0, 1)
