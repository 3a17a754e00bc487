"""The list of site checks, and running them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError

CheckFunction = Callable[[], Iterable[CheckMessage]]


@dataclass(frozen=True)
class SiteCheck:
    """A check; its title says what is right when it finds nothing."""

    name: str
    title: str
    at_start: bool
    function: CheckFunction

    def run(self) -> list[CheckMessage]:
        """Return what is wrong. What the function raises is wrong, too."""
        try:
            return list(self.function())
        except DatabaseError as error:
            return [Error(f"Not checked: {first_line(error)}", hint=DATABASE_HINT)]
        except Exception as error:  # one check that fails must not hide the others
            return [Error(f"The check itself failed: {error!r}", hint="Report this, with the message.")]


def first_line(error: Exception) -> str:
    """Return the first line of a server's message."""
    return str(error).strip().partition("\n")[0]


CHECKS: list[SiteCheck] = []
DATABASE_HINT = "Compare DATABASE_URL with the server's address, and see whether the server runs."


def site_check(*, at_start: bool = False) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function that yields what is wrong; the first line of its docstring is the title.

    ``at_start``: an error keeps the service from starting. Only for what is wrong for as long as the process
    runs, and what can be found out without another server.
    """

    def register(function: CheckFunction) -> CheckFunction:
        title = (function.__doc__ or "").partition("\n")[0]
        CHECKS.append(SiteCheck(function.__name__, title, at_start, function))
        return function

    return register
