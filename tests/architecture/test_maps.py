"""Each file that the tables of `tests/safety` and `tests/faults` name exists."""

import re
from pathlib import Path

import pytest

from tests import faults, safety

TESTS = Path(safety.__file__).parent.parent


def files(table: str, *, home: str) -> list[str]:
    """Read the names of a table; one without folder lies where the one before it does, or at home."""
    found, folder = [], home
    for line in table.splitlines():
        if re.match(r"[SF]-\d\d ", line):
            folder = home
        for path in re.findall(r"(?:tests/)?((?:[a-z_]+/)*test_\w+)", line):
            folder, name = path.rsplit("/", 1) if "/" in path else (folder, path)
            found.append(f"{folder}/{name}.py")
    return found


@pytest.mark.parametrize(
    "path",
    sorted(
        {*files(safety.__doc__ or "", home="safety"), *files(faults.__doc__ or "", home="faults")}
    ),
)
def test_file_of_a_table(path: str) -> None:
    assert (TESTS / path).exists()
