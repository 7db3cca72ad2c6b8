"""The bytes of one minute: a version, one tag a metric, then the metrics' numbers in the same order.

In:  min, mean, max, last and marks by column. Out: bytes, and any one column of them again without reading the others.
Which metric a column is, the row's layout says (layouts.py). Must not know the catalogue or the database.

A tag is a kind (six bits), a reset (0x40) and a correction (0x80). Of a metric that did not change there is one number; of one that did:
min, max - min, last - min, and where between min and max the mean lies, in 65,535ths. Whole numbers up to 2^32 - 1 take 1, 2 or 4 bytes,
others 8 (IEEE 754 double); both come back exactly as they were, the mean to 1/131,070 of the span.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from dashboard.domain.minutes import Folded

VERSION = 1
LARGEST = 1e15  # beyond it a double no longer holds every whole number

_RESET, _CORRECTED, _KIND = 0x40, 0x80, 0x3F
_MEAN = 0xFFFF
_ABSENT = 0
# Never change these: what is stored refers to them by place. New kinds go at the end.
_CONSTANT = {"B": 1, "H": 2, "I": 3, "d": 4}
_VARYING = {("B", "B"): 5, ("H", "B"): 6, ("H", "H"): 7, ("I", "B"): 8, ("I", "H"): 9, ("I", "I"): 10, ("d", "d"): 11}
_FORMATS: dict[int, struct.Struct] = {
    _ABSENT: struct.Struct("<"),
    **{kind: struct.Struct(f"<{width}") for width, kind in _CONSTANT.items()},
    **{kind: struct.Struct(f"<{width}{delta}{delta}H") for (width, delta), kind in _VARYING.items()},
}
_LAST_CONSTANT, _DOUBLES = 4, 11
# By tag, for bytes.translate: how many bytes the metric takes.
_SIZES = bytes(_FORMATS[tag & _KIND].size if tag & _KIND in _FORMATS else 0 for tag in range(256))
_KNOWN = bytes(tag for tag in range(256) if tag & _KIND in _FORMATS)


class UnreadableError(ValueError):
    """The bytes are not a minute of this version: damaged, or written by a newer Queuelight."""


def packed(columns: Sequence[Folded | None]) -> bytes:
    """One minute. None: the metric has no value in it. ValueError for a number that is not finite or beyond 1e15."""
    tags = bytearray()
    numbers = bytearray()
    for column in columns:
        if column is None:
            tags.append(_ABSENT)
            continue
        kind, body = _packed_one(column)
        tags.append(kind | _RESET * column.reset | _CORRECTED * column.corrected)
        numbers += body
    return bytes((VERSION, *tags)) + bytes(numbers)


def unpacked(row: bytes, count: int, index: int) -> Folded | None:
    """The column `index` of the `count` that the row's layout has; None when the metric had no value. UnreadableError."""
    tag = row[1 + index] if 0 <= index < count < len(row) and row[0] == VERSION else -1
    if tag == _ABSENT:
        return None
    kind = tag & _KIND
    tags = row[1 : 1 + index]
    if tag < 0 or kind not in _FORMATS or tags.translate(None, _KNOWN):
        raise UnreadableError(f"not a minute of version {VERSION} with {count} metrics")
    try:
        values = _FORMATS[kind].unpack_from(row, 1 + count + sum(tags.translate(_SIZES)))
    except struct.error as error:
        raise UnreadableError("a minute that ends too soon") from error
    return _unpacked_one(kind, values, reset=bool(tag & _RESET), corrected=bool(tag & _CORRECTED))


def _unpacked_one(kind: int, values: tuple[float, ...], *, reset: bool, corrected: bool) -> Folded:
    lowest = values[0]
    if kind <= _LAST_CONSTANT:
        return Folded(lowest, lowest, lowest, lowest, reset, corrected)
    if kind == _DOUBLES:
        _, highest, last, where = values
    else:
        highest, last, where = lowest + values[1], lowest + values[2], values[3]
    mean = min(highest, lowest + (highest - lowest) * where / _MEAN)
    return Folded(lowest, mean, highest, last, reset, corrected)


def _packed_one(column: Folded) -> tuple[int, bytes]:
    lowest, highest, last = column.min, column.max, column.last
    for number in (lowest, column.mean, highest, last):
        if not abs(number) <= LARGEST:
            raise ValueError(f"{number} cannot be kept")
    span = highest - lowest
    widths = _widths(lowest, highest, last)
    if span == 0:
        kind = _CONSTANT[widths[0]]
        return kind, _FORMATS[kind].pack(lowest if widths[0] == "d" else int(lowest))
    kind = _VARYING[widths]
    where = min(_MEAN, max(0, round((column.mean - lowest) / span * _MEAN)))
    if kind == _DOUBLES:
        return kind, _FORMATS[kind].pack(lowest, highest, last, where)
    return kind, _FORMATS[kind].pack(int(lowest), int(span), int(last - lowest), where)


def _widths(lowest: float, highest: float, last: float) -> tuple[str, str]:
    """The narrowest formats of the lowest value and of the distances from it."""
    whole = all(number == int(number) for number in (lowest, highest, last))
    if not whole or lowest < 0 or highest >= 2**32:
        return "d", "d"
    delta = _width(highest - lowest)
    return max(_width(lowest), delta, key="BHI".index), delta


def _width(number: float) -> str:
    return "B" if number < 2**8 else "H" if number < 2**16 else "I"
