"""An instrument as YAML text, and where in such a text each of its parts stands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from surveys.files.problems import InputError, Problem
from surveys.instruments.document import TEXT_KEYS, Document
from surveys.instruments.proofreading import faults_in, read_yaml, validated

MOST_BYTES = 2_000_000
MOST_NODES = 200_000
"""A short text can repeat itself into a huge one."""

DEEPEST = 20
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
    lines = _lines_of(path)
    try:
        document = validated(Document, read_yaml(path))
    except InputError as error:
        raise InputError(_placed(error.problems, lines)) from error
    problems = list(faults_in(document))
    if problems:
        raise InputError(_placed(problems, lines))
    return document


def _placed(problems: Iterable[Problem], lines: dict[str, int]) -> list[Problem]:
    """The problems with the line of the nearest part that has one."""
    return [
        problem if problem.line else _with_line(problem, lines) for problem in problems
    ]


def _with_line(problem: Problem, lines: dict[str, int]) -> Problem:
    path = problem.path
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return Problem(problem.reason, lines.get(path, 1), path=problem.path)


def _lines_of(path: Path) -> dict[str, int]:
    """The line of every part, by its path; none where the text is no YAML at all."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    except (yaml.YAMLError, ValueError):
        return {}
    except RecursionError as error:
        raise InputError(_too_nested()) from error
    lines: dict[str, int] = {}
    _walk(node, "", lines, 0)
    return lines


def _too_nested() -> str:
    return _("Berkas YAML ini terlalu dalam atau berulang-ulang menjadi besar.")


def _walk(node: yaml.Node | None, path: str, lines: dict[str, int], depth: int) -> None:
    if node is None:
        return
    lines[path] = node.start_mark.line + 1
    if len(lines) > MOST_NODES or depth > DEEPEST:
        raise InputError(_too_nested())
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            where = f"{path}.{key.value}".removeprefix(".")
            _walk(value, where, lines, depth + 1)
            lines[where] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            _walk(value, f"{path}[{i}]", lines, depth + 1)
