"""The cue that governs a group of places: a verb in front of it, or what is said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispersal.drafting.destination_cues import BYSTANDERS, CUES, FORESEEN, NEUTRAL, NOUNS, STRONG
from dispersal.drafting.proposals import COHORTS
from dispersal.drafting.words import compiled, words

if TYPE_CHECKING:
    from dispersal.drafting.clauses import PlaceGroup
    from dispersal.drafting.mentions import Mention

#: A preposition or a colon in front of the group, with at most a few words between.
_TO_PLACE: Final = re.compile(
    r"(?is).*(?:\b(?P<word>to|into|in|for|towards?|across|onto?|along|of|near|around|at|inside|within|over|"
    r"beyond|through|throughout|between|among|like|as|is|are|be|include|includes|including|via|reach|"
    r"reaching|from|with|mean|means|than|not|against|by|under|on|choose|chooses|leave|leaves|up|down|"
    r"notably|namely|especially|particularly|seek|become|becomes|behind|enter|entering|prefers?|favours?)\b|[:—–(])"
    r"(?P<gap>(?:(?! and | or | cross)[^,;:()]){0,34})$"
)
NOT_TO: Final = frozenset({"from", "than", "against", "with", "by", "through", "via"})
HOME_VERB: Final = re.compile(
    r"(?i)\b(?:go(?:es|ing)?|return(?:s|ing)?|com(?:e|es|ing)|head(?:s|ing)?|drift\w*|slip\w*|trickle\w*|"
    r"travel\w*|fly|walk|get|find their way|make their way|want|"
    r"be (?:sent|flown|shipped|taken|brought))"
    r" (?:\w+ ){0,3}?(?:home|back)\b(?! to)|homeward bound|"
    r"\breturn(?:s|ing)?\b(?! to| fire)|\bbe (?:repatriated|deported)\b|\bhomecoming\b|"
    r"\b(?:send|sending|bring|bringing|take|taking|fly|flying|deport|deporting|repatriate|repatriating)\b"
)
_SEND_HOME: Final = re.compile(
    r"(?i)\b(?:send|sending|bring|bringing|fly|flying|deport|deporting|repatriat\w+|return of|"
    r"homecoming of|returnees?)\b[^,;]{0,30}$"
)
#: A place as the subject: what may follow it.
SUBJECT: Final = re.compile(
    r"(?i)^(?:,[^,]{0,60},)? ?"
    r"(?:together |also |both |too |perhaps |probably |still |now )?"
    r"(?:is|are|will|would|could|may|might|can|offers?|looks?|seems?|beckons?|stands?|has|have|"
    r"provides?|becomes?|should|"
    r"must|expects?|attracts?|draws?|comes?|lets?|takes?|gives?|hosts?|sells?|pays?|asks?|grants?|"
    r"remains? the|let|:|\(|—|–|,? (?:the|a|an)\b|as )"
)
#: “… who joined in Palma”: a clause about the past of those who will go.
IN_RELATIVE: Final = re.compile(
    r"(?i)\bwho (?:(?!\b(?:will|would|may|might|could|can|want|hope|plan|intend)\b)[^,;]){0,32}$"
)
#: “In Libya the old hands will move …”
_OPENS: Final = re.compile(
    r"(?i)\W*(?:and |but |then )?(?:in|at|around|across|near|along|inside|on) (?:the )?(?:\w+ern )?"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """What makes a group of places a destination; ``at`` is -1 for a cue behind the group."""

    cohort: str
    words: str
    at: int
    confidence: float
    is_strong: bool = False


def only_strong(text: str) -> str:
    """Return the cohort of the strong cues of a text, if they agree."""
    strong = [cohort for cohort in COHORTS if STRONG[cohort].search(text)]
    return strong[0] if len(strong) == 1 else ""


def cue_of(group: PlaceGroup) -> Cue | None:
    """Return the cue that governs a group of places: in front of it, else behind it."""
    leading = leading_word(group.before)
    if leading is None:
        return _subject_cue(group)
    if (leading["word"] or "").lower() in NOT_TO:
        return _from_there(group, leading["word"].lower())
    if leading["word"] == "of" and _PEOPLE_OF.search(group.before):
        home = HOME_VERB.search(group.after[:60])
        if home:
            return Cue("returnees", home.group(), -1, 0.6, True)
    on_the_way = (leading["word"] or "").lower() in {"across", "over"} and _ON_TO.match(group.after)
    if IN_RELATIVE.search(group.before) or on_the_way:
        return None
    if _OPENS.fullmatch(group.before) and FORESEEN.search(group.after[:60]):
        return _nearest(group.after, 80)
    best: tuple[float, Cue] | None = None
    for cohort in COHORTS:
        for pattern, bonus in ((STRONG[cohort], 25), (CUES[cohort], 0), (NOUNS[cohort], -10)):
            for match in pattern.finditer(group.before):
                if bonus < 0 and not FORESEEN.search(group.before):
                    continue
                score = bonus - (len(group.before) - match.end())
                if best is None or score > best[0]:
                    confidence = 0.75 if score > -25 else 0.6
                    words = match.group()
                    best = score, Cue(cohort, words, match.start(), confidence, bonus > 0)
    if best is None or best[0] <= -70:
        whole = _MODAL.match(group.after) and (
            _PART_OF.search(group.before) or re.search(r"\bthere\b", group.after[:50])
        )
        return _nearest(group.after, 60) if whole else None
    moved = BYSTANDERS.search(group.before[: best[1].at])
    return None if moved and not _MEMBERS.search(group.before) else best[1]


#: “The forests of Uíge may hide a few.”
_PART_OF: Final = re.compile(
    r"(?i)\b(?:forests?|hills|mountains|camps?|villages?|towns?|suburbs|slums|valleys|swamps|deserts?|"
    r"jungles?|islands?|cities|caves|plains|bush) (?:of|around|near|in) (?:the )?$"
)
_MODAL: Final = re.compile(r"(?i)^ (?:may|might|could|will|would|can)\b")
_MEMBERS: Final = compiled("members")


#: “across the river to Pujehun”: the river is on the way.
_ON_TO: Final = re.compile(r"^ (?:in)?to (?:the )?[A-ZÀ-Þ]")
#: “the boys of Kailahun can go back”
_PEOPLE_OF: Final = re.compile(
    r"(?i)\b(?:men|women|people|boys|sons|fighters|rebels|recruits|youths|ones|those|natives) "
    r"of (?:the )?$"
)
#: “they will carry on the war from the Zagros”
_FROM_BASE: Final = re.compile(
    r"(?i)\b(?:carry|continue|keep|fight|operate|raid|strike|launch|direct|lead|wage|go)(?:s|ing)?\b"
    r"[^,;]{0,40}\bfrom (?:[\w-]+ ){0,4}$"
)


def _from_there(group: PlaceGroup, word: str) -> Cue | None:
    """Return the cue of people who go home to where they are from, or fight on from a place."""
    home = HOME_VERB.search(group.after[:70]) if word == "from" else None
    if home:
        return Cue("returnees", home.group(), -1, 0.6, True)
    base = _FROM_BASE.search(group.before)
    if base and FORESEEN.search(group.before):
        return Cue("holdouts", base.group().split(" from ")[0], base.start(), 0.5)
    return None


def _subject_cue(group: PlaceGroup) -> Cue | None:
    """Return the cue behind a place that is the subject: ``Libya is the next theatre``."""
    return _nearest(group.after, 60) if SUBJECT.match(group.after) else None


def leading_word(before: str) -> re.Match[str] | None:
    """Return the last preposition in front of a group; ``by way of`` leads to no destination."""
    return _TO_PLACE.match(re.sub(r"(?i)by way of (?=[^,;]{0,30}$)", "via ", before))


def _nearest(after: str, furthest: int) -> Cue | None:
    nearest: tuple[int, Cue] | None = None
    for cohort in COHORTS:
        for pattern in (STRONG[cohort], CUES[cohort], NOUNS[cohort]):
            match = pattern.search(after)
            if match and not match.group().startswith(("remain", "home to", "attract")):
                strong = pattern is STRONG[cohort]
                if nearest is None or match.start() < nearest[0]:
                    nearest = match.start(), Cue(cohort, match.group(), -1, 0.6, strong)
    return nearest[1] if nearest is not None and nearest[0] <= furthest else None


_OTHERS: Final = re.compile(
    r"(?i);|\b(?:while|whereas)\b|(?:,|\band\b) (?:and |but |still |the )?"
    r"(?:others?|some|a few|the rest|many|most|those|another|locals|foreigners)\b"
)


def segment_of(text: str, group: PlaceGroup) -> str:
    """Return the part of a sentence around a group in which the subject does not change."""
    at = group.places[0].start
    begin = max((match.end() for match in _OTHERS.finditer(text, 0, at)), default=0)
    end = min((match.start() for match in _OTHERS.finditer(text, at)), default=len(text))
    return text[begin:end]


def reconsidered(cue: Cue, text: str, topic: str, group: PlaceGroup) -> Cue:
    """Let the sentence, the paragraph or the kind of country decide where a cue is weak."""
    noun = any(nouns.fullmatch(cue.words) for nouns in NOUNS.values())
    if cue.is_strong or not (noun or NEUTRAL.fullmatch(cue.words)):
        return cue
    cohort = only_strong(text) or topic
    if not cohort and cue.cohort == "free_agents" and all(map(gives_asylum, group.places)):
        cohort = "third_country"
    stays = cue.cohort == "holdouts" and cohort == "free_agents"  # who stays does not move on
    if cohort and cohort != cue.cohort and not stays:
        return Cue(cohort, cue.words, cue.at, cue.confidence - 0.1)
    return cue


def gives_asylum(place: Mention) -> bool:
    """Return whether a place lies in a country that has no war to join."""
    codes = (place.key,) if place.kind in {"country", "area"} else place.countries
    return bool(codes) and all(code in words("countries of asylum") for code in codes)


def people_go_home(group: PlaceGroup) -> Cue | None:
    """Return the cue of people who go home: ``the Kenyans are likely to slip home``."""
    after = HOME_VERB.search(group.after)
    named = after and re.match(
        r"[^.;]{0,40}\b(?:to|in) (?:the )?[A-ZÀ-Þ]", group.after[after.end() :]
    )
    if after and after.start() < 70 and not named:
        return Cue("returnees", after.group(), -1, 0.7, True)
    before = _SEND_HOME.search(group.before)
    if before and (re.search(r"home|back", group.after) or "return" in before.group()):
        return Cue("returnees", before.group(), before.start(), 0.55, True)
    return None
