"""Words that tell where members go, whether it is foreseen, denied, or hedged.

The words are in words/patterns.txt: ``cue of`` a cohort, ``strong cue of`` one, and so on.
"""

from __future__ import annotations

import re
from typing import Final

from dispersal.drafting.proposals import COHORTS
from dispersal.drafting.words import compiled, pattern

_ALONE: Final = (r"(?<![\w-])(?:", r")(?![\w])")

#: Cues of each cohort, by which it is told what a number counts; the nearest decides.
CUES: Final = {cohort: compiled(f"cue of {cohort}", *_ALONE) for cohort in COHORTS}
#: Cues that say it whatever weak cue stands nearer.
STRONG: Final = {cohort: compiled(f"strong cue of {cohort}", *_ALONE) for cohort in COHORTS}

#: Words that make a sentence a forecast.
FORESEEN: Final = re.compile(rf"(?i)\b(?:{pattern('foreseen')})\b|['’]ll\b")
NEGATED: Final = compiled("negated", "(?:", ")")
#: Behind a place that is the subject: “will not grant”, “is an unlikely choice”.
NEGATED_BEHIND: Final = compiled("negated behind", r"^.{0,34}(?:", ")")
#: “not only”, “not all” and “if not” deny nothing.
NOT_NEGATED: Final = compiled("not negated", "(?:", ")")
HEDGED: Final = compiled("hedged")
SURE: Final = compiled("sure")
