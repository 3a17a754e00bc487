"""The lock of a job: at most one process in the world runs it."""

from typing import Any

from django.db import DatabaseError, connection

#: Class of the advisory locks of jobs; see ``monographs.core.locks`` for the others.
JOB_LOCKS = 4208


class JobLock:
    """An advisory lock that a connection of its own holds in a transaction.

    It ends with the process or its connection, so a killed process blocks nobody. A transaction that only
    holds a lock keeps no old rows alive, and a pooler in transaction mode leaves it its server's connection.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        #: Whether it was taken from a job that hangs.
        self.given_up = False
        self._connection: Any = None

    def acquire(self) -> bool:
        """Return whether the lock was free, and hold it then. Raises ``DatabaseError``."""
        if self._connection is None:
            self._connection = connection.copy()
            self._connection.inc_thread_sharing()  # the main thread takes it from a job that hangs
        self.given_up = False
        try:
            self._connection.set_autocommit(False)
            with self._connection.cursor() as cursor:
                # Neither limit of a role may end the transaction while the job works
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [JOB_LOCKS, self.name])
                free: bool = cursor.fetchone()[0]
        except DatabaseError:
            self.close()
            raise
        if not free:
            self.release()
        return free

    def release(self) -> None:
        """Give the lock back, and keep the connection for the next time."""
        try:
            if self._connection is not None:
                self._connection.rollback()
        except DatabaseError:
            self.close()

    def give_up(self) -> None:
        """Take the lock from a job that hangs in another thread, so that another process can run it."""
        self.given_up = True
        self.close()

    def close(self) -> None:
        """Give back the lock and the connection, also from another thread."""
        held, self._connection = self._connection, None
        if held is not None and held.connection is not None:
            held.connection.close()
