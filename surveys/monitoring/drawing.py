"""Vega-Lite specifications drawn to SVG on the server, in the page's own colours.

Beside each picture stands a table, so the picture is hidden from screen readers. The
SVG carries no ``style``: our content policy would drop it.
"""

from __future__ import annotations

import hashlib
import re

import vl_convert
from django.core.cache import cache
from django.utils.safestring import SafeString

CACHED_SECONDS = 24 * 60 * 60

TOKENS = {
    "#E2D8C7": "line",
    "#5F676B": "ink-3",
    "#46525A": "ink-2",
    "#17506F": "nila",
    "#8F4A10": "soga",
    "#4F8FB3": "interval",
    "#3F83AA": "interval-tied",
    "#857B6B": "edge",
}
"""Colours of the light theme, and the page's token that takes their place."""

COLOUR = {name: colour for colour, name in TOKENS.items()}


def drawn(specification: str) -> SafeString:
    """Drawn once for each specification: two readers of the same rows share it."""
    key = "chart:" + hashlib.sha256(specification.encode()).hexdigest()
    svg: str | None = cache.get(key)
    if svg is None:
        svg = for_page(vl_convert.vegalite_to_svg(specification))
        cache.set(key, svg, CACHED_SECONDS)
    # The SVG is the renderer's; words from our data were escaped by it.
    return SafeString(svg)


def for_page(svg: str) -> str:
    """The SVG with the page's colours and font, silent for screen readers.

    >>> for_page('<svg><path role="x" fill="#17506F"/></svg>')
    '<svg aria-hidden="true" focusable="false"><path fill="var(--nila)"/></svg>'
    """
    svg = re.sub(r' (?:aria-[a-z]+|role|font-family|class)="[^"]*"', "", svg)
    for colour, token in TOKENS.items():
        svg = svg.replace(f'"{colour}"', f'"var(--{token})"')
    return svg.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)
