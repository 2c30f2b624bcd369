"""Problems: shapes and numbers are checked, and equal ones have equal digests."""

import numpy as np
import pytest

from workplace.seating.problems import MANY_MOVES, digest, make_problem


@pytest.mark.parametrize(
    "wrong",
    [
        {"preference": [[0.5]]},
        {"previous": [[0, 0, 0]]},
        {"layer": [0]},
        {"splittable": [True, True]},
        {"demand": [-1]},
        {"capacity": [2, -1]},
        {"preference": [[1.01, 0]]},
    ],
)
def test_a_problem_that_does_not_fit_together_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        make_problem(**{"demand": [3], "capacity": [2, 2], **wrong})


def test_equal_problems_have_equal_digests_and_others_do_not() -> None:
    facts = {"demand": [3], "capacity": [2, 2]}
    told = digest(make_problem(**facts))

    assert digest(make_problem(**facts)) == told
    others = [
        {"demand": [4]},
        {"capacity": [2, 3]},
        {"layer": [0, 1]},
        {"previous": np.array([[1, 0]])},
        {"allowed": [[True, False]]},
        {"weights": MANY_MOVES},
    ]
    assert len({digest(make_problem(**{**facts, **other})) for other in others} | {told}) == 7
