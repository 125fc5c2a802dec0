"""The made-up people of ``make demo``, who need no telephone to be tried."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from surveys.models import User

DOMAIN = "@demo.invalid"
"""No mail ever arrives there: RFC 2606 keeps ``.invalid`` free."""


def access_file() -> Path:
    """Passwords of this installation's demo: made here, readable by its owner only."""
    return Path(settings.SECRETS_DIR).parent / "demo-access.json"


def is_demo_account(user: User) -> bool:
    """Whether this is one of the demo's people, on a machine that runs the demo."""
    is_demo: bool = settings.EMBEDDED and user.email.endswith(DOMAIN)
    return is_demo and access_file().exists()
