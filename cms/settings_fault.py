"""The message when settings cannot be read, without a traceback."""

import json

from django.core.exceptions import ImproperlyConfigured
from environs import EnvError

#: Raised while settings are read.
FAULTS = (ImproperlyConfigured, EnvError)


def fault_message(fault: Exception, arguments: list[str]) -> str:
    """Return the message for people; for ``doctor --json``, as a JSON object like its output."""
    remedy = "docs/operators/settings.md says what each takes."
    if arguments[:1] != ["doctor"] or "--json" not in arguments:
        return f"{fault}\n→ {remedy}"
    message = {"status": "error", "message": str(fault), "remedy": remedy}
    check = {
        "check": "settings",
        "title": "The settings can be read.",
        "status": "error",
        "messages": [message],
    }
    return json.dumps({"status": "error", "checks": [check]}, indent=1)
