"""Staff cannot enter places, teams or settings that the workplace could not work with."""

import pytest
from django.forms.models import model_to_dict
from django.test import Client

from apitokens.models import Event
from organizations.models import Organization, User
from sites_app.admin_forms import SiteForm
from tests.factories import workplace as make
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory
from tests.factories.staff import logged_in
from workplace.admin_forms import (
    RoomPlacementForm,
    SpaceForm,
    TeamLocationSettingsForm,
    ZoneForm,
)
from workplace.models import Team, TeamMembership, TeamSettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return logged_in()


def space(**fields: object) -> SpaceForm:
    return SpaceForm({"name": "D1", "labels": "quiet, window", "is_active": True} | fields)


def test_space_lies_on_the_layer_of_its_zone():
    zone = make.ZoneFactory()

    good = space(layer=zone.layer_id, zone=zone.pk)
    wrong = space(layer=make.LayerFactory().pk, zone=zone.pk)

    assert good.is_valid()
    assert good.save().labels == ["quiet", "window"]
    assert wrong.errors == {"zone": ["This lies on another layer."]}


def test_space_lies_on_the_layer_of_its_room():
    placed = make.RoomPlacementFactory()
    other = make.LayerFactory(site=placed.room.site)

    assert space(layer=placed.layer_id, room=placed.room_id).is_valid()
    assert space(layer=other.pk, room=placed.room_id).errors == {
        "room": ["This lies on another layer."]
    }


def test_space_lies_at_the_site_of_its_room_whose_layer_nobody_told():
    layer = make.LayerFactory()

    assert space(layer=layer.pk, room=RoomFactory(site=layer.site).pk).is_valid()
    assert space(layer=layer.pk, room=RoomFactory().pk).errors == {
        "room": ["This lies on another layer."]
    }


def test_room_lies_on_a_layer_of_its_site():
    room, layer = RoomFactory(), make.LayerFactory()

    assert RoomPlacementForm(
        {"room": room.pk, "layer": make.LayerFactory(site=room.site).pk}
    ).is_valid()
    assert RoomPlacementForm({"room": room.pk, "layer": layer.pk}).errors == {
        "layer": ["This layer is at another site than the room."]
    }


def test_zone_has_labels_in_words():
    layer = make.LayerFactory()

    form = ZoneForm({"layer": layer.pk, "name": "North", "capacity": 3, "labels": "quiet"})

    assert form.is_valid(), form.errors
    assert form.save().labels == ["quiet"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [([], []), (["5", "1", "5"], [1, 5]), (["7"], [7]), (["0"], None), (["8"], None)],
)
def test_fixed_days_are_weekdays(given, kept):
    team, site = make.TeamFactory(), SiteFactory()
    form = TeamLocationSettingsForm(
        {
            "settings": team.settings.pk,
            "site": site.pk,
            "type": "FREE",
            "min_capacity": 0,
            "contingency": 0,
            "fixed_days": given,
        }
    )

    assert form.is_valid() == (kept is not None)
    if kept is not None:
        assert form.save().fixed_days == kept


def test_fewest_seats_are_not_above_the_most():
    team, site = make.TeamFactory(), SiteFactory()
    fields = {"settings": team.settings.pk, "site": site.pk, "type": "FREE", "contingency": 0}

    good = TeamLocationSettingsForm(fields | {"min_capacity": 3, "max_capacity": 3})
    wrong = TeamLocationSettingsForm(fields | {"min_capacity": 4, "max_capacity": 3})

    assert good.is_valid()
    assert wrong.errors == {"__all__": ["The most seats are not below the fewest."]}


