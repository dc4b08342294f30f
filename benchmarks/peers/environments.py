"""Virtual environments for peers, so that what one of them pins binds neither us nor another.

A peer's script is a file of its own that imports nothing of this project: it takes its work as
arguments and prints one line of JSON. ``PYTHONPATH=benchmarks python -m peers.environments``
lists the environments that are there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ENVIRONMENTS = Path(__file__).parents[1] / ".environments"

#: One thread in whatever library a peer calls, as in the engine's own measurements.
ONE_THREAD = dict.fromkeys(
    ("MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"
)


class PeerError(RuntimeError):
    """A peer could not be installed, or its script failed or printed something else than JSON."""


def peer_python(name: str, requirements: Sequence[str]) -> Path:
    """Return the interpreter of a peer's environment, which is made on first use.

    Parameters
    ----------
    name : str
        Name of the environment, a folder below ``benchmarks/.environments``.
    requirements : sequence of str
        What to install, each pinned (``flee==3.1``). Where they have changed since the
        environment was made, it is made again.

    Raises
    ------
    PeerError
        If a requirement is not pinned, or pip fails.
    """
    loose = [each for each in requirements if "==" not in each]
    if loose:
        raise PeerError(f"{name}: {loose[0]!r} is not pinned, expected {loose[0]}==<version>")
    folder = ENVIRONMENTS / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    # Written last, so that an installation that broke off is done again.
    stamp = folder / "installed.txt"
    wanted = "\n".join([f"python {sys.version.split()[0]}", *sorted(requirements), ""])
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    print(f"Making {folder} with {', '.join(requirements)}", file=sys.stderr)
    _run(name, [sys.executable, "-m", "venv", str(folder)])
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run(name, [*install, "--no-input", *requirements])
    stamp.write_text(wanted, encoding="utf-8")
    return python


def run_peer(
    name: str, requirements: Sequence[str], script: Path, arguments: Sequence[object] = ()
) -> dict[str, Any]:
    """Run a script in a peer's environment and return the JSON object that it prints last.

    Parameters
    ----------
    name, requirements
        As in ``peer_python``.
    script : Path
        A Python file; it runs with one thread and without our ``PYTHONPATH``.
    arguments : sequence, optional
        Its arguments, turned into text.

    Raises
    ------
    PeerError
        If the script fails or its last line is not a JSON object.
    """
    python = peer_python(name, requirements)
    output = _run(name, [str(python), str(script), *map(str, arguments)])
    lines = output.strip().splitlines()
    try:
        found = json.loads(lines[-1])
    except (IndexError, json.JSONDecodeError):
        found = None
    if not isinstance(found, dict):
        last = lines[-1] if lines else "nothing"
        raise PeerError(f"{name}: {script.name} printed {last!r}, expected a line of JSON")
    return found


def _run(name: str, command: list[str]) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**kept, **ONE_THREAD, "PYTHONNOUSERSITE": "1"},
    )
    if done.returncode:
        told = "\n".join(done.stderr.strip().splitlines()[-15:])
        raise PeerError(f"{name}: {' '.join(command)} failed\n{told}")
    return done.stdout


if __name__ == "__main__":
    for installed in sorted(ENVIRONMENTS.glob("*/installed.txt")):
        print(installed.parent.name, *installed.read_text(encoding="utf-8").splitlines(), sep="  ")
