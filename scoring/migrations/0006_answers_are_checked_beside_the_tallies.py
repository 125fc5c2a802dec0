from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0005_a_run_keeps_its_analyses"),
    ]

    operations = [
        migrations.AddField(
            model_name="scoringrun",
            name="checked_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Kapan jawaban tersegel cocok dengan sidiknya",
                null=True,
            ),
        ),
    ]
