"""A profile as a table for people: the form that it makes. What `xlpkg profile` prints."""

from collections.abc import Iterator

from xlpkg.form.fields import Column, Field
from xlpkg.form.profile import Profile
from xlpkg.form.text import display_width
from xlpkg.layout import header_label

_KINDS = {
    "text": "文字", "long": "长文字", "number": "数字", "money": "金额", "date": "日期", "phone": "电话", "choice": "选择",
}  # fmt: skip
_DEMANDS = {"error": "必填", "warning": "空着提醒", "off": "可空"}
_LAYOUTS = {"form": "一个项目一张表", "list": "一行一个指标，项目在列里"}


def as_text(profile: Profile) -> str:
    """The head, the money, the columns and the categories, one line each."""
    lines = [
        f"{profile.name}（{profile.id}）",
        f"标题：{profile.title.replace('{year}', '2026')}　金额单位：{profile.money_unit}　版式：{_LAYOUTS[profile.layout]}",
        "",
        *_table(("基本信息", "填什么", "要求", "说明"), _fields(profile)),
        "",
        *_table(("指标列", "填什么", "要求", "说明"), _columns(profile)),
        "",
        *_table(("一级指标", "二级指标", "要求", ""), _categories(profile)),
    ]
    if profile.standards:
        lines += ["", "绩效标准：" + "、".join(s.name for s in profile.standards)]
    return "\n".join(lines)


def _fields(profile: Profile) -> Iterator[tuple[str, ...]]:
    for key in profile.header:
        found = profile.further.get(key)
        parts = profile.parts_of(key) if key in profile.money_fields else ()
        note = f"应等于{'、'.join(map(profile.label, parts))}之和" if parts else _choices(found)
        yield header_label(profile, key), _KINDS[profile.kind_of(key)], _DEMANDS[profile.demands(key)], note


def _columns(profile: Profile) -> Iterator[tuple[str, ...]]:
    own = {"l1": "选择", "l2": "选择", "op": "选择", "standard": "选择"}
    needed = {"l1", "l2", "name", "number"}
    for key in profile.user_columns:
        found = profile.further.get(key)
        kind = own.get(key) or _KINDS[profile.kind_of(key)]
        demand = "必填" if key in needed else _DEMANDS[profile.demands(key)]
        total = f"各行合计应为{found.total}" if isinstance(found, Column) and found.total is not None else ""
        hidden = "不打印" if isinstance(found, Column) and not found.printed else ""
        yield profile.label(key), kind, demand, "；".join(filter(None, (total, _choices(found), hidden)))


def _categories(profile: Profile) -> Iterator[tuple[str, ...]]:
    for category in profile.tree:
        for n, child in enumerate(category.l2):
            demands = [
                "必设" if child.name in profile.required_l2 else "建议设" if child.name in profile.recommended_l2 else "",
                "金额相加" if child.name in profile.cost_categories else "",
            ]
            first = category.name + ("（必设）" if category.name in profile.required_l1 else "")
            yield "" if n else first, child.name, "，".join(filter(None, demands)), ""


def _choices(found: object) -> str:
    return "可选：" + "、".join(found.choices) if isinstance(found, Field | Column) and found.choices else ""


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> list[str]:
    """Columns side by side; a Chinese character is two wide."""
    lines = [heads, *rows]
    widths = [max(display_width(line[n]) for line in lines) + 2 for n in range(len(heads))]
    return [
        "".join(text + " " * (w - display_width(text)) for text, w in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
