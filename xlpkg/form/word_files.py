"""From workbook/words/*.toml to the module that the program reads: `python -m xlpkg.form.word_files` (make words).

Reading TOML takes longer than a check may; a test holds the module and the files equal.
"""

import tomllib
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent
FOLDER = PACKAGE.parent.parent / "workbook" / "words"
MODULE = PACKAGE / "word_lists.py"
_MAPS = {
    "before_a_figure": "SIGNS_BEFORE",
    "behind_a_figure": "SIGNS_BEHIND",
    "unit_of_name": "UNITS_OF_NAMES",
    "kind_of_name": "KINDS_OF_NAMES",
}
"""Tables that give each word a meaning of its own, and what they are called in the module."""
_HEAD = '''"""The word lists as data. Made from workbook/words/*.toml by `make words`; not to be edited."""

# fmt: off
# ruff: noqa: E501
'''
_KEYS = {"means", "words", "not_after", "not_in", "endings", "only_after", "repeated"}


class WordFileError(Exception):
    """A word file that cannot be used; the message names the list and what is wrong."""


def tables(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """List → its table, over all files. Raises WordFileError."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if name in found:
                raise WordFileError(f"{path.name}: the list {name} is there twice")
            if name not in _MAPS:
                _check(path.name, name, table)
            found[name] = table
    return found


def _check(file: str, name: str, table: dict[str, Any]) -> None:
    words = table.get("words", [])
    if strange := set(table) - _KEYS:
        raise WordFileError(f"{file}: the list {name} has {', '.join(sorted(strange))}")
    if not table.get("means") or not words:
        raise WordFileError(f"{file}: the list {name} lacks means or words")
    if twice := {w for w in words if words.count(w) > 1}:
        raise WordFileError(f"{file}: the list {name} names {', '.join(sorted(twice))} twice")
    if odd := [w for w in words if not w.strip("^$") or "|" in w]:
        raise WordFileError(f"{file}: the list {name} has {odd}")


def module_text(found: dict[str, dict[str, Any]]) -> str:
    """The module that holds these lists."""
    lines = [_HEAD]
    lines += [f"{constant} = {found[name]!r}" for name, constant in _MAPS.items()]
    lines.append("WORDS = {")
    lines += [f"    {name!r}: {'|'.join(table['words'])!r}," for name, table in found.items() if name not in _MAPS]
    lines.append("}\nOPTIONS: dict[str, dict[str, tuple[str, ...]]] = {")
    for name, table in found.items():
        if name not in _MAPS and (options := _options(table)):
            lines.append(f"    {name!r}: {options!r},")
    return "\n".join([*lines, "}\n"])


def _options(table: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    options: dict[str, tuple[str, ...]] = {key: tuple(table[key]) for key in ("not_after", "not_in", "endings") if key in table}
    if "only_after" in table:
        options["only_after"] = tuple(f"{word}={after}" for word, others in table["only_after"].items() for after in others)
    return options | ({"repeated": ()} if table.get("repeated") else {})


if __name__ == "__main__":
    MODULE.write_text(module_text(tables()), encoding="utf-8")
