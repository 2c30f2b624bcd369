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


def token_by_hash(token_hash: str) -> ApiToken | None:
    """Return the token with its owner, the owner's company and quota, in one query."""
    found = _CALLER.first(hash=token_hash)
    if found is None:
        return None
    token: ApiToken = found[0]
    token.owner, token.owner.organization = found[1], found[2]
    token.owner._state.fields_cache["api_quota"] = found[3]
    return token
