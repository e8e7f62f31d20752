"""Fixtures: the real command on files, a form, a folder, a place for a bad file; a LibreOffice with open forms, a screen.

Every worker has a home of its own (own_home), one LibreOffice and one screen for all its tests.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bad_files import (
    Answer,
    Run,
)
from desktop import Desktop, Window
from forms import HN2015, write_form
from office import Office, wait_for_clicks
from open_forms import REAL, Open
from own_form import OWN_TOML
from own_home import OwnHome
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from xlpkg.cli import main
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, to_json
from xlpkg.live import session
from xlpkg.live.libreoffice.engine import APPS
from xlpkg.writing.build import build

LONG_FIRST = ("office", "slow")
"""Markers whose tests begin first, so that short ones fill the last seconds of all workers."""
TOGETHER = ("test_collect.py", "test_collect_pages.py", "test_kit.py", "test_ooxml.py", "test_windows.py", "test_year_collect.py")
"""Modules whose tests run on one worker, because they share something that takes long to make."""


gc.set_threshold(20_000, 20, 20)
"""Workbooks are many small objects without circles: looking for those so rarely saves a twentieth of the time."""


class OneByOne(LoadScopeScheduling):
    """Each worker gets the next test when it is free, or a whole module of those that stay together; these begin first."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if Path(module).name in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneByOne:
    return OneByOne(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: min((n for n, name in enumerate(LONG_FIRST) if item.get_closest_marker(name)), default=9))


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The home of this worker. The folders of the tests are elsewhere, to be looked at afterwards."""
    tmp_path_factory.getbasetemp()
    with OwnHome():
        yield


@pytest.fixture(scope="session", autouse=True)
def activated() -> None:
    """As in a shell whose environment is activated: the buttons look for Python on PATH."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def command(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as end:  # --help, wrong usage
            assert isinstance(end.code, int)
            code = end.code
        return Answer(code, *capsys.readouterr())

    return command


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A declaration as a .json, .xlsx or .xlsm file."""

    def write(declaration: Declaration, name: str = "表.json") -> Path:
        path = tmp_path / name
        if path.suffix == ".json":
            path.write_text(to_json(declaration), encoding="utf-8")
        else:
            build(path, profiles.load(declaration.profile), declaration)
        return path

    return write


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for one test; afterwards nothing temporary is left in it."""
    yield tmp_path
    assert not [p.name for p in tmp_path.rglob(".~*") if not p.name.startswith(".~lock")]


@pytest.fixture(scope="session")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled form in which there is nothing to find."""
    return write_form(tmp_path_factory.mktemp("form") / "form.xlsx", HN2015)


@pytest.fixture
def bad(folder: Path) -> Path:
    """Where the damaged file goes."""
    return folder / "表.xlsx"


@pytest.fixture(scope="session")
def offices() -> Iterator[list[Office]]:
    """The LibreOffices of this worker, the one in use last."""
    started: list[Office] = []
    yield started
    for office in started:
        office.process.quit()


@pytest.fixture
def office(offices: list[Office]) -> Iterator[Office]:
    """The LibreOffice of this worker, without documents; a new one if a test left it dead."""
    if not offices or not offices[-1].process.alive:
        offices.append(Office().__enter__())
    running = offices[-1]
    APPS.adopt(running.process)
    if running.locale:
        running.use_locale("")
    yield running
    wait_for_clicks()
    for model in running.process.documents():
        model.close(True)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log file of the buttons, in the test's folder."""
    monkeypatch.setattr(session, "LOG", tmp_path / "log" / "xlpkg.log")
    return session.LOG


@pytest.fixture
def opened(office: Office, log: Path, tmp_path: Path) -> Callable[..., Open]:
    """Open a declaration, or a blank form, with buttons."""

    def open_form(declaration: Declaration | None = None, name: str = "表.xlsm") -> Open:
        path = write_form(tmp_path / name, declaration)
        return Open(path, office.open(path, hidden=False))

    return open_form


@pytest.fixture
def own_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a form that is not shipped (OWN_TOML); none is known from an earlier test."""
    monkeypatch.setattr(profiles, "_named", {})
    folder = tmp_path / "表式"
    folder.mkdir()
    path = folder / "county.toml"
    path.write_text(OWN_TOML, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def desktop() -> Iterator[Desktop]:
    """The screen of this worker."""
    with Desktop() as screen:
        yield screen


@pytest.fixture
def window(desktop: Desktop, tmp_path: Path) -> Iterator[Window]:
    """The real form in its window."""
    with Window(desktop, write_form(tmp_path / "网信 经费.xlsm", REAL)) as shown:
        yield shown
