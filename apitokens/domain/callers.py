"""Who calls: the checks from an `Authorization` header to a person who may, each with its sentence.

Source: Public API, "Authentication Error Responses"; public-api, section 1, Auth errors, for the
order.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from apitokens import selectors
from apitokens.domain import quotas, tokens, usage
from apitokens.models import ApiToken
from config.errors import DomainError
from organizations.models import ApiRole, User

_USE = "Use: Authorization: Bearer <your_token>"


class Unauthorized(DomainError):
    """Nobody is known by this header."""

    code = "UNAUTHORIZED"
    status = 401


class MissingHeader(Unauthorized):
    message = f"Unauthorized: Authorization header is required. {_USE}"


class InvalidFormat(Unauthorized):
    message = f"Unauthorized: Invalid authorization format. {_USE}"


class InvalidToken(Unauthorized):
    message = "Unauthorized: Invalid or revoked token"


class InactiveToken(Unauthorized):
    message = "Votre token est expiré, connectez-vous à votre compte pour le renouveler"


class ArchivedOwner(Unauthorized):
    message = "Unauthorized: User account is archived"


class ArchivedOrganization(Unauthorized):
    message = "Votre compte est désactivé, contactez Workways"


class ScopeMissing(DomainError):
    """The token was made without what this call needs; the headers tell where the quota stands."""

    code = "SCOPE_MISSING"
    status = 403

    def __init__(self, scope: str, *, headers: Mapping[str, str]) -> None:
        super().__init__(f"Forbidden: this token lacks the scope {scope}")
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Caller:
    """A person let in by a token; `headers` tell where their quota stands."""

    token: ApiToken
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> User:
        return self.token.owner


def identify(header: str) -> ApiToken:
    """Return the token that an `Authorization` header names; roles are as they are now.

    What cannot be a token is refused without a query.

    :raises Unauthorized: the first that applies, in the documented order.
    :raises tokens.NoTokenRole: when the owner no longer has an API role.
    """
    plain = _plain(header)
    token = selectors.token_by_hash(tokens.digest(plain)) if tokens.is_well_formed(plain) else None
    if token is None:
        raise InvalidToken
    owner = token.owner
    if not token.is_active:
        raise InactiveToken
    if owner.is_archived:
        raise ArchivedOwner
    if owner.organization is not None and owner.organization.is_archived:
        raise ArchivedOrganization
    if owner.api_role not in tokens.TOKEN_ROLES:
        raise tokens.NoTokenRole
    return token


def admit(token: ApiToken, *, scope: str | None, now: dt.datetime) -> Caller:
    """Let a call in: it may do this, it is within its quota, which counts it.

    :raises ScopeMissing: naming the scope; such a call is not counted.
    :raises quotas.QuotaExceeded: nor is this one.
    """
    if scope and scope not in token.scopes:
        raise ScopeMissing(scope, headers=quotas.standing(owner=token.owner, now=now))
    headers = quotas.take(owner=token.owner, now=now)
    usage.note(token, now=now)
    return Caller(token, headers)


def is_partner(owner: User) -> bool:
    """Say whether an owner's calls see every organization's data, not their own alone.

    Source: safety, S-11.
    """
    return owner.organization_id is None or owner.api_role == ApiRole.APP_ADMIN


def may_see(owner: User, *, organization_id: str | None) -> bool:
    """Say whether a token of `owner` reads this organization and its people (None: of no organization).

    An owner in an organization reads that one alone; a partner, who is in none, and an `app-admin`
    read all. Whatever may not be seen is answered like what does not exist. Source: public-api,
    section 2, GET /api/user-info; safety, S-11.
    """
    return is_partner(owner) or organization_id == owner.organization_id


def _plain(header: str) -> str:
    if not header.strip():
        raise MissingHeader
    parts = header.split()
    if len(parts) != 2 or parts[0].lower() != "bearer":
        raise InvalidFormat
    return parts[1]
