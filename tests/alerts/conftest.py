"""What most tests of telling begin with: a clock that is moved by hand, and a mail server that notes what it got."""

from __future__ import annotations

import pytest

from tests.alerts.telling import Clock, MailServer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> MailServer:
    return MailServer()
