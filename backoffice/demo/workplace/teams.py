"""The demo's company: its people, their teams, and what each team wishes for."""

import datetime as dt
import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from backoffice.demo import operator
from backoffice.demo.ids import Ids
from backoffice.demo.names import FIRST_NAMES, LAST_NAMES
from backoffice.demo.workplace.house import House
from backoffice.demo.workplace.story import HEADS, TEAMS, TeamStory
from organizations.models import Language, Organization, ScheduleVisibility, User
from workplace.models import Team, TeamLocationSettings, TeamMembership, TeamSettings

_RESTRICTED_EVERY, _HIDDEN_EVERY = 11, 37


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffed:
    """A team as it was told, its row, its wishes and its people."""

    story: TeamStory
    team: Team
    settings: TeamSettings
    here: TeamLocationSettings
    people: list[User]

    @property
    def memberships(self) -> list[TeamMembership]:
        return [TeamMembership(team=self.team, person=person) for person in self.people]


@dataclass(frozen=True, slots=True)
class Company:
    """The teams of an organization, with the people who were made for them."""

    organization: Organization
    teams: list[Staffed] = field(default_factory=list)
    newcomers: list[User] = field(default_factory=list)

    def team(self, name: str) -> Staffed:
        return next(one for one in self.teams if one.story.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody who is in the demo already, and the team that they belong to."""

    user: User
    team: str


def gather(
    organization: Organization,
    house: House,
    known: Sequence[Known],
    *,
    people: int,
    ids: Ids,
    dice: random.Random,
    now: dt.datetime,
) -> Company:
    """Make up the teams of a company with about as many people as are asked for."""
    company = Company(organization)
    names = _names(dice)
    for number, told in enumerate(TEAMS, start=1):
        members = [one.user for one in known if one.team == told.name]
        wanted = max(2, round(told.heads * people / HEADS)) - len(members)
        made = [_colleague(next(names), organization, ids, now) for _ in range(wanted)]
        company.newcomers.extend(made)
        company.teams.append(
            _staffed(number, told, [*members, *made], organization, house, ids=ids)
        )
    _number(company)
    return company


def _names(dice: random.Random) -> Iterator[tuple[str, str]]:
    """Give every first and last name once, in an order of chance."""
    names = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    return iter(dice.sample(names, k=len(names)))


def _colleague(
    name: tuple[str, str], organization: Organization, ids: Ids, now: dt.datetime
) -> User:
    first, last = name
    address = f"{_plain(first)}.{_plain(last)}@acme.example"
    return operator.person(
        ids, now, address, first, last, organization=organization, language=Language.FRENCH
    )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha()).lower()


def _number(company: Company) -> None:
    """Give everybody a number of the company's own system; some keep their plans to themselves."""
    for number, user in enumerate(company.newcomers, start=1):
        user.external_id = f"HR-{number:04d}"
        if number % _HIDDEN_EVERY == 0:
            user.schedule_visibility = ScheduleVisibility.HIDDEN
        elif number % _RESTRICTED_EVERY == 0:
            user.schedule_visibility = ScheduleVisibility.RESTRICTED


def _staffed(
    number: int,
    told: TeamStory,
    people: list[User],
    organization: Organization,
    house: House,
    *,
    ids: Ids,
) -> Staffed:
    team = Team(
        id=ids.new(),
        organization=organization,
        name=told.name,
        color=told.color,
        external_id=f"TEAM-{number:02d}",
    )
    settings = TeamSettings(
        id=ids.new(),
        team=team,
        space_type_preference=told.prefers,
        priority=told.priority,
        default_location=house.site,
    )
    here = TeamLocationSettings(
        id=ids.new(),
        settings=settings,
        site=house.site,
        type=told.type,
        min_capacity=min(told.fewest, len(people)),
        max_capacity=told.most,
        contingency=told.contingency,
        fixed_days=list(told.fixed_days),
        allow_split=told.allow_split,
    )
    return Staffed(story=told, team=team, settings=settings, here=here, people=people)
