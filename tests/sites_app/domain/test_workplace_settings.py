"""Settings of a site's workplace: every default, every name, and what is none."""

import datetime as dt

import pytest

from sites_app.domain import workplace_settings
from sites_app.domain.workplace_settings import FixedSchedule, Schedule, WrongSettings

WHOLE = {
    "features": {"AUTO_ALLOCATE": {"enabled": True, "allocation_mode": "TEAM"}},
    "auto_schedule": {"enabled": True, "percentage": 90, "future_days": 5},
    "likely_schedule": {"enabled": True, "percentage": 0, "future_days": 90},
    "fixed_schedule": {"enabled": True, "days": 7, "future_days": 0},
    "INVITES": {"auto_accept": True},
    "evolution_settings": {
        "auto_evolve_disabled": False,
        "evolution_stops_at": {"hour": 9, "minute": 30},
        "evolution_offset_days": 2,
    },
    "consolidation": "LAYERS",
    "of_another_version": 1,
}


@pytest.mark.parametrize("stored", [{}, None, {"features": {}}, {"features": None}])
def test_defaults(stored):
    found = workplace_settings.read(stored)

    assert found == workplace_settings.WorkplaceSettings(
        auto_accept=False,
        auto_schedule=Schedule(is_on=False, percentage=80, future_days=10),
        likely_schedule=Schedule(is_on=False, percentage=50, future_days=10),
        fixed_schedule=FixedSchedule(is_on=False, days=3, future_days=10),
        auto_evolve=False,
        evolution_stops_at=None,
        evolution_offset_days=0,
    )


def test_everything_given():
    found = workplace_settings.read(WHOLE)

    assert found == workplace_settings.WorkplaceSettings(
        auto_accept=True,
        auto_schedule=Schedule(is_on=True, percentage=90, future_days=5),
        likely_schedule=Schedule(is_on=True, percentage=0, future_days=90),
        fixed_schedule=FixedSchedule(is_on=True, days=7, future_days=0),
        auto_evolve=True,
        evolution_stops_at=dt.time(9, 30),
        evolution_offset_days=2,
    )


def test_invitations_may_stand_among_the_features():
    assert workplace_settings.read({"features": {"INVITES": {"auto_accept": True}}}).auto_accept


def test_hour_without_minute_is_the_full_hour():
    stored = {"evolution_settings": {"evolution_stops_at": {"hour": 0}}}

    assert workplace_settings.read(stored).evolution_stops_at == dt.time(0, 0)


@pytest.mark.parametrize(
    ("stored", "problem"),
    [
        ([], "the settings must be an object"),
        ({"features": []}, "features must be an object"),
        ({"features": {"INVITES": 1}}, "features.INVITES must be an object"),
        ({"INVITES": {"auto_accept": 1}}, "INVITES.auto_accept must be true or false"),
        ({"auto_schedule": {"enabled": "on"}}, "auto_schedule.enabled must be true or false"),
        (
            {"auto_schedule": {"percentage": 101}},
            "auto_schedule.percentage must be a whole number from 0 to 100",
        ),
        (
            {"likely_schedule": {"percentage": True}},
            "likely_schedule.percentage must be a whole number from 0 to 100",
        ),
        (
            {"likely_schedule": {"future_days": 91}},
            "likely_schedule.future_days must be a whole number from 0 to 90",
        ),
        (
            {"fixed_schedule": {"days": 0}},
            "fixed_schedule.days must be a whole number from 1 to 7",
        ),
        (
            {"evolution_settings": {"evolution_stops_at": {"hour": 24}}},
            "evolution_settings.evolution_stops_at.hour must be a whole number from 0 to 23",
        ),
        (
            {"evolution_settings": {"evolution_stops_at": {"hour": 1, "minute": 60}}},
            "evolution_settings.evolution_stops_at.minute must be a whole number from 0 to 59",
        ),
    ],
)
def test_what_cannot_be_read_is_named(stored, problem):
    with pytest.raises(WrongSettings) as caught:
        workplace_settings.read(stored)

    assert str(caught.value) == problem
