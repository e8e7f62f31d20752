"""Which names speak of one item: the index finds exactly the pairs that comparing each with each would find."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from xlpkg.audit.items import alike, neighbours

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
