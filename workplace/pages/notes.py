"""The words beside the Workplace API's OpenAPI document: what fields mean, French sentences, examples.

They stand in `workplace/api/notes/*.json`.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from apitokens.models import WorkplaceScope
from config.api.reference_fields import Notes

_FOLDER = Path(settings.BASE_DIR) / "workplace" / "api" / "notes"
LANGUAGES = ("en", "fr")


@lru_cache(maxsize=8)
def read(name: str) -> Any:
    """Read one file of notes; they do not change while the process runs."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def notes(*, language: str) -> Notes:
    """Return the notes in a language; what has no French words is told in English."""
    nth = LANGUAGES.index(language) if language in LANGUAGES else 0
    return Notes(
        texts=_french() if language == "fr" else {},
        fields={name: words[nth] for name, words in read("fields").items()},
        values=read("values"),
        requests=read("requests"),
        refusals={},
    )


@lru_cache(maxsize=1)
def _french() -> dict[str, str]:
    """Return the French sentences, also with the scope that the document names after them."""
    known: dict[str, str] = read("french")
    scoped = {
        f"{english} Needs the scope `{scope}`.": f"{french} Nécessite la portée `{scope}`."
        for english, french in known.items()
        for scope in WorkplaceScope.values
    }
    return known | scoped
