"""How long a million records of presence take to load: `make bench-presence` (ROWS=number).

People come at five thousand a day; the file is read, checked, copied and merged as `import_data` does it,
and then loaded again, when every record is known. Seconds are of the clock, and of the processors of
this process and of its database connection.
"""

import datetime as dt
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from django.db import connection

from backoffice.bulk import importing
from organizations.models import User
from sites_app.models import Site
from tests.factories.organizations import OrganizationFactory
from tests.factories.sites_app import SiteFactory
from workplace.models import Occupancy

ROWS = int(os.environ.get("ROWS", "1000000"))
PEOPLE = 5_000
NOW = dt.datetime(2030, 1, 8, 10, tzinfo=dt.UTC)


@pytest.mark.timeout(1800)
@pytest.mark.django_db(transaction=True)
def test_a_million_records_are_loaded(tmp_path: Path) -> None:
    company, site = OrganizationFactory(), SiteFactory()
    people = User.objects.bulk_create(
        User(email=f"p{number}@company.example", organization=company, role="user")
        for number in range(PEOPLE)
    )
    file = tmp_path / "presence.json"
    file.write_bytes(orjson.dumps({"occupancy": list(_records(people, site))}))

    for told in ("new", "known"):
        _load(file, told)

    assert Occupancy.objects.count() == ROWS


def _records(people: list[User], site: Site) -> Iterator[dict[str, str]]:
    chance = random.Random(1)
    for number in range(ROWS):
        day = NOW - dt.timedelta(days=1 + number // PEOPLE)
        seen = day.replace(hour=7) + dt.timedelta(minutes=chance.randrange(180))
        yield {
            "people": people[number % PEOPLE].pk,
            "location": site.pk,
            "seen_at": seen.isoformat().replace("+00:00", "Z"),
        }


def _load(file: Path, told: str) -> None:
    """Load the file and tell how long it took."""
    began, own, databases = time.perf_counter(), time.process_time(), _database_seconds()
    loaded = importing.load_file(file, now=NOW)
    took = time.perf_counter() - began
    print(
        f"\n{ROWS:>9,} {told:<6} {took:6.1f} s   CPU: own {time.process_time() - own:5.1f} s, "
        f"database {_database_seconds() - databases:5.1f} s   "
        f"({loaded.new['occupancy']:,} new, {loaded.changed['occupancy']:,} changed)"
    )


def _database_seconds() -> float:
    """Return the processor seconds that the database has spent on this connection (Linux)."""
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text(encoding="ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
