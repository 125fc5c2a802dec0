"""The QR of a letter holds the link: read back, module by module (ISO/IEC 18004)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveys.people.invitations import qr_svg

LINK = "https://survei.contoh.go.id/survei/7Q2M-XKDP-40RT/"
MARGIN = 4
SIZE = 33
"""Version 4. With correction M: two blocks of 32 data and 18 check words."""

N_BLOCKS, N_DATA, N_CHECK = 2, 32, 18
FORMAT_MASK = 0b101010000010010
LEVEL_M = 0b00
MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)


def modules_of(svg: str) -> list[list[bool]]:
    """The dark modules that the one path of the SVG draws, margin cut off."""
    viewed = re.search(r'viewBox="0 0 (\d+) \1"', svg)
    path = re.search(r' d="([^"]+)"', svg)
    assert viewed is not None
    assert path is not None
    dark = [[False] * int(viewed[1]) for _ in range(int(viewed[1]))]
    x, y = 0.0, 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if kind == "h":
            for step in range(int(values[0])):
                dark[int(y)][int(x) + step] = True
            x += values[0]
        elif kind == "m":
            x, y = x + values[0], y + values[1]
        else:
            x, y = values
    return [row[MARGIN:-MARGIN] for row in dark[MARGIN:-MARGIN]]


def format_of(modules: list[list[bool]]) -> tuple[int, int]:
    """Level of correction and number of the mask."""
    places = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)]
    places += [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    bits = "".join(str(int(modules[r][c])) for r, c in places)
    text = f"{int(bits, 2) ^ FORMAT_MASK:015b}"
    return int(text[:2], 2), int(text[2:5], 2)


def is_pattern(row: int, column: int) -> bool:
    """Finders with format, timing, and the one alignment pattern."""
    low, high = 9, SIZE - 8
    corner = (row < low and (column < low or column >= high)) or (
        row >= high and column < low
    )
    aligns = all(SIZE - 9 <= place <= SIZE - 5 for place in (row, column))
    return corner or aligns or 6 in (row, column)


def words_of(modules: list[list[bool]], mask: int) -> list[int]:
    """All code words, in the zigzag from the lower right."""
    bits = [
        modules[r][c] ^ MASKS[mask](r, c) for r, c in zigzag() if not is_pattern(r, c)
    ]
    return [
        int("".join(str(int(bit)) for bit in bits[i : i + 8]), 2)
        for i in range(0, len(bits) - 7, 8)
    ]


def zigzag() -> Iterator[tuple[int, int]]:
    is_up = True
    for right in (*range(SIZE - 1, 6, -2), 5, 3, 1):
        for row in range(SIZE)[:: -1 if is_up else 1]:
            yield from ((row, right), (row, right - 1))
        is_up = not is_up


def is_intact(block: list[int]) -> bool:
    """Whether all syndromes of the Reed-Solomon code over GF(256) are zero."""

    def times(a: int, b: int) -> int:
        product = 0
        while b:
            product ^= a * (b & 1)
            a = a << 1 ^ (0x11D if a & 0x80 else 0)
            b >>= 1
        return product

    root = 1
    for _ in range(N_CHECK):
        syndrome = 0
        for word in block:
            syndrome = times(syndrome, root) ^ word
        if syndrome:
            return False
        root = times(root, 2)
    return True


def test_the_square_reads_as_the_link() -> None:
    modules = modules_of(qr_svg(LINK))
    assert len(modules) == SIZE
    level, mask = format_of(modules)
    assert level == LEVEL_M
    words = words_of(modules, mask)
    data, checks = words[: N_BLOCKS * N_DATA], words[N_BLOCKS * N_DATA :]
    blocks = [data[i::N_BLOCKS] + checks[i::N_BLOCKS] for i in range(N_BLOCKS)]
    assert all(is_intact(block) for block in blocks)
    stream = "".join(f"{word:08b}" for block in blocks for word in block[:N_DATA])
    kind, length = stream[:4], int(stream[4:12], 2)
    text = bytes(int(stream[i : i + 8], 2) for i in range(12, 12 + 8 * length, 8))
    assert (kind, text.decode()) == ("0100", LINK)


def test_it_is_one_small_picture_without_script_or_style() -> None:
    svg = qr_svg(LINK)
    assert svg.startswith("<svg ")
    assert len(svg) < 6000
    assert "style" not in svg
    assert "script" not in svg
