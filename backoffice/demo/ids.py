"""Ids of demo rows."""

import datetime as dt
import random


class Ids:
    """Ids that the seed determines: sortable like real ones, the same for the same seed."""

    def __init__(self, dice: random.Random, *, now: dt.datetime) -> None:
        self._dice = dice
        self._seconds = int(now.timestamp())

    def new(self) -> str:
        return f"{self._seconds:08x}{self._dice.getrandbits(64):016x}"
