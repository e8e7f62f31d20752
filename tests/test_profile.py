"""Profiles as data: what is wrong in one is named, overrides work, and the shipped ones are complete."""

from pathlib import Path

import pytest

from xlpkg.audit.check import check
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration
from xlpkg.form.profile import ProfileError
from xlpkg.form.profiles import load, read

HN2015 = profiles.data_folder("workbook") / "profiles" / "hn2015.toml"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """The shipped profile with one text replaced."""
    text = HN2015.read_text(encoding="utf-8").replace('id = "hn2015"', 'id = "test"')
    assert old in text
    path = tmp_path / "test.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('id = "test"', 'id = "test"\ncolour = "red"', "表式文件“test.toml”第4行有误：不认识的项“colour”。"),
        (
            'cost_l2 = "成本指标"',
            'cost_l2 = "成本指标"\n[limits]\nmax_totl = 3',
            "表式文件“test.toml”第11行有误：不认识的项“limits.max_totl”。",
        ),
        (
            'cost_l2 = "成本指标"',
            'cost_l2 = "成本指标"\n[words]\nvaguest = ["好"]',
            "表式文件“test.toml”第11行的words写了“vaguest”，没有这张词表。词表在workbook/words里。",
        ),
        ('cost_l2 = "成本指标"', "cost_l2 = 3", "表式文件“test.toml”第9行有误：“cost_l2”应为文字或列表，写成了整数。"),
        ('cost_l2 = "成本指标"\n', "", "表式文件“test.toml”有误：缺少“cost_l2”。"),
        (
            '"时效指标", "成本指标"]',
            '"时效指标", "费用指标"]',
            "表式文件“test.toml”第7行的required_l2写了“费用指标”，但tree里没有这个指标。",
        ),
        ('extends = "common"', 'extends = "nowhere"', "打不开表式文件“nowhere.toml”。"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(ProfileError) as error:
        read(changed(tmp_path, old, new))
    assert str(error.value) == sentence


def test_broken_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"^表式文件“test.toml”不是有效的TOML："):
        read(changed(tmp_path, 'id = "test"', "id = test"))


def test_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(ProfileError) as error:
        load("hn2025")
    assert str(error.value) == f"没有名为“hn2025”的表式，可用的表式：{'、'.join(profiles.shipped())}。"


def test_severity_is_overridden_and_a_rule_switched_off(tmp_path: Path) -> None:
    path = changed(tmp_path, 'cost_l2 = "成本指标"', 'cost_l2 = "成本指标"\n[rules]\nC01 = "warning"\nC02 = "off"')
    findings = {f.rule: f.severity for f in check(Declaration("test"), read(path)).findings}
    assert findings["C01"] == "warning" and "C02" not in findings and findings["C03"] == "error"


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ('Z99 = "off"', "表式“test”的rules写了“Z99”，没有这条规则。"),
        ('C01 = "fatal"', "表式“test”的rules.C01写了“fatal”，只能是error、warning、info、off。"),
    ],
)
def test_an_override_of_nothing_is_an_error(tmp_path: Path, rules: str, sentence: str) -> None:
    path = changed(tmp_path, 'cost_l2 = "成本指标"', f'cost_l2 = "成本指标"\n[rules]\n{rules}')
    with pytest.raises(ProfileError) as error:
        check(Declaration("test"), read(path))
    assert str(error.value) == sentence


@pytest.mark.parametrize("name", profiles.available())
def test_shipped_profile_is_whole(name: str) -> None:
    form = load(name)
    roles = form.roles
    assert {roles.quantity, roles.quality, roles.time, *form.cost_categories, *form.recommended_l2} <= set(form.parent)
    assert {roles.satisfaction, roles.benefit, roles.output} <= set(form.l1_names)
    assert form.title.count("{year}") == 1


def test_categories_of_the_two_frameworks() -> None:
    assert {c.name: [n.name for n in c.l2] for c in load("hn2015").tree} == {
        "产出指标": ["数量指标", "质量指标", "时效指标", "成本指标"],
        "效益指标": ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"],
        "满意度指标": ["社会公众或服务对象满意度指标"],
    }
    assert {c.name: [n.name for n in c.l2] for c in load("mof2021").tree} == {
        "成本指标": ["经济成本指标", "社会成本指标", "生态环境成本指标"],
        "产出指标": ["数量指标", "质量指标", "时效指标"],
        "效益指标": ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"],
        "满意度指标": ["服务对象满意度指标"],
    }


def test_labels_broken_over_lines_and_aliases_are_accepted() -> None:
    form = load("hn2015")
    assert form.l1("满意度\n\n指标") == "满意度指标"
    assert form.l2(" 服务对象满意度指标 ") == "社会公众或服务对象满意度指标"
    assert form.standard("历史") == "历史标准"
