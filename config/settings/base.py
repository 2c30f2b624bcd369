"""Settings shared by every environment; each value an operator may change comes from the environment.

The APIs, the schedule, the company registers and the look have modules of their own.
Source: README, "Configuration".
"""

import logging
import os
from pathlib import Path
from urllib.parse import unquote

import environ
import pghistory
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from config import embedded
from config.settings.api import *  # noqa: F403 - a chapter of this module, as are the next ones
from config.settings.look import *  # noqa: F403 - settings are names of this module
from config.settings.look import BRAND_NAME
from config.settings.registers import *  # noqa: F403 - settings are names of this module
from config.settings.schedule import *  # noqa: F403 - settings are names of this module

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://localhost:{PORT}").rstrip("/")
CALENDAR_WRITER = "booking.domain.calendar_messages.write"  # who writes the invitations of mails
EMAIL_FILE_DIR = env.str("EMAIL_FILE_DIR", default=str(DATA_DIR / "mail"))

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
SERVES_NO_PAGES = os.environ.get("SERVES_NO_PAGES") == "1"  # the worker says so of itself
ROOT_URLCONF = "config.mail_urls" if SERVES_NO_PAGES else "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "backoffice.admin_config.BackOfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "pghistory",
    "pgtrigger",
    "django_structlog",
    "csp",
    "organizations",
    "apitokens",
    "sites_app",
    "booking",
    "contracts",
    "workplace",
    "backoffice",
]

MIDDLEWARE = [
    "apitokens.middleware.CallLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.api.short_way.ApiFirstMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "config.middleware.RequestIdMiddleware",
    "config.middleware.RetryAfterMiddleware",
    "config.middleware.NoNulMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.AdminCspMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organizations.member_sessions.MemberSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "config.middleware.AuditContextMiddleware",
    "apitokens.middleware.FormLimitMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [DATA_DIR / "texts", BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.context.branding",
            ],
            "libraries": {
                "components": "config.templatetags.components",
                "code_samples": "config.templatetags.code_samples",
                "writing": "config.templatetags.writing",
            },
            "builtins": [
                "config.templatetags.components",
                "config.templatetags.writing",
                "django.templatetags.i18n",
            ],
        },
    }
]

# --- stores ---------------------------------------------------------------------------------
DATABASES = {
    "default": env.db_url_config(
        env.str("DATABASE_URL", default="") or embedded.database_url(DATA_DIR)
    )
}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"].get("HOST", ""))
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})
    | {
        "connect_timeout": 2,
        # Our few prepared statements are written for one plan; the ORM's are not prepared. A page
        # costs the same wherever it is: of rotating disks a small table is rather read whole, each time.
        "options": "-c statement_timeout=15s -c lock_timeout=3s -c timezone=UTC"
        " -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1",
    },
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
REDIS_URL = env.str("REDIS_URL", default="") or embedded.redis_url(DATA_DIR)
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
MEDIA_URL = "media/"
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

# A history is read by the row that it is of, and by nothing else.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_index=True)

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "organizations.hashers.PortalArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "organizations.hashers.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {"reset_password": "organizations.pages.login_forms.ForgottenPasswordForm"}
ACCOUNT_ADAPTER = "organizations.adapters.AccountAdapter"
MFA_ADAPTER = "organizations.adapters.SecondFactorAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"login_failed": "10/5m/key,60/m/ip", "login": "120/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a phone whose clock is half a minute off
MFA_TOTP_ISSUER = BRAND_NAME
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

# --- languages ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- background work --------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "max_retries": 1,
    "socket_timeout": 3,  # a broker that takes calls and never answers holds nobody longer
    "socket_connect_timeout": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "config.steady_scheduler.SteadyScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# --- mail -----------------------------------------------------------------------------------
EMAIL_BACKEND = "organizations.mail_backends.FileBackend"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Workways <bookings@workways.example>")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="appsupport@workways.com")

# --- house rules; the names say hours, days or minutes ------------------------------------------
HOLD_HOURS = env.int("HOLD_HOURS", default=24)
HOLD_ENDS_HOURS_BEFORE_START = env.int("HOLD_ENDS_HOURS_BEFORE_START", default=12)
MEMBER_LINK_HOLD_MINUTES = env.int("MEMBER_LINK_HOLD_MINUTES", default=30)
MAX_OPEN_REQUESTS = env.int("MAX_OPEN_REQUESTS", default=3)
MAX_OPEN_REQUESTS_PER_ROOM = env.int("MAX_OPEN_REQUESTS_PER_ROOM", default=20)
MAX_OPEN_REQUESTS_PER_ROOM_AND_TOKEN = env.int("MAX_OPEN_REQUESTS_PER_ROOM_AND_TOKEN", default=100)
NEW_PERSON_MIN_DAYS = env.int("NEW_PERSON_MIN_DAYS", default=2)
BILLING_PRO_RATA = env.str("BILLING_PRO_RATA", default="day")
RENEWAL_GRACE_DAYS = env.int("RENEWAL_GRACE_DAYS", default=31)
RENTAL_URL_HOSTS = [host.lower() for host in env.list("RENTAL_URL_HOSTS", default=[])]
RETENTION_DAYS = env.int("RETENTION_DAYS", default=90)
PAST_START_GRACE_MINUTES = env.int("PAST_START_GRACE_MINUTES", default=0)

# --- browser safety ---------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}

# --- logs -------------------------------------------------------------------------------------
LOGGING_CONFIG = "config.logs.configure"
LOGGING = {
    "level": env.str("LOG_LEVEL", default="INFO"),
    "json": env.bool("LOG_JSON", default=True),
}
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
