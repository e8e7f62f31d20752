"""A trial: a rule more, and a shipped profile more, is one file; everything else finds it, the tests of this folder included."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PARTS = ("xlpkg", "workbook", "macros", "tests", "setup.cfg")
RULE = '''

@rule(
    "R99", "目标用了口号", WARNING, basis="目标写做什么、做多少",
    violates="目标：再创佳绩", passes="目标：改造公路12公里",
    failing="long_goal = 改善农村公路12公里，再创佳绩。", found="long_goal",
    passing="long_goal = 改善农村公路12公里。",
)  # fmt: skip
def goal_has_no_cheer(evidence: Evidence) -> Iterator[Observation]:
    """A goal says 再创佳绩."""
    for field in ("long_goal", "year_goal"):
        if "再创佳绩" in evidence.declaration.header(field):
            yield Observation(None, field, "写了“再创佳绩”", "请写做什么、做多少。")
'''
PROFILE = """
extends = "mof2021"
id = "trial2030"
name = "某省 项目支出绩效目标申报表（2030）"
without = ["filler"]

[labels]
project = "项目名称（全称）"

[[columns]]
key = "weight"
label = "权重"
kind = "number"
total = 90
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with one rule and one profile more: one file each."""
    copy = tmp_path_factory.mktemp("package")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(source, copy / part)
    rules = copy / "xlpkg" / "audit" / "rules" / "relevance.py"
    rules.write_text(rules.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    (copy / "workbook" / "profiles" / "trial2030.toml").write_text(PROFILE.lstrip(), encoding="utf-8")
    return copy


def passed(package: Path, word: str, *files: str) -> int:
    """How many tests of the copy that have a word in their name pass; none fails."""
    said = python(package, "-m", "pytest", "-vv", "-p", "no:cacheprovider", *files, "-k", word)
    assert "FAILED" not in said and "ERROR" not in said, said
    return said.count("PASSED")


def python(package: Path, *arguments: object) -> str:
    """What a command in the copy prints."""
    environment = os.environ | {"PYTHONPATH": str(package), "PYTHONUTF8": "1"}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def test_a_rule_is_one_file(package: Path, tmp_path: Path) -> None:
    listed = json.loads(python(package, "-m", "xlpkg", "rules", "--json"))
    assert [r["name"] for r in listed if r["code"] == "R99"] == ["目标用了口号"]
    sample = json.loads((ROOT / "workbook" / "samples" / "rural_roads.json").read_text(encoding="utf-8"))
    form = tmp_path / "表.json"
    form.write_text(json.dumps(sample | {"year_goal": sample["year_goal"] + "再创佳绩。"}), encoding="utf-8")
    assert "R99" in python(package, "-m", "xlpkg", "check", form)
    python(package, "-m", "xlpkg", "new", "-o", tmp_path / "表.xlsx")
    assert "R99" in [row[0].value for row in openpyxl.load_workbook(tmp_path / "表.xlsx")["填报说明"].iter_rows()]
    assert passed(package, "R99", "tests/test_rules.py") == 3


def test_a_shipped_profile_is_one_file(package: Path, tmp_path: Path) -> None:
    assert "trial2030" in python(package, "-m", "xlpkg", "profile", "workbook/profiles/trial2030.toml")
    python(package, "-m", "xlpkg", "new", "-p", "trial2030", "-o", tmp_path / "表.xlsx")
    found = json.loads(python(package, "-m", "xlpkg", "check", tmp_path / "表.xlsx", "--json"))
    assert found["profile"] == "trial2030" and {f["field"] for f in found["findings"]} >= {"project", "phone"}
    tests = ("tests/test_profile.py", "tests/test_rules.py", "tests/test_form_workbook.py")
    assert passed(package, "trial2030", *tests) >= 2
