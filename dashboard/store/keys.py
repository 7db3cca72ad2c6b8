"""Every Redis key, in one place: what it holds, its type, its life and who writes it.

Each function returns one key. The sum for one account and one board at the default intervals is under 20 MB, and who was in
what state takes up to 60 kB an agent more; the rows of a feed of tickets usually 3 MB, 17 MB at most.

| key | type | holds | life | written by |
|---|---|---|---|---|
| reading(feed) | string | JSON of the last good reading | none (one per feed) | polling.poller |
| outcome(feed) | string | JSON of the last attempt: at, error, failures in a row | none (one per feed) | polling.poller |
| due | sorted set | feed id -> Unix microseconds when it is due | none (one entry a feed) | polling.planner, polling.account |
| not_before | sorted set | feed id -> Unix time before which it is not asked (back-off, budget) | until it succeeds | polling.account |
| in_flight | hash | feed id -> token of the poll under way, and when that claim ends | none (one entry a poll) | polling.planner |
| pause(account) | string | JSON: why the whole account waits, and until when | until it may ask again | polling.account |
| stopped(account) | string | JSON: the refused settings' digest, the error | new settings, a worker's start, success | polling.account |
| backoff(account) | string | failures in a row of the account | 1 h after the last | polling.account |
| budget(account, bucket) | hash | the log of grants: server, name, count, floor | 1 h after the last look | polling.budget |
| budget_host(account, bucket, boot) | hash | what one host saw of that log | 1 h after the last look | polling.budget |
| budget_notes(account, bucket, boot) | list | its notes "time count", one window (257) | 1 h after the last look | polling.budget |
| limit(account) | string | requests a minute that the vendor grants, from its headers | 1 day | polling.buckets |
| slow(account) | string | the vendor's limit is nearly used up (by others): few requests for now | 5 s | polling.account |
| series(feed) | string | ring of fixed records, 48 h (bytes: store/series.py) | 2 days after the last write | store.series |
| roster(feed, block) | string | lines: who was in what state in these ten minutes (store/rosters.py) | 2 days and 20 min | polling.poller |
| past_rows(feed, block) | string | lines: groups or targets of ten minutes (store/past_rows.py) | 2 days and 20 min | polling.poller |
| troubles(account) | list | JSON: what began or ended to fail when, at most 6,000 | none (one each) | polling.poller, polling.account |
| agents(account) | hash | agents feed -> JSON: who is in what state since when | 2 days after the last write | polling.poller |
| frame(board) | hash | seq, at, frame (JSON), charts_at (Unix time) | none (one per board) | live.publish |
| drawn(digest) | string | JSON: a chart, when it was drawn (Unix time), for how long that is fresh | 45 s to 30 min | live.past |
| flow(feed) | string | JSON: what flowed through the queue in 15 minutes, as of when | 30 s | live.flow |
| drawn(digest):claim | string | a worker draws it now | 30 s at most | live.past |
| watch | sorted set | board slug -> Unix time when somebody last watched | 1 day an entry | live.exchange, api.frame |
| alive(part) | string | Unix time of the last sign of life of beat, worker, web | 1 h | config.celery, polling.rounds, live.exchange |
| DATABASE_REFUSES | string | why our database takes nothing, as the end of a sentence | 10 s, while it is so | tasks |
| oauth(account) | string | encrypted access and refresh token | until the token ends | store.tokens |
| oauth_lock(account) | string | who renews | 13 s, renewed before each request | store.tokens |
| painted(viewer) | string | JSON: what a viewer last painted, and when (store/painted.py) | 1 day | live.exchange |
| attempts(who) | string | wrong pairing codes that a person or an address typed | 10 min from the first | screens.attempts |
| draft(person, slot) | string | JSON: what a person sent with a form of the desk (desk/drafts.py) | 4 h | desk.drafts |
| drafts(person) | string | how many of them there were; the slot comes from it | 4 h after the last | desk.drafts |
| SILENCE | hash | screen id -> its silence so far (alerts/screens.py) | 1 h after the last look | alerts.screens |
| turn(work) | string | set while somebody does what is done every few seconds | that long | screens.seen |
| TASKS | list | tasks that wait for a worker, at most 1,000; other keys below ql:celery: are Celery's | none | Celery, config.celery |
| held(feed or account) | hash | at, notes, rule id -> JSON: held between two readings | 2 days after the last write | alerts.holding |
| BOARDS | string | JSON of all boards, for a worker that begins without the database | 7 days after the last write | polling.boards |
| RULES_VERSION | string | grows with each change of a rule: workers load the rules anew | none | alerts.rules |
| incidents(account) | string | JSON list of the open incidents, as boards show them | 1 h after the last write | alerts.shown |
| SWEPT | hash | what the tick does less often -> Unix time when it last did | none (two entries) | alerts.sweep |
| PUSH (channel) | pub/sub | messages for every web process | - | live.publish |
"""

