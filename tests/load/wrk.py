"""Load by wrk, and what it saw."""

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_REPORT = """
done = function(summary, latency, requests)
  io.write(string.format("REPORT %d %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""
_BODIES = """
local bodies = {}
for line in io.lines(%(path)s) do bodies[#bodies + 1] = line end
local sent = 0
request = function()
  sent = sent + 1
  if sent > #bodies then wrk.thread:stop() sent = #bodies end
  return wrk.format("POST", nil, nil, bodies[sent])
end
"""


@dataclass(frozen=True)
class Seen:
    """Requests a second, latencies in milliseconds, and answers that were not 2xx or 3xx."""

    requests: int
    per_second: float
    p50: float
    p95: float
    p99: float
    errors: int


def run(
    url: str,
    *,
    seconds: int,
    connections: int = 16,
    headers: Mapping[str, str] | None = None,
    bodies: Sequence[object] | None = None,
) -> Seen:
    """Load one address for some seconds; with `bodies`, POST each of them at most once."""
    script = _REPORT
    with tempfile.TemporaryDirectory() as folder:
        if bodies is not None:
            path = Path(folder, "bodies")
            path.write_text("\n".join(json.dumps(body) for body in bodies))
            script += _BODIES % {"path": json.dumps(str(path))}
        lua = Path(folder, "report.lua")
        lua.write_text(script)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(lua), url]
        for name, value in (headers or {}).items():
            command += ["-H", f"{name}: {value}"]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"REPORT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", printed)
    assert found is not None, printed
    requests, duration, p50, p95, p99, errors = map(int, found.groups())
    return Seen(requests, requests / (duration / 1e6), p50 / 1000, p95 / 1000, p99 / 1000, errors)
