"""The tables of this folder as rows."""

from __future__ import annotations

import csv
from importlib import resources


def read_rows(file: str) -> list[dict[str, str]]:
    """Return the rows of one of the tables.

    Examples
    --------
    >>> read_rows("demonyms.csv")[1]
    {'code': 'AFG', 'words': 'Afghan;Afghani', 'region': 'asia_south'}
    """
    return list(csv.DictReader(read_text(file).splitlines()))


def read_text(file: str) -> str:
    """Return the text of one of the files."""
    return resources.files("dispersal.drafting.gazetteer").joinpath(file).read_text("utf-8")


def read_lines(file: str) -> list[str]:
    """Return the lines of a list, without empty ones and remarks."""
    lines = (line.strip() for line in read_text(file).splitlines())
    return [line for line in lines if line and not line.startswith("#")]
