from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from monographs.core.db_suitability import creation_fault, encoding_fault
from monographs.core.migration_history import pending_migrations, unfinished_release
from monographs.core.migration_lock import migration_lock


class Command(migrate.Command):
    help = "Update the tables and the application's privileges; one process at a time, others wait."

    def handle(self, *args: Any, **options: Any) -> None:
        using = options["database"]
        if options["plan"] or options["check_unapplied"]:
            self._migrate(using, *args, **options)
            return
        with migration_lock(using, self.stderr.write):
            if pending_migrations(using) and (fault := encoding_fault(using) or creation_fault(using)):
                raise CommandError(fault)
            self._migrate(using, *args, **options)

    def _migrate(self, using: str, *args: Any, **options: Any) -> None:
        if reason := unfinished_release(using):
            raise CommandError(reason)
        super().handle(*args, **options)
