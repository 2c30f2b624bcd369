"""The ids that an organization's options have in the API. Source: Public API, `contractOptions[].id`."""

from django.db.models import F

from organizations.models import Organization


def take(organization_id: str, *, count: int = 1) -> int:
    """Give out the organization's next `count` numbers, in the caller's transaction; none is given twice.

    The first of them is returned.
    """
    row = Organization.objects.select_for_update(no_key=True).filter(pk=organization_id)
    number: int = row.values_list("next_option_number", flat=True).get()
    row.update(next_option_number=F("next_option_number") + count)
    return number
