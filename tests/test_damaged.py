"""Damaged files of every kind: each is read or refused with a sentence, soon and in little memory. `make fuzz` tries more."""

from __future__ import annotations

import pytest
from fuzz import damaged_input, good_files, run
from good_files import GOOD_FILES

EACH = 30
"""How many damaged copies of each kind are tried here; they are the same every time."""


@pytest.fixture(scope="module")
def good() -> dict[str, bytes]:
    return good_files()


@pytest.mark.parametrize("kind", GOOD_FILES)
def test_damaged_copies_are_read_or_refused(kind: str, good: dict[str, bytes]) -> None:
    outcomes = list(run(damaged_input(kind, n, good[kind]) for n in range(EACH)))
    assert len(outcomes) == EACH
    assert {o.what for o in outcomes} == {"read", "refused"}  # else the damage is too much or too little to tell anything
    assert {f"{o.input.name} {o.input.number}": o.fault for o in outcomes if o.fault} == {}
