"""What processes cost: CPU seconds and memory of whole process trees, from /proc."""

import os
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def tree(root: int) -> Iterator[int]:
    """Yield a process and all that descend from it and live."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting.extend(children.get(pid, []))


def cpu_seconds(root: int) -> float:
    """Return the CPU time of a process tree so far, ended children included."""
    total = 0
    for pid in tree(root):
        try:
            total += sum(int(ticks) for ticks in _stat(pid)[11:15])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / _TICKS


def memory_mb(root: int) -> tuple[float, float]:
    """Return the proportional and the summed resident memory of a tree, in MB.

    Pages that processes share count once in the first figure, in each of them in the second.
    """
    totals = {"Pss:": 0, "Rss:": 0}
    for pid in tree(root):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        for line in lines:
            name, _, rest = line.partition(" ")
            if name in totals:
                totals[name] += int(rest.split()[0])
    return totals["Pss:"] / 1024, totals["Rss:"] / 1024


def process_named(fragment: str, *, below: int) -> int:
    """Return the first process of a tree whose command line holds `fragment`."""
    for pid in tree(below):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fragment in command:
            return pid
    raise LookupError(fragment)
