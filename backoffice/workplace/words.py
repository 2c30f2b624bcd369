"""The workplace in staff's words: why people sit elsewhere, how far a plan is."""

from django.utils.translation import gettext_lazy as _

ROLLED_BACK = _("Taken back")
PUBLISHED = _("In force")
PROPOSED = _("Proposed")

MEASURES = (
    ("wape_28d", _("misses"), True),
    ("mase_28d", _("error in units of last week's"), False),
    ("coverage80_28d", _("days within the 80 % band"), True),
    ("brier_28d", _("Brier score of the people"), False),
)
"""Keys of a job's metrics. Source: Workplace API, GET /forecast/status."""

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
