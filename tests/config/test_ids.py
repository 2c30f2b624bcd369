"""Ids: sortable by time and not to be guessed. Source: safety, S-15."""

import itertools

from config import ids


def test_new_id_starts_with_the_seconds() -> None:
    made = ids.new_id(now_seconds=0x507F1F77)

    assert made[:8] == "507f1f77"
    assert ids.normalise(made) == made


def test_new_id_without_a_time_is_well_formed_and_fresh() -> None:
    one, other = ids.new_id(), ids.new_id()

    assert ids.normalise(one) == one
    assert one != other


def test_ids_of_one_second_cannot_be_guessed_from_each_other() -> None:
    """Eight bytes of chance: none comes twice, none follows another, each half byte takes every value."""
    tails = [ids.new_id(now_seconds=1)[8:] for _ in range(2000)]

    assert {len(tail) for tail in tails} == {16}
    assert len(set(tails)) == len(tails)
    assert {len({tail[place] for tail in tails}) for place in range(16)} == {16}
    numbers = sorted(int(tail, 16) for tail in tails)
    assert min(b - a for a, b in itertools.pairwise(numbers)) > 1


def test_ids_of_later_seconds_sort_later() -> None:
    assert ids.new_id(now_seconds=1) < ids.new_id(now_seconds=2)


def test_normalise_lowers_the_case() -> None:
    assert ids.normalise("507F1F77BCF86CD799439011") == "507f1f77bcf86cd799439011"


def test_normalise_refuses_what_is_no_id() -> None:
    wrong = [
        "",
        "507f1f77bcf86cd79943901",
        "507f1f77bcf86cd7994390111",
        "507f1f77bcf86cd79943901g",
        " 507f1f77bcf86cd799439011",
        "507f1f77bcf86cd799439011\n",
        "٥07f1f77bcf86cd799439011",
    ]

    assert [ids.normalise(text) for text in wrong] == [None] * len(wrong)
