"""Reads of API tokens."""

from apitokens.models import ApiToken


def token_by_hash(token_hash: str) -> ApiToken | None:
    """Return the token with its owner, the owner's company and quota, in one query."""
    return (
        ApiToken.objects.select_related("owner__organization", "owner__api_quota")
        .filter(token_hash=token_hash)
        .first()
    )
