"""How instants are written for other programs."""

import datetime as dt


def written(moment: dt.datetime) -> str:
    """Write an aware instant in UTC, `2026-01-31T09:00:00Z`, with what fraction it has."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
