"""Words that tell where members go, by cohort, and whether a sentence foresees it.

The words are in words/patterns.txt: ``cue of`` a cohort, ``strong cue of`` one, and so on.
"""

from __future__ import annotations

import re
from typing import Final

from dispersal.drafting.proposals import COHORTS
from dispersal.drafting.words import compiled, pattern

_ALONE: Final = (r"(?<![\w-])(?:", r")(?![\w])")

#: Cues of each cohort; the nearest to the place decides.
CUES: Final = {cohort: compiled(f"cue of {cohort}", *_ALONE) for cohort in COHORTS}
#: Cues that tell only that people move or stay; what stands around them tells the cohort.
NEUTRAL: Final = compiled("neutral cue", "(?:", ")")
#: Nouns that are cues only in a sentence that looks ahead before it comes to the place.
NOUNS: Final = {cohort: compiled(f"noun cue of {cohort}", *_ALONE) for cohort in COHORTS}
#: Cues that say how a place is used, whatever weak cue stands nearer.
STRONG: Final = {cohort: compiled(f"strong cue of {cohort}", *_ALONE) for cohort in COHORTS}

#: Words that make a sentence a forecast.
FORESEEN: Final = re.compile(rf"(?i)\b(?:{pattern('foreseen')})\b|['’]ll\b")
#: Past forms that tell what happened already.
HAPPENED: Final = compiled("happened")
NEGATED: Final = compiled("negated", "(?:", ")")
#: Behind a place that is the subject: “will not grant”, “is an unlikely choice”.
NEGATED_BEHIND: Final = compiled("negated behind", r"^.{0,34}(?:", ")")
#: “not only”, “not all” and “if not” deny nothing.
NOT_NEGATED: Final = compiled("not negated", "(?:", ")")
#: A judgement of what was said: “is improbable”, “we regard this as fanciful”.
IMPLAUSIBLE: Final = compiled("implausible")
BYSTANDERS: Final = compiled("bystanders who move")
HEDGED: Final = compiled("hedged")
SURE: Final = compiled("sure")
