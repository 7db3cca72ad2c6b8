"""The vendor's background jobs: queued, working item by item, completed; kept for a day.

In:  steps, each of which does one item and tells its result; the steady clock, which jobs run by whatever the simulated time does.
Out: what a client is told of a job. Must not know what the steps do.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

QUEUED_S = 0.1
STEP_S = 0.05
KEPT_S = 86_400.0
Row = dict[str, object]
Step = Callable[[], Row]


@dataclass(slots=True, eq=False)
class Job:
    """One job. `doing` names what a step does, such as `Updating ticket`; `serial` counts the jobs.

    `is_mute`: of permanent deletes the vendor tells no numbers. `ended_as` is completed, or failed or killed where somebody made it end.
    """

    id: str
    job_type: str
    doing: str
    steps: Sequence[Step]
    began_s: float
    serial: int = 0
    is_mute: bool = False
    results: list[Row] = field(default_factory=list)
    ended_s: float | None = None
    ended_as: str = "completed"

    @property
    def is_over(self) -> bool:
        return self.ended_s is not None

    def row(self, url: str, now_s: float) -> Row:
        """As the vendor tells of it; `now_s` on the steady clock."""
        working = now_s >= self.began_s + QUEUED_S
        status = self.ended_as if self.ended_s is not None else "working" if working else "queued"
        message, results = None, None
        if self.ended_s is not None:
            message = f"{self.ended_as.capitalize()} at {datetime.fromtimestamp(self.ended_s, UTC):%Y-%m-%d %H:%M:%S} +0000"
            results = self._outcome() if self.ended_as == "completed" else None
        elif working:
            message = f"{self.doing} #{len(self.results)}"
        return {
            "id": self.id,
            "job_type": self.job_type,
            "url": url,
            "total": None if self.is_mute else len(self.steps),
            "progress": None if self.is_mute or status == "queued" else len(self.results),
            "status": status,
            "message": message,
            "results": results,
        }

    def _outcome(self) -> object:
        if not self.is_mute:
            return self.results
        failed = [row for row in self.results if row.get("error")]
        return {"success": True} if not failed else {"success": False, "errors": "; ".join(str(row["details"]) for row in failed)}


class Jobs:
    """All jobs of the account of the last day."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._count = 0

    def begin(self, job_type: str, doing: str, steps: Sequence[Step], now_s: float, *, is_mute: bool = False) -> Job:
        """A job that is queued now (steady clock)."""
        self._count += 1
        job = Job(f"V3-{secrets.token_hex(16)}", job_type, doing, steps, now_s, self._count, is_mute)
        self._jobs[job.id] = job
        return job

    def run(self, now_s: float, wall_s: float) -> None:
        """Do what is due by `now_s` (steady clock), and forget what is old. A job that ends was completed at `wall_s` (Unix seconds)."""
        for job in [job for job in self._jobs.values() if not job.is_over]:
            due = int((now_s - job.began_s - QUEUED_S) / STEP_S)
            for step in job.steps[len(job.results) : max(0, due)]:
                job.results.append(step())
            if len(job.results) == len(job.steps) and due > 0:
                job.ended_s = wall_s
        for job in [job for job in self._jobs.values() if job.began_s < now_s - KEPT_S]:
            del self._jobs[job.id]

    def end(self, ended_as: str, wall_s: float) -> None:
        """Those that are not over end now, failed or killed; what they have done stays done."""
        for job in self._jobs.values():
            if not job.is_over:
                job.ended_as, job.ended_s = ended_as, wall_s

    def find(self, job_id: str) -> Job | None:
        """The job; None when there is none, or it has been forgotten."""
        return self._jobs.get(job_id)

    def all(self) -> list[Job]:
        """All that are kept, by their serial."""
        return [*self._jobs.values()]

    def clear(self) -> None:
        """Forget all; those that are not over stay undone."""
        self._jobs.clear()
