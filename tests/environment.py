"""The tests' surroundings, before Django reads them: a folder of its own and a real Redis server, none of the user's variables.

QUEUELIGHT_TEST_DATABASE_URL (postgres://user@host:port/name, of a user who may create databases) lets the tests run there instead of on
SQLite: in `test_<name>`, which is made for the run and dropped after it.

Loaded as a pytest plugin (`-p tests.environment`), which is earlier than any conftest.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

OURS = (
    "REDIS_URL",
    "DATABASE_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "ADMIN_EMAIL",
    "ADMIN_PASSWORD",
    "EMAIL_URL",
    "EMAIL_FROM",
    "SITE_URL",
    "PORT",
    "HOST",
    "DEBUG",
    "TIME_ZONE",
    "BUDGET_SHARE",
)
for name in [*os.environ]:
    if name.startswith(("ZENDESK_", "KAYAKO_")) or name in OURS or name.removesuffix("_FILE") in OURS or name.endswith("_INTERVAL_S"):
        del os.environ[name]

# Some machines forbid Python to keep what it compiles. A run is dozens of processes (pytest-xdist's, and those that tests start), and each
# would compile Django, Celery and Apprise anew: 2.3 s of CPU a start instead of 0.9.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

folder = Path(tempfile.mkdtemp(prefix="queuelight-tests-"))
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["DATA_DIR"] = str(folder)
os.environ["QUEUELIGHT_NO_DOTENV"] = "1"
if os.environ.get("QUEUELIGHT_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["QUEUELIGHT_TEST_DATABASE_URL"]
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

from dashboard.launch.redis_server import RedisServer  # noqa: E402 (after the environment is clean)

server = RedisServer()
os.environ["REDIS_URL"] = server.start()
atexit.register(server.stop)
