"""What is said where the settings cannot be read: the message alone, without the code that found it."""

import json

from django.core.exceptions import ImproperlyConfigured
from environs import EnvError

#: Raised while settings are read.
FAULTS = (ImproperlyConfigured, EnvError)


def told(fault: Exception, arguments: list[str]) -> str:
    """Return the message; for ``doctor --json``, as the object that it prints."""
    remedy = "docs/operators.md, Settings, says what each takes."
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