from __future__ import annotations

PREFIX = "ql:"
PUSH = f"{PREFIX}push"
DUE = f"{PREFIX}due"
NOT_BEFORE = f"{PREFIX}not_before"
IN_FLIGHT = f"{PREFIX}in_flight"
WATCH = f"{PREFIX}watch"
BOARDS = f"{PREFIX}boards"
DATABASE_REFUSES = f"{PREFIX}database_refuses"
RULES_VERSION = f"{PREFIX}rules_version"
SWEPT = f"{PREFIX}swept"
SILENCE = f"{PREFIX}silence"
# Celery's own keys begin with this (CELERY_BROKER_TRANSPORT_OPTIONS); its one queue is called "celery".
CELERY_PREFIX = f"{PREFIX}celery:"
TASKS = f"{CELERY_PREFIX}celery"


def reading(feed_id: str) -> str:
    return f"{PREFIX}reading:{feed_id}"


def outcome(feed_id: str) -> str:
    return f"{PREFIX}outcome:{feed_id}"


def pause(account: str) -> str:
    return f"{PREFIX}pause:{account}"


def stopped(account: str) -> str:
    return f"{PREFIX}stopped:{account}"


def backoff(account: str) -> str:
    return f"{PREFIX}backoff:{account}"


def budget(account: str, bucket: str) -> str:
    return f"{PREFIX}budget:{{{account}:{bucket}}}:log"


def budget_host(account: str, bucket: str, boot: str) -> str:
    return f"{PREFIX}budget:{{{account}:{bucket}}}:host:{boot}"


def budget_notes(account: str, bucket: str, boot: str) -> str:
    return f"{PREFIX}budget:{{{account}:{bucket}}}:notes:{boot}"


def limit(account: str) -> str:
    return f"{PREFIX}limit:{account}"


def slow(account: str) -> str:
    return f"{PREFIX}slow:{account}"


def series(feed_id: str) -> str:
    return f"{PREFIX}series:{feed_id}"


def agents(account: str) -> str:
    return f"{PREFIX}agents:{account}"


def roster(feed_id: str, block: int) -> str:
    return f"{PREFIX}roster:{feed_id}:{block}"


def past_rows(feed_id: str, block: int) -> str:
    return f"{PREFIX}past_rows:{feed_id}:{block}"


def troubles(account: str) -> str:
    return f"{PREFIX}troubles:{account}"


def frame(board: str) -> str:
    return f"{PREFIX}frame:{board}"


def drawn(digest: str) -> str:
    return f"{PREFIX}drawn:{digest}"


def flow(feed_id: str) -> str:
    return f"{PREFIX}flow:{feed_id}"


def alive(part: str) -> str:
    return f"{PREFIX}alive:{part}"


def oauth(account: str) -> str:
    return f"{PREFIX}oauth:{account}"


def oauth_lock(account: str) -> str:
    return f"{PREFIX}oauth_lock:{account}"


def painted(viewer: str) -> str:
    return f"{PREFIX}painted:{viewer}"


def attempts(who: str) -> str:
    return f"{PREFIX}attempts:{who}"


def draft(person_id: int, slot: int) -> str:
    return f"{PREFIX}draft:{person_id}:{slot}"


def drafts(person_id: int) -> str:
    return f"{PREFIX}drafts:{person_id}"


def turn(work: str) -> str:
    return f"{PREFIX}turn:{work}"


def held(feed_id: str) -> str:
    return f"{PREFIX}held:{feed_id}"


def incidents(account: str) -> str:
    return f"{PREFIX}incidents:{account}"
