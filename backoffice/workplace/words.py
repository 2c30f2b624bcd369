"""The workplace in staff's words: why people sit elsewhere, how far a plan is."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.errors import DomainError

ROLLED_BACK = _("Taken back")
PUBLISHED = _("In force")
PROPOSED = _("Proposed")
ALONE = _("People without a team")

MEASURES = (
    ("wape_28d", _("misses"), True),
    ("gain_28d", _("better than last week's value by"), True),
    ("mase_28d", _("error in units of last week's"), False),
    ("coverage80_28d", _("days within the 80 % band"), True),
    ("brier_28d", _("Brier score of the people"), False),
)
"""Keys of a job's metrics. Source: Workplace API, GET /forecast/status."""

REFUSALS = {
    "date_out_of_range": _(
        "Plans are worked out for today, while it may still change, and for the 90 days after it."
    ),
    "not_published": _("This run has no plan that waits, or it was taken back already."),
    "outdated": _("The day has changed since. Let a new plan be worked out."),
}
"""In staff's words what the domain names by code."""

REASONS = {
    "new": _("had no seats before"),
    "grown": _("more of the team come"),
    "closed": _("the zone they had is closed that day"),
    "area": _("the zone they had is no longer theirs to use"),
    "room": _("wanted a room and got one"),
    "too_small": _("the zone they had is too small for all of them"),
    "together": _("sit closer together"),
    "preferred": _("like this zone better"),
    "made_way": _("made way for another team"),
    "balanced": _("everybody together sits better so"),
}
"""In the order of `workplace.seating.reasons.Reason`, which is not imported here: it needs numpy."""


def refusal(error: DomainError) -> str:
    """Say why the domain refuses; its details name the rule where the whole has only a general word."""
    codes = [detail.code for detail in getattr(error, "details", ())]
    known = next((REFUSALS[code] for code in [*codes, error.code] if code in REFUSALS), None)
    return str(known or error.message)


def note(people: int, *, came_from: str, reason: str | Promise) -> str:
    """Say how many came to a place, from where, and why."""
    if not came_from:
        return gettext("%(people)d: %(reason)s") % {"people": people, "reason": reason}
    return gettext("%(people)d from %(place)s: %(reason)s") % {
        "people": people,
        "place": came_from,
        "reason": reason,
    }
