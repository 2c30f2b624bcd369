"""`manage.py export_data FILE.json`: write everything in the form that `import_data` reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from backoffice.bulk import exporting


class Command(BaseCommand):
    """Writes the bulk form, and the rooms' pictures into `images/` beside it."""

    help = "Write all data to a JSON file, in the form that import_data reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--with-secrets",
            action="store_true",
            help="also write the hashes of passwords and the API tokens",
        )

    def handle(self, *_args: Any, file: Path, with_secrets: bool, **_options: Any) -> None:
        bar = tqdm(unit=" entries", disable=None)  # shown on a terminal only

        def progress(collection: str, count: int) -> None:
            bar.set_description(collection, refresh=False)
            bar.update(count)

        try:
            exporting.write_file(file, with_secrets=with_secrets, progress=progress)
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}") from error
        finally:
            bar.close()
