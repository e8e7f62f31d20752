"""The receiving side run again, by two at once, on odd folders: what was read is known, versions are compared, limits are told."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bureau import content, fill, quiet, rows
from forms import HN2015, changed, with_cells
from pyarrow import parquet

from xlpkg.cli import main
from xlpkg.collect import workbook as sheets
from xlpkg.collect.consolidate import Order, collect
from xlpkg.collect.executors import Processes, batches_of
from xlpkg.collect.find import find
from xlpkg.collect.result import decode
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration
from xlpkg.form.profile import Profile
from xlpkg.writing.build import build

XLPKG = Path(sys.executable).with_name("xlpkg")
pytestmark = pytest.mark.slow


def test_unchanged_files_are_not_opened_again(tmp_path: Path) -> None:
    fill(tmp_path / "in", 20)
    order = Order(str(tmp_path / "in"), parquet=tmp_path / "pq")
    first = collect(order, quiet)
    before = content(tmp_path / "pq")
    assert first.read == first.files == 20
    for path in (tmp_path / "in").rglob("*.xlsx"):
        stat = path.stat()
        path.write_bytes(b"x" * stat.st_size)  # would be unreadable, if it were opened
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert collect(order, quiet).read == 0
    assert content(tmp_path / "pq") == before


def test_a_python_without_sqlite_reads_everything_each_time(tmp_path: Path) -> None:
    fill(tmp_path / "in", 20)
    program = "import sys; sys.modules['sqlite3'] = None; from xlpkg.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["collect", str(tmp_path / "in"), "--json"]
    without = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, check=False)
    with_it = subprocess.run([sys.executable, "-m", "xlpkg", *words], capture_output=True, check=False)
    assert without.stdout == with_it.stdout != b""
    assert without.returncode == with_it.returncode == 1


def test_a_moved_file_is_known_by_its_content_and_a_changed_one_is_read(tmp_path: Path) -> None:
    fill(tmp_path / "in", 20)
    order = Order(str(tmp_path / "in"), parquet=tmp_path / "pq")
    collect(order, quiet)
    (tmp_path / "in").rename(tmp_path / "moved")
    moved = Order(str(tmp_path / "moved"), parquet=tmp_path / "pq")
    assert collect(moved, quiet).read == 0
    build(next((tmp_path / "moved").rglob("*.xlsx")), profiles.load("hn2015"), HN2015)
    assert collect(moved, quiet).read == 1


def test_a_damaged_store_is_made_anew(tmp_path: Path) -> None:
    fill(tmp_path / "in", 20)
    order = Order(str(tmp_path / "in"), parquet=tmp_path / "pq")
    collect(order, quiet)
    order.store.write_bytes(b"no database" * 1000)
    assert collect(order, quiet).read == 20


def kill_when(path: Path) -> None:
    """Stands in a worker: a file of this name kills its process."""
    if path.name == "杀手.xlsx":
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_file_that_kills_its_process_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlpkg.collect import executors

    fill(tmp_path, 20)
    shutil.copy(next(tmp_path.rglob("申报*.xlsx")), tmp_path / "杀手.xlsx")
    real = executors.examine

    def examine(path: Path, profile: Profile | None) -> Any:
        kill_when(path)
        return real(path, profile)

    monkeypatch.setattr(executors, "examine", examine)
    done = [e for batch in Processes(2).run(batches_of(find(str(tmp_path)), 4)) for e in batch]
    assert sorted(file.name for file, _, _ in done) == [f.name for f in find(str(tmp_path))]
    dead = [decode(data).sentence for file, _, data in done if file.base == "杀手.xlsx"]
    assert dead == ["读“杀手.xlsx”时程序被终止（可能内存不足），没有汇总。请把文件交给信息员。"]


def test_two_at_once_do_not_hinder_each_other(tmp_path: Path) -> None:
    fill(tmp_path / "in", 20)
    command = [str(XLPKG), "collect", str(tmp_path / "in"), "--json", "-o", str(tmp_path / "汇总.xlsx")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [1, 1]
    assert said[0][0] == said[1][0] and len(said[0][0].splitlines()) > 15


def test_an_empty_folder_gives_an_empty_workbook(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert main(["collect", str(tmp_path / "in"), "-o", str(tmp_path / "汇总.xlsx"), "--csv", str(tmp_path / "csv")]) == 0
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    assert rows(book, "项目汇总") == []
    assert book["退回意见书"]["A1"].value == "没有需要退回的项目。"


def test_the_summary_says_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    build(tmp_path / "in" / "甲.xlsx", profiles.load("hn2015"), HN2015)
    build(tmp_path / "in" / "乙.xlsx", profiles.load("hn2015"), changed(HN2015, project="危桥", budget="1160.5"))
    (tmp_path / "in" / "丙.xlsx").write_bytes(b"")
    (tmp_path / "in" / "丁.docx").write_bytes(b"")
    assert main(["collect", str(tmp_path / "in"), "-o", str(tmp_path / "汇总.xlsx")]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "文件4个：新读4个，未能读取2个；项目2个，其中0个有几版，只计最后一版。",
        "通过2个，退回0个；首次通过2个。错误0处，提醒1处。",
        "资金合计1,300.5万元，成本合计280万元。",
        "未能读取：丁.docx　“丁.docx”是空文件。",
        "未能读取：丙.xlsx　“丙.xlsx”是空文件。",
        f"已写出：{tmp_path / '汇总.xlsx'}",
    ]


@pytest.mark.parametrize(
    ("later", "place", "cell", "before", "after"),
    [
        (with_cells(HN2015, 5, value="≤111万元"), "第5行“改造农村公路费用”指标值", "F22", "≤110万元", "≤111万元"),
        (with_cells(HN2015, 1, value="≥12千米"), "第1行“改造农村公路里程”指标值", "G18", "≥12公里", "≥12千米"),
        (with_cells(HN2015, 3, name="工程验收优良率"), "第3行“工程验收优良率”三级指标", "D20", "工程验收合格率", "工程验收优良率"),
        (with_cells(HN2015, 3, standard="计划标准"), "第3行“工程验收合格率”绩效标准", "H20", "行业标准", "计划标准"),
        (changed(HN2015, budget="141"), "年度本级预算金额", None, "140", "141"),
    ],
)  # fmt: skip
def test_one_cell_differs_and_is_named(
    tmp_path: Path, later: Declaration, place: str, cell: str | None, before: str, after: str
) -> None:
    for n, declaration in enumerate((HN2015, later)):
        build(tmp_path / f"{n}.xlsx", profiles.load("hn2015"), declaration)
        os.utime(tmp_path / f"{n}.xlsx", (1000 * n, 1000 * n))
    collect(Order(str(tmp_path), tmp_path / "汇总.xlsx"), quiet)
    found = [r for r in rows(openpyxl.load_workbook(tmp_path / "汇总.xlsx"), "重复与版本") if r["前一版"]]
    assert [(r["改动位置"], r["前一版"], r["这一版"]) for r in found] == [(place, before, after)]
    form = openpyxl.load_workbook(tmp_path / "1.xlsx")["填报"]
    assert cell is None or found[0]["单元格"] == cell
    assert str(form[found[0]["单元格"]].value) in after


def test_above_the_rows_of_a_sheet_it_says_where_the_rest_is(tmp_path: Path) -> None:
    fill(tmp_path / "in", 20)
    done = collect(Order(str(tmp_path / "in"), parquet=tmp_path / "pq"), quiet)
    sheets.write_workbook(tmp_path / "汇总.xlsx", done.collection, str(tmp_path / "in"), room=60, elsewhere="文件夹“pq”")
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    assert len(rows(book, "指标明细")) == 60 - sheets.FIRST_ROW
    total = parquet.read_table(tmp_path / "pq" / "指标明细").num_rows
    assert book["指标明细"]["A2"].value == (
        f"共{total}行，超过一张表能放的行数，这里只有前{60 - sheets.FIRST_ROW}行；全部在文件夹“pq”。"
    )


def test_an_fsspec_address_is_read_like_a_folder(tmp_path: Path) -> None:
    import fsspec

    fill(tmp_path / "in", 20)
    memory = fsspec.filesystem("memory")
    memory.put(str(tmp_path / "in"), "/tray", recursive=True)
    here = collect(Order(str(tmp_path / "in"), csv=tmp_path / "a"), quiet).collection
    there = collect(Order("memory://tray", csv=tmp_path / "b"), quiet).collection
    assert (there.statistics.errors, there.statistics.money) == (here.statistics.errors, here.statistics.money)
    assert len(there.unreadable) == len(here.unreadable)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere", "-o", "x.xlsx"], "文件夹“nowhere”不存在。"),
        (["."], "要写出什么？请加 -o 汇总.xlsx，或 --json、--csv、--parquet、--letters、--exchange、--publish、--archive。"),
        ([".", "-o", "x.docx"], "输出文件“x.docx”的扩展名应为.xlsx。"),
        ([".", "--csv", "full"], "“full”里有别的文件（家书.doc）。请换一个空文件夹。"),
        ([".", "--csv", "."], "输出文件夹“{here}”就是收件的文件夹，或在它外面。请换一个文件夹。"),
        (["full", "--csv", "x", "--parquet", "x"], "几样输出不能放在同一个文件夹“x”里，请各写一个文件夹。"),
        (["full", "-o", "w/o.xlsx", "--csv", "w"], "几样输出不能放在同一个文件夹“w”里，请各写一个文件夹。"),
        (["full/家书.doc", "-o", "x.xlsx"], "“full/家书.doc”是文件，请写文件夹。"),
        (["full", "-o", "x.xlsx", "--dask", "abc"], "“abc”不是Dask调度器的地址，应像 tcp://10.0.0.1:8786。"),
        (["full", "-o", "x.xlsx", "--dask", ""], "--dask 后面写调度器的地址，例如 --dask tcp://10.0.0.1:8786。"),
        ([".", "-o", "x.xlsx", "--workers", "0"], "--workers 后面写进程数，例如 --workers 4。"),
        (["nope://x", "-o", "x.xlsx"], "不认识的地址“nope://x”：Protocol not known: nope"),
    ],
)
def test_wrong_usage_gets_a_sentence(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "家书.doc").write_bytes(b"")
    (tmp_path / "w").mkdir()
    assert main(["collect", *arguments]) == 2
    assert capsys.readouterr().err.strip() == sentence.format(here=tmp_path.name)
    assert not (tmp_path / "x.xlsx").exists()
