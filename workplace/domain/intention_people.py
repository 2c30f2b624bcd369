"""Whose plan it is: people and teams as a call names them, and people who are made known by it.

Source: Workplace API, section 8, POST /intentions; section 12, "Provisioned people".
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from apitokens.domain import enquiries
from apitokens.models import ApiToken
from organizations.domain import accounts
from organizations.domain.accounts import InvalidEmail
from organizations.models import Organization, Role, User
from workplace.domain.refusals import Detail, Invalid, missing
from workplace.models import Configuration, Team
from workplace.selectors_tenants import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who declares or answers plans: a tenant, through a key or, on the website, as a person.

    `may_override` is an administrator's; `provisions_for` is the configuration that makes people
    known whose address is new.
    """

    tenant: Tenant
    person: User | None = None
    token_id: str | None = None
    may_override: bool = False
    provisions_for: Configuration | None = None

    @property
    def now(self) -> dt.datetime:
        return self.tenant.now


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNames:
    """How a call names a person: by id, or by address with the names of somebody new."""

    people_id: str | None = None
    email: str | None = None
    first_name: str = ""
    last_name: str = ""
    at: str = ""

    @property
    def is_said(self) -> bool:
        return self.people_id is not None or self.email is not None

    def path(self, name: str) -> str:
        return f"{self.at}.{name}" if self.at else name


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNames:
    """How a call names a team: by its id, or by its name or external id in the tenant."""

    team_id: str | None = None
    name: str | None = None
    external_id: str | None = None

    @property
    def is_said(self) -> bool:
        return any(part is not None for part in (self.team_id, self.name, self.external_id))


NOBODY = PersonNames()
NO_TEAM = TeamNames()


def ask(asker: Asker, names: Iterable[PersonNames]) -> None:
    """Count each address that a call would make known: the answer tells whether one is known elsewhere.

    Each takes one of the key's enquiries and leaves its trace, whatever becomes of the call; hence it
    stands before the call's transaction.

    Source: workplace-api, section 12, "Provisioned people"; safety, S-22.

    :raises TooManyCalls: :raises Invalid: for what is no address.
    """
    named = [one for one in names if one.people_id is None and one.email is not None]
    if not named or asker.token_id is None or _organization_for(asker) is None:
        return
    addresses = {_address(one) for one in named}
    known = asker.tenant.people().filter(email__in=addresses, is_archived=False)
    for email in sorted(addresses - set(known.values_list("email", flat=True))):
        token = ApiToken.objects.select_related("owner").get(pk=asker.token_id)
        enquiries.admit(token, now=asker.now)
        is_elsewhere = User.objects.filter(email=email).exists()
        # who is known elsewhere is answered as nobody, which is a miss
        enquiries.record(token, endpoint="intentions", was_known=not is_elsewhere, now=asker.now)


def person(asker: Asker, named: PersonNames) -> User | None:
    """Return the person, made known if the configuration wants that; None when nobody is named.

    In the caller's transaction.

    :raises NotFound: also for another tenant's, and for who is archived. :raises Invalid:
    """
    if not named.is_said:
        return None
    people = asker.tenant.people().select_related("organization").filter(is_archived=False)
    if named.people_id is not None:
        found = people.filter(pk=named.people_id).first()
        if found is None:
            raise missing(named.path("people_id"), "Person")
        return found
    email = _address(named)
    return people.filter(email=email).first() or _provisioned(asker, named, email)


def _address(named: PersonNames) -> str:
    try:
        return accounts.normalise_email(named.email or "")
    except InvalidEmail as error:
        path = named.path("people_email")
        raise Invalid([Detail(path=path, message="must be an e-mail address")]) from error


def _provisioned(asker: Asker, named: PersonNames, email: str) -> User:
    """Make the person known in the configuration's organization; who is known elsewhere is not ours."""
    organization = _organization_for(asker)
    is_known = User.objects.filter(email=email).exists()
    if organization is None or is_known:
        raise missing(named.path("people_email"), "Person")
    User.objects.bulk_create(
        [
            User(
                email=email,
                first_name=named.first_name[: accounts.MAX_NAME],
                last_name=named.last_name[: accounts.MAX_NAME],
                language=organization.language,
                organization=organization,
                role=Role.USER,
                password=make_password(None),
            )
        ],
        ignore_conflicts=True,  # somebody else made them known in this very moment
    )
    found = User.objects.select_related("organization").filter(
        email=email, organization=organization
    )
    made = found.first()
    if made is None:
        raise missing(named.path("people_email"), "Person")
    return made


def _organization_for(asker: Asker) -> Organization | None:
    configuration = asker.provisions_for
    if configuration is None or not configuration.provision_people:
        return None
    organization_id = asker.tenant.organization_id or configuration.organization_id
    live = Organization.objects.filter(pk=organization_id, is_archived=False)
    return live.first()


def team(asker: Asker, named: TeamNames, *, of: User | None) -> Team | None:
    """Return the team, None when none is named; beside a person it is one of their organization's.

    :raises NotFound: :raises Invalid: when several have the name.
    """
    if not named.is_said:
        return None
    teams = _teams_of(asker.tenant)
    if of is not None:
        teams = teams.filter(organization=of.organization_id)
    if named.team_id is not None:
        return _the_only(teams.filter(pk=named.team_id), "team_id")
    if named.external_id is not None:
        return _the_only(teams.filter(external_id=named.external_id), "external_team_id")
    return _the_only(teams.filter(name__iexact=named.name), "team_name")


def _teams_of(tenant: Tenant) -> QuerySet[Team]:
    if tenant.is_operator:
        return Team.objects.all()
    return Team.objects.filter(organization=tenant.organization_id)


def _the_only(teams: QuerySet[Team], path: str) -> Team:
    found = list(teams.order_by("pk")[:2])
    if not found:
        raise missing(path, "Team")
    if len(found) > 1:
        raise Invalid([Detail(path=path, message="is the name of several teams, use team_id")])
    return found[0]


def lock(*people_ids: str) -> None:
    """Lock people by id, so that one plan of a person is made or accepted at a time."""
    rows = User.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=people_ids)
    list(rows.order_by("pk").values_list("pk", flat=True))


def members_of(team: Team) -> list[User]:
    """Return the live people of a team, by id."""
    return list(team.members.filter(is_archived=False).order_by("pk"))
