"""Settings shared by every environment; each value an operator may change comes from the environment.

Source: README, "Configuration".
"""

import logging
import os
from pathlib import Path
from urllib.parse import unquote

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from config import embedded

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://localhost:{PORT}").rstrip("/")
EMAIL_FILE_DIR = env.str("EMAIL_FILE_DIR", default=str(DATA_DIR / "mail"))

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
ROOT_URLCONF = "config.urls"
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

SERVES_NO_PAGES = os.environ.get("SERVES_NO_PAGES") == "1"  # the worker says so of itself
MIDDLEWARE = [
    "apitokens.middleware.CallLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.api.reads.ReadsFirstMiddleware",
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
            },
            "builtins": ["config.templatetags.components", "django.templatetags.i18n"],
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
        "prepare_threshold": 5,
        # our few prepared statements are written for one plan; the ORM's are not prepared
        "options": "-c statement_timeout=15s -c lock_timeout=3s -c timezone=UTC"
        " -c plan_cache_mode=force_generic_plan",
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
MFA_TOTP_ISSUER = env.str("BRAND_NAME", default="Workways")
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
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apitokens.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["apitokens.authentication.HasTokenAndScope"],
    "DEFAULT_RENDERER_CLASSES": ["config.api.envelope.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.inputs.StrictJSONParser"],
    "EXCEPTION_HANDLER": "config.api.errors.handle",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}
API_DESCRIPTIONS = [
    "sites_app.api.openapi.paths",
    "booking.api.openapi.paths",
    "apitokens.api.openapi_people.paths",
    "apitokens.api.openapi_usage.paths",
    "contracts.api.openapi.paths",
    "apitokens.api.openapi_changes.paths",
    "apitokens.api.openapi_webhooks.paths",
]
API_SERVER_ERRORS = {  # who tells in its own envelope what no view has caught, by how paths begin
    "/api/": "config.views.api_error",
    "/workplace/v1": "workplace.api.envelope.server_error",
}
DEVELOPERS_ALSO = {"developers-workplace": _("Workplace API")}  # further guides, by their addresses
API_POST_POLICY = "apitokens.idempotency.answer_once"
EVENT_FOLLOWERS = {"meeting": "workplace.follow_meetings"}  # by kind: the task that is told the ids
CORS_ORIGINS = [origin.rstrip("/") for origin in env.list("CORS_ORIGINS", default=[])]
API_MAX_BODY_BYTES = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
API_THROTTLE = env.str("API_THROTTLE", default="on") != "off"
LIMITED_FORMS = ["book", "register", "resend-verification", "join-waitlist"]  # names of addresses

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
CELERY_BEAT_SCHEDULE = {
    # What is due, and what a dead broker missed; in seconds.
    "sweep webhooks": {"task": "apitokens.sweep_webhooks", "schedule": 10.0},
    "sweep outgoing mail": {"task": "organizations.sweep_outbox", "schedule": 15.0},
    "release stale holds": {"task": "booking.release_stale_holds", "schedule": 30.0},
    "sweep onboarding": {"task": "booking.sweep_onboarding", "schedule": 30.0},
    "sweep waiting list": {"task": "booking.sweep_waitlist", "schedule": 60.0},
    "sweep company checks": {"task": "organizations.sweep_company_checks", "schedule": 60.0},
    "sweep intentions": {"task": "workplace.sweep_intentions", "schedule": 120.0},
    "sweep evolutions": {"task": "workplace.sweep_evolutions", "schedule": 60.0},
    "sweep meetings of plans": {"task": "workplace.sweep_meetings", "schedule": 120.0},
    "sweep forecasts": {"task": "workplace.sweep_forecasts", "schedule": 60.0},
    "sweep departures": {"task": "workplace.sweep_departures", "schedule": 120.0},
    "build calendar entries": {"task": "booking.build_calendar_entries", "schedule": 60.0},
    # What has its hour of the day (UTC); the next run makes up for one that was missed.
    "forecast all": {
        "task": "workplace.forecast_all",
        "schedule": crontab(hour="1", minute="30"),
    },
    "plan ahead": {"task": "workplace.plan_ahead", "schedule": crontab(hour="3", minute="40")},
    "make statements": {
        "task": "contracts.make_statements",
        "schedule": crontab(hour="4", minute="10"),
    },
    "renew contracts": {
        "task": "contracts.renew_and_give_notice",
        "schedule": crontab(hour="2,14", minute="40"),
    },
    "follow clocks": {
        "task": "workplace.follow_clocks",
        "schedule": crontab(hour="0,12", minute="5"),
    },
    # What has been kept for as long as it is promised.
    "purge occupancy": {
        "task": "workplace.purge_occupancy",
        "schedule": crontab(hour="1,13", minute="20"),
    },
    "age occupancy": {
        "task": "workplace.age_occupancy",
        "schedule": crontab(hour="1,13", minute="50"),
    },
    "prune personal reads": {"task": "workplace.prune_personal_reads", "schedule": 86400.0},
    "prune idempotent answers": {"task": "apitokens.prune_idempotent_answers", "schedule": 600.0},
    "prune calls": {"task": "apitokens.prune_calls", "schedule": 600.0},
    "forget refused demand": {"task": "booking.forget_refused_demand", "schedule": 86400.0},
    "prune catalogue changes": {"task": "booking.prune_catalogue_changes", "schedule": 600.0},
    "prune abuse counts": {"task": "apitokens.prune_abuse_counts", "schedule": 3600.0},
    "prune register answers": {
        "task": "organizations.prune_register_answers",
        "schedule": 3600.0,
    },
    "forget old events": {"task": "apitokens.forget_old_events", "schedule": 3600.0},
    "forget links and wishes to join": {
        "task": "organizations.forget_what_is_over",
        "schedule": 86400.0,
    },
    "forget registrations and places": {"task": "booking.forget_what_is_over", "schedule": 86400.0},
    "prune enquiries": {"task": "apitokens.prune_enquiries", "schedule": 86400.0},
}
CELERY_BEAT_SCHEDULER = "config.steady_scheduler.SteadyScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# --- mail -----------------------------------------------------------------------------------
EMAIL_BACKEND = "organizations.mail_backends.FileBackend"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Workways <bookings@workways.example>")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", default="appsupport@workways.com")

