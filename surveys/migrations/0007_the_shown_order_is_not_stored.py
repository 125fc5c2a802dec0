"""The shown order could be told from a page that somebody kept: it is stored nowhere."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("surveys", "0006_printing_links_is_recorded"),)

    operations = (
        migrations.RenameField("ballot", "layout", "longest_run"),
        migrations.RenameField("answer", "layout", "longest_run"),
    )
