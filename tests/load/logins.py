"""What twenty log-ins at once cost in memory: the hash of a password takes 19 MiB while it is made.

Source: safety, S-28 and F-22. In `make bench`, or alone: `python -m tests.load.logins`, against a server of
its own in DATA_DIR.
"""

import os
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from tests.load import accounting

AT_ONCE = 20
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def together(base: str, *, web: int) -> str:
    """Send wrong passwords of twenty addresses at the same moment; say what the web processes held at most.

    The most is what the kernel noted of each process, so that no short peak is missed.
    """
    begin = threading.Barrier(AT_ONCE)
    statuses: list[int] = []
    _try(base, "warm@load.example", threading.Barrier(1), [])  # what the first log-in loads
    _forget_peaks(web)
    before = _peaks(web)
    clients = [
        threading.Thread(target=_try, args=(base, f"p{number}@load.example", begin, statuses))
        for number in range(AT_ONCE)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    most = _peaks(web)
    grown = [most[pid] - before.get(pid, 0.0) for pid in most]
    answers = ", ".join(f"{statuses.count(one)} × {one}" for one in sorted(set(statuses)))
    return (
        f"{AT_ONCE} log-ins at once ({answers}): the largest web process holds {max(most.values()):.0f} MB "
        f"at most (RSS), {max(grown):.0f} MB more than before; all of them {sum(grown):.0f} MB more"
    )


def _try(base: str, email: str, begin: threading.Barrier, statuses: list[int]) -> None:
    cookies = urllib.request.HTTPCookieProcessor(CookieJar())
    opener = urllib.request.build_opener(cookies)
    address = f"{base}/accounts/login/"
    with opener.open(address) as page:
        found = _TOKEN.search(page.read().decode())
    assert found is not None
    form = {"login": email, "password": "no such password", "csrfmiddlewaretoken": found[1]}
    begin.wait()
    try:
        with opener.open(address, urllib.parse.urlencode(form).encode()) as answer:
            statuses.append(answer.status)
    except urllib.error.HTTPError as refused:
        statuses.append(refused.code)


def _forget_peaks(root: int) -> None:
    for pid in accounting.tree(root):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peaks(root: int) -> dict[int, float]:
    """Return the most memory that each process held since its peak was forgotten, in MB."""
    found = {}
    for pid in accounting.tree(root):
        status = Path(f"/proc/{pid}/status").read_text()
        peak = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        if peak:
            found[pid] = int(peak[1]) / 1024
    return found


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    from config import embedded
    from tests.load import bench

    os.environ["DATA_DIR"] = str(bench.DATA_DIR / "logins")
    with embedded.for_command(title="bench"):
        import django

        django.setup()
        bench.prepare(sites=1, rooms=2, meetings=10)
        with bench.served() as (web, _postgres):
            bench.say(together(bench.BASE, web=web))


if __name__ == "__main__":
    main()
