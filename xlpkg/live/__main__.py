"""python -m xlpkg.live ACTION FULLNAME [FILE]: started by a button of an open workbook."""

import sys

from xlpkg.live.say import say


def main(arguments: list[str]) -> int:
    """The exit code: 0 done, 2 not done. Whatever is wrong with the installation itself is told as well."""
    try:
        from xlpkg.live.session import run
    except ImportError as error:
        say(f"本工具的文件不完整（缺少{error.name}），按钮不能用。请再运行一次安装包里的setup.exe，选“修复”。")
        return 2
    return run(*arguments[:3])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
