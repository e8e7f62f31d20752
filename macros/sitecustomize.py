"""Sends a start file of the Windows kit on its way: a copy of pythonw.exe says by its name what to do.

Python imports this by itself, from the first folder that python312._pth names. python.exe and pythonw.exe stay what they are.
"""

import os
import sys

os.environ.setdefault("TCL_LIBRARY", os.path.join(sys.prefix, "runtime", "tcl", "tcl8.6"))  # noqa: PTH118 no pathlib: every start waits for this

if os.path.splitext(os.path.basename(sys.executable))[0].lower() not in ("python", "pythonw"):  # noqa: PTH119, PTH122 as above
    try:
        from xlpkg.kit.start import main

        code = main(sys.executable, sys.orig_argv[1:])
    except BaseException as error:  # whatever is missing, also a start that ends the program: the person must be told
        import ctypes
        import traceback

        with open(os.path.join(os.environ.get("TEMP", sys.prefix), "xlpkg.log"), "w", encoding="utf-8") as log:  # noqa: PTH118, PTH123 pathlib may be what is missing
            traceback.print_exception(error, file=log)
        sentence = "本工具的文件不完整，可能被杀毒软件删掉了一部分。请重新解压安装包，再运行其中的setup.exe。"
        if os.environ.get("XLPKG_QUIET") != "1":
            ctypes.windll.user32.MessageBoxW(None, sentence, "绩效目标申报工具", 0x30)
        code = 2
    os._exit(code)
