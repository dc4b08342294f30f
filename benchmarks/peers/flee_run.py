"""One run of Flee on a folder: CPU seconds and people at every location and day, as JSON.

    flee_run.py FOLDER SEED PEOPLE_PER_AGENT

With the settings in the folder's ``simsetting.yml``, and arrivals from the sum over camps, as in
the scripts that come with Flee. Counts are multiplied by the people an agent stands for.
"""

import contextlib
import json
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from flee import InputGeography, flee, spawning  # type: ignore[import-not-found]
from flee.datamanager import handle_refugee_data, read_period  # type: ignore[import-not-found]
from flee.SimulationSettings import SimulationSettings  # type: ignore[import-not-found]


def build(folder: Path, people: int) -> tuple[Any, ...]:
    """Return the days, and Flee's system, geography, locations and data."""
    files = str(folder / "input_csv" / "{}.csv").format
    start, days = read_period.read_conflict_period(files("sim_period"))
    SimulationSettings.ReadFromYML(str(folder / "simsetting.yml"))
    SimulationSettings.ConflictInputFile = files("conflicts")
    SimulationSettings.log_levels = dict.fromkeys(SimulationSettings.log_levels, 0)
    SimulationSettings.optimisations["PopulationScaleDownFactor"] = people
    geography = InputGeography.InputGeography()
    geography.ReadConflictInputCSV(SimulationSettings.ConflictInputFile)
    geography.ReadLocationsFromCSV(files("locations"))
    geography.ReadLinksFromCSV(files("routes"))
    geography.ReadClosuresFromCSV(files("closures"))
    system, locations = geography.StoreInputGeographyInEcosystem(flee.Ecosystem())
    data = handle_refugee_data.RefugeeTable(
        csvformat="generic",
        data_directory=str(folder / "source_data"),
        start_date=start,
        data_layout="data_layout.csv",
        population_scaledown_factor=people,
    )
    data.ReadL1Corrections(files("registration_corrections"))
    return days, system, geography, locations, data


def main(folder: Path, seed: int, people: int) -> dict[str, object]:
    """Run Flee once; only its days are timed, not its reading."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - what Flee draws from
    days, system, geography, locations, data = build(folder, people)
    for camp in system.get_camp_names():
        spawning.add_initial_refugees(system, data, locations[camp])
    counts = []
    begun = time.process_time()
    for day in range(days):
        geography.AddNewConflictZones(system, day)
        spawning.spawn_daily_displaced(system, day, data, SumFromCamps=True)
        spawning.refresh_spawn_weights(system)
        system.enact_border_closures(day)
        system.evolve()
        counts.append([location.numAgents * people for location in system.locations])
    return {
        "cpu_seconds": time.process_time() - begun,
        "agents": len(system.agents),
        "names": list(system.locationNames),
        "at_places": counts,
    }


if __name__ == "__main__":
    # Flee prints much, in places; only the result may be printed last.
    with Path(os.devnull).open("w") as nothing, contextlib.redirect_stdout(nothing):
        found = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps(found))
