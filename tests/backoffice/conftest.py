"""What tests of the back office share."""

from collections.abc import Callable

import pytest

from organizations.models import User


@pytest.fixture
def may_only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let staff do in the back office what is named, and nothing else."""

    def allow(*permissions: str) -> None:
        allowed = set(permissions)
        monkeypatch.setattr(User, "has_perm", lambda _self, name, _obj=None: name in allowed)
        monkeypatch.setattr(
            User, "has_perms", lambda _self, names, _obj=None: allowed.issuperset(names)
        )

    return allow
