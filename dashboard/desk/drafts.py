"""What was sent with a form, kept for some hours, so that the page that answers it can be asked for by a GET: the question before a change,
an outcome that was none, a form that was refused.

In:  a `Draft`, whose it is. Out: a token for an address, and the draft read back by the same person. Redis holds it; while Redis is away
nothing is kept, and the page comes as the answer to the post itself, so that nothing is lost. Nothing is agreed to by a draft: the plan in
it is sealed (sealed.py), and asks for its own button.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import cast

import redis as redis_py

from dashboard.desk.patience import asked
from dashboard.models import User
from dashboard.store import keys

# A question is good for an hour; after it, its page still says what was written.
KEPT_S = 4 * 3600
# Of one person; the oldest goes first.
MOST = 30
# A sealed merge with two long comments of rare letters takes 700,000; Django takes 2.5 MB of a form.
LONGEST = 3_000_000
_TOKEN = re.compile(r"([0-9]{2})[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Draft:
    """`status`: what the page answers with. `why`: one sentence why it was refused; empty: it was not, or its fields say it themselves.
    `sealed`: the plan that is asked about. `fields`: the form as it was sent (URL-encoded), where there is no plan. `form`: which one."""

    status: int
    why: str = ""
    sealed: str = field(default="", repr=False)
    fields: str = field(default="", repr=False)
    form: str = ""


class AwayError(Exception):
    """Redis does not answer."""


def keep(draft: Draft, user: User) -> str:
    """The token for it; empty: it cannot be kept."""
    secret = secrets.token_hex(16)
    text = json.dumps([draft.status, draft.why, draft.sealed, draft.fields, draft.form])
    if len(text) > LONGEST:
        return ""

    def write(redis: redis_py.Redis) -> str:
        slot = int(redis.incr(keys.drafts(user.pk))) % MOST
        redis.expire(keys.drafts(user.pk), KEPT_S)
        redis.set(keys.draft(user.pk, slot), f"{secret}{text}", ex=KEPT_S)
        return f"{slot:02}{secret}"

    return asked(write, "what was sent cannot be kept") or ""


def kept(token: str, user: User) -> Draft | None:
    """This person's draft; None: there is none (any more). AwayError."""
    form = _TOKEN.fullmatch(token)
    if form is None:
        return None
    key = keys.draft(user.pk, int(form[1]))
    found = asked(lambda redis: cast("bytes | None", redis.get(key)) or b"", "what was sent cannot be read")
    if found is None:
        raise AwayError
    secret, text = found[:32].decode(), found[32:]
    if not secrets.compare_digest(secret, token[2:]):
        return None
    return Draft(*json.loads(text))
