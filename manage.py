#!/usr/bin/env python
"""TMS's command line: `manage.py help` lists the commands."""

import os
import sys


def main() -> None:
    """Run a management command with TMS's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tms_site.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - the settings module must be named first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
