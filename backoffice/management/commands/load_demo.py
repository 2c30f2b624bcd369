"""`manage.py load_demo`: a believable operator of any size, the same for the same seed."""

import argparse
from collections.abc import Mapping
from typing import Any, Self

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from backoffice.demo.loading import NotEmpty, Size, load
from config import clock


class Command(BaseCommand):
    help = "Fill an empty database with a believable operator."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        usual = Size()
        for name in Size.__dataclass_fields__:
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, type=int, default=getattr(usual, name))
        parser.add_argument("--force", action="store_true", help="although there is data already")

    def handle(self, **options: Any) -> None:
        size = Size(**{name: options[name] for name in Size.__dataclass_fields__})
        if size.sites < 1 or size.rooms < 1 or size.people < 3:
            raise CommandError("At least 1 site, 1 room and 3 people are needed.")
        with _Bars(size.parts) as bars:
            try:
                load(size, now=clock.now(), force=options["force"], progress=bars.update)
            except NotEmpty as error:
                raise CommandError(error.message) from error


class _Bars:
    """One bar after the other, each for a part of the work; shown on a terminal only."""

    def __init__(self, parts: Mapping[str, int]) -> None:
        self._parts = parts
        self._part = ""
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, part: str, count: int) -> None:
        """Move the bar of a part on, which takes the place of the one before."""
        if part != self._part:
            self.__exit__()
            self._part = part
            self._bar = tqdm(total=self._parts[part], unit=f" {part}", disable=None)
        self._bar.update(count)
