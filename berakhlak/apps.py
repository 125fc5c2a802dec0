"""The project as a Django app: its commands, and Celery in every process."""

from django.apps import AppConfig


class BerakhlakConfig(AppConfig):
    name = "berakhlak"

    def ready(self) -> None:
        """Tie ``shared_task`` to our broker, wherever a task is queued from."""
        from berakhlak import celery  # noqa: F401  # importing it is what ties
