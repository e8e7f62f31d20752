"""Which names speak of one item: the index finds exactly the pairs that comparing each with each would find."""

from __future__ import annotations

import pytest
from forms import HN2015, findings, with_cells
from hypothesis import given, settings
from hypothesis import strategies as st

from xlpkg.audit.facts.items import alike, neighbours

words = st.sampled_from(["农村", "公路", "危桥", "改造", "培训", "宣传", "绿水绿", "天", "人人", "环境"])
names = st.lists(words, min_size=1, max_size=6).map("".join)


@st.composite
def spellings(draw: st.DrawFn) -> set[str]:
    """Names, and names with up to four characters lost or put in."""
    keys = set()
    for name in draw(st.lists(names, max_size=25)):
        keys.add(name)
        letters = list(name)
        for _ in range(draw(st.integers(0, 4))):
            place = draw(st.integers(0, len(letters)))
            if letters and draw(st.booleans()):
                letters.pop(place - 1)
            else:
                letters.insert(place, draw(st.sampled_from("农村公路甲乙")))
        keys |= {"".join(letters)} - {""}
    return keys


@given(spellings(), st.sampled_from([0.7, 0.8, 0.9]))
@settings(max_examples=200, deadline=None)
def test_the_index_misses_no_pair(keys: set[str], threshold: float) -> None:
    found = neighbours(keys, threshold)
    assert {key: set(others) for key, others in found.items()} == {
        key: {other for other in keys if other != key and alike(key, other, threshold)} for key in keys
    }


COST, QUANTITY = 5, 1  # rows of the form: a cost, a quantity


@pytest.mark.parametrize(
    ("quantity", "cost"),
    [
        ("送戏下乡演出场次", "送戏下乡演出补助"),
        ("购置厨房设备套数", "厨房设备购置费"),
        ("农家书屋图书更新册数", "农家书屋图书更新费"),
        ("淘汰燃煤锅炉数量", "燃煤锅炉淘汰补贴资金"),
        ("城市低保保障人数", "城市低保金支出"),
        ("举办专场招聘会场次", "专场招聘会举办费"),
        ("举办教师培训班期数", "教师培训费"),
        ("支持互联网企业党支部数量", "互联网企业党建经费"),
    ],
)
def test_one_activity_in_the_words_of_quantity_and_cost(quantity: str, cost: str) -> None:
    form = with_cells(with_cells(HN2015, QUANTITY, name=quantity), COST, name=cost)
    assert [f for f in findings(form) if f[0] in ("X01", "X02", "X03", "B11")] == []


@pytest.mark.parametrize(
    ("quantity", "cost", "found"),
    [
        ("网络安全宣传场次", "网络文明宣传费", [("X03", 1), ("X02", 5), ("B11", 5)]),
        ("公共厕所建设数量", "公厕建设费", [("X01", 5)]),
        ("农村公路养护里程", "农村道路养护费", [("X01", 1)]),
        ("改造农村公路里程", "工程设计监理费", [("X03", 1)]),
    ],
    ids=["two activities", "abbreviated", "another word inside", "overhead"],
)
def test_what_an_auditor_would_name(quantity: str, cost: str, found: list[tuple[str, int]]) -> None:
    form = with_cells(with_cells(HN2015, QUANTITY, name=quantity), COST, name=cost)
    assert [f[:2] for f in findings(form) if f[0] in ("X01", "X02", "X03", "B11")] == found
