"""`make bench`: what the portal's main answers cost, beside bare views on the same server in the same run.

Data stays in DATA_DIR (default var/bench) between runs. Figures of two runs do not compare, because machines
are noisy:
compare the rows of one run.
"""

import datetime as dt
import gc
import os
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config import embedded
from tests.load import logins, partners

PORT = int(os.environ.get("PORT", "8190"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "3"))
DATA_DIR = Path(os.environ.get("DATA_DIR", "var/bench")).resolve()
BASE = f"http://127.0.0.1:{PORT}"
HEAD = (
    f"{'':44}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'web CPU':>9}{'db CPU':>9}{'≥':>7}"
)


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], check=True)


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """Run the product's server with the bare views; yield its process id and PostgreSQL's."""
    from tests.load import accounting

    process = subprocess.Popen(
        [sys.executable, "-m", "tests.load.reference_server"],
        env={**os.environ, "PORT": str(PORT), "LOG_LEVEL": "ERROR"},
    )
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{BASE}/livez", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid, accounting.process_named("postgres", below=os.getpid())
    finally:
        process.terminate()
        process.wait(20)


def ask(address: str, headers: object) -> None:
    """Get an address; 304 is an answer as good as another."""
    assert headers is None or isinstance(headers, dict)
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {})) as got:
            got.read()
    except urllib.error.HTTPError as answer:
        if answer.code != 304:
            raise


def warm(path: str, headers: object) -> None:
    """Ask until every process has made what it keeps: a feed's first entries take seconds."""
    quick = 0
    for _ in range(100):
        began = time.perf_counter()
        ask(BASE + path, headers)
        quick = quick + 1 if time.perf_counter() - began < 0.1 else 0
        if quick == 8:
            return


class Bench:
    """The rows of one run."""

    def __init__(self, web: int, postgres: int) -> None:
        self.web, self.postgres = web, postgres
        self.rates: dict[str, float] = {}

    def row(self, name: str, path: str, *, against: str = "", **load: object) -> None:
        """Measure one address; `against` names an earlier row to divide by."""
        from tests.load import accounting, wrk

        headers = load.pop("headers", None)
        bodies = load.pop("bodies", None)
        if bodies is None:
            warm(path, headers)
            wrk.run(BASE + path, seconds=1, headers=headers)
        before = accounting.cpu_seconds(self.web), accounting.cpu_seconds(self.postgres)
        seen = wrk.run(BASE + path, seconds=SECONDS, headers=headers, bodies=bodies)
        after = accounting.cpu_seconds(self.web), accounting.cpu_seconds(self.postgres)
        web, database = (
            1000 * (late - early) / max(seen.requests, 1)
            for early, late in zip(before, after, strict=True)
        )
        self.rates[name] = seen.per_second
        share = f"{seen.per_second / max(self.rates[against], 1):6.2f}" if against else ""
        errors = f"  {seen.errors} errors" if seen.errors else ""
        say(
            f"{name:44}{seen.per_second:9.0f}{seen.p50:9.1f}{seen.p95:9.1f}{seen.p99:9.1f}"
            f"{web:9.2f}{database:9.2f}{share:>7}{errors}"
        )

    def compared(self, name: str, path: str, **load: object) -> None:
        """Measure an address after the two bare views of the same bytes."""
        from urllib.parse import quote

        of = quote(path, safe="")
        self.row(f"  constant, bytes of {name}", f"/bench/constant?of={of}")
        self.row(f"  one-row query, bytes of {name}", f"/bench/one-row?of={of}")
        self.row(name, path, against=f"  one-row query, bytes of {name}", **load)


def etag(path: str) -> str:
    with urllib.request.urlopen(BASE + path) as response:
        return response.headers["ETag"]


def in_process(
    title: str,
    function: Callable[[], object],
    *,
    repeat: int,
    before: Callable[[], object] = lambda: None,
) -> None:
    """Time a call in this process, without the server: medians of wall and CPU milliseconds.

    What happens `before` each call is not timed. As in the web processes, what is loaded is nothing that
    the collector looks through: the bench holds more than they do.
    """
    gc.collect()
    gc.freeze()
    walls, cpus = [], []
    for _ in range(repeat):
        before()
        wall, cpu = time.perf_counter(), time.process_time()
        function()
        cpus.append(1000 * (time.process_time() - cpu))
        walls.append(1000 * (time.perf_counter() - wall))
    say(
        f"{title:60}{statistics.median(walls):9.2f} ms, of which here"
        f"{statistics.median(cpus):7.2f} ms CPU (medians of {repeat})"
    )


