"""TMS's settings. Values that differ between installations come from the environment (docs/configuration.md)."""

import logging
from datetime import timedelta
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from tms_site import environment as env
from tms_site.databases import database

env.read_env_file()

BASE_DIR = env.BASE_DIR
DEBUG = env.flag("DEBUG", default=False)
# Local mode is a newcomer's laptop: plain HTTP, known demo passwords, mails written to a folder.
LOCAL_MODE = env.flag("TMS_LOCAL", default=False)
HTTPS = env.flag("TMS_HTTPS", default=not LOCAL_MODE)

SECRET_KEY = env.secret_key(debug=DEBUG)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.allowed_hosts(debug=DEBUG)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

env.keep_files_private()
DATA_DIR = env.make_private_directory(env.data_dir())
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = ["tms_site.lib.uploads.BoundedUploadHandler"]

# --- Applications -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "tms_site.apps.TmsSiteConfig",
    "tms_site.apps.TmsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "tms_site.apps.TmsStaticFilesConfig",
    "accounts.apps.AccountsConfig",
    "tickets.apps.TicketsConfig",
    "activity.apps.ActivityConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "django_include_bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "heroicons",
    "csp",
    # Only for its files: Swagger UI and ReDoc, as our own server gives them out.
    "ninja",
    "corsheaders",
]

MIDDLEWARE = [
    "tms_site.middleware.request_id_middleware",
    "tms_site.observing.measuring.measuring_middleware",
    "tms_site.middleware.trusted_proxy_middleware",
    "django.middleware.security.SecurityMiddleware",
    # These two stand before WhiteNoise, so that files have the headers too: an SVG can be opened like a page.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "tms_site.middleware.private_pages_middleware",
    "tms_site.middleware.api_middleware",
    "tms_site.middleware.plain_text_middleware",
    "tms_site.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.session_key_middleware",
    "accounts.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tms_site.middleware.wrong_method_middleware",
    "accounts.pending_login.pending_login_middleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.time_zone_middleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.FormStatusMiddleware",
]

ROOT_URLCONF = "tms_site.urls"
WSGI_APPLICATION = "tms_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tms_site.context_processors.page",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "tms_site.lib.renderer.Renderer"

# --- Database, cache, sessions ------------------------------------------------------------------------------------

DATABASES = {"default": database(DATA_DIR)}
REDIS_URL = env.redis_url()
# Rate limits must be counted once for all workers. What buttons remember (tms_site.lib.once) is kept apart from them:
# whoever presses ten thousand times must not be rid of their limits.
CACHES = {
    "default": env.shared_cache("tms_cache", REDIS_URL),
    "submissions": env.shared_cache("tms_submissions", REDIS_URL),
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db" if REDIS_URL else "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Static files -------------------------------------------------------------------------------------------------

# A host that keeps copies of them, such as CloudFront: their names change with their contents, so for ever.
STATIC_HOST = env.origin("STATIC_HOST")
STATIC_URL = f"{STATIC_HOST}/static/" if STATIC_HOST else "static/"
WHITENOISE_STATIC_PREFIX = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "tms_site.bundles.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = env.static_root(DATA_DIR)
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": env.attachment_storage(DATA_DIR),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# The names with a digest are the only ones that pages use; source maps are for debuggers, who can wait.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

# --- People and passwords -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # asks for a unique email: `email_key`, the address in its one normal spelling, is
    # allauth's constraints with conditions don't exist on MySQL and MariaDB; TMS relies on none, and its own tables
    # have none (test_architecture.py).
    "models.W036",
    "mysql.W003",  # a unique `email_key` of that length fits an index of InnoDB, whose limit is 3,072 bytes
]
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "username")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SIGNUP_OPEN = env.flag("SIGNUP_OPEN", default=True)
REQUIRE_MFA_ROLES = env.roles("REQUIRE_MFA_ROLES")

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reauthenticate": "accounts.forms.PasswordAgainForm",
}
# Local mode has no mail server, so nobody could follow a link that confirms an address.
ACCOUNT_EMAIL_VERIFICATION = "none" if LOCAL_MODE else "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
# A known and an unknown address get one mail each when a password is forgotten: nothing tells them apart
# (docs/security.md, row 15).
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# allauth's own limits, but for log-ins that succeed: a whole office may begin its day behind one address. Wrong
# passwords and codes: 5 in 5 minutes for a person, and 10 a minute from a machine (accounts/limits.py).
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "5/5m/key",
    "login_failed_from_machine": "10/m/ip",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[TMS] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "TMS"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
