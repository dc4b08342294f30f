"""Where an article foresees members going or staying: a cohort and a place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from dispersal.drafting.clauses import PlaceGroup, groups_of
from dispersal.drafting.denials import DISMISSED, TAKEN_BACK, hedge_of, is_framed, is_negated
from dispersal.drafting.destination_cues import (
    FORESEEN,
    HAPPENED,
    NEGATED,
    NEGATED_BEHIND,
    NOT_NEGATED,
    STRONG,
)
from dispersal.drafting.discourse import Destination, groups_meant, taken_over
from dispersal.drafting.governing import (
    HOME_VERB,
    IN_RELATIVE,
    NOT_TO,
    SUBJECT,
    Cue,
    cue_of,
    gives_asylum,
    leading_word,
    only_strong,
    people_go_home,
    reconsidered,
    segment_of,
)
from dispersal.drafting.loose import is_advice, is_no_aim, loose_cue, speaks_for_state
from dispersal.drafting.proposals import COHORTS
from dispersal.drafting.topics import topics_of
from dispersal.drafting.words import compiled

if TYPE_CHECKING:
    from dispersal.drafting.article import Article
    from dispersal.drafting.mentions import Mention

_DESTINATION_NOUN: Final = compiled("praises a place")
#: What may stand in front of a place in a fragment: “Then, perhaps, Yemen.”
_LISTING: Final = re.compile(
    r"(?i)^(?:\W|\b(?:and|then|or|perhaps|above all|first|first of all|also|likewise|in|to|the|"
    r"into|maybe|possibly|next|finally|after that|mostly|mainly|chiefly|parts of|towards|some|"
    r"a few|say)\b)*$"
)
_WHERE: Final = re.compile(
    r"(?i)\bwhere\b.*\b(?:go|going|head|turn|end up|next|flee|run|move|settle|resurface)\b.*\?|"
    r"\bwhat (?:comes )?next\?|\bwhich (?:countries|places|theatres?|fronts?|wars?)\b.*\?"
)
_SPEAKERS: Final = compiled("says", "^,? (?:")
_VERB: Final = compiled("verb")


@dataclass
class _Setting:
    """What sentences before say: the paragraph's topic, the last cohort, a question."""

    topic: str = ""
    carried: str = ""
    asked: bool = False
    foreseen: bool = False
    latest: list[Destination] = field(default_factory=list)
    earlier: list[Mention] = field(default_factory=list)


def destinations_in(article: Article, places: list[Mention]) -> list[Destination]:
    """Return where members are foreseen to go or stay, sentence by sentence.

    What already happened is none; what is denied is returned as negated.

    Parameters
    ----------
    article : Article
        What to read.
    places : list of Mention
        Its places.
    """
    topics = topics_of(article)
    foreseeing = {
        sentence.paragraph for sentence in article.sentences if FORESEEN.search(sentence.text)
    }
    found: list[Destination] = []
    setting = _Setting()
    paragraph = -1
    by_sentence: dict[int, list[Mention]] = {}
    for one in places:
        by_sentence.setdefault(one.sentence, []).append(one)
    for number, sentence in enumerate(article.sentences):
        text = sentence.text
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            setting.topic, setting.carried = topics.get(paragraph, ""), ""
            setting.foreseen = paragraph in foreseeing
            setting.latest, setting.earlier = [], []
        following = (
            article.sentences[number + 1].text if number + 1 < len(article.sentences) else ""
        )
        known = _of_sentence(text, number, by_sentence.get(number, []), setting, following)
        if not known and _MOST_GO_HOME.match(text) and HOME_VERB.search(text):
            known = _people_before(text, by_sentence.get(number - 1, []), setting)
        if TAKEN_BACK.match(following):
            known = [replace(one, negated=True) for one in known]
        found.extend(known)
        setting.latest, setting.earlier = known, by_sentence.get(number, [])
        cohort = _cohort_of_sentence(text, known)
        if cohort and FORESEEN.search(text):
            setting.carried = cohort
        setting.asked = bool(_WHERE.search(text)) or (
            setting.asked and len(text) < 60 and "?" not in text
        )
    return found


