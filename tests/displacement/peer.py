"""A conflict of the project's own that Flee itself was run on, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.displacement.folders import simple_folder

if TYPE_CHECKING:
    from pathlib import Path

DAYS = 24

PLACES = [
    "Zone conflict 1000", "Second town 500", "Town town", "Hub forwarding_hub 0 Abroad",
    "Pass marker 0 Abroad", "Camp camp {capacity} Abroad", "Other camp 0 Abroad", "Idp idpcamp",
]  # fmt: skip

ROUTES = [
    "Zone Second 50 200", "Zone Town 120 200", "Second Hub 210 200", "Town Hub 90 200",
    "Hub Camp 60 200", "Hub Pass 150 200", "Pass Other 80 200", "Town Idp 400 200",
    "Second Idp 199 200",
]  # fmt: skip

#: Capacity of the camp and settings of each variant.
VARIANTS: dict[str, tuple[int, dict[str, Any]]] = {
    "one_road_ahead": (0, {"awareness_level": 1}),
    "two_roads_ahead": (0, {"awareness_level": 2}),
    "three_roads_ahead_on_foot": (0, {"awareness_level": 3, "start_on_foot": True}),
    "crowded": (600, {"awareness_level": 2, "capacity_buffer": 0.5}),
}

SHARED: dict[str, Any] = {
    "conflict_spawn_decay": [1.0, 0.5],
    "camp_weight": 3.0,
    "foreign_weight": 1.5,
    "camp_movechance": 0.05,
}


def peer_folder(folder: Path, variant: str) -> Path:
    """Write a variant: counts rise for 18 days and fall for six, borders and a camp close."""
    capacity, settings = VARIANTS[variant]
    rising = [40 + 60 * day for day in range(18)]
    return simple_folder(
        folder,
        places=[place.format(capacity=capacity) for place in PLACES],
        routes=ROUTES,
        arrivals=[*rising, *(rising[-1] - 20 * (day - 17) for day in range(18, DAYS))],
        conflicts={
            "Zone": [1.0] * 14 + [0.0] * 10,
            "Second": [0.0] * 5 + [0.5] * 5 + [1.0] * 14,
        },
        closures=("country,Home,Abroad,6,9", "camp,Other,,3,8"),
        settings={**SHARED, **settings},
    )
