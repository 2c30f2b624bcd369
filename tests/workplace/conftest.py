"""Who plans to be where: a Wednesday, a company at a site, somebody of it, and their plan with a guest."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from organizations.models import User
from tests.workplace.intention_world import TODAY, World


@pytest.fixture
def _on_a_wednesday() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def guest(world: World) -> User:
    return world.colleague(first_name="Grace", last_name="Hopper")


@pytest.fixture
def meeting(world: World, guest: User) -> dict[str, Any]:
    """A plan with an invitation."""
    return world.made(invitees=[{"people_id": guest.pk}])
