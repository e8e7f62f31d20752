"""What a start file does: its own name says what, the files dropped on it are its arguments."""

from collections.abc import Sequence
from pathlib import Path

from xlpkg.desk.outside import show
from xlpkg.form.refusal import RefusalError
from xlpkg.kit import actions, programs
from xlpkg.kit.actions import DONE, FAILED
from xlpkg.kit.say import say
from xlpkg.live.say import say as say_in_box
from xlpkg.live.say import speak_utf8

_WHAT = "不需要管理员，不联网，不改注册表。Excel加载项装到用户的XLSTART文件夹，桌面和“发送到”里放快捷方式。"


def main(executable: str, arguments: Sequence[str]) -> int:
    """Do what the program's name says; returns the exit code. What goes wrong is said in a window."""
    speak_utf8()
    _keep_off_start_files(Path(executable).with_name("pythonw.exe"))
    action = programs.action_of(Path(executable).stem)
    try:
        if action is None:
            raise RefusalError(f"这个程序的名字“{Path(executable).name}”被改过，不知道要做什么。请改回原来的名字。")
        if action == programs.SETUP:
            return set_up(Path(executable).parent)
        if action == "remove":
            return take_away()
        return actions.ACTIONS[action](list(arguments))
    except Exception as error:
        from xlpkg.live.session import explain

        say_in_box(explain(error))
        return FAILED


def set_up(kit: Path) -> int:
    """setup.exe: ask, set up, say what was done; where it is set up already, mend or take away."""
    from xlpkg.kit import contents, setup
    from xlpkg.kit.links import make_link
    from xlpkg.kit.places import places
    from xlpkg.kit.say import working
    from xlpkg.live import installed

    about, where = contents.read_about(kit), places()
    before = installed.current(where.home)
    if before is None:
        choices: tuple[str, ...] = ("安装", "取消")
        answer = choices[say(f"将为当前用户安装到：\n{where.home}\n\n{_WHAT}", choices, about.title)]
    else:
        choices = ("修复" if before.name == about.version else "升级", "卸载", "取消")
        answer = choices[say(f"已经装了{before.name}版，在：\n{before}", choices, about.title)]
    if answer == "取消":
        return DONE
    if answer == "卸载":
        return take_away()
    with working(about.title) as tell:
        said = setup.install(kit, where, make_link, tell)
        tell("正在试运行……")
        failure = setup.self_test(where)
    said.append(failure or "试运行：正常。")
    open_forms = not failure and say("\n".join(said), ("打开空白表文件夹", "关闭"), about.title) == 0
    if failure:
        say("\n".join(said), title=about.title)
    elif open_forms:
        show(where.home / about.version / setup.FORMS)
    return FAILED if failure else DONE


def take_away() -> int:
    """卸载: ask, then remove. The last sentence is said in Windows' own box: the kit's files are gone by then."""
    import ctypes  # noqa: F401 the message box needs it when the library is gone

    from xlpkg.kit import setup
    from xlpkg.kit.places import places

    where = places()
    if say("要卸载吗？程序、Excel加载项和快捷方式都会去掉，您的表格不动。", ("卸载", "取消")) == 0:
        say_in_box("\n".join(setup.remove(where)))
    return DONE


def _keep_off_start_files(python: Path) -> None:
    """Processes of the consolidation are started with Python itself, not with the start file."""
    import multiprocessing

    if python.exists():
        multiprocessing.set_executable(str(python))
