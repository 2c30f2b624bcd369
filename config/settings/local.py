"""Settings of `make run`: everything works on one machine with nothing configured."""

from config.settings.base import *  # noqa: F403 - a settings module is the union of its base and its own
from config.settings.base import DATA_DIR, env
from config.settings.secret_file import read_or_create

SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_create(DATA_DIR / "secret_key")
