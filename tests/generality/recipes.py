"""A generated case as plain data: what stands in its files, and how it is written and read."""

from __future__ import annotations

import csv
import io
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from dispersal.case import check_case, load_case
from dispersal.case.schema import TABLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from dispersal.case import Case

#: A row of a table by column; None and "" are empty cells.
Row = dict[str, Any]


class _Plain(yaml.SafeDumper):
    """Writes YAML without anchors, which a case may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


@dataclass
class Recipe:
    """The files of a case before they are written.

    Parameters
    ----------
    question : dict
        What ``case.yaml`` holds.
    tables : dict of lists of rows
        By the table's path in the folder.
    cutoff : datetime.date
        The day on which a forecast is made.
    """

    question: dict[str, Any]
    tables: dict[str, list[Row]]
    cutoff: dt.date

    def write(self, folder: Path) -> Path:
        """Write the case below a folder and return its own."""
        case = folder / str(self.question["name"])
        (case / "evidence").mkdir(parents=True)
        text = yaml.dump(self.question, Dumper=_Plain, sort_keys=False, allow_unicode=True)
        (case / "case.yaml").write_text(text, encoding="utf-8")
        for name, rows in self.tables.items():
            if rows:
                (case / name).write_text(_table(name, rows), encoding="utf-8", newline="")
        return case

    def load(self, folder: Path) -> Case:
        """Write the case, check it as ``dispersal check`` does, and read it."""
        written = self.write(folder)
        report = check_case(written)
        assert report.ok, [str(fault) for fault in report.faults]
        return load_case(written)

    def with_rows(self, **more: list[Row]) -> Recipe:
        """Return the recipe with more rows at the end of some tables, named without ``.csv``."""
        tables = deepcopy(self.tables)
        for name, rows in more.items():
            tables[f"{name}.csv"] = [*tables.get(f"{name}.csv", []), *rows]
        return Recipe(deepcopy(self.question), tables, self.cutoff)

    def renamed(self, names: Mapping[str, str]) -> Recipe:
        """Return the recipe with zones and hosts called otherwise, everywhere."""

        def of(value: Any) -> Any:
            if not isinstance(value, str):
                return value
            return "+".join(names.get(part, part) for part in value.split("+"))

        columns = ("origin", "place", "actor", "host")
        tables = {
            name: [
                {column: of(cell) if column in columns else cell for column, cell in row.items()}
                for row in rows
            ]
            for name, rows in self.tables.items()
        }
        question = deepcopy(self.question)
        question["territory"]["places"] = [of(place) for place in question["territory"]["places"]]
        question["group"]["remnant"] = of(question["group"].get("remnant", ""))
        return Recipe(question, tables, self.cutoff)


def _table(name: str, rows: list[Row]) -> str:
    columns = [
        column
        for column in TABLES[name].columns()
        if column in TABLES[name].required_columns()
        or column in ("low", "high")
        or any(row.get(column) not in (None, "") for row in rows)
    ]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        unknown = set(row) - set(TABLES[name].columns())
        assert not unknown, (name, unknown)
        writer.writerow(["" if row.get(column) is None else row[column] for column in columns])
    return stream.getvalue()
