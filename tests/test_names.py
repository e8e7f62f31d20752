"""Names from forms in file names: a file of its own for each, in its folder, under a name that every system takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_files import Run
from forms import HN2015, changed, write_form
from hypothesis import given
from hypothesis import strategies as st

from xlpkg.collect.consolidate import Order, collect
from xlpkg.files.names import LONGEST_PATH, fitting_name, free_name, is_reserved, safe_name

ODD_NAMES = (
    "CON", "con", "Nul.txt", "LPT1", "COM¹", "../../etc/passwd", "/etc/passwd", "C:\\Windows\\x", "甲局. .", "   ", "长" * 200,
    "A局", "a局", "x\u202egnp.exe", "~$甲", ".hidden", "甲\n乙", "a&b%c", "-rf", "甲\u200b局",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("改造农村公路", "改造农村公路"), ("CON", "CON-"), ("nul.txt", "nul-.txt"), ("lpt1 .x", "lpt1- .x"), ("COM¹", "COM¹-"),
        ("console", "console"), ("COM10", "COM10"), ("../../etc/passwd", "etc passwd"), ("C:\\x", "C x"), ("甲. . ", "甲"),
        ("...", "未命名"), ("", "未命名"), ("~$甲", "甲"), (".~甲", "甲"), ("x\u202egnp.exe", "x gnp.exe"), ("甲\n\t乙", "甲 乙"),
        ("长" * 200, "长" * 32), ("a\ud800b", "a b"), ("甲?乙*丙|", "甲 乙 丙"),
    ],
)  # fmt: skip
def test_a_safe_name(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(max_size=150))
def test_every_text_becomes_a_name(text: str) -> None:
    name = safe_name(text)
    assert name == Path(name).name == name.strip(" .") and name.isprintable() and len(name.encode()) <= 100
    assert not is_reserved(f"{name}.xlsx") and not name.startswith(("~$", ".")) and not set(name) & set('\\/:*?"<>|')


def test_names_that_differ_only_in_case_are_numbered() -> None:
    taken: set[str] = set()
    assert [free_name(n, taken) for n in ("A局", "a局", "A局", "甲", "a局-2")] == ["A局", "a局-2", "A局-3", "甲", "a局-2-2"]


def test_a_name_is_cut_so_that_excel_opens_the_file(tmp_path: Path) -> None:
    folder = tmp_path / ("深" * 60) / ("深" * 60)
    name = fitting_name(folder, "名" * 200, ".xlsx")
    assert len(str(folder / f"{name}-999.xlsx")) == LONGEST_PATH


@pytest.mark.parametrize("name", ["CON.xlsx", "nul.xlsx", "Lpt1.xlsx", "con .xlsx", "COM³.xlsx", "CON.申报.xlsx"])
def test_an_output_with_the_name_of_a_device_is_refused(run: Run, tmp_path: Path, form: Path, name: str) -> None:
    sentence = f"“{name}”是Windows留给设备用的名字，不能做文件名，请换一个。\n"
    assert run("convert", form, "-o", tmp_path / name) == (2, "", sentence)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_letters_and_converted_forms_stay_in_their_folder(tmp_path: Path, run: Run) -> None:
    received = tmp_path / "收件"
    received.mkdir()
    for n, name in enumerate(ODD_NAMES):
        write_form(received / f"{n}.xlsx", changed(HN2015, unit=name, project=name, budget="1"))
    for _ in range(2):
        done = collect(Order(str(received), letters=tmp_path / "退回"), lambda now, of: None)
        assert done.letters == len(ODD_NAMES)
        names = [path.name for path in (tmp_path / "退回").glob("*.docx")]
        assert len({name.casefold() for name in names}) == len(names) == len(ODD_NAMES)
        assert all(len(name.encode()) < 255 for name in names)
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith(".")) == ["收件", "退回"]
    assert run("convert", received, "-o", tmp_path / "表").code == 0
    assert len(list((tmp_path / "表").iterdir())) == len(ODD_NAMES) + 1


def test_a_folder_too_deep_for_excel(run: Run, tmp_path: Path, form: Path) -> None:
    folder = tmp_path.joinpath("深" * 60, "深" * 60, "深" * 70)
    folder.parent.mkdir(parents=True)
    answer = run("convert", form, form, "-o", folder)
    assert answer == (2, "", f"文件夹“{folder.name}”的路径太长，里面的文件Excel打不开，请换一个文件夹。\n")
    assert not folder.exists()
