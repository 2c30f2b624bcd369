"""`manage.py load_demo`: a believable operator of any size, the same for the same seed."""

import argparse
from typing import Any

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
        with tqdm(total=size.meetings, unit=" meetings", disable=None) as bar:
            try:
                load(size, now=clock.now(), force=options["force"], progress=bar.update)
            except NotEmpty as error:
                raise CommandError(error.message) from error
