#!/usr/bin/env python
"""The administrator's command; a wrong variable ends it with one sentence, not a traceback."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.env import EnvError

    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except EnvError as error:
        sys.exit(f"queuelight: {error}")


if __name__ == "__main__":
    main()
