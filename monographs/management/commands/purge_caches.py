import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from monographs.public.shared_cache.purge_outbox import figures, purge_everything, send_waiting


class Command(BaseCommand):
    help = (
        "Tell the caches in CACHE_PURGE_URLS what publications changed, if they were not told yet, and print "
        "how many purges each has accepted in seven days. Exit 1 if some still wait."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="purge all public pages, as after a release")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.CACHE_PURGE_URLS:
            raise CommandError("CACHE_PURGE_URLS names no cache, so there is nothing to purge.")
        if options["all"]:
            purge_everything()
        send_waiting()
        nodes = figures()
        if options["json"]:
            self.stdout.write(json.dumps(nodes, indent=2))
        else:
            for node in nodes:
                self.stdout.write(
                    f"{node['node']}: {node['sent']} sent, the slowest after {node['slowest_seconds']} s; "
                    f"{node['waiting']} waiting ({node['waiting_withdrawals']} of withdrawals), "
                    f"{node['expired']} never accepted. {node['last_error']}".strip()
                )
        if left := sum(node["waiting"] for node in nodes):
            raise CommandError(f"{left} purges wait; they are tried again every two seconds.")
