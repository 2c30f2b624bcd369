"""Settings → API Developer Settings. Source: Public API, "Token Management"; safety, S-02 to S-04, S-09."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from apitokens.domain import callers, own_tokens
from apitokens.models import ApiAccessRequest, ApiCall, ApiToken, ApiUsage
from organizations.models import User
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory, WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.staff import BACKEND, logged_in, staff_member

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
TOKENS, NEW, CALLS, ACCESS = (
    f"/account/api/{page}" for page in ("", "tokens/new/", "calls/", "access/")
)
PLAIN = re.compile(r"ww_dev_[0-9a-f]{64}")
NO_STORE = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def developer():
    return UserFactory(developer=True)


def browser(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def calls(plain):
    headers = {"Authorization": f"Bearer {plain}"}
    answer = Client().get("/api/rooms", headers=headers)
    return answer.status_code, answer.json()["message"]


def text(response):
    return response.content.decode()


# --- keys of the Workplace API -------------------------------------------------------------------
NEW_KEY = "/account/api/keys/new/"
PLAIN_KEY = re.compile(r"ww_wp_[0-9a-f]{64}")


def test_a_companys_developer_makes_a_key_of_their_own_workplace():
    person = UserFactory(api_role="api-developer", organization__name="Acme")
    client = browser(person)
    assert NEW_KEY in text(client.get(TOKENS))
    assert "It sees the workplace of Acme." in text(client.get(NEW_KEY))

    form = {"name": "Badges", "scopes": ["workplace:read"], "organization": ""}
    shown = client.post(NEW_KEY, form)

    [plain] = set(PLAIN_KEY.findall(text(shown)))
    key = callers.identify_key(plain)
    assert (key.organization, key.scopes) == (person.organization, ["workplace:read"])
    assert shown["Cache-Control"] == NO_STORE
    overview = text(client.get(TOKENS))
    assert "Workplace API · Acme" in overview
    assert not PLAIN_KEY.search(overview)


@pytest.mark.parametrize("scope", ["workplace:admin", "people:forecast", "read"])
def test_a_companys_developer_gives_a_key_no_more_than_reading_and_writing(scope):
    client = browser(UserFactory(api_role="api-developer"))

    response = client.post(NEW_KEY, {"name": "x", "scopes": [scope]})

    assert response.status_code == 422
    assert f'value="{scope}"' not in text(client.get(NEW_KEY))
    assert not ApiToken.objects.exists()


def test_a_developer_of_no_company_makes_none(developer):
    client = browser(developer)

    assert NEW_KEY not in text(client.get(TOKENS))
    assert client.post(NEW_KEY, {"name": "x", "scopes": ["workplace:read"]}).status_code == 404
    assert not ApiToken.objects.exists()


def test_staff_make_keys_of_every_organization_and_of_the_operator():
    one, two = OrganizationFactory(name="One"), OrganizationFactory(name="Two")
    OrganizationFactory.create_batch(2, name="Twin")
    client = logged_in()

    def made(typed):
        form = {"name": "x", "scopes": ["workplace:admin"], "organization": typed}
        response = client.post(NEW_KEY, form)
        found = PLAIN_KEY.findall(text(response))
        return callers.identify_key(found[0]).organization if found else response.status_code

    assert [made("one"), made(two.pk), made("")] == [one, two, None]
    assert [made("Twin"), made("Nobody")] == [422, 422]


@pytest.mark.parametrize("page", [NEW, NEW_KEY])
def test_who_may_do_less_by_the_click_is_shown_the_form_anew(monkeypatch, page):
    client = logged_in()
    form = {"name": "x", "scopes": ["contracts:write"]}
    if page == NEW_KEY:
        form = {"name": "x", "scopes": ["workplace:read"], "organization": OrganizationFactory().pk}

    def taken(_room, original=own_tokens._with_room):
        User.objects.update(api_role="api-developer")
        return original(_room)

    monkeypatch.setattr(own_tokens, "_with_room", taken)
    response = client.post(page, form)

    assert (response.status_code, response.url) == (302, page)
    assert not ApiToken.objects.exists()


def test_keys_and_tokens_count_together():
    person = UserFactory(api_role="api-developer")
    ApiTokenFactory.create_batch(20, owner=person)

    response = browser(person).post(NEW_KEY, {"name": "x", "scopes": ["workplace:read"]})

    assert response.status_code == 409


def test_a_key_stays_a_key_when_it_is_regenerated_unless_its_owner_has_left():
    key = WorkplaceKeyFactory(for_organization=True)
    client, page = browser(key.owner), f"/account/api/tokens/{key.pk}/regenerate/"

    [plain] = set(PLAIN_KEY.findall(text(client.post(page))))
    assert callers.identify_key(plain) == key
    type(key.owner).objects.update(organization=OrganizationFactory())
    response = client.post(page)

    assert response["Location"] == page
    assert "an organization that you have left" in text(client.get(page))


# --- tokens ------------------------------------------------------------------------------------


def test_a_new_token_is_shown_once_and_works(developer):
    client = browser(developer)
    form = {"name": "Make.com", "scopes": ["read", "bookings:write"]}

    shown = client.post(NEW, form)

    [plain] = set(PLAIN.findall(text(shown)))
    token = ApiToken.objects.get()
    assert (token.owner, token.name, token.scopes) == (developer, "Make.com", form["scopes"])
    assert shown["Cache-Control"] == NO_STORE
    assert calls(plain)[0] == 200
    for page in (TOKENS, CALLS, NEW, f"/account/api/tokens/{token.pk}/regenerate/"):
        assert not PLAIN.search(text(client.get(page)))
        assert token.token_hash not in text(client.get(page))
    assert f"{token.prefix}…" in text(client.get(TOKENS))


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"name": "", "scopes": ["read"]},
        {"name": "x"},
        {"name": "x", "scopes": []},
        {"name": "x" * 101, "scopes": ["read"]},
        {"name": "x", "scopes": ["fly"]},
        {"name": "x", "scopes": ["read", "contracts:write"]},
        {"name": "a\x00b", "scopes": ["read"]},
    ],
)
def test_a_bad_form_makes_no_token(developer, form):
    response = browser(developer).post(NEW, form)

    assert response.status_code == 422
    assert not ApiToken.objects.exists()


def test_contracts_are_offered_to_application_administrators_alone(developer):
    assert "contracts:write" not in text(browser(developer).get(NEW))
    assert "contracts:write" in text(logged_in().get(NEW))


def test_no_more_tokens_than_twenty(developer):
    ApiTokenFactory.create_batch(19, owner=developer)
    client, form = browser(developer), {"name": "x", "scopes": ["read"]}

    assert [client.post(NEW, form).status_code for _ in range(2)] == [200, 409]
    assert ApiToken.objects.count() == own_tokens.MOST_TOKENS == 20


def test_regenerating_asks_first_and_kills_the_old_secret(developer):
    token, client = ApiTokenFactory(owner=developer), browser(developer)
    page = f"/account/api/tokens/{token.pk}/regenerate/"

    assert token.name in text(client.get(page))
    assert calls(token.plain)[0] == 200
    shown = client.post(page)

    [plain] = set(PLAIN.findall(text(shown)))
    stored = ApiToken.objects.get()
    assert (stored.pk, stored.created_at, stored.regenerated_at) == (
        token.pk,
        token.created_at,
        NOW,
    )
    assert calls(token.plain) == (401, "Unauthorized: Invalid or revoked token")
    assert calls(plain)[0] == 200
    assert shown["Cache-Control"] == NO_STORE


def test_deleting_asks_first_and_removes_the_token(developer):
    token, client = ApiTokenFactory(owner=developer), browser(developer)
    page = f"/account/api/tokens/{token.pk}/delete/"

    assert token.name in text(client.get(page))
    assert ApiToken.objects.exists()
    assert client.post(page)["Location"] == TOKENS

    assert not ApiToken.objects.exists()
    assert calls(token.plain) == (401, "Unauthorized: Invalid or revoked token")


def test_a_token_that_staff_switched_off_stays_off(developer):
    token, client = ApiTokenFactory(owner=developer, is_active=False), browser(developer)

    assert "Switched off by an administrator" in text(client.get(TOKENS))
    [plain] = set(PLAIN.findall(text(client.post(f"/account/api/tokens/{token.pk}/regenerate/"))))
    assert calls(plain) == (
        401,
        "Votre token est expiré, connectez-vous à votre compte pour le renouveler",
    )


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["regenerate", "delete"])
@pytest.mark.parametrize("who", ["developer", "app-admin"])
def test_anothers_token_is_like_an_unknown_one(developer, who, page, method):
    """Not even an application administrator reads, renews or deletes another's token here."""
    token = ApiTokenFactory()
    client = browser(developer) if who == "developer" else logged_in()

    answers = [
        getattr(client, method)(f"/account/api/tokens/{pk}/{page}/")
        for pk in (token.pk, "5f0000000000000000000009", "x")
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert token.name not in text(client.get(TOKENS))
    assert calls(token.plain)[0] == 200


def test_a_form_of_another_site_changes_nothing(developer):
    token = ApiTokenFactory(owner=developer)
    client = Client(enforce_csrf_checks=True)
    client.force_login(developer, backend=BACKEND)

    for page in (NEW, f"/account/api/tokens/{token.pk}/regenerate/", ACCESS):
        assert client.post(page, {"name": "x", "scopes": ["read"]}).status_code == 403
    assert calls(token.plain)[0] == 200


def test_roles_are_read_anew_at_each_request(developer):
    client = browser(developer)
    assert client.get(TOKENS).status_code == 200
    developer.api_role = ""
    developer.save()

    for page in (TOKENS, CALLS, NEW):
        assert client.get(page)["Location"] == ACCESS
    assert client.post(NEW, {"name": "x", "scopes": ["read"]})["Location"] == ACCESS
    assert not ApiToken.objects.exists()


def test_staff_prove_their_second_factor_first():
    """A token of staff may do what staff may."""
    person = staff_member()

    assert browser(person).get(TOKENS)["Location"] == (
        "/accounts/2fa/reauthenticate/?next=%2Faccount%2Fapi%2F"
    )
    assert logged_in(person).get(TOKENS).status_code == 200
    fresh = UserFactory(app_admin=True)
    assert "totp/activate" in browser(fresh).get(TOKENS)["Location"]


# --- usage and calls ---------------------------------------------------------------------------


def test_usage_is_drawn_and_told_in_numbers(developer):
    token = ApiTokenFactory(owner=developer)
    for age, count in ((0, 40), (1, 10), (29, 1), (30, 99)):
        ApiUsage.objects.create(token=token, day=NOW.date() - dt.timedelta(days=age), calls=count)
    ApiUsage.objects.create(token=ApiTokenFactory(), day=NOW.date(), calls=1000)
    ApiQuotaFactory(
        user=developer,
        daily_limit=100,
        day=NOW.date(),
        day_used=42,
        month=NOW.date().replace(day=1),
    )

    page = text(browser(developer).get(TOKENS))

    assert "51 calls" in page
    assert page.count("<rect") == 3
    assert "42 calls of 100" in page
    assert "50 calls, no limit" in page
    assert (
        '<time datetime="2030-01-06">6 January 2030</time></th><td class="numbers">10</td>' in page
    )
    assert "99" not in re.findall(r'class="numbers">(\d+)</td>', page)


def test_the_call_log_is_the_persons_own(developer):
    token = ApiTokenFactory(owner=developer, name="Website")
    made = {"at": NOW, "method": "GET", "status": 200, "ms": 7}
    ApiCall.objects.create(
        user=developer, token=token, path="/api/rooms", request_id="mine", **made
    )
    other = ApiTokenFactory()
    ApiCall.objects.create(
        user=other.owner, token=other, path="/api/sites", request_id="theirs", **made
    )

    page = text(browser(developer).get(CALLS))

    assert "GET /api/rooms" in page
    assert "mine" in page
    assert "2030-01-07 09:00:00" in page
    assert "theirs" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_much_for_three_rows_as_for_one(developer, rows, django_assert_num_queries):
    client = browser(developer)
    for _ in range(rows):
        token = ApiTokenFactory(owner=developer)
        ApiCall.objects.create(
            user=developer,
            token=token,
            at=NOW,
            method="GET",
            path="/",
            status=200,
            ms=1,
        )
    client.get(TOKENS)

    with django_assert_num_queries(
        6
    ):  # session, person, tokens, quota, calls of the month, calls by day
        client.get(TOKENS)
    with django_assert_num_queries(4):  # session, person, count, page
        client.get(CALLS)


def test_long_logs_come_in_pages(developer):
    ApiCall.objects.bulk_create(
        ApiCall(
            user=developer,
            at=NOW,
            method="GET",
            path="/",
            status=200,
            ms=1,
            request_id=f"r{number:03}",
        )
        for number in range(51)
    )
    client = browser(developer)

    assert [
        len(re.findall(r"<code>r\d{3}", text(client.get(f"{CALLS}?page={n}")))) for n in (1, 2)
    ] == [
        50,
        1,
    ]
    assert client.get(f"{CALLS}?page=x").status_code == 200


# --- asking for access -------------------------------------------------------------------------


def test_a_member_asks_once_and_waits():
    person = UserFactory()
    client = browser(person)
    assert client.get(TOKENS)["Location"] == ACCESS

    for purpose in ("Our intranet books rooms", "Asked again all the same"):
        assert client.post(ACCESS, {"purpose": purpose})["Location"] == ACCESS

    asked = ApiAccessRequest.objects.get()
    assert (asked.person, asked.purpose) == (person, "Our intranet books rooms")
    assert "We have your request" in text(client.get(ACCESS))
    assert "<textarea" not in text(client.get(ACCESS))


@pytest.mark.parametrize("purpose", ["", "short", "x" * 2001])
def test_a_purpose_is_asked_for(purpose):
    response = browser(UserFactory()).post(ACCESS, {"purpose": purpose})

    assert response.status_code == 422
    assert not ApiAccessRequest.objects.exists()


def test_who_has_access_need_not_ask(developer):
    client = browser(developer)

    assert client.get(ACCESS)["Location"] == TOKENS
    assert client.post(ACCESS, {"purpose": "Our intranet books rooms"})["Location"] == TOKENS
    assert not ApiAccessRequest.objects.exists()


@pytest.mark.parametrize("page", [TOKENS, NEW, CALLS, ACCESS])
def test_visitors_are_led_to_the_log_in(page):
    assert Client().get(page)["Location"] == f"/accounts/login/?next={page}"


def test_pages_speak_french(developer):
    client = browser(developer)
    for page in (TOKENS, NEW, CALLS):
        assert client.get(f"/fr{page}").status_code == 200
