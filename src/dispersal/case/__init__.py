"""Read, check and query a case folder and its ledger of published figures."""

from __future__ import annotations

from dispersal.case.bare import read_figures
from dispersal.case.checks import CheckReport, check_case
from dispersal.case.ledger import Ledger
from dispersal.case.levers import Lever
from dispersal.case.locate import builtin_cases
from dispersal.case.patch import Patched, apply_lever, apply_levers
from dispersal.case.patch_changes import Change
from dispersal.case.policies import policy_in_force
from dispersal.case.read import Case, load_case
from dispersal.case.write import write_case

__all__ = [
    "Case",
    "Change",
    "CheckReport",
    "Ledger",
    "Lever",
    "Patched",
    "apply_lever",
    "apply_levers",
    "builtin_cases",
    "check_case",
    "load_case",
    "policy_in_force",
    "read_figures",
    "write_case",
]
