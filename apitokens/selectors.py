"""Reads of API tokens."""

from apitokens.models import ApiQuota, ApiToken
from config.joined_rows import JoinedRows, Part
from organizations.models import Organization, User

_CALLER = JoinedRows(
    Part("token", ApiToken),
    Part("owner", User),
    Part("company", Organization, fields=("id", "name", "is_archived", "is_member")),
    Part("quota", ApiQuota),
    tables="""
        apitokens_apitoken token
        JOIN organizations_user owner ON owner.id = token.owner_id
        LEFT JOIN organizations_organization company ON company.id = owner.organization_id
        LEFT JOIN apitokens_apiquota quota ON quota.user_id = owner.id
        WHERE token.token_hash = %(hash)s
    """,
)

_KEY = JoinedRows(
    Part("token", ApiToken),
    Part("owner", User),
    Part("company", Organization, fields=("id", "name", "is_archived", "is_member")),
    Part("quota", ApiQuota),
    Part("tenant", Organization),
    tables="""
        apitokens_apitoken token
        JOIN organizations_user owner ON owner.id = token.owner_id
        LEFT JOIN organizations_organization company ON company.id = owner.organization_id
        LEFT JOIN apitokens_apiquota quota ON quota.user_id = owner.id
        LEFT JOIN organizations_organization tenant ON tenant.id = token.organization_id
        WHERE token.token_hash = %(hash)s AND token.kind = 'workplace'
    """,
)


def token_by_hash(token_hash: str) -> ApiToken | None:
    """Return the token with its owner, the owner's company and quota, in one query."""
    found = _CALLER.first(hash=token_hash)
    return _joined(*found) if found else None


def key_by_hash(token_hash: str) -> ApiToken | None:
    """Return the key of the Workplace API with its owner, as above, and its organization, in one query."""
    found = _KEY.first(hash=token_hash)
    if found is None:
        return None
    token = _joined(*found[:4])
    token.organization = found[4]
    return token


def _joined(
    token: ApiToken, owner: User, company: Organization | None, quota: ApiQuota | None
) -> ApiToken:
    token.owner, token.owner.organization = owner, company
    token.owner._state.fields_cache["api_quota"] = quota
    return token
