"""Names of countries, peoples, regions and towns, and what each can mean."""

from __future__ import annotations

from dispersal.drafting.gazetteer.ambiguous import Ambiguity, ambiguities
from dispersal.drafting.gazetteer.entries import Entry, everyday_words, longest_match, towns_named
from dispersal.drafting.gazetteer.groups import OrganisationWords, organisation_words

__all__ = [
    "Ambiguity",
    "Entry",
    "OrganisationWords",
    "ambiguities",
    "everyday_words",
    "longest_match",
    "organisation_words",
    "towns_named",
]
