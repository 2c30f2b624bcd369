"""Dry runs: everything is done for real inside a transaction that is then undone.

Source: public-api, section 1, "Dry run".
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def transaction_unless(*, dry_run: bool) -> Iterator[None]:
    """Open a transaction that stands, or, in a dry run, one that leaves nothing behind.

    Work promised by `background.after_commit` inside it is dropped with it.
    """
    with transaction.atomic():
        yield
        if dry_run:
            transaction.set_rollback(True)
