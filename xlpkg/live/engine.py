"""xlwings without what a click has no use for, and with an engine for the machine it runs on."""

import sys
from types import ModuleType

_NOT_WANTED = ("pandas", "numpy", "polars", "PIL", "matplotlib", "plotly", "openpyxl", "jinja2", "xlwings.pro")
_BUSY_ATTEMPTS = 3000
"""How often a call is tried again while Excel is busy; xlwings' default is for ever, which hangs a click (not tried in Excel)."""


def lean_xlwings() -> ModuleType:
    """xlwings; it imports pandas and others merely because they are installed, which is most of a click's waiting time."""
    absent = [name for name in _NOT_WANTED if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import xlwings
    finally:
        for name in absent:
            del sys.modules[name]
    if sys.platform == "win32":
        from xlwings import _xlwindows

        _xlwindows.N_COM_ATTEMPTS = _BUSY_ATTEMPTS
    elif sys.platform == "linux":
        from xlpkg.live.libreoffice.engine import install

        install()
    return xlwings
