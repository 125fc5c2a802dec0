"""Translations side by side: one language to read, one to write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.answering.language import NAMES
from surveys.instruments.document import Document
from surveys.instruments.translating import Line, Merged, lines_of, merge, translated
from surveys.views.authoring import Editor, act, page

N_ON_A_PAGE = 150
"""Rows of one page, far below the number of fields a form may have."""

FIELD = "t:"


def translate(request: HttpRequest, editor: Editor) -> HttpResponse:
    """Choose a language, see what is missing, write, save."""
    languages = editor.document.languages
    others = [code for code in languages if code != languages[0]]
    asked = request.GET.get("bahasa", "")
    language = asked if asked in languages else (others or languages)[0]
    conflicts: dict[str, str] = {}
    typed: dict[str, str] = {}
    if request.method == "POST":
        typed = _typed(request)
        is_saved, conflicts = _save(request, editor, language, typed)
        if is_saved and not conflicts:
            return HttpResponseRedirect(request.get_full_path())
    is_open_only = request.GET.get("hanya") == "kosong"
    lines = [
        line
        for line in lines_of(editor.document)
        if not is_open_only or not line.text.get(language) or line.path in conflicts
    ]
    number = _page_number(request, len(lines))
    shown = lines[N_ON_A_PAGE * number : N_ON_A_PAGE * (number + 1)]
    return page(
        request,
        editor,
        "translate",
        _("Terjemahan"),
        language=language,
        language_name=NAMES.get(language, language),
        source=languages[0],
        source_name=NAMES.get(languages[0], languages[0]),
        others=[(code, NAMES.get(code, code)) for code in others],
        is_open_only=is_open_only,
        rows=[_row(line, languages[0], language, typed, conflicts) for line in shown],
        base=json.dumps({line.path: line.text.get(language, "") for line in shown}),
        pages=range(1, 2 + max(0, len(lines) - 1) // N_ON_A_PAGE),
        number=number + 1,
        n_missing=sum(not line.text.get(language) for line in lines),
    )


def _page_number(request: HttpRequest, n_lines: int) -> int:
    asked = request.GET.get("halaman", "1")
    number = int(asked) - 1 if asked.isdecimal() and len(asked) < 6 else 0
    return min(max(number, 0), max(0, n_lines - 1) // N_ON_A_PAGE)


def _row(
    line: Line,
    source: str,
    language: str,
    typed: Mapping[str, str],
    conflicts: Mapping[str, str],
) -> dict[str, Any]:
    words = line.text.get(language, "")
    return {
        "field": f"{FIELD}{line.path}",
        "path": line.path,
        "source": line.text.get(source, ""),
        "words": typed.get(line.path, words),
        "conflict": conflicts.get(line.path),
    }


def _typed(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix(FIELD): str(value).replace("\r\n", "\n").strip()
        for name, value in request.POST.items()
        if name.startswith(FIELD)
    }


def _save(
    request: HttpRequest, editor: Editor, language: str, typed: Mapping[str, str]
) -> tuple[bool, dict[str, str]]:
    """Write what was changed here; what somebody else changed too is given back."""
    base = _base(request.POST.get("base", ""))
    merged = Merged({}, {})

    def change(document: Document) -> Document:
        nonlocal merged
        lines = lines_of(document)
        stored = {line.path: line.text.get(language, "") for line in lines}
        known = {path: words for path, words in typed.items() if path in stored}
        merged = merge(known, base, stored)
        return translated(document, language, merged.words)

    if not act(request, editor, change):
        return False, {}
    editor.__dict__.pop("document", None)
    n = len(merged.words)
    done = ngettext("%(n)d terjemahan disimpan.", "%(n)d terjemahan disimpan.", n)
    messages.success(request, done % {"n": n})
    return True, merged.conflicts


def _base(text: str) -> dict[str, str]:
    """What the page showed, as it says itself; nonsense is taken for nothing."""
    try:
        base = json.loads(text)
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in base.items()} if isinstance(base, dict) else {}
