"""The web server's way in."""

import os

from django.core.wsgi import get_wsgi_application

from berakhlak import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "berakhlak.settings")
if embedded.is_wanted():
    embedded.hold()

application = get_wsgi_application()
