"""What no browser sends by the website's forms: refused at the form, no fault, and nothing left behind.

Source: safety, S-09, S-29, S-30, S-34, S-53.
"""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from apitokens.models import ApiAccessRequest, ApiToken, WebhookEndpoint
from booking.domain import registration_links
from booking.models import Meeting
from booking.pages import change_forms
from config import links
from config.links import Purpose
from organizations.domain import verifications
from organizations.models import EmailVerification, Invitation, JoinRequest, User
from tests.factories.apitokens import ApiTokenFactory, WebhookEndpointFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.staff import BACKEND
from tests.safety import hostile_world as world
from tests.safety.hostile_world import HOOK, MEETING, PLACE, ROOM, SITE

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 2, 12, 0, tzinfo=dt.UTC)
TOKEN, OTHER_TOKEN, OTHER_WEBHOOK, WISH, PROOF, INVITED, COLLEAGUE, HELD = (
    f"5f000000000000000000002{digit}" for digit in "12345678"
)
COMPANY = {
    "name": "Acme",
    "country": "FR",
    "company_number": "12345678901234",
    "vat_number": "",
    "address": "1 Quay\n75010 Paris",
    "first_name": "Ada",
    "last_name": "Byron",
    "phone": "06 12 34 56 78",
    "max_resident_users": "3",
    "comments": "A desk\nby the window",
    "terms": "on",
}
BOOKING = {
    "duration": "60",
    "people": "2",
    "name": "Planning",
    "contact_name": "Ada Byron",
    "contact_email": "ada@visitor.example",
    "terms": "on",
}
WAIT = {
    "day": "2030-01-08",
    "start": "09:00",
    "end": "12:00",
    "duration": "60",
    "people": "2",
    "contact_name": "Ada",
    "contact_email": "ada@visitor.example",
}
MOVE = {
    "day": "2030-01-08",
    "time": "10:00",
    "duration": "60",
    "room": ROOM,
    "people": "2",
    "name": "Board",
    "confirm": "1",
}
PROFILE = {"first_name": "Ada", "last_name": "Byron", "phone": "+33612345678", "language": "en"}
INVOICED = {
    "name": "Acme",
    "vat_number": "",
    "address": "1 Quay\n75010 Paris",
    "email": "bills@acme.example",
    "phone": "",
    "language": "en",
}
REPEATED = BOOKING | {"repeats": "WEEKLY", "times": "2"}
PASSWORDS = {"password1": "a long good phrase", "password2": "a long good phrase"}
TRY = {"method": "POST", "token": "", "body": '{"email": "a@b.example"}', "dry_run": "on"}
MANAGE, COMPLETE, LEAVE, VERIFY, DECIDE, JOIN = (
    "<manage-booking>",
    "<complete-registration>",
    "<leave-waitlist>",
    "<verify-email>",
    "<decide-joining>",
    "<accept-invitation>",
)
FORMS: dict[str, tuple[str, dict[str, str]]] = {
    f"/book/?room={ROOM}&start=2030-01-08T10:00&duration=60": ("visitor", BOOKING),
    f"/book/?room={ROOM}&start=2030-01-09T10:00&duration=60": ("member", REPEATED),
    "/register/": ("visitor", COMPANY | {"email": "ada@visitor.example", "site_id": SITE}),
    f"/register/k/{COMPLETE}/": ("visitor", COMPANY | PASSWORDS),
    "/register/resend/": ("visitor", {"email": "ada@visitor.example"}),
    f"/register/verify/k/{VERIFY}/": ("visitor", PASSWORDS),
    f"/waitlist/?room={ROOM}": ("visitor", WAIT),
    f"/waitlist/?site={SITE}": ("visitor", WAIT),
    f"/waitlist/k/{LEAVE}/": ("visitor", {"leave": "1"}),
    f"/booking/k/{MANAGE}/change/": ("visitor", MOVE),
    f"/booking/k/{MANAGE}/cancel/": ("visitor", {"scope": "this", "reason": "Ill"}),
    f"/booking/k/{MANAGE}/retry/": ("visitor", {"x": "1"}),
    f"/team/k/{DECIDE}/": ("visitor", {"approve": "1"}),
    "/account/api/access/": ("member", {"purpose": "We sync our rooms\nwith a panel"}),
    "/account/api/tokens/new/": ("developer", {"name": "Panel", "scopes": "read"}),
    f"/account/api/tokens/{TOKEN}/regenerate/": ("developer", {"x": "1"}),
    f"/account/api/tokens/{TOKEN}/delete/": ("developer", {"x": "1"}),
    "/account/api/webhooks/new/": (
        "developer",
        {"url": HOOK, "description": "Panel", "events": "meeting.confirmed"},
    ),
    f"/account/api/webhooks/{world.WEBHOOK}/": ("developer", {"do": "test", "replay": PLACE}),
    f"/account/api/webhooks/{world.WEBHOOK}/secret/": ("developer", {"x": "1"}),
    f"/account/api/webhooks/{world.WEBHOOK}/delete/": ("developer", {"x": "1"}),
    "/developers/reference/check-email/": ("visitor", TRY),
    f"/account/team/{WISH}/": ("leader", {"approve": "1"}),
    "/account/team/invite/": (
        "leader",
        {"email": "ada@visitor.example", "role": "user", "language": "en"},
    ),
    f"/account/team/invitations/{INVITED}/": ("leader", {"withdraw": "1"}),
    f"/account/team/people/{COLLEAGUE}/": ("leader", {"role": "admin"}),
    f"/account/team/people/{COLLEAGUE}/remove/": ("leader", {"heir": "1"}),
    "/account/team/leave/": ("member", {"heir": "1"}),
    "/account/profile/": ("member", PROFILE),
    "/account/company/change/": ("leader", INVOICED),
    "/account/data/delete/": ("member", {"x": "1"}),
    f"/invitation/k/{JOIN}/": (
        "visitor",
        PASSWORDS | {"first_name": "Ada", "last_name": "Byron"},
    ),
}
"""Each form: who sends it, and what would be taken."""

