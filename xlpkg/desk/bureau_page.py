"""The bureau's page: a folder in, one workbook out, with a bar that shows how far it is."""

import time
import tkinter
from pathlib import Path
from tkinter import filedialog, ttk

from xlpkg.desk import outside, texts
from xlpkg.desk.collecting import Finished, Read, Step
from xlpkg.desk.consolidation import Consolidation
from xlpkg.desk.opened import path_of
from xlpkg.desk.recent import Recent
from xlpkg.desk.screen import EDGE, pixels


class BureauPage(ttk.Frame):
    """Choose a folder, consolidate it in a process of its own, open what was written."""

    def __init__(self, parent: tkinter.Misc, recent: Recent, profile: str = "") -> None:
        super().__init__(parent, padding=pixels(parent, 8))
        self._recent, self._profile = recent, profile
        self._running: Consolidation | None = None
        self._outcome: Finished | None = None
        self._stopping = False
        self._began = 0.0
        gap = pixels(self, 6)
        ttk.Label(self, text=texts.BUREAU_HELP, justify="left").pack(fill="x")
        row = ttk.Frame(self)
        row.pack(fill="x", pady=gap)
        ttk.Button(row, text=texts.CHOOSE_FOLDER, command=self.choose).pack(side="left")
        self.folder = ttk.Entry(row)
        self.folder.insert(0, recent.folder)
        self.folder.pack(side="left", fill="x", expand=True, padx=(gap, 0))
        row = ttk.Frame(self)
        row.pack(fill="x")
        self.start_button = ttk.Button(row, text=texts.START, command=self.start)
        self.start_button.pack(side="left")
        self.stop_button = ttk.Button(row, text=texts.STOP, command=self.stop, state="disabled")
        self.stop_button.pack(side="left", padx=gap)
        self.letters = tkinter.BooleanVar(self, value=True)
        ttk.Checkbutton(row, text=texts.LETTERS, variable=self.letters).pack(side="left")
        self.bar = ttk.Progressbar(self, maximum=1.0)
        self.bar.pack(fill="x", pady=gap)
        self.said = tkinter.Text(self, height=12, wrap="char", font="TkTextFont", relief="flat", padx=gap, pady=gap)
        self.said.configure(state="disabled", background="white", highlightthickness=1, highlightbackground=EDGE)
        self.buttons = ttk.Frame(self)
        self.buttons.pack(side="bottom", fill="x")
        self.said.pack(fill="both", expand=True, pady=(0, gap))

    @property
    def busy(self) -> bool:
        """Whether a folder is being consolidated."""
        return self._running is not None

    def choose(self) -> None:
        """Ask for the folder."""
        chosen = filedialog.askdirectory(title=texts.FOLDER_TITLE, initialdir=self.folder.get() or None, parent=self)
        if chosen:
            self.show_folder(chosen)

    def show_folder(self, folder: str) -> None:
        """The folder that will be consolidated."""
        self.folder.delete(0, "end")
        self.folder.insert(0, folder)

    def start(self) -> None:
        """开始汇总."""
        folder = path_of(self.folder.get())
        if folder is None:
            self._say(texts.NO_FOLDER)
            return
        self._recent.folder = str(folder)
        self._recent.keep()
        self._outcome, self._stopping, self._began = None, False, time.monotonic()
        self._running = Consolidation(folder, letters=self.letters.get(), profile=self._profile)
        self._say(texts.SEARCHING)
        self._offer()
        self.bar.configure(value=0.0)
        self.start_button.configure(state="disabled")
        self.stop_button.configure(state="normal")

    def stop(self) -> None:
        """停止: what is under way is finished, nothing is written."""
        if self._running and not self._stopping:
            self._stopping = True
            self._running.stop()
            self._say(texts.STOPPING)
            self.stop_button.configure(state="disabled")

    def look(self) -> None:
        """Show how far it is; asked by the window now and then."""
        for step in self._running.steps() if self._running else ():
            self._show(step)

    def _show(self, step: Step | None) -> None:
        if isinstance(step, Read):
            self.bar.configure(value=step.done / max(step.of, 1))
            if not self._stopping:
                reading = step.done < step.of
                self._say(texts.progress(step.done, step.of, time.monotonic() - self._began) if reading else texts.WRITING)
        elif isinstance(step, Finished):
            self._outcome = step
            self._say(texts.collected(step.summary, Path(step.workbook).name))
            self.bar.configure(value=1.0)
        elif step is not None:
            self._outcome = Finished("", "", "")
            self._say(step.sentence)
        else:
            self._ended()

    def _ended(self) -> None:
        self._running = None
        self.start_button.configure(state="normal")
        self.stop_button.configure(state="disabled")
        if self._outcome is None:
            self._say(texts.STOPPED if self._stopping else texts.BROKEN_OFF)
            self.bar.configure(value=0.0)
        self._offer()

    def _offer(self) -> None:
        """Buttons for what was written."""
        for button in self.buttons.winfo_children():
            button.destroy()
        done = self._outcome
        written = {texts.SHOW_WORKBOOK: done.workbook, texts.SHOW_LETTERS: done.letters} if done else {}
        for caption, path in written.items():
            if path and Path(path).exists():
                button = ttk.Button(self.buttons, text=caption, command=lambda path=path: outside.show(Path(path)))  # type: ignore[misc]
                button.pack(side="left", padx=(0, pixels(self, 6)))

    def _say(self, text: str) -> None:
        self.said.configure(state="normal")
        self.said.delete("1.0", "end")
        self.said.insert("1.0", text)
        self.said.configure(state="disabled")
