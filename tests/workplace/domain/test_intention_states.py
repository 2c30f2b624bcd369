"""Every verb in every state. Source: workplace API, section 2, "Intention state machine"."""

import pytest

from workplace.domain.intention_states import InvalidState, NotAnInvitation, Verb, next_status


def next_of(status, verb, *, is_invitation=True, is_over=False):
    return next_status(status, verb, is_invitation=is_invitation, is_over=is_over)


@pytest.mark.parametrize(
    ("status", "verb", "expected"),
    [
        ("PENDING", Verb.ACCEPT, "ACCEPTED"),
        ("PENDING", Verb.DECLINE, "DECLINED"),
        ("PENDING", Verb.CANCEL, "CANCELLED"),
        ("ACCEPTED", Verb.DECLINE, "DECLINED"),
        ("ACCEPTED", Verb.CANCEL, "CANCELLED"),
        ("DECLINED", Verb.ACCEPT, "ACCEPTED"),
        ("CANCELLED", Verb.ACCEPT, "ACCEPTED"),
    ],
)
def test_a_verb_leads_to_the_next_state(status, verb, expected):
    assert next_of(status, verb) == expected


@pytest.mark.parametrize(
    ("status", "verb"),
    [("ACCEPTED", Verb.ACCEPT), ("DECLINED", Verb.DECLINE), ("CANCELLED", Verb.CANCEL)],
)
def test_a_verb_repeated_on_the_state_it_leads_to_changes_nothing(status, verb):
    assert next_of(status, verb) == status
    assert next_of(status, verb, is_over=True) == status


@pytest.mark.parametrize(
    ("status", "verb"), [("DECLINED", Verb.CANCEL), ("CANCELLED", Verb.DECLINE)]
)
def test_any_other_verb_is_refused(status, verb):
    with pytest.raises(InvalidState) as refusal:
        next_of(status, verb)

    assert (refusal.value.status, refusal.value.code) == (409, "invalid_state")
    assert refusal.value.message == f"An intention that is {status} cannot be asked to {verb}"


@pytest.mark.parametrize("status", ["PENDING", "ACCEPTED", "DECLINED", "CANCELLED"])
def test_only_who_was_invited_declines(status):
    with pytest.raises(NotAnInvitation) as refusal:
        next_of(status, Verb.DECLINE, is_invitation=False)

    assert (refusal.value.status, refusal.value.code) == (409, "not_an_invitation")


@pytest.mark.parametrize("status", ["DECLINED", "CANCELLED"])
def test_nobody_joins_again_what_is_over(status):
    assert next_of(status, Verb.ACCEPT, is_over=False) == "ACCEPTED"
    with pytest.raises(InvalidState) as refusal:
        next_of(status, Verb.ACCEPT, is_over=True)

    assert refusal.value.message == "This intention is over and cannot be joined again"


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.CANCEL])
def test_who_was_not_invited_accepts_and_cancels(verb):
    assert next_of("PENDING", verb, is_invitation=False) in ("ACCEPTED", "CANCELLED")