def _of_sentence(
    text: str, number: int, here: list[Mention], setting: _Setting, following: str
) -> list[Destination]:
    known: list[Destination] = []
    if is_advice(text):
        return []
    if text.rstrip('”"’ ').endswith("?"):
        return _fragment(text, here, following)
    for group in groups_of(text, here):
        direct = _of_group(group, text, setting, known)
        known.extend(direct or taken_over(text, group, known, setting.latest))
    for group in groups_meant(text, number, here, setting.earlier):
        known.extend(_of_group(group, text, setting, known))
    return known


def _people_before(text: str, people: list[Mention], setting: _Setting) -> list[Destination]:
    """Return whom “Most will go home.” speaks of: the one people of the sentence before."""
    named = [one for one in people if one.is_people and one.start < 30]
    if len(named) != 1 or not FORESEEN.search(text) or NEGATED.search(text):
        return []
    if setting.topic not in {"", "returnees"}:
        return []
    return [Destination(named[0], "returnees", False, hedge_of(text), text[:40], 0.5)]


def _fragment(text: str, here: list[Mention], following: str) -> list[Destination]:
    """Return the answer to a fragment, such as “And the Tunisians? Homeward bound”."""
    if len(text) > 60 or not here or _VERB.search(text):
        return []
    cohorts = [cohort for cohort in COHORTS if STRONG[cohort].search(following[:80])]
    past = HAPPENED.search(following[:80]) and not FORESEEN.search(following[:80])
    if len(cohorts) != 1 or past:
        return []
    negated = bool(NEGATED.search(NOT_NEGATED.sub(" ", following[:80])))
    return [
        Destination(one, cohorts[0], negated, hedge_of(following), following[:40], 0.5)
        for one in here
    ]


def _cohort_of_sentence(text: str, known: list[Destination]) -> str:
    """Return the cohort that a sentence speaks of, for sentences after it that only name places."""
    cohorts = {one.cohort for one in known}
    if len(cohorts) == 1:
        return cohorts.pop()
    return only_strong(text) if not known else ""


def _of_group(
    group: PlaceGroup, text: str, setting: _Setting, known: list[Destination]
) -> list[Destination]:
    if is_no_aim(group.before):
        return []
    if not group.is_people and (_SPEAKERS.match(group.after) or speaks_for_state(group)):
        return []
    cue = people_go_home(group) if group.is_people else cue_of(group)
    if cue is not None and not group.is_people:
        segment = segment_of(text, group)
        before = known[-1] if known and known[-1].mention.words in segment else None
        if not cue.is_strong and before is not None:
            cue = replace(cue, cohort=before.cohort)  # the same people go on
        else:
            cue = reconsidered(cue, segment, setting.topic, group)
    if cue is None and not group.is_people:
        cue = _by_context(group, text, setting, known) or loose_cue(
            group, segment_of(text, group), text, setting.carried or setting.topic
        )
    if cue is None or not _is_foreseen(group, text, cue, setting):
        return []
    clause = group.before + "…" + group.after
    behind = text[group.places[-1].end :]
    confidence = cue.confidence - (0 if FORESEEN.search(clause) else 0.15)
    return [
        Destination(
            one,
            cue.cohort,
            is_negated(group.before, cue)
            or (cue.at < 0 and bool(NEGATED_BEHIND.match(group.after)))
            or bool(DISMISSED.match(behind))
            or is_framed(text[: group.places[0].start], group.before, behind),
            hedge_of(clause),
            cue.words,
            round(max(confidence, 0.2), 2),
        )
        for one in group.places
    ]


