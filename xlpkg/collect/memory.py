"""Results kept for this run only, where Python was built without SQLite: then each run reads every file."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from xlpkg.collect.find import File
from xlpkg.collect.result import Result, decode
from xlpkg.form.profile import Profile


class Store:
    """What `xlpkg.collect.cache.Store` does, in memory."""

    def __init__(self, path: Path, profile: Profile | None = None) -> None:
        self.path, self.profile = path, profile
        self._results: dict[str, bytes] = {}

    def close(self) -> None:
        """Nothing is open."""

    def missing(self, files: Iterable[File]) -> Iterator[File]:
        """The files of which there is no result."""
        return (file for file in files if file.address not in self._results)

    def keep(self, results: Iterable[tuple[File, str, bytes]]) -> None:
        """Keep (file, digest of what was read, encoded result)."""
        self._results.update({file.address: data for file, _, data in results})

    def results(self, files: Iterable[File]) -> Iterator[tuple[File, Result]]:
        """The results of the files, in their order; each is decoded when it is asked for."""
        return ((file, decode(self._results[file.address])) for file in files)
