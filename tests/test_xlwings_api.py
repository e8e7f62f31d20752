"""What the handlers use of xlwings exists, and is more than a stub, in its engines for Windows and for macOS.

Read from xlwings' own source: the public classes of main.py, what each member asks of its engine, and what the engines have.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from open_forms import REAL, Open

from xlpkg.live import session
from xlpkg.live.engine import lean_xlwings

ROOT = Path(__file__).parent.parent
IN_THEIR_OWN_WORDS = ("struck.py", "folds.py", "merged.py")
"""What xlwings has no words for: each program is asked in its own, and may have no answer."""
LIVE = sorted(p for p in (ROOT / "xlpkg" / "live").glob("*.py") if p.name not in IN_THEIR_OWN_WORDS)
USED_CLASSES = ("App", "Apps", "Book", "Books", "Sheet", "Sheets", "Range", "RangeRows", "AutoFilter", "Collection")
ENGINE_CLASSES = {"RangeRows": "Range"}


def _classes(file: str) -> dict[str, ast.ClassDef]:
    spec = importlib.util.find_spec("xlwings")
    assert spec and spec.origin
    tree = ast.parse((Path(spec.origin).parent / file).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _methods(cls: ast.ClassDef) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Members of a class; a property's setter as "name="."""
    for node in cls.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            setter = any(ast.unparse(d).endswith(".setter") for d in node.decorator_list)
            yield node.name + ("=" if setter else ""), node


def _is_stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = [n for n in function.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
    return all(isinstance(n, ast.Raise | ast.Pass) for n in body)


@functools.cache
def public() -> dict[tuple[str, str], ast.FunctionDef | ast.AsyncFunctionDef]:
    return {(n, m): f for n, cls in _classes("main.py").items() if n in USED_CLASSES for m, f in _methods(cls) if m[0] != "_"}


@functools.cache
def engine(file: str) -> dict[tuple[str, str], bool]:
    """(class, member) of an engine → it is more than a stub; inherited members and attributes set in __init__ count."""
    base, own = _classes("base_classes.py"), _classes(file)
    found: dict[tuple[str, str], bool] = {}
    for name, cls in own.items():
        families = [cls, *(own.get(b) or base.get(b) for b in (ast.unparse(x).rpartition(".")[2] for x in cls.bases))]
        for family in reversed([f for f in families if f is not None]):
            for member, function in _methods(family):
                found[name, member] = not _is_stub(function)
            for node in ast.walk(family):
                targets = node.targets if isinstance(node, ast.Assign) else []
                for target in targets:
                    if isinstance(target, ast.Attribute | ast.Name):
                        member = target.attr if isinstance(target, ast.Attribute) else target.id
                        found.setdefault((name, member), True)
    return found


def missing(cls: str, member: str) -> list[str]:
    """What a public member asks of its engine and does not get: "windows: Range.autofit"."""
    function = public()[cls, member]
    if isinstance(function, ast.AsyncFunctionDef):
        return ["it is for xlwings Lite only"]
    lacking = []
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self.impl", "self._impl", "self.rng.impl"):
            wanted = node.attr + ("=" if isinstance(node.ctx, ast.Store) else "")
            target = ENGINE_CLASSES.get(cls, cls)
            for system, file in (("windows", "_xlwindows.py"), ("macos", "_xlmac.py")):
                known = engine(file)
                names = {n for n, _ in known} if cls == "Collection" else {target}
                if not any(known.get((n, wanted)) or (wanted[-1] == "=" and known.get((n, wanted[:-1]))) for n in names):
                    lacking.append(f"{system}: {target}.{wanted}")
    return lacking


def test_the_check_itself_tells_the_known_gaps() -> None:
    assert missing("Range", "adjust_indent") == ["windows: Range.adjust_indent", "macos: Range.adjust_indent"]
    assert "macos: App.interactive" in missing("App", "interactive")
    assert missing("Range", "clear_contents") == []
    assert missing("Range", "get_value") == ["it is for xlwings Lite only"]


@pytest.mark.parametrize("source", LIVE, ids=lambda p: p.name)
def test_every_member_named_in_the_sources_is_on_both_systems(source: Path) -> None:
    """Whatever class it belongs to: a name that some xlwings class has must be there in all of them."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    names = {n.attr + ("=" if isinstance(n.ctx, ast.Store) else "") for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    used = [key for key in public() if key[1] in names]
    assert {f"{c}.{m}": missing(c, m) for c, m in used if missing(c, m)} == {}
    assert not names & {"api", "impl"} and "xlwings.pro" not in source.read_text().replace('"xlwings.pro"', "")


@pytest.mark.office
def test_every_member_touched_by_the_buttons_is_on_both_systems(
    opened: Callable[..., Open], monkeypatch: pytest.MonkeyPatch
) -> None:
    xlwings = lean_xlwings()
    touched: set[tuple[str, str]] = set()

    def noting(cls: str, member: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if "xlpkg" in Path(sys._getframe(1).f_code.co_filename).parts:
                touched.add((cls, member))
            return function(*arguments, **options)

        return call

    for cls, member in public():
        owner, name = getattr(xlwings.main, cls), member.rstrip("=")
        attribute = vars(owner).get(name)
        if isinstance(attribute, property) and not member.endswith("="):
            get, put = attribute.fget, attribute.fset
            assert get is not None
            monkeypatch.setattr(owner, name, property(noting(cls, name, get), put and noting(cls, name + "=", put)))
        elif callable(attribute) and not isinstance(attribute, staticmethod | classmethod):
            monkeypatch.setattr(owner, name, noting(cls, name, attribute))
    form = opened(REAL)
    form.document.delete_rows("填报", 30, 1)
    form.document.insert_rows("填报", 40, 1)
    form.document.set("填报", "F40", 5)
    form.document.set("填报", "C25", "")
    for action in ("check", "next", "fix", "submit", "clear"):
        assert session.perform(action, form.book) == 0, form.verdict()
    form.document.set("检查结果", "B30", "√")
    assert session.perform("fix", form.book) == 0
    assert {("Range", "value="), ("Range", "clear_contents"), ("App", "status_bar="), ("Range", "select")} <= touched
    assert {f"{c}.{m}": missing(c, m) for c, m in touched if missing(c, m)} == {}
