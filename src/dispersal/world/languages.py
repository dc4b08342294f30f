"""Which languages people of a country speak, and how likely two people share one."""

from __future__ import annotations

import functools
from types import MappingProxyType
from typing import TYPE_CHECKING

from babel.core import get_global

from dispersal.world.countries import country

if TYPE_CHECKING:
    from collections.abc import Mapping

SPOKEN_AS_ONE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Arabic: the standard language is shared by the educated, neighbouring varieties by all.
        "ar": (
            *("aao", "abh", "abv", "acm", "acq", "acw", "acx", "acy", "adf", "aeb", "aec", "afb"),
            *("ajp", "apc", "apd", "arb", "arq", "ars", "ary", "arz", "auz", "avl", "ayh", "ayl"),
            *("ayn", "ayp", "mey", "pga", "shu", "ssh"),
        ),
        # Persian of Iran, Dari and Hazaragi of Afghanistan, Tajik.
        "fa": ("aiq", "haz", "pes", "prs", "tg"),
        # Bosnian, Croatian, Montenegrin and Serbian.
        "sh": ("bs", "cnr", "hr", "sr"),
        # Northern (Gheg) and southern (Tosk) Albanian.
        "sq": ("aln", "als"),
        # Hindi and Urdu differ in script and learned words, not in everyday speech.
        "hi": ("ur",),
        # Malay and Indonesian.
        "ms": ("id", "zlm", "zsm"),
        # Macrolanguages that the data splits in one country and not in another.
        "bal": ("bcc", "bgn", "bgp"),
        "ff": ("fuc", "fue", "fuf", "fuh", "fuq", "fuv"),
        "no": ("nb", "nn"),
    }
)
"""Language codes (values) whose speakers are taken to understand speakers of the key."""


def languages_of(iso3: str) -> Mapping[str, float]:
    """Return the share of a country's people who speak each language, first or later learnt.

    The shares are those of CLDR, shipped with Babel. Entries that differ only in script are one
    language, and so are those that `SPOKEN_AS_ONE` lists together. Their share is the largest
    of theirs, not their sum, because CLDR counts the same people under the standard language
    and under its variety, or under both scripts. Shares do not sum to one: many people speak
    several languages.

    Parameters
    ----------
    iso3 : str
        ISO 3166-1 alpha-3 code, or ``XKX``.

    Returns
    -------
    Mapping of str to float
        Language code to share in [0, 1], the largest first.

    Raises
    ------
    UnknownCountryError
        If no country has the code.

    References
    ----------
    Unicode CLDR, Territory-Language Information, ``supplemental/territoryInfo``.

    Examples
    --------
    >>> dict(languages_of("TUN"))
    {'ar': 0.9, 'fr': 0.53}
    """
    return _languages(country(iso3).iso2)


def common_language_share(a: str, b: str) -> float:
    r"""Return the chance that random people of two countries share a spoken language.

    With :math:`p_{la}` the share of a's people who speak language l, and
    :math:`\alpha_l = p_{la} p_{lb}`, the sum of :math:`\alpha_l` counts a pair once for every
    language that both speak. Melitz and Toubal correct it as if whether a pair shares the
    remaining languages did not depend on whether it shares the main one:

    .. math:: \max_l \alpha_l + \left(\sum_l \alpha_l - \max_l \alpha_l\right)
              \left(1 - \max_l \alpha_l\right), \quad \text{at most } 1.

    The remaining languages can add up to more than one where most people speak several; only
    then does the cap bind. Unlike theirs, languages spoken by fewer than 4 % count.

    Parameters
    ----------
    a, b : str
        ISO 3166-1 alpha-3 codes, or ``XKX``. For a country and itself it is the chance that
        two of its own people share a language, which is below one where many are spoken.

    Returns
    -------
    float
        In [0, 1]; symmetric.

    Raises
    ------
    UnknownCountryError
        If no country has one of the codes.

    References
    ----------
    Melitz, J. and Toubal, F. (2014). Native language, spoken language, translation and trade.
    Journal of International Economics 93 (2), 351-363: common spoken language.

    Examples
    --------
    >>> round(common_language_share("TUN", "LBY"), 2), round(common_language_share("TUN", "TUR"), 2)
    (0.67, 0.05)
    """
    first, second = sorted((country(a).iso2, country(b).iso2))
    return _common_share(first, second)


@functools.cache
def _common_share(iso2_a: str, iso2_b: str) -> float:
    mine, theirs = _languages(iso2_a), _languages(iso2_b)
    both = [share * theirs[language] for language, share in mine.items() if language in theirs]
    main = max(both, default=0.0)
    return min(1.0, main + (sum(both) - main) * (1.0 - main))


@functools.cache
def _languages(iso2: str) -> Mapping[str, float]:
    folds = {code: key for key, codes in SPOKEN_AS_ONE.items() for code in codes}
    shares: dict[str, float] = {}
    for tag, entry in get_global("territory_languages").get(iso2, {}).items():
        code = tag.partition("_")[0]
        language = folds.get(code, code)
        share = min(1.0, float(entry["population_percent"]) / 100)
        if language != "und" and share > 0:
            shares[language] = max(share, shares.get(language, 0.0))
    return MappingProxyType(dict(sorted(shares.items(), key=lambda item: (-item[1], item[0]))))
