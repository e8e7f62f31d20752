"""Well-written declarations of many policy areas: no error, and a handful of warnings that an auditor would give as well."""

from __future__ import annotations

import pytest
from forms import Found, findings
from policy_areas import AREAS

WARNINGS: dict[str, list[Found]] = {
    "学生资助": [("X03", 1, "name")],
    "公共卫生2021": [],
    "信息系统运维": [("X02", 1, "name"), ("B11", 1, "value"), ("X02", 3, "name"), ("B11", 3, "value")],
    "高标准农田": [("X02", 8, "name"), ("B11", 8, "value"), ("X02", 9, "name"), ("B11", 9, "value"), ("X02", 10, "name")],
    "大气污染": [("R04", None, "long_goal")],
    "文化惠民": [],
    "城乡低保": [],
    "教师培训": [("R04", None, "long_goal")],
    "防汛": [],
    "就业": [("R04", None, "long_goal"), ("X03", 1, "name"), ("X02", 7, "name"), ("B11", 7, "value"), ("M02", 11, "value")],
    "学校食堂基建": [("X05", 4, "value")],
}
"""By area: money whose output nobody counts, a goal of one clause, an end in the next year, 长期."""


@pytest.mark.parametrize("area", AREAS)
def test_a_well_written_form_of_the_area(area: str) -> None:
    assert findings(AREAS[area], "error") == []
    assert findings(AREAS[area], "warning") == WARNINGS[area]
