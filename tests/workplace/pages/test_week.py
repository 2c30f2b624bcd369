"""Where I work this week: what people say themselves, and how they answer invitations."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from organizations.domain import mail_messages
from organizations.models import OutgoingEmail
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import SiteFactory, SiteMembershipFactory
from tests.factories.staff import BACKEND
from tests.factories.workplace import (
    AllocationFactory,
    DefaultLocationFactory,
    IntentionFactory,
    TeamFactory,
    ZoneFactory,
)
from tests.workplace.intention_world import NOW, TODAY, World
from workplace.domain import own_week
from workplace.models import Intention

pytestmark = pytest.mark.django_db
WEEK = "/account/week/"
MONDAY, TUESDAY = "2030-01-07", "2030-01-08"


@pytest.fixture(autouse=True)
def _on_a_wednesday():
    with time_machine.travel(TODAY, tick=False), translation.override("en"):
        yield


@pytest.fixture
def world():
    return World(operating_hours=[{"days": [1, 2, 3, 4, 5], "open": "07:00", "close": "21:00"}])


@pytest.fixture
def client(world):
    client = Client()
    client.force_login(world.person, backend=BACKEND)
    return client


def text(answer):
    return answer.content.decode()


def save(client, **days):
    sent = {"day": MONDAY, **{f"day-{day}": choice for day, choice in days.items()}}
    return client.post(f"{WEEK}save/", sent, follow=True)


def plans(person):
    live = Intention.objects.filter(person=person, status__in=["PENDING", "ACCEPTED"])
    return {(one.day.isoformat(), one.type, one.status) for one in live}


def test_who_is_not_logged_in_is_asked_to():
    assert Client().get(WEEK).status_code == 302
    assert Client().post(f"{WEEK}save/").status_code == 302


def test_without_a_location_the_page_says_so():
    client = Client()
    client.force_login(UserFactory(), backend=BACKEND)

    assert "There is no location yet" in text(client.get(WEEK))
    assert client.post(f"{WEEK}save/").status_code == 404


def test_it_is_this_week_unless_another_day_is_asked_for(client):
    assert "31 December – 6 January 2030" in text(client.get(WEEK))
    assert "7 January – 13 January 2030" in text(client.get(f"{WEEK}?day={TUESDAY}"))
    for nonsense in ("x", "0001-01-01", "9999-12-31"):
        assert "31 December – 6 January 2030" in text(client.get(f"{WEEK}?day={nonsense}"))


def test_the_usual_location_is_shown_and_another_one_can_be_chosen(world, client):
    other, foreign = SiteFactory(name="Aix"), SiteFactory()
    SiteMembershipFactory(site=other, organization=world.organization)
    shown = f"· {world.site.name}</p>"
    assert "· Aix</p>" in text(client.get(WEEK))

    DefaultLocationFactory(person=world.person, site=world.site)

    assert shown in text(client.get(WEEK))
    assert shown in text(client.get(f"{WEEK}?site={foreign.pk}"))
    assert "· Aix</p>" in text(client.get(f"{WEEK}?site={other.pk}"))


def test_the_teams_location_is_the_usual_one(world, client):
    SiteMembershipFactory(site=SiteFactory(name="Aix"), organization=world.organization)
    team = TeamFactory(organization=world.organization, members=[world.person])
    team.settings.default_location = world.site
    team.settings.save()

    assert f"· {world.site.name}</p>" in text(client.get(WEEK))


def test_days_are_said_and_said_differently(world, client):
    answer = save(client, **{MONDAY: "office", TUESDAY: "remote"})

    assert "Your week is saved." in text(answer)
    assert plans(world.person) == {
        (MONDAY, "SPACE", "ACCEPTED"),
        (TUESDAY, "REMOTE", "ACCEPTED"),
    }
    monday = Intention.objects.get(type="SPACE")
    assert (monday.source, monday.created_by, monday.site) == ("USER", world.person, world.site)
    assert monday.ends_at == dt.datetime(2030, 1, 7, 20, 0, tzinfo=dt.UTC)

    save(client, **{MONDAY: "absent", TUESDAY: "unsaid"})
    assert plans(world.person) == {(MONDAY, "ABSENT", "ACCEPTED")}
    monday.refresh_from_db()
    assert (monday.status, monday.reason) == ("CANCELLED", "changed_by_person")


def test_what_is_said_already_is_not_said_again(world, client):
    save(client, **{MONDAY: "office"})
    save(client, **{MONDAY: "office"})

    assert Intention.objects.count() == 1
    assert Intention.objects.get().version == 1


def test_a_day_that_is_not_sent_stays(world, client):
    save(client, **{MONDAY: "office"})
    save(client, **{TUESDAY: "remote"})

    assert len(plans(world.person)) == 2


def test_days_that_are_over_cannot_be_said(world, client):
    sent = {"day": "2030-01-01", "day-2029-12-31": "office", "day-2030-01-01": "office"}

    client.post(f"{WEEK}save/", sent)

    assert plans(world.person) == set()


def test_an_expected_day_is_confirmed_or_said_otherwise(world, client):
    for day in (7, 8):
        IntentionFactory(
            person=world.person,
            site=world.site,
            status="PENDING",
            source="LIKELY_SCHEDULE",
            starts_at=dt.datetime(2030, 1, day, 8, 0, tzinfo=dt.UTC),
        )
    assert "You are expected on this day" in text(client.get(f"{WEEK}?day={MONDAY}"))

    save(client, **{MONDAY: "office", TUESDAY: "remote"})

    assert plans(world.person) == {
        (MONDAY, "SPACE", "ACCEPTED"),
        (TUESDAY, "REMOTE", "ACCEPTED"),
    }


def test_what_others_planned_stays_and_is_told(world, client):
    IntentionFactory(person=world.person, site=world.site, source="EXTERNAL", type="ABSENT")

    answer = save(client, **{MONDAY: "office", TUESDAY: "office"})

    assert "Monday 7 January is not changed: something else is planned then." in text(answer)
    assert "Your week is saved." not in text(answer)
    assert plans(world.person) == {
        (MONDAY, "ABSENT", "ACCEPTED"),
        (TUESDAY, "SPACE", "ACCEPTED"),
    }


def meeting(world, start, end, *, type_="MEETING", **fields):
    return IntentionFactory(
        person=world.person,
        site=world.site,
        type=type_,
        starts_at=dt.datetime(2030, 1, 7, *start, tzinfo=dt.UTC),
        ends_at=dt.datetime(2030, 1, 7, *end, tzinfo=dt.UTC),
        **fields,
    )


def desks(person):
    """Return from when to when the person has a desk on Monday, in Paris."""
    live = Intention.objects.filter(person=person, type="SPACE", status="ACCEPTED")
    paris = ZoneInfo("Europe/Paris")
    return [
        (f"{one.starts_at.astimezone(paris):%H:%M}", f"{one.ends_at.astimezone(paris):%H:%M}")
        for one in live.order_by("starts_at")
    ]


@pytest.mark.parametrize("type_", ["MEETING", "ROOM"])
def test_a_desk_is_had_beside_a_meeting(world, client, type_):
    meeting(world, (9, 0), (10, 0), type_=type_)
    page = text(client.get(f"{WEEK}?day={MONDAY}"))
    assert 'value="unsaid" id="id_day-2030-01-07_3" checked' in page
    assert "to have a desk beside your meeting" in page

    answer = save(client, **{MONDAY: "office"})

    assert "Your week is saved." in text(answer)
    assert desks(world.person) == [("07:00", "10:00"), ("11:00", "21:00")]
    page = text(client.get(f"{WEEK}?day={MONDAY}"))
    assert 'value="office" id="id_day-2030-01-07_0" checked' in page
    assert "to have a desk beside your meeting" not in page


def test_desks_beside_a_meeting_stay_when_said_again_and_go_when_said_otherwise(world, client):
    meeting(world, (9, 0), (10, 0))
    save(client, **{MONDAY: "office"})
    save(client, **{MONDAY: "office"})
    assert len(desks(world.person)) == 2

    save(client, **{MONDAY: "unsaid"})

    assert desks(world.person) == []
    assert plans(world.person) == {(MONDAY, "MEETING", "ACCEPTED")}


def test_less_than_half_an_hour_beside_meetings_is_no_time_for_a_desk(world, client):
    meeting(world, (6, 30), (7, 0))  # half past seven in Paris, half an hour after the opening
    meeting(world, (7, 29), (20, 0))

    save(client, **{MONDAY: "office"})

    assert desks(world.person) == [("07:00", "07:30")]


def test_a_day_that_meetings_fill_has_no_desk(world, client):
    meeting(world, (6, 0), (20, 0))

    answer = save(client, **{MONDAY: "office"})

    assert "Monday 7 January is not changed: something else is planned then." in text(answer)
    assert desks(world.person) == []


def test_a_desk_beside_todays_meeting_is_for_what_is_left_of_the_day(world, client):
    with time_machine.travel("2030-01-07T11:00:00Z", tick=False):
        meeting(world, (9, 0), (10, 0))
        meeting(world, (13, 0), (14, 0))

        save(client, **{MONDAY: "office"})

        assert desks(world.person) == [("11:00", "14:00"), ("15:00", "21:00")]


def test_nobody_is_away_on_a_day_with_a_meeting(world, client):
    meeting(world, (9, 0), (10, 0))

    answer = save(client, **{MONDAY: "remote"})

    assert "Monday 7 January is not changed: something else is planned then." in text(answer)


def test_an_invitation_that_waits_and_a_meeting_that_is_off_leave_the_day_whole(world, client):
    meeting(world, (9, 0), (10, 0), status="PENDING", invited_by=world.colleague())
    meeting(world, (11, 0), (12, 0), status="CANCELLED")

    save(client, **{MONDAY: "office"})

    assert desks(world.person) == [("00:00", "21:00")]


def test_a_refused_day_keeps_what_was_said_before(world, client):
    save(client, **{MONDAY: "remote"})
    world.site.capacity = 0
    world.site.save()

    answer = save(client, **{MONDAY: "office"})

    assert "every seat is taken" in text(answer)
    assert plans(world.person) == {(MONDAY, "REMOTE", "ACCEPTED")}


def test_a_closed_day_is_shown_and_told(world, client):
    answer = save(client, **{"2030-01-12": "office"})

    assert "Saturday 12 January is not changed: the location is closed." in text(answer)
    assert ">Closed<" in text(answer)


@pytest.mark.parametrize("choice", ["everywhere", "OFFICE"])
def test_nonsense_is_refused(world, client, choice):
    assert "Choose one of the four" in text(save(client, **{MONDAY: choice}))
    assert plans(world.person) == set()


def test_the_seat_is_shown(world, client):
    zone = ZoneFactory(layer__site=world.site, layer__name="First floor", name="Garden side")
    AllocationFactory(person=world.person, team=None, zone=zone)
    AllocationFactory(person=world.colleague(), team=None, zone__name="Street side")

    page = text(client.get(f"{WEEK}?day={MONDAY}"))

    assert "First floor · Garden side" in page
    assert "Street side" not in page


def test_a_seat_of_several_days_is_shown_on_each_of_them(world):
    zone = ZoneFactory(layer__site=world.site, name="Garden side")
    AllocationFactory(
        person=world.person,
        team=None,
        zone=zone,
        starts_at=dt.datetime(2030, 1, 6, 23, tzinfo=dt.UTC),
        ends_at=dt.datetime(2030, 1, 9, 23, tzinfo=dt.UTC),
    )

    week = own_week.read(world.person, site_id=world.site.pk, around=dt.date(2030, 1, 7), now=NOW)

    assert [len(day.seats) for day in week.days] == [1, 1, 1, 0, 0, 0, 0]


@pytest.fixture
def invitation(world):
    host = world.colleague(first_name="Grace", last_name="Hopper")
    return IntentionFactory(
        person=world.person,
        site=world.site,
        status="PENDING",
        source="INVITE",
        invited_by=host,
        parent=IntentionFactory(person=host, site=world.site),
    )


def answered(client, pk, **sent):
    return client.post(f"{WEEK}answer/{pk}/", sent, follow=True)


def test_an_invitation_is_accepted(client, invitation):
    assert "Grace Hopper invites you" in text(client.get(WEEK))

    answer = answered(client, invitation.pk, accept="1")

    invitation.refresh_from_db()
    assert invitation.status == "ACCEPTED"
    assert "Accepted. It stands in your week." in text(answer)
    assert "Waiting for your answer" not in text(answer)


def test_an_invitation_is_declined_with_a_reason(client, invitation):
    answered(client, invitation.pk, decline="1", reason="On holiday")

    invitation.refresh_from_db()
    assert (invitation.status, invitation.reason) == ("DECLINED", "On holiday")
    assert OutgoingEmail.objects.get().template == "intention_declined"


def test_an_invitation_in_whose_way_something_is_waits(world, client, invitation):
    IntentionFactory(person=world.person, site=world.site)

    answer = answered(client, invitation.pk, accept="1")

    assert "Your answer was not taken: something else is planned then." in text(answer)
    assert "Waiting for your answer" in text(answer)


def test_nobody_answers_for_others(client):
    theirs = IntentionFactory(status="PENDING", invited_by=UserFactory())

    for pk in (theirs.pk, "5f0000000000000000000001", "x"):
        assert answered(client, pk, accept="1").status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == "PENDING"


@pytest.mark.parametrize("said", ["accept", "decline"])
def test_who_invited_does_not_answer_for_the_guest(client, world, said):
    host = IntentionFactory(person=world.person, site=world.site)
    guest = UserFactory(organization=world.organization)
    theirs = IntentionFactory(
        person=guest,
        site=world.site,
        status="PENDING",
        source="INVITE",
        parent=host,
        invited_by=world.person,
    )

    assert answered(client, theirs.pk, **{said: "1"}).status_code == 404

    theirs.refresh_from_db()
    assert theirs.status == "PENDING"
    assert not OutgoingEmail.objects.exists()


@pytest.mark.parametrize("chosen", ["open", "restricted", "hidden"])
def test_how_open_a_schedule_is_can_be_chosen(world, client, chosen):
    client.post(f"{WEEK}visibility/", {"visibility": chosen})

    world.person.refresh_from_db()
    assert world.person.schedule_visibility == chosen


def test_nonsense_about_openness_changes_nothing(world, client):
    answer = client.post(f"{WEEK}visibility/", {"visibility": "secret"}, follow=True)

    assert "Choose one of the three." in text(answer)
    world.person.refresh_from_db()
    assert world.person.schedule_visibility == "open"


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_one_row_as_for_three(world, client, rows, django_assert_num_queries):
    host = world.colleague()
    for number in range(rows):
        start = dt.datetime(2030, 1, 7 + number, 8, 0, tzinfo=dt.UTC)
        IntentionFactory(person=world.person, site=world.site, starts_at=start)
        IntentionFactory(
            person=world.person, site=world.site, status="PENDING", invited_by=host, starts_at=start
        )
        AllocationFactory(
            person=world.person,
            team=None,
            zone=ZoneFactory(layer__site=world.site),
            starts_at=start,
            ends_at=start + dt.timedelta(hours=1),
        )

    with django_assert_num_queries(16):
        client.get(f"{WEEK}?day={MONDAY}")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "template", ["intention_invited", "intention_declined", "intention_cancelled"]
)
def test_the_mails_about_invitations_can_be_written(world, template, language):
    facts = {
        "inviter": "Grace Hopper",
        "guest": "Ada Lovelace",
        "reason": "On holiday",
        "site": "Paris",
        "room": "Salon",
        "team": "",
        "starts_at": "2030-01-07T09:00:00+01:00",
        "ends_at": "2030-01-07T18:00:00+01:00",
        "day": MONDAY,
    }
    mail = OutgoingEmail(
        template=template, to_address="ada@company.example", language=language, context=facts
    )

    message = mail_messages.write(mail)

    prefix = "/fr" if language == "fr" else ""
    assert f"{prefix}{WEEK}?day={MONDAY}" in message.body
    assert f"{prefix}{WEEK}?day={MONDAY}" in message.alternatives[0].content
    assert "09:00–18:00" in message.body
    assert "Paris" in message.subject or "Ada" in message.subject


@pytest.mark.parametrize(
    ("today", "shown", "not_shown"),
    [
        (dt.datetime(2030, 1, 4, 12), "day-2030-01-04", "day-2030-01-07"),
        (dt.datetime(2030, 1, 5, 12), "day-2030-01-07", "day-2030-01-05"),
    ],
)
def test_once_nothing_is_left_to_open_the_next_week_is_shown(client, today, shown, not_shown):
    with time_machine.travel(today, tick=False):
        page = text(client.get(WEEK))

    assert f'name="{shown}"' in page
    assert f'name="{not_shown}"' not in page
