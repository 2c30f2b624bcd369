"""API tokens of both APIs: making, regenerating and removing them.

Source: Public API, "Token Management"; workplace-api, sections 0 and 13, Keys.
"""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from apitokens.models import ApiToken, Scope, TokenKind, WorkplaceScope
from config.errors import DomainError
from organizations.models import ApiRole, Organization, User

BEGINNINGS = {TokenKind.PUBLIC.value: "ww_dev_", TokenKind.WORKPLACE.value: "ww_wp_"}
_SECRET_BYTES = 32
_SHOWN_CHARACTERS = 6
_SECRET = re.compile(rf"[0-9a-f]{{{2 * _SECRET_BYTES}}}")
WORKPLACE_DEFAULT = (WorkplaceScope.READ.value, WorkplaceScope.WRITE.value)
TOKEN_ROLES = (ApiRole.DEVELOPER, ApiRole.APP_ADMIN)


class NoTokenRole(DomainError):
    """The person has no role that may own tokens."""

    code = "NO_TOKEN_ROLE"
    status = 403
    message = "API access requires the role api-developer or app-admin"


class NotTheirOrganization(DomainError):
    """The owner may not have a key that sees this organization, or everything."""

    code = "NOT_THEIR_ORGANIZATION"
    status = 403
    message = "A key of another organization or of the operator requires the role app-admin"


class UnknownScope(DomainError):
    """A scope that does not exist, or that this owner may not give."""

    code = "UNKNOWN_SCOPE"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token and its plain text, which is known at this moment only."""

    token: ApiToken
    plain: str


def is_well_formed(plain: str, *, kind: str = TokenKind.PUBLIC) -> bool:
    """Say whether a text could be a token of that kind: its beginning and 64 lower-case hex digits."""
    beginning = BEGINNINGS[kind]
    return plain.startswith(beginning) and bool(_SECRET.fullmatch(plain, len(beginning)))


def digest(plain: str) -> str:
    """Return what is stored of a token: its SHA-256 in hex."""
    return hashlib.sha256(plain.encode()).hexdigest()


def default_scopes(owner: User) -> list[str]:
    """Return what an owner's tokens may do: for developers all but contracts.

    Source: public-api, section 1, Scopes.
    """
    if owner.api_role == ApiRole.APP_ADMIN:
        return list(Scope.values)
    return [scope for scope in Scope.values if scope != Scope.WRITE_CONTRACTS]


def create(
    *, owner: User, name: str, now: dt.datetime, scopes: Sequence[str] | None = None
) -> IssuedToken:
    """Make a token of the public API for `owner`; without `scopes` it gets the owner's default ones.

    :raises NoTokenRole: when the owner may not have tokens.
    :raises UnknownScope: naming the first scope that does not exist.
    """
    if owner.api_role not in TOKEN_ROLES:
        raise NoTokenRole
    wanted = _checked(default_scopes(owner) if scopes is None else scopes, among=Scope.values)
    plain = _new_plain(TokenKind.PUBLIC)
    token = ApiToken.objects.create(
        owner=owner, name=name, scopes=wanted, created_at=now, **_stored(plain)
    )
    return IssuedToken(token, plain)


def create_key(
    *,
    owner: User,
    organization: Organization | None,
    name: str,
    now: dt.datetime,
    scopes: Sequence[str] = WORKPLACE_DEFAULT,
) -> IssuedToken:
    """Make a key of the Workplace API that sees one organization, or as the operator's everything.

    :raises NoTokenRole: when the owner may not have keys.
    :raises NotTheirOrganization: when it would see more than the owner may.
    :raises UnknownScope: naming the first scope that does not exist.
    """
    if owner.api_role not in TOKEN_ROLES:
        raise NoTokenRole
    if not may_hold_key(owner, organization_id=organization.pk if organization else None):
        raise NotTheirOrganization
    plain = _new_plain(TokenKind.WORKPLACE)
    token = ApiToken.objects.create(
        kind=TokenKind.WORKPLACE,
        owner=owner,
        organization=organization,
        name=name,
        scopes=_checked(scopes, among=WorkplaceScope.values),
        created_at=now,
        **_stored(plain),
    )
    return IssuedToken(token, plain)


def may_hold_key(owner: User, *, organization_id: str | None) -> bool:
    """Say whether a person may have a Workplace key of an organization (None: of the operator).

    A developer has keys of their own organization, one without organization the operator's, an
    `app-admin` all. Source: workplace-api, section 13, Keys.
    """
    return owner.api_role == ApiRole.APP_ADMIN or owner.organization_id == organization_id


def regenerate(*, token: ApiToken, now: dt.datetime) -> IssuedToken:
    """Give a token a new secret: same id and creation date; the old secret dies at once.

    A token that an administrator has switched off stays off. Source: Public API, "Token
    Regeneration Behavior".
    """
    plain = _new_plain(token.kind)
    for field, value in _stored(plain).items():
        setattr(token, field, value)
    token.regenerated_at = now
    token.save(update_fields=["prefix", "token_hash", "regenerated_at"])
    return IssuedToken(token, plain)


def delete_own(*, token: ApiToken) -> None:
    """Remove a token for good, as its owner asked."""
    token.delete()


def _checked(scopes: Sequence[str], *, among: Sequence[str]) -> list[str]:
    for scope in scopes:
        if scope not in among:
            raise UnknownScope(f"Unknown scope: {scope} (allowed: {', '.join(among)})")
    return list(dict.fromkeys(scopes))


def _new_plain(kind: str) -> str:
    return BEGINNINGS[kind] + secrets.token_hex(_SECRET_BYTES)


def _stored(plain: str) -> dict[str, str]:
    shown = len(plain) - 2 * _SECRET_BYTES + _SHOWN_CHARACTERS
    return {"prefix": plain[:shown], "token_hash": digest(plain)}
