"""Nothing secret gets into a log, whoever writes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SECRET = "sentinel-8d21b7"
LOGGERS = ["dashboard.tasks", "django", "django.request", "celery", "celery.worker", "celery.app.trace", "kombu", "uvicorn.error", "httpx"]
SPEAK = f"""
import logging
for name in {LOGGERS!r}:
    logging.getLogger(name).error("%s says password=%s", name, {SECRET!r})
    try:
        raise ValueError("Authorization: Bearer {SECRET}")
    except ValueError:
        logging.getLogger(name).exception("failed")
"""
DJANGO = "import django; django.setup()"
CELERY = "import config; config.celery_app.log.setup(loglevel='INFO')"
UVICORN = "import django; django.setup()\nfrom dashboard.launch.web import config; config()"


def said(setup: str, data_dir: Path) -> str:
    """What a process of its own logs after that set-up: logging is one for a whole process, and pytest has this one's."""
    environment = {**os.environ, "DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "config.settings"}
    program = f"{setup}\n{SPEAK}"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=30, check=True)
    return done.stdout + done.stderr


def test_log_of_every_part_masks_secrets_and_says_each_thing_once(tmp_path: Path) -> None:
    for setup in (DJANGO, CELERY, UVICORN):
        text = said(setup, tmp_path)
        assert SECRET not in text
        for name in LOGGERS:
            assert text.count(f"{name} says password=") == 1, json.dumps([setup, name, text])
