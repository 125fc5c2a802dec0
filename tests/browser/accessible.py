"""What each page must pass: axe-core, both colour schemes, narrow, and large text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

AXE = next((Path(__file__).parent.parent / "vendor").glob("axe-core-*.min.js"))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = {"width": 320, "height": 640, "reduced_motion": "reduce"}
"""1280 pixels at 400 %, or 640 at 200 %; colours are measured when they are at rest."""

ROOT_SIZE = "getComputedStyle(document.documentElement).fontSize"
RUN = """async ([tags, rules]) => {
    const only = rules ?? tags;
    const found = await axe.run(document, {
        runOnly: { type: rules ? "rule" : "tag", values: only },
        rules: rules ? {} : { "target-size": { enabled: true } },
        resultTypes: ["violations"],
    });
    return found.violations.map(
        ({ id, nodes }) => `${id} ${nodes.map((node) => node.html.slice(0, 90))}`);
}"""
CUT = """() => {
    const root = document.scrollingElement;
    const found = root.scrollWidth > innerWidth ? [`${root.scrollWidth} px wide`] : [];
    // The box in which a text may be seen; none where it is only for screen readers.
    const frame = (element) => {
        const seen = { left: 0, right: innerWidth, bottom: Infinity };
        for (let one = element; one !== document.body; one = one.parentElement) {
            const { clipPath, overflow } = getComputedStyle(one);
            if (clipPath !== "none" || one.matches(".skip")) return undefined;
            if (overflow === "visible") continue;
            const box = one.getBoundingClientRect();
            seen.left = Math.max(seen.left, box.left);
            seen.right = Math.min(seen.right, box.right);
            seen.bottom = Math.min(seen.bottom, box.bottom);
        }
        return seen;
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const parent = texts.currentNode.parentElement;
        const words = texts.currentNode.data.trim();
        const seen = words && parent.checkVisibility() && frame(parent);
        if (!seen) continue;
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        const { left, right, bottom } = range.getBoundingClientRect();
        const isCut = left < seen.left - 1 || right > seen.right + 1
            || bottom > seen.bottom + 1;
        if (isCut) found.push(`cut: ${words}`);
    }
    return found;
}"""


class Inspector:
    """Looks at one state of a page after the other and gathers what is wrong."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def look(self, page: Any, title: str) -> None:
        """At the page that now shows ``title`` as its visible first heading."""
        page.locator(":is(h1, h3):visible", has_text=title).first.wait_for()
        faults = violations(page)
        page.emulate_media(color_scheme="dark")
        faults += [f"dark: {fault}" for fault in violations(page, ["color-contrast"])]
        page.emulate_media(color_scheme="light")
        faults += page.evaluate(CUT)
        with text_twice_as_large(page):
            faults += [f"large text: {fault}" for fault in page.evaluate(CUT)]
        self.found += [f"{title}: {fault}" for fault in faults]

    def report(self) -> str:
        """One line for each fault; "" when every state passed."""
        return "\n".join(self.found)


def violations(page: Any, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds by all rules of WCAG 2.2 AA, or by these alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN, [TAGS, rules])
    return found


@contextmanager
def text_twice_as_large(page: Any) -> Iterator[None]:
    """What a reader sets in the browser; pictures and lines keep their size."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    yield
    assert page.evaluate(ROOT_SIZE) == "32px"
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    session.detach()
