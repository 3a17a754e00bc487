import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from monographs.site_checks.all_checks import results
from monographs.site_checks.site_check import STATUSES, status_of

#: Seconds to connect to the database. A firewall that drops packets would take minutes.
CONNECT_SECONDS = 5


class Command(BaseCommand):
    help = (
        "Check the settings and what surrounds the service, and say how to correct what is wrong. Exit "
        "status: 0 nothing is wrong, 1 an error, 2 warnings only."
    )
    requires_system_checks = []  # they are one of the checks

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        connection.settings_dict["OPTIONS"].setdefault("connect_timeout", CONNECT_SECONDS)
        found: list[dict[str, Any]] = [
            {
                "check": check.name,
                "title": check.title,
                "status": status_of(messages),
                "messages": [
                    {"status": status_of([message]), "message": message.msg, "remedy": message.hint or ""}
                    for message in messages
                ],
            }
            for check, messages in results()
        ]
        worst = max((entry["status"] for entry in found), key=STATUSES.index)
        if options["json"]:
            self.stdout.write(json.dumps({"status": worst, "checks": found}, indent=1))
        else:
            self._print(found)
        sys.exit({"ok": 0, "warning": 2, "error": 1}[worst])

    def _print(self, found: list[dict[str, Any]]) -> None:
        styles = {"ok": self.style.SUCCESS, "warning": self.style.WARNING, "error": self.style.ERROR}
        for entry in found:
            self.stdout.write(styles[entry["status"]](f"{entry['status']:8}{entry['title']}"))
            for message in entry["messages"]:
                self.stdout.write(f"        {message['message']}\n        → {message['remedy']}")
