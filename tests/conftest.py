"""Fixtures: the real command on files, a form, a folder, a place for a bad file; a LibreOffice with open forms."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bad_files import (
    Answer,
    Run,
)
from forms import HN2015
from live import Open
from office import Office

from xlpkg.cli import main
from xlpkg.form import profile as profiles
from xlpkg.form.declaration import Declaration
from xlpkg.live import session
from xlpkg.live.libreoffice.engine import APPS
from xlpkg.writing.build import build


@pytest.fixture(scope="session", autouse=True)
def activated() -> None:
    """As in a shell whose environment is activated: the buttons look for Python on PATH."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


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


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """A LibreOffice for the tests of a module."""
    with Office() as running:
        APPS.adopt(running.process)
        yield running


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log file of the buttons, in the test's folder."""
    monkeypatch.setattr(session, "LOG", tmp_path / "log" / "xlpkg.log")
    return session.LOG


@pytest.fixture
def opened(office: Office, log: Path, tmp_path: Path) -> Iterator[Callable[..., Open]]:
    """Open a declaration, or a blank form, with buttons; closed at the end, with whatever else was opened."""

    def open_form(declaration: Declaration | None = None, name: str = "表.xlsm") -> Open:
        path = tmp_path / name
        build(path, profiles.load(declaration.profile if declaration else "hn2015"), declaration)
        return Open(path, office.open(path, hidden=False))

    yield open_form
    for model in office.process.documents():
        model.close(True)
