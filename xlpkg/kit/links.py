"""Shell links (.lnk), as Explorer makes them."""

from pathlib import Path


def make_link(link: Path, target: Path, description: str) -> None:
    """A link to a program or folder. Raises OSError."""
    import pythoncom
    import pywintypes
    from win32com.shell import shell

    try:
        made = pythoncom.CoCreateInstance(shell.CLSID_ShellLink, None, pythoncom.CLSCTX_INPROC_SERVER, shell.IID_IShellLink)
        made.SetPath(str(target))
        made.SetDescription(description)
        made.QueryInterface(pythoncom.IID_IPersistFile).Save(str(link), 0)
    except pywintypes.com_error as error:
        raise OSError(f"快捷方式“{link.stem}”没有建成（{error}）") from None
