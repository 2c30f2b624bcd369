"""Floors, places and teams as they are shown."""

from backoffice.workplace.floor_list import COLOURS, Floor, Palette, Place, Sitting, shown


def palette(**own: str) -> Palette:
    return Palette(names={"a": "Accounting", "b": "Board"}, own=own)


def place(*sittings: Sitting, capacity: int = 10) -> Place:
    return Place(id="z", name="Garden", capacity=capacity, sittings=sittings)


def only_place(*sittings: Sitting, capacity: int = 10, colours: Palette | None = None):
    ((floor,)) = shown(
        [Floor(name="First", places=[place(*sittings, capacity=capacity)])],
        colours or palette(),
        alone="By themselves",
    )
    return floor.places[0]


def test_the_highest_floor_comes_first() -> None:
    floors = [Floor(name=name, places=[]) for name in ("Ground", "First")]

    assert [one.name for one in shown(floors, palette(), alone="")] == ["First", "Ground"]


def test_a_bar_is_shared_by_the_seats_of_the_teams_the_largest_first() -> None:
    found = only_place(Sitting(team_id="a", seats=2), Sitting(team_id="b", seats=6))

    assert [(one.name, one.x, one.width) for one in found.segments] == [
        ("Board", 0.0, 60.0),
        ("Accounting", 60.0, 20.0),
    ]
    assert (found.taken, found.free) == (8, 2)


def test_too_many_people_fill_the_bar_and_are_counted() -> None:
    found = only_place(Sitting(team_id="a", seats=20), capacity=10)

    assert (found.segments[0].width, found.free) == (100.0, -10)


def test_people_of_a_team_do_not_count_beside_its_own_seats() -> None:
    assert only_place(Sitting(team_id="a", seats=5, people=4)).taken == 5
    assert only_place(Sitting(team_id="a", seats=0, people=4)).taken == 4


def test_people_without_a_team_have_a_name_of_their_own() -> None:
    assert only_place(Sitting(team_id=None, seats=0, people=3)).segments[0].name == "By themselves"


def test_a_team_keeps_its_own_colour_and_others_get_one_by_their_names() -> None:
    colours = palette(a="#3366cc")

    assert colours.colour("a") == "#3366cc"
    assert colours.colour("b") == COLOURS[0]
    assert palette().colour("b") == COLOURS[1]


def test_an_empty_place_of_unknown_size_is_drawn_all_the_same() -> None:
    found = only_place(capacity=0)

    assert (found.taken, found.segments) == (0, [])
