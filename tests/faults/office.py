"""A location with a company that works there, for the faults of forecasts and of plans."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from config import clock
from tests.faults.house import Answer, House, eventually

SITE, COMPANY, TEAM = (
    "65a0000000000000000000f1",
    "65c0000000000000000000f1",
    "6603000000000000000000f1",
)
LAYER = "6600000000000000000000f1"
ZONES = [f"66010000000000000000000{number}" for number in (1, 2)]
PEOPLE = [f"65d0000000000000000000f{number}" for number in range(8)]
DAYS = 3
SEEN_DAYS = 60
_DAY = dt.timedelta(days=1)
_WAITING = "pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
_OPEN = """
pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
    AND xact_start < clock_timestamp() - interval '1 second'
"""


def days() -> list[dt.date]:
    """List the days that are forecast, tomorrow first; the location keeps UTC."""
    today = clock.now().date()
    return [today + number * _DAY for number in range(1, DAYS + 1)]


def contents() -> dict[str, Any]:
    """Give what `import_data` reads: eight people who came on most days of two months."""
    first = clock.now().replace(hour=9, minute=0, second=0, microsecond=0) - SEEN_DAYS * _DAY
    came = [
        {
            "people": person,
            "location": SITE,
            "seen_at": f"{first + day * _DAY:%Y-%m-%dT%H:%M:%SZ}",
        }
        for number, person in enumerate(PEOPLE)
        for day in range(SEEN_DAYS)
        if (day + number) % 5
    ]
    return {
        "sites": [{"_id": SITE, "name": "The office", "country": "FR", "timeZone": "UTC"}],
        "organizations": [{"_id": COMPANY, "name": "Workshop", "memberOf": [SITE]}],
        "users": [
            {"_id": person, "email": f"{person}@workshop.example", "organization": COMPANY}
            for person in PEOPLE
        ],
        "layers": [{"_id": LAYER, "site": SITE, "name": "Ground floor"}],
        "zones": [
            {"_id": zone, "layer": LAYER, "name": f"Zone {number}", "capacity": 6}
            for number, zone in enumerate(ZONES)
        ],
        "spaces": [
            {
                "_id": f"6602000000000000000000{number}{desk}",
                "layer": LAYER,
                "zone": zone,
                "name": f"{number}-{desk}",
            }
            for number, zone in enumerate(ZONES)
            for desk in range(6)
        ],
        "teams": [
            {
                "_id": TEAM,
                "organization": COMPANY,
                "name": "Joiners",
                "members": PEOPLE,
                "defaultLocation": SITE,
                "settings": [{"location_id": SITE}],
            }
        ],
        "occupancy": came,
    }


class Office:
    """The location in a running portal, and a key to it."""

    def __init__(self, house: House) -> None:
        self.house = house
        file = house.folder.parent / "office.json"
        file.write_text(json.dumps(contents()))
        house.manage("import_data", str(file))
        owner = ("dev@partner.example", "--name", "Office", "--kind", "workplace")
        self.key = house.manage("create_api_token", *owner)

    # --- callers ----------------------------------------------------------------------------

    def start_forecast(self) -> dict[str, Any]:
        wanted = days()
        return self._started(
            "forecast",
            {"starts_at": wanted[0].isoformat(), "ends_at": wanted[-1].isoformat()},
        )

    def start_evolution(self) -> dict[str, Any]:
        """Ask for tomorrow's plan."""
        return self._started("evolve", {"date": days()[0].isoformat()})

    def _started(self, what: str, body: dict[str, str]) -> dict[str, Any]:
        path = f"/workplace/v1/{what}/start"
        answer: Answer = self.house.ask(
            "POST", path, body={"location_id": SITE, **body}, headers={"x-api-key": self.key}
        )
        assert answer.status == 200, answer.body
        found: dict[str, Any] = answer.json["data"]
        return found

    def forecast(self) -> str:
        """Ask for a forecast that nothing disturbs; wait until it is made, and return its job's id."""
        job_id: str = self.start_forecast()["job_id"]
        eventually(lambda: self.job(job_id)[0] == "completed")
        return job_id

    # --- what is stored ---------------------------------------------------------------------

    def job(self, job_id: str) -> tuple[Any, ...]:
        """Return state, attempts and error of a job."""
        statement = "SELECT state, attempts, error_code FROM workplace_forecastjob WHERE id = %s"
        return self.house.rows(statement, job_id)[0]

    def run(self, evolution_id: str) -> tuple[Any, ...]:
        """Return status, attempts and error of an evolution."""
        statement = "SELECT status, attempts, error_code FROM workplace_evolution WHERE id = %s"
        return self.house.rows(statement, evolution_id)[0]

    def is_waiting(self) -> bool:
        """Whether anybody waits for a lock."""
        return self.house.count(_WAITING) > 0

    def is_quiet(self) -> bool:
        """Whether nobody waits for a lock, and nobody holds a transaction open."""
        return not self.is_waiting() and self.house.count(_OPEN) == 0

    def empty(self) -> None:
        """Remove all forecasts and plans of the location."""
        for table in ("allocationspace", "allocation"):
            self.house.rows(f"DELETE FROM workplace_{table}")
        for table in ("evolution", "personforecast", "teamforecast", "locationforecast"):
            self.house.rows(f"DELETE FROM workplace_{table}")
        self.house.rows("DELETE FROM workplace_forecastjob")

    @contextmanager
    def held(self, *statements: str) -> Iterator[psycopg.Connection[Any]]:
        """Keep what these statements take in a transaction that comes to nothing."""
        with self.house.session() as session:
            session.autocommit = False
            for statement in statements:
                session.execute(statement)  # type: ignore[arg-type]  # our own texts
            try:
                yield session
            finally:
                session.rollback()
