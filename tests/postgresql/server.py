"""A PostgreSQL server of the tests' own, in a folder of its own, on a free port of this machine; gone when it is left.

In:  the server's programs, on the path or where Debian has them. Out: a server, at whose address there is a user that may create databases.
Keeps nothing: it does not even wait for the disk. Must not touch any other server of the machine.
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
from dataclasses import dataclass
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


@dataclass
class Server:
    """One server, which may be stopped and started again over the same data."""

    programs: Path
    folder: Path
    port: int
    user: str | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://ql@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """RuntimeError, with what the server said last, when it does not answer within 30 s."""
        careless = [f"-c{each}=off" for each in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")]
        options = ["-p", str(self.port), "-clisten_addresses=127.0.0.1", f"-cunix_socket_directories={self.folder}", *careless]
        command = [self.programs / "postgres", "-D", self.folder / "data", *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, user=self.user, cwd="/")
        _wait_for(self.port, self.process, self.folder / "log")

    def stop(self) -> None:
        """Whoever is still connected is sent away."""
        if self.process is None:
            return
        self.process.send_signal(2)
        try:
            self.process.wait(WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextlib.contextmanager
def running(folder_of_programs: Path) -> Iterator[Server]:
    """A server with an empty database, beside which tests make their own. RuntimeError as of `Server.start`."""
    user = _user()
    # Not in pytest's folders, which only their owner may enter: as root, the server is somebody else.
    folder = Path(tempfile.mkdtemp(prefix="queuelight-postgres-", dir="/tmp"))
    try:
        if user:
            shutil.chown(folder, user)
        quick = ["--no-sync", "--auth=trust", "--username=ql", "--encoding=UTF8", "--locale=C"]
        command = [folder_of_programs / "initdb", "-D", folder / "data", *quick]
        subprocess.run(command, check=True, capture_output=True, user=user, cwd="/", timeout=4 * WITHIN_S)
        server = Server(folder_of_programs, folder, _free_port(), user)
        try:
            server.start()
            yield server
        finally:
            server.stop()
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
