"""A company at a site in Paris, its key, and calls about plans. Today is Wednesday, 2 January 2030."""

import datetime as dt
import json
from typing import Any

from django.test import Client

from organizations.models import User
from sites_app.models import Site
from tests.factories.apitokens import WorkplaceKeyFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory, SiteMembershipFactory
from tests.factories.workplace import ConfigurationFactory
from workplace.models import Intention

TODAY = "2030-01-02T09:00:00Z"
NOW = dt.datetime(2030, 1, 2, 9, 0, tzinfo=dt.UTC)
MONDAY = "2030-01-07"
NINE, SIX = "2030-01-07T08:00:00Z", "2030-01-07T17:00:00Z"
INTENTIONS = "/workplace/v1/intentions"
EXTERNAL = f"{INTENTIONS}/external"


class World:
    """`key` is the company's with every scope, `operator` sees all; `person` is one of the company."""

    def __init__(self, **site: Any) -> None:
        self.key = WorkplaceKeyFactory(for_organization=True)
        self.operator = WorkplaceKeyFactory()
        self.organization = self.key.organization
        self.site: Site = SiteFactory(**site)
        self.person = self.colleague(first_name="Ada", last_name="Lovelace")
        SiteMembershipFactory(site=self.site, organization=self.organization)

    def colleague(self, **person: Any) -> User:
        return UserFactory(organization=self.organization, **person)

    def room(self, **room: Any) -> Any:
        return RoomFactory(site=self.site, **{"max_duration": 600, **room})

    def configuration(self, **fields: Any) -> Any:
        return ConfigurationFactory(organization=self.organization, **fields)

    def body(self, **fields: Any) -> dict[str, Any]:
        """Return a desk plan of the person, Monday from nine to six, as a call's body."""
        usual = {
            "status": "ACCEPTED",
            "type": "SPACE",
            "location_id": self.site.pk,
            "people_id": self.person.pk,
            "starts_at": NINE,
            "ends_at": SIX,
        }
        return {name: value for name, value in (usual | fields).items() if value is not ...}

    def declare(
        self, *, key: Any = None, query: str = "", headers: Any = None, **fields: Any
    ) -> Any:
        return self.call(
            "post", INTENTIONS + query, key=key, body=self.body(**fields), headers=headers
        )

    def made(self, **fields: Any) -> dict[str, Any]:
        """Declare a plan that must come about, and return it."""
        answer = self.declare(**fields)
        assert answer.status_code == 200, answer.json()
        return answer.json()["data"]["intention"]

    def answer(
        self, verb: str, intention: Any, *, query: str = "", key: Any = None, **body: Any
    ) -> Any:
        pk = intention["_id"] if isinstance(intention, dict) else intention
        return self.call("put", f"{INTENTIONS}/{pk}/{verb}{query}", key=key, body=body)

    def delete(self, intention: Any, *, key: Any = None) -> Any:
        pk = intention["_id"] if isinstance(intention, dict) else intention
        return self.call("delete", f"{INTENTIONS}/{pk}", key=key)

    def call(
        self, method: str, path: str, *, key: Any = None, body: Any = None, headers: Any = None
    ) -> Any:
        sent = (
            {"data": json.dumps(body), "content_type": "application/json"}
            if body is not None
            else {}
        )
        named = {**(key or self.key).header, **(headers or {})}
        return getattr(Client(raise_request_exception=False), method)(path, headers=named, **sent)


def details(answer: Any, status: int) -> list[tuple[str, str]]:
    """Return path and code of each detail of a refusal with that status."""
    assert answer.status_code == status, answer.json()
    return [(one["path"], one.get("code", "")) for one in answer.json()["error"]["details"]]


def invitation(plan: dict[str, Any]) -> str:
    """Return the id of a plan's first invitation."""
    return plan["invitees"][0]["intention_id"]


def status_of(answer: Any) -> str:
    """Return the state of the plan in an answer that must be a success."""
    assert answer.status_code == 200, answer.json()
    return answer.json()["data"]["intention"]["status"]


def row(plan: Any) -> Intention:
    """Return the stored plan of an answer, or of an id."""
    return Intention.objects.get(pk=plan["_id"] if isinstance(plan, dict) else plan)
