"""Every Redis key, in one place: what it holds, its type, its life and who writes it.

Each function returns one key. Bytes are per key at the defaults; the sum for one account and one board is under 6 MB.

| key | type | holds | life | written by |
|---|---|---|---|---|
| reading(feed) | string | JSON of the last good reading | none (one per feed) | polling.poller |
| outcome(feed) | string | JSON of the last attempt: at, error, failures in a row | none (one per feed) | polling.poller |
| due | sorted set | feed id -> Unix time when it is due | none (one entry a feed) | polling.planner |
| in_flight(feed) | string | token of the poll under way | the poll's expiry | polling.planner, polling.poller |
| pause(account) | string | why the whole account waits | until it may ask again | polling.poller |
| stopped(account) | string | digest of the settings that were refused, and the error | until the settings change | polling.poller |
| backoff(account) | string | failures in a row of the account | 1 h after the last | polling.poller |
| budget(account, bucket) | list | logical times of the last `cap` grants | 1 h after the last | polling.budget |
| budget_clock(account, bucket) | hash | the logical clock of that list | 1 h after the last | polling.budget |
| limit(account) | string | requests a minute that the vendor grants, from its headers | 1 day | polling.poller |
| series(feed) | string | ring of fixed records, 24 h at the feed's interval | 2 days after the last write | store.series |
| agents(account) | string | JSON: who is in what state since when | 2 days after the last write | polling.poller |
| frame(board) | hash | seq, at, frame (JSON), judged (severities since) | none (one per board) | live.publish |
| watch | sorted set | board slug -> Unix time when somebody last watched | none (one entry a board) | live.hub |
| alive(part) | string | Unix time of the last sign of life of beat, worker | 1 h | config.celery, tasks |
| oauth(account) | string | encrypted access and refresh token | until the token ends | store.tokens |
| oauth_lock(account) | string | who renews | 30 s | store.tokens |
| painted(screen) | string | JSON: last painted frame of a viewer | 1 day | live.hub |
| PUSH (channel) | pub/sub | messages for every web process | - | live.publish |
"""

from __future__ import annotations

PREFIX = "ql:"
PUSH = f"{PREFIX}push"
DUE = f"{PREFIX}due"
WATCH = f"{PREFIX}watch"


def reading(feed_id: str) -> str:
    return f"{PREFIX}reading:{feed_id}"


def outcome(feed_id: str) -> str:
    return f"{PREFIX}outcome:{feed_id}"


def in_flight(feed_id: str) -> str:
    return f"{PREFIX}in_flight:{feed_id}"


def pause(account: str) -> str:
    return f"{PREFIX}pause:{account}"


def stopped(account: str) -> str:
    return f"{PREFIX}stopped:{account}"


def backoff(account: str) -> str:
    return f"{PREFIX}backoff:{account}"


def budget(account: str, bucket: str) -> str:
    return f"{PREFIX}budget:{{{account}:{bucket}}}:grants"


def budget_clock(account: str, bucket: str) -> str:
    return f"{PREFIX}budget:{{{account}:{bucket}}}:clock"


def limit(account: str) -> str:
    return f"{PREFIX}limit:{account}"


def series(feed_id: str) -> str:
    return f"{PREFIX}series:{feed_id}"


def agents(account: str) -> str:
    return f"{PREFIX}agents:{account}"


def frame(board: str) -> str:
    return f"{PREFIX}frame:{board}"


def alive(part: str) -> str:
    return f"{PREFIX}alive:{part}"


def oauth(account: str) -> str:
    return f"{PREFIX}oauth:{account}"


def oauth_lock(account: str) -> str:
    return f"{PREFIX}oauth_lock:{account}"


def painted(viewer: str) -> str:
    return f"{PREFIX}painted:{viewer}"
