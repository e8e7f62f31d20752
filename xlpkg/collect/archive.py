"""The files that were counted, in one ZIP with a list of their hashes: what was received, as it was received."""

import csv
import hashlib
import io
import shutil
import time
import zipfile
from pathlib import Path

from xlpkg.collect.collection import Collection
from xlpkg.collect.find import at_hand
from xlpkg.files.write import move, temporary_folder

LIST = "清单.csv"
_HEADS = ("文件", "SHA-256", "字节数", "修改时间", "年度", "单位", "项目", "校验码", "状态")
_CHUNK = 1 << 20


def write_archive(collection: Collection, target: Path) -> int:
    """Write the ZIP, whole or not at all; returns how many files it holds. Raises OSError.

    The list has a line for each project; a file with several stands once in the ZIP.
    """
    projects: dict[str, list[tuple[str, ...]]] = {}
    files = {}
    for file, p in collection.projects():
        files[file.name] = file
        said = (p.year, p.header["unit"], p.header["project"], p.sealed or p.seal, "通过" if p.passed else "退回")
        projects.setdefault(file.name, []).append(said)
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(_HEADS)
    made = temporary_folder(target.absolute())
    temporary = made / target.name
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, file in sorted(files.items()):
                about = zipfile.ZipInfo(name, time.localtime(max(file.changed, 315619200.0))[:6])  # ZIP knows no year before 1980
                about.compress_type = zipfile.ZIP_DEFLATED
                digest, size = hashlib.sha256(), 0
                with at_hand(file) as path, path.open("rb") as source, archive.open(about, "w") as inside:
                    while chunk := source.read(_CHUNK):
                        digest.update(chunk)
                        size += len(chunk)
                        inside.write(chunk)
                moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(file.changed))
                writer.writerows((name, digest.hexdigest(), size, moment, *project) for project in projects[name])
            archive.writestr(LIST, lines.getvalue().encode("utf-8-sig"))
        move(temporary, target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return len(files)