def prepare(*, sites: int, rooms: int, meetings: int) -> None:
    """Fill an empty database with demo data of the given size."""
    subprocess.run([sys.executable, "-m", "config.prepare"], check=True)
    from sites_app.models import Room

    if not Room.objects.exists():
        started = time.perf_counter()
        manage(
            "load_demo",
            f"--sites={sites}",
            f"--rooms={rooms}",
            f"--meetings={meetings}",
            "--people=500",
            "--seed=1",
        )
        say(f"load_demo: {meetings} meetings in {time.perf_counter() - started:.0f} s")


def token() -> str:
    from organizations.models import ApiRole, User

    owner = User.objects.filter(api_role=ApiRole.APP_ADMIN).first()
    assert owner is not None
    made = subprocess.run(
        [sys.executable, "manage.py", "create_api_token", owner.email, "--name", "bench"],
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def busiest_rooms(count: int) -> list[str]:
    from django.db.models import Count

    from sites_app.models import Room

    ranked = Room.objects.filter(site__is_public=True).annotate(size=Count("meetings"))
    return list(ranked.order_by("-size").values_list("pk", flat=True)[:count])


def events_feed(events: int) -> str:
    """Return the address of a feed that holds about that many events."""
    from django.db.models import Count

    from sites_app.models import Room

    chosen: list[str] = []
    total = 0
    for room, size in (
        Room.objects.filter(site__is_public=True)
        .annotate(size=Count("meetings"))
        .order_by("-size")
        .values_list("pk", "size")[:100]
    ):
        if total >= events:
            break
        chosen.append(room)
        total += size
    say(f"feed of {len(chosen)} rooms with about {total} events")
    return f"/api/icsfeed?rooms={','.join(chosen)}"


def booking_bodies(limit: int) -> list[dict[str, object]]:
    """Return acceptable bookings of free slots a year and more ahead, each slot once."""
    from booking.domain import schedules
    from config import clock
    from organizations.models import User
    from sites_app.models import Room, RoomType

    person = next(user for user in User.objects.exclude(role="temp") if user.is_existing)
    start = clock.now() + dt.timedelta(days=400)
    end = start + dt.timedelta(days=60)
    rooms = list(
        Room.objects.filter(type=RoomType.PUBLIC_MEETING, site__is_public=True).select_related(
            "site"
        )
    )
    calendars = schedules.of_rooms(rooms, start=start, end=end, now=clock.now())
    bodies: list[dict[str, object]] = []
    for room in rooms:
        duration = max(room.min_duration, 60)
        step = dt.timedelta(minutes=duration + room.setup_minutes + room.cleaning_minutes)
        last = start
        for moment in calendars[room.id].bookable_starts(duration_minutes=duration):
            if moment >= last + step:
                last = moment
                bodies.append(
                    {
                        "contactEmail": person.email,
                        "bookedRoom": room.id,
                        "bookedAt": moment.isoformat(),
                        "duration": duration,
                    }
                )
    import random

    random.Random(1).shuffle(bodies)
    return bodies[:limit]


def measure_lists(bench: Bench, key: str) -> None:
    authorized = {"Authorization": f"Bearer {key}"}
    bench.compared("/api/rooms", "/api/rooms")
    bench.row("/api/rooms 304", "/api/rooms", headers={"If-None-Match": etag("/api/rooms")})
    bench.row("/api/rooms with token", "/api/rooms", headers=authorized)
    bench.compared("/api/sites", "/api/sites")


def call_of(path: str) -> Callable[[], object]:
    """Return a call of an endpoint in this process."""
    from django.test import RequestFactory
    from django.urls import resolve

    request = RequestFactory().get(path)
    view = resolve(request.path).func
    return lambda: view(request)


def built_anew(name: str, path: str) -> None:
    """Time an answer that nothing is kept of, in this process, queries included."""
    from config import process_cache

    call = call_of(path)
    in_process(f"{name}, built anew", call, repeat=50, before=process_cache.clear_all)


def after_a_change(name: str, path: str) -> None:
    """Time an answer, in the same way, after a meeting was written meanwhile."""
    call = call_of(path)
    in_process(f"{name}, after a meeting changed", call, repeat=50, before=change_a_meeting)


def change_a_meeting() -> None:
    """Write a meeting that a public list tells of, in a transaction of its own."""
    from booking.models import Meeting

    meeting = Meeting.objects.filter(room__site__is_public=True).order_by("id").first()
    assert meeting is not None
    Meeting.objects.filter(pk=meeting.pk).update(attendees=meeting.attendees)


def measure_calendars(bench: Bench) -> None:
    for events in (1000, 5000):
        path = events_feed(events)
        bench.compared(f"/api/icsfeed {events} events", path)
        bench.row(f"/api/icsfeed {events} events 304", path, headers={"If-None-Match": etag(path)})
        built_anew(f"/api/icsfeed {events} events", path)


def measure_days(bench: Bench) -> None:
    from django.db.models import Count

    from config import clock
    from sites_app.models import Room, Site

    site = Site.objects.filter(is_public=True).annotate(size=Count("rooms")).order_by("size").last()
    assert site is not None
    say(f"site of {site.rooms.count()} rooms, next Tuesday")
    monday = clock.now().date() + dt.timedelta(days=7 - clock.now().date().weekday())
    day = monday + dt.timedelta(days=1)  # of next week: open, and with meetings in it
    path = f"/api/availability?site={site.pk}&from={day}&to={day + dt.timedelta(days=1)}"
    bench.row("/api/availability, a site's day", path)
    room = Room.objects.filter(type="publicMeeting", site__is_public=True).first()
    assert room is not None
    bench.row("room page with its week", f"/rooms/{room.pk}/")


def measure_availability_in_database() -> None:
    """Time the one query behind availability: 200 rooms for a week."""
    from booking import selectors
    from config import clock
    from sites_app.models import Room

    rooms = list(Room.objects.values_list("pk", "site_id")[:200])
    start = clock.now()

    def read() -> None:
        selectors.obstacles(
            room_ids=[room for room, _ in rooms],
            site_ids={site for _, site in rooms},
            start=start,
            end=start + dt.timedelta(days=7),
            now=start,
        )

    read()
    in_process(f"busy times of {len(rooms)} rooms for a week, query and decoding", read, repeat=20)


def measure_bookings(bench: Bench, key: str) -> None:
    bodies = booking_bodies(6000)
    bench.row(
        "/api/meeting-request, 16 clients",
        "/api/meeting-request",
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        bodies=bodies,
    )


def measure_webhooks() -> None:
    """Send 2,000 webhooks in this process, without and with addresses that never answer."""
    from tests.load import webhooks

    say(webhooks.fan_out())
    say(webhooks.fan_out(hanging=4))


def measure_memory(paths: Sequence[str]) -> None:
    """Start the whole of `make run`, load it, and add up what it holds."""
    from tests.load import accounting, wrk

    environment = {**os.environ, "PORT": str(PORT), "DEMO": "0", "LOG_LEVEL": "ERROR"}
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "config.runner", "run"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{BASE}/healthz", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        for path in paths:
            wrk.run(BASE + path, seconds=2)
        proportional, resident = accounting.memory_mb(process.pid)
        say(
            f"whole of make run under load: {proportional:.0f} MB (PSS), "
            f"{resident:.0f} MB (RSS summed, shared pages counted in each process)"
        )
    finally:
        process.terminate()
        process.wait(30)


def scenario(name: str, *, sites: int, rooms: int, meetings: int, full: bool) -> None:
    os.environ["DATA_DIR"] = str(DATA_DIR / name)
    say(f"\n== {rooms} rooms, {meetings} meetings; wrk -c16 for {SECONDS} s a row ==")
    with embedded.for_command(title="bench"):
        import django

        django.setup()
        prepare(sites=sites, rooms=rooms, meetings=meetings)
        key = token()
        with served() as (web, postgres):
            bench = Bench(web, postgres)
            say(HEAD)
            measure_lists(bench, key)
            for path in ("/api/rooms", "/api/sites"):
                built_anew(path, path)
                after_a_change(path, path)
            measure_calendars(bench)
            measure_days(bench)
            measure_availability_in_database()
            if full:
                measure_bookings(bench, key)
                partners.measure(bench.row, headers={"Authorization": f"Bearer {key}"})
                measure_webhooks()
                say(logins.together(BASE, web=web))
            paths = ["/", "/api/rooms", "/api/sites", events_feed(1000)]
    if full:
        measure_memory(paths)


SCENARIOS = {
    "200": {"sites": 20, "rooms": 200, "meetings": 100_000, "full": True},
    "800": {"sites": 40, "rooms": 800, "meetings": 400_000, "full": False},
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    os.environ["API_THROTTLE"] = "off"
    os.environ.setdefault("LOG_LEVEL", "ERROR")  # the rows alone are to be read
    os.environ["WEBHOOK_ALLOW_PRIVATE"] = "1"  # the receiver is this machine
    wanted = sys.argv[1:] or list(SCENARIOS)
    if len(wanted) == 1:
        scenario(wanted[0], **SCENARIOS[wanted[0]])
        return
    for name in wanted:  # a process each: settings are read once a process
        subprocess.run([sys.executable, "-m", "tests.load.bench", name], check=True)


if __name__ == "__main__":
    main()
