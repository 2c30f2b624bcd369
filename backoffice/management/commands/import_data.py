"""`manage.py import_data FILE.json`: load and update sites, rooms, companies, people, rates, meetings."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from backoffice.bulk import importing
from backoffice.bulk.problems import BulkError
from config import clock


class Command(BaseCommand):
    """Loads a bulk file: all of it, or nothing and an error that names the entry and field."""

    help = (
        "Load and update data from a JSON file, by _id; nothing is loaded when anything is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        bar = tqdm(unit=" entries", disable=None)  # shown on a terminal only

        def progress(collection: str, count: int) -> None:
            bar.set_description(collection)
            bar.update(count)

        try:
            loaded = importing.load_file(file, now=clock.now(), progress=progress)
        except BulkError as error:
            raise CommandError(error.message) from error
        finally:
            bar.close()
        for warning in loaded.warnings:
            self.stderr.write(f"Warning: {warning}")
        for collection, new in loaded.new.items():
            changed = loaded.changed[collection]
            if new or changed:
                self.stdout.write(f"{collection}: {new} new, {changed} changed")
