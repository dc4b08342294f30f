"""Everything that an article proposes, put together; nothing of it is accepted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from dispersal.drafting.attribution import said_by
from dispersal.drafting.dates import dates_of
from dispersal.drafting.endings import end_modes_in
from dispersal.drafting.organisations import organisations_in
from dispersal.drafting.people import numbers_in
from dispersal.drafting.persons import persons_in
from dispersal.drafting.places import places_in
from dispersal.drafting.proposals import KINDS, Proposal, Proposals
from dispersal.drafting.uses import organisation_uses, place_uses, published_in
from dispersal.drafting.weighing import destinations_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispersal.drafting.article import Article
    from dispersal.drafting.mentions import Mention
    from dispersal.drafting.weighing import Destination


class _Rows:
    """Collects rows, numbers them by kind, and gives each its sentence."""

    def __init__(
        self, article: Article, organisations: list[Mention], persons: frozenset[str]
    ) -> None:
        self._article = article
        self._persons = persons
        self._organisations: dict[int, list[Mention]] = {}
        for one in organisations:
            self._organisations.setdefault(one.sentence, []).append(one)
        self._count: Counter[str] = Counter()
        self.rows: list[Proposal] = []

    def add(
        self,
        kind: str,
        values: dict[str, Any],
        number: int,
        found: str,
        reason: str,
        confidence: float,
        question: str = "",
        choices: Iterable[str] = (),
        asks_for: str = "",
    ) -> None:
        sentence = self._article.sentences[number]
        self._count[kind] += 1
        self.rows.append(
            Proposal(
                row=f"{kind}-{self._count[kind]}",
                kind=kind,
                values=values,
                sentence=sentence.text,
                start=sentence.start,
                end=sentence.end,
                found=found,
                reason=reason,
                confidence=round(confidence, 2),
                said_by=said_by(sentence.text, self._organisations.get(number, []), self._persons),
                question=question,
                choices=tuple(choices),
                asks_for=asks_for,
                accept="?" if question else "no",
            )
        )


def propose(article: Article, asked_on: str = "") -> Proposals:
    """Read an article and propose the rows of a case.

    Parameters
    ----------
    article : Article
        From :func:`dispersal.drafting.read_article`.
    asked_on : str
        The day of the question as ``YYYY-MM-DD``, if it is known; it is kept, not guessed.

    Returns
    -------
    Proposals
        Every row has ``accept: no``, or ``?`` where a question must be answered first.

    Examples
    --------
    >>> from dispersal.drafting import read_article
    >>> text = "About 300 Kenyans joined. Most will return to Kenya; some may hide in Lamu."
    >>> found = propose(read_article(text))
    >>> [(row.values["place"], row.values["cohort"]) for row in found.of_kind("destination")]
    [('KEN', 'returnees'), ('Lamu', 'holdouts')]
    >>> found.of_kind("number")[0].values["origin"]
    'KEN'
    """
    persons = persons_in(article)
    organisations = organisations_in(article, persons)
    places = places_in(article, persons, organisations)
    rows = _Rows(article, organisations, persons)
    destinations = destinations_in(article, places)
    _add_places(rows, article, places, destinations)
    uses = _add_organisations(rows, article, organisations, places)
    _add_destinations(rows, places, destinations)
    members = _add_numbers(rows, article, places)
    _add_group(rows, uses, organisations, members)
    _add_dates(rows, article)
    for mode, (number, found, confidence) in end_modes_in(article).items():
        reason = "words for this manner of an end; a judgement to confirm"
        rows.add("end_mode", {"mode": mode}, number, found, reason, confidence)
    order = {kind: at for at, kind in enumerate(KINDS)}
    ordered = sorted(rows.rows, key=lambda row: order[row.kind])
    return Proposals(article, tuple(ordered), asked_on)


def _first_of_each(mentions: list[Mention]) -> dict[str, list[Mention]]:
    by_key: dict[str, list[Mention]] = {}
    for one in mentions:
        by_key.setdefault(one.key, []).append(one)
    return by_key


def _add_places(
    rows: _Rows, article: Article, places: list[Mention], destinations: list[Destination]
) -> None:
    uses = place_uses(article, places, destinations)
    for key, mentions in _first_of_each(places).items():
        # The clearest mention: one with a question says least.
        first = min(mentions, key=lambda one: (bool(one.question), one.sentence))
        asks = first.question and all(one.question for one in mentions)
        zone = first.kind in {"region", "town", "unknown"}
        country = first.countries[0] if zone and len(first.countries) == 1 else ""
        reason = first.reason
        if first.kind == "unknown":
            country = _beside(first, places)
            reason += "; its country is that of the places beside it" if country else ""
        asks_country = bool(asks) and zone
        values = {
            "place": key,
            "name": first.words if zone else "",
            "country": country,
            "use": uses.get(key, "mention"),
            "latitude": first.latitude if zone and first.latitude is not None else "",
            "longitude": first.longitude if zone and first.longitude is not None else "",
        }
        rows.add(
            "place",
            values,
            first.sentence,
            first.words,
            reason,
            first.confidence,
            first.question if asks else "",
            first.choices if asks else (),
            ("country" if asks_country else "place") if asks else "",
        )


def _beside(place: Mention, places: list[Mention]) -> str:
    """Return the country that most places of the same sentence lie in, or nothing."""
    codes = Counter(
        one.countries[0]
        for one in places
        if one.sentence == place.sentence and one is not place and len(one.countries) == 1
    )
    return codes.most_common(1)[0][0] if codes else ""


def _add_organisations(
    rows: _Rows, article: Article, organisations: list[Mention], places: list[Mention]
) -> dict[str, str]:
    uses = organisation_uses(article, organisations)
    for key, mentions in _first_of_each(organisations).items():
        first = mentions[0]
        inside = [
            place
            for place in places
            if place.key in key and place.kind in {"region", "town", "country"}
        ]
        question, asks_for = "", ""
        choices: tuple[str, ...] = ()
        if " in " in key:
            whole, _, part = key.partition(" in ")
            question = f"{key}: one group of this name, or the group {whole} in the place {part}?"
            choices, asks_for = (key, whole), "name"
        values = {
            "name": key,
            "use": uses.get(key, "mention"),
            "place": inside[0].key if inside else "",
        }
        rows.add(
            "organisation",
            values,
            first.sentence,
            first.words,
            first.reason,
            first.confidence,
            question,
            choices,
            asks_for,
        )
    return uses


def _add_destinations(rows: _Rows, places: list[Mention], destinations: list[Destination]) -> None:
    questions = {one.key: one for one in places if one.question}
    for one in destinations:
        asked = questions.get(one.mention.key)
        zone = one.mention.kind in {"region", "town", "unknown"}
        asks = asked is not None and not zone and one.mention.question
        values = {
            "place": one.mention.key,
            "cohort": one.cohort,
            "negated": one.negated,
            "hedge": one.hedge,
        }
        rows.add(
            "destination",
            values,
            one.mention.sentence,
            one.mention.words,
            _reason(one),
            one.confidence,
            one.mention.question if asks else "",
            one.mention.choices if asks else (),
            "place" if asks else "",
        )


def _reason(one: Destination) -> str:
    told = ", ".join(f"“{word}”" for word in one.words)
    speaks = f"weighed words: {told}" if told else "weighed: the place and what is said around it"
    return speaks + ("; denied" if one.negated else "")


def _add_numbers(rows: _Rows, article: Article, places: list[Mention]) -> list[float]:
    sizes: list[float] = []
    for one in numbers_in(article, places):
        if one.values["counts"] == "strength" and not one.values["share"]:
            sizes += [one.values["low"], one.values["high"]]
        rows.add("number", one.values, one.sentence, one.found, one.reason, one.confidence)
    return sizes


def _add_group(
    rows: _Rows, uses: dict[str, str], organisations: list[Mention], sizes: list[float]
) -> None:
    names = [name for name, use in uses.items() if use == "group"]
    if not names:
        return
    first = next(one for one in organisations if one.key == names[0])
    values = {
        "name": names[0],
        "members_low": min(sizes) if sizes else "",
        "members_high": max(sizes) if sizes else "",
    }
    reason = "the armed group named most often; its size from the numbers of its strength"
    rows.add("group", values, first.sentence, first.words, reason, 0.6)


def _add_dates(rows: _Rows, article: Article) -> None:
    published = published_in(article)
    seen: set[str] = set()
    if article.published and article.published not in seen:
        seen.add(article.published)
        values = {"date": article.published, "use": "published"}
        rows.add("date", values, 0, article.published, "head of the page", 0.95)
    for number, sentence in enumerate(article.sentences):
        for one in dates_of(sentence.text):
            if one.iso in seen:
                continue
            seen.add(one.iso)
            use = "published" if one.iso == published and not article.published else "mention"
            words = sentence.text[one.start : one.end]
            reason = "day of the article" if use == "published" else "date in the text"
            rows.add("date", {"date": one.iso, "use": use}, number, words, reason, 0.95)
