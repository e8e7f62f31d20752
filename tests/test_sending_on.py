"""What goes on from a declaration or a folder: exchange files, roster, reminders, archive, publication."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from forms import changed, good, with_cells

from xlpkg.audit.check import check
from xlpkg.cli import main
from xlpkg.form import profiles
from xlpkg.form.declaration import Declaration, to_json
from xlpkg.form.exchange import system
from xlpkg.reading.read import read
from xlpkg.writing.submission import write_submission, write_word

pytestmark = pytest.mark.slow

MISSING = (3, 8, 15, 16, 29, 40, 41, 42, 63, 77, 88, 99)
NOON = datetime(2026, 11, 20, 12).timestamp()


def table(path: Path) -> list[dict[str, str]]:
    """A CSV as another program reads it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def send(declaration: Declaration, path: Path, when: float = NOON) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_submission(path, check(declaration, profiles.load(declaration.profile)))
    os.utime(path, (when, when))


def roster(
    path: Path, lines: list[tuple[str, ...]], heads: tuple[str, ...] = ("单位名称", "项目名称", "联系人", "联系电话")
) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["2027年绩效目标应报单位名单"])
    book.active.append(heads)
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def sheet(path: Path, name: str) -> list[dict[str, str]]:
    """The lines of a sheet of 汇总.xlsx by head."""
    rows = list(openpyxl.load_workbook(path)[name].iter_rows(min_row=4, values_only=True))
    return [dict(zip(map(str, rows[0]), (str(v or "") for v in row), strict=True)) for row in rows[1:] if any(row)]


# --- exchange ---


def exchanged(declaration: Declaration, folder: Path) -> int:
    (folder / "申报.json").write_text(to_json(declaration), encoding="utf-8")
    return main(["submit", str(folder / "申报.json"), "-o", str(folder / "申报表.xlsx"), "--exchange", str(folder / "交换")])


@pytest.mark.parametrize("profile", profiles.shipped())
def test_every_row_stands_in_the_exchange_file_in_parts(profile: str, tmp_path: Path) -> None:
    declaration = good(profile)
    assert exchanged(declaration, tmp_path) == 0
    rows = table(tmp_path / "交换" / "PM_PERF_INDICATOR.csv")
    assert list(rows[0]) == [c.name for c in system().indicators]
    assert sorted(r["lv3_perf_ind_name"] for r in rows) == sorted(i.name for i in declaration.indicators)
    signs = {"1": "≥", "2": ">", "3": "=", "4": "<", "5": "≤", "6": ""}
    typed = {i.name: i.value for i in declaration.indicators}
    for row in rows:
        assert signs[row["computesign"]] + row["kpi_val"] + row["meterunit"] in (typed[row["lv3_perf_ind_name"]], row["kpi_val"])
    (goal,) = table(tmp_path / "交换" / "PM_PERF_GOAL_INFO.csv")
    assert goal["kpi_target"] == declaration.year_goal
    assert goal["pro_code"] == rows[0]["pro_code"] == table(tmp_path / "交换" / "项目对照.csv")[0]["pro_code"]


def test_signs_and_texts_have_the_codes_of_the_system(tmp_path: Path) -> None:
    declaration = good("hn2015")
    for row, (op, number, unit) in enumerate((("≤", "5", "天"), ("", "3-5", "场"), ("", "12月底前完成", "")), 1):
        declaration = with_cells(declaration, row, value=f"{op}{number}{unit}")
    exchanged(declaration, tmp_path)
    rows = {
        r["kpi_id"]: (r["computesign"], r["kpi_val"], r["meterunit"]) for r in table(tmp_path / "交换" / "PM_PERF_INDICATOR.csv")
    }
    assert [rows[f"P00001-000{n}"] for n in (1, 2)] == [("5", "5", "天"), ("", "3-5", "场")]
    assert rows["P00001-0003"][0] == "6"
    assert [m["代码"] for m in table(tmp_path / "交换" / "导入前要改.csv")] == ["X03"]


