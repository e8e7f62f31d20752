"""Word lists as data: the module agrees with the files, one list decides everywhere, and profiles add plain words only."""

from __future__ import annotations

import json
import re
import time
import tomllib
from pathlib import Path

import pytest
from forms import HN2015, findings, with_row

from xlpkg.audit.check import check
from xlpkg.form import profiles, word_files, word_lists, words
from xlpkg.form.blanks import left_blank
from xlpkg.form.profile import ProfileError
from xlpkg.form.text import norm

PACKAGE = Path(word_lists.__file__).parent.parent
TABLES = word_files.tables()
LISTS = {name: table for name, table in TABLES.items() if "words" in table}
BEFORE = TABLES["before_a_figure"]


def test_the_module_is_made_from_the_files() -> None:
    assert word_files.MODULE.read_text(encoding="utf-8") == word_files.module_text(TABLES), "run: make words"


def test_every_list_is_used_and_every_list_that_is_used_is_there() -> None:
    files = [p for p in PACKAGE.rglob("*.py") if p != word_files.MODULE and "year" not in p.parts]
    code = "\n".join(p.read_text(encoding="utf-8") for p in files)
    asked = set(re.findall(r'(?:\.has|\.pattern|\.words_of|words\.of)\(\s*[fr]?"([a-z_]+)"', code))
    asked |= {name for name in LISTS if f'"{name}"' in code}
    assert asked == set(LISTS)


def test_one_word_a_line() -> None:
    for path in word_files.FOLDER.glob("*.toml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        held = [w for table in tomllib.loads("\n".join(lines)).values() for w in table.get("words", ())]
        assert sum(line.startswith('  "') and line.endswith('",') for line in lines) >= len(held)


@pytest.mark.parametrize("name", LISTS)
def test_words_are_found_and_exclusions_are_not(name: str) -> None:
    table, pattern, has = LISTS[name], words.pattern(name), words.finder(name)
    bare = [w.strip("^$").replace("…", "") for w in table["words"]]
    assert [w for w in bare if not (pattern.search(w) and has(w))] == []
    longer = [*table.get("not_in", ()), *(before + w for before in table.get("not_after", ()) for w in bare)]
    assert [w for w in longer if pattern.search(w) or has(w)] == []
    texts = [a + b for a in ("", "中", "不") for w in bare for b in (w, w + "中")]
    assert [t for t in texts if has(t) != (pattern.search(t) is not None)] == []
    assert all(norm(w) == w for w in table["words"])


@pytest.mark.parametrize("word", [w for w, sign in BEFORE.items() if sign != "≈"])
def test_a_sign_in_words_is_read_reported_and_mended(word: str) -> None:
    form = with_row(HN2015, "质量指标", "路面破损修补率", f"{word}95%")
    report = check(form, profiles.load("hn2015"))
    assert report.evidence.rows[-1].target.canonical == f"{BEFORE[word]}95%"
    assert [f.fix.to for f in report.findings if f.rule == "F10" and f.fix] == [f"{BEFORE[word]}95%"]


@pytest.mark.parametrize(
    ("value", "mended"),
    [
        ("不得超过5%", "≤5%"), ("最少5%", "≥5%"), ("控制在5%", "≤5%"), ("控制在5%以内", "≤5%"), ("控制在5%之内", "≤5%"),
        ("达到了95%", "=95%"), ("不能低于95%", "≥95%"), ("最高不超过5%", "≤5%"), ("约95%", None), ("95%以上", None), ("=95%", None),
    ],
)  # fmt: skip
def test_which_signs_in_words_are_reported(value: str, mended: str | None) -> None:
    report = check(with_row(HN2015, "社会效益指标", "路面破损率", value), profiles.load("hn2015"))
    assert [f.fix.to for f in report.findings if f.rule == "F10" and f.fix] == ([mended] if mended else [])


@pytest.mark.parametrize("word", LISTS["no_sign"]["words"])
def test_a_sign_within_another_word_is_none(word: str) -> None:
    target = profiles.load("hn2015").read_target(f"补助资金{word}5万元")
    assert target.single and target.single.op == ""


@pytest.mark.parametrize("text", [*LISTS["no_answer"]["words"], "n/a", "（无）", "不涉及。", "？？", "……", "／", "[请填写]"])
def test_what_says_nothing_is_blank(text: str) -> None:
    assert left_blank(text)


@pytest.mark.parametrize("text", ["0", "无事故", "没有投诉", "未知领域", "同上年", "略有提高", "不适用率≤5%", "随机", "待定"])
def test_what_says_something_is_not(text: str) -> None:
    assert not left_blank(text)


def own_profile(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "county.toml"
    path.write_text(f'extends = "hn2015"\nid = "county"\nname = "某县"\n{text}', encoding="utf-8")
    return path


def test_a_profile_adds_words(tmp_path: Path) -> None:
    form = with_row(HN2015, "成本指标", "项目总盘子", "≤140万元")
    assert [code for code, _, _ in findings(form, "error")] == ["B02"]
    profile = profiles.read(own_profile(tmp_path, '[words]\ntotal_row = ["总盘子"]'))
    assert [f.rule for f in check(form, profile).findings if f.severity == "error"] == []


@pytest.mark.parametrize("word", ["(总+)+$", "总.*", "[总]"])
def test_a_profiles_words_are_no_patterns(tmp_path: Path, word: str) -> None:
    profile = profiles.read(own_profile(tmp_path, f"[words]\ntotal_row = ['{word}']"))
    assert not profile.has("total_row", "总总总") and profile.has("total_row", word.strip("$"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[words]\ntotal_row = ["总盘子|全部"]', "第5行的words.total_row里的“总盘子|全部”不是词语，请写一个词，不用符号。"),
        ('[words]\ntotal_row = ["$"]', "第5行的words.total_row里的“$”不是词语，请写一个词，不用符号。"),
        ('[lexicon]\ntotal_row = "总盘子"', "第4行有误：不认识的项“lexicon”。"),
    ],
)
def test_a_fault_in_a_profiles_words_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ProfileError) as error:
        profiles.read(own_profile(tmp_path, text))
    assert str(error.value) == f"表式文件“county.toml”{sentence}"


def test_a_workbook_brings_no_pattern_along() -> None:
    """What an older version carried, or somebody put into the hidden sheet: it is not taken, and nothing takes long."""
    patterns = {"lexicon": {"total_row": "(总+)+$"}, "words": {"vague": ["(a+)+$"]}}
    profile = profiles.from_source(json.dumps({"extends": "hn2015", "id": "county", "name": "某县", **patterns}))
    start = time.perf_counter()
    assert not profile.has("total_row", "总" * 40 + "不") and not profile.has("vague", "a" * 40 + "b")
    assert time.perf_counter() - start < 1
