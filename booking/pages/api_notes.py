"""The words beside the OpenAPI document: what fields mean, French sentences, refusals, examples.

They stand in `booking/api/notes/*.json`; a test fails when the document has a text or a field without
its words.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from booking import selectors_examples
from config.api.reference_fields import Notes

_FOLDER = Path(settings.BASE_DIR) / "booking" / "api" / "notes"
_OF_PLACES = {
    "site": ("site", "siteId"),
    "room": ("room", "rooms", "roomId", "bookedRoom", "id of a picture"),
    "office": ("office",),
}
LANGUAGES = ("en", "fr")


@lru_cache(maxsize=8)
def read(name: str) -> Any:
    """Read one file of notes; they do not change while the process runs."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def notes(*, language: str) -> Notes:
    """Return the notes in a language, with this portal's own ids in the examples."""
    nth = LANGUAGES.index(language) if language in LANGUAGES else 0
    ids = selectors_examples.example_ids()
    own = {name: ids[place] for place, names in _OF_PLACES.items() for name in names}
    return Notes(
        texts=read("french") if language == "fr" else {},
        fields={name: words[nth] for name, words in read("fields").items()},
        values=read("values") | own,
        requests=read("requests"),
        refusals={
            operation: [
                (status, message, (english, french)[nth])
                for status, message, english, french in rows
            ]
            for operation, rows in read("refusals").items()
        },
    )
