"""What accepting, declining and cancelling an intention have in common.

Source: Workplace API, sections 2, 8 and 13.
"""

import pytest

from tests.factories.workplace import IntentionFactory
from tests.workplace.intention_world import details, invitation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_a_wednesday")]

UNKNOWN = "5f0000000000000000000001"
each_verb = pytest.mark.parametrize("verb", ["accept", "decline", "cancel"])


@each_verb
def test_unknown_malformed_and_foreign_ids(world, verb):
    theirs = IntentionFactory()

    assert details(world.answer(verb, "x"), 400) == [("intention_id", "")]
    unknown, foreign = (world.answer(verb, pk).json() for pk in (UNKNOWN, theirs.pk))
    for answer in (unknown, foreign):
        answer["error"].pop("request_id")
    assert unknown == foreign
    assert unknown["error"]["code"] == "resource_not_found"
    assert unknown["identifier"] == f"{verb}_intention_failed"


@each_verb
def test_a_writer_who_read_an_older_version_is_refused(world, meeting, verb):
    pk = invitation(meeting)

    assert details(world.answer(verb, pk, version=2), 409) == [("", "stale_version")]
    assert world.answer(verb, pk, version=1).status_code == 200


@pytest.mark.parametrize("verb", ["decline", "cancel"])
@pytest.mark.parametrize(("length", "status"), [(500, 200), (501, 400)])
def test_reasons_have_at_most_500_characters(world, meeting, verb, length, status):
    answer = world.answer(verb, invitation(meeting), reason="x" * length)

    assert answer.status_code == status
