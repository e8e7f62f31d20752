"""Fixtures of the tests that run the real command on files: a form, a folder, a place for a bad file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_files import (
    Answer,
    Run,
)
from forms import HN2015

from xlpkg.cli import main
from xlpkg.form import profile as profiles
from xlpkg.sheets.build import build


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def command(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        return Answer(code, *capsys.readouterr())

    return command


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for one test; afterwards nothing temporary is left in it."""
    yield tmp_path
    assert not [p.name for p in tmp_path.rglob(".~*") if not p.name.startswith(".~lock")]


@pytest.fixture(scope="session")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled form in which there is nothing to find."""
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    build(path, profiles.load("hn2015"), HN2015)
    return path


@pytest.fixture
def bad(folder: Path) -> Path:
    """Where the damaged file goes."""
    return folder / "表.xlsx"
