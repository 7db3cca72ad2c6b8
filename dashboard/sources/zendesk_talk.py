"""Zendesk Talk: a feed goes in, a typed reading comes out.

In:  a feed, the account's client. Out: `Answered`, or one SourceError. For agents all pages or nothing.
Must not keep anything between two reads, decide when to ask, or store what it got.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.readings import AgentActivity, AgentsActivity, Reading
from dashboard.sources import decode
from dashboard.sources.errors import ErrorKind, SourceError, http_date
from dashboard.sources.http import Answer, VendorClient
from dashboard.sources.rates import rates

STATS_PATH = "/api/v2/channels/voice/stats/"
MOST_FILTER_IDS = 100
MOST_PAGES = 100
MOST_AGENTS = 10_000
# All requests of one read, pages and a renewed token included.
READ_S = 30.0

_FILTERS = {Endpoint.QUEUE: "phone_number_ids", Endpoint.ACCOUNT: "phone_number_ids", Endpoint.AGENTS: "group_ids"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A good answer and what its headers said. None: they did not say.

    `limit_per_minute` and `remaining` are the account's request limit; `server_date` is the vendor's clock (aware UTC) when it answered;
    `requests` is how many were sent to the stats endpoint. `done_count` of `total_count` (None: not known): a first reading is under way,
    and the reading has only the numbers that what has come so far can tell; None: it is whole.
    """

    reading: Reading
    limit_per_minute: int | None
    remaining: int | None
    server_date: datetime | None
    requests: int
    done_count: int | None = None
    total_count: int | None = None


def _nothing() -> None:
    return None


class ZendeskTalk:
    """One account's stats. Thread-safe."""

    def __init__(self, client: VendorClient, *, read_s: float = READ_S) -> None:
        self._client = client
        self._read_s = read_s

    def __repr__(self) -> str:
        return f"ZendeskTalk({self._client!r})"

    def close(self) -> None:
        """Closes the connections to the account."""
        self._client.close()

    def read(self, feed: Feed, *, before_request: Callable[[], None] = _nothing) -> Answered:
        """Asks once, within 30 s, the time that `before_request` takes included.

        `before_request` is called before each HTTP request to a stats endpoint, pages and repeats too; what it raises ends the read and
        comes through. SourceError for everything else that prevents a reading.
        """
        deadline = time.monotonic() + self._read_s
        params = _params(feed)
        path = STATS_PATH + feed.endpoint.value
        if feed.endpoint is Endpoint.AGENTS:
            return self._agents(path, params, before_request, deadline)
        answer = self._client.get_json(path, params, before_request=before_request, deadline=deadline)
        body, unknown = decode.totals(feed.endpoint, _member(answer.json, feed.endpoint.value))
        return _answered(Reading(body, answer.at, unknown), answer, answer.requests)

    def _agents(self, path: str, params: dict[str, str], before_request: Callable[[], None], deadline: float) -> Answered:
        what = Endpoint.AGENTS.value
        agents: dict[int, AgentActivity] = {}
        unknown: dict[str, object] = {}
        asked: set[str] = set()
        requests = 0
        link: str | None = path
        query: dict[str, str] | None = params
        while link is not None:
            if link in asked or len(asked) >= MOST_PAGES:
                raise SourceError(ErrorKind.INVALID, f"The vendor's pages of agents do not end (after {len(asked)}).")
            asked.add(link)
            answer = self._client.get_json(link, query, before_request=before_request, deadline=deadline)
            requests += answer.requests
            page = _member(answer.json, what)
            if not isinstance(page, list):
                raise SourceError(
                    ErrorKind.INVALID, f"The vendor's answer is wrong: {what} is {'missing' if page is None else 'not a list'}."
                )
            for position, entry in enumerate(page, len(agents)):
                agent, extra = decode.agent(entry, f"{what}[{position}]")
                agents[agent.agent_id] = agent  # one who moved to a later page while we read is there with the newer numbers
                unknown = unknown or extra
            if len(agents) > MOST_AGENTS:
                raise SourceError(ErrorKind.TOO_LARGE, f"The vendor's answer lists more than {MOST_AGENTS} agents.")
            link, query = _next_page(answer.json), None
        return _answered(Reading(AgentsActivity(tuple(agents.values())), answer.at, unknown), answer, requests)


def _params(feed: Feed) -> dict[str, str]:
    if not feed.filter_ids:
        return {}
    name = _FILTERS.get(feed.endpoint)
    if name is None:
        raise SourceError(ErrorKind.INVALID, f"The vendor cannot filter {feed.endpoint.value}.")
    if len(feed.filter_ids) > MOST_FILTER_IDS:
        raise SourceError(
            ErrorKind.INVALID, f"The vendor filters by at most {MOST_FILTER_IDS} lines or groups, not {len(feed.filter_ids)}."
        )
    return {name: ",".join(map(str, feed.filter_ids))}


def _member(answer: object, name: str) -> object:
    if not isinstance(answer, dict):
        raise SourceError(ErrorKind.INVALID, "The vendor's answer is not an object.")
    return answer.get(name)


def _next_page(answer: object) -> str | None:
    """The link to the next page; None after the last. Cursor answers end by `meta.has_more`: their link is there even at the end."""
    if not isinstance(answer, dict):
        return None
    meta, links = answer.get("meta"), answer.get("links")
    if isinstance(meta, dict) and "has_more" in meta:
        if not meta["has_more"]:
            return None
        link = links.get("next") if isinstance(links, dict) else None
        if link is None:
            raise SourceError(ErrorKind.INVALID, "The vendor promises another page of agents and gives no link to it.")
    else:
        link = answer.get("next_page")
    if link is None or link == "":
        return None
    if not isinstance(link, str):
        raise SourceError(ErrorKind.INVALID, "The vendor's answer is wrong: next_page is not text.")
    return link


def _answered(reading: Reading, answer: Answer, requests: int) -> Answered:
    granted = rates(answer.headers)
    server_date = http_date(answer.headers.get("date", ""))
    return Answered(reading, granted.limit_per_minute, granted.remaining, server_date, requests)