LINES = {"name", "first_name", "last_name", "contact_name", "company_number", "vat_number"}
LINES |= {"phone", "description", "reason"}
TEXTS = {"address", "comments", "purpose"}
BAD: dict[str, str] = {
    "nul": "a\x00b",
    "escape": "a\x1b[31mb",
    "next line": "a\x85b",
    "header": "a@b.example\r\nBcc: all@list.example",
    "endless": "x" * 20_000,
    "html": "<script>alert(1)</script>",
    "template": "{{7*7}}{% debug %}",
    "growing": "\u0130\u00df\ufb03" * 60,
    "far number": "9" * 400,
    "not a number": "NaN",
    "minus": "-1",
    "deep": "[" * 50_000,
    "lone surrogate": '{"email": "\\ud800"}',
    "far day": "9999-12-31",
    "first day": "0001-01-01",
}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clients() -> dict[str, Client]:
    """Make what the forms are about; return a client for each sort of person."""
    token = world.made()
    developer: User = token.owner
    company = OrganizationFactory()
    leader = UserFactory(organization=company, role="principal-admin")
    UserFactory(id=COLLEAGUE, organization=company)
    Invitation.objects.create(
        id=INVITED,
        organization=company,
        invited_by=leader,
        email="grace@visitor.example",
        created_at=NOW,
        sent_at=NOW,
        expires_at=NOW + dt.timedelta(days=14),
    )
    newcomer = UserFactory(new=True, email="newcomer@visitor.example")
    MeetingFactory(id=HELD, pending=True, organizer=newcomer, starts_at=NOW + dt.timedelta(days=3))
    unproven = UserFactory(new=True, email="new@visitor.example")
    JoinRequest.objects.create(id=WISH, person=unproven, organization=company, created_at=NOW)
    EmailVerification.objects.create(
        id=PROOF,
        user=unproven,
        email=unproven.email,
        created_at=NOW,
        expires_at=NOW + verifications.LIFETIME,
    )
    ApiTokenFactory(id=TOKEN, owner=developer)
    ApiTokenFactory(id=OTHER_TOKEN)
    WebhookEndpointFactory(id=OTHER_WEBHOOK)
    people = {"developer": developer, "leader": leader, "member": UserFactory()}
    found = {"visitor": Client(raise_request_exception=False)}
    for name, person in people.items():
        found[name] = Client(raise_request_exception=False)
        found[name].force_login(person, backend=BACKEND)
    return found


def address(form: str) -> str:
    """Put signed keys into an address."""
    subjects = {
        MANAGE: (Purpose.MANAGE_BOOKING, MEETING),
        COMPLETE: (
            Purpose.COMPLETE_REGISTRATION,
            registration_links.subject(Meeting.objects.get(pk=HELD)),
        ),
        LEAVE: (Purpose.LEAVE_WAITLIST, PLACE),
        VERIFY: (Purpose.VERIFY_EMAIL, PROOF),
        DECIDE: (Purpose.DECIDE_JOINING, f"{WISH}-{_leader()}"),
        JOIN: (Purpose.ACCEPT_INVITATION, INVITED),
    }
    for mark, (purpose, subject) in subjects.items():
        if mark in form:
            return form.replace(mark, links.key(purpose, subject))
    return form


