"""A person's own tokens, as the account's pages show and change them.

Whatever belongs to somebody else is answered like what does not exist.
Source: Public API, "Token Management"; workplace-api, section 13, Keys; safety, S-03, S-04 and S-09.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from apitokens.domain import tokens
from apitokens.domain.tokens import IssuedToken
from apitokens.models import ApiToken, TokenKind, WorkplaceScope
from config.errors import DomainError
from organizations.models import ApiRole, Organization, User

MOST_TOKENS = 20


class UnknownToken(DomainError):
    """The person has no such token."""

    code = "TOKEN_NOT_FOUND"
    status = 404
    message = "Token not found"


class TooManyTokens(DomainError):
    """The person has as many tokens as one may have."""

    code = "TOO_MANY_TOKENS"
    status = 409
    message = f"You have {MOST_TOKENS} tokens already; delete one first"


def of(owner: User) -> list[ApiToken]:
    """Return a person's tokens, the newest first."""
    found = ApiToken.objects.filter(owner=owner).select_related("organization")
    return list(found.order_by("-created_at", "-id"))


def one(*, owner: User, token_id: str) -> ApiToken:
    """Return one token of a person.

    :raises UnknownToken:
    """
    return _found(ApiToken.objects.filter(owner=owner, pk=token_id).first())


@transaction.atomic
def create(*, owner: User, name: str, scopes: Sequence[str], now: dt.datetime) -> IssuedToken:
    """Make a token with scopes that the owner may give themselves.

    :raises TooManyTokens: :raises tokens.UnknownScope: :raises tokens.NoTokenRole:
    """
    owner = _with_room(owner)
    _check_scopes(scopes, allowed=tokens.default_scopes(owner))
    return tokens.create(owner=owner, name=name, scopes=scopes, now=now)


def may_make_keys(owner: User) -> bool:
    """Say whether a person may make themselves a key of the Workplace API.

    Who belongs to no organization gets one from the operator alone: it would see everybody's.
    """
    is_admin = owner.api_role == ApiRole.APP_ADMIN
    return is_admin or (owner.api_role == ApiRole.DEVELOPER and owner.organization_id is not None)


def key_scopes(owner: User) -> list[str]:
    """Return what a person may let their own keys of the Workplace API do."""
    if owner.api_role == ApiRole.APP_ADMIN:
        return list(WorkplaceScope.values)
    return list(tokens.WORKPLACE_DEFAULT)


@transaction.atomic
def create_key(
    *,
    owner: User,
    organization: Organization | None,
    name: str,
    scopes: Sequence[str],
    now: dt.datetime,
) -> IssuedToken:
    """Make a key of the Workplace API with scopes that the owner may give themselves.

    :raises tokens.NotTheirOrganization: :raises TooManyTokens: :raises tokens.UnknownScope:
    """
    owner = _with_room(owner)
    if not may_make_keys(owner):
        raise tokens.NotTheirOrganization
    _check_scopes(scopes, allowed=key_scopes(owner))
    return tokens.create_key(
        owner=owner, organization=organization, name=name, scopes=scopes, now=now
    )


def _with_room(owner: User) -> User:
    """Lock a person, so that two tokens at once count each other; return them as they are by now."""
    owner = User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if ApiToken.objects.filter(owner=owner).count() >= MOST_TOKENS:
        raise TooManyTokens
    return owner


def _check_scopes(scopes: Sequence[str], *, allowed: Sequence[str]) -> None:
    for scope in scopes:
        if scope not in allowed:
            raise tokens.UnknownScope(f"Unknown scope: {scope} (allowed: {', '.join(allowed)})")


@transaction.atomic
def regenerate(*, owner: User, token_id: str, now: dt.datetime) -> IssuedToken:
    """Give one of a person's tokens a new secret; the old one is dead for the very next call.

    :raises UnknownToken: :raises tokens.NoTokenRole: when the owner may no longer have tokens.
    :raises tokens.NotTheirOrganization: when a key is of an organization that the owner has left.
    """
    if owner.api_role not in tokens.TOKEN_ROLES:
        raise tokens.NoTokenRole
    token = _locked(owner, token_id)
    is_key = token.kind == TokenKind.WORKPLACE
    if is_key and not tokens.may_hold_key(owner, organization_id=token.organization_id):
        raise tokens.NotTheirOrganization
    return tokens.regenerate(token=token, now=now)


@transaction.atomic
def delete(*, owner: User, token_id: str) -> None:
    """Remove one of a person's tokens for good.

    :raises UnknownToken:
    """
    tokens.delete_own(token=_locked(owner, token_id))


def _locked(owner: User, token_id: str) -> ApiToken:
    return _found(ApiToken.objects.select_for_update().filter(owner=owner, pk=token_id).first())


def _found(token: ApiToken | None) -> ApiToken:
    if token is None:
        raise UnknownToken
    return token
