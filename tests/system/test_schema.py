"""The whole schema, fuzzed against the running server: no crash, and nothing undocumented."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.test_embedded import PROJECT
from tests.system.test_run import Portal

pytestmark = pytest.mark.system

CASES_PER_ENDPOINT = 15
JUDGE = PROJECT / "tests" / "system" / "schemathesis.toml"


def fuzzed(
    portal: Portal, *, folder: Path, headers: dict[str, str], document: str = "/api/schema"
) -> str:
    """Run the fuzzer with every check it has; return what it says, the last part of it on success."""
    described = f"http://127.0.0.1:{portal.port}{document}"
    command = [str(Path(sys.executable).parent / "schemathesis"), f"--config-file={JUDGE}"]
    options = [
        "--phases=examples,coverage,fuzzing",
        f"--max-examples={CASES_PER_ENDPOINT}",
        "--generation-deterministic",
        "--checks=all",
        "--no-color",
    ]
    given = [f"--header={name}: {value}" for name, value in headers.items()]
    done = subprocess.run(
        [*command, "run", described, *options, *given],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(600)
def test_whole_schema_holds_on_the_running_server(used_portal: Portal, tmp_path: Path) -> None:
    used_portal.environment |= {"API_THROTTLE": "off", "PASSWORD": "correct horse battery"}
    used_portal.start()
    used_portal.manage("import_data", str(PROJECT / "tests" / "data" / "operator.json"))
    used_portal.manage("create_admin", "boss@workways.example")
    token = used_portal.manage("create_api_token", "boss@workways.example", "--name", "Fuzzer")

    said = fuzzed(used_portal, folder=tmp_path, headers={"Authorization": f"Bearer {token}"})

    assert_every_operation_was_tested(said)


@pytest.mark.timeout(600)
def test_whole_workplace_schema_holds_on_the_running_server(
    used_portal: Portal, tmp_path: Path
) -> None:
    used_portal.environment |= {"API_THROTTLE": "off", "PASSWORD": "correct horse battery"}
    used_portal.start()
    used_portal.manage("import_data", str(PROJECT / "tests" / "data" / "operator.json"))
    used_portal.manage("create_admin", "boss@workways.example")
    key = used_portal.manage(
        "create_api_token",
        "boss@workways.example",
        "--name=Fuzzer",
        "--kind=workplace",
        "--scopes=workplace:read,workplace:write,workplace:admin,people:forecast",
    )

    said = fuzzed(
        used_portal, folder=tmp_path, headers={"x-api-key": key}, document="/workplace/v1/schema"
    )

    assert_every_operation_was_tested(said)


def assert_every_operation_was_tested(said: str) -> None:
    counts = re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+)", said)
    assert counts is not None, said
    assert len(set(counts.groups())) == 1, said
