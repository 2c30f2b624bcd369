"""Who runs the embedded servers: the caller, or when that is root a system user of their own.

PostgreSQL refuses to run as root. The user is given nothing but its own folders: no parent folder
is opened to it, so a path it cannot reach is replaced by one that it can.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

_NAME = "workways"
_SHARED = Path("/var/lib")


class ServiceAccountError(RuntimeError):
    """Root has no ordinary user that could run PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user and group that own the servers' files and processes."""

    uid: int
    gid: int

    @property
    def owner(self) -> tuple[int, int]:
        """Return (user, group) as `chown` and `spawn` take them."""
        return self.uid, self.gid


def account_for(*, cluster: Path) -> Account | None:
    """Return who runs the servers over `cluster`, or None for the caller.

    A cluster that an ordinary user made stays that user's, also when root starts it later.
    """
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        found = cluster.stat()
        return Account(uid=found.st_uid, gid=found.st_gid)
    entry = _system_user()
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _system_user() -> pwd.struct_passwd:
    commands = (
        ("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"),
        ("adduser", "-S", "-D", "-H"),
    )
    for command in commands:
        try:
            return pwd.getpwnam(_NAME)
        except KeyError:
            if shutil.which(command[0]):
                subprocess.run([*command, _NAME], check=False, capture_output=True)  # noqa: S603 - our own words
    try:
        return pwd.getpwnam(_NAME)
    except KeyError:
        raise ServiceAccountError(
            f"PostgreSQL does not run as root, and the system user {_NAME!r} could not be made."
            " Run as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None


def can_enter(folder: Path, account: Account | None) -> bool:
    """Say whether the account can pass through `folder` and all its parents."""
    if account is None:
        return os.access(folder, os.X_OK)
    answer = subprocess.run(  # noqa: S603 - asks the kernel itself, so access lists count as well
        ["/bin/sh", "-c", 'test -x "$0/."', str(folder)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return answer.returncode == 0


def give(folder: Path, account: Account | None) -> Path:
    """Make `folder`, readable by the account alone, and return it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(folder, *account.owner, follow_symlinks=False)
    folder.chmod(0o700)
    return folder


def reachable_home(wanted: Path, account: Account | None) -> Path:
    """Return a folder for the servers' data that the account can enter: `wanted` where it can.

    Otherwise a new folder below /var/lib, remembered in `wanted`, so that removing `wanted`
    forgets the data with it.
    """
    pointer = wanted / "servers-live-in"
    if pointer.exists():
        return Path(pointer.read_text(encoding="utf-8").strip())
    if can_enter(wanted, account):
        return wanted
    elsewhere = Path(tempfile.mkdtemp(prefix="workways-", dir=_SHARED))
    elsewhere.chmod(0o711)
    pointer.write_text(f"{elsewhere}\n", encoding="utf-8")
    return elsewhere


def reachable_copy(tree: Path, *, version: str, account: Account | None) -> Path:
    """Return `tree`, or a copy of it below /var/lib when the account cannot enter it.

    `version` names the copy, so that another version of the programs gets another copy.
    """
    if can_enter(tree, account):
        return tree
    copy = _SHARED / f"workways-programs-{version}" / tree.name
    if copy.exists():
        return copy
    copy.parent.mkdir(mode=0o755, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=copy.parent))
    shutil.copytree(tree, draft / tree.name, symlinks=True)
    try:
        (draft / tree.name).rename(copy)
    except OSError:
        if not copy.exists():
            raise
    shutil.rmtree(draft, ignore_errors=True)
    return copy
