"""The heights that a figure of an incident names."""

from __future__ import annotations

import pytest

from dashboard.domain.catalogue import Unit
from dashboard.incidents.drawing import scale


@pytest.mark.parametrize(
    ("top", "unit", "said"),
    [
        (40, Unit.SECONDS, ["0:00", "0:10", "0:20", "0:30", "0:40"]),
        (50_000, Unit.SECONDS, ["0 h", "4 h", "8 h", "12 h"]),
        (200_000, Unit.SECONDS, ["0 h", "12 h", "24 h", "36 h", "48 h"]),
        (3_000_000, Unit.SECONDS, ["0 d", "10 d", "20 d", "30 d"]),
        (2000, Unit.COUNT, ["0", "500", "1,000", "1,500", "2,000"]),
        (0.3, Unit.RATIO, ["0 %", "10 %", "20 %"]),
    ],
)
def test_scale_names_round_heights_of_its_unit(top: float, unit: Unit, said: list[str]) -> None:
    assert scale(top, unit)["ticktext"] == said
