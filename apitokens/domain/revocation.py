"""What may be done to others' API tokens: switch them off, widen them; never read or renew them.

Source: Public API, "Token Errors"; safety, S-09.
"""

from django.db import transaction
from django.db.models import QuerySet

from apitokens.models import ApiToken, Scope, TokenKind, WebhookEndpoint
from organizations.models import User


def invalidate(chosen: QuerySet[ApiToken]) -> int:
    """Switch off those that are still active; the very next call with one is refused. Answers how many."""
    ids = list(chosen.filter(is_active=True).values_list("pk", flat=True))
    return ApiToken.objects.filter(pk__in=ids).update(is_active=False)


def end_access(person: User) -> None:
    """Remove a person's tokens and webhooks, with what is still waiting to be sent there.

    For somebody who leaves a company, in the caller's transaction: what was made with the tokens is no
    longer theirs either, should they ever have one again.
    """
    ApiToken.objects.filter(owner=person).delete()
    WebhookEndpoint.objects.filter(owner=person).delete()


@transaction.atomic
def allow_contracts(chosen: QuerySet[ApiToken]) -> int:
    """Let those of the public API write contracts that may not yet. Answers how many.

    Source: public-api, section 1, Scopes.
    """
    lacking = chosen.filter(kind=TokenKind.PUBLIC).exclude(scopes__contains=[Scope.WRITE_CONTRACTS])
    tokens = list(lacking.select_for_update(of=("self",)).order_by("pk"))
    for token in tokens:
        token.scopes = [*token.scopes, Scope.WRITE_CONTRACTS.value]
    ApiToken.objects.bulk_update(tokens, ["scopes"])
    return len(tokens)
