"""One LibreOffice process and the line to it: started, found again, stopped. Knows documents, no cells."""

import contextlib
import functools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xlpkg.live.libreoffice.bridge import OfficeError, exception, program, properties, uno

_PIPE = "xlpkg"
_NO_ANSWER = "LibreOffice没有应答，可能已经关闭。"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion"><value>99.9</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="LastCompatibilityCheckID"><value>none</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="HyperlinksWithCtrlClick"><value>false</value>
</prop></item>
</oor:items>
"""


class Office:
    """A connection to a LibreOffice process. `process` is None where somebody else started it."""

    def __init__(
        self, pipe: str, context: Any, process: subprocess.Popen[bytes] | None = None, profile: Path | None = None
    ) -> None:
        self.pipe, self.context, self.process, self.profile = pipe, context, process, profile
        self.desktop = self.service("com.sun.star.frame.Desktop")

    def service(self, name: str) -> Any:
        """A new service of this LibreOffice: "com.sun.star.ui.dialogs.FilePicker"."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    @classmethod
    def start(cls, *, visible: bool, patience: float = 60) -> "Office":
        """A new process with a user profile of its own. Raises OfficeError if it does not come up."""
        uno()
        pipe, profile = f"{_PIPE}-{secrets.token_hex(6)}", Path(tempfile.mkdtemp(prefix="xlpkg-office-"))
        (profile / "user").mkdir()
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        hidden = [] if visible else ["--headless"]
        process = subprocess.Popen(
            [program(), *hidden, "--norestore", "--nologo", "--nodefault", "--nofirststartwizard",
             f"-env:UserInstallation={profile.as_uri()}", f"--accept=pipe,name={pipe};urp;"],
            env=_environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + patience
        while True:
            try:
                return cls(pipe, _connect(pipe), process, profile)
            except OfficeError:
                if process.poll() is not None or time.monotonic() > deadline:
                    _end(process)
                    shutil.rmtree(profile, ignore_errors=True)
                    raise OfficeError("LibreOffice没有启动起来，请关闭其他LibreOffice窗口后再试。") from None
            time.sleep(0.05)

    @classmethod
    def attach(cls, pipe: str) -> "Office":
        """The process that listens on a pipe. Raises OfficeError if none does, or if it is just closing."""
        try:
            return cls(pipe, _connect(pipe))
        except exception():
            raise OfficeError(_NO_ANSWER) from None

    @functools.cached_property
    def pid(self) -> int:
        return running().get(self.pipe, self.process.pid if self.process else -1)

    @property
    def alive(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            return False
        try:
            self.desktop.getCurrentFrame()
        except exception():
            return False
        return True

    def documents(self) -> list[Any]:
        """The open spreadsheets."""
        found, components = [], self.desktop.getComponents().createEnumeration()
        while components.hasMoreElements():
            model = components.nextElement()
            if model.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                found.append(model)
        return found

    def open(self, path: Path, *, macros: bool = False, hidden: bool = False, read_only: bool = False) -> Any:
        """The document of a file; `macros` lets its VBA run. Raises OfficeError."""
        clear_stale_lock(path)
        mode = 4 if macros else 0  # MacroExecMode: ALWAYS_EXECUTE_NO_WARN, NEVER_EXECUTE
        flags = properties(Hidden=hidden, ReadOnly=read_only, MacroExecutionMode=mode)
        try:
            model = self.desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, flags)
        except exception() as error:
            raise OfficeError(f"LibreOffice打不开“{path.name}”：{error.Message}") from None
        if model is None or not model.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            raise OfficeError(f"LibreOffice打不开“{path.name}”：不是表格文件，或者正在别处打开。")
        return model

    def quit(self, patience: float = 10) -> None:
        """Close all documents without saving and end the process; the one that was attached to goes on.

        A LibreOffice that does not answer (a dialog is open, it hangs) is ended all the same.
        """
        if self.process is None:
            return
        closing = threading.Thread(target=self._close_all, daemon=True)
        closing.start()
        closing.join(patience)
        if not closing.is_alive():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        _end(self.process)
        if self.profile:
            shutil.rmtree(self.profile, ignore_errors=True)

    def _close_all(self) -> None:
        with contextlib.suppress(exception()):  # it may hang up on us
            for model in self.documents():
                model.setModified(False)
                model.close(True)  # one left open would leave its lock file
            self.desktop.terminate()


def running() -> dict[str, int]:
    """Pipe → process id of this user's LibreOffice processes that can be attached to.

    Only those with our HOME: the LibreOffice whose button started us has the same; one that runs apart (a test, a service) has not.
    """
    found = {}
    for pid, arguments in _processes():
        for argument in arguments:
            if argument.startswith("--accept=pipe,name=") and _home(pid) == os.environ.get("HOME"):
                found[argument.partition("name=")[2].partition(";")[0]] = pid
    return found


def _home(pid: int) -> str | None:
    """HOME of a process; None if it has none or has just ended."""
    with contextlib.suppress(OSError):
        for variable in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            if variable.startswith(b"HOME="):
                return os.fsdecode(variable.removeprefix(b"HOME="))
    return None


def clear_stale_lock(path: Path) -> None:
    """Remove the lock file that a LibreOffice of this machine left behind when it crashed.

    With it the next open would show nothing. Raises OfficeError if somebody really has the file open.
    """
    lock = path.with_name(f".~lock.{path.name}#")
    try:
        fields = lock.read_text(encoding="utf-8", errors="replace").rstrip(";\n").split(",")
    except OSError:
        return
    host, profile = (fields[2], fields[-1]) if len(fields) >= 5 else ("", "")
    users = [arguments for _, arguments in _processes()]
    installed = f"-env:UserInstallation={profile}"
    in_use = any(installed in a or not any(x.startswith("-env:UserInstallation") for x in a) for a in users)
    if host != socket.gethostname() or in_use:
        raise OfficeError(f"“{path.name}”正在别处打开（{fields[1] or '另一个用户'}，{host}）。请先关闭。")
    lock.unlink(missing_ok=True)


def _processes() -> Iterator[tuple[int, list[str]]]:
    """This user's LibreOffice processes with their arguments."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            arguments = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
            if Path(arguments[0]).name == "soffice.bin" and entry.stat().st_uid == os.getuid():
                yield int(entry.name), arguments


def _environment() -> dict[str, str]:
    """The environment with a UTF-8 locale: without one LibreOffice does not find Chinese file names."""
    locale = next((v for k in ("LC_ALL", "LC_CTYPE", "LANG") if (v := os.environ.get(k))), "")
    return dict(os.environ) if "utf" in locale.lower() else {**os.environ, "LC_ALL": "C.UTF-8"}


def _connect(pipe: str) -> Any:
    local = uno().getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    try:
        return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
    except exception():
        raise OfficeError(_NO_ANSWER) from None


def _end(process: subprocess.Popen[bytes], patience: float = 5) -> None:
    """Wait for the whole process group that we started (soffice.bin outlives its starter), then kill what is left."""
    deadline = time.monotonic() + patience
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            process.poll()
            os.killpg(process.pid, 0)
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
