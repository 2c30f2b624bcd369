"""Countries: stored as ISO 3166-1 alpha-2, read from codes and from English or French names."""

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale

LANGUAGES = ("en", "fr")

# Babel's two-letter territories that ISO 3166-1 does not assign: reserved and made-up codes.
_NOT_ISO = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"]
)

# What people write although it is neither the ISO code nor Babel's name, by ISO code.
_ALIASES = {
    "AE": ("UAE", "EAU"),
    "CD": ("Democratic Republic of the Congo", "République démocratique du Congo"),
    "CI": ("Ivory Coast",),
    "CV": ("Cabo Verde", "Cap Vert"),
    "CZ": ("Czech Republic", "République tchèque"),
    "GB": ("UK", "Great Britain", "Grande-Bretagne", "England", "Angleterre"),
    "GR": ("EL",),
    "HK": ("Hong Kong",),
    "IE": ("Republic of Ireland", "République d'Irlande", "Eire"),
    "KR": ("Korea", "Corée", "Republic of Korea"),
    "MM": ("Burma", "Birmanie"),
    "MO": ("Macao", "Macau"),
    "NL": ("Holland", "Hollande", "The Netherlands"),
    "RU": ("Russian Federation", "Fédération de Russie"),
    "SZ": ("Swaziland",),
    "TR": ("Turkey",),
    "US": ("USA", "United States of America", "États-Unis d'Amérique"),
    "VA": ("Vatican", "Holy See", "Saint-Siège"),
    "VN": ("Viet Nam",),
}


def resolve(text: str) -> str | None:
    """Give the upper-case ISO code of a code or name, or None for an unknown one.

    Case, accents, hyphens, apostrophes and spaces do not matter.
    Source: Public API, "Country Input Flexibility".
    """
    return _index().get(_fold(text))


def english_name(iso: str) -> str:
    """Give the name that API answers show ("Ireland").

    :raises KeyError: when the code is not an ISO code.
    """
    return name(iso, "en")


@lru_cache(maxsize=2048)  # asked for every room of every list
def name(iso: str, language: str) -> str:
    """Give the name in French for "fr" (and "fr-be"), else in English.

    :raises KeyError: when the code is not an ISO code.
    """
    spoken = language.lower().replace("_", "-").partition("-")[0]
    return _names(spoken if spoken in LANGUAGES else "en")[iso.upper()]


def choices(language: str) -> list[tuple[str, str]]:
    """List (ISO code, name) for a form, sorted by name as a reader expects."""
    pairs = [(iso, name(iso, language)) for iso in _names("en")]
    return sorted(pairs, key=lambda pair: _fold(pair[1]))


@cache
def _names(language: str) -> dict[str, str]:
    return {
        code: label
        for code, label in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_ISO
    }


@cache
def _index() -> dict[str, str]:
    index = {_fold(alias): iso for iso, aliases in _ALIASES.items() for alias in aliases}
    for language in LANGUAGES:
        index.update({_fold(label): iso for iso, label in _names(language).items()})
    # Codes come last: they win over any name.
    index.update({_fold(iso): iso for iso in _names("en")})
    return index


def _fold(text: str) -> str:
    """Strip case, accents and everything but letters and digits."""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", "", letters.casefold())
