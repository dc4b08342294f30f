"""Published judgements: read as claims, pooled, compared with the forecast, scored afterwards."""

from dispersal.whatif.experts.inform import with_expert_end
from dispersal.whatif.experts.result import Experts, experts, experts_of

__all__ = ["Experts", "experts", "experts_of", "with_expert_end"]
