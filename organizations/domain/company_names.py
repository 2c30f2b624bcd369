"""How alike two company names are. A pure engine."""

import re
import unicodedata

_WORDS = re.compile(r"[^\W_]+")


def likeness(first: str, second: str) -> float:
    """Return from 0 to 1 how many trigrams two names share; case, accents and order do not matter."""
    ours, theirs = _trigrams(first), _trigrams(second)
    together = len(ours | theirs)
    return len(ours & theirs) / together if together else 0.0


def _trigrams(name: str) -> set[str]:
    """Collect the runs of three signs of each word, two blanks before it and one after."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    padded = [f"  {word} " for word in _WORDS.findall(plain)]
    return {word[at : at + 3] for word in padded for at in range(len(word) - 2)}
