"""Which places may fill within a day, and which travellers that can matter to."""

from __future__ import annotations

from typing import Any

from dispersal.population.compiled import compiled


@compiled
def may_fill(
    here: Any, stays: Any, capacities: Any, stands: Any, buffer: float, weights: Any, filling: Any
) -> tuple[bool, bool]:
    """Mark the places that could become fuller than they like, if all who arrive went there.

    Returns whether there are any, and whether they are others than were marked.
    """
    first_stand, of_node = stands.first, stands.of_node
    welcome = weights.welcome
    arriving = here.sum()
    some = other = False
    for node in weights.limited:
        fills = False
        if welcome[node] != 0.0:
            present = arriving
            for at in range(first_stand[node], first_stand[node + 1]):
                present += stays[of_node[at]]
            fills = present > buffer * capacities[node]
        some = some or fills
        other = other or fills != filling[node]
        filling[node] = fills
    return some, other


@compiled
def mark_delicate(filling: Any, stands: Any, routes: Any, journeys: Any, delicate: Any) -> None:
    """Mark stands that have to do with places that may fill within the day.

    At these, the chances of people can change, or people fill the place, or they can come to such a
    stand before the day is over. All other travellers can be taken at once: it is the same.
    """
    node_of, following_of, end_of = stands.node, stands.following, stands.end
    first_route, end, journey_of = routes.first, routes.end, routes.journey
    nights, to_stand = journeys.nights, journeys.stand
    for stand in range(len(node_of)):
        node, following = node_of[stand], following_of[stand]
        marked = filling[node]
        if following == -1:
            for r in range(first_route[node], first_route[node + 1]):
                marked = marked or filling[end[r]]
        elif following >= 0:
            marked = marked or filling[end_of[stand]]
        delicate[stand] = marked
    again = True
    while again:
        again = False
        for stand in range(len(node_of)):
            node, following = node_of[stand], following_of[stand]
            if delicate[stand] or following == -2:
                continue
            if following >= 0:
                marked = nights[following] == 0 and delicate[to_stand[following]]
            else:
                marked = False
                for r in range(first_route[node], first_route[node + 1]):
                    j = journey_of[r]
                    marked = marked or (nights[j] == 0 and delicate[to_stand[j]])
            if marked:
                delicate[stand] = again = True
