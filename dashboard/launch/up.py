"""`manage.py up`: the whole program as children of one process, from the first check to the last child's end.

In:  the environment, a console, the stop signals. Out: an exit code: 0 when it was asked to end, 1 when something went wrong.
Order: look (preflight), Redis, emulator, database and files, runtime.json, worker, beat, web, wait until ready, then watch (watch.py).
Must leave no process, no socket and no runtime.json behind, at whatever point it ends.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import redis

from config import runtime
from config.env import Env
from config.version import version
from dashboard.accounts.first import FirstSteps
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.launch import plan, preflight, preparation, ready
from dashboard.launch.children import Plan
from dashboard.launch.console import Console, Ready, given_up, missing_words, obituary, ready_block
from dashboard.launch.errors import LaunchError
from dashboard.launch.fleet import CannotLiveError, ChildDiedError, Fleet, StopAskedError
from dashboard.launch.listening import shown_host
from dashboard.launch.redis_server import RedisServer, RedisServerError
from dashboard.launch.stop_signals import StopSignals
from dashboard.launch.watch import Register, watch
from dashboard.launch.zone import machine_zone
from dashboard.sources.registry import ACCOUNT, KAYAKO
from dashboard.store import keys, snapshots

# Of these one is asked: Kayako's conversations where there is no phone.
QUEUE, CASES = Feed(ACCOUNT, Endpoint.QUEUE), Feed(KAYAKO, Endpoint.CASES)
READY_TIMEOUT_S = 60.0
VENDOR_PATIENCE_S = 12.0  # one request may take 10 s
EMULATOR_TIMEOUT_S = 30.0
ASK_AGAIN_S = 0.25


def run(env: Env, console: Console, signals: StopSignals) -> int:
    """Starts all, watches, stops all. The exit code."""
    try:
        with _own_folder(env):
            return _run(env, console, signals)
    except LaunchError as error:
        console.say(f"queuelight: {error}")
        return 1


@contextlib.contextmanager
def _own_folder(env: Env) -> Iterator[None]:
    preflight.check_data_dir(env.data_dir)
    folder = contextlib.ExitStack()
    try:
        folder.enter_context(runtime.held(env.data_dir))
    except runtime.AlreadyRunning:
        raise LaunchError(f"DATA_DIR: another `manage.py up` runs in {env.data_dir}; stop it, or set DATA_DIR and PORT.") from None
    except OSError as error:
        raise LaunchError(f"DATA_DIR: {env.data_dir} cannot be locked ({error.strerror}).") from error
    with folder:
        yield


def _run(env: Env, console: Console, signals: StopSignals) -> int:
    fleet = Fleet(env.data_dir / "logs", signals, console.heard)
    try:
        console.say(f"Starting Queuelight {version()} …")
        facts, register = _start(env, fleet, console)
        console.say(ready_block(facts))
        watch(fleet, register, console)
    except StopAskedError:
        console.say("Stopping …")
        return 0
    except ChildDiedError as death:
        console.quiet = True
        console.say(obituary(death.child))
        return 1
    except CannotLiveError as error:
        console.quiet = True
        console.say(given_up(error, fleet.log_of(error.name)))
        return 1
    except (LaunchError, RedisServerError) as error:
        console.say(f"queuelight: {error}")
        return 1
    except redis.RedisError as error:
        console.say(f"queuelight: Redis does not answer any more ({type(error).__name__}).")
        return 1
    finally:
        console.quiet = True
        killed = fleet.stop_all()
        with contextlib.suppress(OSError):  # a disk that became read-only: the lock is gone with us, so nobody believes the file
            runtime.remove(env.data_dir)
        if killed and not signals.hurried:
            console.say(f"queuelight: {missing_words(killed)} did not end on request and had to be killed.")


def _start(env: Env, fleet: Fleet, console: Console) -> tuple[Ready, Register]:
    """Everything up to the facts of the READY block. Until then a part that ends ends all: most often a setting is wrong."""
    started_at = datetime.now(UTC)
    port = preflight.check(env)
    zone = env.time_zone if env.time_zone_given else machine_zone()
    environment = plan.child_environment(env, port)
    values: dict[str, object] = {"pid": os.getpid(), "port": port, "time_zone": zone, "started_at": started_at.timestamp()}
    if env.redis_embedded:
        values["redis_url"] = _start_redis(env, fleet, environment)
    token = secrets.token_urlsafe(24)
    emulator = fleet.start(plan.emulator(environment, zone, token)) if env.zendesk is None and env.kayako is None else None
    source = " and ".join(site.url for site in (env.zendesk, env.kayako) if site is not None)
    # While the emulator simulates the day so far, the database and the files are made ready.
    first = preparation.prepare(dataclasses.replace(env, time_zone=zone))
    if emulator is not None:
        line = emulator.wait_for_line(plan.EMULATOR_READY, EMULATOR_TIMEOUT_S, lambda: _interrupted(fleet))
        if line is None:
            fleet.check()
            raise LaunchError(f"The emulator did not start within {EMULATOR_TIMEOUT_S:.0f} s; see {emulator.log}.")
        url = line.removeprefix(plan.EMULATOR_READY).strip()
        source = f"emulator at {url} (no ZENDESK_URL set)"
        # On the port that the others know; its day so far is simulated anew.
        fleet.start_again_by(plan.emulator(environment, zone, token, urlsplit(url).port or 0))
        values["emulator"] = {"url": url, "email": plan.EMULATOR_EMAIL, "token": token}
    register = Register(env.data_dir, values, console)
    register.write(fleet.pids)
    for make in (plan.web, plan.worker, plan.beat):
        fleet.start(make(environment))
    register.write(fleet.pids)
    redis_url = str(values.get("redis_url") or env.redis_url)
    first_feed = QUEUE if env.has_phone else CASES
    _wait_until_ready(env, port, fleet, lambda: first_poll_is_over(redis_url, started_at, first_feed))
    problem = vendor_problem(redis_url, first_feed)
    return _facts(env, port, first, source, (problem,) if problem else ()), register


def _interrupted(fleet: Fleet) -> bool:
    try:
        fleet.check()
    except (StopAskedError, ChildDiedError):
        return True
    return False


def _start_redis(env: Env, fleet: Fleet, environment: dict[str, str]) -> str:
    """The embedded server's URL. RedisServerError when it does not come up. SIGTERM when we vanish: it saves what it holds."""
    spawn = fleet.spawner("redis", lambda argv: Plan("redis", tuple(argv), environment, signal.SIGTERM))
    url = RedisServer(plan.redis_data_dir(env), spawn=spawn).start()
    with preflight.redis_once(url) as client:  # those of the run before, kept with everything else
        client.delete(keys.alive("beat"), keys.alive("worker"))
    return url


