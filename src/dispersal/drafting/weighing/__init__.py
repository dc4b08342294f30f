"""Which places are destinations, and of whom: features of each mention and fitted weights."""

from __future__ import annotations

from dispersal.drafting.weighing.destinations import Destination, destinations_in

__all__ = ["Destination", "destinations_in"]
