"""The real window on a virtual screen: by mouse and keyboard, beside a LibreOffice that saves the form, at 100, 125 and 150 %."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path
from tkinter import ttk

import pytest
from bureau import fill
from desktop import Desktop
from forms import HN2015
from office import Office
from open_forms import REAL
from waiting import wait_for

from xlpkg.desk import recent, texts
from xlpkg.desk.findings import Item
from xlpkg.desk.library_window import LibraryWindow
from xlpkg.desk.window import Window
from xlpkg.form import profiles
from xlpkg.layout import ENTRY
from xlpkg.live.say import TITLE
from xlpkg.reading.read import read
from xlpkg.writing.build import build

pytestmark = pytest.mark.office
DATA = Path(__file__).parent / "data"
SMALL_SCREEN = (1366, 768)


class Seen:
    """A window in this process, and the hand that uses it."""

    def __init__(self, desktop: Desktop, window: Window) -> None:
        self.desktop, self.window, self.root = desktop, window, window.root

    def until(self, condition: Callable[[], object]) -> None:
        """Let the window live until something is so."""

        def lived() -> object:
            self.root.update()
            return condition()

        wait_for(lived, 30)

    def click(self, widget: tkinter.Misc, x: int | None = None, y: int | None = None) -> None:
        self.until(widget.winfo_viewable)
        across = widget.winfo_width() // 2 if x is None else x
        down = widget.winfo_height() // 2 if y is None else y
        self.desktop.click(widget.winfo_rootx() + across, widget.winfo_rooty() + down)
        for _ in range(5):
            self.root.update()
            time.sleep(0.02)

    def press(self, caption: str) -> None:
        """Click on a button."""
        self.until(lambda: self.buttons(caption))
        self.click(self.buttons(caption)[0])

    def buttons(self, caption: str) -> list[ttk.Button]:
        return [w for w in everything(self.root) if isinstance(w, ttk.Button) and w.winfo_viewable() and w["text"] == caption]

    def open(self, path: Path) -> None:
        self.window.open(path)
        self.until(lambda: self.window.form.opened)

    def click_line(self, item: Item, column: str = "what") -> None:
        """Click on a line of the list."""
        tree = self.window.form.list.tree
        tree.see(item.key)
        self.root.update()
        x, y, width, height = tree.bbox(item.key, column)
        self.click(tree, x + min(width // 2, 20), y + height // 2)

    @property
    def said(self) -> str:
        return self.window.form.result.text

    @property
    def detail(self) -> str:
        return self.window.form.detail.text.get("1.0", "end")

    def line(self, where: str) -> Item:
        opened = self.window.form.opened
        assert opened
        return next(item for group in opened.groups for item in group.items if item.where == where)

    def part(self, where: str, number: int) -> Item:
        """One of the rows of a line, unfolded."""
        line = self.line(where)
        self.window.form.list.tree.item(line.key, open=True)
        return line.parts[number]


def everything(widget: tkinter.Misc) -> Iterator[tkinter.Misc]:
    yield widget
    for child in widget.winfo_children():
        yield from everything(child)


@contextlib.contextmanager
def window_on(desktop: Desktop, monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Seen]:
    monkeypatch.setenv("DISPLAY", desktop.display)
    monkeypatch.setenv("XLPKG_QUIET", "1")  # nothing is opened in other programs
    monkeypatch.setattr(recent, "place", lambda: home / "recent.json")
    seen = Seen(desktop, Window(TITLE))
    try:
        yield seen
    finally:
        seen.window.close()
        with contextlib.suppress(tkinter.TclError):
            seen.until(lambda: not seen.root.winfo_exists())


@pytest.fixture
def seen(desktop: Desktop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Seen]:
    with window_on(desktop, monkeypatch, tmp_path) as shown:
        yield shown


@pytest.fixture
def real(tmp_path: Path) -> Path:
    path = tmp_path / "网信 经费.xlsx"
    build(path, profiles.load("hn2015"), REAL)
    return path


def test_the_whole_way_by_mouse(seen: Seen, real: Path, tmp_path: Path) -> None:
    before = real.read_bytes()
    seen.press(texts.CHECK)
    assert seen.said == texts.NO_FILE
    seen.root.clipboard_clear()
    seen.root.clipboard_append(f'"{real}"\n')  # as Explorer copies a path
    seen.click(seen.window.form.file_bar.box)
    seen.desktop.do("key", "ctrl+v", "key", "Return")
    seen.until(lambda: seen.root.title() == f"网信 经费.xlsx　错误17条　提醒57条 - {TITLE}")
    assert "“随机”没法考核" in seen.detail  # the first line is chosen

    split = seen.part("第9、11—12行", 0)
    seen.click_line(split)
    seen.press("复制位置 F26")
    assert seen.root.clipboard_get() == "F26" and "名称框" in seen.said
    seen.press(texts.COPY_TEXT)
    assert seen.root.clipboard_get().split("\n")[0].split("\t")[:3] == ["产出指标", "数量指标", "关键信息基础设施摸底活动次数"]
    assert "在B26的下面插入1个空行" in seen.said

    line = seen.line("第14、23行")
    seen.click_line(line, "offer")
    assert seen.said == "同意代改的有2处，点“一键修复”时一起改。"
    assert seen.window.form.list.tree.set(line.key, "offer") == "√ 同意：=100%"
    seen.click_line(split)
    seen.press(texts.AGREE)
    assert "3处" in seen.said
    seen.press(texts.DISAGREE)
    seen.press(texts.MEND)
    mended = tmp_path / "网信 经费_修改后.xlsx"
    seen.until(mended.exists)
    seen.press(texts.GO_ON)
    seen.until(lambda: seen.window.form.opened)
    assert seen.root.title().startswith("网信 经费_修改后.xlsx　错误15条")
    assert [i.value for i in read(mended).declaration.indicators].count("=100%") >= 2

    for caption, written in (
        (texts.SUBMIT, "网信 经费_修改后_申报表（草稿）.xlsx"),
        (texts.CHECKED_COPY, "网信 经费_修改后_检查稿.xlsx"),
        (texts.NEXT_YEAR, "网信 经费_修改后_下年.xlsx"),
    ):
        seen.press(caption)
        seen.until((tmp_path / written).exists)
        seen.until(lambda written=written: written in seen.said + seen.detail)
    assert real.read_bytes() == before
    assert recent.load().files == [str(mended), str(real)]


def test_a_foreign_file_is_taken_in_and_shown(seen: Seen, tmp_path: Path) -> None:
    source = tmp_path / "上年的表.docx"
    source.write_bytes((DATA / "seed" / "form.docx").read_bytes())
    seen.open(source)
    assert texts.FOREIGN in seen.window.form.verdict.notices["text"]
    seen.press(texts.TAKE_IN)
    seen.until(lambda: seen.window.form.opened and seen.window.form.opened.path.name == "上年的表_填报表.xlsx")
    assert "已导入51条指标" in seen.said and seen.part("中央、省级、市级", 0).cell


def test_indicators_are_chosen_by_mouse_for_a_copy(seen: Seen, real: Path, tmp_path: Path) -> None:
    before = real.read_bytes()
    seen.open(real)
    seen.press(texts.PICK)
    (choice,) = (w for w in everything(seen.root) if isinstance(w, LibraryWindow))
    seen.press(texts.FILL_IN)
    assert choice.winfo_exists() and not choice.ticks  # nothing is ticked yet
    seen.click(choice.words)
    seen.desktop.do("type", "GPS")  # no indicator has it
    seen.until(lambda: not choice.tree.get_children())
    seen.desktop.do("key", "BackSpace", "key", "BackSpace", "key", "BackSpace")
    seen.until(choice.tree.get_children)
    for line in (choice.tree.get_children()[0], choice.tree.get_children()[2]):
        x, y, width, height = choice.tree.bbox(line, "name")
        seen.click(choice.tree, x + width // 2, y + height // 2)
        seen.until(lambda line=line: int(line) in choice.ticks)
    seen.desktop.picture(tmp_path / "choice.png")
    names = [choice.tree.set(str(n), "name") for n in sorted(choice.ticks)]
    seen.press(texts.FILL_IN)
    seen.until(lambda: seen.said.startswith("填入2条指标"))
    copy = read(real.with_name("网信 经费_加指标.xlsx")).declaration
    rows = [i for i in copy.indicators if not i.blank]
    assert [i.name for i in rows[-2:]] == names and all(i.number == "" for i in rows[-2:])
    assert len(rows) == len(REAL.indicators) + 2 and real.read_bytes() == before


def test_what_cannot_be_read_is_a_sentence_and_the_next_save_is_read(seen: Seen, real: Path) -> None:
    good = real.read_bytes()
    real.write_bytes(good[:3000])
    seen.window.open(real)
    verdict = seen.window.form.verdict.sentence
    seen.until(lambda: "网信 经费.xlsx" in verdict["text"])
    real.write_bytes(good)
    seen.until(lambda: seen.window.form.opened)
    assert verdict["text"].startswith("有错误：错误17条")
    real.write_bytes(good[:3000])
    seen.until(lambda: not verdict["text"].startswith("有错误"))
    assert seen.window.form.list.selected is not None  # the list is still there
    real.unlink()
    seen.until(lambda: "找不到" in verdict["text"])


def test_the_list_stays_where_it_was_when_the_form_is_saved(seen: Seen, real: Path) -> None:
    seen.open(real)
    tree = seen.window.form.list.tree
    tree.item("group/info", open=True)
    chosen = seen.line("第15行“网络文明建设”")
    seen.click_line(chosen)
    seen.click_line(chosen, "offer")
    better = [i if i.row != 2 else type(i)(i.row, i.l1, i.l2, i.name, "≥", "95", "%", i.standard) for i in REAL.indicators]
    build(
        real,
        profiles.load("hn2015"),
        type(REAL)(**{f: getattr(REAL, f) for f in REAL.__struct_fields__} | {"indicators": tuple(better)}),
    )
    seen.until(lambda: "错误17条→" in seen.said)
    assert tree.item("group/info", "open") and seen.window.form.list.selected == seen.line("第15行“网络文明建设”")
    assert tree.set(chosen.key, "offer").startswith(texts.AGREED)


def test_a_form_without_errors_says_so(seen: Seen, tmp_path: Path) -> None:
    path = tmp_path / "好.xlsx"
    build(path, profiles.load("hn2015"), HN2015)
    seen.open(path)
    assert seen.root.title().startswith("好.xlsx　没有错误") and "可以生成申报表" in seen.window.form.verdict.sentence["text"]


@pytest.mark.parametrize("percent", [100, 125, 150])
def test_everything_fits_on_a_small_screen(percent: int, real: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Desktop(SMALL_SCREEN, 96 * percent // 100) as screen, window_on(screen, monkeypatch, tmp_path) as seen:
        seen.open(real)
        seen.click_line(seen.part("第9、11—12行", 0))
        seen.until(lambda: seen.buttons(texts.COPY_TEXT))
        right, bottom = seen.root.winfo_rootx() + seen.root.winfo_width(), seen.root.winfo_rooty() + seen.root.winfo_height()
        assert right <= SMALL_SCREEN[0] and bottom <= SMALL_SCREEN[1] - 48  # the task bar
        buttons = [w for w in everything(seen.window.form) if isinstance(w, ttk.Button | ttk.Menubutton)]
        assert len(buttons) == 14
        for button in buttons:
            assert button.winfo_width() >= button.winfo_reqwidth() and button.winfo_height() >= button.winfo_reqheight()
            assert button.winfo_rootx() + button.winfo_width() <= right and button.winfo_rooty() + button.winfo_height() <= bottom
        tree = seen.window.form.list.tree
        tree.item(seen.line("第9、11—12行").key, open=False)
        tree.yview_moveto(0)
        seen.root.update()
        columns = sum(tree.column(name, "width") for name in ("#0", *tree["columns"]))
        assert columns <= tree.winfo_width()
        assert sum(bool(tree.bbox(item)) for item in tree.get_children("group/error")) >= 4
        letters = tkinter.font.nametofont("TkDefaultFont", seen.root).metrics("linespace")
        assert letters == pytest.approx(19 * percent / 100, abs=3)
        screen.picture(tmp_path / f"desk{percent}.png")


def test_a_folder_is_consolidated_by_mouse(seen: Seen, tmp_path: Path) -> None:
    tray = tmp_path / "收件"
    fill(tray, 6)
    seen.window.open(tray)
    page = seen.window.bureau
    assert page
    seen.press(texts.START)
    seen.until(lambda: not page.busy)
    assert "已写出：收件_汇总.xlsx" in page.said.get("1.0", "end")
    assert page.bar["value"] == 1.0 and seen.buttons(texts.SHOW_WORKBOOK) and seen.buttons(texts.SHOW_LETTERS)
    page.start()
    page.stop()
    seen.until(lambda: not page.busy)
    assert page.said.get("1.0", "end").strip() in (texts.STOPPED, page.said.get("1.0", "end").strip())


class Started:
    """xlpkg desk in a process of its own, for a with block."""

    def __init__(self, desktop: Desktop, *arguments: str | Path) -> None:
        self.desktop = desktop
        command = [sys.executable, "-m", "xlpkg", "desk", *map(str, arguments)]
        self.program = subprocess.Popen(command, env=desktop.environment, stdin=subprocess.DEVNULL)

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        self.program.kill()
        self.program.wait()

    def called(self, start: str) -> bool:
        """Whether the window is called so by now."""
        return any(title.startswith(start) for title in self.desktop.titles())


def test_the_list_follows_what_libreoffice_saves(desktop: Desktop, office: Office, real: Path, tmp_path: Path) -> None:
    with Started(desktop, real) as desk:
        wait_for(lambda: desk.called("网信 经费.xlsx　错误17条"))
        document = office.open(real)
        places = read(real).places
        assert places
        document.set(ENTRY, places.cell(2, "value") or "", "95%")
        document.model.store()
        saved = time.monotonic()
        wait_for(lambda: desk.called("网信 经费.xlsx　错误16条"))
        assert time.monotonic() - saved < 2
        desktop.picture(tmp_path / "desk.png")
        desktop.press("网信 经费.xlsx", "F6")
        wait_for((tmp_path / "网信 经费_修改后.xlsx").exists)
        document.set(ENTRY, places.cell(2, "value") or "", "随机")
        document.model.store()
        wait_for(lambda: desk.called("网信 经费.xlsx　错误17条"))


def test_a_file_is_chosen_in_the_dialog(desktop: Desktop, form: Path) -> None:
    with Started(desktop) as desk:
        desktop.press(TITLE, "ctrl+o")
        desktop.press(texts.OPEN_TITLE, "ctrl+a")
        desktop.do("type", "--delay", "5", str(form))
        desktop.do("key", "Return")
        wait_for(lambda: desk.called(f"{form.name}　没有错误"))
