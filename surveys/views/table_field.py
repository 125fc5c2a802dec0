"""A field for a file of rows, which says at once that a file is something else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.files.csvfile import LOOKED_AT, may_be_table


class TableField(forms.FileField):
    """CSV, plain or gzip, or a workbook. What is wrong inside, the check tells."""

    def __init__(self, *, classes: str = "", **options: Any) -> None:
        looks = {"class": classes} if classes else {}
        super().__init__(
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.gz", **looks}),
            error_messages={"required": gettext_lazy("Pilih berkasnya dulu.")},
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            start = upload.read(LOOKED_AT)
            upload.seek(0)
            if not may_be_table(start):
                raise ValidationError(_("Ini bukan berkas CSV atau XLSX."))
        return upload
