"""The page for one form: what is wrong with it, brought up to date after each save in whatever program has it open."""

import tkinter
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, ttk

from xlpkg import beside, beside_later
from xlpkg.beside import Outcome
from xlpkg.desk import texts
from xlpkg.desk.background import Background
from xlpkg.desk.finding_detail import FindingDetail
from xlpkg.desk.finding_tree import FindingTree
from xlpkg.desk.findings import Item
from xlpkg.desk.form_bars import FileBar, ResultBar, Verdict, button_row
from xlpkg.desk.library_window import LibraryWindow
from xlpkg.desk.opened import Opened, path_of
from xlpkg.desk.opened_later import OpenedLater, open_any
from xlpkg.desk.recent import Recent
from xlpkg.desk.screen import pixels
from xlpkg.desk.watch import Watcher
from xlpkg.form import profiles
from xlpkg.form.profile import Profile
from xlpkg.jobs import FORMS
from xlpkg.reading.library_file import shipped

_READABLE = "*.xlsx *.xlsm *.xls *.ods *.docx *.doc *.wps *.txt *.json"
_KINDS = ((texts.READABLE, _READABLE), (texts.ALL_FILES, "*"))
_FORM_KINDS = ((texts.FORMS, " ".join(f"*{suffix}" for suffix in FORMS)),)


