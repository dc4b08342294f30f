"""What carries a lever's effect: the parameters it acts through, and whether evidence informs them.

What each kind of change acts through stands in ``carriers.csv``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dispersal.case import Case
    from dispersal.case.schema import TableRow
    from dispersal.inference.posterior import Posterior

#: Contraction below which the evidence could not tell.
INFORMED: Final = 0.1


@dataclass(frozen=True)
class Carriers:
    """What a lever acts through.

    Parameters
    ----------
    mechanisms : tuple of str
        In words, one for each kind of change.
    parameters : dict of str to float
        Contraction of each parameter: near 0, the evidence could not tell; near 1, it told
        almost everything.
    """

    mechanisms: tuple[str, ...]
    parameters: Mapping[str, float]

    @property
    def informed(self) -> tuple[str, ...]:
        """Parameters of which the evidence could tell something."""
        return tuple(name for name, told in self.parameters.items() if told >= INFORMED)

    @property
    def origin(self) -> str:
        """Where the effect comes from: ``prior``, ``evidence``, or ``both``."""
        if not self.informed:
            return "prior"
        return "evidence" if len(self.informed) == len(self.parameters) else "both"

    @property
    def sentence(self) -> str:
        """Where the effect comes from, in words.

        Examples
        --------
        >>> Carriers(("a wall",), {"journey_speed": 0.0}).sentence
        'The size of the effect is not identified by the evidence: it comes from the priors of \
journey_speed.'
        """
        told = [f"{name} (contraction {self.parameters[name]:.2f})" for name in self.informed]
        rest = [name for name in self.parameters if name not in self.informed]
        if not self.parameters:
            return "The effect is what the lever itself sets."
        if not told:
            return (
                "The size of the effect is not identified by the evidence: it comes from the "
                f"priors of {_joined(rest)}."
            )
        if not rest:
            return f"The evidence informs what carries the effect: {_joined(told)}."
        return (
            f"The evidence informs a part of what carries the effect, {_joined(told)}; the rest "
            f"comes from the priors of {_joined(rest)}."
        )


def carriers_of(before: Case, after: Case, posterior: Posterior) -> Carriers:
    """Return what carries the change from one case to another.

    Parameters
    ----------
    before, after : Case
    posterior : Posterior
        Tells what the evidence informed.
    """
    known = _declared()
    targets = [target for target in dict.fromkeys(changed(before, after)) if target in known]
    names = dict.fromkeys(name for target in targets for name in known[target][0])
    names |= dict.fromkeys(
        name
        for name in after.parameters
        if before.parameters.get(name) != after.parameters[name] and name in posterior.table
    )
    told = posterior.contraction()["contraction"]
    return Carriers(
        mechanisms=tuple(dict.fromkeys(known[target][1] for target in targets)),
        parameters={name: max(float(told.get(name, 0.0)), 0.0) for name in names},
    )


def changed(before: Case, after: Case) -> Iterator[str]:
    """Yield what differs between two cases, as targets of ``carriers.csv``.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from dispersal.case import load_case
    >>> case = load_case("isis_2017")
    >>> fewer = tuple(row for row in case.policies if row.policy != "custody")
    >>> sorted(set(changed(case, replace(case, policies=fewer))))
    ['policies:custody']
    """
    pairs = _differing(before.policies, after.policies)
    yield from (f"policies:{getattr(new or old, 'policy')}" for old, new in pairs)  # noqa: B009
    for table in ("hosts", "places"):
        for old, new in _differing(getattr(before, table), getattr(after, table)):
            if old is None or new is None:
                yield f"{table}:row"
                continue
            for column, field in type(new).columns().items():
                if getattr(old, field) != getattr(new, field):
                    yield f"{table}:{column}"
    if before.end.modes != after.end.modes:
        yield "end:modes"
    if before.end.judgements != after.end.judgements:
        yield "end:judgements"


def _differing(
    before: Iterable[TableRow], after: Iterable[TableRow]
) -> list[tuple[TableRow | None, TableRow | None]]:
    """Return the rows of a table that are not the same, before and after, by their name."""
    old = {getattr(row, row.id_column): row for row in before}
    new = {getattr(row, row.id_column): row for row in after}
    names = dict.fromkeys((*old, *new))
    pairs = [(old.get(name), new.get(name)) for name in names]
    return [(row, other) for row, other in pairs if row != other]


@cache
def _declared() -> dict[str, tuple[tuple[str, ...], str]]:
    text = files("dispersal.whatif").joinpath("carriers.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["target"]: (tuple(row["parameters"].split(";")), row["mechanism"]) for row in rows}


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
