"""The reference class: what became of the members in past endings.

A hierarchical model of the shares of fates by mode of ending, from published figures that overlap,
repeat and disagree (docs/reference.md). It gives a prior for a new case and a baseline forecast.
"""

from __future__ import annotations

from dispersal.reference.fit import fit_reference
from dispersal.reference.history import History, read_history
from dispersal.reference.leave_out import LeaveOneOut, leave_one_out
from dispersal.reference.reference import Reference, Shares

__all__ = [
    "History",
    "LeaveOneOut",
    "Reference",
    "Shares",
    "fit_reference",
    "leave_one_out",
    "read_history",
]
