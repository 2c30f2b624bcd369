"""Seating problems kept as files: tests and the bench read the same."""

import gzip
import json
from pathlib import Path

import numpy as np

from workplace.seating.problems import Problem, Weights, make_problem

SMALL = Path(__file__).parents[2] / "data" / "seating"


def names(directory: Path) -> list[str]:
    """Give `people x zones` of the directory's problems, the small ones first."""
    found = [path.name.split("_")[1] for path in directory.glob("evolution_*_seed1.json.gz")]
    return sorted(found, key=lambda name: [int(part) for part in name.split("x")])


def load(directory: Path, name: str) -> Problem:
    with gzip.open(directory / f"evolution_{name}_seed1.json.gz") as file:
        facts = json.load(file)
    shape = (len(facts["demand"]), len(facts["capacity"]))
    previous, allowed = np.zeros(shape, dtype=np.int64), np.ones(shape, dtype=np.bool_)
    for team, zone, people in facts["previous"]:
        previous[team, zone] = people
    for team, zone in facts["forbidden"]:
        allowed[team, zone] = False
    return make_problem(
        demand=facts["demand"],
        capacity=facts["capacity"],
        layer=facts["layer"],
        preference=facts["preference"],
        previous=previous,
        allowed=allowed,
        weights=Weights(**facts["weights"]),
    )
