"""Settings of the test run: real PostgreSQL and Valkey, mail in memory, tasks in the caller's thread."""

from config.settings.base import *  # noqa: F403 - a settings module is the union of its base and its own
from config.settings.base import DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES

SECRET_KEY = "only-for-tests-" + "x" * 50
PUBLIC_URL = "https://portal.example"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [m for m in MIDDLEWARE if "whitenoise" not in m]
INSTALLED_APPS = [a for a in INSTALLED_APPS if "whitenoise" not in a]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
LOGGING = {"level": "WARNING", "json": True}
COMPANY_REGISTERS_ON = False  # tests that ask a register start their own stand-in
