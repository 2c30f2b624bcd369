"""What the seating engine makes of the kept problems: `make bench-evolution` (DATA=directory).

Each row: cost of the first plan and of the search, the proved lower bound, the reference cost of
the same search within five seconds elsewhere, capacity and area violations, people without a seat,
and the CPU seconds of the whole solution with desks.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from tests.workplace.seating import instances
from workplace.seating import plans
from workplace.seating.desks import Desk, Person, desks_of_people, zones_of_people
from workplace.seating.problems import Problem, Whole

REFERENCE = {
    "100x10": 210,
    "100x50": 1_937,
    "1000x10": 1_003,
    "1000x50": 2_641,
    "1000x200": 9_790,
    "5000x50": 8_980,
    "5000x200": 12_211,
}
MOST_ABOVE_REFERENCE = 1.05


def main() -> None:
    arguments = _arguments()
    directory = Path(arguments.data) if arguments.data else instances.SMALL
    print(
        f"{'people x zones':>15} {'greedy':>9} {'search':>9} {'bound':>9} {'gap':>6} "
        f"{'reference':>9} {'ratio':>6} {'broken':>6} {'standing':>8} {'CPU s':>6}"
    )
    missed = [
        name for name in instances.names(directory) if not _row(directory, name, arguments.rounds)
    ]
    if missed:
        raise SystemExit(f"Above {MOST_ABOVE_REFERENCE} of the reference, or broken: {missed}")


def _row(directory: Path, name: str, rounds: int) -> bool:
    problem = instances.load(directory, name)
    began = time.process_time()
    plan = plans.solve(problem, rounds=rounds)
    _seat_people(problem, plan.seats)
    seconds = time.process_time() - began
    broken = int(not plans.is_valid(problem, plan.seats))
    standing = int(problem.demand.sum() - plan.seats.sum())
    reference = REFERENCE.get(name)
    ratio = plan.cost / reference if reference else float("nan")
    bound = (
        f"{plan.lower_bound:9.0f} {plan.gap:6.1%}"
        if plan.lower_bound is not None
        else f"{'-':>9} {'-':>6}"
    )
    print(
        f"{name:>15} {plan.greedy_cost:9.0f} {plan.cost:9.0f} {bound} {reference or 0:9} "
        f"{ratio:6.3f} {broken:6} {standing:8} {seconds:6.1f}",
        flush=True,
    )
    return not broken and not standing and not ratio > MOST_ABOVE_REFERENCE


def _seat_people(problem: Problem, seats: Whole) -> None:
    by_zone: dict[int, list[Person]] = {zone: [] for zone in range(problem.zones)}
    for team in range(problem.teams):
        before = np.repeat(np.arange(problem.zones), problem.previous[team]).tolist()
        people = [
            Person(key=(team, n), zone_before=before[n] if n < len(before) else None, desk_before=n)
            for n in range(int(problem.demand[team]))
        ]
        for person, zone in zip(people, zones_of_people(people, seats[team]), strict=True):
            if zone is not None:
                by_zone[zone].append(person)
    for zone, people in by_zone.items():
        desks_of_people(people, [Desk(key=n) for n in range(int(problem.capacity[zone]))])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="", help="a directory of evolution_*_seed1.json.gz files")
    parser.add_argument("--rounds", type=int, default=plans.ROUNDS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
