"""A dry run leaves neither rows nor promises; a real one leaves both."""

import pytest
from django.db import transaction

from config.rehearsal import transaction_unless
from organizations.models import Organization
from tests.factories.organizations import OrganizationFactory


@pytest.mark.parametrize(("dry_run", "left"), [(True, 0), (False, 1)])
@pytest.mark.django_db
def test_a_dry_run_leaves_no_row_and_drops_what_was_promised(
    dry_run: bool, left: int, django_capture_on_commit_callbacks
) -> None:
    promised: list[str] = []

    with (
        django_capture_on_commit_callbacks(execute=True),
        transaction_unless(dry_run=dry_run),
    ):
        OrganizationFactory()
        transaction.on_commit(lambda: promised.append("mail"))

    assert (Organization.objects.count(), len(promised)) == (left, left)
