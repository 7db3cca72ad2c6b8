"""What must be done before the processes start: the database migrated, the static files collected, the first board, person and rules made.

In:  the environment, Django set up. Out: `FirstSteps`. Each step does nothing when there is nothing to do, so that a second start is quick.
Must not need Redis or any process of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib import metadata

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.utils import OperationalError

from config.env import Env
from dashboard.accounts.first import FirstSteps, ensure_first
from dashboard.alerts.defaults import ensure_rules
from dashboard.launch.errors import LaunchError

STATIC_DIGEST = ".digest"


def prepare(env: Env) -> FirstSteps:
    """All steps, in order. LaunchError says which one failed."""
    try:
        migrate()
        collect_static()
        first = ensure_first(env)
        ensure_rules(env)
        return first
    except OSError as error:
        raise LaunchError(f"DATA_DIR: {env.data_dir} cannot be written ({error.strerror}).") from error
    finally:
        connections.close_all()


def migrate() -> None:
    """Brings the database to this version's tables. LaunchError when it does not answer or refuses."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        raise LaunchError(f"DATABASE_URL: the database does not answer ({_first_line(error)}).") from error
    except DatabaseError as error:
        raise LaunchError(f"The database could not be brought to this version ({_first_line(error)}).") from error


def collect_static() -> bool:
    """Copies the static files under their hashed names, unless nothing changed since the last time. True when it did."""
    kept = settings.STATIC_ROOT / STATIC_DIGEST
    digest = static_digest()
    if kept.is_file() and kept.read_bytes() == digest.encode("ascii") and _manifest_is_whole():
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    kept.write_text(digest, encoding="ascii")
    return True


def _manifest_is_whole() -> bool:
    """A damaged manifest (power lost while it was written) would end the web server at each start."""
    try:
        found = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and bool(found.get("paths"))


def static_digest() -> str:
    """Changes when a static file, Django or the storage that hashes and compresses them does."""
    digest = hashlib.sha256()
    for distribution in ("django", "servestatic"):
        digest.update(f"{distribution} {metadata.version(distribution)}\n".encode())
    for line in sorted(_static_files()):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def _static_files() -> Iterator[str]:
    """Name, size and time of change: reading 1.5 MB at every start would tell no more."""
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            yield f"{name} {storage.size(name)} {storage.get_modified_time(name).timestamp()}"


def _first_line(error: Exception) -> str:
    """A database's words, which name host and user but no password; Django's own settings are not in them."""
    return str(error).strip().partition("\n")[0] or type(error).__name__
