"""What of the wheels goes into a kit: the libraries without tests, sources in C, tools and parts under another licence."""

import re
import zipfile
from collections.abc import Iterable
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import msgspec

from xlpkg.kit.interpreter import PACKAGES

_NOT_WANTED = re.compile(
    r"""
    [^/]+\.data/ | (?:build|src|example|adodbapi|isapi|pythonwin)/ | [^/]+\.(?:chm|pth|txt)$
    | .*/(?:tests?|testing|[Dd]emos?|scripts|HTML|include|includes)/ | .*\.(?:pyi|pyx|pxd|pxi|h|hpp|c|cpp|lib|cmake|ts|js|html|1)$
    | [^/]+\.dist-info/(?:RECORD|WHEEL|INSTALLER|entry_points\.txt|top_level\.txt|zip-safe)$
    | xlwings/(?:pro|addin|rest|ext|html|js)/ | xlwings/(?:xlwingslib|.*\.(?:xlsm|xlam|bas|applescript)$)
    | [^/]+\.dist-info/licenses/LICENSE_PRO.txt$
    | win32com/(?:makegw|libs|readme) | win32comext/(?!shell/(?:__init__\.py|shellcon\.py|shell\.pyd)$|__init__\.py)
    | win32/(?:pythonservice|perfmon|servicemanager|win32ui|odbc|win32ras|win32help)
    | pyopenvba/(?:apps/|formula/|_templates/blank_files/.*\.accdb$)
    | tzdata/zoneinfo/(?!(?:Asia/)?__init__\.py$|zones$|UTC$|Asia/Shanghai$)
    | docx/templates/default-docx-template/ | rapidfuzz/__pyinstaller/
    | pyarrow/(?:arrow_flight|arrow_substrait|arrow_s3|_flight|_substrait|_s3fs|flight|substrait|src|tzdata)
    """,
    re.VERBOSE,
)
_KEPT = re.compile(r"(?:numpy|pandas)/(?:.*/)?testing/|numpy/_core/tests/_natype\.py|numpy/.*/_examples/")
"""Imported by the library itself."""
_LICENCE = re.compile(r"(?:^|/)(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$", re.IGNORECASE)


class Library(msgspec.Struct, frozen=True):
    """What is told of a library in the kit's list."""

    name: str
    version: str
    licence: str
    wheel: str


def unpack(wheels: Iterable[Path]) -> tuple[dict[str, bytes], list[Library]]:
    """The wheels' files by their place in the kit, licences apart, and a line a library."""
    files: dict[str, bytes] = {}
    libraries = []
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as package:
            names = [info.filename for info in package.infolist() if not info.is_dir()]
            metadata = BytesParser().parsebytes(package.read(next(n for n in names if n.endswith(".dist-info/METADATA"))))
            name = str(metadata["Name"])
            libraries.append(Library(name, str(metadata["Version"]), _licence(metadata), wheel.name))
            for n in names:
                if _KEPT.match(n) or not _NOT_WANTED.match(n):
                    files[f"{PACKAGES}/{n}"] = package.read(n)
                if _LICENCE.search(n) and "/licenses/LICENSE_PRO" not in n and not n.startswith(("build/", "src/")):
                    files[f"LICENSES/{name}/{_flat(n)}"] = package.read(n)
    return files, libraries


def _flat(name: str) -> str:
    """A licence's place in a wheel as one file's name."""
    return re.sub(r"^[^/]+\.dist-info/(licenses/)?", "", name).replace("/", "-")


def _licence(metadata: Message) -> str:
    """The licence as the library's metadata name it: an expression, else the classifiers, else the first line of the field."""
    classifiers = [v for k, v in metadata.items() if k == "Classifier" and v.startswith("License ::")]
    if expression := metadata["License-Expression"]:
        return str(expression)
    if classifiers:
        return "; ".join(c.rsplit(" :: ", 1)[-1] for c in classifiers)
    return str(metadata["License"] or "").strip().split("\n")[0] or "?"
