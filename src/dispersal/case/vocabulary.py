"""The names that a case may use, each declared once."""

from __future__ import annotations

from typing import Final

FIGURE_QUANTITIES: Final = (
    "departed",
    "returned",
    "killed",
    "remaining",
    "repatriated",
    "detained",
    "women_departed",
    "minors_departed",
    "women_returned",
    "minors_returned",
)

AGGREGATE_QUANTITIES: Final = (
    "arrived",
    "camp_population",
    "citizenship_revoked",
    "control_area_km2",
    "demobilised_total",
    "deported_by_transit_state",
    "detained_total",
    "entry_ban_by_transit_state",
    "foreign_alive",
    "foreign_arrivals_per_month",
    "foreign_departed_total",
    "foreign_detained",
    "foreign_identified",
    "foreign_killed",
    "foreign_remaining",
    "foreign_sentenced",
    "foreign_share_theatre_percent",
    "in_programme",
    "killed_after_demobilisation",
    "killed_total",
    "lost_area_km2",
    "members_present",
    "negotiated_exit",
    "newcomers_at_host",
    "released_total",
    "returned_total",
    "share_killed_percent",
    "share_reached_theatre_percent",
    "share_returned_percent",
    "share_territory_lost_percent",
    "strength",
    "surrendered",
    "theatre_foreign",
    "theatre_growth_factor",
    "theatre_killed",
    "theatre_strength",
    "transferred_to_home",
    "underground_strength",
)

QUALIFIERS: Final = ("point", "about", "range", "at_least", "at_most")

TAGS: Final = (
    "unofficial",
    "all_theatres",
    "would_be",
    "present",
    "affiliates",
    "fighters",
    "partial",
    "identified",
    "wider_group",
    "redefined",
    "misprint",
    "doubtful",
    "overlap",
)

REGIONS: Final = (
    "north_africa",
    "middle_east",
    "europe_west",
    "europe_south_east",
    "former_soviet_union",
    "asia_south",
    "asia_south_east",
    "asia_east",
    "africa_sub_saharan",
    "north_america",
    "oceania",
    "latin_america",
)

POLICIES: Final = ("entry_ban", "custody", "programme", "repatriation", "border_control")
END_MODES: Final = ("military_defeat", "negotiated", "withdrawal", "fragmentation")
STRATA: Final = ("men", "women", "minors")
ROLES: Final = ("home_theatre", "sanctuary", "theatre", "third_country", "transit", "custody")
HOST_KINDS: Final = ("remnant", "affiliate", "local", "rival")
ORIGIN_KINDS: Final = ("foreign", "local")
STEPS: Final = ("month", "week")
DIRECTIONS: Final = ("up", "down", "none", "ranking")

# Areas larger than a country that a published figure may speak of. North America has no code
# here: NAM is Namibia in ISO 3166-1.
AREA_CODES: Final = {
    "WLD": "the world",
    "EUR": "Europe",
    "AFR": "Africa",
    "ASI": "Asia",
    "CAS": "Central Asia",
    "CIS": "the Commonwealth of Independent States",
    "NAF": "North Africa",
    "SAH": "the Sahel",
    "SEA": "South-East Asia",
    "WAF": "West Africa",
    "WBA": "the western Balkans",
    "WST": "the West",
}

SCHEMA_VERSION: Final = 1
