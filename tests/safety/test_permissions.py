"""Who may call what: every address of the portal by every kind of caller. Source: safety, S-10.

An address that is missing here fails the first test; decide who may call it, then add its row.
"""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from config import links
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory
from tests.factories.staff import BACKEND, logged_in

pytestmark = pytest.mark.django_db

SITE, ROOM, OFFICE = (f"5f000000000000000000000{digit}" for digit in "123")
MEETING = "5f0000000000000000000004"
MISSING_WISH = "5f0000000000000000000005"
MISSING = 404
# What a GET answers: nobody logged in, a member, a developer logged in, staff; 302 leads to the log-in.
EVERYBODY = (200, 200, 200, 200)
NOBODY = (MISSING,) * 4
LOGGED_IN = (302, 200, 200, 200)
DEVELOPERS = (302, 302, 200, 200)  # a member is led to where one asks for API access
WITHOUT_LOG_IN = (200, 302, 302, 302)
WITH_PASSWORD = (302, 403, 403, 200)  # of these only staff have a password to prove again
POST_ONLY = (405,) * 4
WITH_TOKEN = (405,) * 4  # a GET is refused before anything else; see the test of tokens
TOKEN_ONLY = (401,) * 4  # a session is no token

ROWS: dict[str, tuple[int, int, int, int]] = {
    "/livez": EVERYBODY,
    "/readyz": EVERYBODY,
    "/healthz": EVERYBODY,
    "/api/countries": EVERYBODY,
    "/api/check-email": WITH_TOKEN,
    "/api/meeting-request": WITH_TOKEN,
    "/api/usage": TOKEN_ONLY,
    "/api/changes": TOKEN_ONLY,
    "/api/webhooks": TOKEN_ONLY,
    f"/api/webhooks/deliveries?webhook={MEETING}": TOKEN_ONLY,
    "/api/webhooks/replay": WITH_TOKEN,
    "/api/webhooks/test": WITH_TOKEN,
    "/api/register": WITH_TOKEN,
    "/api/user-info?email=a@b.example": TOKEN_ONLY,
    "/api/contract-options": TOKEN_ONLY,
    "/api/organization-info": TOKEN_ONLY,
    "/api/merge-contract": WITH_TOKEN,
    f"/api/meeting?id={MEETING}": TOKEN_ONLY,
    "/api/meeting-change": WITH_TOKEN,
    f"/api/meeting-cancel?meetingId={MEETING}": TOKEN_ONLY,
    f"/api/meeting-series?id={MEETING}": TOKEN_ONLY,
    "/api/meeting-series-retry": WITH_TOKEN,
    "/api/sites": EVERYBODY,
    "/api/rooms": EVERYBODY,
    f"/api/icsfeed?rooms={ROOM}": EVERYBODY,
    f"/api/availability?room={ROOM}&from=2030-01-07&to=2030-01-08": EVERYBODY,
    "/api/room-price": (401,) * 4,
    "/api/waitlist": WITH_TOKEN,
    "/api/find?duration=60&from=2030-01-07&to=2030-01-08": EVERYBODY,
    "/api/schema": EVERYBODY,
    "/api/nothing": NOBODY,
    f"/imageroom?id={ROOM}": EVERYBODY,
    "/site-x.css": EVERYBODY,
    "/accounts/email/": NOBODY,
    "/accounts/2fa/totp/activate/": (302, 200, 200, 302),
    "/accounts/login/": WITHOUT_LOG_IN,
    "/accounts/logout/": (302, 200, 200, 200),
    "/accounts/inactive/": EVERYBODY,
    "/accounts/signup/": (200, 302, 302, 302),
    "/accounts/reauthenticate/": WITH_PASSWORD,
    "/accounts/confirm-email/": EVERYBODY,
    "/accounts/password/change/": (302, 302, 302, 200),
    "/accounts/password/set/": (302, 200, 200, 302),
    "/accounts/password/reset/": EVERYBODY,
    "/accounts/login/code/confirm/": (302, 302, 302, 302),
    "/accounts/confirm-email/x/": EVERYBODY,
    "/accounts/password/reset/key/done/": EVERYBODY,
    "/accounts/password/reset/key/1-x/": EVERYBODY,
    "/accounts/password/reset/done/": EVERYBODY,
    "/accounts/2fa/": LOGGED_IN,
    "/accounts/2fa/authenticate/": (302, 302, 302, 302),
    "/accounts/2fa/reauthenticate/": WITH_PASSWORD,
    "/accounts/2fa/totp/deactivate/": (302, 404, 404, 302),
    "/accounts/2fa/recovery-codes/": (302, 404, 404, 404),
    "/accounts/2fa/recovery-codes/generate/": (302, 200, 200, 302),
    "/accounts/2fa/recovery-codes/download/": (302, 404, 404, 404),
    "/accounts/sessions/": LOGGED_IN,
    "/styleguide/": EVERYBODY,
    "/terms/": EVERYBODY,
    "/privacy/": EVERYBODY,
    "/legal/": EVERYBODY,
    "/developers/": EVERYBODY,
    "/developers/quick-start/": EVERYBODY,
    "/developers/reference/": EVERYBODY,
    "/developers/reference/sites/": EVERYBODY,
    "/developers/workplace/": EVERYBODY,
    "/developers/workplace/team-settings/": EVERYBODY,
    "/demo/": EVERYBODY,
    "/": EVERYBODY,
    "/find/": EVERYBODY,
    "/sites/": EVERYBODY,
    f"/sites/{SITE}/": EVERYBODY,
    f"/rooms/{ROOM}/": EVERYBODY,
    f"/book/?room={ROOM}&start=2030-01-07T10:00&duration=60": EVERYBODY,
    "/book/received/k/x/": NOBODY,
    "/booking/k/x/": NOBODY,
    "/booking/k/x/cancel/": POST_ONLY,
    "/booking/k/x/change/": NOBODY,
    "/booking/k/x/retry/": POST_ONLY,
    "/booking/k/x/calendar.ics": NOBODY,
    "/booking/confirm/k/x/": NOBODY,
    "/register/": (200, 302, 200, 200),  # who has a company needs no other
    "/register/check/": POST_ONLY,
    "/register/k/x/": NOBODY,
    "/register/received/k/x/": NOBODY,
    "/register/verify/k/x/": NOBODY,
    "/register/verified/k/x/": NOBODY,
    "/register/resend/": EVERYBODY,
    "/account/team/": (302, 404, 404, 404),  # the principal administrator's alone
    f"/account/team/{MISSING_WISH}/": (302, 404, 404, 404),
    "/account/team/invite/": (302, 404, 404, 404),
    f"/account/team/invitations/{MISSING_WISH}/": (302, 404, 404, 404),
    f"/account/team/people/{MISSING_WISH}/": (302, 404, 404, 404),
    f"/account/team/people/{MISSING_WISH}/remove/": (302, 404, 404, 404),
    "/account/team/leave/": (302, 200, 404, 404),  # who has a company can leave it
    "/account/profile/": LOGGED_IN,
    "/account/data/": LOGGED_IN,
    "/account/data/my-data.json": LOGGED_IN,
    "/account/data/delete/": (302, 405, 405, 405),
    "/account/company/": (302, 200, 404, 404),  # who belongs to one
    "/account/company/change/": (302, 404, 404, 404),  # the principal administrator's alone
    f"/account/company/cards/{MISSING_WISH}/block/": (302, 404, 404, 404),
    "/account/statements/": (302, 404, 404, 404),  # the principal administrator's alone
    f"/account/statements/{MISSING_WISH}/": (302, 404, 404, 404),
    f"/account/statements/{MISSING_WISH}/lines.csv": (302, 404, 404, 404),
    "/team/k/x/": NOBODY,
    "/invitation/k/x/": NOBODY,
    "/account/calendar/": LOGGED_IN,
    "/account/calendar/mine/new/": (302, 405, 405, 405),
    "/account/calendar/mine/revoke/": (302, 405, 405, 405),
    "/calendar/k/x/meetings.ics": NOBODY,
    "/account/api/": DEVELOPERS,
    "/account/api/access/": (302, 200, 302, 302),  # who has access is led to the tokens
    "/account/api/calls/": DEVELOPERS,
    "/account/api/tokens/new/": DEVELOPERS,
    "/account/api/keys/new/": (302, 302, MISSING, 200),  # a developer of no company has none
    f"/account/api/tokens/{MEETING}/regenerate/": (302, 302, MISSING, MISSING),
    f"/account/api/tokens/{MEETING}/delete/": (302, 302, MISSING, MISSING),
    f"/waitlist/?room={ROOM}": EVERYBODY,
    "/waitlist/joined/": EVERYBODY,
    "/waitlist/k/x/": NOBODY,
    "/account/api/webhooks/": DEVELOPERS,
    "/account/api/webhooks/new/": DEVELOPERS,
    f"/account/api/webhooks/{MEETING}/": (302, 302, MISSING, MISSING),
    f"/account/api/webhooks/{MEETING}/secret/": (302, 302, MISSING, MISSING),
    f"/account/api/webhooks/{MEETING}/delete/": (302, 302, MISSING, MISSING),
    "/account/": LOGGED_IN,
    "/account/week/": LOGGED_IN,
    "/account/week/save/": (302, 405, 405, 405),
    "/account/week/visibility/": (302, 405, 405, 405),
    f"/account/week/answer/{MEETING}/": (302, 405, 405, 405),
    "/workplace/v1/allocations": TOKEN_ONLY,
    "/workplace/v1/evolve/start": WITH_TOKEN,
    "/workplace/v1/evolve/status": TOKEN_ONLY,
    "/workplace/v1/forecast/locations": TOKEN_ONLY,
    "/workplace/v1/forecast/people": TOKEN_ONLY,
    "/workplace/v1/forecast/start": WITH_TOKEN,
    "/workplace/v1/forecast/status": TOKEN_ONLY,
    "/workplace/v1/forecast/teams": TOKEN_ONLY,
    "/workplace/v1/intentions": TOKEN_ONLY,
    "/workplace/v1/intentions/external": WITH_TOKEN,
    f"/workplace/v1/intentions/{MEETING}": WITH_TOKEN,
    f"/workplace/v1/intentions/{MEETING}/accept": WITH_TOKEN,
    f"/workplace/v1/intentions/{MEETING}/decline": WITH_TOKEN,
    f"/workplace/v1/intentions/{MEETING}/cancel": WITH_TOKEN,
    "/workplace/v1/nothing": NOBODY,
    "/workplace/v1/occupancy": TOKEN_ONLY,
    "/workplace/v1/schema": EVERYBODY,
    "/workplace/v1/team/settings": TOKEN_ONLY,
}


