"""Events of what teams wish for.

Source: workplace-api, section 0, "Audit/webhooks".
"""

import pytest
from django.test import Client

from apitokens.models import Event
from tests.factories import workplace as make
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.sites_app import SiteFactory
from tests.factories.staff import logged_in
from workplace.models import Team

pytestmark = pytest.mark.django_db

PATH = "/workplace/v1/team/settings"


def put(*changes):
    return Client().put(
        PATH,
        {"team_settings": list(changes)},
        content_type="application/json",
        headers=WorkplaceKeyFactory().header,
    )


def told() -> list[tuple[str, str]]:
    """Return type and object of each event of wishes, forgetting them."""
    found = Event.objects.filter(object_kind="team_settings").order_by("type", "object_id")
    events = list(found.values_list("type", "object_id"))
    found.delete()
    return events


def test_an_event_names_the_settings_and_their_team():
    team = make.TeamFactory()

    assert put({"team_id": team.pk, "priority": "high"}).status_code == 200

    event = Event.objects.get(object_kind="team_settings")
    assert (event.type, event.object_id) == ("team_settings.updated", team.settings.pk)
    assert (event.organization_id, event.people) == (team.organization_id, [])
    assert event.data == {"teamId": team.pk}


def test_each_changed_team_is_told_once_with_its_new_neighbours():
    site = SiteFactory()
    organization = OrganizationFactory()
    one, other, third = (make.TeamFactory(organization=organization) for _ in range(3))
    beside = {"location_id": site.pk, "adjacent_team_ids": [other.pk]}

    put({"team_id": one.pk, "settings": [beside]}, {"team_id": other.pk, "priority": "low"})

    assert told() == sorted(("team_settings.updated", team.settings.pk) for team in (one, other))
    put({"team_id": one.pk, "settings": [{**beside, "adjacent_team_ids": [third.pk]}]})
    assert told() == sorted(
        ("team_settings.updated", team.settings.pk) for team in (one, other, third)
    )


def test_nothing_is_told_of_a_refused_change():
    team = make.TeamFactory()

    assert put({"team_id": team.pk, "priority": "top"}).status_code == 400
    assert put({"team_id": team.pk}, {"team_id": "5f" * 12}).status_code == 404
    assert told() == []


def test_staff_make_change_and_delete_teams():
    staff = logged_in()
    sent = {
        "name": "Accounting",
        "organization": OrganizationFactory().pk,
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    assert staff.post("/admin/workplace/team/add/", sent).status_code == 302
    team = Team.objects.get()
    pk = team.settings.pk
    assert told() == [("team_settings.created", pk)]

    staff.post(f"/admin/workplace/team/{team.pk}/change/", sent | {"name": "Ledger"})
    assert told() == [("team_settings.updated", pk)]

    wishes = {"team": team.pk, "space_type_preference": "ROOM", "priority": "high"}
    wishes |= {"locations-TOTAL_FORMS": 0, "locations-INITIAL_FORMS": 0}
    staff.post(f"/admin/workplace/teamsettings/{pk}/change/", wishes)
    assert told() == [("team_settings.updated", pk)]

    staff.post(f"/admin/workplace/team/{team.pk}/delete/", {"post": "yes"})
    assert told() == [("team_settings.deleted", pk)]
    assert not Team.objects.exists()


def test_a_team_that_seats_name_stays():
    staff, row = logged_in(), make.AllocationFactory()

    staff.post(f"/admin/workplace/team/{row.team_id}/delete/", {"post": "yes"})
    staff.post(
        "/admin/workplace/team/",
        {"action": "delete_selected", "_selected_action": row.team_id, "post": "yes"},
    )

    assert Team.objects.filter(pk=row.team_id).exists()
    assert told() == []
