"""Every authentication answer, in the documented order, on a view of each policy."""

import datetime as dt
from typing import Any

import pghistory.models
import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from rest_framework.request import Request

from apitokens.domain import tokens
from apitokens.middleware import CallLogMiddleware
from apitokens.models import ApiQuota, ApiToken, ApiUsage
from config import clock
from config.api.envelope import ok
from config.api.views import ApiView
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db

MISSING = "Unauthorized: Authorization header is required. Use: Authorization: Bearer <your_token>"
FORMAT = "Unauthorized: Invalid authorization format. Use: Authorization: Bearer <your_token>"
UNKNOWN = "Unauthorized: Invalid or revoked token"
EXPIRED = "Votre token est expiré, connectez-vous à votre compte pour le renouveler"
ARCHIVED_OWNER = "Unauthorized: User account is archived"
ARCHIVED_COMPANY = "Votre compte est désactivé, contactez Workways"
NO_ROLE = "API access requires the role api-developer or app-admin"


class Needing(ApiView):
    required_scope = {"GET": "read", "POST": "bookings:write"}

    def get(self, request: Request) -> Any:
        return ok(request.user.email if request.user else None)

    post = get


class Optional(Needing):
    token = "optional"


class Ignoring(Needing):
    token = "ignored"


def _call(view=Needing, *, method: str = "get", header: str | None = None, **headers: str):
    if header is not None:
        headers["Authorization"] = header
    request = getattr(RequestFactory(), method)("/api/x", headers=headers)
    response = CallLogMiddleware(view.as_view())(request)
    return response.status_code, response.data.get("message"), response


def test_a_good_token_lets_its_owner_in():
    token = ApiTokenFactory()
    assert _call(header=f"Bearer {token.plain}")[2].data["data"] == token.owner.email


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  ", " Bearer\t"])
def test_the_scheme_is_read_in_any_case(scheme: str):
    assert _call(header=f"{scheme} {ApiTokenFactory().plain}")[0] == 200


def test_without_header():
    status, message, response = _call()
    assert (status, message) == (401, MISSING)
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.data == {"retcode": -1, "message": MISSING}