@pytest.mark.parametrize(
    ("name", "make_it"),
    [
        ("preferred_layers", lambda site, team: [make.LayerFactory().pk]),
        ("preferred_zones", lambda site, team: [make.ZoneFactory().pk]),
        (
            "preferred_zones",
            lambda site, team: [make.ZoneFactory(site=site, organization=OrganizationFactory()).pk],
        ),
        ("room", lambda site, team: RoomFactory().pk),
        ("adjacent_teams", lambda site, team: [team.pk]),
        ("adjacent_teams", lambda site, team: [make.TeamFactory().pk]),
        ("min_capacity", lambda site, team: 6),
    ],
)
def test_wishes_are_for_what_there_is_at_the_location(name, make_it):
    team, site = make.TeamFactory(), SiteFactory(capacity=5)
    zone = make.ZoneFactory(site=site, organization=team.organization)
    fields = {
        "settings": team.settings.pk,
        "site": site.pk,
        "type": "FREE",
        "contingency": 0,
        "min_capacity": 5,
        "preferred_layers": [zone.layer_id],
        "preferred_zones": [zone.pk],
        "room": RoomFactory(site=site).pk,
        "adjacent_teams": [make.TeamFactory(organization=team.organization).pk],
    }
    assert TeamLocationSettingsForm(fields).errors == {}

    wrong = TeamLocationSettingsForm(fields | {name: make_it(site, team)})

    assert set(wrong.errors) == {name}


def test_neighbours_are_so_for_both_sides(staff):
    team, site = make.TeamFactory(), SiteFactory()
    near, former = (make.TeamFactory(organization=team.organization) for _ in range(2))
    here = make.TeamLocationSettingsFactory(team=team, site=site)
    there = make.TeamLocationSettingsFactory(team=former, site=site)
    here.adjacent_teams.add(former)
    there.adjacent_teams.add(team)

    answer = staff.post(
        f"/admin/workplace/teamsettings/{team.settings.pk}/change/",
        {
            "team": team.pk,
            "space_type_preference": "AUTO",
            "priority": "medium",
            "locations-TOTAL_FORMS": 1,
            "locations-INITIAL_FORMS": 1,
            "locations-0-id": here.pk,
            "locations-0-settings": team.settings.pk,
            "locations-0-site": site.pk,
            "locations-0-type": "FREE",
            "locations-0-min_capacity": 0,
            "locations-0-contingency": 0,
            "locations-0-adjacent_teams": [near.pk],
        },
    )

    assert answer.status_code == 302, answer.context["errors"]
    assert set(near.settings.locations.get().adjacent_teams.all()) == {team}
    assert not there.adjacent_teams.exists()
    assert list(
        TeamSettings.objects.filter(team__in=[near, former]).values_list("version", flat=True)
    ) == [2, 2]
    assert Event.objects.filter(type="team_settings.updated").count() == 3


def new_team(staff: Client, organization: Organization, person: User):
    return staff.post(
        "/admin/workplace/team/add/",
        {
            "name": "Accounting",
            "organization": organization.pk,
            "color": "#3366CC",
            "memberships-TOTAL_FORMS": 1,
            "memberships-INITIAL_FORMS": 0,
            "memberships-0-person": person.pk,
            "memberships-0-is_primary": "on",
        },
    )


def test_new_team_has_settings_and_members(staff):
    person = UserFactory()

    answer = new_team(staff, person.organization, person)

    assert answer.status_code == 302
    team = Team.objects.get()
    assert (team.name, team.color) == ("Accounting", "#3366cc")
    assert TeamSettings.objects.get().team == team
    assert TeamMembership.objects.get().person == person


def test_member_of_another_organization_is_refused(staff):
    answer = new_team(staff, OrganizationFactory(), UserFactory())

    assert "This person is of another organization." in answer.content.decode()
    assert not Team.objects.exists()


def test_changed_settings_have_a_new_version(staff):
    settings = make.TeamFactory().settings

    answer = staff.post(
        f"/admin/workplace/teamsettings/{settings.pk}/change/",
        {
            "team": settings.team_id,
            "space_type_preference": "ROOM",
            "priority": "high",
            "locations-TOTAL_FORMS": 0,
            "locations-INITIAL_FORMS": 0,
        },
    )

    assert answer.status_code == 302
    settings.refresh_from_db()
    assert (settings.version, settings.priority) == (2, "high")