def agreed(typed: dict[str, str]) -> dict[str, str]:
    """Agree to just what is typed, where a form asks for that."""
    is_asked = typed.get("confirm") == "1"
    return typed | {"confirm": change_forms.digest(typed)} if is_asked else typed


def _leader() -> str:
    return User.objects.get(role="principal-admin").pk


@pytest.mark.parametrize("form", FORMS)
def test_the_attacked_form_would_be_taken(clients, form):
    who, typed = FORMS[form]

    assert clients[who].post(address(form), agreed(typed)).status_code in (200, 302)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_typed_is_a_fault_and_a_refusal_changes_nothing(clients, form):
    who, typed = FORMS[form]
    path, before = address(form), world.counts()

    for name in typed:
        for kind, text in BAD.items():
            answer = clients[who].post(path, agreed(typed | {name: text}))
            assert answer.status_code < 500, (name, kind)
            assert "<script>alert" not in answer.content.decode(), (name, kind)
            after = world.counts()
            if answer.status_code in (400, 404, 409, 422):
                assert after == before, (name, kind)
            before = after


@pytest.mark.parametrize(
    ("form", "name"),
    [(form, name) for form, (_, typed) in FORMS.items() for name in typed if name in LINES | TEXTS],
)
def test_control_characters_are_refused_at_the_form(clients, form, name):
    who, typed = FORMS[form]
    path, before = address(form), world.counts()

    for sign in ("\x00", "\x07", "\x1b", "\x7f"):
        text = f"{typed[name]} ten{sign} letters"
        assert clients[who].post(path, typed | {name: text}).status_code == 422, repr(sign)

    assert (world.counts(), ApiAccessRequest.objects.count()) == (before, 0)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_another_site_is_refused(clients, form):
    """The forms whose address is a secret take the key for it; each other one needs our own page."""
    who, typed = FORMS[form]
    is_kept_by_its_key = any(mark in form for mark in (VERIFY, DECIDE, JOIN))
    path, before = address(form), world.counts()
    client = Client(enforce_csrf_checks=True)
    client.cookies = clients[who].cookies

    headers = {"Origin": "https://elsewhere.example"}
    if is_kept_by_its_key:
        wrong = path.rstrip("/")[:-3] + "AAA/"
        assert client.post(wrong, typed, headers=headers).status_code == 404
    else:
        assert client.post(path, typed, headers=headers).status_code == 403
    assert world.counts() == before


OTHERS = [
    f"/account/api/tokens/{OTHER_TOKEN}/regenerate/",
    f"/account/api/tokens/{OTHER_TOKEN}/delete/",
    f"/account/api/webhooks/{OTHER_WEBHOOK}/",
    f"/account/api/webhooks/{OTHER_WEBHOOK}/secret/",
    f"/account/api/webhooks/{OTHER_WEBHOOK}/delete/",
]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", OTHERS)
def test_what_is_anothers_is_as_unknown_as_what_is_not(clients, path, method):
    tokens, webhooks = _rows(ApiToken), _rows(WebhookEndpoint)

    answer = getattr(clients["developer"], method)(path, {"do": "off"})
    unknown = getattr(clients["developer"], method)(
        path.replace(OTHER_TOKEN, world.UNKNOWN).replace(OTHER_WEBHOOK, world.UNKNOWN),
        {"do": "off"},
    )

    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert (_rows(ApiToken), _rows(WebhookEndpoint)) == (tokens, webhooks)


@pytest.mark.parametrize("form", [form for form, (who, _) in FORMS.items() if who == "developer"])
def test_who_loses_the_role_in_mid_session_loses_the_pages(clients, form):
    User.objects.filter(api_role="api-developer").update(api_role="")
    tokens, webhooks = _rows(ApiToken), _rows(WebhookEndpoint)

    answer = clients["developer"].post(form, FORMS[form][1])

    assert (answer.status_code, answer.headers.get("Location")) == (302, "/account/api/access/")
    assert (_rows(ApiToken), _rows(WebhookEndpoint)) == (tokens, webhooks)


def _rows(model: Any) -> list[dict[str, Any]]:
    return list(model.objects.order_by("pk").values())
