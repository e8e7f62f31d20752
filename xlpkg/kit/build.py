"""xlpkg kit: the two zips, for clerks and for the bureau. The same bytes every time, ASCII names, nothing that is not listed."""

import hashlib
import tempfile
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import msgspec

from xlpkg import __version__
from xlpkg.files.write import in_place, refuse_target
from xlpkg.form.profiles import data_folder
from xlpkg.kit import interpreter, libraries, manual, pins
from xlpkg.kit.contents import ABOUT, CONTENTS, FORMS, About, listed
from xlpkg.kit.pins import Pins

CACHE = Path.home() / ".cache" / "xlpkg" / "kit"
_PACKAGE = Path(__file__).parent.parent
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DATA = {"workbook": ("**/*.toml", "**/*.json", "*.csv"), "macros": ("*.bas", "*.cls", "*.xml")}


class Kit(msgspec.Struct, frozen=True):
    """A zip that was written, its size in bytes and what Python is in it."""

    path: Path
    size: int
    about: About


def build_kits(target: Path, given: Path | None = None) -> list[Kit]:
    """Write the clerk's kit and, beside it under the name NAME-bureau.zip, the bureau's. Raises RefusalError, OSError."""
    bureau = target.with_stem(f"{target.stem}-bureau")
    for path in (target, bureau):
        refuse_target(path, (".zip",), given)
    return [build_kit(target, "clerk", given), build_kit(bureau, "bureau", given)]


def build_kit(target: Path, kind: str, given: Path | None = None, wanted: Pins | None = None, cache: Path = CACHE) -> Kit:
    """Write one kit, "clerk" or "bureau". `given` is an embeddable zip of python.org; without one the kit is for trial.

    Raises RefusalError, OSError.
    """
    wanted = wanted or pins.load()
    wheels = [wheel for wheel in wanted.wheels if kind == "bureau" or not wheel.bureau]
    paths = pins.fetch([wanted.interpreter.wheel, *wheels], cache)
    runtime = interpreter.lay_out(wanted.interpreter, paths[wanted.interpreter.wheel], given)
    about = About(__version__, kind, runtime.origin, runtime.trial)
    common = {**runtime.files, **_own_package(), **_forms()}
    data = _zipped(f"xlpkg-{kind}-{__version__}", _complete(common, [paths[wheel] for wheel in wheels], about))
    in_place(target, data)
    return Kit(target, len(data), about)


def _complete(common: Mapping[str, bytes], wheels: list[Path], about: About) -> dict[str, bytes]:
    """All files of a kit by their place in it, the list of them among them."""
    from xlpkg.collect.receiver import build_receiver

    packages, known = libraries.unpack(wheels)
    files = {**common, **packages, ABOUT: msgspec.json.encode(about), "LICENSES/README.txt": _licences(known, about)}
    if about.kind == "bureau":
        with tempfile.TemporaryDirectory() as folder:
            build_receiver(Path(folder, "receiver.xlsm"))
            files[f"{FORMS}/receiver.xlsm"] = Path(folder, "receiver.xlsm").read_bytes()
    files |= manual.pages(about)
    files[CONTENTS] = listed({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
    return files


def _own_package() -> dict[str, bytes]:
    """This package with its data, the start file's Python, and its licence."""
    inside = f"{interpreter.PACKAGES}/xlpkg"
    files = {f"{inside}/{path.relative_to(_PACKAGE).as_posix()}": path.read_bytes() for path in _PACKAGE.rglob("*.py")}
    for folder, patterns in _DATA.items():
        base = data_folder(folder)
        found = (path for pattern in patterns for path in base.glob(pattern))
        files |= {f"{inside}/{folder}/{path.relative_to(base).as_posix()}": path.read_bytes() for path in found}
    files[f"{interpreter.START}/sitecustomize.py"] = (data_folder("macros") / "sitecustomize.py").read_bytes()
    return files


def _forms() -> dict[str, bytes]:
    """A blank form without macros for each profile, and the add-in that serves them."""
    from xlpkg.form import profiles
    from xlpkg.jobs import new_form
    from xlpkg.writing.build import build_addin

    with tempfile.TemporaryDirectory() as folder:
        for name in profiles.available():
            new_form(Path(folder, f"{name}.xlsx"), profiles.load(name))
        build_addin(Path(folder, "xlpkg.xlam"))
        return {f"{FORMS}/{path.name}": path.read_bytes() for path in Path(folder).iterdir()}


def _licences(known: list[libraries.Library], about: About) -> bytes:
    """What is inside, of which version and under which licence."""
    lines = [
        "本安装包里的程序和它们的许可证；全文在各自的文件夹里。",
        "",
        f"xlpkg {__version__}：MIT",
        f"Python：{about.origin}，PSF License（Python.txt）",
    ]
    lines += [f"{item.name} {item.version}：{item.licence}（{item.wheel}）" for item in known]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _zipped(top: str, files: Mapping[str, bytes]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{top}/{name}", _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 0, 0x20  # as Windows writes it, whatever the machine
            package.writestr(info, files[name])
    return data.getvalue()