@pytest.mark.parametrize(
    ("longest", "place", "file", "column", "change"),
    [
        (60, "第1行指标值", "PM_PERF_INDICATOR", "kpi_val", "value"),
        (4000, "年度目标", "PM_PERF_GOAL_INFO", "ndgoal", "goal"),
        (1000, "第1行三级指标", "PM_PERF_INDICATOR", "lv3_perf_ind_name", "name"),
    ],
)
def test_a_text_too_long_is_a_finding_not_a_cut(
    longest: int, place: str, file: str, column: str, change: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def with_text(length: int) -> Declaration:
        text = "完成河道清淤并保持水面清洁" * 400
        text = text[:length]
        base = good("hn2015")
        if change == "goal":
            return changed(base, year_goal=text)
        return with_cells(base, 1, name=text) if change == "name" else with_cells(base, 1, value=text)

    exchanged(with_text(longest), tmp_path)
    assert f" X01 {place}" not in capsys.readouterr().out
    assert exchanged(with_text(longest + 1), tmp_path) == 1
    assert f"  错误 X01 {place}：有{longest + 1}字，系统最多收{longest}字" in capsys.readouterr().out
    assert max(len(row[column]) for row in table(tmp_path / "交换" / f"{file}.csv")) == longest + 1


def test_a_weight_must_fit_the_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declaration = good("sc2023")
    exchanged(with_cells(declaration, 1, weight="12.345"), tmp_path)
    assert "X02 第1行权重：“12.345”超出系统的格式" in capsys.readouterr().out


def test_the_code_in_a_name_is_the_projects_own(tmp_path: Path) -> None:
    exchanged(changed(good("hn2015"), project="51000023Y000006-道路养护"), tmp_path)
    (line,) = table(tmp_path / "交换" / "项目对照.csv")
    assert (line["pro_code"], line["代码来源"]) == ("51000023Y000006", "表中的代码")


# --- a folder ---


@pytest.fixture(scope="module")
def tray(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred units have to report, twelve did not, two were late."""
    folder = tmp_path_factory.mktemp("收件")
    base = good("hn2015")
    for n in range(100):
        if n not in MISSING:
            unit = f"云溪县第{n}局"
            late = 86_400 if n in (5, 6) else 0
            send(changed(base, unit=unit, department="云溪县财政局", project=f"项目{n}"), folder / f"{n}.xlsx", NOON + late)
    return folder


def test_exactly_the_units_that_did_not_report_are_named(tray: Path, tmp_path: Path) -> None:
    names = [(f"云溪县第{n}局", "", "张三", "13900000000") for n in range(100)]
    listed = roster(tmp_path / "名单.xlsx", names)
    out, letters = tmp_path / "汇总.xlsx", tmp_path / "函"
    command = ["collect", str(tray), "-o", str(out), "--roster", str(listed), "--due", "2026-11-20", "--letters", str(letters)]
    assert main(command) == 0
    assert [r["单位"] for r in sheet(out, "未报送")] == [f"云溪县第{n}局" for n in MISSING]
    assert {r["电话"] for r in sheet(out, "未报送")} == {"13900000000"}
    assert [r["单位"] for r in sheet(out, "迟报")] == ["云溪县第5局", "云溪县第6局"]
    assert sheet(out, "名单以外") == []
    assert sorted(p.name for p in letters.glob("*.docx")) == sorted(f"催报函-云溪县第{n}局.docx" for n in MISSING)
    text = "\n".join(p.text for p in docx.Document(str(letters / "催报函-云溪县第3局.docx")).paragraphs)
    assert "云溪县第3局：" in text and "报送截止日期为2026年11月20日" in text


def test_names_are_held_together_by_unit_and_project(tmp_path: Path) -> None:
    base = good("hn2015")
    send(changed(base, unit="云溪县水利局", project="河道清淤"), tmp_path / "收件" / "1.xlsx")
    send(changed(base, unit="云溪县交通局", project="道路养护"), tmp_path / "收件" / "2.xlsx")
    lines = [
        ("101001-云溪县水利局", "河道清淤"), ("云溪县水利局", "水库加固"), ("云溪县交通运输局", ""), ("合计", ""),
    ]  # fmt: skip
    listed = roster(tmp_path / "名单.xlsx", lines, ("填报单位", "项目"))
    out = tmp_path / "汇总.xlsx"
    main(["collect", str(tmp_path / "收件"), "-o", str(out), "--roster", str(listed)])
    missing = {(r["单位"], r["项目"]): r["说明"] for r in sheet(out, "未报送")}
    assert list(missing) == [("云溪县水利局", "水库加固"), ("云溪县交通运输局", "")]
    assert missing["云溪县水利局", "水库加固"] == "这个单位另外报了1个项目"
    assert [r["单位"] for r in sheet(out, "名单以外")] == ["云溪县交通局"]
    assert "迟报" not in openpyxl.load_workbook(out).sheetnames


def test_an_excluded_file_is_in_no_total(tray: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = roster(tmp_path / "名单.xlsx", [("云溪县第7局",), ("云溪县第9局",)], ("单位",))
    out = tmp_path / "汇总.xlsx"
    command = ["collect", str(tray), "-o", str(out), "--exclude", "7.xlsx", "与上月重复", "--roster", str(listed)]
    assert main(command) == 0
    assert "项目87个" in capsys.readouterr().out
    assert [(r["文件"], r["理由"]) for r in sheet(out, "剔除")] == [("7.xlsx", "与上月重复")]
    assert [(r["单位"], r["说明"]) for r in sheet(out, "未报送")] == [("云溪县第7局", "收到的文件已剔除：7.xlsx（云溪县第7局）")]
    assert "7.xlsx" not in [r["文件"] for r in sheet(out, "项目汇总")]


@pytest.mark.parametrize(("name", "reason", "sentence"), [("没有.xlsx", "错", "没有“没有.xlsx”"), ("7.xlsx", " ", "要写理由")])
def test_what_is_excluded_must_be_there_and_have_a_reason(
    name: str, reason: str, sentence: str, tray: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["collect", str(tray), "-o", str(tmp_path / "汇总.xlsx"), "--exclude", name, reason]) == 2
    assert sentence in capsys.readouterr().err


def test_the_archive_holds_what_was_counted_with_its_hashes(tray: Path, tmp_path: Path) -> None:
    target = tmp_path / "存档.zip"
    assert main(["collect", str(tray), "--archive", str(target), "--exclude", "7.xlsx", "重复"]) == 0
    with zipfile.ZipFile(target) as archive:
        lines = list(csv.DictReader(io.StringIO(archive.read("清单.csv").decode("utf-8-sig"))))
        assert len(lines) == 87 and sorted(archive.namelist()) == sorted(["清单.csv", *(line["文件"] for line in lines)])
        for line in lines:
            data = archive.read(line["文件"])
            assert line["SHA-256"] == hashlib.sha256(data).hexdigest()
            assert data == (tray / line["文件"]).read_bytes()
    assert "7.xlsx" not in {line["文件"] for line in lines}


def test_what_is_published_has_sums_and_no_persons(tmp_path: Path) -> None:
    folder = tmp_path / "收件"
    base = changed(good("hn2015"), unit="云溪县水利局", department="云溪县水利局", filler="张三", phone="13900000000")
    for n, project in enumerate(("河道清淤", "水库加固")):
        goal = f"{base.year_goal}热线0734-5550000。" if n else base.year_goal
        send(changed(base, project=project, year_goal=goal), folder / f"{n}.xlsx")
    send(with_cells(changed(base, project="退回的"), 1, name=""), folder / "9.xlsx")
    out = tmp_path / "公开"
    main(["collect", str(folder), "--publish", str(out)])
    document = docx.Document(str(out / "绩效目标公开-云溪县水利局.docx"))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    text = "\n".join([*(p.text for p in document.paragraphs), *cells])
    report = check(base, profiles.load("hn2015"))
    assert report.cost.funds is not None
    assert f"{base.year}年共2个项目，涉及预算资金{2 * report.cost.funds / 10_000:.2f}万元。" in text
    assert "河道清淤" in text and "水库加固" in text and "退回的" not in text
    assert all(i.name in text for i in base.indicators)
    book = openpyxl.load_workbook(out / "绩效目标公开.xlsx")
    shown = "\n".join(str(v) for row in book.active.iter_rows(values_only=True) for v in row if v)
    for private in ("张三", "13900000000", "0734-5550000"):
        assert private not in text and private not in shown
    for heading in ("实施主体", "实施周期", "年度预算安排", "绩效目标和指标"):
        assert heading in text and heading in shown


def test_forms_that_are_published_as_a_list_stand_in_one(tmp_path: Path) -> None:
    """It is read again to the same declarations; the sum of all stands first."""
    folder, out, again = tmp_path / "收件", tmp_path / "公开", tmp_path / "读回"
    base = good("sc2023")
    sent = [changed(base, project=name) for name in ("河道清淤", "水库加固", "渠道整修")]
    for n, declaration in enumerate(sent):
        send(declaration, folder / f"{n}.xlsx")
    assert main(["collect", str(folder), "--publish", str(out)]) == 0
    listed = out / "绩效目标公开（列表）.xlsx"
    book = openpyxl.load_workbook(listed)
    heads, total = ([c.value for c in row] for row in book["sc2023"].iter_rows(3, 4))
    assert heads == [
        "单位名称",
        "项目名称",
        "预算数（元）",
        "年度目标",
        *(profiles.load("sc2023").label(c) for c in profiles.load("sc2023").user_columns if c != "note"),
    ]
    assert total[:3] == ["合计", None, 3 * int(base.budget)]
    assert main(["convert", str(listed), "-p", "sc2023", "-o", str(again)]) == 0
    found = {d.project: d for d in (read(path).declaration for path in again.glob("*（列表）-*.xlsx"))}
    for declaration in sent:
        back = found.pop(declaration.project)
        assert (back.unit, back.budget, back.year_goal) == (declaration.unit, declaration.budget, declaration.year_goal)
        assert [(i.l1, i.l2, i.name, i.value, i.extra) for i in back.indicators] == [
            (i.l1, i.l2, i.name, i.value, i.extra) for i in declaration.indicators
        ]
    assert not found


def test_a_word_submission_counts_as_what_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "收件"
    folder.mkdir()
    write_word(folder / "申报表.docx", check(good("hn2015"), profiles.load("hn2015")))
    out = tmp_path / "汇总.xlsx"
    assert main(["collect", str(folder), "-o", str(out)]) == 0
    (line,) = sheet(out, "项目汇总")
    assert (line["种类"], line["校验码核对"], line["状态"]) == ("申报表", "一致", "通过")
