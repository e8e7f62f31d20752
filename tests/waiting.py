"""Waiting for what another program does: by condition, never for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def wait_for(condition: Callable[[], Any], patience: float = 120) -> Any:
    """What the condition gives as soon as it is true; AssertionError if it does not become true.

    The patience is that of a machine with much else to do; nobody waits longer than it takes.
    """
    deadline = time.monotonic() + patience
    while True:
        if found := condition():
            return found
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.03)
