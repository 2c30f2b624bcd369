"""Badge files in the back office: a dry run, the real one, and what is refused.

Source: workplace-api, section 12, "Badge files".
"""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organizations.models import User
from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.organizations import AccessCardFactory, UserFactory
from tests.factories.sites_app import SiteFactory, SiteMembershipFactory
from tests.factories.staff import logged_in
from workplace.domain import badge_files
from workplace.domain.badge_files import Report, UnreadableBadges, Wrong
from workplace.models import ForecastJob, Occupancy, OccupancySession
from workplace.selectors_tenants import Tenant

pytestmark = pytest.mark.django_db

PAGE = "/admin/workplace/occupancy/badges/"
NOW = dt.datetime(2030, 1, 8, 10, tzinfo=dt.UTC)


@pytest.fixture
def site() -> Site:
    return SiteFactory(external_id="PAR")


@pytest.fixture
def person() -> User:
    return UserFactory(external_id="HR-1")


def load(text: str | bytes, site: Site, *, dry_run: bool = False, **tenant: Any) -> Report:
    content = text if isinstance(text, bytes) else text.encode()
    return badge_files.load(
        content,
        site=site,
        tenant=Tenant(organization_id=tenant.get("organization_id"), now=NOW),
        dry_run=dry_run,
        now=NOW,
    )


def seen() -> list[tuple[str, dt.datetime]]:
    return list(Occupancy.objects.order_by("seen_at").values_list("person_id", "seen_at"))


def moment(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2030, 1, 7, hour, minute, tzinfo=dt.UTC)


def test_sightings_of_people_by_each_of_their_names(site, person):
    card = AccessCardFactory(number="C-7")

    report = load(
        "people_id;people_external_id;card_number;seen_at\n"
        f"{person.pk};;;2030-01-07T09:00:00Z\n"
        ";HR-1;;2030-01-07 09:30\n"
        ";;C-7;2030-01-07T10:01:00+01:00\n",
        site,
    )

    assert report == Report(
        received=3,
        created=3,
        updated=0,
        restored=0,
        duplicates=0,
        failed=0,
        wrong=[],
        ignored_columns=[],
    )
    assert seen() == [
        (person.pk, moment(8, 30)),
        (person.pk, moment(9)),
        (card.holder_id, moment(9, 1)),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_every_office_program(site, person, delimiter, start, end):
    lines = [
        delimiter.join(["Seen_At ", "people_external_id", "Door"]),
        "",
        delimiter.join(["2030-01-07T09:00:00Z", " HR-1 ", "Entrée"]),
    ]

    report = load(start + end.join(lines), site)

    assert (report.created, report.ignored_columns) == (1, ["door"])


def test_file_of_western_europe_is_read(site):
    UserFactory(external_id="Zoé")

    assert load("seen_at,people_external_id\n2030-01-07,Zoé\n".encode("cp1252"), site).created == 1


def test_same_file_again_changes_nothing(site, person):
    text = "seen_at,people_id,last_seen_at\n" + f"2030-01-07T09:00:00Z,{person.pk},"
    load(text, site)

    again, wider = load(text, site), load(text + "2030-01-07T17:00:00Z", site)
    Occupancy.objects.update(deleted_at=NOW)
    back = load(text, site)

    assert (again.created, again.duplicates) == (0, 1)
    assert (wider.updated, back.restored) == (1, 1)


def test_dry_run_tells_the_same_and_stores_nothing(site, person):
    text = f"seen_at,people_id\n2030-01-07T09:00:00Z,{person.pk}\n2030-01-09,{person.pk}\n"

    tried = load(text, site, dry_run=True)

    assert not Occupancy.objects.exists()
    assert not OccupancySession.objects.exists()
    assert not ForecastJob.objects.exists()
    assert load(text, site) == tried
    assert OccupancySession.objects.get().received == 2
    assert ForecastJob.objects.get().site == site


def test_wrong_lines_are_told_and_the_others_stored(site, person):
    foreign = make.TeamFactory()
    lines = [
        f"{person.pk},,,2030-01-07T09:00:00Z,,",
        "x,,,2030-01-07T09:00:00Z,,",
        ",nobody,,2030-01-07T09:00:00Z,,",
        ",,C-0,2030-01-07T09:00:00Z,,",
        f"{person.pk},HR-1,,2030-01-07T09:00:00Z,,",
        f"{person.pk},,,,,",
        f"{person.pk},,,9 o'clock,,",
        f"{person.pk},,,2030-01-09,,",
        f"{person.pk},,,2030-01-07T09:00:00Z,Paris,",
        f"{person.pk},,,2030-01-07T09:00:00Z,,{foreign.pk}",
    ]

    report = load(
        "people_id,people_external_id,card_number,seen_at,timezone,team_id\n" + "\n".join(lines),
        site,
    )

    assert (report.received, report.created, report.failed) == (10, 1, 9)
    assert report.wrong == [
        Wrong(line=3, column="people_id", message="must be an id of 24 hexadecimal characters"),
        Wrong(line=4, column="people_external_id", message="Person not found"),
        Wrong(line=5, column="card_number", message="Nobody has this card."),
        Wrong(line=6, column="people_id", message="Exactly one column names the person."),
        Wrong(line=7, column="seen_at", message="This is missing."),
        Wrong(line=8, column="seen_at", message="must be an ISO 8601 date or date-time"),
        Wrong(line=9, column="seen_at", message="must not lie in the future"),
        Wrong(line=10, column="timezone", message="must be an IANA time zone"),
        Wrong(line=11, column="team_id", message="Team not found"),
    ]


def test_fifty_wrong_lines_are_told(site):
    report = load("seen_at,people_id\n" + "2030-01-07,x\n" * 51, site)

    assert (report.failed, len(report.wrong)) == (51, 50)


def test_locations_of_lines_go_before_that_of_the_file(site, person):
    dublin = SiteFactory(time_zone="Europe/Dublin")

    load(
        "seen_at,people_id,location_id,location_external_id\n"
        f"2030-01-07T09:00:00Z,{person.pk},{dublin.pk},\n"
        f"2030-01-07T10:00:00Z,{person.pk},,PAR\n"
        f"2030-01-07T11:00:00Z,{person.pk},,\n",
        site,
    )

    assert list(Occupancy.objects.order_by("seen_at").values_list("site_id", flat=True)) == [
        dublin.pk,
        site.pk,
        site.pk,
    ]
    assert set(ForecastJob.objects.values_list("site", flat=True)) == {dublin.pk, site.pk}


def test_people_of_one_organization_alone(site, person):
    card = AccessCardFactory(number="C-7")
    text = f"seen_at,people_id,card_number\n2030-01-07,{person.pk},\n2030-01-07,,{card.number}\n"
    SiteMembershipFactory(site=site, organization=person.organization)

    report = load(text, site, organization_id=person.organization_id)

    assert (report.created, report.failed) == (1, 1)
    assert report.wrong[0].column == "card_number"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"seen_at\n2030-01-07\n",
        b"people_id\nx\n",
        b"seen_at,people_id,people_id\n",
        b"seen_at,people_id\n\0",
        b'seen_at,people_id\n"2030',
        b"seen_at,people_id\n" + b"x,y\n" * 100_001,
    ],
)
def test_file_that_is_no_table_of_sightings_is_refused(site, content):
    with pytest.raises(UnreadableBadges):
        load(content, site)

    assert not Occupancy.objects.exists()


