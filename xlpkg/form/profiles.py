"""Profiles found and read: those that are shipped, those in folders of XLPKG_PROFILES, a file by its path, a text in a workbook."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from xlpkg.form.profile import Profile, ProfileError
from xlpkg.form.profile_faults import faults
from xlpkg.form.toml_lines import line_of

PACKAGE = Path(__file__).resolve().parent.parent
FOLDERS = "XLPKG_PROFILES"
"""Environment variable: folders of further profiles, parted as in PATH."""
_ID = re.compile(r'^id\s*=\s*"([^"]+)"', re.MULTILINE)
_LONGEST_ID = 60
_COMMON = "common"
_LARGEST_SOURCE = 200_000
_named: dict[str, Profile] = {}
"""Profiles of this process that are neither shipped nor in a folder: those named by a file's path."""


def data_folder(name: str) -> Path:
    """A data folder of the package (workbook, macros), installed or in a checkout."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name


def shipped() -> list[str]:
    """The ids of the profiles that are shipped."""
    return sorted(p.stem for p in _shipped_folder().glob("*.toml") if p.stem != _COMMON)


def available() -> list[str]:
    """The ids of all profiles that can be named: shipped ones first, then those of XLPKG_PROFILES and of this process."""
    known = shipped()
    return [*known, *sorted({*_in_folders(), *_named} - set(known))]


def load(profile_id: str) -> Profile:
    """A profile by id. A file that names its profile can never make us open another file. Raises ProfileError."""
    if re.fullmatch(r"[\w-]+", profile_id) and len(profile_id) <= _LONGEST_ID and profile_id != _COMMON:
        path = _shipped_folder() / f"{profile_id}.toml"
        if path.is_file():
            return _read(path, path.stat().st_mtime_ns)
        if profile_id in _named:
            return _named[profile_id]
        if profile_id in (others := _in_folders()):
            return read(others[profile_id])
    shown = profile_id if len(profile_id) <= _LONGEST_ID else f"{profile_id[:_LONGEST_ID]}……"
    what = f"没有名为“{shown}”的表式" if profile_id else "没有写明表式（profile）"
    raise ProfileError(f"{what}，可用的表式：{'、'.join(available())}。")


def chosen(name: str) -> Profile:
    """A profile that a person names by its id or by a file's path, and from then on by its id. Raises ProfileError."""
    if not name.lower().endswith(".toml"):
        return load(name)
    return remember(read(Path(name)))


def known() -> tuple[Profile, ...]:
    """Every profile that can be read; a faulty one in a folder is left out (`xlpkg profile` names its fault)."""
    found = []
    for profile_id in available():
        try:
            found.append(load(profile_id))
        except ProfileError:
            if profile_id in shipped():
                raise
    return tuple(found)


def read(path: Path) -> Profile:
    """A profile from a TOML file; `extends` names another in the same folder or a shipped one. Raises ProfileError."""
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        raise ProfileError(f"打不开表式文件“{path.name}”。") from None
    profile = _read(path, stamp)
    if profile.id in shipped() and path.resolve().parent != _shipped_folder().resolve():
        raise ProfileError(f"表式文件“{path.name}”的id“{profile.id}”与自带的表式重名，请换一个id。")
    return profile


def from_source(source: str) -> Profile:
    """The profile that a workbook carries along (`Profile.source`). Raises ProfileError."""
    try:
        tables = json.loads(source) if len(source) <= _LARGEST_SOURCE else None
    except ValueError:
        tables = None
    if not isinstance(tables, dict) or tables.get("extends") not in (_COMMON, *shipped()):
        raise ProfileError("表里带的表式内容被改动，读不出。请向发表的单位要这种表式的文件（.toml）。")
    base = tables.pop("extends")
    tables.pop("lexicon", None)  # patterns, which older versions carried along; from a file that came in none is taken
    merged = _merged(_tables(_shipped_folder() / f"{base}.toml")[0], tables)
    profile = _checked(_fitted(merged, tables), "表里带的表式", "", source=source)
    if profile.id in shipped():
        raise ProfileError("表里带的表式与自带的表式重名，没有读取。")
    return profile


def remember(profile: Profile) -> Profile:
    """From now on the profile is known by its id in this process."""
    if profile.id not in shipped():
        _named[profile.id] = profile
    return profile


@cache
def _shipped_folder() -> Path:
    return data_folder("workbook") / "profiles"


def _in_folders() -> dict[str, Path]:
    """Id → file of the profiles in the folders of XLPKG_PROFILES; the first of two with one id counts."""
    found: dict[str, Path] = {}
    for folder in filter(None, os.environ.get(FOLDERS, "").split(os.pathsep)):
        for path in sorted(Path(folder).glob("*.toml")):
            try:
                match = _ID.search(path.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError):
                continue
            if match:
                found.setdefault(match[1], path)
    return found


