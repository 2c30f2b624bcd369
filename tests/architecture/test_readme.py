"""What README.md names exists: commands, files, settings, endpoints and their tests."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve
from django.utils.module_loading import import_string

from config.api import openapi
from workplace.api import openapi as workplace_openapi

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FLOORS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"][0]["layers"]
CONFIGURATION = README.partition("## Configuration\n")[2].partition("\n## ")[0]


def _first_cells(section: str) -> list[str]:
    """Return the first cell of each row of the section's table, without its head."""
    rows = re.findall(r"^\| *([^|]+?) *\|", section, re.MULTILINE)
    return [cell for cell in rows[1:] if not cell.startswith("---")]


def _names(text: str, pattern: str) -> list[str]:
    return sorted(set(re.findall(pattern, text)))


@pytest.mark.parametrize("command", _names(README, r"manage\.py ([a-z_]+)"))
def test_management_commands(command):
    assert command in get_commands()


@pytest.mark.parametrize("target", _names(README, r"(?m)(?:^|`)make ([a-z-]+)"))
def test_make_targets(target):
    assert re.search(rf"^(?:[a-z ]+ )?{target}(?: [a-z ]+)?:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize(
    "path", _names(README, r"`((?:tests|docs)/[\w/.-]+)`|\]\((docs/[\w/.-]+)\)")
)
def test_files(path):
    assert (ROOT / "".join(path)).exists()


@pytest.mark.parametrize("path", _names(README, r"`(?:GET|POST) (/[\w/-]+)`"))
def test_addresses(path):
    assert resolve(path).func.__name__ != "unknown_path"


def _rows_of_the_api() -> dict[str, tuple[str, str]]:
    """Return each operation of the README's table with its word about tokens and its test module."""
    table = README.partition("\n## API\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \| (\w+) \| `([^|`]+)` \|$", table, re.MULTILINE)
    return {
        operation: (token, module)
        for operations, token, module in rows
        for operation in re.findall(r"`([^`]+)`", operations)
    }


def test_every_endpoint_is_listed_with_its_token():
    """The table says of every operation what the API's own document says."""
    ways = {2: "optional", 1: "yes"}
    described = {
        f"{method.upper()} {path}": "no"
        if known["security"] == [{}]
        else ways[len(known["security"])]
        for path, methods in openapi.document()["paths"].items()
        for method, known in methods.items()
    }

    listed = {operation: token for operation, (token, _) in _rows_of_the_api().items()}
    assert listed == described | {"GET /api/schema": "no"}


@pytest.mark.parametrize(("operation", "row"), _rows_of_the_api().items())
def test_every_endpoint_is_tested_where_the_table_says(operation, row):
    tests = (ROOT / row[1]).read_text(encoding="utf-8")

    assert operation.partition(" ")[2].removeprefix("/api/") in tests
    assert re.search(r"^def test_", tests, re.MULTILINE)


def _rows_of_the_workplace_api() -> dict[str, tuple[str, str]]:
    """Return each operation of that table with the scope it needs and its test module."""
    table = README.partition("\n## Workplace API\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([^|`]+)` \| `?([\w:]+)`? \| `([^|`]+)` \|$", table, re.MULTILINE)
    return {operation: (scope, module) for operation, scope, module in rows}


def test_every_endpoint_of_the_workplace_api_is_listed_with_its_scope():
    described = {
        f"{method.upper()} {path}": re.findall(r"Needs the scope `([\w:]+)`", known["description"])[
            0
        ]
        for path, methods in workplace_openapi.document()["paths"].items()
        for method, known in methods.items()
    }

    listed = {name: scope for name, (scope, _) in _rows_of_the_workplace_api().items()}
    assert listed == described | {"GET /workplace/v1/schema": "none"}


@pytest.mark.parametrize(("operation", "row"), _rows_of_the_workplace_api().items())
def test_every_endpoint_of_the_workplace_api_is_tested_where_the_table_says(operation, row):
    tests = (ROOT / row[1]).read_text(encoding="utf-8")

    beginning = operation.partition(" ")[2].removeprefix("/workplace/v1").partition("{")[0]
    assert beginning.rstrip("/") in tests
    assert re.search(r"^def test_", tests, re.MULTILINE)


@pytest.mark.parametrize("name", _names(CONFIGURATION, r"`([A-Z]+(?:_[A-Z]+)*)`"))
def test_environment_variables_are_read(name):
    code = [*ROOT.glob("config/**/*.py"), ROOT / "Makefile"]

    assert any(re.search(rf"\b{name}\b", file.read_text(encoding="utf-8")) for file in code)


def test_every_setting_of_the_operator_is_told():
    """Each variable that the settings read stands in the table."""
    read = _names(
        "".join(
            (ROOT / "config/settings" / f"{name}.py").read_text(encoding="utf-8")
            for name in ("base", "local", "production")
        ),
        r'env(?:\.[a-z_]+)?\(\s*"([A-Z_]+)"',
    )
    told = _names(README, r"`([A-Z]+(?:_[A-Z]+)*)`")

    assert sorted(set(read) - set(told)) == []


def test_the_floors():
    table = README.partition("## The house\n")[2].partition("\n## ")[0]

    assert [cell.strip("`") for cell in _first_cells(table)] == FLOORS


def test_every_address_of_the_api_is_told():
    told = set(_names(README, r"(?:GET|POST|DELETE) (/[\w/-]+)"))
    described = {path for name in settings.API_DESCRIPTIONS for path in import_string(name)()}

    assert described - told == set()
