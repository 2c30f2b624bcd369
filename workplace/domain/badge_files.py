"""Badge files: presence as door systems export it, one CSV row a sighting, by the rules of the API.

Source: workplace-api, section 12, "Badge files".
"""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from config import ids, rehearsal
from config.errors import DomainError
from organizations.models import AccessCard
from sites_app.models import Site
from workplace.domain import occupancy, occupancy_sessions, times
from workplace.domain.occupancy import Failure, Told
from workplace.domain.refusals import Detail
from workplace.domain.times import BadTime, Edge
from workplace.models import OccupancySession
from workplace.selectors_tenants import Tenant

BATCH = 1_000
MOST_ROWS = 100_000
SHOWN_FAILURES = 50
PERSON_COLUMNS = ("people_id", "people_external_id", "card_number")
COLUMNS = (
    *PERSON_COLUMNS,
    "location_id",
    "location_external_id",
    "seen_at",
    "timezone",
    "team_id",
    "first_seen_at",
    "last_seen_at",
)
_DELIMITERS = (";", ",", "\t")
_MOMENTS = ("seen_at", "first_seen_at", "last_seen_at")

Row = Mapping[str, str]


class UnreadableBadges(DomainError):
    """The file is no table of sightings as a whole."""

    code = "unreadable_file"
    message = "This file cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with a line, counted from 1 with the header."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a file came to; of what is wrong the first fifty lines."""

    received: int
    created: int
    updated: int
    restored: int
    duplicates: int
    failed: int
    wrong: Sequence[Wrong]
    ignored_columns: Sequence[str]


@dataclass(slots=True)
class _Counts:
    received: int = 0
    results: Counter[str] = field(default_factory=Counter)
    wrong: list[Wrong] = field(default_factory=list)
    failed: int = 0
    places: set[str] = field(default_factory=set)
    """Where presence was stored."""


def load(content: bytes, *, site: Site, tenant: Tenant, dry_run: bool, now: dt.datetime) -> Report:
    """Store the sightings of a file, or in a dry run only tell what would become of them.

    `site` is where rows without a location were seen, and whose clock times without a zone are of.

    :raises UnreadableBadges: when it is no CSV file with a column for people and `seen_at`.
    """
    header, rows = _table(content)
    counts = _Counts()
    with rehearsal.transaction_unless(dry_run=dry_run):
        for batch in _batches(rows):
            _store(batch, counts, site=site, tenant=tenant, now=now)
        OccupancySession.objects.create(
            organization_id=tenant.organization_id,
            site=site,
            received=counts.received,
            started_at=now,
            expires_at=now + dt.timedelta(hours=24),
            finished_at=now,
        )
        for place in Site.objects.filter(pk__in=counts.places).order_by("pk"):
            occupancy_sessions.forecast_anew(place, now=now)
    return Report(
        received=counts.received,
        created=counts.results["created"],
        updated=counts.results["updated"],
        restored=counts.results["restored"],
        duplicates=counts.results["duplicate"],
        failed=counts.failed,
        wrong=counts.wrong,
        ignored_columns=[name for name in header if name not in COLUMNS],
    )


def _store(
    batch: Sequence[tuple[int, Row]],
    counts: _Counts,
    *,
    site: Site,
    tenant: Tenant,
    now: dt.datetime,
) -> None:
    holders = _holders([row for _, row in batch], tenant)
    read = [_told(line, row, site, holders) for line, row in batch]
    recorded = occupancy.record(
        [one for one in read if isinstance(one, Told)], tenant=tenant, now=now
    )
    failures = [*(one for one in read if isinstance(one, Failure)), *recorded.failures]
    counts.received += len(batch)
    counts.results.update(one.result for one in recorded.stored)
    counts.places |= {one.row.site_id for one in recorded.stored}
    counts.failed += len(failures)
    left = SHOWN_FAILURES - len(counts.wrong)
    counts.wrong += [
        Wrong(line=one.index, column=one.detail.path, message=one.detail.message)
        for one in sorted(failures, key=lambda one: one.index)[:left]
    ]


# --- the table --------------------------------------------------------------------------------


def _table(content: bytes) -> tuple[list[str], Iterator[tuple[int, Row]]]:
    """Return the names of the columns, and the rows with their lines."""
    text = _text(content)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    header = [name.strip().lower() for name in _guarded(reader, [])]
    if "seen_at" not in header or not set(PERSON_COLUMNS) & set(header):
        raise UnreadableBadges(
            _(
                "The first line must name the columns: seen_at and one of people_id,"
                " people_external_id and card_number."
            )
        )
    if len(set(header)) != len(header):
        raise UnreadableBadges(_("Two columns have the same name."))
    return header, _rows(reader, header)


def _text(content: bytes) -> str:
    """Decode UTF-8, or else what Excel writes in Western Europe."""
    if b"\0" in content:
        raise UnreadableBadges(_("This file cannot be read."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(reader: Iterator[list[str]], header: Sequence[str]) -> Iterator[tuple[int, Row]]:
    line = 1
    while values := _guarded(reader, None):
        line += 1
        if line > MOST_ROWS + 1:
            raise UnreadableBadges(
                _("A file has at most %(number)s rows.") % {"number": f"{MOST_ROWS:,}"}
            )
        cells = dict(zip(header, (value.strip() for value in values), strict=False))
        if found := {name: value for name, value in cells.items() if value and name in COLUMNS}:
            yield line, found


def _guarded(reader: Iterator[list[str]], otherwise: list[str] | None) -> list[str]:
    """Return the next row, blank lines passed over."""
    try:
        for values in reader:
            if values:
                return values
    except csv.Error as error:
        raise UnreadableBadges(_("This file cannot be read.")) from error
    return otherwise or []


def _batches(rows: Iterator[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    batch: list[tuple[int, Row]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


# --- a row ------------------------------------------------------------------------------------


def _holders(rows: Sequence[Row], tenant: Tenant) -> dict[str, str]:
    """Return who of the tenant has the cards that rows name."""
    numbers = {row["card_number"] for row in rows if "card_number" in row}
    cards = AccessCard.objects.filter(number__in=numbers, holder__in=tenant.people())
    return dict(cards.values_list("number", "holder_id"))


def _told(line: int, row: Row, site: Site, holders: Mapping[str, str]) -> Told | Failure:
    """Read a row, or say what is wrong with it."""
    try:
        named = [name for name in PERSON_COLUMNS if name in row]
        if len(named) != 1:
            raise _WrongCell("people_id", _("Exactly one column names the person."))
        zone = _zone(row, site)
        moments = {name: _moment(row, name, zone) for name in _MOMENTS}
        seen_at = moments.pop("seen_at")
        if seen_at is None:
            raise _WrongCell("seen_at", _("This is missing."))
        return Told(
            index=line,
            site_id=None if "location_external_id" in row else _id(row, "location_id") or site.pk,
            external_site_id=row.get("location_external_id"),
            person_id=_person(row, holders),
            external_person_id=row.get("people_external_id"),
            team_id=_id(row, "team_id"),
            seen_at=seen_at,
            **moments,
        )
    except _WrongCell as wrong:
        return Failure(index=line, detail=Detail(path=wrong.column, message=wrong.message))


class _WrongCell(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


def _person(row: Row, holders: Mapping[str, str]) -> str | None:
    if "card_number" not in row:
        return _id(row, "people_id")
    if row["card_number"] not in holders:
        raise _WrongCell("card_number", _("Nobody has this card."))
    return holders[row["card_number"]]


def _id(row: Row, name: str) -> str | None:
    if name not in row:
        return None
    found = ids.normalise(row[name])
    if found is None:
        raise _WrongCell(name, "must be an id of 24 hexadecimal characters")
    return found


def _zone(row: Row, site: Site) -> ZoneInfo:
    if "timezone" not in row:
        return ZoneInfo(site.time_zone)
    try:
        return times.zone(row["timezone"])
    except BadTime as error:
        raise _WrongCell("timezone", error.message) from error


def _moment(row: Row, name: str, zone: ZoneInfo) -> dt.datetime | None:
    """Read a time; without a zone of its own it is one of the location's clock."""
    if name not in row:
        return None
    try:
        return times.instant(row[name], edge=Edge.START, read_in=None, day_zone=zone)
    except BadTime as error:
        if error.sub_code != "naive_time":
            raise _WrongCell(name, error.message) from error
    return times.instant(row[name], edge=Edge.START, read_in=zone, day_zone=zone)
