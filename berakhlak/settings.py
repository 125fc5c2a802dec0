"""Every setting, from the environment; a missing one stops the start with a sentence.

Without DATABASE_URL the product runs on this machine alone, with the engines of
``embedded.py``. With it, nothing is assumed: each name in REQUIRED must be given.
"""

import os
from pathlib import Path

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from berakhlak import embedded
from berakhlak.desk import UNFOLD

__all__ = ("UNFOLD",)

# Read when numpy loads: more threads would add up in an order that changes the sums.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

BASE_DIR = Path(__file__).resolve().parent.parent
REQUIRED = ("SECRET_KEY", "REDIS_URL", "ALLOWED_HOSTS", "SECRETS_DIR", "FILES_DIR")

env = environ.Env()
EMBEDDED = embedded.is_wanted()
DATA_DIR = embedded.data_dir()
_missing = [] if EMBEDDED else [name for name in REQUIRED if not env.str(name, "")]
if _missing:
    raise ImproperlyConfigured(
        f"DATABASE_URL diisi, jadi {', '.join(_missing)} juga harus diisi (lihat"
        " .env.example). Tanpa DATABASE_URL semuanya berjalan di mesin ini saja."
    )

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or embedded.secret_key()
SECRETS_DIR = Path(env.str("SECRETS_DIR", "") or DATA_DIR / "secrets")
SECRETS_COPY_DIR = env.str("SECRETS_COPY_DIR", "")
# Uploads and what jobs hand out: personal data, shared by web and worker.
FILES_DIR = Path(env.str("FILES_DIR", "") or DATA_DIR / "files")
if EMBEDDED:
    SECRETS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    FILES_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
# Names, addresses and numbers of a wave's people are erased so long after its sealing.
ERASE_CONTACTS_AFTER_DAYS = env.int("ERASE_CONTACTS_AFTER_DAYS", 30)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

# -- Apps and pages --------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
    "pghistory",
    "surveys",
    "scoring",
    "awards",
    "berakhlak",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "berakhlak.middleware.ContentPolicyMiddleware",
    "berakhlak.middleware.NoNulCharacters",
    "berakhlak.staff.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "berakhlak.staff.SignedIn",
    "berakhlak.staff.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "berakhlak.staff.SecondFactor",
    "berakhlak.staff.LastSeen",
    "berakhlak.history.RecordedRequests",
    "surveys.answering.language.RespondentLanguage",
]
# A catalogue of 500 options with seven fields each is one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
ROOT_URLCONF = "berakhlak.urls"
WSGI_APPLICATION = "berakhlak.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "berakhlak.context_processors.shell",
                "surveys.answering.kiosk.kiosk_page",
            ],
        },
    },
]

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("Inggris"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

# An upload is written where it will stay, not to /tmp, and no further than the limit.
FILE_UPLOAD_TEMP_DIR = FILES_DIR
FILE_UPLOAD_HANDLERS = [
    "surveys.files.uploads.UploadLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", "") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "berakhlak.static_storage.StaticStorage"},
}

# -- PostgreSQL, Redis, Celery ---------------------------------------------------------

# The web and the workers are the app; manage.py and the sealer are the owner.
DATABASE_ROLE = env.str("DATABASE_ROLE", "app")
DATABASES = {
    "default": {
        **env.db_url_config(
            env.str("DATABASE_URL", "") or embedded.database_url(DATABASE_ROLE)
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "") or embedded.redis_url()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "berakhlak",
        "OPTIONS": {"serializer": "berakhlak.jsoncache.JsonSerializer"},
    }
}

# Celery spells the address of a unix socket in its own way.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host="
)
# A task that takes longer is given to a second worker: all are safe to run twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 30 * 60}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ROUTES = {
    "surveys.tasks.seal_wave*": {"queue": "sealing"},
    "surveys.tasks.erase_due_contacts": {"queue": "sealing"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", min(4, os.cpu_count() or 1))
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE

# -- History ---------------------------------------------------------------------------

# surveys/models/history.py says what is recorded. A reference needs no index there:
# nobody looks for the children of a parent of long ago.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# -- People who sign in ----------------------------------------------------------------

AUTH_USER_MODEL = "surveys.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/hasil/"
ACCOUNT_ADAPTER = "surveys.staff.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# A second factor: surveys/staff/second_factor.py says who must have one.
MFA_ADAPTER = "surveys.staff.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Indeks BerAKHLAK"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the address comes from an administrator
# Compose puts one proxy in front; it alone writes X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if EMBEDDED else 1

# Respondents only: a claim is looked up in the register, no account is ever made of it.
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", "")
OIDC_CLAIM = env.str("OIDC_CLAIM", "nip")
SOCIALACCOUNT_ADAPTER = "surveys.answering.single_sign_on.RespondentAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": "OpenID Connect",
                "client_id": env.str("OIDC_CLIENT_ID", ""),
                "secret": env.str("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ],
    }
}

vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "berakhlak@localhost")
HAS_EMAIL = not env.str("EMAIL_URL", "dummymail://").startswith("dummymail:")

# -- Invitations and reminders ---------------------------------------------------------

# Links in messages begin with this: whoever reads them is not on our page.
SITE_URL = env.str("SITE_URL", "").rstrip("/") or (
    f"http://localhost:{env.str('PORT', '') or embedded.port_of_demo()}"
    if EMBEDDED
    else f"https://{ALLOWED_HOSTS[0]}"
)
EMAIL_PER_MINUTE = env.int("EMAIL_PER_MINUTE", 300)
GATEWAY_PER_MINUTE = env.int("GATEWAY_PER_MINUTE", 60)
SENDING_HOURS = env.str("SENDING_HOURS", "") or "07.00-20.00"
# WhatsApp or SMS: a JSON object, or the name of a file with one (docs/operations.md).
MESSAGE_GATEWAY = env.str("MESSAGE_GATEWAY", "")

# -- API -------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "oauth2_provider.contrib.rest_framework.OAuth2Authentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "API Indeks BerAKHLAK",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
OAUTH2_PROVIDER = {
    "SCOPES": {"read": _("Membaca hasil yang sudah dibuka")},
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

# -- Safety ----------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Not "no-referrer": browsers would send "Origin: null" and no form would be accepted.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not EMBEDDED
if not EMBEDDED:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"traces": {"()": "berakhlak.traces.RespondentTraces"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["traces"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would print the same line again, without the filter.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
