"""JSON that is none, no declaration or not quite one: the exact sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bad_files import (
    ROOT,
    Run,
    as_read,
    refused,
)
from forms import HN2015

from xlpkg.form import profiles
from xlpkg.form.declaration import to_json

# --- JSON -----------------------------------------------------------------------------------------------------------

KNOWN = "、".join(profiles.available())


def written(folder: Path, data: object) -> Path:
    """A file 表.json; what is no text is written as JSON."""
    path = folder / "表.json"
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


def plain(**changes: object) -> dict[str, Any]:
    """A declaration's JSON with other values."""
    return {**json.loads(to_json(HN2015)), **changes}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "“表.json”是空文件。"),
        ("{", "“表.json”：不是有效的JSON文件，第1行附近有格式错误。"),
        ('{\n "indicators": [],\n}', "“表.json”：不是有效的JSON文件，第3行附近有格式错误。"),
        ("年度,单位", "“表.json”：不是有效的JSON文件，第1行附近有格式错误。"),
        ("[" * 100_000, "“表.json”：不是有效的JSON文件有格式错误。"),
        ("[]", "“表.json”：这个JSON文件不是绩效目标申报表：缺少“indicators”（绩效指标）。"),
        ("null", "“表.json”：这个JSON文件不是绩效目标申报表：缺少“indicators”（绩效指标）。"),
        ('{"profile": "hn2015"}', "“表.json”：这个JSON文件不是绩效目标申报表：缺少“indicators”（绩效指标）。"),
    ],
)
def test_json_that_is_none_or_no_declaration(run: Run, folder: Path, text: str, sentence: str) -> None:
    refused(run, written(folder, text), sentence)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"indicators": {}}, "“indicators”应为列表，每条指标一项。"),
        ({"indicators": "无"}, "“indicators”应为列表，每条指标一项。"),
        ({"indicators": [{"l1": ["产出指标"]}]}, "“indicators第1项的l1”应为文字或数字。"),
        ({"indicators": [{}, None]}, "“indicators第2项”应为一组“名称: 值”。"),
        ({"unit": True}, "“unit”应为文字或数字。"),
        ({"unit": ["甲"]}, "“unit”应为文字或数字。"),
        ({"upper_funds": "50"}, "“upper_funds”应为一组“名称: 值”。"),
        ({"upper_funds": {"central": [1]}}, "“upper_funds.central”应为文字或数字。"),
        ({"profile": "gd2020"}, f"没有名为“gd2020”的表式，可用的表式：{KNOWN}。"),
        ({"profile": "common"}, f"没有名为“common”的表式，可用的表式：{KNOWN}。"),
        ({"profile": ""}, f"没有写明表式（profile），可用的表式：{KNOWN}。"),
    ],
)
def test_json_of_the_wrong_shape(run: Run, folder: Path, changes: dict[str, object], sentence: str) -> None:
    refused(run, written(folder, plain(**changes)), f"“表.json”：{sentence}")


@pytest.mark.parametrize(("key", "meant"), [("porject", "project"), ("budget", "budget_wan"), ("Unit", "unit")])
def test_misspelt_key(run: Run, folder: Path, key: str, meant: str) -> None:
    data = plain()
    data[key] = data.pop(meant)
    refused(run, written(folder, data), f"“表.json”：不认识的项“{key}”，是不是“{meant}”？")


def test_misspelt_key_of_an_indicator(run: Run, folder: Path) -> None:
    data = plain()
    data["indicators"][1]["vaule"] = data["indicators"][1].pop("value")
    refused(run, written(folder, data), "“表.json”：indicators第2项里不认识的项“vaule”，是不是“value”？")


def test_key_written_twice(run: Run, folder: Path) -> None:
    text = to_json(HN2015).replace('"project":', '"project": "先写的项目",\n "project":')
    answer = run("check", written(folder, text))
    assert answer.code == 2
    assert "project" in answer.err


def test_profile_file_named_by_a_declaration(run: Run, folder: Path) -> None:
    theirs = str(ROOT / "workbook" / "profiles" / "hn2015.toml")
    sentence = f"“表.json”：没有名为“{theirs}”的表式，可用的表式：{KNOWN}。"
    refused(run, written(folder, plain(profile=theirs)), sentence)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8-sig"])
def test_json_as_editors_on_chinese_windows_save_it(run: Run, folder: Path, encoding: str) -> None:
    path = folder / "表.json"
    path.write_text(to_json(HN2015), encoding=encoding)
    assert as_read(run, path) == HN2015


def test_json_in_utf_16(run: Run, folder: Path) -> None:
    """Notepad's "Unicode": read, or refused with a sentence on the encoding; never called a wrong format."""
    path = folder / "表.json"
    path.write_text(to_json(HN2015), encoding="utf-16")
    code, _, err = run("check", path)
    assert code == 0 or "编码" in err


def test_json_that_is_no_text(run: Run, folder: Path) -> None:
    path = folder / "表.json"
    path.write_bytes(b"{\xff\xff\xff")
    refused(run, path, "“表.json”不是文本文件，请另存为UTF-8编码的.json再试。")


@pytest.mark.parametrize(
    "number", ["140", "140.50", "0.1", "430423199001011234", "1e400", "-0", "NaN", "Infinity", "9" * 40], ids=lambda t: t[:20]
)
def test_json_numbers_are_kept_as_written(run: Run, folder: Path, number: str) -> None:
    path = written(folder, to_json(HN2015).replace('"budget_wan": "140"', f'"budget_wan": {number}'))
    assert as_read(run, path).budget == number


@pytest.mark.parametrize("field", ["budget_wan", "value"])
def test_number_of_four_hundred_digits(run: Run, folder: Path, field: str) -> None:
    """Too large for any cell's number: a text in the form, and a finding rather than a failure."""
    digits = "9" * 400
    data = plain(budget_wan=digits)
    if field == "value":
        data = plain()
        data["indicators"][4]["value"] = f"≤{digits}万元"
    path, target = written(folder, data), folder / "表.xlsx"
    assert run("convert", path, "-o", target).code == 0
    assert digits in [c.value for row in openpyxl.load_workbook(target)["填报"].iter_rows() for c in row]


def test_half_of_a_surrogate_pair(run: Run, folder: Path) -> None:
    """JSON can write half a character; no file and no console can."""
    path = written(folder, to_json(HN2015).replace(HN2015.project, "甲\\ud83d乙"))
    code, _, err = run("check", path)
    assert code == 2
    assert "表.json" in err


@pytest.mark.parametrize("character", ["\x01", "\x0b", "\x1f", "\ufffe"])
def test_control_characters_survive_or_are_refused_alike(run: Run, folder: Path, character: str) -> None:
    path = written(folder, plain(project=f"甲{character}乙"))
    form, submission = folder / "表.xlsx", folder / "申报表.xlsx"
    codes = {run("check", path).code, run("convert", path, "-o", form).code, run("submit", path, "-o", submission).code}
    assert codes in ({0}, {2})
    if codes == {0}:
        assert json.loads(run("check", submission, "--json").out)["sealed"]["unchanged"]


def test_text_longer_than_a_cell_holds_is_not_cut_off_silently(run: Run, folder: Path) -> None:
    path = written(folder, plain(long_goal="很" * 40_000))
    for command, target in (("convert", folder / "表.xlsx"), ("submit", folder / "申报表.xlsx")):
        code, _, err = run(command, path, "-o", target)
        assert (code, target.exists()) == (2, False), f"{command} wrote a file that lacks 7233 characters"
        assert "32767" in err
