"""What is asked, and how often."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from config.env import KayakoEnv, ZendeskEnv
from dashboard.domain.feeds import TALK, Endpoint, Feed
from dashboard.polling.buckets import expected_buckets
from dashboard.polling.feeds import DESK, Plan, board_feeds, planned
from dashboard.widgets.defaults import kayako


@dataclass(frozen=True)
class SomeBoard:
    slug: str = "main"
    account: str = "main"
    line_ids: list[int] = field(default_factory=list)
    group_ids: list[int] = field(default_factory=list)
    widgets: list[object] | None = None


QUEUE, AGENTS = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.AGENTS)
ACCOUNT, OVERVIEW = Feed("main", Endpoint.ACCOUNT), Feed("main", Endpoint.AGENTS_OVERVIEW)


def test_planned_for_a_watched_board_uses_the_defaults() -> None:
    plans = planned([SomeBoard()], {"main"})

    assert {feed: plan.interval_s for feed, plan in plans.items()} == {QUEUE: 1.0, AGENTS: 5.0, ACCOUNT: 15.0, OVERVIEW: 30.0}
    assert all(plan.watched for plan in plans.values())


def test_planned_for_an_unwatched_board_asks_less_often() -> None:
    plans = planned([SomeBoard()], set())

    assert {feed: plan.interval_s for feed, plan in plans.items()} == {QUEUE: 5.0, AGENTS: 10.0, ACCOUNT: 30.0, OVERVIEW: 60.0}
    assert not any(plan.watched for plan in plans.values())


def test_planned_for_boards_on_the_same_lines_shares_their_feeds() -> None:
    boards = [SomeBoard("a", line_ids=[2, 1, 2]), SomeBoard("b", line_ids=[1, 2])]
    plans = planned(boards, {"b"})

    assert [feed.id for feed in plans if feed.endpoint is Endpoint.QUEUE] == ["main:current_queue_activity:1,2"]
    assert plans[Feed("main", Endpoint.QUEUE, (1, 2))].watched


def test_board_feeds_filters_lines_and_groups_where_the_vendor_can() -> None:
    feeds = board_feeds(SomeBoard(line_ids=[7], group_ids=[9]))

    assert {endpoint: feed.filter_ids for endpoint, feed in feeds.items()} == {
        Endpoint.QUEUE: (7,),
        Endpoint.AGENTS: (9,),
        Endpoint.ACCOUNT: (7,),
        Endpoint.AGENTS_OVERVIEW: (),
    }


def test_planned_for_more_boards_than_the_budget_carries_slows_all_of_the_bucket() -> None:
    boards = [SomeBoard(str(number), line_ids=[number]) for number in range(20)]
    plans = planned(boards, {board.slug for board in boards})
    queues = [plan.interval_s for feed, plan in plans.items() if feed.endpoint is Endpoint.QUEUE]

    pace_per_s = expected_buckets()["queue"].pace_per_s
    assert sum(1 / each for each in queues) == pytest.approx(pace_per_s)
    assert len(set(queues)) == 1
    assert queues[0] == pytest.approx(20 / pace_per_s)
    assert 6.0 < pace_per_s < 2000 / 315


def test_planned_for_no_boards_is_empty() -> None:
    assert planned([], {"main"}) == {}


TICKETS, TIMES, SLA = (Feed("main", endpoint) for endpoint in (Endpoint.TICKETS, Endpoint.TICKET_METRICS, Endpoint.SLA))
BACKLOG = {"id": "a", "kind": "number", "x": 0, "y": 0, "w": 6, "h": 5, "options": {"metric": "tickets_unsolved"}}


def test_board_feeds_has_the_feeds_of_tickets_that_its_widgets_show_and_no_others(settings: Any) -> None:
    board = SomeBoard(group_ids=[9], widgets=[BACKLOG])

    assert [feed.id for feed in board_feeds(board).values() if feed.endpoint not in TALK] == ["main:tickets:9"]
    settings.ENV = replace(settings.ENV, tickets=False)
    assert all(feed.endpoint in TALK for feed in board_feeds(board).values())


def test_planned_always_reads_all_tickets_slowly_while_nobody_looks(settings: Any) -> None:
    settings.ENV = replace(settings.ENV, zendesk=ZendeskEnv("https://example.zendesk.com", email="a@example.com", api_token="x"))

    assert {feed: plan.interval_s for feed, plan in planned([], set()).items()} == {TICKETS: 30.0, TIMES: 60.0, SLA: 60.0}
    assert {feed: plan.interval_s for feed, plan in planned([], {DESK}).items()} == {TICKETS: 15.0, TIMES: 60.0, SLA: 30.0}
    settings.ENV = replace(settings.ENV, tickets=False)
    assert planned([], set()) == {}


def test_planned_for_a_group_that_is_watched_or_judged_reads_all_tickets_as_often() -> None:
    board = SomeBoard(group_ids=[9], widgets=[BACKLOG])
    of_group = Feed("main", Endpoint.SLA, (4,))
    plans = planned([board], {"main"}, [of_group])

    assert plans[TICKETS] == plans[Feed("main", Endpoint.TICKETS, (9,))]
    assert plans[TICKETS].watched
    assert plans[SLA] == plans[of_group]
    assert plans[SLA].interval_s == 30.0


def test_planned_asks_of_zendesk_and_kayako_what_is_set_up(settings: Any) -> None:
    zendesk, site = ZendeskEnv("https://example.zendesk.com", oauth_token="x"), KayakoEnv("https://example.kayako.com", oauth_token="x")
    board = SomeBoard("a", widgets=list(kayako()))
    for has_zendesk, has_kayako in ((True, True), (True, False), (False, True)):
        settings.ENV = replace(settings.ENV, zendesk=zendesk if has_zendesk else None, kayako=site if has_kayako else None)
        found = planned([board], {"a"}, [Feed("main", Endpoint.QUEUE), Feed("kayako", Endpoint.CASES)])
        assert {feed.account for feed in found} == {name for name, there in (("main", has_zendesk), ("kayako", has_kayako)) if there}
    plans = planned([], set())
    assert plans == {Feed("kayako", Endpoint.CASES): Plan(60.0, False)}, "also while no board shows it"
