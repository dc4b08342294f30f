"""The project as a whole: its modules, its wheel, its version, its way to install."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from dispersal import __version__

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "dispersal"
TEXTS = {
    path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(SOURCE.rglob("*.py"))
}

LONGEST_MODULE = 300

#: Modules that may be longer, each with its reason. Keep it empty.
LONGER_MODULES: dict[str, str] = {}

#: Ways into a network; nothing is fetched or sent at run time.
NETWORK = {
    "aiohttp", "asyncio", "botocore", "fsspec", "ftplib", "gcsfs", "http", "httpx", "imaplib",
    "pooch", "poplib", "requests", "s3fs", "smtplib", "socket", "socketserver", "ssl", "urllib3",
    "webbrowser", "xmlrpc", "urllib.request",
}  # fmt: skip


#: What the build makes of web/ and an npm package.
BUILT = {
    "dispersal/report/bundle/licences.txt",
    "dispersal/report/bundle/report.css",
    "dispersal/report/bundle/report.js",
    "dispersal/world/polygons.json",
}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Return every dotted name that a module imports, and its parents."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    parents = (name.split(".") for name in names)
    return {".".join(parts[:depth]) for parts in parents for depth in range(1, len(parts) + 1)}


def test_every_module_says_what_it_is() -> None:
    assert [name for name, text in TEXTS.items() if not ast.get_docstring(ast.parse(text))] == []


def test_modules_are_short() -> None:
    lengths = {name: len(text.splitlines()) for name, text in TEXTS.items()}
    long = {name: lines for name, lines in lengths.items() if lines >= LONGEST_MODULE}
    assert {name: lines for name, lines in long.items() if name not in LONGER_MODULES} == {}
    assert set(LONGER_MODULES) <= set(long), "short again: take it off the list"


def test_nothing_is_left_for_later() -> None:
    left = {
        name: re.findall(r"\b(?:TODO|FIXME|HACK|NotImplementedError)\b", text)
        for name, text in TEXTS.items()
    }
    assert {name: words for name, words in left.items() if words} == {}


def test_no_module_can_reach_a_network() -> None:
    found = {name: imported(ast.parse(text)) & NETWORK for name, text in TEXTS.items()}
    assert {name: ways for name, ways in found.items() if ways} == {}


def test_the_search_for_imports_finds_them() -> None:
    tree = ast.parse("import urllib.request as r\nfrom http import client\nfrom . import socket")
    assert imported(tree) & NETWORK == {"urllib.request", "http"}


def test_every_imported_package_is_a_dependency() -> None:
    about = project()["project"]
    lines = [*about["dependencies"], *about["optional-dependencies"]["cluster"]]
    listed = {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines}
    known = {name.replace("-", "_") for name in listed} | {"yaml", "bs4", "dispersal"}
    used = {
        name for text in TEXTS.values() for name in imported(ast.parse(text)) if "." not in name
    }
    assert used - set(sys.stdlib_module_names) - known == set()


def test_constraints_pin_every_dependency() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0] for line in lines if not line.startswith("#")}
    assert all(re.fullmatch(r"[a-z0-9.-]+==[\w.]+", line) for line in lines if line[0] != "#")
    about = project()["project"]
    groups = [about["dependencies"], *about["optional-dependencies"].values()]
    names = {
        re.split(r"[^\w.-]", line, maxsplit=1)[0].lower() for group in groups for line in group
    }
    assert names - pinned == set(), "run `make constraints`"


def test_versions_agree() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## \[(\d\S*)\]", changes, flags=re.MULTILINE)[0] == __version__
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
    assert citation["license"] == project()["project"]["license"]


def test_citation_has_what_its_format_requires() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "version", "license"} <= set(citation)
    assert all(author["name"] for author in citation["authors"])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as `pip wheel . --no-deps` does, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--quiet", "--wheel-dir", str(folder)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_all_code_and_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {".py", ".csv", ".txt", ".yaml", ".typed"}
    files = {
        f"dispersal/{path.relative_to(SOURCE).as_posix()}"
        for path in SOURCE.rglob("*")
        if path.is_file() and (path.suffix in wanted or path.name == "py.typed")
    }
    assert names == files | BUILT
    assert {
        "dispersal/py.typed",
        "dispersal/model/parameters.csv",
        "dispersal/world/countries.csv",
        "dispersal/world/borders.csv",
        "dispersal/cases/isis_2017/case.yaml",
        "dispersal/cases/isis_2017/evidence/figures.csv",
    } <= names


def test_wheel_carries_licence_and_notice(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {Path(name).name for name in archive.namelist() if ".dist-info/licenses/" in name}
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        text = archive.read(metadata).decode()
    assert names == {"LICENSE", "NOTICE"}
    assert f"\nVersion: {__version__}\n" in text
    assert "\nLicense-Expression: BSD-3-Clause\n" in text


def test_installed_wheel_reads_its_own_data(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    script = (
        "import dispersal, dispersal.case as case, dispersal.world as world\n"
        "from dispersal.model.parameters import table\n"
        "from dispersal.report.page import require_front_end\n"
        "require_front_end()\n"
        "loaded = case.load_case('isis_2017')\n"
        "print(dispersal.__file__, loaded.name, len(table()), len(world.land_borders()))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    file, name, parameters, borders = done.stdout.split()
    assert Path(file).is_relative_to(tmp_path)
    assert (name, borders) == ("isis_2017", "324")
    assert int(parameters) > 0
