"""A form that is not shipped: a OWN_TOML file of somebody who does not program, through every command, without a line of Python."""

from __future__ import annotations

import json
import shutil
import textwrap
from pathlib import Path

import openpyxl
import pytest
from conftest import Run
from forms import with_cells
from own_form import OWN, OWN_ROWS, OWN_TOML

from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, from_json, to_json
from xlpkg.layout import Layout


def saved(path: Path, declaration: Declaration) -> Path:
    path.write_text(to_json(declaration), encoding="utf-8")
    return path


def codes(run: Run, path: Path, *options: object) -> list[tuple[str, int | None, str]]:
    _, out, _ = run("check", path, "--json", *options)
    return [(f["rule"], f["row"], f["field"]) for f in json.loads(out)["findings"] if f["severity"] == "error"]


def test_the_form_it_makes_is_printed(run: Run, own_profile: Path) -> None:
    code, out, _ = run("profile", own_profile)
    assert code == 0
    lines = [line.split() for line in out.splitlines()]
    assert ["权重", "数字", "必填", "各行合计应为90"] in lines and ["指标性质", "选择", "必填", "可选：核心指标、一般指标"] in lines
    assert ["其他资金（元）", "金额", "可空"] in lines and ["项目负责人", "文字", "必填"] in lines
    assert "填表人" not in out and "实施期" not in out


def test_a_form_filled_in_by_hand_is_read_on_a_machine_that_lacks_the_profile(run: Run, own_profile: Path, tmp_path: Path) -> None:
    form = tmp_path / "表.xlsx"
    assert run("new", "-p", own_profile, "-o", form)[0] == 0
    book = openpyxl.load_workbook(form)
    sheet, layout = book["填报"], Layout(profiles.read(own_profile))
    for field, cell in layout.header.items():
        sheet.cell(cell.value[0] + 1, cell.value[1] + 1, OWN.header(field))
    for n, item in enumerate(OWN.indicators):
        texts = {"l1": item.l1, "l2": item.l2, "name": item.name, "op": item.op, "number": item.number, "measure": item.unit}
        for key, text in {**texts, **item.extra}.items():
            sheet.cell(layout.first_row + n + 1, layout.columns.index(key) + 1, text)
    book.save(form)
    shutil.rmtree(own_profile.parent)
    profiles._named.clear()
    code, out, _ = run("check", form, "--json")
    assert code == 0 and json.loads(out)["profile"] == "county2026" and json.loads(out)["errors"] == 0
    assert run("convert", form, "-o", tmp_path / "表.json")[0] == 0
    assert from_json((tmp_path / "表.json").read_text(encoding="utf-8")) == OWN


def test_there_and_back(run: Run, own_profile: Path, tmp_path: Path) -> None:
    source, form, back = saved(tmp_path / "a.json", OWN), tmp_path / "b.xlsm", tmp_path / "c.json"
    assert run("convert", source, "-o", form, "-p", own_profile)[0] == run("convert", form, "-o", back)[0] == 0
    assert from_json(back.read_text(encoding="utf-8")) == OWN


