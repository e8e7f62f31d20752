"""The receiving side: a real folder of files in, and every number of what comes out recomputed from what was put in."""

import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bureau import Sent, content, fill, quiet, rows
from pyarrow import parquet

from xlpkg.cli import main
from xlpkg.collect import workbook as sheets
from xlpkg.collect.consolidate import Order, collect
from xlpkg.collect.outputs import as_text
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration

XLPKG = Path(sys.executable).with_name("xlpkg")
MONEY = {"元": Decimal("0.0001"), "万元": Decimal(1)}
FILES = 80
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tray(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Sent]]:
    folder = tmp_path_factory.mktemp("收件 箱")
    return folder, fill(folder, FILES)


@pytest.fixture(scope="module")
def made(tray: tuple[Path, list[Sent]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    order = Order(str(tray[0]), out / "汇总.xlsx", out / "csv", out / "pq", out / "意见书", workers=2)
    collect(order, quiet)
    return out


@pytest.fixture(scope="module")
def book(made: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(made / "汇总.xlsx")


def counting(sent: list[Sent]) -> list[Sent]:
    return [s for s in sent if s.declaration and s.counts]


def wan(text: str, declaration: Declaration) -> float:
    """A plain amount of a form's header in 万元, by hand."""
    unit = profiles.load(declaration.profile).money_unit
    return float(Decimal(text) * MONEY[unit])


def test_every_project_is_there_once_with_its_numbers(tray: tuple[Path, list[Sent]], book: openpyxl.Workbook) -> None:
    folder, sent = tray
    found = {row["文件"]: row for row in rows(book, "项目汇总")}
    assert set(found) == {s.path.relative_to(folder).as_posix() for s in counting(sent)}
    for s in counting(sent):
        d, report, row = s.declaration, s.report, found[s.path.relative_to(folder).as_posix()]
        assert d
        assert [row[h] or "" for h in ("单位", "项目", "预算部门", "电话")] == [d.unit, d.project, d.department, d.phone]
        if re.fullmatch(r"-?[\d.]+", d.budget):
            assert row["本级"] == pytest.approx(wan(d.budget, d))
        else:
            assert row["本级"] is None or d.budget
        if report.cost.funds is not None:
            assert row["资金合计"] == pytest.approx(float(report.cost.funds) / 10000)
            assert row["差额"] == pytest.approx(row["资金合计"] - row["成本合计"], abs=1e-6)
        l1 = Counter(r.l1[:2] for r in report.evidence.rows)
        assert row["指标数"] == sum(not i.blank for i in d.indicators)
        assert (row["产出"], row["效益"], row["满意度"]) == (l1["产出"], l1["效益"], l1["满意"])
        assert (row["错误数"], row["提醒数"]) == (report.errors, report.warnings)
        assert row["校验码核对"] == ("不一致" if s.tampered else "一致" if s.sealed else "无")
        assert row["状态"] == ("退回" if report.errors or s.tampered else "通过")


def test_totals_and_details_add_up(tray: tuple[Path, list[Sent]], book: openpyxl.Workbook, made: Path) -> None:
    sent = counting(tray[1])
    assert len(rows(book, "指标明细")) == sum(len(s.report.evidence.rows) for s in sent)
    assert len(rows(book, "问题清单")) == sum(s.report.errors + s.report.warnings + s.tampered for s in sent)
    costs = [float(item.amount) / 10000 for s in sent for item in s.report.cost.items]
    assert sorted(r["金额"] for r in rows(book, "成本分项")) == pytest.approx(sorted(costs))
    cached = openpyxl.load_workbook(made / "汇总.xlsx", data_only=True)["项目汇总"]
    heads = [c.value for c in cached[sheets.HEAD_ROW + 1]]
    for head in ("资金合计", "成本合计", "指标数", "错误数"):
        column = heads.index(head) + 1
        values = [r[head] or 0 for r in rows(book, "项目汇总")]
        assert cached.cell(sheets.TOTAL_ROW + 1, column).value == pytest.approx(sum(values))
        formula = str(book["项目汇总"].cell(sheets.TOTAL_ROW + 1, column).value)
        assert formula.startswith("=SUBTOTAL(109,")
        assert formula.endswith(f"{sheets.FIRST_ROW + len(values)})")


def test_statistics_by_rule_and_unit(tray: tuple[Path, list[Sent]], book: openpyxl.Workbook) -> None:
    sent = counting(tray[1])
    sheet = book["问题统计"]
    lines = list(sheet.iter_rows(min_row=sheets.FIRST_ROW + 1, values_only=True))
    problems = Counter((f.rule, f.severity) for s in sent for f in s.report.findings if f.severity != "info")
    words = {"error": "错误", "warning": "提醒"}
    assert {(r[0], r[2]): r[3] for r in lines if r[0]} == {(rule, words[s]): n for (rule, s), n in problems.items()}
    units: dict[str, list[Sent]] = {}
    for s in sent:
        assert s.declaration
        units.setdefault(s.declaration.unit or "（未填单位）", []).append(s)
    first = {s.declaration.project: s for s in reversed(tray[1]) if s.declaration}
    for row in lines:
        if not row[8]:
            continue
        own = units.pop(row[8])
        passed = [s for s in own if not s.report.errors and not s.tampered]
        at_once = [first[s.declaration.project] for s in own if s.declaration]
        at_once = [s for s in at_once if not s.report.errors and not s.tampered]
        errors, warnings = sum(s.report.errors for s in own), sum(s.report.warnings for s in own)
        assert row[9:15] == (len(own), len(passed), len(at_once), pytest.approx(len(at_once) / len(own)), errors, warnings)
    assert not units


def test_like_items_are_compared_across_units(book: openpyxl.Workbook) -> None:
    frame = pd.DataFrame(rows(book, "成本分项"))
    compared = frame[frame["同类"].notna()]
    assert len(compared) > 50
    for (_, _), group in frame[frame["每单位成本（元）"].notna()].groupby(["同类", "计量单位"]):
        assert (group["同类单位数"] == group["单位"].nunique()).all()
        assert group["同类中位数（元）"].to_numpy() == pytest.approx(group["每单位成本（元）"].median(), abs=0.006)
        times = group["每单位成本（元）"] / group["同类中位数（元）"]
        assert group["为中位数的倍数"].to_numpy() == pytest.approx(times.to_numpy(), abs=0.006)
    for _, group in frame[frame["每单位成本（元）"].isna() & frame["同类"].notna()].groupby("同类"):  # as a whole
        assert (group["同类单位数"] == group["单位"].nunique()).all()
        assert group["同类中位数（元）"].to_numpy() == pytest.approx(group["金额"].median() * 10000, abs=0.006)
    for _, row in frame.iterrows():
        if row["每单位成本（元）"] == row["每单位成本（元）"] and row["每单位成本（元）"] is not None:
            figure = float("".join(c for c in str(row["对应数量"]) if c.isdigit() or c == "."))
            ratio = row["金额"] * 10000 / figure / row["每单位成本（元）"]
            assert ratio in (pytest.approx(1, rel=1e-3), pytest.approx(10000, rel=1e-3))


def test_unreadable_and_repeated_files(tray: tuple[Path, list[Sent]], book: openpyxl.Workbook) -> None:
    folder, sent = tray
    unreadable = {r["文件"]: r["原因"] for r in rows(book, "未能读取")}
    assert set(unreadable) == {s.path.relative_to(folder).as_posix() for s in sent if not s.declaration}
    assert all(reason.startswith("“申报") and reason.endswith("。") for reason in unreadable.values())
    versions = rows(book, "重复与版本")
    older = {s.path.relative_to(folder).as_posix() for s in sent if s.declaration and not s.counts}
    assert {r["文件"] for r in versions if r["版本"] != "最后一版"} == older
    edits = [r for r in versions if r["前一版"]]
    again = [s for s in sent if s.path.name.startswith("再报")]
    assert len(edits) == len(again)
    assert {r["改动位置"] for r in edits} == {"联系电话"}
    assert {r["这一版"] for r in edits} == {s.declaration.phone for s in again if s.declaration}


def test_every_project_sent_back_has_a_letter(tray: tuple[Path, list[Sent]], book: openpyxl.Workbook, made: Path) -> None:
    import docx

    back = [s for s in counting(tray[1]) if s.report.errors or s.tampered]
    letters = sorted((made / "意见书").glob("*.docx"))
    assert len(letters) == len(back)
    texts = ["\n".join(p.text for p in docx.Document(str(path)).paragraphs) for path in letters]
    for s in back:
        assert s.declaration
        assert sum(f"“{s.declaration.project}”" in text for text in texts) == 1
    titles = [row for row in book["退回意见书"].iter_rows(values_only=True) if row[0] == "项目支出绩效目标退回意见书"]
    assert len(titles) == len(back)


def test_links_lead_to_the_files(tray: tuple[Path, list[Sent]], book: openpyxl.Workbook, made: Path) -> None:
    from urllib.parse import unquote

    for sheet, head in (("项目汇总", "文件"), ("未能读取", "文件"), ("问题清单", "单元格")):
        column = [c.value for c in book[sheet][sheets.HEAD_ROW + 1]].index(head)
        cells = [row[column] for row in book[sheet].iter_rows(min_row=sheets.FIRST_ROW + 1)]
        links = [c.hyperlink for c in cells if c.hyperlink]
        assert len(links) == sum(c.value is not None for c in cells) > 5
        assert all((made / unquote(link.target).replace("\\", "/")).exists() for link in links)


def test_csv_and_parquet_say_what_the_workbook_says(book: openpyxl.Workbook, made: Path) -> None:
    for name in ("项目汇总", "指标明细", "成本分项", "问题清单", "未能读取", "重复与版本"):
        in_book = rows(book, name)
        with (made / "csv" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            in_csv = list(csv.DictReader(file))
        in_parquet = parquet.read_table(made / "pq" / name).to_pylist()
        assert len(in_book) == len(in_csv) == len(in_parquet)
        texts = [h for h in in_book[0] if h not in ("单元格", "年度指标值") and all(isinstance(r[h], str | None) for r in in_book)]
        for a, b, c in zip(in_book, in_csv, in_parquet, strict=True):
            for h in texts:
                assert (a[h] or "") == b[h].removeprefix("'") == (c[h] or "")
                assert not b[h].startswith(("=", "+", "-", "@"))


def test_text_that_begins_with_a_sign_stays_text(book: openpyxl.Workbook, made: Path) -> None:
    names = [c for row in book["项目汇总"].iter_rows() for c in row if str(c.value).startswith("=项目")]
    assert names
    assert {c.data_type for c in names} == {"s"}
    signs = [c for row in book["指标明细"].iter_rows(min_row=sheets.FIRST_ROW + 1) for c in row if str(c.value).startswith("=")]
    assert {c.data_type for c in signs} == {"s"}
    assert [as_text(t) for t in ("=1+1", "+1", "-1", "@a", "≥1", "")] == ["'=1+1", "'+1", "'-1", "'@a", "≥1", ""]


def test_json_prints_every_file_and_the_exit_code_says_whether_all_passed(
    tray: tuple[Path, list[Sent]], made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["collect", str(tray[0]), "--json", "-o", str(made / "汇总.xlsx")]) == 1
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(objects) == len(counting(tray[1])) + sum(not s.declaration for s in tray[1])
    assert sum(o.get("errors", 0) for o in objects) == sum(s.report.errors for s in counting(tray[1]))


# --- again, interrupted, elsewhere ----------------------------------------------------------------------------------


def test_killed_at_any_moment_and_run_again(tray: tuple[Path, list[Sent]], made: Path, tmp_path: Path) -> None:
    rnd = random.Random(os.getpid())
    command = [str(XLPKG), "collect", str(tray[0]), "--parquet", str(tmp_path / "pq"), "-o", str(tmp_path / "汇总.xlsx")]
    left = tmp_path / ".~ab12_9zz.xlsx"
    left.write_bytes(b"what a run left that was killed while it wrote")
    os.utime(left, (0, 0))
    for _ in range(4):
        process = subprocess.Popen([*command, "--workers", "2"], stdout=subprocess.DEVNULL, start_new_session=True)
        time.sleep(rnd.uniform(0.1, 2.5))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if (tmp_path / "汇总.xlsx").exists():
            openpyxl.load_workbook(tmp_path / "汇总.xlsx", read_only=True).close()
        for unfinished in tmp_path.glob(".~*"):
            os.utime(unfinished, (0, 0))  # as if it was killed some time ago: nobody is still writing there
    assert subprocess.run(command, check=False, capture_output=True).returncode == 1
    assert content(tmp_path / "pq") == content(made / "pq")
    assert {p.name for p in tmp_path.iterdir()} == {"pq", "汇总.xlsx", ".汇总.xlpkg-cache"}


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and two worker processes."""
    port = random.randrange(20000, 40000)
    address = f"tcp://127.0.0.1:{port}"
    tool = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", str(port), "--no-dashboard", "--host", "127.0.0.1"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    scheduler, *workers = (
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in (tool, worker, worker)
    )
    try:
        from distributed import Client

        with Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def test_dask_gives_the_same_and_loses_nothing_with_a_worker(
    tray: tuple[Path, list[Sent]], made: Path, tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster
    seen = 0

    def kill_one(now: int, of: int) -> None:
        nonlocal seen
        seen += now
        if seen > of // 3 and workers[0].poll() is None:
            workers[0].kill()

    done = collect(Order(str(tray[0]), parquet=tmp_path / "pq", dask=address), kill_one)
    assert workers[0].wait() == -signal.SIGKILL
    assert done.read == FILES
    assert content(tmp_path / "pq") == content(made / "pq")
