"""API tokens: making, regenerating and removing them. Source: Public API, "Token Management"."""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from apitokens.models import ApiToken, Scope
from config.errors import DomainError
from organizations.models import ApiRole, User

BEGINNING = "ww_dev_"
_SECRET_BYTES = 32
_PREFIX_LENGTH = len(BEGINNING) + 6
_FORMAT = re.compile(rf"{BEGINNING}[0-9a-f]{{{2 * _SECRET_BYTES}}}")
TOKEN_ROLES = (ApiRole.DEVELOPER, ApiRole.APP_ADMIN)


class NoTokenRole(DomainError):
    """The person has no role that may own tokens."""

    code = "NO_TOKEN_ROLE"
    status = 403
    message = "API access requires the role api-developer or app-admin"


class UnknownScope(DomainError):
    """A scope that does not exist, or that this owner may not give."""

    code = "UNKNOWN_SCOPE"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token and its plain text, which is known at this moment only."""

    token: ApiToken
    plain: str


def is_well_formed(plain: str) -> bool:
    """Say whether a text could be a token at all: `ww_dev_` and 64 lower-case hex digits."""
    return _FORMAT.fullmatch(plain) is not None


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
    """Make a token for `owner`; without `scopes` it gets the owner's default ones.

    :raises NoTokenRole: when the owner may not have tokens.
    :raises UnknownScope: naming the first scope that does not exist.
    """
    if owner.api_role not in TOKEN_ROLES:
        raise NoTokenRole
    wanted = default_scopes(owner) if scopes is None else list(dict.fromkeys(scopes))
    for scope in wanted:
        if scope not in Scope.values:
            raise UnknownScope(f"Unknown scope: {scope} (allowed: {', '.join(Scope.values)})")
    plain = _new_plain()
    token = ApiToken.objects.create(
        owner=owner, name=name, scopes=wanted, created_at=now, **_stored(plain)
    )
    return IssuedToken(token, plain)


def regenerate(*, token: ApiToken, now: dt.datetime) -> IssuedToken:
    """Give a token a new secret: same id and creation date; the old secret dies at once.

    A token that an administrator has switched off stays off. Source: Public API, "Token
    Regeneration Behavior".
    """
    plain = _new_plain()
    for field, value in _stored(plain).items():
        setattr(token, field, value)
    token.regenerated_at = now
    token.save(update_fields=["prefix", "token_hash", "regenerated_at"])
    return IssuedToken(token, plain)


def delete_own(*, token: ApiToken) -> None:
    """Remove a token for good, as its owner asked."""
    token.delete()


def _new_plain() -> str:
    return BEGINNING + secrets.token_hex(_SECRET_BYTES)


def _stored(plain: str) -> dict[str, str]:
    return {"prefix": plain[:_PREFIX_LENGTH], "token_hash": digest(plain)}
