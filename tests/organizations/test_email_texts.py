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


ONBOARDING = {
    "verify_email": {"first_name": "Ada", "company": "Acme", "link": "https://x.example/k/1"},
    "password_asked": {"link": "https://x.example/reset"},
    "second_factor_reset": {"link": "https://x.example/reset"},
    "already_registered": {},
    "not_registered": {},
    "registration_refused": {},
    "join_asked": {
        "person": "Ada Byron",
        "email": "ada@acme.example",
        "company": "Acme",
        "comments": "Hello",
        "link": "https://x.example/k/1",
    },
    "join_approved": {"company": "Acme"},
    "team_invited": {"inviter": "Ada Byron", "company": "Acme", "link": "https://x.example/k/1"},
    "team_joined": {"person": "Grace Hopper", "email": "grace@acme.example", "company": "Acme"},
    "team_left": {"company": "Acme"},
    "card_blocked": {"number": "CARD-1", "person": "Ada Byron"},
    "join_refused": {"company": "Acme"},
    "staff_join_asked": {"person": "Ada", "email": "ada@acme.example", "company": "Acme"},
    "staff_deletion_asked": {"person": "Ada", "email": "ada@acme.example", "person_id": "5f"},
    "deletion_asked": {"days": "30"},
    "staff_contradiction": {
        "email": "ada@acme.example",
        "company": "Acme",
        "company_number": "1",
        "vat_number": "2",
    },
    "staff_enquiries": {"token_name": "Forms", "token_id": "5f", "owner": "ada@acme.example"},
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", ONBOARDING)
def test_mails_about_registrations_say_all_they_know(name: str, language: str) -> None:
    shared = {"brand": "Workways", "support_email": "help@x.example", "home": "https://x.example"}
    facts = ONBOARDING[name]

    with translation.override(language):
        parts = {
            part: render_to_string(f"emails/{name}.{part}", facts | shared)
            for part in ("subject.txt", "txt", "html")
        }

    assert len(parts["subject.txt"].strip().splitlines()) == 1
    assert 5 < len(parts["subject.txt"].strip()) <= 120
    for part in ("txt", "html"):
        assert "help@x.example" in parts[part]
        assert [value for value in facts.values() if value not in parts[part]] == []


DATES = [
    {
        "starts_at": dt.datetime(2030, 1, 7, 9, 0),
        "ends_at": dt.datetime(2030, 1, 7, 10, 30),
        "room": "Atlas",
        "site": "Bastille",
    },
    {
        "starts_at": dt.datetime(2030, 1, 8, 14, 0),
        "ends_at": dt.datetime(2030, 1, 8, 15, 0),
        "room": "Zenith",
        "site": "Opéra",
    },
]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Monday 7 January 2030, 09:00–10:30, Atlas, Bastille"),
        ("fr", "lundi 7 janvier 2030, 09:00–10:30, Atlas, Bastille"),
    ],
)
@pytest.mark.parametrize("name", ["team_left", "bookings_handed_over"])
def test_mails_about_departures_list_every_booking(name: str, language: str, line: str) -> None:
    facts = {"dates": DATES, "company": "Acme", "home": "https://x.example"}

    with translation.override(language):
        texts = [render_to_string(f"emails/{name}.{part}", facts) for part in ("txt", "html")]

    for text in texts:
        assert line in text
        assert "14:00–15:00, Zenith, Opéra" in text


def test_departures_mail_without_bookings_speaks_of_none() -> None:
    with translation.override("en"):
        text = render_to_string("emails/team_left.txt", {"dates": [], "company": "Acme"})

    assert "taken over" not in text
