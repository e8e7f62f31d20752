"""The points of a self-evaluation, worked by hand, and laws that hold for all figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from year_forms import DECLARED, year_profile

from xlpkg.year import points
from xlpkg.year.achievement import achieved, full_points, read
from xlpkg.year.form import SELF_EVALUATION
from xlpkg.year.profile import load

RATIO = year_profile(SELF_EVALUATION)


def earned(target: str, actual: str, weight: str) -> tuple[str, str] | None:
    form = RATIO
    read_target = read(target, DECLARED)
    got = full_points(achieved(read_target, actual, DECLARED, form, 2024), read_target, Decimal(weight), form)
    return None if got is None else (str(got[0]), str(got[1]))


@pytest.mark.parametrize(
    ("target", "actual", "weight", "score"),
    [
        ("≥735人次", "735", "10", "10.00"),
        ("═100%", "98%", "10", "9.80"),
        ("8755", "8676", "15", "14.86"),
        ("43.2", "37.24", "10", "8.62"),
        (">=4754人", "4604人", "5", "4.84"),
        (">=530元/人*月", "583元/人*月", "5", "5.00"),
        ("<=5300元/户", "5830元/户", "10", "9.09"),
        ("≥1.2万人次", "11400人次", "10", "9.50"),
        ("≥38.6公里", "19300米", "10", "5.00"),
        ("=0起", "0", "5", "5.00"),
        ("=0起", "1起", "5", "0.00"),
        ("≥0.5‰", "0.05%", "5", "5.00"),
        ("≤30天", "40天", "8", "6.00"),
        ("200-300人", "250人", "10", "10.00"),
        ("200-300人", "100人", "10", "5.00"),
        ("2024年11月30日前", "2024年11月30日", "8", "8.00"),
        ("2024年11月底前", "11月", "8", "8.00"),
    ],
)
def test_points_that_are_computed(target: str, actual: str, weight: str, score: str) -> None:
    assert earned(target, actual, weight) == (score, score)


@pytest.mark.parametrize(
    ("target", "actual", "band"),
    [
        ("2024年11月30日前", "2024年12月20日", ("0", "6.40")),
        ("2024年6月30日前", "2024年12月", ("0", "0.00")),
        ("显著改善", "部分达成", ("4.80", "6.40")),
        ("显著改善", "群众普遍反映良好", None),
        ("2024年11月30日前", "2024年", None),
        ("200-300人", "350人", None),
        ("≥70村", "已开展", None),
        ("≥95%", "0.98", None),
        ("≥100人", "100人次", None),
        ("≥100人", "95%", None),
        ("≥3座，验收合格率100%", "3座", None),
    ],
)
def test_points_that_a_person_gives(target: str, actual: str, band: tuple[str, str] | None) -> None:
    assert earned(target, actual, "8") == band


def test_the_excess_way_of_a_limit() -> None:
    assert points.at_most(Decimal(5300), Decimal(5830), Decimal(10), "excess") == Decimal("9.00")
    assert points.at_most(Decimal(10), Decimal(20), Decimal(10), "excess") == Decimal("0.00")
    assert points.at_most(Decimal(0), Decimal(1), Decimal(10), "ratio") == Decimal("0.00")


def test_the_execution_rate() -> None:
    assert points.execution(Decimal("65.07"), Decimal("65.66"), Decimal(10)) == Decimal("9.91")
    assert points.execution(Decimal(9), Decimal(8), Decimal(20)) == Decimal("20.00")
    assert points.execution(Decimal(1), Decimal(0), Decimal(10)) is None


AMOUNTS = st.decimals(min_value="0.01", max_value=10**9, places=2)
POINTS = st.decimals(min_value="0.5", max_value=100, places=1)


@given(AMOUNTS, AMOUNTS, POINTS)
def test_points_lie_between_nothing_and_all_and_are_full_exactly_when_the_target_is_met(
    goal: Decimal, actual: Decimal, full: Decimal
) -> None:
    for score, met in (
        (points.at_least(goal, actual, full), actual >= goal),
        *((points.at_most(goal, actual, full, way), actual <= goal) for way in ("ratio", "excess")),
    ):
        assert 0 <= score <= full
        assert score == full or not met


@given(POINTS, st.integers(1, 60))
def test_points_shared_out_add_up(full: Decimal, rows: int) -> None:
    shares = points.shared_out(full, rows)
    assert sum(shares) == full and len(shares) == rows
    assert all(s >= 0 for s in shares) and sorted(shares, reverse=True) == shares


@pytest.mark.parametrize(("total", "grade"), [("90", "优"), ("89.99", "良"), ("80", "良"), ("60", "中"), ("59.99", "差")])
def test_grades(total: str, grade: str) -> None:
    assert points.grade_of(Decimal(total), load("evaluation", SELF_EVALUATION).grades) == grade