def test_changed_configuration_has_a_new_version(staff):
    configuration = make.ConfigurationFactory()

    answer = staff.post(
        f"/admin/workplace/configuration/{configuration.pk}/change/",
        {"name": "Outlook", "default_timezone": "Europe/Paris"},
    )

    assert answer.status_code == 302
    configuration.refresh_from_db()
    assert (configuration.version, configuration.name) == (2, "Outlook")


# --- a site's workplace -------------------------------------------------------------------------


def site_form(**fields: object) -> SiteForm:
    site = SiteFactory()
    stored = {name: value for name, value in model_to_dict(site).items() if value is not None}
    stored |= {"closed_dates": "", "operating_hours": "[]", "workplace_settings": "{}"}
    return SiteForm(stored | fields, instance=site)


@pytest.mark.parametrize("given", ["", "[]", '[{"days": [1], "open": "07:00", "close": "24:00"}]'])
def test_site_has_operating_hours(given):
    form = site_form(operating_hours=given)

    assert form.is_valid(), form.errors
    assert form.save().operating_hours == (
        [{"days": [1], "open": "07:00", "close": "24:00"}] if "days" in given else []
    )


@pytest.mark.parametrize("given", ["{}", '[{"days": [8], "open": "07:00", "close": "21:00"}]', "x"])
def test_operating_hours_that_cannot_be_read_are_refused(given):
    assert list(site_form(operating_hours=given or "{}").errors) == (
        [] if given == "{}" else ["operating_hours"]
    )


def test_workplace_settings_that_cannot_be_read_are_refused():
    assert site_form(workplace_settings='{"INVITES": {"auto_accept": true}}').is_valid()
    assert site_form(workplace_settings='{"INVITES": {"auto_accept": 1}}').errors == {
        "workplace_settings": ["INVITES.auto_accept must be true or false"]
    }


def test_country_of_public_holidays_is_chosen_and_kept_as_a_code():
    form = site_form(holiday_country="BE")

    assert form.is_valid(), form.errors
    assert form.save().holiday_country == "BE"
    assert site_form(holiday_country="").is_valid()
    assert not site_form(holiday_country="ZZ").is_valid()


def test_choices_tell_places_of_the_same_name_apart(staff: Client):
    zones = [
        make.ZoneFactory(
            name="Garden",
            layer=make.LayerFactory(name="First floor", site=SiteFactory(name=name)),
        )
        for name in ("Lyon", "Paris")
    ]
    asked = {
        "app_label": "workplace",
        "model_name": "teamlocationsettings",
        "field_name": "preferred_zones",
        "term": "Garden",
    }

    found = staff.get("/admin/autocomplete/", asked).json()["results"]

    assert [one["text"] for one in found] == [
        "Garden · First floor · Lyon",
        "Garden · First floor · Paris",
    ]
    wish = make.TeamLocationSettingsFactory(site=zones[0].layer.site)
    wish.preferred_zones.add(zones[0])
    form = TeamLocationSettingsForm(instance=wish)
    labels = [form.fields["preferred_zones"].label_from_instance(zone) for zone in zones[:1]]
    assert labels == ["Garden · First floor · Lyon"]


def test_zone_gets_the_desks_that_are_asked_for(staff: Client):
    zone = make.ZoneFactory(name="Garden")
    typed = {
        "name": "Garden",
        "layer": zone.layer_id,
        "capacity": 3,
        "desks_to_add": 3,
        "is_active": "on",
        "labels": "",
        "x": "",
        "y": "",
        "organization": "",
    }

    answer = staff.post(f"/admin/workplace/zone/{zone.pk}/change/", typed)

    assert answer.status_code == 302
    assert sorted(zone.spaces.values_list("name", flat=True)) == [
        "Garden 1",
        "Garden 2",
        "Garden 3",
    ]
