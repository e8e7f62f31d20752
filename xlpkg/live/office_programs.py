"""Which Excel or WPS a Windows PC has, and whether macros run in it: read from the registry, nothing is written there."""

import re
import sys
from pathlib import Path
from typing import Any

import msgspec

_APPLICATIONS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths"
_MACROS = {1: "全部启用", 2: "禁用并提示", 3: "只运行有签名的宏", 4: "全部禁用"}
"""VBAWarnings; a policy of the office decides before the user's own choice."""
_YEARS = {"12": "2007", "14": "2010", "15": "2013", "16": "2016或更新"}


class Programs(msgspec.Struct, frozen=True):
    """What was found; `excel` and `wps` are paths, `opens` the program that a double click on an .xlsx starts."""

    excel: str | None = None
    excel_version: str = ""
    wps: str | None = None
    opens: str = ""
    macros: int = 2
    by_policy: bool = False
    addin_disabled: bool = False

    @property
    def macros_said(self) -> str:
        """How Excel treats macros, in its own words."""
        return _MACROS.get(self.macros, "禁用并提示") + ("（单位统一设置）" if self.by_policy else "")

    @property
    def year(self) -> str:
        """The Excel's year, as people call it."""
        return _YEARS.get(self.excel_version.partition(".")[0], self.excel_version)


def found() -> Programs:
    """The office programs of this PC; none where it is not Windows."""
    if sys.platform != "win32":
        return Programs()
    version = re.sub(r"^.*\.(\d+)$", r"\1.0", _read("HKCR", r"Excel.Application\CurVer", "") or "")
    settings = rf"Microsoft\Office\{version or '16.0'}\Excel"
    policy = _read("HKCU", rf"Software\Policies\{settings}\Security", "VBAWarnings")
    own = _read("HKCU", rf"Software\{settings}\Security", "VBAWarnings")
    kind = str(_read("HKCR", ".xlsx", "") or "")
    return Programs(
        excel=_program("excel.exe"),
        excel_version=version,
        wps=_program("et.exe"),
        opens="WPS" if re.match("(?i)(et|wps|ket)\\.", kind) else "Excel" if kind.startswith("Excel.") else "",
        macros=policy if isinstance(policy, int) else own if isinstance(own, int) else 2,
        by_policy=isinstance(policy, int),
        addin_disabled=_disabled(rf"Software\{settings}\Resiliency\DisabledItems", "xlpkg.xlam"),
    )


def _program(name: str) -> str | None:
    """Where a program is registered, if it is still there."""
    for root in ("HKCU", "HKLM"):
        path = str(_read(root, rf"{_APPLICATIONS}\{name}", "") or "").strip('"')
        if path and Path(path).is_file():
            return path
    return None


def _disabled(key: str, addin: str) -> bool:
    """Whether Excel has put an add-in on its list of those that made it crash."""
    return any(addin in value.decode("utf-16-le", "ignore").lower() for value in _values(key) if isinstance(value, bytes))


def _read(root: str, key: str, name: str) -> Any:
    import winreg

    roots: Any = {"HKCR": "HKEY_CLASSES_ROOT", "HKCU": "HKEY_CURRENT_USER", "HKLM": "HKEY_LOCAL_MACHINE"}
    registry: Any = winreg
    try:
        with registry.OpenKey(getattr(registry, roots[root]), key) as opened:
            return registry.QueryValueEx(opened, name)[0]
    except OSError:
        return None


def _values(key: str) -> list[Any]:
    import winreg

    registry: Any = winreg
    found_values: list[Any] = []
    try:
        with registry.OpenKey(registry.HKEY_CURRENT_USER, key) as opened:
            while True:
                found_values.append(registry.EnumValue(opened, len(found_values))[1])
    except OSError:
        return found_values
