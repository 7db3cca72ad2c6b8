"""A PostgreSQL server of the tests' own, in a folder of its own, on a free port of this machine; gone when it is left.

In:  the server's programs, on the path or where Debian has them. Out: an address whose user may create databases. Keeps nothing: it does
not even wait for the disk. Must not touch any other server of the machine.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

WITHIN_S = 30.0
# Debian keeps them off the path, one folder a version.
PLACES = ("/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt")


def programs() -> Path | None:
    """The folder that holds `postgres` and `initdb`, the newest version's; None: PostgreSQL is not installed."""
    on_path = shutil.which("postgres")
    found = [Path(on_path).resolve().parent] if on_path else []
    for place in PLACES:
        with contextlib.suppress(OSError):
            versions = [each / "bin" for each in Path(place).iterdir()]
            found += sorted(versions, key=lambda each: [int(part) for part in each.parent.name.split(".") if part.isdigit()], reverse=True)
    return next((each for each in found if (each / "postgres").exists() and (each / "initdb").exists()), None)


@contextlib.contextmanager
def running(folder_of_programs: Path) -> Iterator[str]:
    """The server's address, `postgres://ql@127.0.0.1:…/postgres`: an empty database, beside which tests make their own.

    RuntimeError, with what the server said last, when it does not answer within 30 s.
    """
    user = _user()
    # Not in pytest's folders, which only their owner may enter: as root, the server is somebody else.
    folder = Path(tempfile.mkdtemp(prefix="queuelight-postgres-", dir="/tmp"))
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        quick = ["--no-sync", "--auth=trust", "--username=ql", "--encoding=UTF8", "--locale=C"]
        subprocess.run(
            [folder_of_programs / "initdb", "-D", data, *quick], check=True, capture_output=True, user=user, cwd="/", timeout=4 * WITHIN_S
        )
        port = _free_port()
        careless = [f"-c{each}=off" for each in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")]
        options = ["-p", str(port), "-clisten_addresses=127.0.0.1", f"-cunix_socket_directories={folder}", *careless]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([folder_of_programs / "postgres", "-D", data, *options], stdout=log, stderr=log, user=user, cwd="/")
        try:
            _wait_for(port, server, folder / "log")
            yield f"postgres://ql@127.0.0.1:{port}/postgres"
        finally:
            # "Fast": whoever is still connected is sent away.
            server.send_signal(2)
            try:
                server.wait(WITHIN_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then it is its own account, or nobody's. None: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg  # here, so that who only asks for the programs needs no driver

    until = time.monotonic() + WITHIN_S
    while server.poll() is None and time.monotonic() < until:
        try:
            psycopg.connect(f"postgresql://ql@127.0.0.1:{port}/postgres", connect_timeout=3).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL does not answer: {log.read_text(errors='replace')[-1000:]}")