def _wait_until_ready(env: Env, port: int, fleet: Fleet, polled: Callable[[], bool]) -> None:
    """Asks until everything of ours is ready and the vendor was asked once. LaunchError names what is missing when the time is up."""
    host = shown_host(env.host).strip("[]")
    deadline = time.monotonic() + READY_TIMEOUT_S
    patience = None
    while True:
        fleet.check()
        answer = ready.ask(host, port)
        if answer.ok and polled():
            return
        if answer.ok or answer.only_the_vendor:
            patience = patience or time.monotonic() + VENDOR_PATIENCE_S
            if time.monotonic() > patience:
                return  # a slow vendor does not end the start: the board says it, and heals by itself when the vendor is back
        if time.monotonic() > deadline:
            words = missing_words(answer.missing or (ready.POLL,))
            raise LaunchError(f"Not ready after {READY_TIMEOUT_S:.0f} s: {words}; see {env.data_dir / 'logs'}.")
        time.sleep(ASK_AGAIN_S)


def first_poll_is_over(redis_url: str, started_at: datetime, feed: Feed = QUEUE) -> bool:
    """Whether the feed was asked since `started_at`, whatever came of it, or will not be asked (the account is stopped)."""
    with preflight.redis_once(redis_url) as client:
        outcome = snapshots.load_outcomes(client, [feed]).get(feed)
        return (outcome is not None and outcome.at >= started_at) or snapshots.stopped(client, feed.account) is not None


def vendor_problem(redis_url: str, feed: Feed = QUEUE) -> str:
    """A sentence when the vendor does not give the feed as it should, else "". The same that the board says."""
    with preflight.redis_once(redis_url) as client:
        stop = snapshots.stopped(client, feed.account)
        outcome = snapshots.load_outcomes(client, [feed]).get(feed)
    message = stop.message if stop else outcome.error_message if outcome else "The vendor has not answered yet."
    return f"{message} `manage.py doctor` says more." if message else ""


def _facts(env: Env, port: int, first: FirstSteps, source: str, warnings: tuple[str, ...]) -> Ready:
    base = f"http://{_name_for_browsers(env)}:{port}"
    return Ready(
        version=version(),
        wall_url=f"{base}/wall/{first.board_slug}/?key={quote(first.screen_key, safe='')}",
        supervisor_url=f"{base}/",
        email=first.admin_email,
        password=first.admin_password,
        source=source,
        warnings=(*_address_warnings(env), *warnings),
    )


def _name_for_browsers(env: Env) -> str:
    """Where all addresses are served, the first name of ALLOWED_HOSTS that another machine can use; else the address itself."""
    if env.host in {"0.0.0.0", "::"}:
        return next((name for name in env.allowed_hosts if name not in _LOCAL and not name.startswith(("*", "."))), "127.0.0.1")
    return shown_host(env.host)


_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


def _address_warnings(env: Env) -> tuple[str, ...]:
    if env.host in {"0.0.0.0", "::"} and not set(env.allowed_hosts) - _LOCAL:
        return ("other machines are refused until ALLOWED_HOSTS names the host name or address under which they ask",)
    return ()
