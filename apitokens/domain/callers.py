"""Who calls: the checks from an `Authorization` header to a person who may, each with its sentence.

Source: Public API, "Authentication Error Responses"; public-api, section 1, Auth errors, for the
order.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from apitokens import selectors
from apitokens.domain import key_limits, quotas, tokens, usage
from apitokens.models import ApiToken, TokenKind
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


class MissingKey(Unauthorized):
    message = "Unauthorized: x-api-key header is required"


class InvalidKey(Unauthorized):
    message = "Unauthorized: Invalid or revoked API key"


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

    What cannot be a token is refused without a query. The others are looked up by their SHA-256, known
    or not: how long an index compares digests tells a guesser nothing of a token. Source: safety, S-06.

    :raises Unauthorized: the first that applies, in the documented order.
    :raises tokens.NoTokenRole: when the owner no longer has an API role.
    """
    plain = _plain(header)
    token = selectors.token_by_hash(tokens.digest(plain)) if tokens.is_well_formed(plain) else None
    if token is None:
        raise InvalidToken
    _check_standing(token)
    return token


def identify_key(header: str) -> ApiToken:
    """Return the key of the Workplace API that an `x-api-key` header holds.

    A token of the public API is none. A key dies with the owner's right to it: who has left an
    organization no longer sees it. Source: workplace-api, section 0, Auth and Tenancy.

    :raises Unauthorized: the first that applies, in the order of the public API.
    :raises tokens.NoTokenRole: when the owner no longer has an API role.
    """
    plain = header.strip()
    if not plain:
        raise MissingKey
    if not tokens.is_well_formed(plain, kind=TokenKind.WORKPLACE):
        raise InvalidKey
    token = selectors.key_by_hash(tokens.digest(plain))
    if token is None:
        raise InvalidKey
    _check_standing(token)
    if token.organization is not None and token.organization.is_archived:
        raise ArchivedOrganization
    if not tokens.may_hold_key(token.owner, organization_id=token.organization_id):
        raise InvalidKey
    return token


def _check_standing(token: ApiToken) -> None:
    owner = token.owner
    if not token.is_active:
        raise InactiveToken
    if owner.is_archived:
        raise ArchivedOwner
    if owner.organization is not None and owner.organization.is_archived:
        raise ArchivedOrganization
    if owner.api_role not in tokens.TOKEN_ROLES:
        raise tokens.NoTokenRole


def admit(token: ApiToken, *, scope: str | None, now: dt.datetime) -> Caller:
    """Let a call in: it may do this, it is within its quota, which counts it.

    `scope` may name several, with a blank between; the token needs them all.

    :raises ScopeMissing: naming the first; such a call is not counted.
    :raises quotas.QuotaExceeded: :raises key_limits.TooFast: nor is this one.
    """
    for wanted in (scope or "").split():
        if wanted not in token.scopes:
            raise ScopeMissing(wanted, headers=quotas.standing(owner=token.owner, now=now))
    headers: Mapping[str, str] = {}
    if token.kind == TokenKind.WORKPLACE:
        headers = key_limits.take(token, now=now)
    headers = {**headers, **quotas.take(owner=token.owner, now=now)}
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
