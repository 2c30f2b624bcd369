"""Every text of a template reaches the catalogue, and the catalogue lacks no French."""

from io import BytesIO
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.pofile import read_po
from django.conf import settings

from config.message_extraction import extract_template


def texts_of(template: str) -> list[object]:
    found = extract_template(BytesIO(template.encode()), DEFAULT_KEYWORDS, [], {})
    return [texts for _line, _function, texts, _comments in found]


def test_translate_tags_are_found_whatever_their_indentation() -> None:
    assert texts_of('<p>\n    {% translate "Sites" %}\n  {% translate "Rooms" %}</p>') == [
        "Sites",
        "Rooms",
    ]


def test_blocks_keep_their_placeholders() -> None:
    template = "{% blocktranslate trimmed %}\n  Page {{ number }}\n{% endblocktranslate %}"

    assert texts_of(template) == ["Page %(number)s"]


def test_plurals_carry_both_forms() -> None:
    template = (
        "{% blocktranslate count n=rooms|length %}{{ n }} room"
        "{% plural %}{{ n }} rooms{% endblocktranslate %}"
    )

    (found,) = texts_of(template)

    assert found[:2] == ("%(n)s room", "%(n)s rooms")


def test_every_french_text_is_there() -> None:
    path = Path(settings.BASE_DIR) / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr")

    lacking = [message.id for message in catalogue if message.id and not message.string]

    assert lacking == []
