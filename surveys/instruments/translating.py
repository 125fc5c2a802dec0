"""Texts side by side: each text of a draft once, and putting translations back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.instruments.document import Document, texts_in


@dataclass(frozen=True)
class Line:
    """One text, its path, and what it says in every language."""

    path: str
    text: Mapping[str, str]


def lines_of(document: Document) -> Iterator[Line]:
    """Every text that is said at all, by a path that survives moving and adding."""
    for text, path in texts_in(_keyed(document)):
        if text:
            yield Line(path, text)


def _keyed(document: Document) -> dict[str, Any]:
    """The document with its lists as mappings from code to part."""

    def keyed(part: Any) -> Any:
        if isinstance(part, list) and part and isinstance(part[0], dict):
            return {item["code"]: keyed(item) for item in part}
        if isinstance(part, dict):
            return {key: keyed(item) for key, item in part.items()}
        return part

    form: dict[str, Any] = keyed(document.model_dump())
    return form


def translated(document: Document, language: str, words: Mapping[str, str]) -> Document:
    """The document with these texts, by path, in this language; "" removes one."""
    form = document.model_dump()
    _fill(form, "", language, words)
    return Document.model_validate(form)


def _fill(part: Any, path: str, language: str, words: Mapping[str, str]) -> None:
    items: list[tuple[str, Any]] = []
    if isinstance(part, list):
        items = [(item["code"], item) for item in part if isinstance(item, dict)]
    elif isinstance(part, dict):
        items = list(part.items())
    for key, item in items:
        where = f"{path}.{key}".removeprefix(".")
        if where in words and isinstance(item, dict):
            item.pop(language, None)
            if words[where]:
                item[language] = words[where]
        else:
            _fill(item, where, language, words)


@dataclass(frozen=True)
class Merged:
    """What to write, and what two people have translated differently."""

    words: dict[str, str]
    conflicts: dict[str, str]
    """By path: what is stored now."""


def merge(
    typed: Mapping[str, str], base: Mapping[str, str], stored: Mapping[str, str]
) -> Merged:
    """Only what was changed here is written, and only over what was seen here.

    >>> merge({"a": "x", "b": "y"}, {"a": "", "b": "y"}, {"a": "", "b": "z"}).words
    {'a': 'x'}
    """
    words: dict[str, str] = {}
    conflicts: dict[str, str] = {}
    for path, text in typed.items():
        before, now = base.get(path, ""), stored.get(path, "")
        if text in (before, now):
            continue
        if now != before:
            conflicts[path] = now
        words[path] = text
    return Merged({p: w for p, w in words.items() if p not in conflicts}, conflicts)
