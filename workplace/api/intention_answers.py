"""PUT /workplace/v1/intentions/{intention_id}/accept, …/decline, …/cancel and DELETE …/{intention_id}."""

from collections.abc import Mapping

from rest_framework.request import Request
from rest_framework.response import Response

from apitokens.models import WorkplaceScope
from config import clock
from workplace import selectors_intentions
from workplace.api import askers, inputs, intention_shapes, versions
from workplace.api.fields import Fields
from workplace.api.intentions import LONGEST_PREFERENCE
from workplace.api.views import WorkplaceView
from workplace.domain import intention_answers
from workplace.domain.intention_answers import Cancellation
from workplace.domain.intention_people import TeamNames

LONGEST_REASON = 500


class IntentionView(WorkplaceView):
    """Removes one plan for good."""

    identifiers: Mapping[str, str] = {"DELETE": "delete_intention"}
    resource = "intention"

    def delete(self, request: Request, intention_id: str) -> Response:
        wanted = _id(intention_id)
        asker = askers.asker(self, request)
        intention_answers.delete(wanted, asker=asker, now=clock.now())
        return self.ok({"deleted": 1})


class AcceptIntentionView(WorkplaceView):
    """Accepts a plan, or joins it again."""

    identifiers: Mapping[str, str] = {"PUT": "accept_intention"}
    resource = "intention"

    def put(self, request: Request, intention_id: str) -> Response:
        params = inputs.query(request)
        is_forced = params.boolean("force") or False
        if is_forced:
            self.need_scope(WorkplaceScope.ADMIN)
        params.problems.refuse()
        body = inputs.body(request)
        body.only("version")
        known = versions.known(body, request)
        body.problems.refuse()
        accepted = intention_answers.accept(
            _id(intention_id),
            asker=askers.asker(self, request),
            is_forced=is_forced,
            known=known,
            now=clock.now(),
        )
        return self.ok({"intention": _shown(accepted.pk)})


class DeclineIntentionView(WorkplaceView):
    """Declines an invitation."""

    identifiers: Mapping[str, str] = {"PUT": "decline_intention"}
    resource = "intention"

    def put(self, request: Request, intention_id: str) -> Response:
        body = inputs.body(request)
        body.only("reason", "version")
        reason = body.text("reason", max_length=LONGEST_REASON) or ""
        known = versions.known(body, request)
        body.problems.refuse()
        declined = intention_answers.decline(
            _id(intention_id),
            asker=askers.asker(self, request),
            reason=reason,
            known=known,
            now=clock.now(),
        )
        return self.ok({"intention": _shown(declined.pk)})


class CancelIntentionView(WorkplaceView):
    """Cancels a plan; of other properties the known ones are taken over, the rest is ignored."""

    identifiers: Mapping[str, str] = {"PUT": "cancel_intention"}
    resource = "intention"

    def put(self, request: Request, intention_id: str) -> Response:
        body = inputs.body(request)
        wanted = Cancellation(
            reason=body.text("reason", max_length=LONGEST_REASON) or "",
            is_for_all=body.boolean("cancel_for_all") or False,
            preferences=body.texts("preferences", max_length=LONGEST_PREFERENCE),
            team=TeamNames(team_id=body.id("team_id")),
        )
        known = versions.known(body, request)
        body.problems.refuse()
        done = intention_answers.cancel(
            _id(intention_id),
            wanted,
            asker=askers.asker(self, request),
            known=known,
            now=clock.now(),
        )
        data: dict[str, object] = {"intention": _shown(done.intention.pk)}
        if wanted.is_for_all:
            data["cancelled_ids"] = list(done.cancelled_ids)
        return self.ok(data)


def _id(intention_id: str) -> str:
    """Read the id in the path.

    :raises Invalid: when it is none.
    """
    path = Fields(values={"intention_id": intention_id})
    found = path.id("intention_id")
    path.problems.refuse()
    return found or ""


def _shown(intention_id: str) -> dict[str, object]:
    return intention_shapes.intention(selectors_intentions.one(intention_id))
