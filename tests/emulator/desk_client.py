"""A client of the emulated desk: what tests of its writing side ask, and the jobs waited for without waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.emulator.running import RunningEmulator

API = "/api/v2/"


@dataclass(frozen=True, slots=True)
class DeskClient:
    """Asks as one of the account's people. `role` is admin, agent or restricted."""

    emulator: RunningEmulator
    role: str = "admin"

    def ask(self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None, **query: str) -> httpx.Response:
        settings = self.emulator.settings
        whose = {
            "admin": (settings.email, settings.api_token),
            "agent": (settings.agent_email, settings.agent_token),
            "restricted": (settings.restricted_email, settings.restricted_token),
        }
        email, token = whose[self.role]
        sent = {"json": body} if body is not None else {}
        return self.emulator.http.request(method, API + path, auth=(f"{email}/token", token), params=query or None, headers=headers, **sent)  # type: ignore[arg-type]

    def get(self, path: str, **query: str) -> Any:
        answer = self.ask("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def make(self, **members: object) -> Any:
        """A new ticket, as the vendor tells of it."""
        answer = self.ask("POST", "tickets", {"ticket": {"comment": {"body": "Hello"}, **members}})
        assert answer.status_code == 201, answer.text
        return answer.json()["ticket"]

    def change(self, ticket_id: int, **members: object) -> httpx.Response:
        return self.ask("PUT", f"tickets/{ticket_id}", {"ticket": members})

    def ticket(self, ticket_id: int) -> Any:
        return self.get(f"tickets/{ticket_id}")["ticket"]

    def metrics(self, ticket_id: int) -> Any:
        return self.get(f"tickets/{ticket_id}/metrics")["ticket_metric"]

    def done(self, answer: httpx.Response) -> Any:
        """The job that was begun, when it is over."""
        assert answer.status_code == 200, answer.text
        job = answer.json()["job_status"]
        assert (job["status"], job["message"], job["results"], job["progress"]) == ("queued", None, None, None)
        self.emulator.clock.skip(0.1 + 0.05 * ((job["total"] or 100) + 1))
        over = self.get(f"job_statuses/{job['id']}")["job_status"]
        assert over["status"] == "completed", over
        return over

    def pass_world(self, seconds: float) -> None:
        """Let simulated time pass, and nothing else."""
        self.emulator.control("clock", {"skip_world_s": seconds})

    def refusal(self, answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, answer.text
        return answer.json()
