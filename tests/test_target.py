"""What value cells mean: the worked cells of the grammar and more of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlpkg.form import dates, profiles
from xlpkg.form.dates import TimeLimit
from xlpkg.form.target import Target

GRAMMAR = json.loads((Path(__file__).parent / "data" / "grammar.json").read_text(encoding="utf-8"))


def read(raw: str) -> Target:
    return profiles.load("hn2015").read_target(raw)


def reading(limit: TimeLimit) -> str:
    """A time limit of a form of 2023 in the words of the worked cells: "≤ 2023-12-31", "2023-01-01..2023-01-31"."""
    first, last, vague = limit.span(2023)
    if vague:
        strict, meant = ("", "") if "季" in limit.text else (" (strict)", " (meant)")
        return f"≤ {vague}{strict} or ≤ {last}{meant}"
    return f"{first}..{last}" if first else f"≤ {last}"


def seen(raw: str) -> str:
    """Kind and content of a cell in one line: "quantity ≥12场", "date ≤ 2023-06-30"."""
    target = read(raw)
    limits = [reading(limit) for limit in target.limits] if target.kind in ("date", "multi") else []
    return " ".join([target.kind, *(q.written() for q in target.quantities), *limits])


@pytest.mark.parametrize("cell", GRAMMAR, ids=[c["raw"] for c in GRAMMAR])
def test_worked_cell(cell):
    target = read(cell["raw"])
    figures = [
        {
            "op": q.op,
            "n": format(q.number, "f"),
            "hi": None if q.high is None else format(q.high, "f"),
            "unit": q.unit,
            "family": q.family,
        }
        for q in target.quantities
    ]
    assert (target.kind, target.norm, figures) == (cell["kind"], cell["norm"], cell["quantities"])


@pytest.mark.parametrize("cell", [c for c in GRAMMAR if c["kind"] == "date"], ids=lambda c: c["raw"])
def test_date_of_a_worked_cell(cell):
    assert [reading(limit) for limit in read(cell["raw"]).limits] == [cell["date_reading"]]


def test_serial_of_a_worked_cell():
    assert str(dates.from_serial(44561)) == "2021-12-31"


CELLS = """
    500余户 = quantity >500户
    1000多人 = quantity >1000人
    十余次 = quantity >10次
    九成以上 = quantity ≥90%
    三成 = quantity 30%
    九成五以上 = quantity ≥95%
    百分之九十五以上 = quantity ≥95%
    组织演练十二次 = quantity 12次
    不超过三次 = quantity ≤3次
    两次 = quantity 2次
    整治三俗 = qualitative
    推进一体化 = qualitative
    建设四好农村路 = qualitative
    两癌 = qualitative
    第三次 = qualitative
    3批次 = quantity 3批次
    ≥6个月 = quantity ≥6个月
    ≤5个工作日 = quantity ≤5个工作日
    组织抽检3批次 = quantity 3批次
    1.2万亩 = quantity 1.2万亩
    250万 = quantity 250万元
    300 千瓦时 = quantity 300千瓦时
    500～600人 = range 500-600人
    500 — 600 人 = range 500-600人
    500至600人 = range 500-600人
    600-520人 = range 600-520人
    8000人-1.2万人 = range 0.8-1.2万人
    8000-1.2万人 = range 0.8-1.2万人
    95%～98%以上 = range ≥95-98%
    不低于95%以上 = quantity ≥95%
    低于5‰ = quantity <5‰
    1:15 = qualitative
    ≤200元/人·天 = quantity ≤200元/人·天
    GB3838-2002 = qualitative
    达到3A级 = qualitative
    12个5G基站 = quantity 12个
    5000册（含电子书2000册） = quantity 5000册
    每村1名，共120名 = quantity 120名
    共120名，每村1名 = quantity 120名
    12次，每次不少于30人 = quantity 12次
    每季度3次 = quantity 3次
    每村1名 = quantity 1名
    合计180公里，县道30公里 = quantity 180公里
    ≥100人且≤200人 = pair ≥100人 ≤200人
    ≤200人，≥100人 = pair ≤200人 ≥100人
    2座30平方米 = multi 2座 30平方米
    培训12期，600人次 = multi 12期 600人次
    由92%提高到100% = quantity =100%
    0.5% = quantity 0.5%
    -5% = quantity -5%
    ① = qualitative
    无。 = empty
    （无） = empty
    —— = empty
    ≥**人 = placeholder
    ≥X人 = placeholder
    3*5平方米 = quantity 5平方米
    12台（型号XXL） = quantity 12台
    按需提供 = unmeasurable
    按需提供12次 = quantity 12次
    2024年12月31日前 = date ≤ 2024-12-31
    ≤2024年12月31日 = date ≤ 2024-12-31
    2024年2月底前 = date ≤ 2024-02-29
    23年6月底前 = date ≤ 2023-06-30
    2023年十一月底前 = date ≤ 2023-11-30
    6月30号前 = date ≤ 2023-06-30
    6月上旬 = date 2023-06-01..2023-06-10
    3月底前启动，11月底前完成 = date 2023-03-31..2023-11-30
    2023.3-2023.11 = date 2023-03-01..2023-11-30
    2023.12 = date 2023-12-01..2023-12-31
    2024-06 = date 2024-06-01..2024-06-30
    2023年6月30日、2023年12月31日 = multi ≤ 2023-06-30 ≤ 2023-12-31
    下半年 = date 2023-07-01..2023-12-31
    全年4次 = quantity 4次
    7×24小时 = quantity 24小时
    三四次 = qualitative
    三到五场 = range 3-5场
    2025 年 12 月 31 日前 = date ≤ 2025-12-31
    2023. 12. 31 = date ≤ 2023-12-31
    2023 年底前 = date ≤ 2023-12-31
    3期/180人 = multi 3期 180人
    5元/100户 = quantity 5元/100户
    前3名 = qualitative
    全市前10名 = qualitative
    第3批20个 = quantity 20个
    修订村规民约12份 = quantity 12份
    预约5次 = quantity 5次
    大约80家 = quantity ≈80家
    ≥12 000人次 = quantity ≥12000人次
    ≥1,2000人次 = multi 2000人次
    ≤230/10万 = quantity ≤230/10万
    5台≤数量≤8台 = pair ≥5台 ≤8台
    预算年度内 = date ≤ 2023-12-31