# An unverified address can only be logged in with where addresses aren't verified at all.
MFA_ALLOW_UNVERIFIED_EMAIL = LOCAL_MODE

# --- API ----------------------------------------------------------------------------------------------------------

# Access tokens are signed with a key that SECRET_KEY gives, or with one whose public half others may have.
JWT_ALGORITHM = env.choice("JWT_ALGORITHM", ("HS256", "RS256"), default="HS256")
JWT_PRIVATE_KEY = env.private_key(JWT_ALGORITHM)
# Pages of other sites that may call the API in a browser. Tokens only: no cookie ever opens the API.
CORS_ALLOWED_ORIGINS = env.exact_origins("CORS_ORIGINS")
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS")
CORS_ALLOW_HEADERS = ("accept", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match")
CORS_EXPOSE_HEADERS = ("ETag", "Link", "Location", "Retry-After", "WWW-Authenticate", "X-Request-ID")

# --- Mail ---------------------------------------------------------------------------------------------------------

vars().update(environ.Env.email_url_config(env.email_url(local=LOCAL_MODE, data_dir=DATA_DIR)))
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", default="TMS <tms@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
BASE_URL = env.base_url(local=LOCAL_MODE, hosts=ALLOWED_HOSTS, https=HTTPS)

# --- Tickets ------------------------------------------------------------------------------------------------------

REOPEN_DAYS = env.number("REOPEN_DAYS", default=14, least=0, most=3650)
RATING_DAYS = env.number("RATING_DAYS", default=14, least=0, most=3650)
TRASH_DAYS = env.number("TRASH_DAYS", default=30, least=0, most=3650)
TICKETS_PAGE_SIZE = 50
# Seconds for a page of a list, and for each count.
LIST_TIME_LIMIT = env.number("LIST_TIME_LIMIT", default=2, least=1, most=60)

# Bytes.
ATTACHMENT_MAX_FILE = env.number("ATTACHMENT_MAX_FILE", default=10 * 2**20, least=1)
ATTACHMENT_MAX_COMMENT = env.number("ATTACHMENT_MAX_COMMENT", default=25 * 2**20, least=1)
ATTACHMENT_EXTENSIONS = env.extensions("ATTACHMENT_EXTENSIONS")

# --- Webhooks -----------------------------------------------------------------------------------------------------

# Networks of one's own that webhooks may reach; the public internet they always may.
WEBHOOK_ALLOWED_NETWORKS = env.networks("WEBHOOK_ALLOWED_NETWORKS")
WEBHOOK_ALLOW_HTTP = env.flag("WEBHOOK_ALLOW_HTTP", default=LOCAL_MODE)

# --- Language and time --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["tms_site.lib.formats"]
LANGUAGES = [("en", _("English"))]
TIME_ZONE = env.time_zone()
USE_I18N = True
USE_TZ = True

# --- Security -----------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS and env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "tms_site.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = env.number("DATA_UPLOAD_MAX_MEMORY_SIZE", default=2_500_000, least=500_000)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

_FILES = [SELF, STATIC_HOST] if STATIC_HOST else [SELF]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": _FILES,
        "style-src": _FILES,
        "img-src": [*_FILES, "data:"],
        "font-src": _FILES,
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Server -------------------------------------------------------------------------------------------------------

# gunicorn.conf.py reads these, but would show a traceback for an impossible one; here it's one line.
env.number("WEB_CONCURRENCY", default=2, least=1, most=1000)
env.number("WEB_THREADS", default=4, least=1, most=1000)
env.choice("GUNICORN_LOG_LEVEL", env.SERVER_LOG_LEVELS, default="info")

# --- Logging ------------------------------------------------------------------------------------------------------

LOG_FORMAT = env.choice("LOG_FORMAT", ("line", "json"), default="line")
METRICS_TOKEN = env.text("METRICS_TOKEN")
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "tms_site.lib.request_id.RequestIdFilter"}},
    "formatters": {
        "line": {
            "()": "tms_site.lib.request_id.OneLineFormatter",
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        },
        "json": {"()": "tms_site.observing.json_format.formatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", env.LOG_LEVELS, default="INFO")},
    # Django's own logger would print each message twice, and mail administrators that TMS doesn't have.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
if LOG_FORMAT == "json":
    # Requests are logged with what they took, around everything but the request's id.
    MIDDLEWARE.insert(1, "tms_site.observing.json_logs.RequestLogMiddleware")
    LOGGING["filters"]["health"] = {"()": "tms_site.observing.json_format.HealthFilter"}
    LOGGING["handlers"]["console"]["filters"] = ["request_id", "health"]
