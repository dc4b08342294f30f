"""Shares of fates over time, and the links of the Sankey from home region to fate to place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dispersal.forecast.tables import shares_of
from dispersal.report.flows import placed_states
from dispersal.report.names import FATES
from dispersal.report.numbers import counts, three, three_shares

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dispersal.report.people import FloatArray, People

HOME_FATES = ("home_at_large", "home_in_custody", "home_in_programme")


class Fates:
    """People in each fate, by group of origins and by region; all strata.

    Parameters
    ----------
    people : People
    """

    def __init__(self, people: People) -> None:
        self.people = people
        region = {row.origin: row.region for row in people.forecast.case.origins}
        origins = people.ensemble.origins
        #: Groups of origins, then regions by kind, each with its origins.
        self.sets: dict[tuple[str, str], list[int]] = {
            (group, ""): chosen for group, chosen in people.kinds.items()
        }
        for kind in ("foreign", "local"):
            for at in people.kinds[kind]:
                self.sets.setdefault((kind, region[origins[at]]), []).append(at)
        self.by_fate: dict[str, dict[tuple[str, str], FloatArray]] = {}
        for fate in FATES:
            counted = people.of_fates((fate,))
            self.by_fate[fate] = {
                key: counted[chosen].sum(axis=0) for key, chosen in self.sets.items()
            }

    def shares(self) -> dict[str, dict[str, Any]]:
        """Return the share of each fate of those who ever joined, by group and by region.

        A region's are those from abroad; fates in which nobody ever is are left out.
        """
        found: dict[str, dict[str, Any]] = {}
        for kind, region in self.sets:
            if region and kind != "foreign":
                continue
            parts = {fate: sets[kind, region] for fate, sets in self.by_fate.items()}
            joined = sum(parts.values(), start=np.zeros(1))
            if not joined.any():
                continue
            found[region or kind] = {
                fate: three_shares(shares_of(part, joined))
                for fate, part in parts.items()
                if part.any()
            }
        return found

    def links(self) -> list[dict[str, Any]]:
        """Return the links of the Sankey, from the instant nearest to the cut-off on."""
        links = [*self._from_regions(), *self._to_places(), *self._to_homes()]
        return [link for link in links if link]

    def _from_regions(self) -> Iterator[dict[str, Any]]:
        for fate, sets in self.by_fate.items():
            for (kind, region), drawn in sets.items():
                if region:
                    yield self._link(kind, f"region:{region}", f"fate:{fate}", drawn)

    def _to_homes(self) -> Iterator[dict[str, Any]]:
        for fate in HOME_FATES:
            for (kind, region), drawn in self.by_fate[fate].items():
                if region:
                    yield self._link(kind, f"fate:{fate}", f"home:{region}", drawn)

    def _to_places(self) -> Iterator[dict[str, Any]]:
        chosen = {kind: self.people.kinds[kind] for kind in ("foreign", "local")}
        for (fate, place), states in placed_states(self.people).items():
            there = self.people.ensemble.places[:, :, states].sum(axis=2, dtype=np.int32)
            for kind, indices in chosen.items():
                drawn = self.people.at_days(there[:, indices].sum(axis=1, dtype=np.int32))
                yield self._link(kind, f"fate:{fate}", f"place:{place}", drawn)

    def _link(self, kind: str, source: str, target: str, drawn: NDArray[Any]) -> dict[str, Any]:
        """Return a link, empty if nobody goes along it in any draw; drawn (T or A, D)."""
        ahead = drawn[-(self.people.picks.size - self.people.ahead) :]
        if not ahead.any():
            return {}
        spread = three(ahead)
        return {
            "group": kind,
            "source": source,
            "target": target,
            "mean": counts(ahead.mean(axis=-1)),
            "p10": spread["p10"],
            "p90": spread["p90"],
        }