class FormPage(ttk.Frame):
    """`renamed` is called when the window should be called otherwise."""

    def __init__(
        self, parent: tkinter.Misc, background: Background, recent: Recent, renamed: Callable[[Opened | OpenedLater | None], None],
        profile: Profile | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent, padding=pixels(parent, 8))
        self._background, self._recent, self._renamed, self._profile = background, recent, renamed, profile
        self.path: Path | None = None
        self.opened: Opened | OpenedLater | None = None
        self._watcher: Watcher | None = None
        self._news: Outcome | None = None
        gap = pixels(self, 4)
        self.file_bar = FileBar(self, self.choose, self._typed, self._show_form, self._show_folder)
        self.file_bar.recent(recent.files)
        self.file_bar.pack(fill="x")
        self.buttons = button_row(
            self,
            {
                texts.CHECK: self.check, texts.CHECKED_COPY: self.checked_copy, texts.MEND: self.mend, texts.SUBMIT: self.submit,
                texts.NEXT_YEAR: self.next_year, texts.TAKE_IN: self.take_in, texts.PICK: self.pick,
            },
            {
                texts.NEW: {texts.MONITOR: self.monitor, texts.EVALUATE: self.evaluate}
                | {form.name: lambda form=form: self.new(form) for form in profiles.known()}
            },
        )  # fmt: skip
        self.buttons.pack(fill="x", pady=gap)
        self.verdict = Verdict(self)
        self.verdict.pack(fill="x")
        self.result = ResultBar(self, self.open)
        self.result.pack(side="bottom", fill="x")
        self.detail = FindingDetail(self, self.result.say, self._tick)
        self.detail.pack(side="bottom", fill="x", pady=gap)
        self.list = FindingTree(self, self._chosen, self._ticked)
        self.list.pack(fill="both", expand=True, pady=(gap, 0))
        self.detail.show_text(texts.WELCOME)

    # --- which file -------------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for a file, and open it."""
        self.open_typed(self._ask(texts.OPEN_TITLE))

    def open_typed(self, text: str) -> None:
        """Open the file whose path was typed or pasted."""
        path = path_of(text)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Show the findings of a file, from now on after each of its saves."""
        self.close()
        self.path, self.opened, self._news = path, None, None
        self.file_bar.show(str(path))
        self.list.ticks.clear()
        self.list.show(())
        self.detail.show_text("")
        self.result.say(texts.READING.format(path.name))
        self._background.do(lambda: Watcher(path), lambda watcher: self._watch(path, watcher), self._refused)
        self._check(path)

    def look(self) -> None:
        """Check again if the file was saved; asked by the window now and then."""
        if self._watcher and self._watcher.saved() and self.path:
            self._check(self.path)

    def close(self) -> None:
        """No more looks at the file."""
        if self._watcher:
            self._watcher.stop()
            self._watcher = None

    # --- what the buttons do ----------------------------------------------------------------------------------------

    def check(self) -> None:
        """检查: read the file again."""
        if path := self._asked():
            self._check(path)

    def checked_copy(self) -> None:
        """检查稿: a copy with marks and the list of findings."""
        self._write(lambda path: beside_later.checked_copy(path, self._profile))

    def mend(self) -> None:
        """一键修复: a mended copy, with the repairs that were agreed to."""
        agreed = self.opened.agreed(self.list.ticks) if self.opened else ()
        self._write(lambda path: beside_later.mended_copy(path, agreed, self._profile))

    def submit(self) -> None:
        """生成申报表: the submission, a draft as long as there are errors."""
        self._write(lambda path: beside_later.submission(path, self._profile), go_on=False)

    def next_year(self) -> None:
        """下年的表: the form carried forward."""
        self._write(lambda path: beside_later.next_year(path, self._profile))

    def monitor(self) -> None:
        """监控表: the monitoring of the declaration, pre-filled."""
        self._write(lambda path: beside_later.monitoring(path, self._profile))

    def evaluate(self) -> None:
        """自评表: the self-evaluation of the declaration, pre-filled."""
        self._write(lambda path: beside_later.evaluation(path, self._profile))

    def take_in(self) -> None:
        """导入: a foreign file, the open one or another, becomes a form of ours, which is then shown."""
        path = self.path if self.opened and self.opened.foreign else None
        if path is None:
            path = path_of(self._ask(texts.TAKE_IN_TITLE))
        if path is not None:
            self._do(lambda: beside.taken_in(path, self._profile), self._taken_in)

    def pick(self) -> None:
        """选指标: indicators of the form's library, or of the one that is shipped, into a copy of the form."""
        path = self._asked()
        if path is None or self.opened is None:
            return
        if not isinstance(self.opened, Opened):
            self.result.say(texts.NOT_FOR_PICKING)
            return
        source = self.opened.source
        library = (source.library or shipped()).fitted(source.profile)
        if library.rows:
            LibraryWindow(self, library, lambda rows: self._write(lambda form: beside.with_indicators(form, rows, self._profile)))
        else:
            self.result.say(texts.NOTHING_TO_PICK)

    def new(self, profile: Profile) -> None:
        """新建空白表: a blank form where the user wants it."""
        chosen = filedialog.asksaveasfilename(
            title=texts.NEW_TITLE, filetypes=_FORM_KINDS, defaultextension=".xlsx", initialdir=self._folder(),
            initialfile=f"{profile.name}.xlsx", parent=self,
        )  # fmt: skip
        if path := path_of(chosen):
            self._do(lambda: beside.blank_form(path, profile), self._written)

    # --- what comes of it -------------------------------------------------------------------------------------------

    def _check(self, path: Path) -> None:
        self._background.do(lambda: open_any(path, self._profile), self._show, lambda said: self._unreadable(path, said))

    def _watch(self, path: Path, watcher: Watcher) -> None:
        if path == self.path:
            self._watcher = watcher
        else:
            watcher.stop()

    def _show(self, opened: Opened | OpenedLater) -> None:
        """The findings of the file that is open; those of one that was left meanwhile are of no use."""
        if opened.path != self.path:
            return
        before, self.opened = self.opened, opened
        self.verdict.show(opened)
        self.list.show(opened.groups)
        self._renamed(opened)
        if before:
            old, new = ((o.report.errors, o.report.warnings) for o in (before, opened))
            self.result.say(texts.updated(old, new, opened.at))
        else:
            self._recent.add(opened.path)
            self.file_bar.recent(self._recent.files)
            if self._news:
                self._sent(self._news)
            else:
                self.result.say(texts.GONE_ON)
        if not opened.groups:
            self.detail.show_text(texts.NOTHING_FOUND)

    def _unreadable(self, path: Path, sentence: str) -> None:
        """The list stays as it was: the file may be readable again after the next save."""
        if path == self.path:
            self.verdict.refuse(sentence)
            self.result.say("")

    def _write(self, job: Callable[[Path], Outcome], *, go_on: bool = True) -> None:
        if path := self._asked():
            self._do(lambda: job(path), self._written if go_on else self._sent)

    def _do(self, job: Callable[[], Outcome], done: Callable[[Outcome], None]) -> None:
        self.result.say(texts.WORKING)
        self._background.do(job, done, self._refused)

    def _written(self, outcome: Outcome) -> None:
        self.detail.show_text(outcome.text)
        self.result.offer(outcome.sentence, outcome.written, go_on=True)

    def _sent(self, outcome: Outcome) -> None:
        self.detail.show_text(outcome.text)
        self.result.offer(outcome.sentence, outcome.written, go_on=False)

    def _taken_in(self, outcome: Outcome) -> None:
        if outcome.written.is_dir():  # a list of several projects: a form for each
            self._sent(outcome)
            return
        self.open(outcome.written)
        self._news = outcome

    def _refused(self, sentence: str) -> None:
        self.result.say(sentence)

    # --- the list ---------------------------------------------------------------------------------------------------

    def _chosen(self, item: Item | None) -> None:
        if item and self.opened:
            mended = () if item.parts else self.opened.mended(item.findings[0])
            self.detail.show(item, mended, self.list.agrees(item))

    def _tick(self, item: Item) -> None:
        self.list.tick(item)

    def _ticked(self) -> None:
        self._chosen(self.list.selected)
        agreed = len(self.opened.agreed(self.list.ticks)) if self.opened else 0
        self.result.say(texts.AGREED_COUNT.format(agreed))

    def copy_cell(self) -> None:
        """复制位置 of the chosen line."""
        item = self.list.selected
        if item and item.cell:
            self.detail.copy(item.cell, texts.cell_copied(item.cell))

    # --- small things -----------------------------------------------------------------------------------------------

    def _asked(self) -> Path | None:
        """The open file; a word where there is none."""
        if self.path is None:
            self.result.say(texts.NO_FILE)
        return self.path

    def _ask(self, title: str) -> str:
        return filedialog.askopenfilename(title=title, filetypes=_KINDS, initialdir=self._folder(), parent=self)

    def _typed(self) -> None:
        self.open_typed(self.file_bar.text)

    def _folder(self) -> str | None:
        last = self.path or (Path(self._recent.files[0]) if self._recent.files else None)
        return str(last.parent) if last else None

    def _show_form(self) -> None:
        if path := self._asked():
            self.result.show(path)

    def _show_folder(self) -> None:
        if path := self._asked():
            self.result.show(path.parent)
