#!/usr/bin/env python
"""The administrator's command; a wrong variable ends it with one sentence, not a traceback."""

from __future__ import annotations

import os
import sys


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever runs it with another Python is told so)
        sys.exit("queuelight: Python 3.11 or newer is needed; run .venv/bin/python manage.py, which `make run` makes.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from config.env import EnvError
    except ModuleNotFoundError as error:
        sys.exit(f"queuelight: the Python module {error.name} is missing; run .venv/bin/python manage.py, which `make run` makes.")

    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except EnvError as error:
        sys.exit(f"queuelight: {error}")
    except KeyboardInterrupt:  # before a command has taken over the signals
        sys.exit(130)


if __name__ == "__main__":
    main()
