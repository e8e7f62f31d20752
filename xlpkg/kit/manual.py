"""The kit's short manual: one page in Chinese with pictures of the product."""

import html
from pathlib import Path
from string import Template

from xlpkg.form.profiles import data_folder
from xlpkg.kit.contents import About

_PAGE = Path(__file__).with_name("manual.html")
_PICTURES = ("form.png", "results.png", "submission.png")
_BUREAU_PICTURES = ("collect.png",)
_TRIAL = "本安装包是试用版：里面的Python不是python.org发布的原包。正式发放前，请用官方的embeddable包重新生成。"


def pages(about: About) -> dict[str, bytes]:
    """The manual and its pictures by their place in the kit."""
    bureau = about.kind == "bureau"
    words = {
        "title": about.title,
        "trial": f'<p class="trial">{_TRIAL}</p>' if about.trial else "",
        "origin": html.escape(about.origin),
        "bureau_start": "block" if bureau else "none",
    }
    page = Template(_PAGE.read_text(encoding="utf-8")).substitute(words)
    pictures = (*_PICTURES, *(_BUREAU_PICTURES if bureau else ()))
    folder = data_folder("workbook") / "pictures"
    return {"README.html": page.encode()} | {f"manual/{name}": (folder / name).read_bytes() for name in pictures}