def test_folders_of_profiles_are_searched(run: Run, own_profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = saved(tmp_path / "a.json", OWN)
    assert "没有名为“county2026”的表式" in run("check", source)[2]
    monkeypatch.setenv("XLPKG_PROFILES", f"{tmp_path / 'nowhere'}:{own_profile.parent}")
    assert run("check", source)[0] == 0
    assert run("new", "-p", "county2026", "-o", tmp_path / "表.xlsx")[0] == 0


@pytest.mark.parametrize(
    ("row", "cells", "found"),
    [
        (1, {"weight": "25"}, [("B13", None, "indicators")]),
        (1, {"kind": "主要指标"}, [("F18", 1, "kind")]),
        (1, {"weight": ""}, [("C17", 1, "weight")]),
        (1, {"weight": "二十"}, [("V18", 1, "weight")]),
        (1, {"kind": " 核心指标"}, []),
        (1, {"formula": ""}, []),
    ],
    ids=["sum", "choice", "blank", "no number", "blank before a choice", "may be blank"],
)
def test_what_the_form_asks_is_checked(
    run: Run, own_profile: Path, tmp_path: Path, row: int, cells: dict[str, str], found: list[tuple[str, int | None, str]]
) -> None:
    source, form = saved(tmp_path / "a.json", with_cells(OWN, row, **cells)), tmp_path / "b.xlsx"
    assert codes(run, source, "-p", own_profile) == found
    run("convert", source, "-o", form, "-p", own_profile)
    assert codes(run, form) == found


def test_a_required_field_is_asked_for(run: Run, own_profile: Path, tmp_path: Path) -> None:
    source = saved(tmp_path / "a.json", OWN.with_header("leader", ""))
    assert codes(run, source, "-p", own_profile) == [("C17", None, "leader")]


def test_the_submission_carries_everything_and_its_seal(run: Run, own_profile: Path, tmp_path: Path) -> None:
    source, target = saved(tmp_path / "a.json", OWN), tmp_path / "申报表.xlsx"
    assert run("submit", source, "-o", target, "-p", own_profile)[0] == 0
    texts = [str(c.value) for r in openpyxl.load_workbook(target).active.iter_rows() for c in r if c.value]
    assert {"项目负责人", "张三", "其他资金", "100000", "权重", "指标性质", "核心指标", "单位：元"} <= set(texts)
    assert not {"填表人：", "项目期", "中期目标"} & set(texts)
    _, out, _ = run("check", target, "--json", "-p", own_profile)
    assert json.loads(out)["sealed"]["unchanged"]
    book = openpyxl.load_workbook(target)
    cell = next(c for r in book.active.iter_rows() for c in r if c.value == "20")
    cell.value = "19"
    book.save(target)
    _, out, _ = run("check", target, "--json", "-p", own_profile)
    assert not json.loads(out)["sealed"]["unchanged"]


@pytest.mark.parametrize("workers", [1, 2])
def test_collect_has_a_column_for_what_only_this_form_has(run: Run, own_profile: Path, tmp_path: Path, workers: int) -> None:
    tray = tmp_path / "收件"
    tray.mkdir()
    source = saved(tmp_path / "a.json", OWN)
    run("convert", source, "-o", tray / "表.xlsx", "-p", own_profile)
    other = saved(tmp_path / "b.json", OWN.with_header("project", "泵站维修"))
    run("submit", other, "-o", tray / "泵站.xlsx", "-p", own_profile)
    target = tmp_path / "汇总.xlsx"
    code, out, _ = run("collect", tray, "-o", target, "--csv", tmp_path / "csv", "-p", own_profile, "--workers", workers)
    assert code == 0 and "通过2个" in out
    projects = [[c.value for c in r] for r in openpyxl.load_workbook(target)["项目汇总"].iter_rows(min_row=4)]
    found = [dict(zip(projects[0], row, strict=True)) for row in projects[1:]]
    assert {(f["项目"], f["其他资金"], f["资金合计"], f["项目负责人"]) for f in found} == {
        ("渠道维修", 10, 150, "张三"), ("泵站维修", 10, 150, "张三"),
    }  # fmt: skip
    rows = (tmp_path / "csv" / "指标明细.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "权重,计算方法,指标性质,文件" in rows[0] and len(rows) == 1 + 2 * len(OWN_ROWS)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('label = "权重"', 'label = "权重"\nlabell = "x"', "第@行有误：不认识的项“columns[0].labell”。"),
        ('kind = "choice"', 'kind = "select"',
         "第@行有误：“columns[2].kind”写了“select”，只能是text、long、number、money、date、phone、choice。"),
        ('label = "计算方法"', 'label = "三级指标"', "第@行的columns“三级指标”与“三级指标”这一列重名，请换一个名称。"),
        ('key = "formula"', 'key = "weight"', "第@行的columns的key“weight”与“权重”重复，请换一个。"),
        ('kind = "choice"\nchoices = ["核心指标", "一般指标"]', 'kind = "choice"',
         "第@行的columns“kind”是选择项（choice），要在choices里列出可选的内容。"),
        ('after = "formula"', 'after = "formulae"', "第@行的columns“kind”的after写了“formulae”，没有这一项。"),
        ('leader = "error"', 'leder = "error"', "第@行的required写了“leder”，没有这一项。"),
        ('leader = "error"', 'leader = "fatal"', "第@行有误：“required.leader”写了“fatal”，只能是error、warning、off。"),
        ('without = ["long_goal", ', 'without = ["long_gaol", ', "第@行的without写了“long_gaol”，没有这一项。可以写："),
        ('without = ["long_goal", ', 'without = ["name", ', "第@行的without写了“name”，这一项不能去掉。"),
        ("total = 90", 'total = "九十"', "第@行有误：“columns[0].total”应为数字。"),
        ('id = "county2026"', 'id = "hn2015"', "的id“hn2015”与自带的表式重名，请换一个id。"),
        ('money_unit = "元"', 'money_unit = "美元"', "第@行的money_unit写了“美元”，只能是元、千元、万元、亿元。"),
        ("total = 90", "total = 90 90", "不是有效的TOML：第@行第12个字符附近写法不对，请检查引号、方括号和等号。"),
        ('title = "', 'required_l2 = ["人数指标"]\ntitle = "', "第@行的required_l2写了“人数指标”，但tree里没有这个指标。"),
    ],
)  # fmt: skip
def test_a_fault_is_one_sentence_with_line_and_remedy(run: Run, own_profile: Path, old: str, new: str, sentence: str) -> None:
    """@ stands for the line that was changed, or put in."""
    assert OWN_TOML.count(old) >= 1
    text = OWN_TOML.replace(old, new, 1)
    own_profile.write_text(text, encoding="utf-8")
    fault = next(part for part in new.split("\n") if part not in OWN_TOML or part not in old or "\n" not in new)
    line = text[: text.rindex(fault) if text.count(fault) == 2 else text.index(fault)].count("\n") + 1
    code, out, err = run("profile", own_profile)
    assert (code, out) == (2, "") and err.count("\n") == 1
    assert err.startswith("表式文件“county.toml”") and sentence.replace("@", str(line)) in err


def test_the_form_of_the_readme_is_made_by_following_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "_named", {})
    text = (Path(__file__).parent.parent / "workbook" / "README.md").read_text(encoding="utf-8")
    block = text.partition("```toml\n")[2].partition("```")[0]
    profile = tmp_path / "linxi2026.toml"
    profile.write_text(textwrap.dedent(" " * 3 + block.strip(" ")), encoding="utf-8")
    code, out, _ = run("profile", profile)
    assert code == 0 and "各行合计应为100" in out and "可选：核心、一般" in out
    assert run("new", "-p", profile, "-o", tmp_path / "空白表.xlsx")[0] == 0
    code, out, _ = run("check", tmp_path / "空白表.xlsx", "--json")
    assert code == 1 and json.loads(out)["profile"] == "linxi2026"
    assert run("submit", tmp_path / "空白表.xlsx", "-o", tmp_path / "申报表.xlsx")[0] == 0
