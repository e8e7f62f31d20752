"""The start files: copies of pythonw.exe whose names say what to do with the files that are dropped on them."""

from importlib.util import find_spec

import msgspec

SETUP = "setup"
"""The start file of the unpacked kit, without its suffix."""


class Program(msgspec.Struct, frozen=True):
    """A start file: its name without suffix, what it does, and the links to it; `needs` is a module that must be there."""

    name: str
    action: str
    desktop: bool = False
    send_to: bool = False
    needs: str = ""

    @property
    def link(self) -> str:
        """The name of its links: on a desktop full of links it must say what it is about."""
        return self.name if "绩效目标" in self.name else f"绩效目标-{self.name}"


_ALL = (
    Program("绩效目标窗口", "desk", desktop=True, needs="xlpkg.desk"),
    Program("检查", "check", desktop=True, send_to=True),
    Program("一键修复", "fix", send_to=True),
    Program("生成申报表", "submit", send_to=True),
    Program("导入", "convert", send_to=True),
    Program("汇总", "collect", desktop=True, send_to=True, needs="pandas"),
    Program("体检", "doctor"),
    Program("卸载", "remove"),
)


def programs() -> tuple[Program, ...]:
    """The start files of this kit."""
    return tuple(program for program in _ALL if not program.needs or find_spec(program.needs) is not None)


def action_of(stem: str) -> str | None:
    """What a program of this name does: setup.exe and its copies ("setup (1).exe") set up; None for Python itself."""
    if stem.lower().startswith(SETUP):
        return SETUP
    return next((program.action for program in _ALL if program.name == stem), None)
