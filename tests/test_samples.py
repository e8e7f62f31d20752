"""The sample forms give what they were made to give; the order of rows does not matter."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from forms import findings, report
from hypothesis import given
from hypothesis import strategies as st

from xlpkg.audit.fix import numbered
from xlpkg.audit.rules import RULES
from xlpkg.form.declaration import Declaration, from_json

CASES = sorted((Path(__file__).parent / "data" / "cases").glob("*.json"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in CASES}
SAMPLES = {stem: from_json(text) for stem, text in TEXTS.items()}
LATER_ROW = {"F04", "X10", "R02", "R06", "R07"}
"""Rules that by their wording name the first or the later of two rows."""


def errors(declaration: Declaration) -> Counter:
    return Counter(findings(declaration, "error"))


@pytest.mark.parametrize("stem", SAMPLES)
def test_sample_has_exactly_its_errors(stem):
    expected = [(e["rule_code"], e["row"], e["field"]) for e in json.loads(TEXTS[stem])["expected"]]
    assert errors(SAMPLES[stem]) == Counter(expected)


@pytest.mark.parametrize("stem", SAMPLES)
def test_sample_has_its_warnings(stem):
    wanted = set(json.loads(TEXTS[stem]).get("expected_warnings_sample", [])) & set(RULES)
    assert wanted <= {code for code, _, _ in findings(SAMPLES[stem])}


def test_costs_of_the_office_are_its_budget():
    summary = report(SAMPLES["00_network_office"]).cost.summary()
    assert summary == {"total": "140", "budget": "140", "funds": "140", "difference": "0", "unit": "万元"}


def test_costs_have_no_difference_from_funds_that_cannot_be_read():
    unread = msgspec.structs.replace(SAMPLES["00_network_office"], budget="若干")
    assert report(unread).cost.summary() == {"total": "140", "budget": None, "funds": None, "difference": None, "unit": "万元"}


def test_costs_are_added_without_rounding():
    assert report(SAMPLES["01_rural_roads"]).cost.summary()["total"] == "1160.5"


@given(st.sampled_from(sorted(SAMPLES)), st.randoms())
def test_order_of_rows_does_not_matter(stem, random):
    """Same totals, and findings on the same indicators; the number of a row and which of two twins is named may differ."""
    declaration = SAMPLES[stem]
    order = list(declaration.indicators)
    random.shuffle(order)
    shuffled = msgspec.structs.replace(declaration, indicators=numbered(order))
    old_row = {new: i.row for new, i in enumerate(order, 1)} | {None: None}
    found = Counter((c, old_row[r], f) for c, r, f in findings(shuffled) if c not in LATER_ROW)
    assert found == Counter(f for f in findings(declaration) if f[0] not in LATER_ROW)
    assert report(shuffled).cost.summary() == report(declaration).cost.summary()
