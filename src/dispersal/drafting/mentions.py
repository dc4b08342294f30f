"""What a name in a sentence stands for: a place or an organisation, at a place in the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a sentence.

    Parameters
    ----------
    sentence : int
        Number of the sentence.
    start, end : int
        Where the words stand in the sentence.
    words : str
        As written.
    key : str
        What it stands for: a code, or the name of a place or organisation as first written.
    kind : str
        ``country``, ``people``, ``area``, ``region``, ``town`` or ``unknown`` for places;
        ``armed``, ``institute``, ``office``, ``press`` or ``name`` for organisations.
    reason : str
        The rule that found it.
    confidence : float
        0 to 1: how often such a find is right, as a judgement.
    question : str
        What to ask, where it is ambiguous.
    choices : tuple of str
        What it can mean, then.
    countries : tuple of str
        Where a region or town lies.
    latitude, longitude : float or None
        In degrees, where known.
    """

    sentence: int
    start: int
    end: int
    words: str
    key: str
    kind: str
    reason: str
    confidence: float
    question: str = ""
    choices: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_people(self) -> bool:
        """Whether people or an adjective name the place: ``Tunisians``."""
        return self.kind == "people"
