"""Later forms as JSON: what is written comes back, the keys of the catalogue are read, and what is wrong has a sentence."""

from __future__ import annotations

import json

import pytest
from forms import HN2015
from year_forms import GOOD, changed, found

from xlpkg.form.declaration import DeclarationError, to_json
from xlpkg.year.json_form import from_year_json, is_year_json, to_year_json


@pytest.mark.parametrize("kind", GOOD)
def test_a_form_comes_back_from_its_json(kind: str) -> None:
    form = changed(GOOD[kind], "1 adjusted = ≥11公里\n1 basis = 云财预〔2024〕18号\nproblems = 无\nfunds.total.rate = 57%")
    assert is_year_json(to_year_json(form))
    assert from_year_json(to_year_json(form)) == form


def test_a_short_json_takes_names_and_targets_from_the_declaration() -> None:
    rows = [{"ref": i.row, "actual": i.value.lstrip("≥=≤"), "points": p, "score": p, "reason": "问卷200份"} for i, p in zip(
        HN2015.indicators, [9, 9, 8, 8, 8, 8, 8, 8, 7, 7, 10], strict=True)]  # fmt: skip
    data = {
        "kind": "self_evaluation", "declaration": json.loads(to_json(HN2015)),
        "funds": {"total": {"initial": "140", "adjusted": "", "executed": 140}}, "execution": {"points": "10", "score": 10},
        "goal_result": "改造农村公路12公里，验收全部合格。", "rows": rows, "total": "100", "grade": "优",
    }  # fmt: skip
    form = from_year_json(json.dumps(data))
    assert form.rows[0].name == "改造农村公路里程" and form.rows[0].target == "≥12公里" and form.rows[0].points == "9"
    assert found(form) == []
    data["rows"] = [r | ({"target": "≥10公里"} if r["ref"] == 1 else {}) for r in rows]
    assert found(from_year_json(json.dumps(data))) == [("S19", 1, "target")]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "other"}, "kind"),
        ({"declaration": None}, "declaration"),
        ({"month": 13}, "month"),
        ({"rows": {}}, "rows"),
        ({"rows": [{"ref": "一"}]}, "行号"),
        ({"rows": [{"ref": 1, "causes": ["天气"]}]}, "causes"),
        ({"rows": [{"ref": 1, "actaul": "1"}]}, "actual"),
        ({"style": "unknown"}, "版式"),
    ],
)
def test_what_is_wrong_has_a_sentence(change: dict[str, object], sentence: str) -> None:
    data = json.loads(to_year_json(GOOD["monitoring"])) | change
    with pytest.raises(Exception, match=sentence) as raised:
        from_year_json(json.dumps(data))
    assert type(raised.value).__name__ in ("DeclarationError", "ProfileError")


def test_broken_json_has_a_sentence() -> None:
    with pytest.raises(DeclarationError, match="JSON"):
        from_year_json('{"kind": ')
