"""Which tags the rules of evidence/tags.csv put on a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispersal.case.schema import Aggregate, Figure, TagRule

if TYPE_CHECKING:
    from collections.abc import Iterable


def tags_of(figure: Figure | Aggregate, rules: Iterable[TagRule]) -> frozenset[str]:
    """Return the tags that the rules put on one figure.

    Parameters
    ----------
    figure : Figure or Aggregate
        A row of evidence.
    rules : iterable of TagRule
        Rows of tags.csv, from this case or another.

    Examples
    --------
    >>> figure = Figure.model_validate(dict(figure_id="f1", quantity="departed", origin="CHE",
    ...     low=70, high=70, qualifier="point", as_of="2016-04-01", published="2016-05-01",
    ...     source="fis_2016", note="All conflict areas"))
    >>> rule = TagRule(tag="all_theatres", note_contains="all conflict", origin="CHE", reason="…")
    >>> sorted(tags_of(figure, [rule]))
    ['all_theatres']
    """
    return frozenset(rule.tag for rule in rules if _applies(rule, figure))


def _applies(rule: TagRule, figure: Figure | Aggregate) -> bool:
    if rule.figure_id:
        return rule.figure_id == figure.figure_id
    origin = figure.origin if isinstance(figure, Figure) else ""
    return (
        rule.note_contains.casefold() in figure.note.casefold()
        and rule.quantity in ("", figure.quantity)
        and rule.source in ("", figure.source)
        and rule.origin in ("", origin)
    )
