#!/usr/bin/env python
"""Django's command line; where no DATABASE_URL is given, the embedded servers answer meanwhile."""

import os
import sys

from config import embedded

# Commands that only read or write files: starting servers for them would be wasted time.
_WITHOUT_SERVERS = {
    "",
    "help",
    "--help",
    "-h",
    "version",
    "--version",
    "collectstatic",
    "findstatic",
    "diffsettings",
    "makemessages",
    "compilemessages",
}


def main() -> None:
    """Run the command of `sys.argv`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.management import execute_from_command_line

    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in _WITHOUT_SERVERS:
        execute_from_command_line(sys.argv)
        return
    try:
        with embedded.for_command(title=f"manage.py {name}"):
            execute_from_command_line(sys.argv)
    except embedded.EmbeddedError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
