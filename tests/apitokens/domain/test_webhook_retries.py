"""What an answer means for a delivery and its address. Source: safety, S-41."""

import datetime as dt

import pytest

from apitokens.domain import webhook_retries
from apitokens.domain.webhook_retries import Attempt, Verdict

NOW = dt.datetime(2025, 11, 3, 9, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def judge(status, number=1, *, chance=0.0, failing_since=None, is_only=False, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    attempt = Attempt(number=number, status=status, headers=named, is_only=is_only)
    return webhook_retries.judge(attempt, failing_since=failing_since, chance=chance, now=NOW)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_two_hundreds_are_a_success(status):
    assert judge(status) == Verdict("delivered", NOW)


@pytest.mark.parametrize("status", [None, 199, 300, 301, 302, 307, 400, 401, 404, 409, 500, 502])
def test_anything_else_is_tried_again(status):
    assert judge(status) == Verdict("pending", NOW + 5 * SECOND)


def test_gone_ends_it():
    assert judge(410) == Verdict("failed", NOW, switch_off="gone")
    assert judge(410, is_only=True) == Verdict("failed", NOW, switch_off="gone")


def test_pauses_grow_and_last_two_to_three_days_with_any_luck():
    def span(chance):
        verdicts = [judge(500, number, chance=chance) for number in range(1, 9)]
        assert {verdict.status for verdict in verdicts} == {"pending"}
        waits = [verdict.next_attempt_at - NOW for verdict in verdicts]
        assert waits == sorted(waits)
        return sum(waits, dt.timedelta())

    assert dt.timedelta(days=2) < span(0.0) < span(0.5) < span(1.0) < dt.timedelta(days=3)
    assert span(1.0) / span(0.0) == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("failing_for", "off"),
    [(None, ""), (dt.timedelta(days=2) - SECOND, ""), (dt.timedelta(days=2), "failing")],
)
def test_last_attempt_switches_off_what_took_nothing_for_two_days(failing_for, off):
    since = failing_for and NOW - failing_for

    verdict = judge(500, webhook_retries.MAX_ATTEMPTS, failing_since=since)

    assert (verdict.status, verdict.switch_off) == ("failed", off)
    assert judge(500, webhook_retries.MAX_ATTEMPTS - 1, failing_since=since).status == "pending"


def test_test_message_is_tried_once():
    assert judge(500, is_only=True) == Verdict("failed", NOW)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("wanted", "pause"),
    [
        ("120", 120),
        ("Mon, 03 Nov 2025 09:02:00 GMT", 120),
        ("999999999999", 86_400),
        ("Mon, 03 Nov 2035 09:02:00 GMT", 86_400),
    ],
)
def test_busy_address_is_left_alone_as_long_as_it_asks(status, wanted, pause):
    until = NOW + pause * SECOND

    assert judge(status, retry_after=wanted) == Verdict("pending", until, until)


@pytest.mark.parametrize("wanted", ["", "0", "-1", "soon", "²", "Mon, 03 Nov 2005 09:02:00 GMT"])
def test_senseless_wish_changes_nothing(wanted):
    assert judge(429, retry_after=wanted) == Verdict("pending", NOW + 5 * SECOND)


def test_short_wish_does_not_shorten_the_pause():
    verdict = judge(429, 4, retry_after="60")

    assert verdict.next_attempt_at == NOW + dt.timedelta(hours=2)
    assert verdict.pause_until == NOW + 60 * SECOND


def test_others_do_not_ask_for_pauses():
    assert judge(500, retry_after="120") == Verdict("pending", NOW + 5 * SECOND)
