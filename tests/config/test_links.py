"""Signed links: what they carry, for what, for how long."""

import datetime as dt

import pytest

from config import links

SUBJECT = "a" * 24


def test_a_key_serves_its_own_purpose_alone():
    key = links.key(links.Purpose.MANAGE_BOOKING, SUBJECT)

    assert links.read(links.Purpose.MANAGE_BOOKING, key) == SUBJECT
    with pytest.raises(links.InvalidLink):
        links.read(links.Purpose.CONFIRM_BOOKING, key)


@pytest.mark.parametrize(
    "spoil", [lambda k: k[:-1], lambda k: "b" + k[1:], lambda k: "", lambda k: k + "x"]
)
def test_an_altered_key_is_refused(spoil):
    key = links.key(links.Purpose.MANAGE_BOOKING, SUBJECT)

    with pytest.raises(links.InvalidLink):
        links.read(links.Purpose.MANAGE_BOOKING, spoil(key))


@pytest.mark.parametrize(("minutes", "is_good"), [(1, True), (-1, False)])
def test_a_key_can_be_too_old(minutes, is_good):
    key = links.key(links.Purpose.MANAGE_BOOKING, SUBJECT)
    age = dt.timedelta(minutes=minutes)

    if is_good:
        assert links.read(links.Purpose.MANAGE_BOOKING, key, max_age=age) == SUBJECT
    else:
        with pytest.raises(links.InvalidLink):
            links.read(links.Purpose.MANAGE_BOOKING, key, max_age=age)