def patterns(entries: list[URLPattern | URLResolver], before: tuple = ()) -> Iterator[tuple]:
    """Yield each address's chain of patterns."""
    for entry in entries:
        chain = (*before, entry)
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, chain)
        else:
            yield chain


def is_admin(chain: tuple) -> bool:
    return any(isinstance(each, URLResolver) and each.app_name == "admin" for each in chain)


def route(chain: tuple) -> str:
    return "".join(str(each.pattern) for each in chain).replace("^", "")


@pytest.fixture
def world() -> None:
    room = RoomFactory(id=ROOM, site__id=SITE)
    RoomLeaseFactory(room__id=OFFICE, room__site=room.site)
    MeetingFactory(id=MEETING, room=room)


def browser(**values: object) -> Client:
    client = Client()
    client.force_login(UserFactory(**values), backend=BACKEND)
    return client


def test_every_address_has_its_row() -> None:
    resolver = get_resolver()
    here = {resolver.resolve(path.partition("?")[0]).route.replace("^", "") for path in ROWS}
    everywhere = {route(chain) for chain in patterns(resolver.url_patterns) if not is_admin(chain)}

    assert everywhere - here == set()


@pytest.mark.parametrize(("path", "statuses"), ROWS.items(), ids=ROWS.keys())
def test_address_by_caller(world: None, path: str, statuses: tuple[int, ...]) -> None:
    callers = (Client(), browser(), browser(developer=True), logged_in())

    assert tuple(caller.get(path).status_code for caller in callers) == statuses


