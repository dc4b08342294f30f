"""Evidence of a case, from accepted numbers and destinations; the article is their source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dispersal.case.schema import Aggregate, Figure, Judgement, Source
from dispersal.case.vocabulary import AREA_CODES
from dispersal.drafting.dates import day_of

if TYPE_CHECKING:
    from dispersal.drafting.build_places import Ground
    from dispersal.drafting.proposals import Proposal

SOURCE: Final = "article"

_FIGURES: Final = {
    "departed": "departed",
    "returned": "returned",
    "killed": "killed",
    "remaining": "remaining",
    "detained": "detained",
}
_AGGREGATES: Final = {
    "departed": "foreign_departed_total",
    "returned": "returned_total",
    "killed": "killed_total",
    "detained": "detained_total",
    "strength": "strength",
    "remaining": "strength",
    "arrived": "arrived",
    "underground": "underground_strength",
    "demobilised": "surrendered",
}
_SHARES: Final = {"returned": "share_returned_percent", "killed": "share_killed_percent"}


def source_row(ground: Ground, published: str) -> Source:
    """Return the article as a source."""
    article = ground.proposals.article
    return Source(
        key=SOURCE,
        title=article.title or article.name,
        author_or_publisher=article.publisher or f"author of {article.name}",
        published=published,  # type: ignore[arg-type]
        url="",
    )


def figure_rows(ground: Ground, published: str) -> tuple[list[Figure], list[Aggregate]]:
    """Return the rows of figures.csv and aggregates.csv; what neither can say is remarked on."""
    figures: list[Figure] = []
    aggregates: list[Aggregate] = []
    for row in ground.proposals.accepted("number"):
        values = row.settled
        shared = _shared(row, published)
        counts, origin = str(values["counts"]), str(values["origin"])
        if not values["share"] and origin in ground.origins and counts in _FIGURES:
            figures.append(
                Figure(quantity=_FIGURES[counts], origin=ground.code_of(origin), **shared)
            )
            continue
        quantity = (_SHARES if values["share"] else _AGGREGATES).get(counts)
        if quantity is None or (values["share"] and origin):
            ground.remarks.append(
                f"{row.row} ({row.found}, {counts}) has no column in the evidence of a case: "
                "write it as another quantity by hand if it matters"
            )
            continue
        place = str(values["place"])
        known = place in ground.roles or place in ground.origins or place in AREA_CODES
        code = "" if not known else place if place in AREA_CODES else ground.code_of(place)
        aggregates.append(Aggregate(quantity=quantity, place=code, host="", **shared))
    return figures, aggregates


def _shared(row: Proposal, published: str) -> dict[str, Any]:
    values = row.settled
    scale = 100 if values["share"] else 1
    low, high = round(float(values["low"]) * scale, 4), round(float(values["high"]) * scale, 4)
    qualifier = str(values["qualifier"])
    if qualifier == "point" and low != high:
        qualifier = "range"
    as_of = day_of(str(values["as_of"]), last=True) if values["as_of"] else published
    said = f"said by {row.said_by}; " if row.said_by else ""
    origin = f"origin={values['origin']}; " if values["origin"] else ""
    return {
        "figure_id": f"draft_{row.row.replace('-', '_')}",
        "low": None if qualifier == "at_most" else low,
        "high": None if qualifier == "at_least" else high,
        "qualifier": qualifier,
        "as_of": min(as_of, published),
        "published": published,
        "source": SOURCE,
        "note": f"{origin}{said}{' '.join(row.sentence.split())}",
    }


def judgement_rows(ground: Ground, published: str) -> list[Judgement]:
    """Return accepted destinations as judgements of the article: up, or none where it is denied."""
    rows: list[Judgement] = []
    for row in ground.proposals.accepted("destination"):
        values = row.settled
        name, cohort = str(values["place"]), str(values["cohort"])
        known = name in ground.roles or name in ground.origins
        area = name in AREA_CODES
        if not known and not area:
            if values["negated"]:
                ground.remarks.append(
                    f"{row.row} ({name}, denied) is not judged in experts.csv: the place is not "
                    "in the case"
                )
            continue
        code = name if area else ground.code_of(name)
        home = cohort == "returnees"
        rows.append(
            Judgement(
                judgement_id=f"draft_{row.row.replace('-', '_')}",
                expert=row.said_by or "author of the article",
                published=published,  # type: ignore[arg-type]
                quantity="returned" if home else f"drafted_{cohort}",
                origin=code if home else "",
                place="" if home else code,
                probability_words=str(values["hedge"]),
                direction="none" if values["negated"] else "up",
                source=SOURCE,
                note=" ".join(row.sentence.split()),
            )
        )
    return rows
