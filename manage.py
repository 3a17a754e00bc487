#!/usr/bin/env python
"""Django's command line. Uses the local settings unless `DJANGO_SETTINGS_MODULE` is set."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.local")
    from django.core.management import execute_from_command_line

    from cms.faults import COMMAND_FAULTS, SETTINGS_FAULTS, end_with, settings_fault_message

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()  # an error of writing is reported here
    except COMMAND_FAULTS as fault:
        if "--traceback" not in sys.argv:
            end_with(fault)
        raise
    except SETTINGS_FAULTS as fault:
        if "--traceback" in sys.argv:
            raise
        text = settings_fault_message(fault, sys.argv[1:])
        print(text, file=sys.stdout if text.startswith("{") else sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