def admin_paths() -> list[str]:
    found = {
        "/"
        + route(chain).replace("<path:object_id>", MEETING).replace("<path:content_type_id>", "1")
        for chain in patterns(get_resolver().url_patterns)
        if is_admin(chain) and "(?P" not in route(chain)
    }
    return sorted({*found, "/admin/booking/", "/admin/nothing/"} - {"/admin/login/"})


@pytest.mark.parametrize("method", ["get", "post"])
def test_back_office_opens_to_staff_with_their_second_factor_alone(
    world: None, method: str
) -> None:
    callers = {
        "nobody": Client(),
        "member": browser(),
        "company's administrator": browser(role="principal-admin"),
        "developer": browser(developer=True),
        "staff without second factor": browser(app_admin=True),
    }
    assert len(admin_paths()) > 100
    opened = [
        (name, path)
        for name, client in callers.items()
        for path in admin_paths()
        if getattr(client, method)(path).status_code not in (302, 403)
    ]

    assert opened == []
    assert logged_in().get("/admin/booking/meeting/").status_code == 200


def test_links_of_one_booking_open_without_log_in_and_reading_changes_nothing(world: None) -> None:
    key = links.key(links.Purpose.MANAGE_BOOKING, MEETING)

    pages = [Client().get(f"/booking/k/{key}/{page}") for page in ("", "calendar.ics")]

    assert [page.status_code for page in pages] == [200, 200]
    assert {page["Cache-Control"] for page in pages} == {
        "max-age=0, no-cache, no-store, must-revalidate, private"
    }
    assert {page["Referrer-Policy"] for page in pages} == {"same-origin"}


