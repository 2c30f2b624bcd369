"""What README.md names exists: commands, files, settings, endpoints and their tests."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

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
