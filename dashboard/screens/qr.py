"""A QR code as one path: what a page needs to draw it, without a line of markup from outside.

In:  a text such as an address. Out: its side in modules and an SVG path. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import segno

BORDER = 2


@dataclass(frozen=True, slots=True)
class Qr:
    """`path` draws the dark modules as strokes of width 1 in a square of `side`, the quiet border included."""

    side: int
    path: str


def qr_of(text: str) -> Qr:
    """With a medium share of error correction: TVs reflect."""
    rows = [list(row) for row in segno.make(text, micro=False, error="m").matrix_iter(border=BORDER)]
    parts = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            width = 1
            while x + width < len(row) and row[x + width] == row[x]:
                width += 1
            if row[x]:
                parts.append(f"M{x} {y}.5h{width}")
            x += width
    return Qr(len(rows), "".join(parts))
