"""Inputs that are large in one respect, each under 5 MB: read or refused within ten seconds and 500 MB (large_inputs.py)."""

from __future__ import annotations

import pytest
from fuzz import Input, run
from large_inputs import LARGE, STILL_SLOW

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("what", [what for what in LARGE if what not in STILL_SLOW])
def test_a_large_input_is_read_or_refused_soon(what: str) -> None:
    suffix, data = LARGE[what]()
    assert len(data) < 5 << 20
    (outcome,) = run([Input(what, suffix, data)])
    assert outcome.fault == ""
