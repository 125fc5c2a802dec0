"""Settings of the least Django that can take an answer: no middleware, one table."""

import os

from berakhlak import embedded

SECRET_KEY = "only measured, never served"  # noqa: S105  # signs nothing
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "bench.floor.urls"
MIDDLEWARE: list[str] = []
INSTALLED_APPS = ["bench.floor"]
USE_TZ = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [os.path.join(os.path.dirname(__file__), "templates")],
    }
]
_where = embedded.database_url("owner").partition("?host=")[2]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "berakhlak",
        "USER": "berakhlak_owner",
        "HOST": _where.replace("%2F", "/"),
        "CONN_MAX_AGE": None,
    }
}
