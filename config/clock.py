"""The only reader of the system clock."""

import datetime as dt


def now() -> dt.datetime:
    """Return this moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)
