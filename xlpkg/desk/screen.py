"""The screen: sharp letters at 125 and 150 %, a font that has Chinese, lengths that grow with it."""

import contextlib
import ctypes
import ctypes.util
import sys
import tkinter
from tkinter import font, ttk

_PLAIN = 96.0
"""Dots an inch of a screen at 100 %."""
_POINT = 72.0
_SIZE = 10
_GROUND, EDGE, _FILLED = "#F3F3F1", "#D6D6D2", "#4A6984"
"""The colours of the window, of lines and what is not in front, and of the progress bar."""
_FAMILIES = (
    "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "SimSun",
)  # fmt: skip
_ROOM = 0.94, 0.88
"""How much of the screen's width and height a window may take: the rest is the task bar's and the frame's."""


def new_root(title: str) -> tkinter.Tk:
    """The window of a program, scaled as the desktop is. Raises TclError where there is no screen."""
    _sharpen()
    root = tkinter.Tk(className="xlpkg")
    if dots := _dots_of_desktop():
        root.tk.call("tk", "scaling", dots / _POINT)
    root.title(title)
    _set_fonts(root)
    _set_style(root)
    return root


def pixels(widget: tkinter.Misc, length: float) -> int:
    """A length at 100 % as it is on this screen."""
    return round(length * widget.winfo_fpixels("1i") / _PLAIN)


def fit(root: tkinter.Tk | tkinter.Toplevel, width: int, height: int) -> None:
    """A window of this size at 100 %, in the middle of the screen; the whole of a screen that is smaller."""
    wide, high = root.winfo_screenwidth(), root.winfo_screenheight()
    w, h = min(pixels(root, width), int(wide * _ROOM[0])), min(pixels(root, height), int(high * _ROOM[1]))
    root.geometry(f"{w}x{h}+{(wide - w) // 2}+{max((high - h) // 3, 0)}")
    if w < pixels(root, width) or h < pixels(root, height):
        with contextlib.suppress(tkinter.TclError):
            if sys.platform == "linux":
                root.attributes("-zoomed", True)
            else:
                root.state("zoomed")


def _sharpen() -> None:
    """Windows would else draw the window small and blow it up."""
    if sys.platform == "win32":
        with contextlib.suppress(Exception):
            ctypes.windll.shcore.SetProcessDpiAwareness(1)


def _dots_of_desktop() -> float | None:
    """What a Linux desktop says of its scaling (Xft.dpi), which Tk does not ask for; None where it says nothing."""
    library = ctypes.util.find_library("X11") if sys.platform == "linux" else None
    if library is None:
        return None
    x11 = ctypes.CDLL(library)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XGetDefault.restype = ctypes.c_char_p
    x11.XGetDefault.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    try:
        return float(x11.XGetDefault(display, b"Xft", b"dpi") or b"")
    except ValueError:
        return None
    finally:
        x11.XCloseDisplay(display)


def _set_fonts(root: tkinter.Tk) -> None:
    known = set(font.families(root))
    family = next((name for name in _FAMILIES if name in known), None)
    for name in ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkCaptionFont"):
        named = font.nametofont(name, root)
        named.configure(size=_SIZE)
        if family:
            named.configure(family=family)


def _set_style(root: tkinter.Tk) -> None:
    """Lines that leave room for the list; on Linux lighter than Tk draws them."""
    style = ttk.Style(root)
    if sys.platform == "linux":
        style.theme_use("clam")
        style.configure(".", background=_GROUND, bordercolor=EDGE, lightcolor=_GROUND, darkcolor=_GROUND, troughcolor=EDGE)
        style.configure("Treeview", background="white", fieldbackground="white")
        style.configure("TProgressbar", background=_FILLED)
        style.configure("TCheckbutton", indicatorsize=pixels(root, 12))
        style.configure("Item", indicatorsize=pixels(root, 11))
        style.configure("TNotebook.Tab", background=EDGE)
        style.map("TNotebook.Tab", background=[("selected", _GROUND)])
        style.map("TCombobox", fieldbackground=[("!disabled", "white")])
        root.configure(background=_GROUND)
    wide, high = pixels(root, 7), pixels(root, 2)
    style.configure("TButton", padding=(wide, high), width=-7)
    style.configure("TMenubutton", padding=(wide, high), width=-7)
    style.configure("Treeview", rowheight=font.nametofont("TkDefaultFont", root).metrics("linespace") + pixels(root, 4))