# --- the page ---------------------------------------------------------------------------------


def upload(text: str, name: str = "badges.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


@time_machine.travel(NOW, tick=False)
def test_staff_try_a_file_and_load_it(site, person):
    staff = logged_in()
    text = f"seen_at,people_id,door\n2030-01-07T09:00:00Z,{person.pk},1\n2031-01-01,{person.pk},2\n"

    tried = staff.post(PAGE, {"site": site.pk, "file": upload(text), "dry_run": "on"})
    assert not Occupancy.objects.exists()
    stored = staff.post(PAGE, {"site": site.pk, "file": upload(text)})

    assert Occupancy.objects.count() == 1
    for answer, heading in ((tried, "What would be stored"), (stored, "Stored")):
        shown = answer.content.decode()
        assert heading in shown
        assert "This lies in the future." in shown
        assert "passed over: door" in shown


def test_page_opens_for_staff_alone(client: Client):
    assert logged_in().get(PAGE).status_code == 200
    assert client.get(PAGE).status_code == 302


def test_page_has_a_title_a_heading_and_choices_with_names():
    page = logged_in().get(PAGE).content.decode()

    assert "<title> Load a badge file | Workways</title>" in page
    assert page.count("<main") == 1
    assert ">Load a badge file</h2>" in page
    assert "js/admin_choices.js" in page


def test_form_says_what_is_missing_and_what_cannot_be_read(site):
    staff = logged_in()

    empty = staff.post(PAGE, {"site": site.pk})
    unreadable = staff.post(PAGE, {"site": site.pk, "file": upload("a,b\n1,2\n")})

    assert "This field is required." in empty.content.decode()
    assert "The first line must name the columns" in unreadable.content.decode()


def test_file_of_more_than_10_mb_is_refused(site, monkeypatch):
    monkeypatch.setattr("workplace.admin_badges.MOST_BYTES", 10)

    answer = logged_in().post(PAGE, {"site": site.pk, "file": upload("a,b,c,d,e,f")})

    assert "A file has at most 10 MB." in answer.content.decode()
