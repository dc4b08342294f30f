"""Flee's simsetting.yml: the parameters of its rules, and what of it is not carried out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import yaml

from dispersal.displacement.reading import Row

if TYPE_CHECKING:
    from dispersal.displacement.reading import Reading

SETTINGS = "simsetting.yml"


@dataclass(frozen=True, slots=True)
class Settings:
    """Parameters of Flee's rules, by the names of Flee's file; defaults are those of Flee 3.1.

    Parameters
    ----------
    max_move_speed, max_walk_speed : float
        Kilometres a day.
    foreign_weight, camp_weight, conflict_weight : float
        Factors of the score of a place abroad, of a camp, of a place in conflict.
    conflict_movechance, camp_movechance, idpcamp_movechance, default_movechance : float
        Chance to leave on a day.
    awareness_level : int
        How many roads ahead people look.
    capacity_buffer : float
        Share of the capacity from which on a place turns people away.
    capacity_scaling : float
        Factor of all capacities.
    softening, weight_softening, distance_power, weight_power : float
        Of the weight of a route: kilometres added, score added, powers.
    start_on_foot : bool
        Whether the first road is walked.
    take_from_population : bool
        Whether those who flee lower the population of their place.
    insert_day0 : bool
        Whether camps are filled from the data on day 0; if not, these people flee on day 0.
    sum_from_camps : bool
        Whether arrivals are the change of the sum over camps, or of the total.
    conflict_spawn_decay : tuple of float
        Factors of a conflict's weight by its age, one each ``conflict_spawn_decay_interval`` days.
    """

    max_move_speed: float = 360.0
    max_walk_speed: float = 35.0
    foreign_weight: float = 1.0
    camp_weight: float = 1.0
    conflict_weight: float = 0.316227766017
    conflict_movechance: float = 1.0
    camp_movechance: float = 0.001
    idpcamp_movechance: float = 0.1
    default_movechance: float = 0.3
    awareness_level: int = 1
    capacity_buffer: float = 0.9
    capacity_scaling: float = 1.0
    softening: float = 10.0
    weight_softening: float = 0.0
    distance_power: float = 1.0
    weight_power: float = 1.0
    start_on_foot: bool = False
    take_from_population: bool = False
    insert_day0: bool = True
    sum_from_camps: bool = True
    conflict_spawn_decay: tuple[float, ...] = (1.0,)
    conflict_spawn_decay_interval: float = 30.0


#: Sections of the file, and which settings stand in each.
SPAWN = (
    "take_from_population", "insert_day0", "sum_from_camps", "conflict_spawn_decay",
    "conflict_spawn_decay_interval",
)  # fmt: skip
MOVE = tuple(f.name for f in fields(Settings) if f.name not in SPAWN)

#: Keys of Flee that change nothing in expected counts.
WITHOUT_EFFECT = {"max_crossing_speed", "movechance_pop_base"}

#: Rules that are not carried out, and the value under which that makes no difference.
NOT_CARRIED: dict[str, Any] = {
    "avoid_short_stints": False,
    "stay_close_to_home": False,
    "use_pop_for_loc_weight": False,
    "movechance_pop_scale_factor": 0.0,
    "children_avoid_hazards": False,
    "boys_take_risk": False,
    "empty_camps_on_day0": False,
    "camps_are_sinks": False,
}

#: Rules without which nothing right could be said of who flees.
REFUSED: dict[str, Any] = {
    "use_v1_rules": False,
    "conflict_driven_spawning": None,
    "flood_driven_spawning": None,
    "flood_zone_spawning_only": False,
    "conflict_zone_spawning_only": True,
    "read_from_agents_csv_file": False,
}


def read_settings(reading: Reading, name: str = SETTINGS) -> Settings:
    """Read a settings file; without one Flee's defaults hold, and a note says so."""
    whole = Row(name, None, ())
    path = reading.folder / name
    if not path.is_file():
        reading.note("missing_file", whole, None, name, "a file: the defaults of Flee hold")
        return Settings()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError):
        reading.fault("not_yaml", whole, None, "something else", "YAML")
        return Settings()
    if not isinstance(content, dict):
        reading.fault("not_a_mapping", whole, None, str(content), "sections of rules")
        return Settings()
    sections = ("log_levels", "spawn_rules", "move_rules", "optimisations")
    chosen: dict[str, Any] = {}
    for section, values in content.items():
        if section not in sections:
            expected = f"one of {', '.join(sections)}: it changes nothing"
            reading.note("unknown_key", whole, str(section), str(values), expected, sections)
        elif section in ("spawn_rules", "move_rules") and values is not None:
            if isinstance(values, dict):
                chosen |= _section(reading, whole, section, values)
            else:
                reading.fault("not_a_mapping", whole, section, str(values), "names and values")
    if len(reading.faults):
        return Settings()
    return Settings(**chosen)


def _section(reading: Reading, whole: Row, section: str, values: dict[Any, Any]) -> dict[str, Any]:
    mine = SPAWN if section == "spawn_rules" else MOVE
    found: dict[str, Any] = {}
    for key, value in values.items():
        column = f"{section}.{key}"
        if key in mine:
            read = _value(reading, whole, key, column, value)
            if read is not None:
                found[key] = read
        elif key in REFUSED:
            if value != REFUSED[key]:
                expected = f"{REFUSED[key]}: who flees is read from the data here"
                reading.fault("rule_refused", whole, column, str(value), expected)
        elif key in NOT_CARRIED:
            if value != NOT_CARRIED[key]:
                expected = f"{NOT_CARRIED[key]}: this rule is not carried out"
                reading.note("rule_not_carried", whole, column, str(value), expected)
        elif key not in WITHOUT_EFFECT:
            valid = (*mine, *NOT_CARRIED, *REFUSED)
            expected = f"a key of {section}: it changes nothing"
            reading.note("unknown_key", whole, column, str(key), expected, valid)
    return found


def _value(reading: Reading, whole: Row, key: str, column: str, value: object) -> Any:
    default = getattr(Settings(), key)
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        reading.fault("not_a_truth", whole, column, str(value), "true or false, without quotes")
    elif isinstance(default, tuple):
        if value is None:
            return (1.0,)
        numbers = list(value.values()) if isinstance(value, dict) else value
        if isinstance(numbers, list) and numbers and all(map(_is_number, numbers)):
            return tuple(float(number) for number in numbers)
        reading.fault("not_numbers", whole, column, str(value), "a list of numbers, 0 or more")
    elif not _is_number(value):
        reading.fault("not_a_number", whole, column, str(value), "a number, 0 or more")
    elif key == "awareness_level":
        if int(str(value)) >= 1:
            return int(str(value))
        reading.fault("too_low", whole, column, str(value), "1, 2 or 3")
    elif key.endswith("movechance") and float(str(value)) > 1:
        reading.fault("no_chance", whole, column, str(value), "between 0 and 1")
    elif key in ("max_move_speed", "max_walk_speed", "conflict_spawn_decay_interval") and not value:
        reading.fault("zero", whole, column, str(value), "above 0")
    else:
        return float(str(value))
    return None


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < float("inf")
