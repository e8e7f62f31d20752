"""The command line: what each command gives back, prints and writes."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from bad_files import Run
from forms import FAULTY, HN2015, MOF2021, with_cells

from xlpkg import __version__
from xlpkg.audit.check import check
from xlpkg.audit.digest import digest
from xlpkg.audit.rules import RULES
from xlpkg.doctor import windows_advice
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json, to_json
from xlpkg.live.office_programs import Programs

SAMPLES = Path(__file__).parent.parent / "workbook" / "samples"
REAL = SAMPLES / "network_office.json"

KNOWN = "、".join(profiles.available())


def declared(path: Path) -> Declaration:
    return from_json(path.read_text(encoding="utf-8"))


# --- check ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [".json", ".xlsx", ".xlsm"])
def test_check_of_a_good_declaration(run: Run, written: Callable[..., Path], kind: str) -> None:
    path = written(HN2015, f"表{kind}")
    code, out, err = run("check", path)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"表{kind}　可报送　错误0条，提醒0条，提示0条",
        "成本合计140万元，可用资金140万元（本级140万元，上级0万元），差额0万元",
        "成本构成：改造农村公路费用 110万元（78.6%）、修复危桥费用 30万元（21.4%）",
        f"已填68／68；校验码 {check(HN2015, profiles.load('hn2015')).seal}",
        "要改0件。",
    ]


def test_check_tells_each_finding_with_its_cell(run: Run, written: Callable[..., Path]) -> None:
    code, out, err = run("check", written(FAULTY, "表.xlsx"))
    assert (code, err) == (1, "")
    assert "  错误 C13 第1行“改造农村公路里程”（H18）：" in out
    assert "第5行“改造农村公路费用”（F22）：" in out


def test_check_tells_one_sentence_over_many_rows_as_one_line(run: Run, written: Callable[..., Path]) -> None:
    declaration = HN2015
    for row in (3, 4, 5, 9):
        declaration = with_cells(declaration, row, standard="")
    lines = [line for line in run("check", written(declaration))[1].splitlines() if " C13 " in line]
    assert len(lines) == 1
    assert lines[0].startswith("  错误 C13 第3—5、9行：")


def test_check_json_has_the_documented_keys(run: Run, written: Callable[..., Path]) -> None:
    path = written(FAULTY, "表.xlsx")
    code, out, err = run("check", path, "--json")
    assert (code, err, out.count("\n")) == (1, "", 1)
    report = json.loads(out)
    documented = ["file", "profile", "status", "errors", "warnings", "infos", "cost", "filled", "seal", "findings"]
    assert list(report) == documented
    assert (report["file"], report["profile"], report["status"]) == (str(path), "hn2015", "有错误")
    assert report["cost"] == {"total": "140", "budget": "140", "funds": "140", "difference": "0", "unit": "万元"}
    assert report["filled"] == {"cells": 67, "of": 68}
    keys = ["rule", "severity", "row", "field", "sheet", "cell", "message", "suggestion", "actual", "expected", "difference", "fix"]
    assert all(list(f) == keys for f in report["findings"])
    counts = [sum(f["severity"] == s for f in report["findings"]) for s in ("error", "warning", "info")]
    assert [report["errors"], report["warnings"], report["infos"]] == counts
    first = report["findings"][0]
    assert (first["rule"], first["row"], first["field"], first["sheet"], first["cell"]) == ("C13", 1, "standard", "填报", "H18")
    assert first["message"].startswith("第1行“改造农村公路里程”：")


def test_check_json_prints_one_line_a_file_and_nothing_else(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    files = [written(HN2015, "甲.json"), written(MOF2021, "乙.xlsx"), written(FAULTY, "丙.xlsm")]
    code, out, err = run("check", *files, "--json")
    assert (code, err) == (1, "")
    reports = [json.loads(line) for line in out.splitlines()]
    assert [r["file"] for r in reports] == [str(f) for f in files]
    assert [r["profile"] for r in reports] == ["hn2015", "mof2021", "hn2015"]
    assert [r["errors"] > 0 for r in reports] == [False, False, True]


def test_check_goes_on_behind_a_file_it_cannot_read(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    code, out, err = run("check", tmp_path / "没有.xlsx", written(FAULTY), "--json")
    assert code == 2
    assert err == "找不到文件“没有.xlsx”，请检查文件名和所在文件夹。\n"
    assert [json.loads(line)["status"] for line in out.splitlines()] == ["有错误"]


def test_a_check_that_ends_at_once_has_written_everything() -> None:
    samples = sorted(SAMPLES.glob("*.json"))
    command = [sys.executable, "-m", "xlpkg", "check", "--json", *map(str, samples)]
    process = subprocess.run(command, capture_output=True, encoding="utf-8")
    lines = [json.loads(line) for line in process.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in samples]
    assert (process.returncode, process.stderr) == (1, "")


def test_findings_are_the_same_in_every_process(tmp_path: Path) -> None:
    """Python orders sets anew in each process: no finding may hang on that order (here of pairs of characters, for R01)."""
    rows = tuple(msgspec.structs.replace(i, name="网络舆情" + i.name) for i in HN2015.indicators)
    goal = "举办网络舆情应急演练3次，" + HN2015.year_goal
    path = tmp_path / "表.json"
    path.write_text(to_json(msgspec.structs.replace(HN2015, year_goal=goal, indicators=rows)), encoding="utf-8")
    command = [sys.executable, "-m", "xlpkg", "check", "--json", str(path)]
    said = {
        subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONHASHSEED": str(seed)}).stdout for seed in range(1, 7)
    }
    assert len(said) == 1 and b"R01" in said.pop()


def test_a_check_that_cannot_write_its_result_says_so() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "xlpkg", "check", str(REAL)]
        process = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, encoding="utf-8")
    assert (process.returncode, process.stderr) == (2, "磁盘已满，没有写出文件。请腾出空间后再试。\n")


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda p: p.stem)
def test_findings_do_not_depend_on_the_kind_of_file(run: Run, tmp_path: Path, sample: Path) -> None:
    forms = [tmp_path / "表.xlsx", tmp_path / "表.xlsm"]
    assert [run("convert", sample, "-o", form)[0] for form in forms] == [0, 0]
    reports = []
    for path in (sample, *forms):
        report = json.loads(run("check", path, "--json")[1])
        places = [(f.pop("sheet"), f.pop("cell")) for f in report["findings"]]
        assert {sheet for sheet, _ in places} <= ({None} if path.suffix == ".json" else {"填报"})
        assert all((cell is None) == (path.suffix == ".json") for _, cell in places)
        reports.append({k: v for k, v in report.items() if k != "file"})
    assert reports[0] == reports[1] == reports[2]


def test_check_does_not_touch_its_file(run: Run, written: Callable[..., Path]) -> None:
    path = written(FAULTY, "表.xlsx")
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    run("check", path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, stamp)
    assert [p.name for p in path.parent.iterdir()] == ["表.xlsx"]


# --- rules, doctor --------------------------------------------------------------------------------------------------


def test_rules_as_json(run: Run) -> None:
    code, out, err = run("rules", "--json")
    listed = json.loads(out)
    assert (code, err) == (0, "")
    assert all(list(r) == ["code", "name", "severity", "condition", "violates", "passes", "basis"] for r in listed)
    assert {r["code"] for r in listed} <= set(RULES)
    assert all(r["severity"] in ("error", "warning", "info") for r in listed)


def test_rules_as_text_and_markdown_list_the_same_rules(run: Run) -> None:
    codes = [r["code"] for r in json.loads(run("rules", "--json")[1])]
    assert [line.split("　")[0] for line in run("rules")[1].splitlines()] == codes
    rows = run("rules", "--markdown")[1].splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == codes


def test_rules_of_another_form(run: Run) -> None:
    ours, theirs = (run("rules", "-p", p, "--json") for p in ("hn2015", "mof2021"))
    assert ours[0] == theirs[0] == 0


def test_doctor_names_what_it_looked_at(run: Run) -> None:
    code, out, err = run("doctor")
    lines = dict(line.split("：", 1) for line in out.splitlines() if line.startswith("正常"))
    assert (code, err) == (0, "")
    assert lines["正常　openpyxl"] == importlib.metadata.version("openpyxl")
    assert {"正常　表式hn2015", "正常　表式mof2021", "正常　Python", "正常　LibreOffice"} <= set(lines)


def test_doctor_writes_a_report_for_whoever_looks_after_the_pc(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("doctor", "-o", tmp_path / "报告.txt")
    report = (tmp_path / "报告.txt").read_text(encoding="utf-8-sig")
    assert code == 0 and out.endswith(f"已写出体检报告：{tmp_path / '报告.txt'}，请交给信息员。\n")
    assert "各项正常。" in report and f"{sys.executable}\n" in report and "代码页：" in report


@pytest.mark.parametrize(
    ("programs", "kit", "addin", "begins"),
    [
        (Programs(excel="C:/EXCEL.EXE"), False, False, "没有装好本工具。请解压安装包，双击其中的setup.exe"),
        (Programs(wps="C:/et.exe"), True, True, "这台电脑只有WPS：按钮不能用。保存表格，把文件拖到桌面"),
        (Programs(), True, True, "这台电脑没有Excel：按钮不能用"),
        (Programs(excel="C:/EXCEL.EXE"), True, False, "Excel里没有本工具的加载项。请再运行setup.exe"),
        (Programs(excel="C:/EXCEL.EXE", addin_disabled=True), True, True, "Excel禁用了本工具的加载项"),
        (Programs(excel="C:/EXCEL.EXE", macros=4), True, True, "Excel禁用了所有宏"),
        (Programs(excel="C:/EXCEL.EXE"), True, True, "打开Excel，用上方“绩效目标”一栏的按钮"),
    ],
)
def test_doctor_says_what_to_do(programs: Programs, kit: bool, addin: bool, begins: str) -> None:
    assert windows_advice(programs, kit=kit, addin=addin).startswith(begins)


# --- usage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "缺少命令。用法见 xlpkg -h"),
        (["chekc"], "不认识的命令'chekc'。用法见 xlpkg -h"),
        (["check"], "缺少文件。用法见 xlpkg check -h"),
        (["convert", "a.json"], "缺少-o/--output。用法见 xlpkg convert -h"),
        (["convert", "-o", "b.json"], "缺少文件。用法见 xlpkg convert -h"),
        (["convert", "a.json", "-o"], "-o/--output后面缺少内容。用法见 xlpkg convert -h"),
        (["check", "a.json", "--what"], "不认识的参数：--what。用法见 xlpkg -h"),
        (["rules", "--json", "--markdown"], "--markdown不能和--json一起用。用法见 xlpkg rules -h"),
        (["check", "a.json", "b.json", "-o", "c.xlsx"], "-o 只能和一个文件一起用。"),
        (["check", "a.json", "-o", "c.json"], "输出文件“c.json”的扩展名应为.xlsx或.xlsm。"),
        (["convert", "a.json", "-o", "c.csv"], "输出文件“c.csv”的扩展名应为.json或.xlsx或.xlsm。"),
        (["submit", "a.json", "-o", "c.json"], "输出文件“c.json”的扩展名应为.xlsx。"),
        (["new", "-o", "c.xls"], "输出文件“c.xls”的扩展名应为.xlsx或.xlsm或.xlam。"),
        (["new", "-p", "gd2020", "-o", "c.xlsx"], f"没有名为“gd2020”的表式，可用的表式：{KNOWN}。"),
        (["rules", "-p", "gd2020"], f"没有名为“gd2020”的表式，可用的表式：{KNOWN}。"),
        (["rules", "-p", "没有.toml"], "打不开表式文件“没有.toml”。"),
        (["new", "-o", "Con.xlsx"], "“Con.xlsx”是Windows留给设备用的名字，不能做文件名，请换一个。"),
        (["submit", "a.json", "-o", "lpt1.表.xlsx"], "“lpt1.表.xlsx”是Windows留给设备用的名字，不能做文件名，请换一个。"),
        (["kit", "-o", "kit.rar"], "输出文件“kit.rar”的扩展名应为.zip。"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_answered_in_chinese(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == (2, "", sentence + "\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["convert", "fix", "submit", "check"])
def test_a_file_is_never_written_over_itself(
    run: Run, written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    path = written(HN2015, "表.xlsx")
    before = path.read_bytes()
    monkeypatch.chdir(path.parent)
    (path.parent / "link.xlsx").symlink_to(path)
    for same in ("表.xlsx", f"../{path.parent.name}/表.xlsx", "link.xlsx"):
        assert run(command, path, "-o", same) == (2, "", "输出文件不能就是原文件，请换一个文件名。\n")
    assert path.read_bytes() == before


def test_output_that_is_a_folder(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "出.xlsx").mkdir()
    assert run("convert", written(HN2015), "-o", tmp_path / "出.xlsx") == (2, "", "“出.xlsx”是文件夹，请写一个文件名。\n")


def test_an_older_output_is_replaced_whole(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "出.json"
    target.write_text("x" * 100_000)
    assert run("convert", written(HN2015), "-o", target)[0] == 0
    assert declared(target) == HN2015


def test_capital_letters_in_the_suffix(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "表.XLSX"
    shutil.copy(written(HN2015, "表.xlsx"), path)
    assert run("convert", path, "-o", tmp_path / "表.JSON")[0] == 0
    assert declared(tmp_path / "表.JSON") == HN2015


def test_help_and_version(run: Run) -> None:
    assert run("--version") == (0, f"xlpkg {__version__}\n", "")
    code, out, _ = run("-h")
    assert code == 0
    assert all(word in out for word in ("命令", "new", "convert", "check", "fix", "submit", "rules", "doctor"))
    english = ("positional arguments", "options:", "show this help", "usage:")
    assert not [word for word in english if word in out]


@pytest.mark.parametrize("declaration", [HN2015, FAULTY], ids=["good", "faulty"])
def test_text_and_json_tell_the_same(run: Run, written: Callable[..., Path], declaration: Declaration) -> None:
    path = written(declaration)
    report = json.loads(run("check", path, "--json")[1])
    lines = run("check", path)[1].splitlines()
    assert f"错误{report['errors']}条，提醒{report['warnings']}条，提示{report['infos']}条" in lines[0]
    assert sum(line.startswith("  ") for line in lines) == len(digest(check(declaration, profiles.load("hn2015")).findings))


def test_a_pdf_that_cannot_be_made_leaves_nothing_behind(
    run: Run, form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs, out = tmp_path / "bin", tmp_path / "out"
    programs.mkdir()
    out.mkdir()
    (programs / "soffice").write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    (programs / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    answer = run("submit", form, "-o", out / "申报表.xlsx", "--pdf")
    assert answer[0] == 2 and "LibreOffice没有生成PDF" in "".join(map(str, answer))
    assert list(out.iterdir()) == []
