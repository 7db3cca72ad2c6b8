"""What a wall's page carries: what its first picture says, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from dashboard.boards.page import carried
from dashboard.domain.catalogue import CATALOGUE
from dashboard.widgets import layout

pytestmark = pytest.mark.usefixtures("plain_static")
GAUGE = {"id": "g", "kind": "gauge", "x": 0, "y": 0, "w": 6, "h": 5, "options": {"metric": "calls_waiting"}}


def names_in(context: Mapping[str, object]) -> set[str]:
    words = cast("Mapping[str, Any]", context["words"])
    return {key.removeprefix("metric.").removesuffix(".short") for key in words if key.startswith("metric.")}


def test_page_of_a_board_names_its_own_metrics_and_those_of_its_incidents() -> None:
    opening = {"seq": 1, "at": "", "frame": {"incidents": [{"metric": "abandon_ratio"}, {"kind": "data_lost"}]}}
    context = carried("ar", layout.read([GAUGE]), opening)
    assert names_in(context) == {"calls_waiting", "abandon_ratio"}
    assert set(cast("Mapping[str, Any]", context["catalogue"])) == {"calls_waiting", "abandon_ratio"}
    assert context["words_in_part"] is True
    assert "number.no_answer" in cast("Mapping[str, Any]", context["words"])


def test_page_that_waits_for_a_board_has_the_name_of_every_metric() -> None:
    context = carried("ar")
    assert names_in(context) == set(cast("Mapping[str, Any]", context["catalogue"])) == set(CATALOGUE)
    assert context["words_in_part"] is False
