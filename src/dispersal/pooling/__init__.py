"""Learning from several cases at once: what outcomes say of the parameters that no fit can see.

Parameters of stage ``forward`` keep their prior in the fit of a case, since nothing published
before the end speaks of them. What became of the members of other groups does. Each case is
forecast as on the day of its question and compared with what was published afterwards; deviations
from the priors are partly shared, over all cases and over those of one mode of ending
(docs/pooling.md).
"""

from __future__ import annotations

from dispersal.pooling.leave_out import LeaveOneCaseOut, leave_one_case_out
from dispersal.pooling.pool import Learnt, Pool
from dispersal.pooling.priors import with_learnt_priors
from dispersal.pooling.store import load_pool, save_pool
from dispersal.pooling.study import Study, fit_cases, study_of

__all__ = [
    "Learnt",
    "LeaveOneCaseOut",
    "Pool",
    "Study",
    "fit_cases",
    "leave_one_case_out",
    "load_pool",
    "save_pool",
    "study_of",
    "with_learnt_priors",
]
