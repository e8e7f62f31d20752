"""Work that takes its time, one job after the other beside the window; the window asks now and then what is done."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_PATIENCE = 60.0


class Background:
    """A thread for jobs; `deliver` hands over, in the thread of the window, what came of them."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.waiting = 0
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def do(self, job: Callable[[], T], done: Callable[[T], None], failed: Callable[[str], None]) -> None:
        """Do a job; `done` gets its result, `failed` a sentence for the user."""
        self.waiting += 1

        def work() -> None:
            try:
                result = job()
            except Exception as error:
                from xlpkg.live.session import explain

                sentence = explain(error)
                self._done.put(lambda: failed(sentence))
            else:
                self._done.put(lambda: done(result))

        self._jobs.put(work)

    def deliver(self) -> None:
        """Call back for every job that is done."""
        while not self._done.empty():
            self.waiting -= 1
            self._done.get()()

    def finish(self) -> None:
        """Wait for the job that is under way: no file is left half-written."""
        self._jobs.put(None)
        self._thread.join(_PATIENCE)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
