"""What can happen: groups, states, and the flows allowed between states."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dispersal.errors import InputError, nearest_name

if TYPE_CHECKING:
    from collections.abc import Sequence

IntArray: TypeAlias = NDArray[np.int64]


class ProcessError(InputError):
    """A process, its flows or what is asked of it are wrong."""


@dataclass(frozen=True, eq=False)
class Process:
    """Groups × states, and the flows (source state → target state) that are open to every group.

    Parameters
    ----------
    groups, states : tuple of str
        Unique names; G groups and S states.
    sources, targets : int array, shape (F,)
        State indices of each flow, sorted by source; no flow from a state to itself, none twice.
    step : float
        Length Δt of a step, in the unit of time whose inverse is the hazards' unit.
    flow_class : int array, shape (F,), optional
        Column of ``Hazards.by_step_group`` that each flow takes, 0 to C − 1; default all 0.
    classes : tuple of str, optional
        Names of the C classes; default ``class 0``, ``class 1``, …

    Raises
    ------
    ProcessError
        If names repeat, shapes differ, an index is out of range, flows are not sorted by
        source, a flow is given twice or leads to its own source, or the step is not positive.

    Notes
    -----
    Two processes are equal only if they are the same object, so that one can serve as a static
    argument of a compiled function.

    Examples
    --------
    >>> process = Process(("all",), ("in", "out"), np.array([0]), np.array([1]), step=1.0)
    >>> process.flow_name(0)
    'in → out'
    """

    groups: tuple[str, ...]
    states: tuple[str, ...]
    sources: IntArray
    targets: IntArray
    step: float
    flow_class: IntArray = field(default=None)  # type: ignore[arg-type]
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "groups", _names(self.groups, "group"))
        put(self, "states", _names(self.states, "state"))
        put(self, "sources", _indices(self.sources, "sources"))
        put(self, "targets", _indices(self.targets, "targets"))
        flow_class = np.zeros(self.n_flows) if self.flow_class is None else self.flow_class
        put(self, "flow_class", _indices(flow_class, "flow_class"))
        if not self.classes:
            count = int(self.flow_class.max(initial=0)) + 1
            put(self, "classes", tuple(f"class {index}" for index in range(count)))
        put(self, "classes", _names(self.classes, "class"))
        put(self, "step", float(self.step))
        self._check()

    @classmethod
    def from_names(
        cls,
        groups: Sequence[str],
        states: Sequence[str],
        flows: Sequence[tuple[str, str] | tuple[str, str, str]],
        step: float,
        classes: Sequence[str] | None = None,
    ) -> tuple[Process, IntArray]:
        """Build a process from names, sorting its flows by source, then target.

        Parameters
        ----------
        groups, states : sequence of str
            Unique names.
        flows : sequence of (source, target) or (source, target, class)
            In any order; a flow without a class is of the class ``all``.
        step : float
            Length of a step.
        classes : sequence of str, optional
            Names of the classes in the order of ``by_step_group``'s columns; default: in the
            order in which ``flows`` mentions them.

        Returns
        -------
        process : Process
        order : int array, shape (F,)
            Position in ``flows`` of each of the process's flows: ``values[order]`` puts values
            listed like ``flows`` into the process's order.

        Raises
        ------
        ProcessError
            As the class does, and if a flow names an unknown state or class.

        Examples
        --------
        >>> process, order = Process.from_names(
        ...     ["all"], ["a", "b"], [("b", "a", "back"), ("a", "b", "out")], step=1.0
        ... )
        >>> process.flow_name(0), order.tolist(), process.classes, process.flow_class.tolist()
        ('a → b', [1, 0], ('back', 'out'), [1, 0])
        """
        named = [(flow[0], flow[1], flow[2] if len(flow) == 3 else "all") for flow in flows]
        if classes is None:
            classes = list(dict.fromkeys(name for _, _, name in named))
        state_at = {name: index for index, name in enumerate(states)}
        class_at = {name: index for index, name in enumerate(classes)}
        rows = [
            (
                _lookup(source, state_at, position, "source state"),
                _lookup(target, state_at, position, "target state"),
                _lookup(name, class_at, position, "class"),
            )
            for position, (source, target, name) in enumerate(named)
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        order = np.lexsort((table[:, 1], table[:, 0])).astype(np.int64)
        table = table[order]
        process = cls(
            tuple(groups),
            tuple(states),
            table[:, 0],
            table[:, 1],
            step,
            table[:, 2],
            tuple(classes),
        )
        return process, order

    @property
    def n_groups(self) -> int:
        """Number of groups, G."""
        return len(self.groups)

    @property
    def n_states(self) -> int:
        """Number of states, S."""
        return len(self.states)

    @property
    def n_flows(self) -> int:
        """Number of flows, F."""
        return len(self.sources)

    @property
    def n_classes(self) -> int:
        """Number of classes of flows, C."""
        return len(self.classes)

    @cached_property
    def busy_sources(self) -> IntArray:
        """States with at least one flow out of them, ascending, shape (M,)."""
        return np.unique(self.sources)

    @cached_property
    def first_flow(self) -> IntArray:
        """Index of each busy source's first flow, then F: shape (M + 1,)."""
        starts = np.searchsorted(self.sources, self.busy_sources)
        return np.append(starts, self.n_flows).astype(np.int64)

    def flow_name(self, flow: int) -> str:
        """Return a flow's name, for messages and tables."""
        return f"{self.states[self.sources[flow]]} → {self.states[self.targets[flow]]}"

    def check_counters(self, counters: Any) -> IntArray:
        """Return the counter of each flow as an array, or raise ProcessError.

        Parameters
        ----------
        counters : array-like of int, shape (F,)
            Counter that each flow adds to, −1 for none.
        """
        array = _indices(counters, "counters")
        if array.shape != (self.n_flows,):
            raise ProcessError(
                f"counters has shape {array.shape}, expected one entry a flow, ({self.n_flows},)"
            )
        if self.n_flows and array.min() < -1:
            raise ProcessError(f"counters holds {array.min()}, expected −1 (none) or more")
        return array

    def _check(self) -> None:
        flows, states = self.n_flows, self.n_states
        for name in ("targets", "flow_class"):
            if getattr(self, name).shape != (flows,):
                shape = getattr(self, name).shape
                raise ProcessError(
                    f"{name} has shape {shape}, expected that of sources, ({flows},)"
                )
        for name, array, count in (
            ("sources", self.sources, states),
            ("targets", self.targets, states),
            ("flow_class", self.flow_class, self.n_classes),
        ):
            wrong = np.flatnonzero((array < 0) | (array >= count))
            if wrong.size:
                at = int(wrong[0])
                raise ProcessError(f"{name}[{at}] is {array[at]}, expected 0 to {count - 1}")
        unsorted = np.flatnonzero(np.diff(self.sources) < 0)
        if unsorted.size:
            at = int(unsorted[0])
            raise ProcessError(
                f"flows are not sorted by source: flow {at + 1} ({self.flow_name(at + 1)}) "
                f"comes after flow {at} ({self.flow_name(at)}); Process.from_names sorts them"
            )
        own = np.flatnonzero(self.sources == self.targets)
        if own.size:
            at = int(own[0])
            raise ProcessError(f"flow {at} ({self.flow_name(at)}) leads back to its own source")
        pairs, first = np.unique(self.sources * states + self.targets, return_index=True)
        if pairs.size < flows:
            at = int(np.setdiff1d(np.arange(flows), first)[0])
            raise ProcessError(f"flow {at} ({self.flow_name(at)}) is given twice")
        if not (np.isfinite(self.step) and self.step > 0):
            raise ProcessError(f"step is {self.step}, expected a positive length of time")


def _names(names: Sequence[str], kind: str) -> tuple[str, ...]:
    names = tuple(names)
    if not names:
        raise ProcessError(f"a process needs at least one {kind}")
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ProcessError(f"{kind} {repeated[0]!r} is given twice")
    return names


def _indices(values: Any, name: str) -> IntArray:
    array = np.asarray(values)
    if array.size and not np.array_equal(array, np.trunc(array)):
        raise ProcessError(f"{name} holds {array.dtype} values that are not whole numbers")
    if array.ndim != 1:
        raise ProcessError(f"{name} has shape {array.shape}, expected one dimension")
    array = np.array(array, dtype=np.int64)
    array.flags.writeable = False
    return array


def _lookup(name: str, at: dict[str, int], position: int, kind: str) -> int:
    if name not in at:
        nearest = nearest_name(name, at)
        hint = f"; did you mean {nearest!r}?" if nearest else ""
        raise ProcessError(f"flow {position} names an unknown {kind} {name!r}{hint}")
    return at[name]
