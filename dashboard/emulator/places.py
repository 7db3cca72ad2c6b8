"""A place at the vendor's: one path and method, and what answers there.

In:  nothing. Out: `Place`, and `Asked`, what its answer is made from.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dashboard.emulator.account import Account
from dashboard.emulator.answers import Answer, Refused, record_not_found
from dashboard.emulator.callers import Caller
from dashboard.emulator.helpdesk.desk import HelpDesk
from dashboard.emulator.helpdesk.tickets import Ticket
from dashboard.emulator.talk import Request

API = "/api/v2/"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that is admitted: by whom, and the ids in its path, in order."""

    account: Account
    request: Request
    caller: Caller
    args: tuple[int | str, ...] = ()

    @property
    def desk(self) -> HelpDesk:
        return self.account.floor.desk

    @property
    def id(self) -> int:
        """The first id in the path. `Refused` with 404 for one that is beyond all numbers."""
        found = self.args[0]
        if not isinstance(found, int) or found >= 2**63:
            raise Refused(record_not_found())
        return found

    @property
    def ticket(self) -> Ticket:
        """The ticket of the path, not to be changed. `Refused` with 404 where there is none, or it is in the trash."""
        found = self.desk.book.look(self.id)
        if found is None:
            raise Refused(record_not_found())
        return found

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of one given twice the last."""
        return dict(self.request.query)

    @property
    def url(self) -> str:
        """The absolute address of this place, as the vendor writes it in links."""
        return f"{self.request.origin}{self.request.path.rstrip('/').removesuffix('.json')}.json"

    def url_of(self, path: str) -> str:
        """The absolute address of another place, such as `tickets/1`."""
        return f"{self.request.origin}{API}{path}.json"


@dataclass(frozen=True, slots=True)
class Place:
    """One path and method. `pattern` matches the path without a slash at the end or `.json`; its groups are ids."""

    name: str
    method: str
    pattern: re.Pattern[str]
    act: Callable[[Asked], Answer]


def place(name: str, path: str, act: Callable[[Asked], Answer], method: str = "GET") -> Place:
    """A place under `/api/v2/`; `{id}` in the path takes a whole number, `{job}` the name of a job."""
    pattern = re.escape(API + path).replace(r"\{id\}", "([0-9]{1,25})").replace(r"\{job\}", "([A-Za-z0-9_-]{1,100})")
    return Place(name, method, re.compile(pattern, re.ASCII), act)
