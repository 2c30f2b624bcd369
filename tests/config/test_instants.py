import datetime as dt
from zoneinfo import ZoneInfo

from config import instants

PARIS = ZoneInfo("Europe/Paris")


def test_an_instant_is_written_in_utc():
    assert instants.written(dt.datetime(2026, 1, 31, 10, tzinfo=PARIS)) == "2026-01-31T09:00:00Z"


def test_a_fraction_stays_so_that_what_was_answered_can_be_sent_back():
    moment = dt.datetime(2026, 1, 31, 9, 0, 0, 250_000, tzinfo=dt.UTC)

    assert instants.written(moment) == "2026-01-31T09:00:00.250000Z"
    assert dt.datetime.fromisoformat(instants.written(moment)) == moment
