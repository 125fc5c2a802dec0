"""An instrument as YAML text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from surveys.files.problems import InputError
from surveys.files.yamlfile import lines_of, placed, read_yaml
from surveys.instruments.document import TEXT_KEYS, Document
from surveys.instruments.proofreading import faults_in, validated

MOST_BYTES = 2_000_000
LONGEST_LINE = 88


class _Dumper(yaml.SafeDumper):
    """Indents lists under their key, and writes repeated parts out."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(document: Document) -> str:
    """The document as an author would write it: nothing that goes without saying."""
    form = document.model_dump(exclude_defaults=True)
    tidy = _tidy(form, document.languages)
    text: str = yaml.dump(
        tidy, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LONGEST_LINE
    )
    return text


def _tidy(part: Any, languages: list[str], key: str = "") -> Any:
    """Texts in the order of the languages; one in Indonesian alone is a string."""
    if isinstance(part, list):
        return [_tidy(item, languages) for item in part]
    if not isinstance(part, dict):
        return part
    if key in TEXT_KEYS:
        if part.keys() == {"id"}:
            return part["id"]
        return {code: part[code] for code in languages if code in part}
    return {name: _tidy(item, languages, name) for name, item in part.items()}


def read_yaml_draft(path: Path) -> Document:
    """A document that may have gaps; InputError names the line of every fault."""
    if path.stat().st_size > MOST_BYTES:
        raise InputError(_("Berkas YAML ini lebih dari 2 MB."))
    lines = lines_of(path)
    try:
        document = validated(Document, read_yaml(path))
    except InputError as error:
        raise InputError(placed(error.problems, lines)) from error
    problems = list(faults_in(document))
    if problems:
        raise InputError(placed(problems, lines))
    return document
