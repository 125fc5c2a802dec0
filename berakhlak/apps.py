"""The project as a Django app: its commands, and Celery in every process."""

from django.apps import AppConfig


class BerakhlakConfig(AppConfig):
    name = "berakhlak"

    def ready(self) -> None:
        """Tie ``shared_task`` to our broker, wherever a task is queued from."""
        from allauth.account.signals import password_changed, password_reset
        from allauth.mfa.signals import authenticator_added

        from berakhlak import celery  # noqa: F401  # importing it is what ties
        from berakhlak.account import end_other_sessions
        from surveys.staff.second_factor import remember_set_up

        authenticator_added.connect(remember_set_up)
        password_changed.connect(end_other_sessions)
        password_reset.connect(end_other_sessions)
