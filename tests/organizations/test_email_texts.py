"""What the mails' templates write, in the reader's language."""

import datetime as dt

import pytest
from django.template.loader import render_to_string
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "When: Monday 7 January 2030, 09:00–10:00"),
        ("fr", "Quand\u00a0: lundi 7 janvier 2030, 09:00–10:00"),
    ],
)
def test_facts_follow_the_typography_of_the_language(language: str, line: str) -> None:
    start = dt.datetime(2030, 1, 7, 9, 0)
    facts = {"starts_at": start, "ends_at": start.replace(hour=10), "room": "A", "site": "B"}

    with translation.override(language):
        text = render_to_string("emails/_facts.txt", facts)

    assert text.splitlines()[0] == line