"""


@pytest.mark.parametrize("line", [line.strip() for line in CELLS.strip().splitlines()])
def test_cell(line):
    raw, _, meaning = line.partition(" = ")
    assert seen(raw) == meaning


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("不少于12场", "≥12场"),
        ("＞＝９０％", "≥90%"),
        ("1，160万元", "1160万元"),
        ("250万", "250万元"),
        ("十二次", "12次"),
        ("6次。", "6次"),
    ],
)
def test_what_means_the_same_is_written_the_same(one, other):
    assert read(one).canonical == read(other).canonical == other


@given(
    st.sampled_from(["", "=", "≥", ">", "≤", "<"]),
    st.decimals(0, 10**9, places=2, allow_nan=False),
    st.sampled_from(["次", "批次", "万人次", "%", "个百分点", "万元", "元/人·月", "个工作日", "平方公里", "户次"]),
)
def test_sign_number_and_unit_are_read_back(sign, number, unit):
    (quantity,) = read(f"{sign}{number}{unit}").quantities
    assert (quantity.op, quantity.number, quantity.unit) == (sign, number, unit)


@given(st.text(max_size=30))
def test_any_text_is_read_as_some_kind(text):
    target = read(text)
    figures = {"quantity": {1}, "range": {1}, "bare": {1}, "pair": {2}, "date": {0}, "qualitative": {0}}
    assert len(target.quantities) in figures.get(target.kind, {len(target.quantities)})
    assert read(target.norm).kind == target.kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("200人×2次", "200人×5次"), ("≥4次，每季度1次", "≥4次，每月1次"), ("2期，100人/期", "2期，300人/期"), ("三四次", "34次"),
        ("≤276万元，每口6万元", "≤276万元，每口9万元"),
    ],
)  # fmt: skip
def test_what_differs_beside_the_value_is_written_differently(one: str, other: str) -> None:
    assert read(one).canonical != read(other).canonical