def test_a_session_is_no_token_and_a_token_is_no_session(world: None) -> None:
    token = ApiTokenFactory(owner__app_admin=True)

    for client in (browser(developer=True), logged_in()):
        assert client.post("/api/check-email", {"email": "a@b.example"}).status_code == 401
    for path in ("/account/", "/admin/", "/admin/organizations/user/"):
        assert Client().get(path, headers=token.header).status_code == 302
    assert Client().get("/api/sites", headers=token.header).status_code == 200


def test_what_a_token_alone_opens(world: None) -> None:
    token = ApiTokenFactory()
    hidden = RoomLeaseFactory(room__site_id=SITE).room

    def seen(**headers: str) -> tuple[set[str], int]:
        rooms = Client().get("/api/rooms", headers=headers).json()["data"]
        typed = Client().get("/api/rooms?type=privateOffice", headers=headers)
        return {room["_id"] for room in rooms}, typed.status_code

    assert seen() == ({ROOM}, 401)
    assert seen(**token.header) == ({ROOM, OFFICE, hidden.id}, 200)


@pytest.mark.parametrize(
    "path",
    [
        "/rooms/{room}/",
        "/fr/rooms/{room}/",
        "/book/?room={room}&start=2030-01-07T10:00&duration=60",
        "/imageroom?id={room}",
        "/api/availability?room={room}&from=2030-01-07&to=2030-01-08",
        "/api/rooms?site={site}",
        "/sites/{site}/",
        "/find/?where={site}",
        "/register/?room={room}",
    ],
)
@pytest.mark.parametrize("kind", ["leased office", "private meeting room", "hidden site"])
def test_no_public_answer_names_a_room_that_is_not_public(kind: str, path: str) -> None:
    name = "Zanzibar"
    if kind == "leased office":
        room = RoomLeaseFactory(room__name=name).room
    elif kind == "private meeting room":
        room = RoomFactory(type="privateMeeting", name=name)
    else:
        room = RoomFactory(site__hidden=True, name=name)

    response = Client().get(path.format(room=room.id, site=room.site_id))

    assert name not in response.content.decode("utf-8", "replace")