# --- company registers: one with a blank value is off -----------------------------------------
COMPANY_REGISTERS_ON = env.str("COMPANY_REGISTERS", default="on") != "off"
COMPANY_REGISTERS = {
    "sirene": {
        "url": env.str("INSEE_URL", default="https://api.insee.fr/api-sirene/3.11"),
        "key": env.str("INSEE_API_KEY", default=""),
    },
    "recherche": {
        "url": env.str(
            "RECHERCHE_ENTREPRISES_URL", default="https://recherche-entreprises.api.gouv.fr"
        ),
    },
    "kbo": {
        "url": env.str(
            "KBO_URL",
            default="https://kbopub.economie.fgov.be/kbopubws180000/services/wsKBOPub",
        ),
        "user": env.str("KBO_USER", default=""),
        "password": env.str("KBO_PASSWORD", default=""),
    },
    "cbeapi": {
        "url": env.str("CBEAPI_URL", default="https://cbeapi.be/api/v1"),
        "key": env.str("CBEAPI_KEY", default=""),
    },
    "vies": {
        "url": env.str("VIES_URL", default="https://ec.europa.eu/taxation_customs/vies/rest-api"),
    },
}
COMPANY_REGISTER_CALLS_AT_ONCE = env.int("COMPANY_REGISTER_CALLS_AT_ONCE", default=4)

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

# --- look -----------------------------------------------------------------------------------
BRAND_NAME = env.str("BRAND_NAME", default="Workways")
BRAND_LOGO_URL = env.str("BRAND_LOGO_URL", default="")
BRAND_ACCENT = env.str("BRAND_ACCENT", default="")

UNFOLD = {
    "SITE_TITLE": BRAND_NAME,
    "SITE_HEADER": BRAND_NAME,
    "SITE_SUBHEADER": _("Back office"),
    "SITE_SYMBOL": "meeting_room",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "backoffice.navigation.favicon"}
    ],
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "backoffice.dashboard.show",
    "STYLES": ["backoffice.navigation.stylesheet"],
    "SIDEBAR": {"show_search": True, "navigation": "backoffice.navigation.sidebar"},
    "COMMAND": {"search_models": "backoffice.navigation.searched_models"},
    "ACCOUNT": {"navigation": "backoffice.navigation.account"},
    "COLORS": {
        "primary": {
            "50": "#eef7f3",
            "100": "#d9ede5",
            "200": "#b4dccb",
            "300": "#86c4ab",
            "400": "#56a88a",
            "500": "#2f8a6d",
            "600": "#0b5f4b",
            "700": "#095241",
            "800": "#084838",
            "900": "#073c2f",
            "950": "#03231b",
        }
    },
}

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
