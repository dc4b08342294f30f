"""Whatever stands in a folder, it is read, or its faults are named."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dispersal.displacement import read_flee, score_flee
from dispersal.errors import InputError
from tests.displacement.folders import FILES, write_folder

if TYPE_CHECKING:
    from collections.abc import Callable

JUNK = (
    "", "-1", "0", "1e400", "nan", "x", "#", "Ä", '"', "Camp One", "2020-13-01", "1.5", "9" * 20,
    ",", "\n", "-5", "[", "{a: b}", "null", "true",
)  # fmt: skip


def spoilt(text: str, rng: random.Random) -> str:
    """Return a text with a cell replaced, a line left out, or something put in."""
    cell = rng.choice([match.span() for match in re.finditer(r"[^,\n]*", text)])
    lines = text.split("\n")
    gone, at = rng.randrange(len(lines)), rng.randrange(len(text))
    ways: list[Callable[[], str]] = [
        lambda: text[: cell[0]] + rng.choice(JUNK) + text[cell[1] :],
        lambda: "\n".join(lines[:gone] + lines[gone + 1 :]) or "\n",
        lambda: text[:at] + rng.choice(JUNK) + text[at:],
    ]
    return rng.choice(ways)()


@pytest.mark.parametrize("seed", range(10))
def test_spoilt_files(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    read = 0
    for attempt in range(12):
        name = rng.choice(list(FILES))
        text = FILES[name]
        for _ in range(rng.randint(1, 3)):
            text = spoilt(text, rng)
        stem = re.sub(r"\W", "_", Path(name).stem)
        folder = write_folder(tmp_path / str(attempt), **{stem: text})
        try:
            result = score_flee(read_flee(folder))
        except InputError:
            continue
        read += 1
        assert (result.forecast >= 0).all()
    assert read < 12
