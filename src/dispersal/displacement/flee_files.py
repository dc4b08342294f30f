"""A conflict as Flee's input folder describes it: read unchanged, checked, typed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dispersal.displacement.events import (
    NO_CONFLICT,
    Closure,
    SecondName,
    read_closures,
    read_conflicts,
)
from dispersal.displacement.figures import Figures, read_figures
from dispersal.displacement.places import Location, Route, read_locations, read_routes
from dispersal.displacement.reading import Reading, Row
from dispersal.displacement.settings import SETTINGS, Settings, read_settings
from dispersal.errors import CaseError, Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Files of input_csv that are read; others are named in a note.
KNOWN = {
    "locations.csv", "routes.csv", "conflicts.csv", "closures.csv", "sim_period.csv",
    "conflict_period.csv", "registration_corrections.csv",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class FleeFolder:
    """Everything in a folder of Flee that its rules use.

    Parameters
    ----------
    name : str
        Name of the folder.
    locations : tuple of Location
        In the order of the file; the first one's country is home.
    routes : tuple of Route
        Roads, open both ways.
    intensities : ndarray, shape (days, locations)
        Of conflict, by day; missing (NaN) where conflicts.csv has no column.
    closures : tuple of Closure
        What is closed and when.
    figures : Figures
        Period and validation data.
    settings : Settings
        Parameters of the rules.
    notes : tuple of Fault
        What is read otherwise than its author may have meant, or not at all.
    content_hash : str
        SHA-256 of the tables and settings, by name; line ends do not count.
    second_name : {"link", "ignored"}
        How closures of a location that name a second one were read.
    """

    name: str
    locations: tuple[Location, ...]
    routes: tuple[Route, ...]
    intensities: NDArray[np.float64]
    closures: tuple[Closure, ...]
    figures: Figures
    settings: Settings
    notes: tuple[Fault, ...]
    content_hash: str
    second_name: SecondName

    @property
    def camps(self) -> tuple[str, ...]:
        """Names of the locations that are compared with data: camps at the start."""
        return tuple(
            location.name
            for location in self.locations
            if location.kind in ("camp", "idp_camp") or self._quiet(location)
        )

    @property
    def counted(self) -> NDArray[np.float64]:
        """People in each camp on each day, as Flee interpolates them, shape (days, camps)."""
        days = np.arange(self.figures.days)
        counts = [self.figures.series[camp].on(days) for camp in self.camps]
        return np.stack(counts, axis=1).astype(np.float64)

    def _quiet(self, location: Location) -> bool:
        return location.kind == "town" and self.settings.default_movechance < QUIET


#: A place that people leave with a smaller chance than this on a day counts as a camp.
QUIET = 0.005


def read_flee(
    folder: Path | str, *, settings: str = SETTINGS, second_name: SecondName = "link"
) -> FleeFolder:
    """Read a conflict from Flee's input folder.

    Parameters
    ----------
    folder : path
        With ``input_csv/``, ``source_data/`` and the settings.
    settings : str
        Name of the settings file within the folder.
    second_name : {"link", "ignored"}
        A closure of a location that names a second one is read as the link between the two, or,
        as Flee itself does, as all roads of the first.

    Raises
    ------
    InputError
        If there is no such folder.
    CaseError
        With everything that cannot be read: file, row, column, found, expected, nearest name.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(f"no folder {path}: expected one with input_csv and source_data")
    reading = Reading(path)
    locations = read_locations(reading)
    names = frozenset(location.name for location in locations)
    routes = read_routes(reading, names)
    figures = read_figures(reading)
    intensities = read_conflicts(reading, locations, figures.days)
    closures = read_closures(reading, locations, second_name)
    chosen = read_settings(reading, settings)
    found = FleeFolder(
        path.resolve().name, locations, routes, intensities, closures, figures, chosen, (),
        _hash_of(path, settings), second_name,
    )  # fmt: skip
    _check_camps(reading, found)
    _note_home(reading, locations, intensities)
    for extra in sorted((path / "input_csv").glob("*.csv")):
        if extra.name not in KNOWN:
            row = Row(f"input_csv/{extra.name}", None, ())
            reading.note("unread_file", row, None, extra.name, f"one of {', '.join(sorted(KNOWN))}")
    if reading.faults:
        raise CaseError(found.name, reading.faults)
    return replace(found, notes=tuple(reading.notes))


def _note_home(
    reading: Reading, locations: tuple[Location, ...], intensities: NDArray[np.float64]
) -> None:
    """Note that the first location's country is home, where no conflict is in it."""
    fights = (np.nan_to_num(intensities) > NO_CONFLICT).any(axis=0)
    fights |= np.array([place.kind == "conflict" for place in locations], dtype=bool)
    if fights.any() and all(
        place.foreign for place, fight in zip(locations, fights, strict=True) if fight
    ):
        row = Row("input_csv/locations.csv", None, ())
        expected = "a location of the country in conflict in the first row: that country is home"
        reading.note("home_elsewhere", row, "country", locations[0].country, expected)


def _hash_of(path: Path, settings: str) -> str:
    """Return the hash of the files that can be read, with their names."""
    tables = [*(path / "input_csv").glob("*.csv"), *(path / "source_data").glob("*.csv")]
    digest = hashlib.sha256()
    for file in sorted({*tables, path / settings}):
        if file.is_file():
            content = file.read_bytes().replace(b"\r\n", b"\n")
            name = file.relative_to(path).as_posix().encode()
            digest.update(b"%d %s %d " % (len(name), name, len(content)) + content)
    return digest.hexdigest()


def _check_camps(reading: Reading, found: FleeFolder) -> None:
    """Every camp needs data; data of what is no camp are noted."""
    series = list(found.figures.series)
    layout = Row("source_data/data_layout.csv", None, ())
    camps = set(found.camps)
    if found.locations and not camps:
        row = Row("input_csv/locations.csv", None, ())
        reading.fault("no_camp", row, None, "no camp", "at least one camp to compare with data")
    for camp in found.camps:
        if camp not in series[1:] and series:
            reading.fault(
                "no_data", layout, None, camp, "a row for every camp of locations.csv", series[1:]
            )
    for name in series[1:]:
        if name not in camps:
            expected = "a camp of locations.csv: its data only feed the number who flee"
            reading.note("not_a_camp", layout, None, name, expected, camps)
