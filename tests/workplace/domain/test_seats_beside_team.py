"""One person beside their team. Source: workplace API, section 8, "Flow"."""

from hypothesis import given
from hypothesis import strategies as st

from workplace.domain.seats_beside_team import Seat, ZoneState, choose


def zone(name, layer="ground", free=5, **more):
    return ZoneState(zone_id=name, layer_id=layer, free=free, **more)


def chosen(*zones, **wish):
    seat = choose(zones, **wish)
    return seat and seat.zone_id


def test_nothing_free_is_no_seat():
    assert choose([]) is None
    assert choose([zone("a", free=0), zone("b", free=0, team_seats=3)]) is None


def test_a_spare_seat_of_the_team_comes_first():
    seat = choose([zone("a", free=9), zone("b", free=0, team_seats=4, team_spare=1)])

    assert seat == Seat(zone_id="b", layer_id="ground", space_id=None, is_teams=True)


def test_without_a_spare_seat_another_one_where_the_team_sits():
    seat = choose([zone("a", free=9), zone("b", free=1, team_seats=4)])

    assert seat == Seat(zone_id="b", layer_id="ground", space_id=None, is_teams=False)


def test_next_to_the_team_then_its_floor_then_anywhere():
    team = zone("team", free=0, team_seats=4, neighbours=frozenset({"beside"}))
    beside, floor, far = zone("beside"), zone("floor"), zone("far", layer="first", free=50)

    assert chosen(far, floor, beside, team) == "beside"
    assert chosen(far, floor, team) == "floor"
    assert chosen(far, team) == "far"


def test_a_neighbour_is_one_whichever_of_the_two_says_so():
    team = zone("team", free=0, team_seats=4)
    beside = zone("z", free=1, neighbours=frozenset({"team"}))

    assert chosen(zone("a", free=50), beside, team) == "z"


def test_among_equals_the_last_zone_then_the_most_of_the_team_then_the_emptiest_then_the_id():
    some, most = zone("b", team_seats=1), zone("c", team_seats=3)
    assert chosen(some, most, last_zone="b") == "b"
    assert chosen(some, most) == "c"
    assert chosen(zone("b", free=2), zone("a", free=1)) == "b"
    assert chosen(zone("b"), zone("a")) == "a"


def test_the_zone_asked_for_comes_before_the_team():
    team = zone("team", team_seats=4, team_spare=2)

    assert chosen(team, zone("wanted"), wanted_zone="wanted") == "wanted"
    assert chosen(team, zone("wanted", free=0), wanted_zone="wanted") == "team"


def test_nobody_sits_outside_the_area_of_the_team():
    assert chosen(zone("a"), zone("b", free=1), allowed={"b"}) == "b"
    assert choose([zone("a")], allowed={"b"}) is None
    assert choose([zone("a")], allowed=()) is None


def test_a_person_keeps_the_last_desk_else_takes_the_first_free_one():
    desks = zone("a", free_spaces=("d1", "d2"))

    assert choose([desks], last_space="d2").space_id == "d2"
    assert choose([desks], last_space="d9").space_id == "d1"
    assert choose([zone("a")], last_space="d9").space_id is None


ZONES = st.lists(
    st.builds(
        ZoneState,
        zone_id=st.sampled_from("abcdefgh"),
        layer_id=st.sampled_from(("ground", "first")),
        free=st.integers(0, 3),
        team_seats=st.integers(0, 3),
        team_spare=st.integers(0, 1),
        neighbours=st.frozensets(st.sampled_from("abcdefgh"), max_size=3),
    ),
    unique_by=lambda zone: zone.zone_id,
)


@given(ZONES)
def test_a_seat_is_found_exactly_where_one_is_to_be_had_and_order_does_not_matter(zones):
    open_zones = {zone.zone_id for zone in zones if zone.free or zone.team_spare}

    seat = choose(zones)

    assert (seat is not None) == bool(open_zones)
    assert seat is None or seat.zone_id in open_zones
    assert choose(zones[::-1]) == seat
