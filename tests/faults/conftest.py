"""What these tests share with the rooms whose faults they try."""

from __future__ import annotations

from tests.live.conftest import key

__all__ = ["key"]
