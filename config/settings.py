"""Django's settings, all from one `Env`; importing this touches nothing but the secret key's file."""

from __future__ import annotations

from typing import Any

import environ
from celery.schedules import crontab

from config import logging as log_config
from config.env import BASE_DIR, load

ENV = load()
LOGGING = log_config.LOGGING

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = list(ENV.allowed_hosts)
DATA_DIR = ENV.data_dir
SITE_URL = ENV.site_url
REDIS_URL = ENV.redis_url or "redis://127.0.0.1:1/0"  # nothing listens there: "no Redis" is then one clear error, not a crash at import

INSTALLED_APPS = [
    "dashboard",
    "servestatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "channels",
]

MIDDLEWARE = [
    "dashboard.accounts.secure_cookies.SecureCookies",
    "django.middleware.security.SecurityMiddleware",
    "dashboard.accounts.readable_address.ReadableAddress",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "builtins": ["django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": environ.Env.db_url_config(ENV.database_url)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets the pages read while a worker writes; IMMEDIATE makes a writer wait its turn instead of failing half-way. The web server
    # waits less (dashboard/store/database_patience.py).
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, as in production: SQLite's shared memory locks whole tables between threads, which no installation ever sees.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # A server that is out of reach is one that does not answer; the driver's own patience is minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "dashboard.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "supervisor"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_NAME = "ql_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "ql_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
# A TLS proxy says so by this header; accounts/secure_cookies.py then marks every cookie Secure.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "username"  # what Django's authenticate() calls it; axes would look for USERNAME_FIELD, "email", and find nobody
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says 15 minutes, and 15 minutes it is
AXES_DISABLE_ACCESS_LOG = True  # one row per login for ever would be a log of people that nobody asked for
CSRF_FAILURE_VIEW = "dashboard.boards.errors.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
        # Plotly adds one empty style element and fills it by script: the hash is that of the empty string.
        "style-src": ["'self'", "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
        "script-src": ["'self'"],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = ENV.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.HashedStaticFiles"},
}

DEFAULT_FROM_EMAIL = ENV.email_from

USE_TZ = True
TIME_ZONE = "UTC"  # the server thinks in UTC; ACCOUNT_TIME_ZONE is for showing and for the vendor's midnight
LANGUAGE_CODE = "en"
USE_I18N = True
ACCOUNT_TIME_ZONE = ENV.time_zone

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = 16
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Says only that we know: no task of ours is acknowledged late, so none is cancelled.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "health_check_interval": 5,
    "global_keyprefix": "ql:celery:",
}
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # the schedule is fixed: nothing to keep in a file
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "dashboard.tasks.tick", "schedule": 1.0, "options": {"expires": 2}},
    # A minute is written 3 s after its end; whatever stops the machine after that costs the minute in hand and no more.
    "write_history": {"task": "dashboard.tasks.write_history", "schedule": crontab(), "options": {"countdown": 4, "expires": 50}},
    "prune_history": {"task": "dashboard.tasks.prune_history", "schedule": crontab(17, "*/6"), "options": {"expires": 3600}},
}
