"""Documents in YAML: their content, and on which line each part of it stands."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from surveys.files.csvfile import open_to_read
from surveys.files.problems import InputError, Problem

MOST_NODES = 200_000
"""A short text can repeat itself into a huge one."""

DEEPEST = 20


class _Loader(yaml.SafeLoader):
    """Refuses a key written twice, which YAML would silently overwrite."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if key.value in seen:
                reason = _("kunci %(key)s ada dua kali") % {"key": key.value}
                raise InputError([Problem(reason, key.start_mark.line + 1)])
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> object:
    """The content of a YAML file; InputError names the line that cannot be read."""
    with open_to_read(path) as file:
        try:
            return yaml.load(file, _Loader)  # noqa: S506  # a SafeLoader
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            reason = _("bukan YAML yang benar; periksa lekukan dan tanda baca")
            raise InputError([Problem(reason, line)]) from error
        except (yaml.YAMLError, TypeError, ValueError) as error:
            raise InputError(_("Berkas bukan YAML dalam UTF-8.")) from error
        except RecursionError as error:
            raise InputError(_too_nested()) from error


def placed(problems: Iterable[Problem], lines: dict[str, int]) -> list[Problem]:
    """The problems with the line of the nearest part that has one."""
    return [
        problem if problem.line else _with_line(problem, lines) for problem in problems
    ]


def _with_line(problem: Problem, lines: dict[str, int]) -> Problem:
    path = problem.path
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return Problem(problem.reason, lines.get(path, 1), path=problem.path)


def lines_of(path: Path) -> dict[str, int]:
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
