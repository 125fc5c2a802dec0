"""Pages with gaps: what is filled in is what would have been rendered."""

from __future__ import annotations

import gzip

from hypothesis import given
from hypothesis import strategies as st

from surveys.answering.stencils import cut

texts = st.text(st.characters(codec="utf-8", exclude_characters="|"), max_size=300)


@given(st.lists(texts, min_size=1, max_size=4), st.binary(max_size=120))
def test_a_filled_stencil_is_the_page(stretches: list[str], value: bytes) -> None:
    expected = value.join(stretch.encode() for stretch in stretches)
    stencil = cut("|".join(stretches), "|")
    assert gzip.decompress(stencil.gzipped(value)) == expected
    assert stencil.plain(value) == expected
