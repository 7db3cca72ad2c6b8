"""Who is gone is known within the ten seconds that a wall has to say so, and never by comparing two machines' clocks."""

from __future__ import annotations

from dashboard.live.signs import SignsOfLife

UNIX = 1_795_000_000.0


def look(signs: SignsOfLife, second: float, *, beat: float | None, worker: float | None) -> str | None:
    values = {"beat": None if beat is None else UNIX + beat, "worker": None if worker is None else UNIX + worker}
    signs.seen(values, steady_s=1000 + second, unix_s=UNIX + second)
    return signs.cause(steady_s=1000 + second)


def test_cause_with_fresh_signs_is_none() -> None:
    signs = SignsOfLife()
    assert [look(signs, second, beat=second, worker=second) for second in (0, 2, 4)] == [None, None, None]


def test_cause_with_no_sign_ever_is_beat() -> None:
    assert look(SignsOfLife(), 0, beat=None, worker=None) == "beat"


def test_cause_with_a_silent_worker_is_worker_within_ten_seconds() -> None:
    signs = SignsOfLife()
    seen = [look(signs, second, beat=second, worker=min(second, 1)) for second in (0, 2, 4, 6, 8, 10)]
    assert seen == [None, None, None, None, None, "worker"]


def test_cause_with_a_silent_beat_is_beat_though_the_worker_is_silent_too() -> None:
    signs = SignsOfLife()
    assert [look(signs, second, beat=0, worker=0) for second in (0, 2, 4, 6, 8)] == [None, None, None, None, "beat"]


def test_cause_heals_with_the_first_new_sign() -> None:
    signs = SignsOfLife()
    look(signs, 0, beat=0, worker=0)
    assert look(signs, 10, beat=0, worker=0) == "beat"
    assert look(signs, 12, beat=12, worker=12) is None


def test_cause_at_the_first_look_judges_the_written_time() -> None:
    assert look(SignsOfLife(), 0, beat=-60, worker=-60) == "beat"
    assert look(SignsOfLife(), 0, beat=-1, worker=-60) == "worker"


def test_cause_with_another_machines_clock_an_hour_off_is_none_once_the_signs_move() -> None:
    for offset in (-3600, 3600):
        signs = SignsOfLife()
        look(signs, 0, beat=offset, worker=offset)
        assert look(signs, 2, beat=offset + 2, worker=offset + 2) is None


def test_cause_when_redis_does_not_answer_is_redis_until_it_does() -> None:
    signs = SignsOfLife()
    look(signs, 0, beat=0, worker=0)
    signs.redis_failed()
    assert signs.cause(steady_s=1001) == "redis"
    assert look(signs, 3, beat=3, worker=3) is None


def test_cause_after_redis_came_back_empty_leaves_beat_a_moment_to_sign() -> None:
    signs = SignsOfLife()
    look(signs, 0, beat=0, worker=0)
    signs.redis_failed()
    assert look(signs, 3, beat=None, worker=None) is None
    assert look(signs, 9, beat=None, worker=None) == "beat"
