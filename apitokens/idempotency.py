"""The `Idempotency-Key` header on POSTs of the API; the settings name `answer_once` as their policy."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.domain import idempotency
from apitokens.domain.idempotency import Answer, Claim
from apitokens.models import ApiToken
from config import clock
from config.api.envelope import OrjsonRenderer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"


def answer_once(
    request: Request,
    *,
    prepare: Callable[[], HttpResponse | None],
    answer: Callable[[], HttpResponse],
) -> HttpResponse:
    """Answer a POST; one that was answered under its key before gets those bytes again.

    Without a key, and in a dry run, each call stands for itself. `prepare` runs outside the
    transaction, and what it returns is a refusal.
    """
    claim = _claim(request)
    if claim is None:
        return prepare() or answer()
    with idempotency.held(claim):
        known = idempotency.known_answer(claim, now=clock.now())
        if known is not None:
            return _written(known, **{REPLAYED: "true"})
        refusal = prepare()
        return _written(_effect(claim, (lambda: refusal) if refusal else answer))


def _claim(request: Request) -> Claim | None:
    key, token = request.headers.get(HEADER), request.auth
    if key is None or not isinstance(token, ApiToken) or _is_dry_run(request.data):
        return None
    return Claim.make(token_id=token.pk, path=request.path, key=key, body=request.data)


def _is_dry_run(body: Any) -> bool:
    return isinstance(body, dict) and body.get("dryRun") is True


def _effect(claim: Claim, answer: Callable[[], HttpResponse]) -> Answer:
    """Run the call and write its answer down in one transaction; a failure of ours undoes both."""
    with transaction.atomic():
        given = _read(answer())
        if given.status >= 500:
            transaction.set_rollback(True)
        elif given.is_final:
            idempotency.keep(claim, given, now=clock.now())
    return given


def _read(response: HttpResponse) -> Answer:
    if isinstance(response, Response):
        headers = {**response.headers, "Content-Type": OrjsonRenderer.media_type}
        return Answer(response.status_code, headers, OrjsonRenderer().render(response.data))
    return Answer(response.status_code, dict(response.headers), response.content)


def _written(answer: Answer, **beside: str) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, headers={**answer.headers, **beside})
