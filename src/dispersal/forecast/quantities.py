"""The names that a forecast answers to: quantities, cohorts, strata, groups of origins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispersal.errors import InputError, nearest_name
from dispersal.model.states import ALL_FATES

if TYPE_CHECKING:
    from collections.abc import Iterable

HOME: Final = ("home_at_large", "home_in_custody", "home_in_programme")

#: Fates that add up to each quantity. ``remaining`` counts those alive in the home theatre.
QUANTITIES: Final[dict[str, tuple[str, ...]]] = {
    "departed": tuple(fate for fate in ALL_FATES if fate != "not_joined"),
    "returned": HOME,
    "killed": ("killed",),
    "remaining": ("in_group", "underground", "resurgent", "detained"),
    **{fate: (fate,) for fate in ALL_FATES if fate not in ("not_joined", "killed")},
    "holdouts": ("underground", "resurgent"),
    "free_agents": ("elsewhere", "third_country"),
}

#: Quantities of one stratum: the quantity they are part of, and the stratum.
STRATUM_QUANTITIES: Final = {
    "women_departed": ("departed", "women"),
    "minors_departed": ("departed", "minors"),
    "women_returned": ("returned", "women"),
    "minors_returned": ("returned", "minors"),
}

#: Quantities of which published figures count adults.
PUBLISHED: Final = ("departed", "returned", "killed", "remaining", "detained")

#: Whom each name of a stratum counts.
WHO: Final[dict[str, tuple[str, ...]]] = {
    "men": ("men",),
    "women": ("women",),
    "minors": ("minors",),
    "adults": ("men", "women"),
    "all": ("men", "women", "minors"),
}

#: Origins taken together.
GROUPS: Final = ("foreign", "local", "all")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a quantity counts: fates, strata, and the published series it belongs to.

    Parameters
    ----------
    name : str
        As asked for.
    series : str
        The quantity without its stratum; names the bias of published figures.
    fates : tuple of str
    stratum : str
        A key of ``WHO``.
    """

    name: str
    series: str
    fates: tuple[str, ...]
    stratum: str


def counted(quantity: str, stratum: str | None = None) -> Counted:
    """Return what a quantity counts.

    Parameters
    ----------
    quantity : str
        A key of ``QUANTITIES`` or ``STRATUM_QUANTITIES``.
    stratum : str, optional
        A key of ``WHO``. Default: adults for quantities that are published of adults, the
        stratum that the quantity names, everyone otherwise.

    Raises
    ------
    InputError
        For an unknown name, or a stratum that contradicts the quantity.

    Examples
    --------
    >>> counted("women_returned").stratum, counted("returned").stratum, counted("moving").stratum
    ('women', 'adults', 'all')
    >>> counted("retuned")
    Traceback (most recent call last):
    ...
    dispersal.errors.InputError: found quantity 'retuned', expected one of departed, returned, \
killed, … (21 names); did you mean 'returned'?
    """
    names = (*QUANTITIES, *STRATUM_QUANTITIES)
    require_name("quantity", quantity, names)
    if stratum is not None:
        require_name("stratum", stratum, WHO)
    if quantity in STRATUM_QUANTITIES:
        series, own = STRATUM_QUANTITIES[quantity]
        if stratum not in (None, own):
            raise InputError(f"found stratum {stratum!r} for {quantity}, expected {own!r} or none")
        return Counted(quantity, series, QUANTITIES[series], own)
    default = "adults" if quantity in PUBLISHED else "all"
    return Counted(quantity, quantity, QUANTITIES[quantity], stratum or default)


def require_name(what: str, found: str, known: Iterable[str]) -> None:
    """Raise unless a name is known.

    Raises
    ------
    InputError
        With the nearest name that is known.

    Examples
    --------
    >>> require_name("stratum", "men", ["men", "women"])
    """
    names = list(known)
    if found in names:
        return
    if len(names) > 8:
        expected = f"one of {', '.join(names[:3])}, … ({len(names)} names)"
    else:
        expected = f"one of {', '.join(names)}" if names else "no name: there are none"
    nearest = nearest_name(str(found), names)
    hint = f"; did you mean {nearest!r}?" if nearest else ""
    raise InputError(f"found {what} {found!r}, expected {expected}{hint}")