@pytest.mark.parametrize(
    "header", ["Bearer", "Basic abc", "Token abc", "Bearer a b", "abc", "Bearer a, Bearer b"]
)
def test_a_malformed_header(header: str, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert _call(header=header)[:2] == (401, FORMAT)


@pytest.mark.parametrize("header", ["", "   "])
def test_an_empty_header_counts_as_missing(header: str):
    assert _call(header=header)[:2] == (401, MISSING)


@pytest.mark.parametrize(
    "plain",
    [
        "ww_dev_" + "a" * 63,
        "ww_dev_" + "a" * 65,
        "ww_dev_" + "A" * 64,
        "ww_dev_" + "g" * 64,
        "ww_prd_" + "a" * 64,
        "a" * 64,
        "ww_dev_" + "é" * 64,
        "x" * 100_000,
    ],
)
def test_what_cannot_be_a_token_is_refused_without_a_query(plain: str, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert _call(header=f"Bearer {plain}")[:2] == (401, UNKNOWN)


def test_an_unknown_token_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert _call(header="Bearer ww_dev_" + "a" * 64)[:2] == (401, UNKNOWN)


def test_known_and_unknown_tokens_take_the_same_path_and_are_never_compared_in_plain():
    """Only the SHA-256 reaches the database, in one and the same statement. Source: safety, S-06."""
    known, unknown = ApiTokenFactory().plain, "ww_dev_" + "0" * 64
    statements = []
    for plain in (known, unknown):
        with CaptureQueriesContext(connection) as queries:
            _call(header=f"Bearer {plain}")
        looked_up = queries[0]["sql"]
        assert plain not in "".join(row["sql"] for row in queries)
        assert looked_up.count(tokens.digest(plain)) == 1
        statements.append(looked_up.replace(tokens.digest(plain), "?"))

    assert statements[0] == statements[1]


def test_the_refusals_of_known_tokens_come_in_their_order():
    token = ApiTokenFactory(owner=UserFactory(api_role=""), is_active=False)
    owner, company = token.owner, token.owner.organization
    owner.is_archived = company.is_archived = True
    owner.save()
    company.save()
    header = f"Bearer {token.plain}"

    assert _call(header=header)[:2] == (401, EXPIRED)
    ApiToken.objects.update(is_active=True)
    assert _call(header=header)[:2] == (401, ARCHIVED_OWNER)
    owner.is_archived = False
    owner.save()
    assert _call(header=header)[:2] == (401, ARCHIVED_COMPANY)
    company.is_archived = False
    company.save()
    assert _call(header=header)[:2] == (403, NO_ROLE)
    owner.api_role = "api-developer"
    owner.save()
    assert _call(header=header)[0] == 200


def test_the_wrong_method_is_told_before_the_missing_token():
    assert _call(method="delete")[0] == 405


def test_a_missing_scope_is_named_by_method():
    header = f"Bearer {ApiTokenFactory(scopes=['read']).plain}"

    assert _call(header=header)[0] == 200
    assert _call(method="post", header=header)[:2] == (
        403,
        "Forbidden: this token lacks the scope bookings:write",
    )


def test_an_optional_token_may_be_absent_but_not_bad():
    assert _call(Optional)[2].data["data"] is None
    assert _call(Optional, header="Bearer x")[:2] == (401, UNKNOWN)
    token = ApiTokenFactory(scopes=["bookings:write"])
    assert _call(Optional, header=f"Bearer {token.plain}")[0] == 403
    assert _call(Optional, header=f"Bearer {ApiTokenFactory().plain}")[0] == 200


def test_an_ignored_header_is_not_read(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert _call(Ignoring, header="Bearer x")[0] == 200


def test_last_used_is_written_at_most_once_a_minute():
    token = ApiTokenFactory()
    start = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
    seen = []
    for seconds in (0, 59, 60):
        with time_machine.travel(start + dt.timedelta(seconds=seconds), tick=False):
            _call(header=f"Bearer {token.plain}")
        seen.append(ApiToken.objects.get().last_used_at - start)
    assert [moment.seconds for moment in seen] == [0, 0, 60]


def test_calls_are_counted_by_token_and_day():
    token, other = ApiTokenFactory(), ApiTokenFactory()
    for moment in ("2026-01-05T23:59:59Z", "2026-01-05T23:59:59Z", "2026-01-06T00:00:00Z"):
        with time_machine.travel(moment, tick=False):
            _call(header=f"Bearer {token.plain}")
    _call(header=f"Bearer {other.plain}")

    counted = ApiUsage.objects.filter(token=token).order_by("day").values_list("day", "calls")
    assert list(counted) == [(dt.date(2026, 1, 5), 2), (dt.date(2026, 1, 6), 1)]


@pytest.mark.django_db(transaction=True)
def test_a_failing_count_does_not_fail_the_call(monkeypatch):
    monkeypatch.setattr("apitokens.domain.call_log._WRITE", "SELECT 1/0 WHERE %(at)s IS NOT NULL")
    assert _call(header=f"Bearer {ApiTokenFactory().plain}")[0] == 200


def test_the_history_names_the_token_of_a_write():
    class Writing(Needing):
        def post(self, request: Request) -> Any:
            request.user.organization = None
            request.user.first_name = "Renamed"
            request.user.save()
            return ok(None)

    token = ApiTokenFactory()
    with pghistory.context(url="/api/x"):
        assert _call(Writing, method="post", header=f"Bearer {token.plain}")[0] == 200

    event = pghistory.models.Events.objects.tracks(token.owner).order_by("pgh_id").last()
    assert event.pgh_context["token"] == token.pk
    assert event.pgh_context["user"] == token.owner.pk


class TestQuota:
    def test_the_last_unit_is_served_and_the_next_refused(self):
        token = ApiTokenFactory()
        ApiQuotaFactory(user=token.owner, daily_limit=2)
        header = f"Bearer {token.plain}"

        with time_machine.travel("2026-01-05T23:59:00Z", tick=False):
            answers = [_call(header=header)[2] for _ in range(3)]
        with time_machine.travel("2026-01-06T00:00:00Z", tick=False):
            assert _call(header=header)[0] == 200

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
        assert answers[0]["RateLimit-Limit"] == "2"
        assert answers[2]["Retry-After"] == answers[2]["RateLimit-Reset"] == "60"
        assert answers[2].data["message"] == "API quota exceeded: 2 calls a day"
        assert ApiUsage.objects.get(day=dt.date(2026, 1, 5)).calls == 2

    def test_all_tokens_of_a_person_count_together(self):
        token = ApiTokenFactory()
        ApiQuotaFactory(user=token.owner, monthly_limit=1)
        other = ApiTokenFactory(owner=token.owner)

        assert _call(header=f"Bearer {token.plain}")[0] == 200
        status, message, _ = _call(header=f"Bearer {other.plain}")
        assert (status, message) == (429, "API quota exceeded: 1 calls a month")

    def test_a_month_starts_anew(self):
        token = ApiTokenFactory()
        ApiQuotaFactory(user=token.owner, daily_limit=9, monthly_limit=1)
        header = f"Bearer {token.plain}"
        statuses = []
        for moment in ("2026-01-31T10:00Z", "2026-01-31T23:59:59Z", "2026-02-01T00:00Z"):
            with time_machine.travel(moment, tick=False):
                statuses.append(_call(header=header)[0])
        assert statuses == [200, 429, 200]

    def test_refused_calls_do_not_count(self):
        token = ApiTokenFactory(scopes=["read"])
        ApiQuotaFactory(user=token.owner, daily_limit=1)

        assert _call(method="post", header=f"Bearer {token.plain}")[0] == 403
        assert _call(header=f"Bearer {token.plain}")[0] == 200
        assert _call(header=f"Bearer {token.plain}")[0] == 429
        assert ApiQuota.objects.get().day_used == 1

    def test_no_limit_means_no_headers(self):
        token = ApiTokenFactory()
        ApiQuotaFactory(user=token.owner)
        assert "RateLimit-Limit" not in _call(header=f"Bearer {token.plain}")[2]

    def test_a_limit_of_nothing_refuses_all(self):
        token = ApiTokenFactory()
        ApiQuotaFactory(user=token.owner, daily_limit=0)
        assert _call(header=f"Bearer {token.plain}")[0] == 429

    @pytest.mark.parametrize(
        ("path", "status"),
        [("/api/rooms?site=x", 400), ("/api/rooms", 403), ("/api/availability", 400)],
    )
    def test_refusals_tell_where_the_quota_stands(self, client, path: str, status: int):
        token = ApiTokenFactory(scopes=["bookings:write"] if status == 403 else ["read"])
        today = clock.now().date()
        ApiQuotaFactory(user=token.owner, daily_limit=9, day=today, day_used=3)

        answer = client.get(path, headers=token.header)

        counted = 0 if status == 403 else 1
        assert answer.status_code == status
        assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("9", f"{6 - counted}")
        assert int(answer["RateLimit-Reset"]) > 0

    def test_of_two_limits_the_one_with_less_left_is_told(self):
        token = ApiTokenFactory()
        ApiQuotaFactory(user=token.owner, daily_limit=5, monthly_limit=3)

        assert _call(header=f"Bearer {token.plain}")[2]["RateLimit-Limit"] == "3"
