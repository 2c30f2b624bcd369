"""What is over is kept as long as the setting says, no longer. Source: safety, S-72."""

import datetime as dt

import pytest
import time_machine

from organizations import tasks
from organizations.models import Departure, EmailVerification, Invitation, JoinRequest
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
DAYS = dt.timedelta(days=90)


def forget():
    with time_machine.travel(NOW, tick=False):
        tasks.forget_what_is_over()


def link(*, ended, used=None, settled=None):
    return EmailVerification.objects.create(
        user=UserFactory(),
        email="a@b.example",
        created_at=ended - dt.timedelta(days=3),
        expires_at=ended,
        used_at=used,
        settled_at=settled,
    )


def wish(*, decided, status="refused", settled=None):
    return JoinRequest.objects.create(
        person=UserFactory(),
        organization=OrganizationFactory(),
        status=status,
        created_at=NOW - 2 * DAYS,
        decided_at=decided,
        settled_at=settled,
    )


def test_links_go_ninety_days_after_their_end_unless_something_is_left_to_do():
    old = NOW - DAYS - SECOND
    kept = [
        link(ended=NOW - DAYS),
        link(ended=NOW + SECOND),
        link(ended=old, used=old),  # its meetings are not all confirmed
    ]
    link(ended=old)
    link(ended=old, used=old, settled=old)

    forget()

    assert set(EmailVerification.objects.all()) == set(kept)


def test_wishes_go_ninety_days_after_their_decision_unless_something_is_left_to_do():
    old = NOW - DAYS - SECOND
    kept = [
        wish(decided=NOW - DAYS),
        wish(decided=None, status="waiting"),
        wish(decided=old, status="approved"),
    ]
    wish(decided=old)
    wish(decided=old, status="withdrawn")
    wish(decided=old, status="approved", settled=old)

    forget()

    assert set(JoinRequest.objects.all()) == set(kept)


def test_the_time_is_a_setting(settings):
    settings.RETENTION_DAYS = 1
    link(ended=NOW - dt.timedelta(days=1) - SECOND)

    forget()

    assert not EmailVerification.objects.exists()


def test_invitations_go_ninety_days_after_their_end():
    organization = OrganizationFactory()
    kept, _old = (
        Invitation.objects.create(
            organization=organization,
            email=f"{number}@b.example",
            created_at=ended - DAYS,
            sent_at=ended - DAYS,
            expires_at=ended,
        )
        for number, ended in enumerate([NOW - DAYS, NOW - DAYS - SECOND])
    )

    forget()

    assert list(Invitation.objects.all()) == [kept]


def test_departures_go_once_all_has_followed():
    at = NOW - DAYS - SECOND
    facts = [{"at": at}, {"at": NOW - DAYS, "settled_at": NOW}, {"at": at, "settled_at": at}]
    one, two, _old = (
        Departure.objects.create(person=UserFactory(), organization=OrganizationFactory(), **each)
        for each in facts
    )

    forget()

    assert set(Departure.objects.all()) == {one, two}
