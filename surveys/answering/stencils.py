"""A page rendered and compressed once, with a gap that each reader gets filled. Pure.

The form of a layout is the same for everybody but for the ballot in it; rendering and
compressing it anew would cost fifty times what filling the gap does.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LONGEST_STORED = 0xFFFF


@dataclass(frozen=True)
class Part:
    """A stretch without gaps: its size, deflated, and what it does to the checksum.

    CRC-32 over the stretch is an affine function of the bits of the sum before it:
    ``sums`` holds its value at zero, then what each of the 32 bits changes in it.
    """

    size: int
    deflated: bytes
    sums: tuple[int, ...]

    def checksum(self, before: int) -> int:
        """CRC-32 of everything up to the end of this stretch."""
        result = self.sums[0]
        for bit in range(32):
            if before >> bit & 1:
                result ^= self.sums[bit + 1]
        return result


@dataclass(frozen=True)
class Stencil:
    """The stretches between the gaps."""

    parts: tuple[Part, ...]

    def gzipped(self, value: bytes) -> bytes:
        """The page with ``value`` in each gap, as a gzip file."""
        length = len(value)
        stored = struct.pack("<BHH", 0, length, length ^ _LONGEST_STORED) + value
        first, *rest = self.parts
        pieces, checksum, size = (
            [_GZIP_HEADER, first.deflated],
            first.sums[0],
            first.size,
        )
        for part in rest:
            pieces += (stored, part.deflated)
            checksum = part.checksum(zlib.crc32(value, checksum))
            size += length + part.size
        return b"".join((*pieces, struct.pack("<II", checksum, size)))

    def plain(self, value: bytes) -> bytes:
        """The page with ``value`` in each gap.

        >>> cut("<p>|</p>", "|").plain(b"AB12")
        b'<p>AB12</p>'
        """
        return zlib.decompress(self.gzipped(value), wbits=31)


def cut(page: str, gap: str) -> Stencil:
    """The stencil of a page that holds the text ``gap`` where something is to go."""
    *stretches, last = (stretch.encode() for stretch in page.split(gap))
    parts = [_part(stretch, zlib.Z_FULL_FLUSH) for stretch in stretches]
    return Stencil((*parts, _part(last, zlib.Z_FINISH)))


def _part(data: bytes, end: int) -> Part:
    deflate = zlib.compressobj(9, wbits=-15)
    deflated = deflate.compress(data) + deflate.flush(end)
    at_zero = zlib.crc32(data)
    changes = (zlib.crc32(data, 1 << bit) ^ at_zero for bit in range(32))
    return Part(len(data), deflated, (at_zero, *changes))
