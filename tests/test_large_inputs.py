"""Inputs that are large in one respect, each under 5 MB: read or refused within ten seconds and 500 MB (large_inputs.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fuzz import Input, Reader
from large_inputs import LARGE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """The process in which this worker's inputs are read."""
    process = Reader()
    yield process
    process.stop()


@pytest.mark.parametrize("what", LARGE)
def test_a_large_input_is_read_or_refused_soon(what: str, reader: Reader) -> None:
    suffix, data = LARGE[what]()
    assert len(data) < 5 << 20
    assert reader.judge(Input(what, suffix, data)).fault == ""
