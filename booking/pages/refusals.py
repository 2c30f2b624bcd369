"""What the domain refuses, said in the form that asked for it."""

from django.forms import BaseForm

from booking.domain.booking_plans import RulesBroken
from booking.pages import words
from config.errors import DomainError

UNPROCESSABLE = 422


def add_to(form: BaseForm, refusal: DomainError) -> int:
    """Add every broken rule, or the refusal itself, to the form; return the page's HTTP status."""
    if not isinstance(refusal, RulesBroken):
        form.add_error(None, words.refusal(refusal))
        return refusal.status
    for broken in refusal.violations:
        form.add_error(None, words.violation(broken))
    return UNPROCESSABLE
