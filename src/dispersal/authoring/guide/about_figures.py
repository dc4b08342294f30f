"""Which published figures a case lacks that the fit could learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispersal.authoring.guide.finding import Finding, add_command, by_size, some, theatre, usual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispersal.case import Case

FIGURES: Final = "evidence/figures.csv"
AGGREGATES: Final = "evidence/aggregates.csv"

#: Figures of a country that tell what became of its members.
FATES: Final = ("returned", "killed", "remaining", "detained")


def contingents(case: Case, folder: str) -> Iterator[Finding]:
    """Find home countries of which no figure says how many left."""
    foreign = [row.origin for row in case.origins if row.kind == "foreign"]
    told = {row.origin for row in case.ledger.figure_rows if row.quantity == "departed"}
    silent = by_size(case, [origin for origin in foreign if origin not in told])
    if not silent:
        return
    names = {row.origin: row.name for row in case.origins}
    ranged = {row.origin for row in case.origins if row.members_low is not None}
    if ranged.issuperset(silent):
        instead = "the forecast takes the ranges members_low to members_high of origins.csv"
    else:
        instead = "the forecast takes a contingent of the region's usual size, give or take a lot"
    yield Finding(
        "contingents",
        FIGURES,
        "quantity",
        f"no figure of those who left {some([names[one] for one in silent])}",
        f"{instead}; every count of a country's members is a share of its contingent",
        add_command(folder, "departed", "--origin", silent[0]),
        silent,
    )


def strength(case: Case, folder: str) -> Iterator[Finding]:
    """Find a group whose strength or dead nobody has counted."""
    rows = case.ledger.aggregate_rows
    for quantity, what, why in (
        ("strength", "how many are in the group", "now, foreign and local"),
        ("killed_total", "how many of the group are dead", "so far, claims included"),
    ):
        if not any(row.quantity == quantity and _whole(case, row.places) for row in rows):
            yield Finding(
                "strength",
                AGGREGATES,
                "quantity",
                f"no figure of {what} ({why})",
                f"the fit compares itself with it; without it the hazard of death stays at its "
                f"prior, {usual('killed_hazard')} a month",
                add_command(folder, quantity, "--place", theatre(case)),
            )


def fates(case: Case, folder: str) -> Iterator[Finding]:
    """Find home countries of which it is told who left, and nothing of what became of them."""
    left = {row.origin for row in case.ledger.figure_rows if row.quantity == "departed"}
    told = {row.origin for row in case.ledger.figure_rows if row.quantity in FATES}
    silent = by_size(case, sorted(left - told))
    if silent:
        names = {row.origin: row.name for row in case.origins}
        yield Finding(
            "fates",
            FIGURES,
            "quantity",
            f"no figure of what became of members from {some([names[one] for one in silent])}",
            "returned, killed, remaining or detained: any of them tells a country's members from "
            "the usual ones of its region",
            add_command(folder, "returned", "--origin", silent[0]),
            silent,
        )


def ground(case: Case, folder: str) -> Iterator[Finding]:
    """Find a territory of whose loss nothing is told."""
    known = ("control_area_km2", "share_territory_lost_percent")
    if any(
        row.quantity in known and _whole(case, row.places) for row in case.ledger.aggregate_rows
    ):
        return
    yield Finding(
        "territory",
        AGGREGATES,
        "quantity",
        "no figure of how much territory is lost or held",
        "the forecast takes it that the group still holds all it ever held; the loss of ground "
        "drives death, capture and leaving",
        add_command(folder, "share_territory_lost_percent", "--place", theatre(case)),
    )


def _whole(case: Case, places: tuple[str, ...]) -> bool:
    """Whether a figure speaks of the whole home theatre, or of everyone."""
    return not places or set(places) in ({"WLD"}, set(case.territory.places))