@cache
def _read(path: Path, _stamp: int) -> Profile:
    tables, own = _tables(path)
    is_shipped = path.resolve().parent == _shipped_folder().resolve()
    text = path.read_text(encoding="utf-8")
    source = "" if is_shipped else json.dumps(own, ensure_ascii=False, separators=(",", ":"), default=str)
    return _checked(_fitted(tables, own), f"表式文件“{path.name}”", text, source=source)


def _tables(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tables of a file over those that it extends, and the part of them down to the shipped profile that is extended."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ProfileError(f"打不开表式文件“{path.name}”。") from None
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"表式文件“{path.name}”不是有效的TOML：{_toml_fault(str(error))}。") from None
    base = tables.pop("extends", None)
    if base is None:
        return tables, tables
    beside = path.parent / f"{base}.toml"
    if not beside.is_file() or beside.resolve() == path.resolve():
        beside = _shipped_folder() / f"{base}.toml"
    below, part = _tables(beside)
    is_shipped = beside.resolve().parent == _shipped_folder().resolve()
    return _merged(below, tables), _merged({"extends": base}, tables) if is_shipped else _merged(part, tables)


def _toml_fault(message: str) -> str:
    """The library's sentence with its place in Chinese."""
    match = re.search(r"\(at line (\d+), column (\d+)\)", message)
    return f"第{match[1]}行第{match[2]}个字符附近写法不对，请检查引号、方括号和等号" if match else message


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; lists and values are replaced."""
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _merged(base[key], value) if both else value
    return merged


_OF_CATEGORIES = ("required_l1", "required_l2", "recommended_l2", "side_costs", "cost_l2")


def _fitted(tables: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What a profile with a tree of its own takes over about categories, by its own names and without those that it has not."""
    tree = tables.get("tree")
    if "tree" not in own or not isinstance(tree, list) or not all(isinstance(c, dict) for c in tree):
        return tables
    names: dict[str, str] = {}
    for part in (*tree, *(child for c in tree if isinstance(c.get("l2"), list) for child in c["l2"] if isinstance(child, dict))):
        names |= {str(alias): str(part.get("name", "")) for alias in (*part.get("aliases", ()), part.get("name", ""))}
    fitted = dict(tables)
    for key in _OF_CATEGORIES:
        if key not in own and key in tables:
            taken = [tables[key]] if isinstance(tables[key], str) else tables[key]
            fitted[key] = [names[name] for name in taken if name in names]
    return fitted


def _checked(tables: dict[str, Any], where: str, text: str, *, source: str) -> Profile:
    """The profile of some tables; what is wrong is one sentence with its line and what to do. Raises ProfileError."""
    try:
        profile: Profile = msgspec.convert({**tables, "source": source}, Profile)
    except msgspec.ValidationError as error:
        sentence, place = _in_chinese(_with_key(str(error), tables))
        raise ProfileError(f"{where}{_line(text, place)}有误：{sentence}。") from None
    for place, sentence in faults(profile):
        raise ProfileError(f"{where}{_line(text, place)}的{sentence}")
    return profile


def _line(text: str, place: str) -> str:
    number = line_of(text, place) if text and place else None
    return f"第{number}行" if number else ""


def _with_key(message: str, tables: Mapping[str, Any]) -> str:
    """The library's sentence with the key that it leaves out in a table of free keys: `$.required[...]` → `$.required.weight`."""
    match = re.search(r"enum value '([^']*)' - at `\$\.(\w+)\[\.\.\.\]`", message)
    table = tables.get(match[2]) if match else None
    key = next((k for k, v in table.items() if v == match[1]), None) if match and isinstance(table, dict) else None
    return message.replace("[...]", f".{key}") if key else message


def _in_chinese(message: str) -> tuple[str, str]:
    """The library's sentence in Chinese, and the place that it speaks of."""
    message, _, place = message.partition(" - at ")
    where = place.strip("`").removeprefix("$").removeprefix(".")
    if match := re.search("unknown field `([^`]+)`", message):
        key = f"{where}.{match[1]}" if where else match[1]
        return f"不认识的项“{key}”", key
    if match := re.search("missing required field `([^`]+)`", message):
        key = f"{where}.{match[1]}" if where else match[1]
        return f"缺少“{key}”", where
    if match := re.search("Expected `([^`]+)`, got `([^`]+)`", message):
        kinds = {
            "str": "文字", "int": "整数", "float": "数字", "decimal": "数字", "array": "列表", "object": "一组项",
            "bool": "true或false", "str | array": "文字或列表", "decimal | null": "数字",
        }  # fmt: skip
        expected, got = (kinds.get(m, m) for m in match.groups())
        return f"“{where}”应为{expected}，写成了{got}", where
    if message.startswith("Invalid decimal"):
        return f"“{where}”应为数字", where
    if match := re.search("Invalid enum value '?([^']*)'?", message):
        allowed = {
            "kind": "declaration" if where == "kind" else "text、long、number、money、date、phone、choice", "layout": "form、list",
        }  # fmt: skip
        last = where.rpartition(".")[2]
        choices = allowed.get(last, "error、warning、off")
        return f"“{where}”写了“{match[1]}”，只能是{choices}", where
    return message, where
