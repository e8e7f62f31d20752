"""Damaged files of every kind: each is read or refused with a sentence, soon and in little memory. `make fuzz` tries more."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_files import Run
from fuzz import Input, damaged_input, good_files
from fuzz import run as judge_all
from good_files import GOOD_FILES

pytestmark = pytest.mark.slow

KEPT = sorted((Path(__file__).parent / "data" / "damaged").iterdir())
"""Inputs that `make fuzz` found, each of which once ended in an exception."""
EACH = 18
"""How many damaged copies of each kind are tried here; they are the same every time."""


@pytest.fixture(scope="module")
def good() -> dict[str, bytes]:
    return good_files()


@pytest.mark.parametrize("path", KEPT, ids=[p.stem for p in KEPT])
def test_what_once_failed(path: Path) -> None:
    (outcome,) = judge_all([Input(path.stem, path.suffix, path.read_bytes())])
    assert outcome.fault == ""


def test_a_quote_that_is_never_closed(tmp_path: Path, run: Run) -> None:
    """csv takes no cell of more than 131,072 characters."""
    (tmp_path / "表.csv").write_text('项目名称,"' + "修路" * 100_000, encoding="utf-8")
    code, out, err = run("check", tmp_path / "表.csv")
    assert (code, out) == (2, "") and err.endswith("。\n")


@pytest.mark.parametrize("kind", GOOD_FILES)
def test_damaged_copies_are_read_or_refused(kind: str, good: dict[str, bytes]) -> None:
    outcomes = list(judge_all(damaged_input(kind, n, good[kind]) for n in range(EACH)))
    assert len(outcomes) == EACH
    assert {o.what for o in outcomes} == {"read", "refused"}  # else the damage is too much or too little to tell anything
    assert {f"{o.input.name} {o.input.number}": o.fault for o in outcomes if o.fault} == {}
