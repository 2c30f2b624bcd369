"""The browser that tests drive: `python -m tests.browser_program` sees to it that there is one.

Order: a Chrome or Chromium of the machine; Debian's package, which root may install; Playwright's
own download. Where none can be had, the browser tests are skipped with the reason, but fail
under CI=true.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_INSTALL_SECONDS = 600


def on_this_machine() -> str | None:
    """Return the path of the machine's own Chrome or Chromium."""
    wanted = os.environ.get("CHROMIUM_PATH")
    return wanted or next((path for name in _NAMES if (path := shutil.which(name))), None)


def of_playwright() -> str | None:
    """Return the path of the browser that Playwright downloaded, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find() -> str | None:
    """Return the browser to drive, or None when there is none."""
    return on_this_machine() or of_playwright()


def install() -> str:
    """Try the ways there are to get a browser; return why the last one failed, or nothing."""
    reason = ""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        update = _run("apt-get", "update", "-qq")
        reason = _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
        if on_this_machine():
            return ""
        reason = reason or update
    reason = _run(sys.executable, "-m", "playwright", "install", "chromium") or reason
    return "" if find() else reason or "no browser was found after the installation"


def _run(*command: str) -> str:
    try:
        answer = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]}: {error}"
    if answer.returncode == 0:
        return ""
    words = (answer.stderr or answer.stdout).strip().splitlines() or ["no output"]
    return f"{' '.join(command)}: {words[-1]}"


def main() -> int:
    """Say which browser the tests will use; fail without one under CI=true."""
    if found := find():
        print(f"Browser tests use {found}")
        return 0
    if not (reason := install()):
        print(f"Browser tests use {find()}")
        return 0
    print(f"No browser for the browser tests: {reason}")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