def _by_context(
    group: PlaceGroup, text: str, setting: _Setting, known: list[Destination]
) -> Cue | None:
    """Return a cue from before: the same sentence, the one before, or the paragraph's topic."""
    leading = leading_word(group.before)
    word = (leading["word"] or ":").lower() if leading else ""
    if word in NOT_TO:
        return None
    directed = word in {
        "to",
        "into",
        "for",
        "in",
        "towards",
        "toward",
        "on",
        ":",
        "along",
        "across",
    }
    if IN_RELATIVE.search(group.before):
        return None
    if group.is_relative and not FORESEEN.search(group.before + group.after[:40]):
        return None
    carried = known and not (known[-1].mention.is_people or known[-1].negated)
    if carried and directed and not group.is_relative and len(group.before) < 45:
        return Cue(known[-1].cohort, "as before in the sentence", -1, 0.5)
    cohort = setting.topic or setting.carried or only_strong(text)
    if not cohort and all(map(gives_asylum, group.places)):
        cohort = "third_country"
    noun = _DESTINATION_NOUN.search(group.before + " " + group.after[:80])
    subject = (
        leading is None
        and len(group.before) < 40
        and not _VERB.search(group.before)
        and SUBJECT.match(group.after)
    )
    said_of = re.match(r"(?i)^,? (?:is|are|has|have|was|were)\b", group.after)
    if subject and said_of and not noun and not FORESEEN.search(group.after[:60]):
        return None
    if cohort and noun and (subject or directed or len(group.before) < 40):
        return Cue(cohort, noun.group(), -1, 0.5)
    if setting.topic and (subject or word in {"to", "into", "towards", "toward", ":", "for"}):
        return Cue(setting.topic, "topic of the paragraph", -1, 0.45)
    if setting.topic and leading is None and _EXPECTED.search(group.before):
        return Cue(setting.topic, "topic of the paragraph", -1, 0.4)
    inside = word in {"in", "on", "along", "around", "near", "at", "across", "inside", "within"}
    if setting.topic and inside and FORESEEN.search(group.before):
        return Cue(setting.topic, "topic of the paragraph", -1, 0.4)
    bare = not _VERB.search(text) and len(text) < 110 and _LISTING.match(group.before)
    if bare and (setting.carried or setting.topic):
        return Cue(setting.carried or setting.topic, "as in the sentence before", -1, 0.4)
    if bare and setting.asked:
        return Cue("free_agents", "answer to where they go", -1, 0.4)
    return None


def _is_foreseen(group: PlaceGroup, text: str, cue: Cue, setting: _Setting) -> bool:
    before_cue = group.before[: cue.at] if cue.at >= 0 else group.before
    if HAPPENED.fullmatch(cue.words.split()[0]) and not FORESEEN.search(before_cue):
        return False
    modal = FORESEEN.search(group.before) or FORESEEN.search(group.after[:60])
    past = HAPPENED.search(group.before) or (cue.at < 0 and HAPPENED.search(group.after[:60]))
    if past and not modal:
        return bool(_WHERE_THEY_STAY.match(text[group.places[-1].end :]))
    if modal or setting.asked:
        return True
    # A plain present (“Most go home to Peru”) foresees where the text around it does.
    ahead = FORESEEN.search(text) or (setting.foreseen and cue.at < 0)
    if not (cue.is_strong or setting.topic or ahead):
        return False
    foreseen = FORESEEN.search(text) or setting.foreseen
    return bool(foreseen) or not re.search(r"\b(?:19|20)\d\d\b", text)


#: “Expect Azzan and Habban to fill up”
_EXPECTED: Final = re.compile(
    r"(?i)\b(?:expect|watch|look at|think of|keep an eye on)\b[^,;]{0,20}$"
)
#: “They fell back into Fezzan, where they are expected to remain.”
_WHERE_THEY_STAY: Final = re.compile(
    r"(?i)^[^,;.]{0,30}, where (?:the \w+|they|it|he|we|many|most|some)\b.{0,40}?\b(?:will|would|"
    r"may|might|could|expect\w*|likely|plan|intend|hope|mean)\b.{0,30}\b(?:remain|stay|settle|"
    r"live|hide|wait|sit|regroup|winter|build|start|be)\b"
)
_MOST_GO_HOME: Final = re.compile(
    r"(?i)^[“\"]?(?:most|many|they|some|nearly all|almost all|the majority|a majority|a few)\b"
)
