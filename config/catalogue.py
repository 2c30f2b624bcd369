"""Check that every text people read exists in French: `python -m config.catalogue`.

The texts are looked up in the sources anew, so that one added since the last translation is told.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

_PROJECT = Path(__file__).resolve().parent.parent
_KEYWORDS = ("gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2", "gettext_noop")
_NO_TEXTS = (".*", "_*", "tests", "var", "migrations")


def texts_in_sources() -> Catalog:
    """Return the texts that the sources mark for translation, found as babel.cfg says."""
    keywords = [part for word in _KEYWORDS for part in ("--keyword", word)]
    ignored = [part for name in _NO_TEXTS for part in ("--ignore-dirs", name)]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "texts.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
        subprocess.run(  # noqa: S603 - Babel itself
            [*command, "--mapping", "babel.cfg", *keywords, *ignored, "--output", output, "."],
            cwd=_PROJECT,
            check=True,
        )
        with output.open("rb") as stream:
            return read_po(stream)


def untranslated(*, language: str) -> list[str]:
    """Return the texts that lack a translation into `language`, or have a doubtful one."""
    path = _PROJECT / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as stream:
        known = read_po(stream, locale=language)
    missing = []
    for message in texts_in_sources():
        found = known.get(message.id, message.context) if message.id else message
        complete = found is not None and not found.fuzzy and _is_whole(found.string)
        if message.id and not complete:
            missing.append(f"{message.locations[0][0]}: {message.id!r}")
    return missing


def _is_whole(text: object) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)


if __name__ == "__main__":
    if lacking := untranslated(language="fr"):
        sys.exit("No French text for:\n  " + "\n  ".join(lacking))
