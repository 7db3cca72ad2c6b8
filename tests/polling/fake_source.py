"""A source that answers what it is told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dashboard.domain.feeds import Feed
from dashboard.domain.readings import Body, QueueActivity, Reading
from dashboard.sources.errors import SourceError
from dashboard.sources.zendesk_talk import Answered

NOW = datetime(2026, 11, 21, 9, 0, 0, tzinfo=UTC)


def answered(
    body: Body | None = None, *, at: datetime = NOW, limit_per_minute: int | None = None, remaining: int | None = None, requests: int = 1
) -> Answered:
    return Answered(Reading(body or QueueActivity(calls_waiting=3), at), limit_per_minute, remaining, None, requests)


@dataclass
class FakeSource:
    """Gives one of `answers` a read, the last one for ever. Each read sends `requests` requests."""

    answers: list[Answered | SourceError]
    requests: int = 1
    sent: int = 0
    asked: list[Feed] = field(default_factory=list)

    def read(self, feed: Feed, *, before_request: Callable[[], None]) -> Answered:
        self.asked.append(feed)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        for _ in range(self.requests):
            before_request()
            self.sent += 1
        if isinstance(answer, SourceError):
            raise answer
        return answer
