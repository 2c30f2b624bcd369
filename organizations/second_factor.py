"""The second factor of staff: given in this session, lately, or the back office stays shut.

Source: safety, S-26 (no path to a staff session without the second factor) and S-25 (staff 8 h).
"""

import datetime as dt

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

STAFF_SESSION = dt.timedelta(hours=8)


def is_set_up(request: HttpRequest) -> bool:
    """Say whether this person has a second factor at all."""
    return bool(is_mfa_enabled(request.user))


def was_given(request: HttpRequest, *, now: dt.datetime) -> bool:
    """Say whether this very session gave a second factor less than eight hours ago, and it still exists.

    A session that is older than the second factor, or that began with a reset password, does not count.
    """
    since = (now - STAFF_SESSION).timestamp()
    records = get_authentication_records(request, request.user)
    recent = any(record["method"] == "mfa" and record["at"] > since for record in records)
    return recent and is_set_up(request)


def record(request: HttpRequest) -> None:
    """Note that this session just proved the second factor, as setting it up does."""
    record_authentication(request, request.user, "mfa", type="totp")
