import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mfa", "0003_authenticator_type_uniq"),
        ("surveys", "0009_contacts_are_found_by_email"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="nama batch")),
                (
                    "opens_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="mulai"),
                ),
                ("closes_at", models.DateTimeField(verbose_name="berakhir")),
            ],
            options={
                "verbose_name": "batch",
                "verbose_name_plural": "batch",
                "ordering": ("closes_at", "name"),
            },
        ),
        migrations.CreateModel(
            name="BatchEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=100, verbose_name="nama batch")),
                (
                    "opens_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="mulai"),
                ),
                ("closes_at", models.DateTimeField(verbose_name="berakhir")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BatchUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit dalam batch",
                "verbose_name_plural": "unit dalam batch",
            },
        ),
        migrations.CreateModel(
            name="BatchUnitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Bridge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merge", "Penggabungan"),
                            ("split", "Pemekaran"),
                            ("succession", "Dilanjutkan unit lain"),
                        ],
                        max_length=10,
                        verbose_name="peristiwa",
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="berlaku mulai")),
                (
                    "reason",
                    models.CharField(max_length=250, verbose_name="dasar atau alasan"),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "jembatan antarunit",
                "verbose_name_plural": "jembatan antarunit",
                "ordering": ("-happened_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="BridgeEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="bagian pegawai",
                    ),
                ),
            ],
            options={
                "verbose_name": "ujung jembatan",
                "verbose_name_plural": "ujung jembatan",
                "ordering": ("unit__code",),
            },
        ),
        migrations.CreateModel(
            name="BridgeEndEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=5,
                        null=True,
                        verbose_name="bagian pegawai",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BridgeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merge", "Penggabungan"),
                            ("split", "Pemekaran"),
                            ("succession", "Dilanjutkan unit lain"),
                        ],
                        max_length=10,
                        verbose_name="peristiwa",
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="berlaku mulai")),
                (
                    "reason",
                    models.CharField(max_length=250, verbose_name="dasar atau alasan"),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Menunggu"),
                            ("taken", "Diambil"),
                            ("sending", "Sedang dikirim"),
                            ("sent", "Terkirim"),
                            ("failed", "Gagal"),
                            ("skipped", "Dilewati"),
                            ("unsure", "Tidak pasti"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=40)),
                ("due_at", models.DateTimeField(null=True)),
                ("reminded_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "pengiriman",
                "verbose_name_plural": "pengiriman",
            },
        ),
        migrations.CreateModel(
            name="DimensionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("position", models.PositiveIntegerField(verbose_name="urutan")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$",
                                "Kode hanya boleh memuat huruf, angka, . _ -",
                            )
                        ],
                        verbose_name="kode",
                    ),
                ),
                ("name", models.JSONField(verbose_name="nama")),
                (
                    "definition",
                    models.JSONField(blank=True, default=dict, verbose_name="definisi"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "closed_at_before",
                    models.DateTimeField(verbose_name="semula berakhir"),
                ),
                ("closes_at", models.DateTimeField(verbose_name="menjadi")),
                (
                    "sealed_at_before",
                    models.DateTimeField(verbose_name="batas kirim semula"),
                ),
                ("seals_at", models.DateTimeField(verbose_name="batas kirim menjadi")),
                ("reason", models.TextField(verbose_name="alasan")),
                (
                    "extended_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="waktu"),
                ),
            ],
            options={
                "verbose_name": "perpanjangan",
                "verbose_name_plural": "perpanjangan",
                "ordering": ("-extended_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="FormerUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("name", models.CharField(max_length=250, verbose_name="nama")),
                (
                    "acronym",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="singkatan"
                    ),
                ),
                ("level", models.CharField(max_length=30, verbose_name="tingkat")),
                (
                    "kind",
                    models.CharField(blank=True, max_length=30, verbose_name="jenis"),
                ),
                ("valid_from", models.DateField(verbose_name="berlaku sejak")),
                ("valid_to", models.DateField(verbose_name="berlaku sampai")),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=250, verbose_name="alasan berubah"
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "keadaan unit yang lalu",
                "verbose_name_plural": "keadaan unit yang lalu",
                "ordering": ("unit", "valid_from"),
            },
        ),
        migrations.CreateModel(
            name="FrameChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("n_added", models.PositiveIntegerField(verbose_name="bertambah")),
                ("n_left", models.PositiveIntegerField(verbose_name="keluar")),
                ("n_returned", models.PositiveIntegerField(verbose_name="kembali")),
                (
                    "happened_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="tanggal"
                    ),
                ),
            ],
            options={
                "verbose_name": "perubahan kerangka",
                "verbose_name_plural": "perubahan kerangka",
                "ordering": ("-happened_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="HourCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("n_new", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "hitungan jam",
                "verbose_name_plural": "hitungan jam",
            },
        ),
        migrations.CreateModel(
            name="InstrumentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$",
                                "Kode hanya boleh memuat huruf, angka, . _ -",
                            )
                        ],
                        verbose_name="kode",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, verbose_name="versi"),
                ),
                ("title", models.JSONField(verbose_name="judul")),
                (
                    "note",
                    models.JSONField(blank=True, default=dict, verbose_name="catatan"),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        size=None,
                        verbose_name="bahasa",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Rancangan"), ("published", "Terbit")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                ("scales", models.JSONField(blank=True, default=dict, editable=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "key",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="jenis")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Menunggu"),
                            ("running", "Berjalan"),
                            ("done", "Selesai"),
                            ("failed", "Tidak selesai"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="keadaan",
                    ),
                ),
                ("n_done", models.PositiveBigIntegerField(default=0)),
                ("n_total", models.PositiveBigIntegerField(null=True)),
                ("n_tries", models.PositiveSmallIntegerField(default=0)),
                ("words", models.TextField(blank=True, verbose_name="keterangan")),
                ("options", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                (
                    "input_name",
                    models.CharField(blank=True, max_length=200, verbose_name="berkas"),
                ),
                ("has_input", models.BooleanField(default=False)),
                ("output_name", models.CharField(blank=True, max_length=200)),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="dibuat"),
                ),
                ("started_at", models.DateTimeField(null=True, verbose_name="mulai")),
                (
                    "finished_at",
                    models.DateTimeField(null=True, verbose_name="selesai"),
                ),
                ("heartbeat_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "pekerjaan",
                "verbose_name_plural": "pekerjaan",
                "ordering": ("-created_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="LevelCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("depth", models.PositiveSmallIntegerField()),
                ("level", models.CharField(max_length=30)),
                (
                    "outlook",
                    models.CharField(
                        choices=[
                            ("waiting", "Belum dibuka"),
                            ("early", "Terlalu dini"),
                            ("reached", "Tercapai"),
                            ("on_plan", "Sesuai rencana"),
                            ("maybe_short", "Mungkin kurang"),
                            ("short", "Diperkirakan kurang"),
                            ("quiet", "Perlu dihubungi"),
                            ("missed", "Tidak tercapai"),
                        ],
                        max_length=12,
                    ),
                ),
                ("n_units", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "hitungan tingkat",
                "verbose_name_plural": "hitungan tingkat",
                "ordering": ("depth", "level"),
            },
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("invitation", "Undangan"), ("reminder", "Pengingat")],
                        max_length=12,
                        verbose_name="jenis",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "Surel"), ("gateway", "WhatsApp atau SMS")],
                        max_length=10,
                        verbose_name="saluran",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("all", "Semua unit"),
                            ("short", "Hanya unit yang masih kurang"),
                            ("chosen", "Unit pilihan"),
                        ],
                        default="all",
                        max_length=10,
                        verbose_name="penerima",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="perihal"
                    ),
                ),
                ("body", models.TextField(verbose_name="isi")),
                (
                    "scheduled_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="dikirim mulai"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="ditulis"),
                ),
                ("queued_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Rancangan"),
                            ("queued", "Terjadwal"),
                            ("sending", "Sedang dikirim"),
                            ("paused", "Dijeda"),
                            ("done", "Selesai"),
                            ("stopped", "Dihentikan"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="keadaan",
                    ),
                ),
                ("n_shown", models.PositiveIntegerField(blank=True, null=True)),
                ("n_total", models.PositiveIntegerField(default=0)),
                ("n_sent", models.PositiveIntegerField(default=0)),
                ("n_failed", models.PositiveIntegerField(default=0)),
                ("n_skipped", models.PositiveIntegerField(default=0)),
                ("n_unsure", models.PositiveIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=40)),
                ("trouble_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "undangan atau pengingat",
                "verbose_name_plural": "undangan dan pengingat",
                "ordering": ("-created_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="MailingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("invitation", "Undangan"), ("reminder", "Pengingat")],
                        max_length=12,
                        verbose_name="jenis",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "Surel"), ("gateway", "WhatsApp atau SMS")],
                        max_length=10,
                        verbose_name="saluran",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("all", "Semua unit"),
                            ("short", "Hanya unit yang masih kurang"),
                            ("chosen", "Unit pilihan"),
                        ],
                        default="all",
                        max_length=10,
                        verbose_name="penerima",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="perihal"
                    ),
                ),
                ("body", models.TextField(verbose_name="isi")),
                (
                    "scheduled_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="dikirim mulai"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Rancangan"),
                            ("queued", "Terjadwal"),
                            ("sending", "Sedang dikirim"),
                            ("paused", "Dijeda"),
                            ("done", "Selesai"),
                            ("stopped", "Dihentikan"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="keadaan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OptionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("position", models.PositiveSmallIntegerField(verbose_name="urutan")),
                ("code", models.CharField(max_length=40, verbose_name="kode")),
                ("label", models.JSONField(verbose_name="label")),
                (
                    "value",
                    models.SmallIntegerField(
                        blank=True, null=True, verbose_name="angka"
                    ),
                ),
                (
                    "is_missing",
                    models.BooleanField(default=False, verbose_name="tidak dihitung"),
                ),
                ("polarity", models.SmallIntegerField(default=0, verbose_name="arah")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="surveys.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "berhenti diingatkan",
                "verbose_name_plural": "berhenti diingatkan",
            },
        ),
        migrations.CreateModel(
            name="PersonalDataAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("export", "Salinan diberikan"),
                            ("erase", "Kontak dihapus atas permintaan"),
                            ("new_code", "Kode diganti"),
                            ("sent", "Tautan dikirim ulang"),
                            ("printed", "Tautan dicetak"),
                            ("clock", "Semua kontak dihapus menurut jadwal"),
                        ],
                        max_length=10,
                        verbose_name="tindakan",
                    ),
                ),
                ("participant", models.UUIDField(null=True)),
                (
                    "n_people",
                    models.PositiveIntegerField(default=1, verbose_name="banyak orang"),
                ),
                ("operator", models.CharField(max_length=150, verbose_name="oleh")),
                ("reason", models.TextField(verbose_name="alasan")),
                (
                    "happened_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="tanggal"
                    ),
                ),
            ],
            options={
                "verbose_name": "tindakan atas data pribadi",
                "verbose_name_plural": "tindakan atas data pribadi",
                "ordering": ("-happened_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="QuestionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("position", models.PositiveIntegerField(verbose_name="urutan")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$",
                                "Kode hanya boleh memuat huruf, angka, . _ -",
                            )
                        ],
                        verbose_name="kode",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rating", "Penilaian"),
                            ("choice", "Pilihan tunggal"),
                            ("pick", "Pilih k dari katalog"),
                            ("number", "Angka"),
                            ("comment", "Komentar"),
                        ],
                        max_length=10,
                        verbose_name="jenis",
                    ),
                ),
                (
                    "scale",
                    models.CharField(blank=True, max_length=40, verbose_name="skala"),
                ),
                ("label", models.JSONField(verbose_name="bunyi")),
                (
                    "is_reversed",
                    models.BooleanField(default=False, verbose_name="dibalik"),
                ),
                (
                    "is_required",
                    models.BooleanField(default=False, verbose_name="wajib"),
                ),
                (
                    "picks",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="banyak pilihan"
                    ),
                ),
                (
                    "minimum",
                    models.IntegerField(default=0, verbose_name="paling kecil"),
                ),
                (
                    "maximum",
                    models.IntegerField(default=0, verbose_name="paling besar"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("administrator", "Pengelola"),
                            ("operator", "Operator perhitungan"),
                            ("coordinator", "Koordinator unit"),
                            ("leader", "Pimpinan unit"),
                            ("analyst", "Analis"),
                            ("committee", "Anggota komite"),
                            ("api_client", "Sistem lain (API)"),
                        ],
                        max_length=20,
                        verbose_name="peran",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SecondFactorEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("recovery_codes", "Recovery codes"),
                            ("totp", "TOTP Authenticator"),
                            ("webauthn", "WebAuthn"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SectionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("position", models.PositiveIntegerField(verbose_name="urutan")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$",
                                "Kode hanya boleh memuat huruf, angka, . _ -",
                            )
                        ],
                        verbose_name="kode",
                    ),
                ),
                ("title", models.JSONField(verbose_name="judul")),
                (
                    "intro",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="pengantar"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StaffInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "edition",
                    models.PositiveIntegerField(default=1, verbose_name="undangan ke"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="berlaku sampai")),
                (
                    "sent_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="surel dikirim"
                    ),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="diterima"
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ditarik"),
                ),
            ],
            options={
                "verbose_name": "undangan staf",
                "verbose_name_plural": "undangan staf",
            },
        ),
        migrations.CreateModel(
            name="StaffInvitationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "edition",
                    models.PositiveIntegerField(default=1, verbose_name="undangan ke"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="berlaku sampai")),
                (
                    "sent_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="surel dikirim"
                    ),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="diterima"
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ditarik"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StratifierEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="Bila sel terlalu kecil, strata berurutan terakhir dilepas dulu."
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$",
                                "Kode hanya boleh memuat huruf, angka, . _ -",
                            )
                        ],
                        verbose_name="kolom",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="nama")),
                ("categories", models.JSONField(verbose_name="kategori")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UnitCount",
            fields=[
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="count",
                        serialize=False,
                        to="surveys.waveunit",
                    ),
                ),
                ("height", models.PositiveSmallIntegerField()),
                ("n_registered", models.PositiveIntegerField()),
                ("n_needed", models.PositiveIntegerField()),
                ("n_answered", models.PositiveIntegerField(default=0)),
                ("n_told", models.PositiveIntegerField(default=0)),
                ("n_before", models.PositiveIntegerField(default=0)),
                ("n_added", models.PositiveIntegerField(default=0)),
                ("n_left", models.PositiveIntegerField(default=0)),
                ("n_left_before", models.PositiveIntegerField(default=0)),
                ("low", models.PositiveIntegerField(null=True)),
                ("high", models.PositiveIntegerField(null=True)),
                (
                    "outlook",
                    models.CharField(
                        choices=[
                            ("waiting", "Belum dibuka"),
                            ("early", "Terlalu dini"),
                            ("reached", "Tercapai"),
                            ("on_plan", "Sesuai rencana"),
                            ("maybe_short", "Mungkin kurang"),
                            ("short", "Diperkirakan kurang"),
                            ("quiet", "Perlu dihubungi"),
                            ("missed", "Tidak tercapai"),
                        ],
                        default="early",
                        max_length=12,
                    ),
                ),
                ("counted_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "hitungan unit",
                "verbose_name_plural": "hitungan unit",
            },
        ),
        migrations.CreateModel(
            name="UnitImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "starts_on",
                    models.DateField(null=True, verbose_name="berlaku mulai"),
                ),
                (
                    "reason",
                    models.CharField(max_length=250, verbose_name="dasar atau alasan"),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="berkas")),
                ("tree_digest", models.CharField(max_length=64)),
                ("counts", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                ("n_problems", models.PositiveIntegerField(default=0)),
                ("tried_at", models.DateTimeField(auto_now_add=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("closed_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "impor unit",
                "verbose_name_plural": "impor unit",
                "ordering": ("-tried_at",),
            },
        ),
        migrations.CreateModel(
            name="UnitImportLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("added", "Ditambahkan"),
                                ("renamed", "Ganti nama"),
                                ("moved", "Pindah"),
                                ("closed", "Ditutup"),
                                ("changed", "Data lain"),
                                ("missing", "Tidak ada dalam berkas"),
                                (
                                    "kept",
                                    "Tidak ada dalam berkas, tetapi masih menjadi induk",
                                ),
                            ],
                            max_length=10,
                        ),
                        size=None,
                    ),
                ),
                ("code", models.CharField(max_length=32)),
                ("line", models.PositiveIntegerField(default=0)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
            ],
            options={
                "verbose_name": "baris impor unit",
                "verbose_name_plural": "baris impor unit",
                "ordering": ("trial", "code"),
            },
        ),
        migrations.CreateModel(
            name="UnitKerjaEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "code",
                    models.CharField(
                        max_length=32,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$",
                                "Kode hanya boleh memuat huruf, angka, . _ -",
                            )
                        ],
                        verbose_name="kode",
                    ),
                ),
                ("name", models.CharField(max_length=250, verbose_name="nama")),
                (
                    "acronym",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="singkatan"
                    ),
                ),
                ("level", models.CharField(max_length=30, verbose_name="tingkat")),
                (
                    "kind",
                    models.CharField(blank=True, max_length=30, verbose_name="jenis"),
                ),
                ("path", models.CharField(editable=False, max_length=500)),
                ("valid_from", models.DateField(verbose_name="berlaku sejak")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True, null=True, verbose_name="berlaku sampai"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UserEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="surel")),
                (
                    "name",
                    models.CharField(blank=True, max_length=150, verbose_name="nama"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WaveEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*$",
                                "Kode hanya boleh memuat huruf, angka, . _ -",
                            )
                        ],
                        verbose_name="kode",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="nama")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("online", "Dijawab di sini"),
                            ("imported", "Diimpor"),
                        ],
                        max_length=10,
                        verbose_name="sumber jawaban",
                    ),
                ),
                (
                    "is_simulated",
                    models.BooleanField(default=False, verbose_name="data simulasi"),
                ),
                (
                    "organiser",
                    models.CharField(
                        blank=True, max_length=250, verbose_name="penyelenggara"
                    ),
                ),
                (
                    "contact",
                    models.CharField(
                        blank=True, max_length=250, verbose_name="narahubung"
                    ),
                ),
                ("purpose", models.TextField(blank=True, verbose_name="tujuan")),
                ("reference_date", models.DateField(verbose_name="tanggal acuan unit")),
                (
                    "opens_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="pengisian mulai"
                    ),
                ),
                ("closes_at", models.DateTimeField(verbose_name="pengisian berakhir")),
                ("seals_at", models.DateTimeField(verbose_name="batas kirim")),
                (
                    "min_cell",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="kelompok terkecil"
                    ),
                ),
                (
                    "competing_level",
                    models.CharField(
                        default="ESELON_I",
                        max_length=30,
                        verbose_name="tingkat yang diperingkat",
                    ),
                ),
                (
                    "minimum_rule",
                    models.CharField(
                        choices=[
                            ("share", "Bagian tetap"),
                            ("number", "Banyak tetap"),
                            ("slovin", "Slovin"),
                            ("krejcie_morgan", "Krejcie dan Morgan"),
                            ("mean", "Cochran untuk rata-rata"),
                        ],
                        default="share",
                        max_length=15,
                        verbose_name="minimum responden",
                    ),
                ),
                (
                    "minimum_figure",
                    models.FloatField(
                        default=50.0,
                        help_text="Persen, banyak orang, galat dalam persen atau poin: menurut cara",
                    ),
                ),
                (
                    "minimum_spread",
                    models.FloatField(
                        default=20.0,
                        help_text="Simpangan baku indeks orang, untuk rata-rata",
                    ),
                ),
                (
                    "opening_problem",
                    models.TextField(
                        blank=True,
                        help_text="Mengapa gelombang tidak dapat dibuka sendiri",
                    ),
                ),
                ("opening_failed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Rancangan"),
                            ("open", "Terbuka"),
                            ("closed", "Ditutup"),
                            ("sealing", "Sedang disegel"),
                            ("sealed", "Disegel"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="keadaan",
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closing_reason",
                    models.TextField(
                        blank=True, help_text="Mengapa ditutup sebelum waktunya"
                    ),
                ),
                ("promise", models.JSONField(blank=True, default=dict)),
                ("promise_digest", models.CharField(blank=True, max_length=64)),
                ("sheet_width", models.PositiveSmallIntegerField(default=0)),
                (
                    "sealing_step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Belum dimulai"),
                            ("merged", "Sel digabung"),
                            ("moved", "Jawaban diacak dan dipindah"),
                            ("scrubbed", "Sisa di disk dibersihkan"),
                            ("forgotten", "Kunci dimusnahkan"),
                            ("published", "Bukti diterbitkan"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                ("n_answers", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "secret_lost",
                    models.CharField(
                        blank=True,
                        help_text="Mengapa disegel tanpa rahasianya, jadi tanpa jawabannya.",
                        max_length=250,
                    ),
                ),
                ("n_secret_copies", models.PositiveSmallIntegerField(default=1)),
                (
                    "copy_lost",
                    models.CharField(
                        blank=True,
                        help_text="Mengapa disegel walau satu salinan rahasia tidak ditemukan.",
                        max_length=250,
                    ),
                ),
                (
                    "left_out",
                    models.CharField(
                        blank=True,
                        help_text="Mengapa disegel tanpa surat suara yang tidak terbaca.",
                        max_length=250,
                    ),
                ),
                ("n_unreadable", models.PositiveIntegerField(default=0)),
                ("merkle_root", models.CharField(blank=True, max_length=64)),
                ("answers_digest", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[],
            options={
                "verbose_name": "faktor kedua",
                "verbose_name_plural": "faktor kedua",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("mfa.authenticator",),
        ),
        migrations.RemoveConstraint(
            model_name="option",
            name="option_position_once",
        ),
        migrations.AddField(
            model_name="instrument",
            name="edited_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="diubah"
            ),
        ),
        migrations.AddField(
            model_name="instrument",
            name="edited_by",
            field=models.CharField(blank=True, editable=False, max_length=150),
        ),
        migrations.AddField(
            model_name="instrument",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                help_text="Rancangan hanya terlihat oleh pengelola unit ini.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.unitkerja",
                verbose_name="disusun untuk",
            ),
        ),
        migrations.AddField(
            model_name="instrument",
            name="scales",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="question",
            name="scale",
            field=models.CharField(blank=True, max_length=40, verbose_name="skala"),
        ),
        migrations.AddField(
            model_name="wave",
            name="closing_reason",
            field=models.TextField(
                blank=True, help_text="Mengapa ditutup sebelum waktunya"
            ),
        ),
        migrations.AddField(
            model_name="wave",
            name="copy_lost",
            field=models.CharField(
                blank=True,
                help_text="Mengapa disegel walau satu salinan rahasia tidak ditemukan.",
                max_length=250,
            ),
        ),
        migrations.AddField(
            model_name="wave",
            name="left_out",
            field=models.CharField(
                blank=True,
                help_text="Mengapa disegel tanpa surat suara yang tidak terbaca.",
                max_length=250,
            ),
        ),
        migrations.AddField(
            model_name="wave",
            name="minimum_figure",
            field=models.FloatField(
                default=50.0,
                help_text="Persen, banyak orang, galat dalam persen atau poin: menurut cara",
            ),
        ),
        migrations.AddField(
            model_name="wave",
            name="minimum_rule",
            field=models.CharField(
                choices=[
                    ("share", "Bagian tetap"),
                    ("number", "Banyak tetap"),
                    ("slovin", "Slovin"),
                    ("krejcie_morgan", "Krejcie dan Morgan"),
                    ("mean", "Cochran untuk rata-rata"),
                ],
                default="share",
                max_length=15,
                verbose_name="minimum responden",
            ),
        ),
        migrations.AddField(
            model_name="wave",
            name="minimum_spread",
            field=models.FloatField(
                default=20.0, help_text="Simpangan baku indeks orang, untuk rata-rata"
            ),
        ),
        migrations.AddField(
            model_name="wave",
            name="n_secret_copies",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="wave",
            name="opening_failed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="wave",
            name="opening_problem",
            field=models.TextField(
                blank=True, help_text="Mengapa gelombang tidak dapat dibuka sendiri"
            ),
        ),
        migrations.AddField(
            model_name="wave",
            name="opens_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="pengisian mulai"
            ),
        ),
        migrations.AddField(
            model_name="wave",
            name="purpose",
            field=models.TextField(blank=True, verbose_name="tujuan"),
        ),
        migrations.AddField(
            model_name="wave",
            name="windows_edition",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Naik setiap kali waktu gelombang atau batch diubah",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dimension",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_dimensionevent" ("code", "definition", "id", "instrument_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") SELECT new_values."code", new_values."definition", new_values."id", new_values."instrument_id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."position" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="787444f7bfa05db745425b2fe6f016c63aa95491",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_92652",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_dimension",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dimension",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_dimensionevent" ("code", "definition", "id", "instrument_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."definition", NEW."id", NEW."instrument_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;',
                    hash="9366de366642a6085806c541d18f6016da5fa440",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_45127",
                    table="surveys_dimension",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dimension",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_dimensionevent" ("code", "definition", "id", "instrument_id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") SELECT old_values."code", old_values."definition", old_values."id", old_values."instrument_id", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."position" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="fec30208717a31555941a53f2869b3d65f4d50fd",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b31ab",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_dimension",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrument",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_instrumentevent" ("code", "digest", "id", "languages", "note", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "scales", "status", "title", "version") SELECT new_values."code", new_values."digest", new_values."id", new_values."languages", new_values."note", new_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."published_at", new_values."scales", new_values."status", new_values."title", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="b94440700d783b68da88d9e60c7023501fcb5ca6",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0613c",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_instrument",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrument",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."languages" IS DISTINCT FROM (NEW."languages") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."published_at" IS DISTINCT FROM (NEW."published_at") OR OLD."scales" IS DISTINCT FROM (NEW."scales") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "surveys_instrumentevent" ("code", "digest", "id", "languages", "note", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "scales", "status", "title", "version") VALUES (NEW."code", NEW."digest", NEW."id", NEW."languages", NEW."note", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."published_at", NEW."scales", NEW."status", NEW."title", NEW."version"); RETURN NULL;',
                    hash="7f6cf16636ff489b8d190b062765ff0dbeba3551",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d78a9",
                    table="surveys_instrument",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrument",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_instrumentevent" ("code", "digest", "id", "languages", "note", "owner_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "scales", "status", "title", "version") SELECT old_values."code", old_values."digest", old_values."id", old_values."languages", old_values."note", old_values."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."published_at", old_values."scales", old_values."status", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="daf90731dbdf5c34b02368fb623435cb3cb7c413",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a1bff",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_instrument",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="option",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_optionevent" ("code", "dimension_id", "id", "is_missing", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "polarity", "position", "question_id", "value") SELECT new_values."code", new_values."dimension_id", new_values."id", new_values."is_missing", new_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."polarity", new_values."position", new_values."question_id", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="90b1f8b7d37b4e024531ba2de0fe8859cb98c543",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f670f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_option",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="option",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_optionevent" ("code", "dimension_id", "id", "is_missing", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "polarity", "position", "question_id", "value") VALUES (NEW."code", NEW."dimension_id", NEW."id", NEW."is_missing", NEW."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."polarity", NEW."position", NEW."question_id", NEW."value"); RETURN NULL;',
                    hash="cc9accadb72cf5156464c894d39cf5c74aa8a4be",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5e2ae",
                    table="surveys_option",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="option",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_optionevent" ("code", "dimension_id", "id", "is_missing", "label", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "polarity", "position", "question_id", "value") SELECT old_values."code", old_values."dimension_id", old_values."id", old_values."is_missing", old_values."label", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."polarity", old_values."position", old_values."question_id", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="2ed4c97a31dddf0c2d4d62e6d36ee9782d333ea3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4ffd2",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_option",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_questionevent" ("code", "dimension_id", "id", "instrument_id", "is_required", "is_reversed", "kind", "label", "maximum", "minimum", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picks", "position", "scale", "section_id") SELECT new_values."code", new_values."dimension_id", new_values."id", new_values."instrument_id", new_values."is_required", new_values."is_reversed", new_values."kind", new_values."label", new_values."maximum", new_values."minimum", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."picks", new_values."position", new_values."scale", new_values."section_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="4dc1548d315f6f2ffdaaf63c03a64a6e423c93bb",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6efa9",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_question",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_questionevent" ("code", "dimension_id", "id", "instrument_id", "is_required", "is_reversed", "kind", "label", "maximum", "minimum", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picks", "position", "scale", "section_id") VALUES (NEW."code", NEW."dimension_id", NEW."id", NEW."instrument_id", NEW."is_required", NEW."is_reversed", NEW."kind", NEW."label", NEW."maximum", NEW."minimum", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."picks", NEW."position", NEW."scale", NEW."section_id"); RETURN NULL;',
                    hash="877804d1ba6591d52763d0f82b12117395aa80c3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ad28c",
                    table="surveys_question",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_questionevent" ("code", "dimension_id", "id", "instrument_id", "is_required", "is_reversed", "kind", "label", "maximum", "minimum", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picks", "position", "scale", "section_id") SELECT old_values."code", old_values."dimension_id", old_values."id", old_values."instrument_id", old_values."is_required", old_values."is_reversed", old_values."kind", old_values."label", old_values."maximum", old_values."minimum", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."picks", old_values."position", old_values."scale", old_values."section_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="647ac8fe60c769ae8f9a8fa98ca7d3f831680f6c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9b1a3",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_question",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="role",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_roleevent" ("id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "user_id") SELECT new_values."id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."unit_id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="3e365395d8708f9410f6d13ff41857f9719d0522",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_989a7",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_role",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="role",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_roleevent" ("id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "user_id") VALUES (NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."unit_id", NEW."user_id"); RETURN NULL;',
                    hash="5d597c7471e4a93b1a070a031fe2457ddb6c907a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_314a1",
                    table="surveys_role",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="role",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_roleevent" ("id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "user_id") SELECT old_values."id", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."unit_id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c2f60ba8ea46b16539b895204fe3f3f7dd0e53c3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_40eb9",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_role",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="section",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_sectionevent" ("code", "dimension_id", "id", "instrument_id", "intro", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") SELECT new_values."code", new_values."dimension_id", new_values."id", new_values."instrument_id", new_values."intro", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."position", new_values."title" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="eefa6cdf236010d19dbfb8b91e6bec9b2cc7ca7e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_13171",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_section",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="section",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_sectionevent" ("code", "dimension_id", "id", "instrument_id", "intro", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") VALUES (NEW."code", NEW."dimension_id", NEW."id", NEW."instrument_id", NEW."intro", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."title"); RETURN NULL;',
                    hash="89e2d307f150b66796242ebefaabb1fb876d0d79",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_686d2",
                    table="surveys_section",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="section",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_sectionevent" ("code", "dimension_id", "id", "instrument_id", "intro", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "title") SELECT old_values."code", old_values."dimension_id", old_values."id", old_values."instrument_id", old_values."intro", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."position", old_values."title" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="f52102be9ffb955179be44b124d8a1d292b9f4e1",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_483dd",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_section",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stratifier",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_stratifierevent" ("categories", "code", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "wave_id") SELECT new_values."categories", new_values."code", new_values."id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."position", new_values."wave_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="66347d779675c029959b785ded20ebc803b53197",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d19f7",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_stratifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stratifier",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_stratifierevent" ("categories", "code", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "wave_id") VALUES (NEW."categories", NEW."code", NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."position", NEW."wave_id"); RETURN NULL;',
                    hash="002edd4b8e75ffd66b53a612ccc86fc0e918bcfe",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8365d",
                    table="surveys_stratifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stratifier",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_stratifierevent" ("categories", "code", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "wave_id") SELECT old_values."categories", old_values."code", old_values."id", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."position", old_values."wave_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="b2a86b0e3d22b87b8361d925f2cc32487a2209ee",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3b51f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_stratifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitkerja",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_unitkerjaevent" ("acronym", "code", "id", "kind", "level", "name", "parent_id", "path", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT new_values."acronym", new_values."code", new_values."id", new_values."kind", new_values."level", new_values."name", new_values."parent_id", new_values."path", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5b60b09e4ade40d57ac278210636ac378b00e9f8",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5acbc",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_unitkerja",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitkerja",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_unitkerjaevent" ("acronym", "code", "id", "kind", "level", "name", "parent_id", "path", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."acronym", NEW."code", NEW."id", NEW."kind", NEW."level", NEW."name", NEW."parent_id", NEW."path", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="1133f3b90ba6c76230c5e2c8729c321fafa1abb9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_79a3e",
                    table="surveys_unitkerja",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitkerja",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_unitkerjaevent" ("acronym", "code", "id", "kind", "level", "name", "parent_id", "path", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT old_values."acronym", old_values."code", old_values."id", old_values."kind", old_values."level", old_values."name", old_values."parent_id", old_values."path", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="9bd1dc01692e2f650b63a4ad2a5f940d8ec2c020",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_97091",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_unitkerja",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_userevent" ("date_joined", "email", "id", "is_active", "is_staff", "is_superuser", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."date_joined", new_values."email", new_values."id", new_values."is_active", new_values."is_staff", new_values."is_superuser", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="e078879e7ea30fddbdeee61d78f28301431ab4b4",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bb609",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."name" IS DISTINCT FROM (NEW."name"))',
                    func='INSERT INTO "surveys_userevent" ("date_joined", "email", "id", "is_active", "is_staff", "is_superuser", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="d1aec40484f4e7130c5e6dd5035a15afc9a651c2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cfd5d",
                    table="surveys_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_userevent" ("date_joined", "email", "id", "is_active", "is_staff", "is_superuser", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."date_joined", old_values."email", old_values."id", old_values."is_active", old_values."is_staff", old_values."is_superuser", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="373e079d2a9e590cb15704546630e79de6973f46",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_745fc",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wave",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_waveevent" ("answers_digest", "closed_at", "closes_at", "closing_reason", "code", "competing_level", "contact", "copy_lost", "id", "instrument_id", "is_simulated", "left_out", "merkle_root", "min_cell", "minimum_figure", "minimum_rule", "minimum_spread", "n_answers", "n_secret_copies", "n_unreadable", "name", "opened_at", "opening_failed_at", "opening_problem", "opens_at", "organiser", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promise", "promise_digest", "purpose", "reference_date", "root_id", "sealed_at", "sealing_step", "seals_at", "secret_lost", "sheet_width", "source", "state") SELECT new_values."answers_digest", new_values."closed_at", new_values."closes_at", new_values."closing_reason", new_values."code", new_values."competing_level", new_values."contact", new_values."copy_lost", new_values."id", new_values."instrument_id", new_values."is_simulated", new_values."left_out", new_values."merkle_root", new_values."min_cell", new_values."minimum_figure", new_values."minimum_rule", new_values."minimum_spread", new_values."n_answers", new_values."n_secret_copies", new_values."n_unreadable", new_values."name", new_values."opened_at", new_values."opening_failed_at", new_values."opening_problem", new_values."opens_at", new_values."organiser", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."promise", new_values."promise_digest", new_values."purpose", new_values."reference_date", new_values."root_id", new_values."sealed_at", new_values."sealing_step", new_values."seals_at", new_values."secret_lost", new_values."sheet_width", new_values."source", new_values."state" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="87f07968e05fcd4ca3b14369054f2c36a13255af",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_eafbd",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_wave",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wave",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answers_digest" IS DISTINCT FROM (NEW."answers_digest") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closes_at" IS DISTINCT FROM (NEW."closes_at") OR OLD."closing_reason" IS DISTINCT FROM (NEW."closing_reason") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."competing_level" IS DISTINCT FROM (NEW."competing_level") OR OLD."contact" IS DISTINCT FROM (NEW."contact") OR OLD."copy_lost" IS DISTINCT FROM (NEW."copy_lost") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."instrument_id" IS DISTINCT FROM (NEW."instrument_id") OR OLD."is_simulated" IS DISTINCT FROM (NEW."is_simulated") OR OLD."left_out" IS DISTINCT FROM (NEW."left_out") OR OLD."merkle_root" IS DISTINCT FROM (NEW."merkle_root") OR OLD."min_cell" IS DISTINCT FROM (NEW."min_cell") OR OLD."minimum_figure" IS DISTINCT FROM (NEW."minimum_figure") OR OLD."minimum_rule" IS DISTINCT FROM (NEW."minimum_rule") OR OLD."minimum_spread" IS DISTINCT FROM (NEW."minimum_spread") OR OLD."n_answers" IS DISTINCT FROM (NEW."n_answers") OR OLD."n_secret_copies" IS DISTINCT FROM (NEW."n_secret_copies") OR OLD."n_unreadable" IS DISTINCT FROM (NEW."n_unreadable") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."opening_failed_at" IS DISTINCT FROM (NEW."opening_failed_at") OR OLD."opening_problem" IS DISTINCT FROM (NEW."opening_problem") OR OLD."opens_at" IS DISTINCT FROM (NEW."opens_at") OR OLD."organiser" IS DISTINCT FROM (NEW."organiser") OR OLD."promise" IS DISTINCT FROM (NEW."promise") OR OLD."promise_digest" IS DISTINCT FROM (NEW."promise_digest") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."reference_date" IS DISTINCT FROM (NEW."reference_date") OR OLD."root_id" IS DISTINCT FROM (NEW."root_id") OR OLD."sealed_at" IS DISTINCT FROM (NEW."sealed_at") OR OLD."sealing_step" IS DISTINCT FROM (NEW."sealing_step") OR OLD."seals_at" IS DISTINCT FROM (NEW."seals_at") OR OLD."secret_lost" IS DISTINCT FROM (NEW."secret_lost") OR OLD."sheet_width" IS DISTINCT FROM (NEW."sheet_width") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func='INSERT INTO "surveys_waveevent" ("answers_digest", "closed_at", "closes_at", "closing_reason", "code", "competing_level", "contact", "copy_lost", "id", "instrument_id", "is_simulated", "left_out", "merkle_root", "min_cell", "minimum_figure", "minimum_rule", "minimum_spread", "n_answers", "n_secret_copies", "n_unreadable", "name", "opened_at", "opening_failed_at", "opening_problem", "opens_at", "organiser", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promise", "promise_digest", "purpose", "reference_date", "root_id", "sealed_at", "sealing_step", "seals_at", "secret_lost", "sheet_width", "source", "state") VALUES (NEW."answers_digest", NEW."closed_at", NEW."closes_at", NEW."closing_reason", NEW."code", NEW."competing_level", NEW."contact", NEW."copy_lost", NEW."id", NEW."instrument_id", NEW."is_simulated", NEW."left_out", NEW."merkle_root", NEW."min_cell", NEW."minimum_figure", NEW."minimum_rule", NEW."minimum_spread", NEW."n_answers", NEW."n_secret_copies", NEW."n_unreadable", NEW."name", NEW."opened_at", NEW."opening_failed_at", NEW."opening_problem", NEW."opens_at", NEW."organiser", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."promise", NEW."promise_digest", NEW."purpose", NEW."reference_date", NEW."root_id", NEW."sealed_at", NEW."sealing_step", NEW."seals_at", NEW."secret_lost", NEW."sheet_width", NEW."source", NEW."state"); RETURN NULL;',
                    hash="368d6a13934db72af89ccbff834f5c0cc630e584",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_644ad",
                    table="surveys_wave",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wave",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_waveevent" ("answers_digest", "closed_at", "closes_at", "closing_reason", "code", "competing_level", "contact", "copy_lost", "id", "instrument_id", "is_simulated", "left_out", "merkle_root", "min_cell", "minimum_figure", "minimum_rule", "minimum_spread", "n_answers", "n_secret_copies", "n_unreadable", "name", "opened_at", "opening_failed_at", "opening_problem", "opens_at", "organiser", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promise", "promise_digest", "purpose", "reference_date", "root_id", "sealed_at", "sealing_step", "seals_at", "secret_lost", "sheet_width", "source", "state") SELECT old_values."answers_digest", old_values."closed_at", old_values."closes_at", old_values."closing_reason", old_values."code", old_values."competing_level", old_values."contact", old_values."copy_lost", old_values."id", old_values."instrument_id", old_values."is_simulated", old_values."left_out", old_values."merkle_root", old_values."min_cell", old_values."minimum_figure", old_values."minimum_rule", old_values."minimum_spread", old_values."n_answers", old_values."n_secret_copies", old_values."n_unreadable", old_values."name", old_values."opened_at", old_values."opening_failed_at", old_values."opening_problem", old_values."opens_at", old_values."organiser", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."promise", old_values."promise_digest", old_values."purpose", old_values."reference_date", old_values."root_id", old_values."sealed_at", old_values."sealing_step", old_values."seals_at", old_values."secret_lost", old_values."sheet_width", old_values."source", old_values."state" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="d437b41571158ce057a51b80658ff108e3672cc0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_22fe2",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_wave",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("question", "position"),
                name="option_position_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", True),
                    ("closes_at__gt", models.F("opens_at")),
                    _connector="OR",
                ),
                name="wave_closes_after_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum_figure__gt", 0), ("minimum_spread__gt", 0)
                ),
                name="wave_minimum_is_positive",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="wave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="batches",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="waveunit",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="units",
                to="surveys.batch",
            ),
        ),
        migrations.AddField(
            model_name="batchevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.batch",
            ),
        ),
        migrations.AddField(
            model_name="batchevent",
            name="wave",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="batchunit",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="members",
                to="surveys.batch",
            ),
        ),
        migrations.AddField(
            model_name="batchunit",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="batchunit",
            name="wave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="batchunitevent",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.batch",
            ),
        ),
        migrations.AddField(
            model_name="batchunitevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.batchunit",
            ),
        ),
        migrations.AddField(
            model_name="batchunitevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="batchunitevent",
            name="wave",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="bridge",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bridge",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="bridgeend",
            name="bridge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="ends",
                to="surveys.bridge",
            ),
        ),
        migrations.AddField(
            model_name="bridgeend",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="bridgeendevent",
            name="bridge",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.bridge",
            ),
        ),
        migrations.AddField(
            model_name="bridgeendevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.bridgeend",
            ),
        ),
        migrations.AddField(
            model_name="bridgeendevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="bridgeevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.bridge",
            ),
        ),
        migrations.AddField(
            model_name="bridgeevent",
            name="recorded_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bridgeevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="surveys.participant",
            ),
        ),
        migrations.AddField(
            model_name="dimensionevent",
            name="instrument",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.instrument",
            ),
        ),
        migrations.AddField(
            model_name="dimensionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.dimension",
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extensions",
                to="surveys.batch",
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="extended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="wave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extensions",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="formerunit",
            name="parent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_children",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="formerunit",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="formerunit",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="framechange",
            name="wave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="frame_changes",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="hourcount",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="surveys.waveunit",
            ),
        ),
        migrations.AddField(
            model_name="hourcount",
            name="wave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="instrumentevent",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="Rancangan hanya terlihat oleh pengelola unit ini.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.unitkerja",
                verbose_name="disusun untuk",
            ),
        ),
        migrations.AddField(
            model_name="instrumentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.instrument",
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="root",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="surveys.unitkerja",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="started_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to=settings.AUTH_USER_MODEL,
                verbose_name="dimulai oleh",
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="wave",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="surveys.wave",
                verbose_name="gelombang",
            ),
        ),
        migrations.AddField(
            model_name="levelcount",
            name="wave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="mailing",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ditulis oleh",
            ),
        ),
        migrations.AddField(
            model_name="mailing",
            name="units",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to="surveys.waveunit",
                verbose_name="unit pilihan",
            ),
        ),
        migrations.AddField(
            model_name="mailing",
            name="wave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.wave",
                verbose_name="gelombang",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="mailing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="surveys.mailing",
            ),
        ),
        migrations.AddField(
            model_name="mailingevent",
            name="created_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ditulis oleh",
            ),
        ),
        migrations.AddField(
            model_name="mailingevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.mailing",
            ),
        ),
        migrations.AddField(
            model_name="mailingevent",
            name="wave",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.wave",
                verbose_name="gelombang",
            ),
        ),
        migrations.AddField(
            model_name="optionevent",
            name="dimension",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.dimension",
            ),
        ),
        migrations.AddField(
            model_name="optionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.option",
            ),
        ),
        migrations.AddField(
            model_name="optionevent",
            name="question",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.question",
            ),
        ),
        migrations.AddField(
            model_name="personaldataact",
            name="wave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="questionevent",
            name="dimension",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.dimension",
            ),
        ),
        migrations.AddField(
            model_name="questionevent",
            name="instrument",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.instrument",
            ),
        ),
        migrations.AddField(
            model_name="questionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.question",
            ),
        ),
        migrations.AddField(
            model_name="questionevent",
            name="section",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.section",
            ),
        ),
        migrations.AddField(
            model_name="roleevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.role",
            ),
        ),
        migrations.AddField(
            model_name="roleevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.unitkerja",
                verbose_name="untuk unit dan semua di bawahnya",
            ),
        ),
        migrations.AddField(
            model_name="roleevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="pengguna",
            ),
        ),
        migrations.AddField(
            model_name="secondfactorevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sectionevent",
            name="dimension",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.dimension",
            ),
        ),
        migrations.AddField(
            model_name="sectionevent",
            name="instrument",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.instrument",
            ),
        ),
        migrations.AddField(
            model_name="sectionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.section",
            ),
        ),
        migrations.AddField(
            model_name="staffinvitation",
            name="invited_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="diundang oleh",
            ),
        ),
        migrations.AddField(
            model_name="staffinvitation",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitation",
                to=settings.AUTH_USER_MODEL,
                verbose_name="pengguna",
            ),
        ),
        migrations.AddField(
            model_name="staffinvitationevent",
            name="invited_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="diundang oleh",
            ),
        ),
        migrations.AddField(
            model_name="staffinvitationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.staffinvitation",
            ),
        ),
        migrations.AddField(
            model_name="staffinvitationevent",
            name="user",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="pengguna",
            ),
        ),
        migrations.AddField(
            model_name="stratifierevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.stratifier",
            ),
        ),
        migrations.AddField(
            model_name="stratifierevent",
            name="wave",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="unitcount",
            name="wave",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="unitimport",
            name="applied_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unitimport",
            name="root",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="unitimport",
            name="tried_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unitimportline",
            name="trial",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="surveys.unitimport",
            ),
        ),
        migrations.AddField(
            model_name="unitkerjaevent",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.unitkerja",
                verbose_name="induk",
            ),
        ),
        migrations.AddField(
            model_name="unitkerjaevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.unitkerja",
            ),
        ),
        migrations.AddField(
            model_name="userevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="waveevent",
            name="instrument",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.instrument",
                verbose_name="instrumen",
            ),
        ),
        migrations.AddField(
            model_name="waveevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.wave",
            ),
        ),
        migrations.AddField(
            model_name="waveevent",
            name="root",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.unitkerja",
                verbose_name="organisasi",
            ),
        ),
        migrations.AddField(
            model_name="secondfactorevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="surveys.secondfactor",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="secondfactor",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_secondfactorevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "type", "user_id") SELECT new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."type", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="9e683bfb7d2d80e2fdde81a43f08261ec7d40a80",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f1851",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="mfa_authenticator",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="secondfactor",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."type" IS DISTINCT FROM (NEW."type") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))',
                    func='INSERT INTO "surveys_secondfactorevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "type", "user_id") VALUES (NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."type", NEW."user_id"); RETURN NULL;',
                    hash="959af87cb281c0365472e09e4570b449ec620d3b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_68bd0",
                    table="mfa_authenticator",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="secondfactor",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_secondfactorevent" ("id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "type", "user_id") SELECT old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."type", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8a4e2e630e01eb2a47da8251494835eb1c297a7e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_37684",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="mfa_authenticator",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(
                fields=("wave", "name"), name="batch_name_once_in_a_wave"
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", True),
                    ("closes_at__gt", models.F("opens_at")),
                    _connector="OR",
                ),
                name="batch_ends_after_it_begins",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_batchevent" ("closes_at", "id", "name", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "wave_id") SELECT new_values."closes_at", new_values."id", new_values."name", new_values."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."wave_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="a90a321eb4605006eb3d7afac7fc33ecd8e2c210",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_84c3b",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_batch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_batchevent" ("closes_at", "id", "name", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "wave_id") VALUES (NEW."closes_at", NEW."id", NEW."name", NEW."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."wave_id"); RETURN NULL;',
                    hash="b6e61cf15ca282b3d1cd7bd973daa47eaa8fb53d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f2b81",
                    table="surveys_batch",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batch",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_batchevent" ("closes_at", "id", "name", "opens_at", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "wave_id") SELECT old_values."closes_at", old_values."id", old_values."name", old_values."opens_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."wave_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="661e4ed444645ff59d990da2cd6ba2a68f8fd4d5",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9f2e3",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_batch",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="batchunit",
            constraint=models.UniqueConstraint(
                fields=("wave", "unit"), name="unit_in_one_batch_of_a_wave"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchunit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_batchunitevent" ("batch_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "wave_id") SELECT new_values."batch_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."unit_id", new_values."wave_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="e564c644e1e6a0b01c04739f823c034bb692bf28",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7a348",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_batchunit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchunit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_batchunitevent" ("batch_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "wave_id") VALUES (NEW."batch_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."unit_id", NEW."wave_id"); RETURN NULL;',
                    hash="26d8d7fccd2b175578eadb4581ba962fcb4e61a8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fe426",
                    table="surveys_batchunit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="batchunit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_batchunitevent" ("batch_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id", "wave_id") SELECT old_values."batch_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."unit_id", old_values."wave_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="285798d281b29709b011e65490c543122f224f95",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c4542",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_batchunit",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="bridge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("merge", "split", "succession"))),
                name="bridge_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="bridge",
            constraint=models.UniqueConstraint(
                fields=("unit", "kind", "happened_on"), name="bridge_recorded_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridge",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_bridgeevent" ("happened_on", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "unit_id") SELECT new_values."happened_on", new_values."id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."reason", new_values."recorded_at", new_values."recorded_by_id", new_values."unit_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="f2cf1a75c188326e701f26b39f2cbe8e10d4952b",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2c032",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_bridge",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridge",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_bridgeevent" ("happened_on", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "unit_id") VALUES (NEW."happened_on", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."unit_id"); RETURN NULL;',
                    hash="5b264958a347a650ca60179883e6dde274997543",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_93402",
                    table="surveys_bridge",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridge",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_bridgeevent" ("happened_on", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "unit_id") SELECT old_values."happened_on", old_values."id", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reason", old_values."recorded_at", old_values."recorded_by_id", old_values."unit_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="955389f660e0fae31c60db8cc7c12fc492abc2bf",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2c429",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_bridge",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="bridgeend",
            constraint=models.UniqueConstraint(
                fields=("bridge", "unit"), name="bridge_ends_once_at_a_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="bridgeend",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("share__isnull", True),
                    models.Q(("share__gt", 0), ("share__lte", 1)),
                    _connector="OR",
                ),
                name="bridge_share_is_a_share",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgeend",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_bridgeendevent" ("bridge_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "unit_id") SELECT new_values."bridge_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."share", new_values."unit_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5fe57583458c47619ca22b296d941ad7e686d840",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_591eb",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_bridgeend",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgeend",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_bridgeendevent" ("bridge_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "unit_id") VALUES (NEW."bridge_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."share", NEW."unit_id"); RETURN NULL;',
                    hash="5d92d12998ee7e5ec5a4ce2de473bb94215f1d42",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_89500",
                    table="surveys_bridgeend",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bridgeend",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_bridgeendevent" ("bridge_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share", "unit_id") SELECT old_values."bridge_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."share", old_values."unit_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="860085041fe4814b4f0cfc999bcc2eefe754f116",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_532b3",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_bridgeend",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("closed_at_before"))),
                name="extension_makes_longer",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("seals_at__gte", models.F("sealed_at_before"))),
                name="extension_keeps_the_last_send",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="extension_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="formerunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                name="former_unit_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="formerunit",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=(
                    (
                        models.Func(
                            "unit", "unit", models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                        ),
                        "&&",
                    ),
                ),
                name="unit_was_one_thing_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="hourcount",
            index=models.Index(fields=["wave", "hour"], name="hours_of_a_wave"),
        ),
        migrations.AddConstraint(
            model_name="hourcount",
            constraint=models.UniqueConstraint(
                fields=("unit", "hour"), name="hour_count_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("queued", "running"))),
                fields=("kind", "wave", "root"),
                name="one_unfinished_job_of_a_kind",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="levelcount",
            constraint=models.UniqueConstraint(
                fields=("wave", "depth", "level", "outlook"), name="level_count_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="mailing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "email"), _negated=True),
                    models.Q(("subject", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_letter_by_email_has_a_subject",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mailing",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_mailingevent" ("audience", "body", "channel", "created_by_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheduled_at", "state", "subject", "wave_id") SELECT new_values."audience", new_values."body", new_values."channel", new_values."created_by_id", new_values."id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."scheduled_at", new_values."state", new_values."subject", new_values."wave_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="721088a16e4a25941f991ed7eb172b1a9a1ae6e8",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8bb23",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_mailing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mailing",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."audience" IS DISTINCT FROM (NEW."audience") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."scheduled_at" IS DISTINCT FROM (NEW."scheduled_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."wave_id" IS DISTINCT FROM (NEW."wave_id"))',
                    func='INSERT INTO "surveys_mailingevent" ("audience", "body", "channel", "created_by_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheduled_at", "state", "subject", "wave_id") VALUES (NEW."audience", NEW."body", NEW."channel", NEW."created_by_id", NEW."id", NEW."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."scheduled_at", NEW."state", NEW."subject", NEW."wave_id"); RETURN NULL;',
                    hash="e58ded39186e2b7ca171b61f74888c62d7640b41",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7b9ec",
                    table="surveys_mailing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mailing",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_mailingevent" ("audience", "body", "channel", "created_by_id", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheduled_at", "state", "subject", "wave_id") SELECT old_values."audience", old_values."body", old_values."channel", old_values."created_by_id", old_values."id", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."scheduled_at", old_values."state", old_values."subject", old_values."wave_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="be2706474770f2ed68a3de8ef2fa7591a29e2c4b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b53f2",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_mailing",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["mailing", "due_at"],
                name="delivery_still_open",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "failed")),
                fields=["mailing", "participant"],
                name="delivery_failed",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("mailing", "participant"), name="delivery_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reminded_on__isnull", False)),
                fields=("participant", "reminded_on"),
                name="reminded_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("due_at__isnull", False),
                        ("state__in", ("queued", "taken", "sending")),
                    ),
                    models.Q(
                        ("due_at__isnull", True),
                        ("state__in", ("sent", "failed", "skipped", "unsure")),
                    ),
                    _connector="OR",
                ),
                name="open_delivery_is_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_at__isnull", True),
                    ("withdrawn_at__isnull", True),
                    _connector="OR",
                ),
                name="staff_invitation_is_accepted_or_withdrawn",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffinvitation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_staffinvitationevent" ("accepted_at", "edition", "expires_at", "id", "invited_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "user_id", "withdrawn_at") SELECT new_values."accepted_at", new_values."edition", new_values."expires_at", new_values."id", new_values."invited_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."sent_at", new_values."user_id", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="48ab12ee7d07a8a44c712adf735badb06238214c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fa80d",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="surveys_staffinvitation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffinvitation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "surveys_staffinvitationevent" ("accepted_at", "edition", "expires_at", "id", "invited_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "user_id", "withdrawn_at") VALUES (NEW."accepted_at", NEW."edition", NEW."expires_at", NEW."id", NEW."invited_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."sent_at", NEW."user_id", NEW."withdrawn_at"); RETURN NULL;',
                    hash="75891861da0f6b09da66a24ef720ce8d502a5cd6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_80a9e",
                    table="surveys_staffinvitation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffinvitation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "surveys_staffinvitationevent" ("accepted_at", "edition", "expires_at", "id", "invited_by_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sent_at", "user_id", "withdrawn_at") SELECT old_values."accepted_at", old_values."edition", old_values."expires_at", old_values."id", old_values."invited_by_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."sent_at", old_values."user_id", old_values."withdrawn_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="696f27f9c5c02b629191143d43f9c89bada58329",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d888c",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="surveys_staffinvitation",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unitimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("applied_at__isnull", True), ("n_problems", 0), _connector="OR"
                ),
                name="faulty_unit_import_is_not_applied",
            ),
        ),
        migrations.AddIndex(
            model_name="unitimportline",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["kinds"], name="unit_import_line_kinds"
            ),
        ),
        migrations.AddConstraint(
            model_name="unitimportline",
            constraint=models.UniqueConstraint(
                fields=("trial", "code"), name="unit_import_line_once"
            ),
        ),
    ]
